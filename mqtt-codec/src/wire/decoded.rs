//! Result of decoding an input that may be incomplete.

use core::num::NonZeroUsize;

/// Result of decoding: a packet, or the number of bytes that are missing.
///
/// ```
/// use mqtt_codec::{Decoded, ProtocolVersion, decode};
///
/// let input = [0xC0, 0x00, 0xE0]; // a PINGREQ and the first byte of a DISCONNECT
/// let Decoded::Complete { packet, consumed } = decode(&input, ProtocolVersion::V5)? else { panic!() };
/// assert_eq!((packet.to_string().as_str(), consumed), ("PINGREQ", 2));
///
/// match decode(&input[consumed..], ProtocolVersion::V5)? {
///     Decoded::Complete { packet, .. } => panic!("{packet}"),
///     Decoded::Incomplete { needed } => assert_eq!(needed.get(), 1),
/// }
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoded<P> {
    /// The input starts with a complete packet.
    Complete {
        /// The packet.
        packet: P,
        /// The length of the packet in bytes, fixed header included. The next packet starts there.
        consumed: usize,
    },
    /// The input ends before the packet does, and breaks no rule so far.
    Incomplete {
        /// The minimum number of missing bytes.
        needed: NonZeroUsize,
    },
}

impl<P> Decoded<P> {
    /// Returns the packet and its length in bytes, or `None` if it is incomplete.
    ///
    /// This moves the packet, which takes about as long as decoding a short one. Where that matters, match on a reference
    /// instead: `match &decode(input, version)`.
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

    /// Returns `Incomplete` with the number of bytes between those available and the length of the packet.
    #[inline]
    pub(crate) fn missing(available: usize, whole: usize) -> Self {
        let missing = whole.saturating_sub(available);
        Self::Incomplete { needed: NonZeroUsize::new(missing).unwrap_or(NonZeroUsize::MIN) }
    }

    /// Applies a function to the packet.
    ///
    /// ```
    /// use mqtt_codec::{Decoded, PacketType, ProtocolVersion, decode};
    ///
    /// let decoded = decode(&[0xC0, 0x00], ProtocolVersion::V5)?.map(|packet| packet.packet_type());
    /// assert_eq!(decoded, Decoded::Complete { packet: PacketType::PingReq, consumed: 2 });
    /// # Ok::<(), mqtt_codec::DecodeError>(())
    /// ```
    #[inline]
    pub fn map<Q>(self, map: impl FnOnce(P) -> Q) -> Decoded<Q> {
        match self {
            Self::Complete { packet, consumed } => Decoded::Complete { packet: map(packet), consumed },
            Self::Incomplete { needed } => Decoded::Incomplete { needed },
        }
    }
}
