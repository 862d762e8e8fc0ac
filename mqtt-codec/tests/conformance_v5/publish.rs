//! 3.3: PUBLISH.

use crate::conformance::{accepts, packet, refuses, refuses_to_write, round_trips, string, writes};
use crate::connect::{is_a_string, keeps_user_properties};
use crate::samples::{
    Home, MALFORMED, PROTOCOL_ERROR, Place, Text, connect_of, identifier, publish, string_fields, string_places,
    string_properties,
};
use mqtt_codec::EncodeErrorKind::NotFromSender;
use mqtt_codec::ProtocolVersion::V5;
use mqtt_codec::{
    BuildError, DecodeErrorKind as Kind, DecodeOptions, Delivery, EncodeOptions, Field, Packet, PayloadFormat,
    PropertyIdentifier as Id, PublishProperties, QoS, ReasonCode, Sender, TextErrorKind, TopicName, WillProperties,
};

#[test]
fn mqtt_3_3_1_2_dup_is_0_at_qos_0() {
    // A PUBLISH of QoS 0 is never a duplicate; of QoS 1 and 2 it may be one.
    for retain in [0, 1] {
        let bytes = [0x38 | retain, 0x04, 0x00, 0x01, b'a', 0x00];
        refuses(V5, &bytes, Kind::DupAtQoS0, Field::Flags, 0, "MQTT-3.3.1-2", MALFORMED);
        refuses(V5, &bytes[..1], Kind::DupAtQoS0, Field::Flags, 0, "MQTT-3.3.1-2", MALFORMED);
        let bytes = [0x30 | retain, 0x04, 0x00, 0x01, b'a', 0x00];
        assert!(!publish(round_trips(V5, &bytes)).delivery.dup());
        for qos in [0x02, 0x04] {
            for dup in [0x00, 0x08] {
                let bytes = [0x30 | dup | qos | retain, 0x06, 0x00, 0x01, b'a', 0x00, 0x0A, 0x00];
                assert_eq!(publish(round_trips(V5, &bytes)).delivery.dup(), dup != 0);
            }
        }
    }
    // Only QoS 1 and 2 have DUP, so it cannot be encoded at QoS 0.
    assert!(!Delivery::AtMostOnce.dup() && !Delivery::AtMostOnce.duplicate().dup());
    assert!(Delivery::at_least_once(identifier(1)).duplicate().dup());
}

#[test]
fn mqtt_3_3_1_4_the_qos_bits_are_not_both_1() {
    // There is no QoS 3; it shows in the first byte.
    for first_byte in [0x36, 0x37, 0x3E, 0x3F] {
        let bytes = [first_byte, 0x06, 0x00, 0x01, b'a', 0x00, 0x0A, 0x00];
        refuses(V5, &bytes, Kind::InvalidQoS, Field::Flags, 0, "MQTT-3.3.1-4", MALFORMED);
        refuses(V5, &bytes[..1], Kind::InvalidQoS, Field::Flags, 0, "MQTT-3.3.1-4", MALFORMED);
    }
    for (first_byte, qos) in [(0x32, QoS::AtLeastOnce), (0x34, QoS::ExactlyOnce)] {
        let bytes = [first_byte, 0x06, 0x00, 0x01, b'a', 0x00, 0x0A, 0x00];
        assert_eq!(publish(round_trips(V5, &bytes)).delivery.qos(), qos);
    }
    assert!(QoS::try_from(3).is_err());
}

#[test]
fn mqtt_3_3_2_1_the_topic_name_is_first_and_a_string() {
    // The variable header begins with the Topic Name, which keeps the rules of strings.
    is_a_string(&string_fields(), Field::TopicName);
    for first_byte in [0x30, 0x32, 0x34] {
        for cut in 0..3 {
            let bytes = packet(first_byte, &[&b"\x00\x01a"[..cut]]);
            refuses(V5, &bytes, Kind::UnexpectedEnd, Field::TopicName, 2, "section 2.1.4", MALFORMED);
        }
    }
    let bytes = packet(0x32, &[b"\x00\x03a/b", b"\x00\x0A", b"\x00", b"hi"]);
    let decoded = publish(round_trips(V5, &bytes));
    assert_eq!((decoded.topic(), decoded.payload), ("a/b", &b"hi"[..]));
}

/// Checks that each place of a Topic Name refuses `+` and `#`, at any position in the text.
pub(crate) fn holds_no_wildcards(places: Vec<Place>, rule: impl Fn(Field) -> &'static str) {
    assert!(!places.is_empty());
    for place in places {
        for (text, fault) in [
            ("+", 0),
            ("#", 0),
            ("a/+", 2),
            ("a/#", 2),
            ("+/a", 0),
            ("1+1", 1),
            ("C#/code", 1),
            ("a/b/c/d/e/f/g/#", 14),
            ("é+", 2),
            ("$share/g/+", 9),
        ] {
            let (bytes, offset) = place.packet(text.as_bytes());
            let kind = Kind::WildcardInTopicName;
            refuses(V5, &bytes, kind, place.field, offset + fault, rule(place.field), PROTOCOL_ERROR);
        }
        // The neighbours of `+` (2B) and `#` (23), and what is no wildcard here.
        for text in ["\"", "$", "*", ",", "a*b?c", "/", "$SYS/a", "$share/g/t"] {
            round_trips(V5, &place.packet(text.as_bytes()).0);
        }
    }
    for text in ["+", "#", "a/+", "a/#", "1+1"] {
        assert_eq!(TopicName::new(text).unwrap_err().kind(), TextErrorKind::WildcardInTopicName);
    }
}

pub(crate) fn topic_names(field: Option<Field>) -> Vec<Place> {
    string_places()
        .into_iter()
        .filter(|place| place.text == Text::TopicName && field.is_none_or(|field| field == place.field))
        .collect()
}

#[test]
fn mqtt_3_3_2_2_the_topic_name_holds_no_wildcards() {
    // Neither + nor # may be in it, at any QoS.
    holds_no_wildcards(topic_names(Some(Field::TopicName)), |_| "MQTT-3.3.2-2");
}

#[test]
fn mqtt_3_3_2_4_the_payload_format_indicator_is_kept() {
    // Absent, 0 and 1 are three things, in PUBLISH and in the Will.
    let home = Home::named("PUBLISH");
    for (property, expected) in
        [(&b""[..], None), (b"\x01\x00", Some(PayloadFormat::Unspecified)), (b"\x01\x01", Some(PayloadFormat::Utf8))]
    {
        let bytes = home.packet(property).0;
        assert_eq!(publish(round_trips(V5, &bytes)).properties().payload_format_indicator(), expected);
        let bytes = Home::named("the Will").packet(property).0;
        let will = connect_of(round_trips(V5, &bytes)).will.unwrap();
        assert_eq!(will.properties.payload_format_indicator(), expected);
        let mut storage = [0; 2];
        let builder = PublishProperties::builder_in(&mut storage);
        let built = match expected {
            Some(value) => builder.payload_format_indicator(value).build().unwrap(),
            None => builder.build().unwrap(),
        };
        assert_eq!(built.as_bytes(), property);
    }
    let [absent, zero] = [&b""[..], b"\x01\x00"].map(|bytes| PublishProperties::new(bytes).unwrap());
    assert_ne!(absent, zero);
}

#[test]
fn mqtt_3_3_2_8_topic_alias_is_not_0() {
    // 0 is no alias; 1 to 65,535 are.
    let home = Home::named("PUBLISH");
    let (bytes, offset) = home.packet(b"\x23\x00\x00");
    let field = Field::Property(Id::TopicAlias);
    let answer = ReasonCode::TOPIC_ALIAS_INVALID;
    refuses(V5, &bytes, Kind::TopicAliasZero, field, offset + 1, "MQTT-3.3.2-8", answer);
    for value in [1_u16, 0x00FF, 0x0100, 0xFFFF] {
        let bytes = home.packet(&[b"\x23", &value.to_be_bytes()[..]].concat()).0;
        assert_eq!(publish(round_trips(V5, &bytes)).properties().topic_alias().unwrap().get(), value);
    }
    // A setter takes a number other than 0. Bytes are checked.
    assert!(PublishProperties::new(b"\x23\x00\x00").is_err());
}

#[test]
fn mqtt_3_3_2_13_the_response_topic_is_a_string() {
    // The Response Topic, in PUBLISH and in the Will, keeps the rules of strings.
    is_a_string(&string_properties(), Field::Property(Id::ResponseTopic));
}

#[test]
fn mqtt_3_3_2_14_the_response_topic_holds_no_wildcards() {
    // In PUBLISH and in the Will.
    let places = topic_names(Some(Field::Property(Id::ResponseTopic)));
    assert_eq!(places.len(), 2);
    holds_no_wildcards(places, |_| "MQTT-3.3.2-14");
    for text in ["+", "a/#"] {
        let error = PublishProperties::builder_in(&mut [0; 16]).response_topic(text).build().unwrap_err();
        let BuildError::Text { property: Id::ResponseTopic, error } = error else { panic!("{error}") };
        assert_eq!(error.kind(), TextErrorKind::WildcardInTopicName);
        assert!(WillProperties::builder_in(&mut [0; 16]).response_topic(text).build().is_err());
    }
}

#[test]
fn mqtt_3_3_2_15_the_response_topic_is_kept() {
    // It is forwarded byte for byte.
    for text in ["r", "/", "//", " a ", "Re/é", "Re/e\u{301}", "\u{FEFF}a", "a\u{1}"] {
        let bytes = Home::named("PUBLISH").packet(&[b"\x08", &string(text)[..]].concat()).0;
        assert_eq!(publish(round_trips(V5, &bytes)).properties().response_topic().unwrap(), text);
        let mut storage = [0; 16];
        let properties = PublishProperties::builder_in(&mut storage).response_topic(text).build().unwrap();
        assert_eq!(properties.as_bytes(), [b"\x08", &string(text)[..]].concat());
    }
}

#[test]
fn mqtt_3_3_2_16_the_correlation_data_are_kept() {
    // Any bytes; none is another thing than no property.
    for data in [&b""[..], b"\0", b"\xFF\xC0\x80", b"abc", &[0x55; 300]] {
        let bytes = Home::named("PUBLISH").packet(&[b"\x09", &string(data)[..]].concat()).0;
        assert_eq!(publish(round_trips(V5, &bytes)).properties().correlation_data().unwrap().as_bytes(), data);
        let mut storage = [0; 400];
        let properties = PublishProperties::builder_in(&mut storage).correlation_data(data).build().unwrap();
        assert_eq!(properties.as_bytes(), [b"\x09", &string(data)[..]].concat());
    }
    let bytes = Home::named("PUBLISH").packet(b"").0;
    assert_eq!(publish(accepts(V5, &bytes)).properties().correlation_data(), None);
}

pub(crate) fn user_properties_of_publish(packet: Packet<&[u8]>) -> Vec<(String, String)> {
    let publish = publish(packet);
    let pairs = publish.properties().user_properties();
    pairs.map(|pair| (pair.name.to_string(), pair.value.to_string())).collect()
}

#[test]
fn mqtt_3_3_2_17_all_user_properties_are_kept() {
    // Also those whose name, or name and value, was there before.
    let equal = b"\x26\x00\x01n\x00\x01v".repeat(300);
    let bytes = Home::named("PUBLISH").packet(&equal).0;
    let pairs = user_properties_of_publish(round_trips(V5, &bytes));
    assert_eq!(pairs.len(), 300);
    assert!(pairs.iter().all(|(name, value)| name == "n" && value == "v"));
    let mut storage = [0; 64];
    let built = PublishProperties::builder_in(&mut storage).user_property("n", "v").user_property("n", "v").build();
    assert_eq!(built.unwrap().as_bytes(), &equal[..14]);
}

#[test]
fn mqtt_3_3_2_18_user_properties_keep_their_order() {
    // Whatever stands between them, they come out in the order they went in.
    keeps_user_properties(Home::named("PUBLISH"), user_properties_of_publish);
    let mut storage = [0; 64];
    let built = PublishProperties::builder_in(&mut storage)
        .user_property("b", "")
        .content_type("t")
        .user_property("a", "")
        .build()
        .unwrap();
    assert_eq!(built.as_bytes(), b"\x26\x00\x01b\x00\x00\x03\x00\x01t\x26\x00\x01a\x00\x00");
    // And the order counts when two sets are compared.
    let swapped = PublishProperties::new(b"\x26\x00\x01a\x00\x00\x03\x00\x01t\x26\x00\x01b\x00\x00").unwrap();
    assert_ne!(built, swapped);
}

#[test]
fn mqtt_3_3_2_19_the_content_type_is_a_string() {
    // The Content Type, in PUBLISH and in the Will, keeps the rules of strings.
    is_a_string(&string_properties(), Field::Property(Id::ContentType));
}

#[test]
fn mqtt_3_3_2_20_the_content_type_is_kept() {
    // It is forwarded byte for byte; empty is another thing than absent.
    for text in ["", "text/plain; charset=utf-8", "+/#", " \u{FEFF}é\u{1} "] {
        let bytes = Home::named("PUBLISH").packet(&[b"\x03", &string(text)[..]].concat()).0;
        assert_eq!(publish(round_trips(V5, &bytes)).properties().content_type().unwrap(), text);
        let mut storage = [0; 64];
        let properties = PublishProperties::builder_in(&mut storage).content_type(text).build().unwrap();
        assert_eq!(properties.as_bytes(), [b"\x03", &string(text)[..]].concat());
    }
    let bytes = Home::named("PUBLISH").packet(b"").0;
    assert_eq!(publish(accepts(V5, &bytes)).properties().content_type(), None);
}

#[test]
fn mqtt_3_3_4_6_a_clients_publish_has_no_subscription_identifier() {
    // Only servers send the subscriptions that a message matched.
    let home = Home::named("PUBLISH");
    let field = Field::Property(Id::SubscriptionIdentifier);
    for (properties, at) in [
        (&b"\x0B\x01"[..], 0),
        (b"\x0B\xFF\xFF\xFF\x7F", 0),
        (b"\x0B\x01\x0B\x02", 0),
        (b"\x01\x00\x26\x00\x01n\x00\x01v\x0B\x01\x23\x00\x01", 9),
    ] {
        let (bytes, offset) = home.packet(properties);
        let kind = Kind::PropertyFromWrongSender(Sender::Client);
        let client = DecodeOptions::new(V5).with_sender(Sender::Client);
        refuses(client, &bytes, kind, field, offset + at, "MQTT-3.3.4-6", PROTOCOL_ERROR);
        for sender in [Sender::Server, Sender::Either] {
            let packet = round_trips(DecodeOptions::new(V5).with_sender(sender), &bytes);
            writes(packet, EncodeOptions::new(V5).with_sender(sender), &bytes);
            let client = EncodeOptions::new(V5).with_sender(Sender::Client);
            refuses_to_write(packet, client, NotFromSender(Sender::Client), field, "MQTT-3.3.4-6");
        }
    }
    let (bytes, _) = home.packet(b"\x23\x00\x01");
    let packet = round_trips(DecodeOptions::new(V5).with_sender(Sender::Client), &bytes);
    writes(packet, EncodeOptions::new(V5).with_sender(Sender::Client), &bytes);
}
