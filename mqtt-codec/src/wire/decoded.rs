//! The outcome of decoding from an input that may end early.

use core::num::NonZeroUsize;

/// What there is at the start of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoded<P> {
    /// A whole packet; what follows its `consumed` bytes is the next one.
    Complete {
        /// The packet.
        packet: P,
        /// How many bytes it has, fixed header included.
        consumed: usize,
    },
    /// Nothing wrong so far, but the packet goes on behind the end of the input.
    Incomplete {
        /// How many more bytes it needs at least.
        needed: NonZeroUsize,
    },
}

impl<P> Decoded<P> {
    /// The packet and how many bytes it has; `None` if it is incomplete.
    ///
    /// This moves the packet, which takes about as long as decoding a short one. Where that counts, look at the packet where
    /// it is: `match &decode(input, version)`, or `&mut` to change it.
    ///
    /// ```
    /// use mqtt_codec::{ProtocolVersion, decode};
    ///
    /// let input = [0xC0, 0x00, 0xE0];
    /// let (packet, consumed) = decode(&input, ProtocolVersion::V5)?.complete().unwrap();
    /// assert_eq!((packet.to_string().as_str(), consumed), ("PINGREQ", 2));
    /// assert!(decode(&input[consumed..], ProtocolVersion::V5)?.complete().is_none());
    /// # Ok::<(), mqtt_codec::DecodeError>(())
    /// ```
    #[inline]
    pub fn complete(self) -> Option<(P, usize)> {
        match self {
            Self::Complete { packet, consumed } => Some((packet, consumed)),
            Self::Incomplete { .. } => None,
        }
    }

    /// The outcome if fewer bytes are available than the whole packet has.
    #[inline]
    pub(crate) fn missing(available: usize, whole: usize) -> Self {
        let missing = whole.saturating_sub(available);
        Self::Incomplete { needed: NonZeroUsize::new(missing).unwrap_or(NonZeroUsize::MIN) }
    }

    /// The same with another form of the packet.
    #[inline]
    pub fn map<Q>(self, map: impl FnOnce(P) -> Q) -> Decoded<Q> {
        match self {
            Self::Complete { packet, consumed } => Decoded::Complete { packet: map(packet), consumed },
            Self::Incomplete { needed } => Decoded::Incomplete { needed },
        }
    }
}
