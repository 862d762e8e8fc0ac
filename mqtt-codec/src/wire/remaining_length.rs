//! Packets whose body has one length only: the fixed header alone shows that a longer one is malformed.

use crate::error::{DecodeError, DecodeErrorKind, Field, OtherProtocol};
use crate::options::{DecodeOptions, Leniency};
use crate::wire::Decoded;
use crate::wire::fixed_header::{self, DecodedFixedHeader};
use mqtt_types::{PacketType, ProtocolVersion};

/// Returns the largest Remaining Length of a packet type in a version, or `None` if any is allowed.
pub(crate) const fn largest(packet_type: PacketType, version: ProtocolVersion) -> Option<u8> {
    match packet_type {
        PacketType::PingReq | PacketType::PingResp => Some(0),
        PacketType::Disconnect if version.is_v3() => Some(0),
        PacketType::ConnAck
        | PacketType::PubAck
        | PacketType::PubRec
        | PacketType::PubRel
        | PacketType::PubComp
        | PacketType::UnsubAck
            if version.is_v3() =>
        {
            Some(2)
        }
        _ => None,
    }
}

/// Returns `true` if a packet with this fixed header is too long with default options. Then [`check`] must be called.
#[inline]
pub(crate) fn exceeds_largest(header: DecodedFixedHeader, version: ProtocolVersion) -> bool {
    largest(header.header.packet_type, version)
        .is_some_and(|largest| header.header.remaining_length.get() > u32::from(largest))
}

/// Returns the error of the packet at the start of `input` if it is longer than its type allows.
///
/// For a packet that is incomplete, and for one that is refused: both get the same error, however much of it has arrived. A
/// packet that is accepted is never longer.
///
/// Decodes the fixed header again instead of taking it by reference: otherwise every decoder would keep its header in memory.
#[cold]
#[inline(never)]
pub(crate) fn check(input: &[u8], options: &DecodeOptions) -> Result<(), DecodeError> {
    let Ok(Decoded::Complete { packet: header, .. }) = fixed_header::decode(input, options) else { return Ok(()) };
    let packet_type = header.header.packet_type;
    let has_other_form = match packet_type {
        PacketType::ConnAck => options.allows(Leniency::ConnAckOfOtherVersion),
        PacketType::UnsubAck => options.allows(Leniency::UnsubAckOfOtherVersion),
        _ => false,
    };
    if has_other_form {
        return Ok(());
    }
    let Some(largest) = largest(packet_type, options.version) else { return Ok(()) };
    if header.header.remaining_length.get() <= u32::from(largest) {
        return Ok(());
    }
    Err(DecodeError {
        kind: DecodeErrorKind::TrailingBytes,
        field: Field::Payload,
        packet_type,
        version: options.version,
        sender: options.sender,
        offset: header.len.saturating_add(usize::from(largest)),
        looks_like: OtherProtocol::of(input),
    })
}

#[cfg(test)]
mod tests {
    use super::largest;
    use crate::testing::frame;
    use crate::{DecodeOptions, decode};
    use mqtt_types::{PacketType, ProtocolVersion};

    /// A packet of the largest length can be legal, in every version that has one.
    #[test]
    fn a_packet_of_the_largest_length_is_not_refused_for_it() {
        for version in ProtocolVersion::ALL {
            for first_byte in [0x20, 0x40, 0x50, 0x62, 0x70, 0xB0, 0xC0, 0xD0, 0xE0] {
                let Some(largest) = largest(PacketType::from_first_byte(first_byte), version) else { continue };
                let body: &[u8] = match (largest, first_byte) {
                    (0, _) => &[],
                    (_, 0x20) => &[0, 0],
                    _ => &[0, 1],
                };
                assert_eq!(body.len(), usize::from(largest));
                let packet = frame(&[&[first_byte], body]);
                assert!(decode(&packet, DecodeOptions::new(version)).is_ok(), "{packet:02X?} of {version}");
            }
        }
    }
}
