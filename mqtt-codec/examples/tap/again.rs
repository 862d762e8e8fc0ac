//! Encodes a decoded packet again and compares the bytes.

use bytes::BytesMut;
use mqtt_codec::{
    DecodeOptions, Encode, EncodeError, EncodeOptions, Packet, PacketType, ProtocolVersion, Sender,
    VariableByteInteger, decode,
};

pub(crate) enum Again {
    /// Encoding gives the bytes that were sent.
    Same,
    /// Encoding gives other bytes for the same packet, and the standard allows both.
    OtherForm,
    /// Encoding gives these bytes instead.
    Differs(BytesMut),
    /// The packet cannot be encoded.
    Refused(EncodeError),
}

/// Encodes a packet and compares the result with `raw`, from which it was decoded.
pub(crate) fn again(packet: &Packet<&[u8]>, raw: &[u8], version: ProtocolVersion, sender: Sender) -> Again {
    let mut encoded = BytesMut::new();
    match packet.encode_to(EncodeOptions::new(version).with_sender(sender), &mut encoded) {
        Err(error) => Again::Refused(error),
        Ok(_) if encoded == raw => Again::Same,
        Ok(_) if has_other_forms(packet.packet_type(), raw, version) && is_of(packet, &encoded, version) => {
            Again::OtherForm
        }
        Ok(_) => Again::Differs(encoded),
    }
}

/// Returns `true` if the standard allows other bytes than those that the codec writes.
fn has_other_forms(packet_type: PacketType, raw: &[u8], version: ProtocolVersion) -> bool {
    match version {
        // Many bits have no meaning in 3.1.
        ProtocolVersion::V3_1 => true,
        // The Remaining Length may have more bytes than it needs.
        ProtocolVersion::V3_1_1 => {
            let remaining_length = VariableByteInteger::decode(raw.get(1..).unwrap_or_default());
            remaining_length.is_ok_and(|decoded| decoded.is_some_and(|decoded| !decoded.is_minimal()))
        }
        // A Reason Code of 0 and empty properties may be omitted.
        ProtocolVersion::V5 => matches!(
            packet_type,
            PacketType::PubAck
                | PacketType::PubRec
                | PacketType::PubRel
                | PacketType::PubComp
                | PacketType::Disconnect
                | PacketType::Auth
        ),
    }
}

/// Returns `true` if the bytes decode to the packet.
fn is_of(packet: &Packet<&[u8]>, encoded: &[u8], version: ProtocolVersion) -> bool {
    let decoded = decode(encoded, DecodeOptions::new(version).allow_bridge_bit(true));
    decoded.is_ok_and(|decoded| decoded.complete() == Some((*packet, encoded.len())))
}
