//! Fixed header: section 2.1. The only place where more bytes may be waited for.

use crate::error::{DecodeError, DecodeErrorKind, Field};
use crate::options::DecodeOptions;
use crate::wire::Decoded;
use core::num::NonZeroUsize;
use mqtt_types::{
    DecodedVariableByteInteger, FixedHeader, Flags, PacketType, ProtocolVersion, QoS, Sender, VariableByteInteger,
    VariableByteIntegerError,
};

/// A packet's fixed header, and how many bytes it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DecodedFixedHeader {
    /// The header.
    pub header: FixedHeader,
    /// How many bytes it has: 2 to 5.
    pub len: usize,
}

impl DecodedFixedHeader {
    /// How many bytes the packet has, fixed header included, as Maximum Packet Size counts: at most 268,435,460.
    #[inline]
    #[must_use]
    pub fn packet_size(&self) -> u32 {
        self.header.remaining_length.get().saturating_add(u32::try_from(self.len).unwrap_or(u32::MAX))
    }

    /// The same as a length in memory. (Where `usize` has 16 bits, what does not fit becomes the largest length, which no
    /// slice reaches.)
    #[inline]
    #[must_use]
    pub fn packet_len(&self) -> usize {
        self.header.remaining_length.to_usize().saturating_add(self.len)
    }
}

/// Decodes the fixed header at the start of `input`, by itself: where the packet ends, before all of it is there or
/// although its content is not legal.
///
/// ```
/// use mqtt_codec::{Decoded, PacketType, ProtocolVersion, decode, decode_fixed_header};
///
/// // A PUBLISH to a topic with a wildcard, and a PINGREQ behind it.
/// let input = [0x30, 0x04, 0x00, 0x01, b'#', 0x00, 0xC0, 0x00];
/// assert!(decode(&input, ProtocolVersion::V5).is_err());
/// let (header, _) = decode_fixed_header(&input, ProtocolVersion::V5)?.complete().unwrap();
/// let next = &input[header.packet_len()..];
/// let (packet, _) = decode(next, ProtocolVersion::V5)?.complete().unwrap();
/// assert_eq!(packet.packet_type(), PacketType::PingReq);
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
///
/// # Errors
///
/// A reserved type, flags that the type does not have, a type that the sender does not send, a Remaining Length that is
/// too long or, in 5.0, longer than it needs to be, and a packet above the maximum size. The flags of a CONNECT, and
/// whether its Remaining Length is longer than it needs to be, are for [`decode`](crate::decode): they depend on its version.
#[inline]
pub fn decode_fixed_header(
    input: &[u8],
    options: impl Into<DecodeOptions>,
) -> Result<Decoded<DecodedFixedHeader>, DecodeError> {
    decode(input, &options.into())
}

/// Inlined always: the result would go through memory otherwise, as whole-program optimisation sees fit.
#[inline(always)]
pub(crate) fn decode(input: &[u8], options: &DecodeOptions) -> Result<Decoded<DecodedFixedHeader>, DecodeError> {
    let [first_byte, after_first @ ..] = input else {
        return Ok(Decoded::Incomplete { needed: SHORTEST_PACKET });
    };
    let packet_type = PacketType::from_first_byte(*first_byte);
    let flags = Flags::from_first_byte(*first_byte);
    let error = |kind, field, offset| {
        Err(DecodeError { kind, field, packet_type, version: options.version, sender: options.sender, offset })
    };
    if !is_valid_in_every_version(*first_byte, options.sender) {
        if let Some((kind, field)) = check_first_byte(packet_type, flags, options) {
            return error(kind, field, 0);
        }
    }
    let remaining_length = match VariableByteInteger::decode(after_first) {
        Ok(Some(decoded)) => decoded,
        Ok(None) => return Ok(Decoded::Incomplete { needed: NonZeroUsize::MIN }),
        Err(VariableByteIntegerError::TooLong | _) => {
            return error(DecodeErrorKind::VariableByteIntegerTooLong, Field::RemainingLength, 1);
        }
    };
    let header = FixedHeader { packet_type, flags, remaining_length: remaining_length.value };
    let decoded = DecodedFixedHeader { header, len: remaining_length.len.saturating_add(1) };
    if packet_type != PacketType::Connect {
        if let Some(kind) = check_minimal(decoded, options) {
            return error(kind, Field::RemainingLength, 1);
        }
    }
    let size = decoded.packet_size();
    if size > options.maximum_packet_size {
        let kind = DecodeErrorKind::PacketTooLarge { size, limit: options.maximum_packet_size };
        return error(kind, Field::RemainingLength, 1);
    }
    Ok(Decoded::Complete { packet: decoded, consumed: decoded.len })
}

const SHORTEST_PACKET: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);

/// A first byte that is right in every version, from this sender: almost every one is, and one look at a table tells.
#[inline]
fn is_valid_in_every_version(first_byte: u8, sender: Sender) -> bool {
    const FROM_EITHER: [u16; 16] = flags_valid_in_every_version(Sender::Either);
    const FROM_CLIENT: [u16; 16] = flags_valid_in_every_version(Sender::Client);
    const FROM_SERVER: [u16; 16] = flags_valid_in_every_version(Sender::Server);
    let flags = match sender {
        Sender::Either => &FROM_EITHER,
        Sender::Client => &FROM_CLIENT,
        Sender::Server => &FROM_SERVER,
    };
    flags.get(usize::from(first_byte >> 4)).is_some_and(|flags| flags >> (first_byte & 0xF) & 1 != 0)
}

/// For each packet type, the flags that [`check_first_byte`] lets pass in every version: a bit for each of their 16 values.
const fn flags_valid_in_every_version(sender: Sender) -> [u16; 16] {
    let mut table = [0; 16];
    let mut types: &mut [u16] = &mut table;
    let mut first_byte: u8 = 0;
    while let [flags, after @ ..] = types {
        let mut bit: u16 = 1;
        while bit != 0 {
            if is_valid(first_byte, ProtocolVersion::V3_1, sender)
                && is_valid(first_byte, ProtocolVersion::V3_1_1, sender)
                && is_valid(first_byte, ProtocolVersion::V5, sender)
            {
                *flags |= bit;
            }
            bit <<= 1;
            first_byte = first_byte.wrapping_add(1);
        }
        types = after;
    }
    table
}

const fn is_valid(first_byte: u8, version: ProtocolVersion, sender: Sender) -> bool {
    let packet_type = PacketType::from_first_byte(first_byte);
    let flags = Flags::from_first_byte(first_byte);
    check_first_byte(packet_type, flags, &DecodeOptions::new(version).sender(sender)).is_none()
}

#[cold]
const fn check_first_byte(
    packet_type: PacketType,
    flags: Flags,
    options: &DecodeOptions,
) -> Option<(DecodeErrorKind, Field)> {
    let version = options.version;
    if !packet_type.exists_in(version) {
        return Some((DecodeErrorKind::ReservedPacketType, Field::PacketType));
    }
    if !packet_type.sender(version).may_be(options.sender) {
        return Some((DecodeErrorKind::WrongSender(options.sender), Field::PacketType));
    }
    match packet_type {
        PacketType::Connect => None, // it brings its own version
        PacketType::Publish => match flags.qos() {
            None => Some((DecodeErrorKind::InvalidQoS, Field::Flags)),
            // 3.1 has no rule about it.
            Some(QoS::AtMostOnce) if flags.dup() && !options.allow_dup_at_qos_0 => match version {
                ProtocolVersion::V3_1 => None,
                ProtocolVersion::V3_1_1 | ProtocolVersion::V5 => Some((DecodeErrorKind::DupAtQoS0, Field::Flags)),
            },
            Some(_) => None,
        },
        _ => match check_fixed_flags(packet_type, flags, version) {
            Some(kind) => Some((kind, Field::Flags)),
            None => None,
        },
    }
}

/// The flags that the standard fixes. In 3.1 most flags mean nothing, and PUBREL, SUBSCRIBE and UNSUBSCRIBE have real
/// ones: QoS 1, DUP in a retry, RETAIN of no meaning.
pub(crate) const fn check_fixed_flags(
    packet_type: PacketType,
    flags: Flags,
    version: ProtocolVersion,
) -> Option<DecodeErrorKind> {
    let Some(expected) = packet_type.fixed_flags() else {
        return None;
    };
    let significant = match (version, packet_type) {
        (ProtocolVersion::V3_1, PacketType::PubRel | PacketType::Subscribe | PacketType::Unsubscribe) => 0b0110,
        (ProtocolVersion::V3_1, _) => 0,
        _ => 0b1111,
    };
    if (flags.bits() ^ expected) & significant == 0 { None } else { Some(DecodeErrorKind::InvalidFlags) }
}

/// 5.0 demands the fewest bytes \[MQTT-1.5.5-1\], 3.x does not.
pub(crate) const fn check_minimal(header: DecodedFixedHeader, options: &DecodeOptions) -> Option<DecodeErrorKind> {
    let value = header.header.remaining_length;
    let remaining_length = DecodedVariableByteInteger { value, len: header.len.saturating_sub(1) };
    if remaining_length.is_minimal() || options.version.is_v3() || options.allow_longer_lengths {
        None
    } else {
        Some(DecodeErrorKind::VariableByteIntegerNotMinimal)
    }
}

#[cfg(test)]
mod tests {
    use super::{is_valid, is_valid_in_every_version};
    use mqtt_types::{ProtocolVersion, Sender};

    #[test]
    fn first_bytes_valid_in_every_version_are_those_valid_in_each() {
        for sender in [Sender::Either, Sender::Client, Sender::Server] {
            let valid: Vec<u8> =
                (0..=u8::MAX).filter(|first_byte| is_valid_in_every_version(*first_byte, sender)).collect();
            let in_every_version = |first_byte: &u8| {
                ProtocolVersion::ALL.into_iter().all(|version| is_valid(*first_byte, version, sender))
            };
            assert_eq!(valid, (0..=u8::MAX).filter(in_every_version).collect::<Vec<u8>>(), "{sender:?}");
            assert!(valid.contains(&0x30) && !valid.contains(&0xF0));
        }
    }
}
