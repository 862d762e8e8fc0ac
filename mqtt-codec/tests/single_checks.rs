//! Tests for checks that another check hides in most packets. Each is tested alone, at every place where it is made.

#![cfg(all(test, feature = "bytes"))]
#![expect(clippy::unwrap_used, reason = "a panic here is a failed test")]

use bytes::BytesMut;
use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1, V5};
use mqtt_codec::{
    BinaryData, ConnAck, ConnAckProperties, Connect, DecodeErrorKind, DecodeOptions, Delivery, Disconnect,
    DisconnectProperties, DisconnectReasonCode, Encode, EncodeError, EncodeErrorKind as Kind, EncodeOptions, Field,
    PacketIdentifier, PropertyIdentifier, ProtocolVersion, PubAck, PubAckProperties, PubComp, PubCompProperties,
    PubRec, PubRecProperties, PubRel, PubRelProperties, Publish, PublishProperties, QoS, ReasonCodes, Sender,
    StreamEncoder, SubAck, SubAckProperties, Subscribe, SubscribeProperties, Subscriptions, TopicFilters, TopicName,
    UnsubAck, UnsubAckProperties, Unsubscribe, UnsubscribeProperties, Utf8String, Will, WillProperties, decode,
    encode_publish_head, encode_publish_head_to,
};

const ID: PacketIdentifier = PacketIdentifier::MIN;
const USER_PROPERTY: &[u8] = b"\x26\0\x01k\0\x01v";

/// Encodes in every way. All give the same result.
fn encode(packet: &impl Encode, options: impl Into<EncodeOptions>) -> Result<usize, EncodeError> {
    let options = options.into();
    let result = packet.encode(options, &mut [0; 128]);
    assert_eq!(packet.encoded_len(options), result);
    assert_eq!(packet.encode_to(options, &mut BytesMut::new()), result);
    assert_eq!(packet.encode_vectored(options, &mut [0; 256]).map(|pieces| pieces.len()), result);
    result
}

/// Checks that a version does not have the packet, because of this field.
#[track_caller]
fn not_in(packet: &impl Encode, version: ProtocolVersion, field: Field) {
    let error = encode(packet, version).unwrap_err();
    assert_eq!((error.kind(), error.field()), (Kind::NotInVersion(version), field));
}

/// Checks that 5.0 has the packet and 3.x does not, because of this field.
#[track_caller]
fn only_in_5(packet: &impl Encode, field: Field) {
    encode(packet, V5).unwrap();
    not_in(packet, V3_1, field);
    not_in(packet, V3_1_1, field);
}

#[test]
fn properties_are_refused_in_3_x_whatever_else_the_packet_has() {
    let properties = PublishProperties::new(USER_PROPERTY).unwrap();
    for retain in [false, true] {
        for delivery in [
            Delivery::AtMostOnce,
            Delivery::at_least_once(ID),
            Delivery::at_least_once(ID).duplicate(),
            Delivery::exactly_once(ID),
            Delivery::exactly_once(ID).duplicate(),
        ] {
            let mut publish = Publish::with_properties(TopicName::from_static("a"), properties, b"x");
            (publish.delivery, publish.retain) = (delivery, retain);
            only_in_5(&publish, Field::Properties);
        }
    }
    // Success has no Reason Code in the shortest form, so only the properties are left to refuse.
    let properties = PubAckProperties::new(USER_PROPERTY).unwrap();
    only_in_5(&PubAck { properties, ..PubAck::new(ID) }, Field::Properties);
    let properties = PubRecProperties::new(USER_PROPERTY).unwrap();
    only_in_5(&PubRec { properties, ..PubRec::new(ID) }, Field::Properties);
    let properties = PubRelProperties::new(USER_PROPERTY).unwrap();
    only_in_5(&PubRel { properties, ..PubRel::new(ID) }, Field::Properties);
    let properties = PubCompProperties::new(USER_PROPERTY).unwrap();
    only_in_5(&PubComp { properties, ..PubComp::new(ID) }, Field::Properties);
    let properties = DisconnectProperties::new(USER_PROPERTY).unwrap();
    only_in_5(&Disconnect { properties, ..Disconnect::default() }, Field::Properties);

    let properties = SubscribeProperties::new(USER_PROPERTY).unwrap();
    let subscriptions = Subscriptions::new(b"\0\x01a\x01", V3_1).unwrap();
    only_in_5(&Subscribe { properties, ..Subscribe::new(ID, subscriptions) }, Field::Properties);
    let properties = UnsubscribeProperties::new(USER_PROPERTY).unwrap();
    let topic_filters = TopicFilters::new(b"\0\x01a", V3_1).unwrap();
    only_in_5(&Unsubscribe { properties, ..Unsubscribe::new(ID, topic_filters) }, Field::Properties);
    let mut suback = SubAck::new(ID, ReasonCodes::new(&[0, 1]).unwrap()).unwrap();
    suback.properties = SubAckProperties::new(USER_PROPERTY).unwrap();
    only_in_5(&suback, Field::Properties);
    let properties = ConnAckProperties::new(USER_PROPERTY).unwrap();
    only_in_5(&ConnAck::accepted(false).with_properties(properties), Field::Properties);
    let unsuback = UnsubAck {
        properties: UnsubAckProperties::new(USER_PROPERTY).unwrap(),
        ..UnsubAck::new(ID, ReasonCodes::default())
    };
    not_in(&unsuback, V3_1, Field::Properties);
    not_in(&unsuback, V3_1_1, Field::Properties);
}

#[test]
fn a_connect_is_refused_for_the_same_with_and_without_a_will() {
    let will = |qos, properties| Will {
        qos,
        properties,
        ..Will::new(TopicName::from_static("w"), BinaryData::new(b"").unwrap())
    };
    let explained = WillProperties::new(USER_PROPERTY).unwrap();
    let plain = Connect::new(Utf8String::from_static("c"));
    for version in [V3_1, V3_1_1] {
        for qos in QoS::ALL {
            let connect = Connect { protocol_version: version, will: Some(will(qos, explained)), ..plain };
            not_in(&connect, version, Field::WillProperties);
        }
    }
    let wills = QoS::ALL.map(|qos| Some(will(qos, WillProperties::default())));
    for will in wills.into_iter().chain([None]) {
        for version in [V3_1, V3_1_1] {
            let connect = Connect { protocol_version: version, will, ..plain };
            let properties = mqtt_codec::ConnectProperties::new(USER_PROPERTY).unwrap();
            not_in(&Connect { properties, ..connect }, version, Field::Properties);
            let password = Some(BinaryData::new(b"p").unwrap());
            not_in(&Connect { password, ..connect }, version, Field::Password);
            let user_name = Some(Utf8String::from_static("u"));
            encode(&Connect { password, user_name, bridge: true, ..connect }, version).unwrap();
        }
        not_in(&Connect { bridge: true, will, ..plain }, V5, Field::ProtocolVersion);
    }
}

#[test]
fn a_failure_anywhere_in_a_suback_is_refused_in_3_1() {
    for failure_at in 0..4 {
        let mut codes = [0, 1, 2, 0];
        encode(&SubAck::new(ID, ReasonCodes::new(&codes).unwrap()).unwrap(), V3_1).unwrap();
        codes[failure_at] = 0x80;
        let suback = SubAck::new(ID, ReasonCodes::new(&codes).unwrap()).unwrap();
        not_in(&suback, V3_1, Field::ReasonCode);
        encode(&suback, V3_1_1).unwrap();
        encode(&suback, V5).unwrap();
        codes[failure_at] = 0x87;
        only_in_5(&SubAck::new(ID, ReasonCodes::new(&codes).unwrap()).unwrap(), Field::ReasonCode);
    }
}

#[test]
fn an_unsuback_has_codes_in_5_0_only_however_many() {
    for len in 1..=3 {
        let reason_codes = ReasonCodes::new(&[0, 0x11, 0x80][..len]).unwrap();
        only_in_5(&UnsubAck::new(ID, reason_codes), Field::ReasonCode);
    }
    let empty: UnsubAck<&[u8]> = UnsubAck::new(ID, ReasonCodes::default());
    assert_eq!(encode(&empty, V3_1), Ok(4));
    assert_eq!(encode(&empty, V3_1_1), Ok(4));
    let error = encode(&empty, V5).unwrap_err();
    assert_eq!((error.kind(), error.field()), (Kind::ReasonCodesMissing, Field::ReasonCode));
}

#[test]
fn an_invalid_filter_is_refused_as_such_in_every_version() {
    for from in ProtocolVersion::ALL {
        let subscriptions = Subscriptions::new_allowing_invalid_filters(b"\0\x01a\x01\0\x02a+\x01", from).unwrap();
        let topic_filters = TopicFilters::new_allowing_invalid_filters(b"\0\x01a\0\x02a+", from).unwrap();
        for to in ProtocolVersion::ALL {
            for error in [
                encode(&Subscribe::new(ID, subscriptions), to).unwrap_err(),
                encode(&Unsubscribe::new(ID, topic_filters), to).unwrap_err(),
            ] {
                assert_eq!((error.kind(), error.field()), (Kind::InvalidTopicFilter, Field::TopicFilter), "{to}");
            }
        }
    }
    // What 3.x takes for an ordinary filter is valid there.
    let topic_filters = TopicFilters::new(b"\0\x07$share/", V3_1).unwrap();
    encode(&Unsubscribe::new(ID, topic_filters), V3_1_1).unwrap();
    not_in(&Unsubscribe::new(ID, topic_filters), V5, Field::TopicFilter);
}

#[test]
fn a_property_of_the_other_side_is_refused_beside_every_code_of_a_disconnect() {
    let mut pairs = 0;
    for (sender, identifier, bytes) in [
        (Sender::Client, PropertyIdentifier::ServerReference, &b"\x1C\0\x01s"[..]),
        (Sender::Server, PropertyIdentifier::SessionExpiryInterval, b"\x11\0\0\0\x09"),
    ] {
        let properties = DisconnectProperties::new(bytes).unwrap();
        let options = EncodeOptions::new(V5).with_sender(sender);
        for code in DisconnectReasonCode::ALL {
            let plain: Disconnect<&[u8]> = Disconnect::new(code);
            let disconnect = Disconnect { properties, ..plain };
            encode(&disconnect, V5).unwrap();
            if encode(&plain, options).is_ok() {
                let error = encode(&disconnect, options).unwrap_err();
                let expected = (Kind::NotFromSender(sender), Field::Property(identifier));
                assert_eq!((error.kind(), error.field()), expected, "{code}");
                pairs += 1;
            }
        }
    }
    assert_eq!(pairs, 14 + 29, "as many codes as the table of section 3.14.2.1 has for each side");
}

#[test]
fn the_head_of_a_publish_is_checked_for_characters_like_the_whole() {
    let properties = PublishProperties::new(b"\x26\0\x01\x01\0\x01v").unwrap();
    let strict = EncodeOptions::new(V5).refuse_discouraged_characters(true);
    for (publish, field) in [
        (Publish::new(TopicName::from_static("a\u{1}"), &b""[..]), Field::TopicName),
        (
            Publish::with_properties(TopicName::from_static("a"), properties, &b""[..]),
            Field::Property(PropertyIdentifier::UserProperty),
        ),
    ] {
        let error = encode(&publish, strict).unwrap_err();
        assert_eq!((error.kind(), error.field()), (Kind::DiscouragedCharacter, field));
        let mut output = BytesMut::new();
        assert_eq!(encode_publish_head(&publish, 9, strict, &mut [0; 64]), Err(error));
        assert_eq!(encode_publish_head_to(&publish, 9, strict, &mut output), Err(error));
        assert_eq!(StreamEncoder::new(strict).encode_publish_head(&publish, 9, &mut output), Err(error));
        assert!(output.is_empty());
        let len = encode_publish_head(&publish, 9, V5, &mut [0; 64]).unwrap();
        assert_eq!(encode_publish_head_to(&publish, 9, V5, &mut output), Ok(len));
    }
}

#[test]
fn the_payload_of_the_packet_has_no_part_in_a_head() {
    let (empty, full) =
        (Publish::new(TopicName::from_static("a"), b""), Publish::new(TopicName::from_static("a"), b"x"));
    for payload_len in [0, 1, 127, 128] {
        let [mut one, mut other] = [[0; 16]; 2];
        let len = encode_publish_head(&empty, payload_len, V5, &mut one);
        assert_eq!(encode_publish_head(&full, payload_len, V5, &mut other), len);
        assert_eq!(one, other);
    }
}

/// Every length that 5.0 has, in two bytes although one is enough.
#[test]
fn a_longer_length_is_taken_wherever_there_is_one_if_the_options_allow_it() {
    let packets: [(&[u8], usize); 19] = [
        (b"\x10\x0E\0\x04MQTT\x05\x02\0\0\0\0\x01c", 1),
        (b"\x10\x0E\0\x04MQTT\x05\x02\0\0\0\0\x01c", 12),
        (b"\x10\x15\0\x04MQTT\x05\x02\0\0\x07\x26\0\x01k\0\x01v\0\x01c", 12),
        (b"\x10\x14\0\x04MQTT\x05\x06\0\0\0\0\x01c\0\0\x01w\0\0", 16),
        (b"\x10\x1B\0\x04MQTT\x05\x06\0\0\0\0\x01c\x07\x26\0\x01k\0\x01v\0\x01w\0\0", 16),
        (b"\x20\x03\0\0\0", 4),
        (b"\x30\x04\0\x01a\0", 5),
        (b"\x32\x06\0\x01a\0\x01\0", 7),
        (b"\x40\x0B\0\x01\0\x07\x26\0\x01k\0\x01v", 5),
        (b"\x50\x0B\0\x01\0\x07\x26\0\x01k\0\x01v", 5),
        (b"\x62\x0B\0\x01\0\x07\x26\0\x01k\0\x01v", 5),
        (b"\x70\x0B\0\x01\0\x07\x26\0\x01k\0\x01v", 5),
        (b"\x82\x07\0\x01\0\0\x01a\x01", 4),
        (b"\x90\x04\0\x01\0\x01", 4),
        (b"\xA2\x06\0\x01\0\0\x01a", 4),
        (b"\xB0\x04\0\x01\0\0", 4),
        (b"\xC0\0", 1),
        (b"\xE0\x09\0\x07\x26\0\x01k\0\x01v", 3),
        (b"\xF0\x06\x18\x04\x15\0\x01M", 3),
    ];
    for (packet, length_at) in packets {
        let strict = DecodeOptions::new(V5);
        let (expected, consumed) = decode(packet, strict).unwrap().complete().unwrap();
        assert_eq!(consumed, packet.len(), "{packet:02x?}");
        let mut longer = packet.to_vec();
        longer[length_at] |= 0x80;
        longer.insert(length_at + 1, 0);
        longer[1] += u8::from(length_at > 1);
        let error = decode(&longer, strict).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (DecodeErrorKind::VariableByteIntegerNotMinimal, length_at));
        let (decoded, consumed) = decode(&longer, strict.allow_longer_lengths(true)).unwrap().complete().unwrap();
        assert_eq!((decoded, consumed), (expected, longer.len()));
    }
}
