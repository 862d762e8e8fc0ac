//! Check for characters that a sender should not send (section 1.5.4). It runs only if the options ask for it.

use crate::error::Field;
use crate::wire::encode_body::Refusal;
use crate::wire::properties::texts;
use mqtt_types::{Packet, PropertyIter, discouraged_character};

/// Returns an error if a string of the packet contains a discouraged character.
#[cold]
pub(crate) fn check(packet: &Packet<&[u8]>) -> Result<(), Refusal> {
    find(packet).map_or(Ok(()), |field| Err(Refusal::DiscouragedCharacter(field)))
}

/// Returns the first field of the packet, in encoding order, that contains a discouraged character.
fn find(packet: &Packet<&[u8]>) -> Option<Field> {
    match packet {
        Packet::Connect(connect) => in_properties(connect.properties.iter())
            .or_else(|| in_text(&connect.client_identifier, Field::ClientIdentifier))
            .or_else(|| {
                let will = connect.will.as_ref()?;
                in_properties(will.properties.iter()).or_else(|| in_text(&will.topic_name, Field::WillTopic))
            })
            .or_else(|| in_text(connect.user_name.as_ref()?, Field::UserName)),
        Packet::ConnAck(packet) => in_properties(packet.properties.iter()),
        Packet::Publish(publish) => {
            in_text(publish.topic(), Field::TopicName).or_else(|| in_properties(publish.properties().iter()))
        }
        Packet::PubAck(packet) => in_properties(packet.properties.iter()),
        Packet::PubRec(packet) => in_properties(packet.properties.iter()),
        Packet::PubRel(packet) => in_properties(packet.properties.iter()),
        Packet::PubComp(packet) => in_properties(packet.properties.iter()),
        Packet::Subscribe(subscribe) => in_properties(subscribe.properties.iter()).or_else(|| {
            let mut filters = subscribe.subscriptions.iter().map(|subscription| subscription.topic_filter);
            filters.find_map(|filter| in_text(&filter, Field::TopicFilter))
        }),
        Packet::SubAck(packet) => in_properties(packet.properties.iter()),
        Packet::Unsubscribe(unsubscribe) => in_properties(unsubscribe.properties.iter())
            .or_else(|| unsubscribe.topic_filters.iter().find_map(|filter| in_text(&filter, Field::TopicFilter))),
        Packet::UnsubAck(packet) => in_properties(packet.properties.iter()),
        Packet::PingReq(_) | Packet::PingResp(_) => None,
        Packet::Disconnect(packet) => in_properties(packet.properties.iter()),
        Packet::Auth(packet) => in_properties(packet.properties.iter()),
    }
}

fn in_text(text: &str, field: Field) -> Option<Field> {
    discouraged_character(text).map(|_| field)
}

fn in_properties(mut properties: PropertyIter<'_>) -> Option<Field> {
    properties.find_map(|property| {
        let field = Field::Property(property.identifier());
        texts(&property).into_iter().flatten().find_map(|text| in_text(text, field))
    })
}

#[cfg(test)]
mod tests {
    use crate::ProtocolVersion::V5;
    use crate::testing::frame;
    use crate::{DecodeErrorKind, DecodeOptions, Encode, EncodeErrorKind, EncodeOptions, decode};

    /// For each string field, a packet in which it contains U+0001.
    const PACKETS: [(u8, &[u8], &str); 20] = [
        (0x10, b"\0\x04MQTT\x05\x02\0\0\0\0\x01\x01", "Client Identifier"),
        (0x10, b"\0\x04MQTT\x05\x02\0\0\x04\x15\0\x01\x01\0\0", "Authentication Method"),
        (0x10, b"\0\x04MQTT\x05\x06\0\0\0\0\0\0\0\x01\x01\0\0", "Will Topic"),
        (0x10, b"\0\x04MQTT\x05\x06\0\0\0\0\0\x04\x03\0\x01\x01\0\x01w\0\0", "Content Type"),
        (0x10, b"\0\x04MQTT\x05\x82\0\0\0\0\0\0\x01\x01", "User Name"),
        (0x20, b"\0\0\x04\x12\0\x01\x01", "Assigned Client Identifier"),
        (0x20, b"\0\0\x04\x1A\0\x01\x01", "Response Information"),
        (0x20, b"\0\0\x04\x1C\0\x01\x01", "Server Reference"),
        (0x30, b"\0\x01\x01\0", "Topic Name"),
        (0x30, b"\0\x01a\x04\x08\0\x01\x01", "Response Topic"),
        (0x30, b"\0\x01a\x06\x26\0\x01\x01\0\0", "User Property"),
        (0x30, b"\0\x01a\x06\x26\0\0\0\x01\x01", "User Property"),
        (0x40, b"\0\x01\0\x04\x1F\0\x01\x01", "Reason String"),
        (0x50, b"\0\x01\0\x04\x1F\0\x01\x01", "Reason String"),
        (0x62, b"\0\x01\0\x04\x1F\0\x01\x01", "Reason String"),
        (0x70, b"\0\x01\0\x04\x1F\0\x01\x01", "Reason String"),
        (0x82, b"\0\x01\0\0\x01a\0\0\x01\x01\0", "Topic Filter"),
        (0x90, b"\0\x01\x04\x1F\0\x01\x01\0", "Reason String"),
        (0xA2, b"\0\x01\0\0\x01a\0\x01\x01", "Topic Filter"),
        (0xE0, b"\0\x04\x1F\0\x01\x01", "Reason String"),
    ];

    #[test]
    fn every_string_is_checked_in_both_directions_if_the_options_ask_for_it() {
        for (first_byte, body, field) in PACKETS {
            let bytes = frame(&[&[first_byte], body]);
            let strict = DecodeOptions::new(V5).refuse_discouraged_characters(true);
            let error = decode(&bytes, strict).unwrap_err();
            assert_eq!((error.kind(), error.field().name()), (DecodeErrorKind::DiscouragedCharacter, field));
            assert_eq!(bytes[error.offset()], 1, "{bytes:02x?}");

            let (packet, _) = decode(&bytes, V5).unwrap().complete().unwrap();
            let mut output = [0; 64];
            assert_eq!(packet.encode(V5, &mut output), Ok(bytes.len()));
            let strict = EncodeOptions::new(V5).refuse_discouraged_characters(true);
            let error = packet.encode(strict, &mut output).unwrap_err();
            assert_eq!((error.kind(), error.field().name()), (EncodeErrorKind::DiscouragedCharacter, field));
            assert_eq!(error.rule(), "section 1.5.4");

            // With a letter instead of U+0001 the packet is accepted.
            let mut plain = body.to_vec();
            plain[place_in(body)] = b'x';
            let bytes = frame(&[&[first_byte], &plain]);
            let (packet, _) = decode(&bytes, V5).unwrap().complete().unwrap();
            assert_eq!(packet.encode(strict, &mut output), Ok(bytes.len()), "{bytes:02x?}");
        }
    }

    /// Returns the offset of U+0001, which follows a length of 1.
    fn place_in(body: &[u8]) -> usize {
        body.windows(3).rposition(|bytes| bytes == [0, 1, 1]).unwrap().saturating_add(2)
    }
}
