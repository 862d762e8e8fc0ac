//! 1.5: data representation.

use crate::conformance::{accepts, packet, refuses, round_trips, string, variable_byte_integer, writes};
use crate::samples::{
    HOMES, Home, ILL_FORMED, MALFORMED, MINIMAL, WELL_FORMED, connect, minimal, publish, string_places,
};
use mqtt_codec::ProtocolVersion::V5;
use mqtt_codec::{
    AuthProperties, BuildError, ConnAckProperties, ConnectProperties, DecodeErrorKind as Kind, DisconnectProperties,
    Field, PropertyIdentifier as Id, PubAckProperties, Publish, PublishProperties, SubscribeProperties,
    SubscriptionIdentifier, TextErrorKind, TopicFilter, TopicName, Utf8String, VariableByteInteger, WillProperties,
    decode, decode_fixed_header,
};

#[test]
fn mqtt_1_5_4_1_strings_are_well_formed_utf8() {
    // Shortest form, no surrogates, nothing past U+10FFFF; in every string of every packet.
    for place in string_places() {
        for (text, fault) in ILL_FORMED {
            let (bytes, offset) = place.packet(text);
            refuses(V5, &bytes, Kind::IllFormedUtf8, place.field, offset + fault, "MQTT-1.5.4-1", MALFORMED);
        }
        for text in WELL_FORMED {
            round_trips(V5, &place.packet(text.as_bytes()).0);
        }
    }
    for (text, fault) in ILL_FORMED {
        for error in
            [Utf8String::new(text).unwrap_err(), TopicName::new(text).unwrap_err(), TopicFilter::new(text).unwrap_err()]
        {
            assert_eq!((error.kind(), error.offset()), (TextErrorKind::IllFormedUtf8, fault), "{text:02X?}");
        }
    }
}

#[test]
fn mqtt_1_5_4_1_every_pair_of_first_bytes_is_judged_by_the_table() {
    // The table of well-formed UTF-8, in full for the two bytes that decide.
    for first in 0x80..=0xFF_u8 {
        for second in 0..=0xFF_u8 {
            let (len, seconds) = match first {
                0xC2..=0xDF => (2, 0x80..=0xBF),
                0xE0 => (3, 0xA0..=0xBF),
                0xE1..=0xEC | 0xEE..=0xEF => (3, 0x80..=0xBF),
                0xED => (3, 0x80..=0x9F),
                0xF0 => (4, 0x90..=0xBF),
                0xF1..=0xF3 => (4, 0x80..=0xBF),
                0xF4 => (4, 0x80..=0x8F),
                _ => (2, 0x00..=0x00), // begins nothing: 00 is no continuation
            };
            let text = [first, second, 0x80, 0x80];
            let is_well_formed = second != 0 && seconds.contains(&second);
            let bytes = connect(0x02, &[&string(&text[..len])]);
            assert_eq!(decode(&bytes, V5).is_ok(), is_well_formed, "{:02X?}", &text[..len]);
            assert_eq!(Utf8String::new(&text[..len]).is_ok(), is_well_formed);
        }
    }
}

#[test]
fn mqtt_1_5_4_2_strings_hold_no_u0000() {
    // In every string of every packet, at every place of it.
    for place in string_places() {
        for (text, fault) in [(&b"\0"[..], 0), (b"\0a", 0), (b"a\0b", 1), (b"abcdefghi\0", 9)] {
            let (bytes, offset) = place.packet(text);
            refuses(V5, &bytes, Kind::NulCharacter, place.field, offset + fault, "MQTT-1.5.4-2", MALFORMED);
        }
        round_trips(V5, &place.packet(b"\x01").0);
        round_trips(V5, &place.packet(b"0").0);
    }
    assert_eq!(Utf8String::new("a\0").unwrap_err().kind(), TextErrorKind::NulCharacter);
    assert!(Utf8String::new("a\u{1}").is_ok());
    // Builders take text, so this is the only error that a caller can cause.
    let storage = &mut [0; 64];
    let is_nul = |error| match error {
        BuildError::Text { property, error } => (property, error.kind(), error.offset()),
        other => panic!("{other}"),
    };
    let nul_in = |property| (property, TextErrorKind::NulCharacter, 1);
    let error = PublishProperties::builder_in(storage).content_type("a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::ContentType));
    let error = WillProperties::builder_in(storage).response_topic("a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::ResponseTopic));
    let error = ConnAckProperties::builder_in(storage).assigned_client_identifier("a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::AssignedClientIdentifier));
    let error = ConnAckProperties::builder_in(storage).response_information("a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::ResponseInformation));
    let error = DisconnectProperties::builder_in(storage).server_reference("a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::ServerReference));
    let error = PubAckProperties::builder_in(storage).reason_string("a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::ReasonString));
    let error = AuthProperties::builder_in(storage, "a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::AuthenticationMethod));
    let error = ConnectProperties::builder_in(storage).user_property("a\0", "").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::UserProperty));
}

#[test]
fn mqtt_1_5_4_3_u_feff_is_kept_at_every_place() {
    // EF BB BF is a character like any other, at the start of a string too.
    for place in string_places() {
        for text in ["\u{FEFF}", "\u{FEFF}a", "a\u{FEFF}", "a\u{FEFF}b", "\u{FEFF}\u{FEFF}"] {
            round_trips(V5, &place.packet(text.as_bytes()).0);
        }
    }
    let bytes = packet(0x30, &[b"\x00\x04\xEF\xBB\xBFa", b"\x00"]);
    assert_eq!(publish(accepts(V5, &bytes)).topic(), "\u{FEFF}a");
    writes(Publish::new(TopicName::new("\u{FEFF}a").unwrap(), b""), V5, &bytes);
}

#[test]
fn mqtt_1_5_5_1_variable_byte_integers_have_the_fewest_bytes() {
    // Remaining Length, Property Length, Property Identifier and Subscription Identifier.
    const LONGER: [&[u8]; 8] = [
        b"\x80\x00",
        b"\x81\x00",
        b"\xFF\x00",
        b"\x80\x80\x00",
        b"\xFF\x80\x00",
        b"\xFF\xFF\x00",
        b"\x80\x80\x80\x00",
        b"\xFF\xFF\xFF\x00",
    ];
    let not_minimal = Kind::VariableByteIntegerNotMinimal;
    for first_byte in MINIMAL.iter().map(|(_, first_byte, _)| *first_byte).filter(|first_byte| *first_byte != 0x10) {
        for length in LONGER {
            let bytes = [&[first_byte], length].concat();
            refuses(V5, &bytes, not_minimal, Field::RemainingLength, 1, "MQTT-1.5.5-1", MALFORMED);
            let error = decode_fixed_header(&bytes, V5).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (not_minimal, 1));
        }
    }
    for (packet_type, first_byte, body) in MINIMAL {
        let len = u8::try_from(body.len()).unwrap();
        for length in [&[len | 0x80, 0x00][..], &[len | 0x80, 0x80, 0x00], &[len | 0x80, 0x80, 0x80, 0x00]] {
            let bytes = [&[first_byte], length, body].concat();
            refuses(V5, &bytes, not_minimal, Field::RemainingLength, 1, "MQTT-1.5.5-1", MALFORMED);
        }
        round_trips(V5, &minimal(packet_type));
    }
    for home in &HOMES {
        for length in LONGER {
            let bytes = packet(home.first_byte, &[home.before, length, &[0; 256]]);
            let offset = bytes.len() - 256 - length.len();
            refuses(V5, &bytes, not_minimal, home.fields.1, offset, "MQTT-1.5.5-1", MALFORMED);
        }
        // An identifier of two bytes is no identifier.
        let (bytes, offset) = home.packet_with(0x26, b"\xA6\x00\x00\x01n\x00\x01v");
        let unknown = Kind::UnknownProperty(0xA6);
        refuses(V5, &bytes, unknown, Field::PropertyIdentifier, offset, "section 2.2.2.2", MALFORMED);
    }
    for home in Home::homes_of(0x0B) {
        for value in LONGER {
            let (bytes, offset) = home.packet(&[b"\x0B", value].concat());
            let field = Field::Property(Id::SubscriptionIdentifier);
            refuses(V5, &bytes, not_minimal, field, offset + 1, "MQTT-1.5.5-1", MALFORMED);
        }
        for value in [1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455] {
            round_trips(V5, &home.packet(&[b"\x0B", &variable_byte_integer(value)[..]].concat()).0);
        }
    }
}

#[test]
fn mqtt_1_5_5_1_lengths_are_written_in_the_fewest_bytes() {
    // Both sides of each bound: the Remaining Length of a PUBLISH, then its Property Length.
    for (len, length) in [
        (127, &b"\x7F"[..]),
        (128, b"\x80\x01"),
        (16_383, b"\xFF\x7F"),
        (16_384, b"\x80\x80\x01"),
        (2_097_151, b"\xFF\xFF\x7F"),
        (2_097_152, b"\x80\x80\x80\x01"),
    ] {
        let payload = vec![0x55; len - 4];
        let bytes = [b"\x30", length, b"\x00\x01a\x00", &payload].concat();
        round_trips(V5, &bytes);
        writes(Publish::new(TopicName::new("a").unwrap(), &payload[..]), V5, &bytes);

        let mut storage = vec![0; len];
        let mut properties = PublishProperties::builder_in(&mut storage);
        let mut expected = vec![];
        while expected.len() < len {
            let value = "v".repeat((len - expected.len() - 5).min(65_535));
            expected.extend([b"\x26\x00\x00", &string(&value)[..]].concat());
            properties = properties.user_property("", &value);
        }
        assert_eq!(expected.len(), len);
        let bytes = packet(0x30, &[b"\x00\x01a", length, &expected]);
        round_trips(V5, &bytes);
        writes(Publish::with_properties(TopicName::new("a").unwrap(), properties.build().unwrap(), b""), V5, &bytes);
    }
    for value in [1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455] {
        let mut storage = [0; 8];
        let identifier = SubscriptionIdentifier::new(value).unwrap();
        let properties =
            SubscribeProperties::builder_in(&mut storage).subscription_identifier(identifier).build().unwrap();
        let expected = variable_byte_integer(usize::try_from(value).unwrap());
        assert_eq!(properties.as_bytes(), [b"\x0B", &expected[..]].concat());
        let integer = VariableByteInteger::new(value).unwrap();
        assert_eq!(integer.encode().as_ref(), expected);
    }
}

#[test]
fn mqtt_1_5_7_1_name_and_value_of_a_string_pair_are_strings() {
    // User Properties of all packets: name and value are checked, and both may be empty.
    for home in &HOMES {
        for (bad, kind, rule) in [
            (&b"a\xC0\x80"[..], Kind::IllFormedUtf8, "MQTT-1.5.4-1"),
            (b"a\xED\xA0\x80", Kind::IllFormedUtf8, "MQTT-1.5.4-1"),
            (b"a\0", Kind::NulCharacter, "MQTT-1.5.4-2"),
        ] {
            let field = Field::Property(Id::UserProperty);
            let (bytes, offset) = home.packet_with(0x26, &[b"\x26", &string(bad)[..], b"\x00\x01v"].concat());
            refuses(V5, &bytes, kind, field, offset + 4, rule, MALFORMED);
            let (bytes, offset) = home.packet_with(0x26, &[b"\x26\x00\x01n", &string(bad)[..]].concat());
            refuses(V5, &bytes, kind, field, offset + 7, rule, MALFORMED);
        }
        round_trips(V5, &home.packet_with(0x26, b"\x26\x00\x00\x00\x00").0);
        round_trips(V5, &home.packet_with(0x26, b"\x26\x00\x02\xC3\xA9\x00\x03\xE2\x82\xAC").0);
    }
    for (name, value) in [("\0", "v"), ("n", "\0")] {
        let error = PublishProperties::builder_in(&mut [0; 16]).user_property(name, value).build().unwrap_err();
        assert!(matches!(error, BuildError::Text { property: Id::UserProperty, .. }), "{error}");
    }
    let long = "a".repeat(65_536);
    for (name, value) in [(long.as_str(), "v"), ("n", long.as_str())] {
        let mut storage = vec![0; 70_000];
        assert!(PublishProperties::builder_in(&mut storage).user_property(name, value).build().is_err());
    }
}
