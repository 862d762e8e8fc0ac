//! The fixed header and its flags: section 2.1.

use crate::value::packet_type::PacketType;
use crate::value::qos::QoS;
use crate::value::variable_byte_integer::VariableByteInteger;
use core::fmt;

/// The flags of a packet: the low four bits of its first byte.
///
/// | bit | 3 | 2-1 | 0 |
/// | --- | --- | --- | --- |
/// | PUBLISH | DUP | QoS | RETAIN |
/// | PUBREL, SUBSCRIBE, UNSUBSCRIBE | 0 | 01 | 0 |
/// | all others | 0 | 00 | 0 |
///
/// ```
/// use mqtt_types::{Flags, QoS};
///
/// let flags = Flags::from_first_byte(0x3B);
/// assert_eq!((flags.dup(), flags.qos(), flags.retain()), (true, Some(QoS::AtLeastOnce), true));
/// assert_eq!(Flags::publish(true, QoS::AtLeastOnce, true), flags);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Flags(u8);

impl Flags {
    /// Returns the flags in the low four bits of a byte. The high four bits are ignored.
    #[inline]
    #[must_use]
    pub const fn from_first_byte(first_byte: u8) -> Self {
        Self(first_byte & 0b0000_1111)
    }

    /// Returns the flags of a PUBLISH.
    #[inline]
    #[must_use]
    pub const fn publish(dup: bool, qos: QoS, retain: bool) -> Self {
        let dup = if dup { 0b1000 } else { 0 };
        let retain = if retain { 0b0001 } else { 0 };
        Self(dup | qos.as_u8() << 1 | retain)
    }

    /// Returns the four bits as a number: 0 to 15.
    #[inline]
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Returns `true` if DUP is set: this is not the first attempt to send the PUBLISH.
    #[inline]
    #[must_use]
    pub const fn dup(self) -> bool {
        self.0 & 0b1000 != 0
    }

    /// Returns the QoS of a PUBLISH, or `None` if both bits are set, which is malformed \[MQTT-3.3.1-4\].
    #[inline]
    #[must_use]
    pub const fn qos(self) -> Option<QoS> {
        QoS::from_u8(self.0 >> 1 & 0b11)
    }

    /// Returns `true` if RETAIN is set in the flags of a PUBLISH.
    #[inline]
    #[must_use]
    pub const fn retain(self) -> bool {
        self.0 & 0b0001 != 0
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#06b}", self.0)
    }
}

/// The fixed header of a packet: its first byte and the Remaining Length.
///
/// ```text
/// byte 1   type (4 bits) | flags (4 bits)
/// byte 2…  Remaining Length (1 to 4 bytes): the length of variable header and payload
/// ```
///
/// ```
/// use mqtt_types::{FixedHeader, Flags, PacketType};
///
/// let header = FixedHeader {
///     packet_type: PacketType::Subscribe,
///     flags: Flags::from_first_byte(0b0010),
///     remaining_length: 300_u16.into(),
/// };
/// assert_eq!((header.first_byte(), header.encoded_len()), (0x82, 3));
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FixedHeader {
    /// The type of the packet.
    pub packet_type: PacketType,
    /// The flags of the packet.
    pub flags: Flags,
    /// The number of bytes that follow the fixed header.
    pub remaining_length: VariableByteInteger,
}

impl FixedHeader {
    /// Returns the first byte: the type and the flags.
    #[inline]
    #[must_use]
    pub const fn first_byte(&self) -> u8 {
        self.packet_type.as_u8() << 4 | self.flags.bits()
    }

    /// Returns the length of the fixed header itself: 2 to 5 bytes. The Remaining Length is encoded in its shortest form.
    #[inline]
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        self.remaining_length.encoded_len().saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::{FixedHeader, Flags};
    use crate::{PacketType, QoS, VariableByteInteger};

    #[test]
    fn publish_flags_are_dup_qos_retain() {
        for first_byte in 0..=255_u8 {
            let flags = Flags::from_first_byte(first_byte);
            assert_eq!(flags.bits(), first_byte % 16);
            let (dup, retain) = (flags.bits() / 8 == 1, flags.bits() % 2 == 1);
            assert_eq!((flags.dup(), flags.retain()), (dup, retain), "{flags:?}");
            let qos = QoS::ALL.get(usize::from(flags.bits() / 2 % 4)).copied(); // MQTT-3.3.1-4: 3 is not a QoS
            assert_eq!(flags.qos(), qos, "{flags:?}");
            assert!(qos.is_none_or(|qos| Flags::publish(dup, qos, retain) == flags), "{flags:?}");
        }
        assert_eq!(format!("{:?}", Flags::publish(true, QoS::ExactlyOnce, true)), "0b1101");
    }

    #[test]
    fn the_first_byte_is_the_type_and_the_flags() {
        for first_byte in 0..=255 {
            let (packet_type, flags) = (PacketType::from_first_byte(first_byte), Flags::from_first_byte(first_byte));
            let header = FixedHeader { packet_type, flags, remaining_length: VariableByteInteger::ZERO };
            assert_eq!(header.first_byte(), first_byte);
        }
    }

    #[test]
    fn the_fixed_header_is_as_long_as_its_remaining_length_and_one_byte() {
        for (length, encoded_len) in [(0, 2), (127, 2), (128, 3), (16_384, 4), (268_435_455, 5)] {
            let remaining_length = VariableByteInteger::new(length).unwrap();
            let header = FixedHeader { packet_type: PacketType::Publish, flags: Flags::default(), remaining_length };
            assert_eq!(header.encoded_len(), encoded_len);
        }
    }
}
