//! Entry point of conversion.

use crate::convert::change::Converted;
use crate::convert::conversion::Conversion;
use crate::convert::convert_error::{ConvertError, ConvertErrorKind};
use crate::convert::{connection, list};
use crate::encode::Encode;
use crate::error::Field;
use alloc::vec::Vec;
use mqtt_types::{Packet, ProtocolVersion, PubAck, PubComp, PubRec, PubRel, Publish, PublishProperties};

/// Converts a packet of version `from` to version `to`, for a bridge, a proxy, or a server with clients of several
/// versions.
///
/// [`Encode`] never drops a field, so encoding a packet of 5.0 with properties in 3.1.1 is an error. This function
/// returns the closest packet of version `to`, with a list of each [`Change`](crate::Change). If no packet has the same
/// or a similar meaning, it returns an error. A converted packet can always be encoded in version `to`, and decodes to
/// an equal packet.
///
/// The packet can be a [`Packet`] or any of its variants over [`Bytes`](https://docs.rs/bytes). Unchanged parts are
/// moved to the new packet. Only a list that changes is allocated. A `Packet<&[u8]>` is copied first. [`Packet::share`]
/// avoids the copy.
///
/// ```
/// use mqtt_codec::{Change, PropertyIdentifier, ProtocolVersion, Publish, PublishProperties, convert};
///
/// let properties = PublishProperties::builder().content_type("text/plain").build()?;
/// let publish = Publish::with_properties("a/b".parse()?, properties, "hello".to_owned());
///
/// let converted = convert(publish, ProtocolVersion::V5, ProtocolVersion::V3_1_1)?;
/// assert_eq!(converted.packet, Publish::new("a/b".parse()?, "hello".to_owned()).into());
/// assert_eq!(converted.changes, [Change::DroppedProperty(PropertyIdentifier::ContentType)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # From 5.0 to 3.1 and 3.1.1
///
/// | packet | field | result |
/// | --- | --- | --- |
/// | all | properties, properties of the Will | dropped, each reported |
/// | CONNECT | empty Client Identifier | error in 3.1, and in 3.1.1 if Clean Start is 0 |
/// | | Client Identifier of more than 23 characters | kept, also in 3.1, because servers accept it |
/// | | Password without User Name | error |
/// | | Clean Start 0, Session Expiry Interval other than 0xFFFFFFFF | session that does not expire, reported |
/// | CONNACK | codes 0x00 and 0x84 to 0x88 | Return Codes 0 to 5 of the same meaning |
/// | | codes 0x80, 0x83, 0x89, 0x97, 0x9C, 0x9D, 0x9F | 0x88, Return Code 3 (server unavailable), reported |
/// | | codes 0x8A, 0x8C | 0x87, Return Code 5 (not authorized), reported |
/// | | other codes | error: [the connection is closed instead](ConvertErrorKind::CloseInstead) |
/// | | Session Present | kept in 3.1.1; dropped in 3.1, reported |
/// | PUBLISH | Topic Alias without Topic Name | error |
/// | PUBACK, PUBREC, PUBREL, PUBCOMP | code 0x00 | no code |
/// | | codes 0x10 and 0x92 | dropped, reported: 3.x answers an unknown identifier like a known one |
/// | | failure | error |
/// | SUBSCRIBE | No Local, Retain As Published, Retain Handling | dropped, reported for each Topic Filter |
/// | SUBSCRIBE, UNSUBSCRIBE | shared subscription | kept, reported: an ordinary filter by the text of 3.x |
/// | SUBACK | failure | in 3.1.1 code 0x80, reported if it was another; in 3.1 error |
/// | UNSUBACK | codes 0x00 and 0x11 | dropped, each reported |
/// | | failure | error |
/// | PINGREQ, PINGRESP | | the same |
/// | DISCONNECT | code 0x00 | no code; in 3.x only a client may send it |
/// | | other codes, also 0x04 | error: [the connection is closed instead](ConvertErrorKind::CloseInstead) |
/// | AUTH | | error |
///
/// # From 3.1 and 3.1.1 to 5.0
///
/// | packet | field | result |
/// | --- | --- | --- |
/// | CONNECT | Clean Session 0 | Clean Start 0 and Session Expiry Interval 0xFFFFFFFF, reported |
/// | | mark of a bridge | dropped, reported |
/// | CONNACK | Return Codes 0 to 5 | codes 0x00 and 0x84 to 0x88 of the same meaning |
/// | SUBSCRIBE, UNSUBSCRIBE | filter that begins with `$share/` and is no shared subscription | error |
/// | | other filter that begins with `$share/` | kept, reported: a shared subscription in 5.0 |
/// | UNSUBACK | | [error](ConvertErrorKind::ReasonCodesMissing), unless the codes were set, see below |
/// | others | | the same |
///
/// # Between 3.1 and 3.1.1
///
/// | packet | field | result |
/// | --- | --- | --- |
/// | CONNECT | empty Client Identifier | error in 3.1 |
/// | CONNACK | Session Present | dropped in 3.1, reported |
/// | SUBACK | failure | error in 3.1 |
/// | others | | the same |
///
/// A Topic Filter that a leniency accepted, and a packet that becomes too long, are errors between any two versions.
///
/// A CONNECT contains its own version, so `from` is ignored for a CONNECT.
///
/// # UNSUBACK
///
/// In 5.0, an UNSUBACK has a code for each Topic Filter of the UNSUBSCRIBE. An UNSUBACK of 3.x does not contain their
/// number. The caller knows the UNSUBSCRIBE, and sets the codes before the conversion:
///
/// ```
/// use mqtt_codec::{
///     ConvertErrorKind, PacketIdentifier, ProtocolVersion, ReasonCodes, UnsubAck, UnsubAckReasonCode, convert,
/// };
///
/// let received: UnsubAck = UnsubAck::new(PacketIdentifier::MIN, ReasonCodes::default());
/// let error = convert(received.clone(), ProtocolVersion::V3_1_1, ProtocolVersion::V5).unwrap_err();
/// assert_eq!(error.kind(), ConvertErrorKind::ReasonCodesMissing);
///
/// let topic_filters = 2;
/// let reason_codes = std::iter::repeat(UnsubAckReasonCode::SUCCESS).take(topic_filters).collect();
/// let unsuback = UnsubAck { reason_codes, ..received };
/// assert!(convert(unsuback, ProtocolVersion::V3_1_1, ProtocolVersion::V5)?.changes.is_empty());
/// # Ok::<(), mqtt_codec::ConvertError>(())
/// ```
///
/// # Errors
///
/// Returns an error where the tables say so. [`ConvertError::kind`] and [`ConvertError::field`] identify the row.
pub fn convert(
    packet: impl Into<Packet>,
    from: ProtocolVersion,
    to: ProtocolVersion,
) -> Result<Converted, ConvertError> {
    convert_packet(packet.into(), from, to)
}

fn convert_packet(packet: Packet, from: ProtocolVersion, to: ProtocolVersion) -> Result<Converted, ConvertError> {
    let from = if let Packet::Connect(connect) = &packet { connect.protocol_version } else { from };
    let mut conversion = Conversion { packet_type: packet.packet_type(), from, to, changes: Vec::new() };

    /// Converts one of the four acknowledgements.
    macro_rules! acknowledgement {
        ($type:ident, $packet:expr) => {{
            let packet = $packet;
            if to.is_v3() {
                conversion.drop_reason_code(packet.reason_code.get())?;
                conversion.drop_properties(packet.properties.iter());
                Packet::$type($type::new(packet.packet_identifier))
            } else {
                Packet::$type(packet)
            }
        }};
    }

    let packet = match packet {
        Packet::Connect(packet) => connection::connect(&mut conversion, packet)?.into(),
        Packet::ConnAck(packet) => connection::connack(&mut conversion, packet)?.into(),
        Packet::Publish(packet) => publish(&mut conversion, packet)?.into(),
        Packet::PubAck(packet) => acknowledgement!(PubAck, packet),
        Packet::PubRec(packet) => acknowledgement!(PubRec, packet),
        Packet::PubRel(packet) => acknowledgement!(PubRel, packet),
        Packet::PubComp(packet) => acknowledgement!(PubComp, packet),
        Packet::Subscribe(packet) => list::subscribe(&mut conversion, packet)?.into(),
        Packet::SubAck(packet) => list::suback(&mut conversion, packet)?.into(),
        Packet::Unsubscribe(packet) => list::unsubscribe(&mut conversion, packet).into(),
        Packet::UnsubAck(packet) => list::unsuback(&mut conversion, packet)?.into(),
        Packet::Disconnect(packet) => connection::disconnect(&mut conversion, packet)?.into(),
        // The encoder refuses AUTH in 3.x.
        packet @ (Packet::PingReq(_) | Packet::PingResp(_) | Packet::Auth(_)) => packet,
    };
    // Anything that the version cannot express is an error here, so that a converted packet can always be encoded.
    packet.encoded_len(to)?;
    Ok(Converted { packet, changes: conversion.changes })
}

fn publish(conversion: &mut Conversion, packet: Publish) -> Result<Publish, ConvertError> {
    let mut packet = packet;
    if conversion.to.is_v3() {
        conversion.drop_properties(packet.properties().iter());
        let set = packet.set_properties(PublishProperties::default());
        set.map_err(|_| conversion.error(ConvertErrorKind::TopicNameMissing, Field::TopicName))?;
    }
    Ok(packet)
}
