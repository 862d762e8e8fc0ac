//! Streams that are cut at certain places.

use crate::twins::cut_at;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::Index;

#[derive(Clone, Debug)]
pub(crate) enum Split {
    Every(usize),
    At(Vec<Index>),
}

pub(crate) fn split() -> impl Strategy<Value = Split> {
    prop_oneof![
        Just(Split::Every(1)),
        (2..40_usize).prop_map(Split::Every),
        vec(any::<Index>(), 0..12).prop_map(Split::At),
    ]
}

impl Split {
    pub(crate) fn of<'s>(&self, stream: &'s [u8]) -> Vec<&'s [u8]> {
        match self {
            Self::Every(len) => stream.chunks(*len).collect(),
            Self::At(cuts) => {
                let cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
                cut_at(stream, &cuts)
            }
        }
    }
}
