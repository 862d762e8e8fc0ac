//! Encodes what was decoded, and compares.

use bytes::BytesMut;
use mqtt_codec::{
    DecodeOptions, Encode, EncodeError, EncodeOptions, Packet, PacketType, ProtocolVersion, Sender,
    VariableByteInteger, decode,
};

pub(crate) enum Again {
    /// The bytes that were sent.
    Same,
    /// Other bytes for the same packet, where the standard allows several.
    OtherForm,
    Differs(BytesMut),
    Refused(EncodeError),
}

pub(crate) fn again(packet: &Packet, raw: &[u8], version: ProtocolVersion, sender: Sender) -> Again {
    let mut encoded = BytesMut::new();
    match packet.encode_to(EncodeOptions::new(version).sender(sender), &mut encoded) {
        Err(error) => Again::Refused(error),
        Ok(_) if encoded == raw => Again::Same,
        Ok(_) if has_other_forms(packet.packet_type(), raw, version) && is_of(packet, &encoded, version) => {
            Again::OtherForm
        }
        Ok(_) => Again::Differs(encoded),
    }
}

/// Whether the standard allows the sender to write it in another form than we do.
fn has_other_forms(packet_type: PacketType, raw: &[u8], version: ProtocolVersion) -> bool {
    match version {
        // Many bits have no meaning there.
        ProtocolVersion::V3_1 => true,
        // The Remaining Length may have more bytes than it needs.
        ProtocolVersion::V3_1_1 => {
            let remaining_length = VariableByteInteger::decode(raw.get(1..).unwrap_or_default());
            remaining_length.is_ok_and(|decoded| decoded.is_some_and(|decoded| !decoded.is_minimal()))
        }
        // What says nothing may be left out.
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

fn is_of(packet: &Packet, encoded: &[u8], version: ProtocolVersion) -> bool {
    let decoded = decode(encoded, DecodeOptions::new(version).allow_bridge_bit(true));
    decoded.is_ok_and(|decoded| decoded.complete() == Some((packet.as_borrowed(), encoded.len())))
}
