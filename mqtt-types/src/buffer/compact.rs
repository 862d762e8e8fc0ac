//! Copies of packets whose buffer contains only their own bytes.

use alloc::vec::Vec;
use bytes::Bytes;

/// Implements `to_compact` by the function `map_buffer` of the same type.
macro_rules! to_compact {
    ($type:ty) => {
        /// Copies all parts into one new buffer.
        ///
        /// A shared value keeps alive the whole buffer that it was received in, which may be many times larger. The
        /// copy keeps only its own bytes. It takes one allocation, and above 256 bytes a second one of a few words.
        #[cfg(feature = "bytes")]
        #[must_use]
        pub fn to_compact(&self) -> $type {
            let mut len = 0_usize;
            let _ = self.map_buffer(&mut |part| {
                len = len.saturating_add(part.as_ref().len());
                <&[u8]>::default()
            });
            let mut compact = crate::buffer::Compact::new(len);
            let _ = self.map_buffer(&mut |part| {
                compact.put(part.as_ref());
                <&[u8]>::default()
            });
            let mut rest = compact.finish();
            self.map_buffer(&mut |part| crate::buffer::split_part(&mut rest, part.as_ref().len()))
        }
    };
}
pub(crate) use to_compact;

/// The longest content that shares an allocation with its reference count.
const LONGEST_INLINE: usize = 256;

/// Collects the bytes of the parts.
#[expect(clippy::large_enum_variant, reason = "it lives on the stack, for the time of a copy")]
pub(crate) enum Compact {
    Inline { bytes: [u8; LONGEST_INLINE], len: usize },
    Heap(Vec<u8>),
}

impl Compact {
    pub(crate) fn new(len: usize) -> Self {
        if len <= LONGEST_INLINE {
            Self::Inline { bytes: [0; LONGEST_INLINE], len: 0 }
        } else {
            Self::Heap(Vec::with_capacity(len))
        }
    }

    pub(crate) fn put(&mut self, part: &[u8]) {
        match self {
            Self::Inline { bytes, len } => {
                let end = len.saturating_add(part.len());
                if let Some(to) = bytes.get_mut(*len..end) {
                    to.copy_from_slice(part);
                    *len = end;
                }
            }
            Self::Heap(bytes) => bytes.extend_from_slice(part),
        }
    }

    pub(crate) fn finish(self) -> Bytes {
        match self {
            Self::Inline { bytes, len } => match len {
                0 => Bytes::new(),
                1..=32 => inline::<32>(&bytes, len),
                33..=64 => inline::<64>(&bytes, len),
                65..=128 => inline::<128>(&bytes, len),
                _ => inline::<LONGEST_INLINE>(&bytes, len),
            },
            Self::Heap(bytes) => bytes.into(),
        }
    }
}

/// Returns a buffer whose bytes and reference count share one allocation.
fn inline<const CAPACITY: usize>(bytes: &[u8; LONGEST_INLINE], len: usize) -> Bytes {
    struct Owner<const CAPACITY: usize> {
        bytes: [u8; CAPACITY],
        len: usize,
    }

    impl<const CAPACITY: usize> AsRef<[u8]> for Owner<CAPACITY> {
        fn as_ref(&self) -> &[u8] {
            self.bytes.get(..self.len).unwrap_or_default()
        }
    }

    match bytes.first_chunk() {
        Some(bytes) => Bytes::from_owner(Owner::<CAPACITY> { bytes: *bytes, len }),
        None => Bytes::copy_from_slice(bytes.get(..len).unwrap_or_default()), // no capacity is above the longest
    }
}

/// Splits the next part off. The last part takes over the reference of the rest.
pub(crate) fn split_part(rest: &mut Bytes, len: usize) -> Bytes {
    if len == rest.len() {
        core::mem::take(rest)
    } else if len == 0 {
        Bytes::new() // an empty slice needs no reference count
    } else {
        rest.split_to(len.min(rest.len()))
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        BinaryData, Connect, ConnectProperties, Packet, Publish, PublishProperties, TopicName, Utf8String, Will,
    };
    use bytes::Bytes;

    #[test]
    fn a_compact_packet_equals_the_packet_at_each_size() {
        for len in (0..300).chain([65_535, 100_000]) {
            let payload = vec![b'p'; len];
            let properties = PublishProperties::new(&[0x26, 0, 1, b'k', 0, 1, b'v']).unwrap();
            let publish = Publish::with_properties(TopicName::from_static("a/b"), properties, &payload[..]);
            let compact = publish.to_compact();
            assert_eq!(compact, publish);
            assert_eq!(Packet::from(publish).to_compact(), Packet::from(compact.clone()));
            // All parts lie in one buffer, in their order.
            let topic = compact.topic().as_ptr().addr();
            let properties = compact.properties().as_bytes().as_ptr().addr();
            let parts = [Some(properties), (len > 0).then(|| compact.payload.as_ptr().addr())];
            let ends = [compact.topic().len(), compact.properties().as_bytes().len()];
            let mut starts: Vec<usize> = vec![topic];
            starts.extend(parts.into_iter().flatten());
            starts.sort_unstable();
            assert!(starts.last().unwrap() - starts[0] <= len + ends[0] + ends[1]);
        }
    }

    #[test]
    fn every_part_is_copied() {
        let frame = Bytes::from(vec![b'x'; 100]);
        let text = |range| Utf8String::new(frame.slice(range)).unwrap();
        let connect = Connect {
            properties: ConnectProperties::new(&[0x21, 0, 9]).unwrap().to_shared(),
            will: Some(Will::new(
                TopicName::new(frame.slice(..2)).unwrap(),
                BinaryData::new(frame.slice(..3)).unwrap(),
            )),
            user_name: Some(text(0..4)),
            password: Some(BinaryData::new(frame.slice(..5)).unwrap()),
            ..Connect::new(text(0..6))
        };
        let compact = connect.to_compact();
        assert_eq!(compact, connect);
        drop((connect, text));
        assert!(frame.is_unique());
        assert_eq!(compact.client_identifier, "xxxxxx");
    }
}
