//! Fixed header: section 2.1. Only here can decoding find that bytes are missing.

use crate::error::{DecodeError, DecodeErrorKind, Field, OtherProtocol};
use crate::options::{DecodeOptions, Leniency};
use crate::wire::Decoded;
use core::num::NonZeroUsize;
use mqtt_types::{
    DecodedVariableByteInteger, FixedHeader, Flags, PacketType, ProtocolVersion, QoS, Sender, VariableByteInteger,
    VariableByteIntegerError,
};

/// Fixed header of a packet, with its length.
///
/// ```
/// use mqtt_codec::{PacketType, ProtocolVersion, decode_fixed_header};
///
/// // The first bytes of a PUBLISH.
/// let (decoded, _) = decode_fixed_header(&[0x30, 0x80, 0x10], ProtocolVersion::V5)?.complete().unwrap();
/// assert_eq!(decoded.header.packet_type, PacketType::Publish);
/// assert_eq!(decoded.header.remaining_length.get(), 2048);
/// assert_eq!((decoded.len, decoded.packet_len()), (3, 2051));
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DecodedFixedHeader {
    /// The fixed header.
    pub header: FixedHeader,
    /// The length of the fixed header in bytes: 2 to 5.
    pub len: usize,
}

impl DecodedFixedHeader {
    /// Returns the size of the packet in bytes, fixed header included: at most 268,435,460. Maximum Packet Size counts the
    /// same bytes.
    #[inline]
    #[must_use]
    pub fn packet_size(&self) -> u32 {
        self.header.remaining_length.get().saturating_add(u32::try_from(self.len).unwrap_or(u32::MAX))
    }

    /// Returns the size of the packet as a `usize`. A size that does not fit into a 16-bit `usize` becomes `usize::MAX`,
    /// which is longer than any slice.
    #[inline]
    #[must_use]
    pub fn packet_len(&self) -> usize {
        self.header.remaining_length.to_usize().saturating_add(self.len)
    }
}

/// Decodes only the fixed header at the start of `input`.
///
/// It contains the length of the packet, even if the packet is incomplete or breaks a rule.
///
/// ```
/// use mqtt_codec::{Decoded, PacketType, ProtocolVersion, decode, decode_fixed_header};
///
/// // A PUBLISH to a topic with a wildcard, followed by a PINGREQ.
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
/// Returns an error if
///
/// - the packet type is reserved, or the sender in the options does not send it,
/// - the packet type does not allow the flags,
/// - the Remaining Length has more than four bytes or, in 5.0, more bytes than necessary,
/// - the packet is larger than the maximum packet size in the options.
///
/// The flags of a CONNECT and the bytes of its Remaining Length are checked by [`decode`](crate::decode) instead, because the
/// rules depend on the version in the packet.
#[inline]
pub fn decode_fixed_header(
    input: &[u8],
    options: impl Into<DecodeOptions>,
) -> Result<Decoded<DecodedFixedHeader>, DecodeError> {
    decode(input, &options.into())
}

/// Decodes the fixed header at the start of `input`.
///
/// Always inlined: otherwise fat LTO may decide to return the result through memory.
#[inline(always)]
pub(crate) fn decode(input: &[u8], options: &DecodeOptions) -> Result<Decoded<DecodedFixedHeader>, DecodeError> {
    let [first_byte, after_first @ ..] = input else {
        return Ok(Decoded::Incomplete { needed: SHORTEST_PACKET });
    };
    let packet_type = PacketType::from_first_byte(*first_byte);
    let flags = Flags::from_first_byte(*first_byte);
    let error = |kind, field, offset| {
        let looks_like = OtherProtocol::of(input);
        Err(DecodeError {
            kind,
            field,
            packet_type,
            version: options.version,
            sender: options.sender,
            offset,
            looks_like,
        })
    };
    if !is_valid(*first_byte, options.version, options.sender) {
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
    // The length of almost every packet is minimal, so the type is tested last.
    match check_minimal(remaining_length, options) {
        Some(kind) if packet_type != PacketType::Connect => return error(kind, Field::RemainingLength, 1),
        _ => {}
    }
    let size = decoded.packet_size();
    if size > options.maximum_packet_size {
        let kind = DecodeErrorKind::PacketTooLarge { size, limit: options.maximum_packet_size };
        return error(kind, Field::RemainingLength, 1);
    }
    Ok(Decoded::Complete { packet: decoded, consumed: decoded.len })
}

/// Decodes the fixed header of a usual packet, one that is complete and has a valid header. Returns its bytes too. Returns
/// `None` for any other packet.
#[inline(always)]
pub(crate) fn decode_usual<'a>(input: &'a [u8], options: &DecodeOptions) -> Option<(DecodedFixedHeader, &'a [u8])> {
    let [first_byte, after_first @ ..] = input else { return None };
    if !is_valid(*first_byte, options.version, options.sender) {
        return None;
    }
    let remaining_length = match VariableByteInteger::decode(after_first) {
        Ok(Some(decoded)) if decoded.is_minimal() => decoded,
        _ => return None,
    };
    let header = FixedHeader {
        packet_type: PacketType::from_first_byte(*first_byte),
        flags: Flags::from_first_byte(*first_byte),
        remaining_length: remaining_length.value,
    };
    let decoded = DecodedFixedHeader { header, len: remaining_length.len.saturating_add(1) };
    if decoded.packet_size() > options.maximum_packet_size {
        return None;
    }
    Some((decoded, input.get(..decoded.packet_len())?))
}

const SHORTEST_PACKET: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);

/// Returns `true` if [`check_first_byte`] accepts the byte with default options.
///
/// A table lookup that suffices for almost every packet. [`check_first_byte`] handles the others.
#[inline(always)]
fn is_valid(first_byte: u8, version: ProtocolVersion, sender: Sender) -> bool {
    const FROM_EITHER: [[u16; 16]; 3] = valid_flags_in_each_version(Sender::Either);
    const FROM_CLIENT: [[u16; 16]; 3] = valid_flags_in_each_version(Sender::Client);
    const FROM_SERVER: [[u16; 16]; 3] = valid_flags_in_each_version(Sender::Server);
    let flags = match sender {
        Sender::Either => &FROM_EITHER,
        Sender::Client => &FROM_CLIENT,
        Sender::Server => &FROM_SERVER,
    };
    let version = usize::from(version.level().wrapping_sub(ProtocolVersion::V3_1.level()));
    let flags = flags.get(version).and_then(|flags| flags.get(usize::from(first_byte >> 4)));
    flags.is_some_and(|flags| flags >> (first_byte & 0xF) & 1 != 0)
}

/// Returns the valid flags of 3.1, 3.1.1 and 5.0.
const fn valid_flags_in_each_version(sender: Sender) -> [[u16; 16]; 3] {
    [
        valid_flags(ProtocolVersion::V3_1, sender),
        valid_flags(ProtocolVersion::V3_1_1, sender),
        valid_flags(ProtocolVersion::V5, sender),
    ]
}

/// Returns, for each packet type, the flags that [`check_first_byte`] accepts: one bit for each of the 16 values.
const fn valid_flags(version: ProtocolVersion, sender: Sender) -> [u16; 16] {
    let options = DecodeOptions::new(version).with_sender(sender);
    let mut table = [0; 16];
    let mut types: &mut [u16] = &mut table;
    let mut first_byte: u8 = 0;
    while let [flags, after @ ..] = types {
        let packet_type = PacketType::from_first_byte(first_byte);
        let mut bit: u16 = 1;
        while bit != 0 {
            if check_first_byte(packet_type, Flags::from_first_byte(first_byte), &options).is_none() {
                *flags |= bit;
            }
            bit <<= 1;
            first_byte = first_byte.wrapping_add(1);
        }
        types = after;
    }
    table
}

/// Checks packet type, sender and flags. Returns the error if there is one.
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
    if !packet_type.sender(version).may_be(options.sender) && !is_allowed_from_server(packet_type, options) {
        return Some((DecodeErrorKind::WrongSender(options.sender), Field::PacketType));
    }
    match packet_type {
        PacketType::Connect => None, // checked when its version is known
        PacketType::Publish => match flags.qos() {
            None => Some((DecodeErrorKind::InvalidQoS, Field::Flags)),
            // 3.1 has no rule about DUP at QoS 0.
            Some(QoS::AtMostOnce) if flags.dup() && !options.allows(Leniency::DupAtQoS0) => match version {
                ProtocolVersion::V3_1 => None,
                ProtocolVersion::V3_1_1 | ProtocolVersion::V5 => Some((DecodeErrorKind::DupAtQoS0, Field::Flags)),
            },
            Some(_) => None,
        },
        _ => match check_fixed_flags(packet_type, flags, version) {
            Some(_) if options.allows(Leniency::ReservedFlags) && has_packet_identifier(packet_type) => None,
            Some(kind) => Some((kind, Field::Flags)),
            None => None,
        },
    }
}

/// Returns `true` if a leniency accepts this packet of a client from a server in 3.x.
const fn is_allowed_from_server(packet_type: PacketType, options: &DecodeOptions) -> bool {
    let leniency = match packet_type {
        PacketType::Disconnect => Leniency::DisconnectFromServer,
        PacketType::PingReq => Leniency::PingReqFromServer,
        _ => return false,
    };
    options.version.is_v3() && options.allows(leniency)
}

/// Returns `true` for acknowledgements and requests, which always have a Packet Identifier.
const fn has_packet_identifier(packet_type: PacketType) -> bool {
    matches!(
        packet_type,
        PacketType::PubAck
            | PacketType::PubRec
            | PacketType::PubRel
            | PacketType::PubComp
            | PacketType::Subscribe
            | PacketType::SubAck
            | PacketType::Unsubscribe
            | PacketType::UnsubAck
    )
}

/// Checks the flags of a packet type for which the standard fixes them.
///
/// In 3.1 only the QoS of PUBREL, SUBSCRIBE and UNSUBSCRIBE is fixed, to 1. Their DUP marks a retry, and all other flags have
/// no meaning.
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

/// Checks that the Remaining Length has as few bytes as possible, which 5.0 demands \[MQTT-1.5.5-1\] and 3.x does not.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(crate) const fn check_minimal(
    remaining_length: DecodedVariableByteInteger,
    options: &DecodeOptions,
) -> Option<DecodeErrorKind> {
    if remaining_length.is_minimal() || options.version.is_v3() || options.allows(Leniency::LongerLengths) {
        None
    } else {
        Some(DecodeErrorKind::VariableByteIntegerNotMinimal)
    }
}

#[cfg(test)]
mod tests {
    use super::{check_first_byte, is_valid};
    use crate::options::DecodeOptions;
    use mqtt_types::{Flags, PacketType, ProtocolVersion, Sender};

    #[test]
    fn the_table_of_first_bytes_is_the_check() {
        for version in ProtocolVersion::ALL {
            for sender in [Sender::Either, Sender::Client, Sender::Server] {
                for first_byte in 0..=u8::MAX {
                    let options = DecodeOptions::new(version).with_sender(sender);
                    let packet_type = PacketType::from_first_byte(first_byte);
                    let error = check_first_byte(packet_type, Flags::from_first_byte(first_byte), &options);
                    assert_eq!(
                        is_valid(first_byte, version, sender),
                        error.is_none(),
                        "{version} {sender:?} {first_byte}"
                    );
                }
            }
        }
        assert!(
            is_valid(0xF0, ProtocolVersion::V5, Sender::Client)
                && !is_valid(0xF0, ProtocolVersion::V3_1_1, Sender::Client)
        );
    }
}
