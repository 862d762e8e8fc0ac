//! Rules without a number, U1 to U18.

use crate::conformance::{accepts, packet, refuses, refuses_to_write, round_trips, variable_byte_integer, writes};
use crate::connack::AUTH_CODES;
use crate::samples::{
    HOMES, Home, MALFORMED, MINIMAL, OF_WILL, PROTOCOL_ERROR, Place, SAMPLES, Text, connect, field_place, id, minimal,
    publish, sample, string_places,
};
use mqtt_codec::EncodeErrorKind::NotFromSender;
use mqtt_codec::ProtocolVersion::V5;
use mqtt_codec::{
    AuthProperties, BuildError, ConnAckProperties, ConnectProperties, DecodeErrorKind as Kind, DecodeOptions, Decoded,
    EncodeOptions, Field, PacketType, PayloadFormat, Property, PropertyIdentifier as Id, Publish, PublishProperties,
    QoS, Sender, SubscribeProperties, SubscriptionIdentifier, TopicName, UnsubscribeProperties, Utf8String,
    WillProperties, decode, decode_fixed_header,
};

#[test]
fn u1_type_0_does_not_exist() {
    // All 16 first bytes of type 0 are malformed.
    for first_byte in 0x00..=0x0F {
        for bytes in [&[first_byte][..], &[first_byte, 0x00], &[first_byte, 0x02, 0x00, 0x0A]] {
            refuses(V5, bytes, Kind::ReservedPacketType, Field::PacketType, 0, "section 2.1.2", MALFORMED);
        }
    }
    assert!(PacketType::ALL[1..].iter().all(|packet_type| packet_type.exists_in(V5)));
    assert!(!PacketType::Reserved.exists_in(V5));
}

#[test]
fn u2_packets_flow_in_their_direction() {
    // Each type is refused from the side that does not send it, once the sender is known.
    use Sender::{Client, Either, Server};
    for (packet_type, sender) in [
        (PacketType::Connect, Client),
        (PacketType::ConnAck, Server),
        (PacketType::Publish, Either),
        (PacketType::PubAck, Either),
        (PacketType::PubRec, Either),
        (PacketType::PubRel, Either),
        (PacketType::PubComp, Either),
        (PacketType::Subscribe, Client),
        (PacketType::SubAck, Server),
        (PacketType::Unsubscribe, Client),
        (PacketType::UnsubAck, Server),
        (PacketType::PingReq, Client),
        (PacketType::PingResp, Server),
        (PacketType::Disconnect, Either),
        (PacketType::Auth, Either),
    ] {
        let bytes = minimal(packet_type);
        let packet = round_trips(V5, &bytes);
        for side in [Client, Server] {
            let (decoding, encoding) =
                (DecodeOptions::new(V5).with_sender(side), EncodeOptions::new(V5).with_sender(side));
            if sender == Either || sender == side {
                round_trips(decoding, &bytes);
                writes(packet, encoding, &bytes);
            } else {
                let (kind, field) = (Kind::WrongSender(side), Field::PacketType);
                refuses(decoding, &bytes, kind, field, 0, "section 2.1.2", PROTOCOL_ERROR);
                refuses(decoding, &bytes[..1], kind, field, 0, "section 2.1.2", PROTOCOL_ERROR);
                refuses_to_write(packet, encoding, NotFromSender(side), field, "section 2.1.2");
            }
        }
    }
}

#[test]
fn u3_remaining_length_has_at_most_four_bytes() {
    // A fifth byte is malformed, as soon as the fourth announces it.
    for (_, first_byte, _) in MINIMAL {
        for length in [&b"\xFF\xFF\xFF\xFF"[..], b"\x80\x80\x80\x80", b"\x80\x80\x80\x80\x01", b"\xFF\xFF\xFF\xFF\x7F"]
        {
            let bytes = [&[first_byte], length].concat();
            let kind = Kind::VariableByteIntegerTooLong;
            refuses(V5, &bytes, kind, Field::RemainingLength, 1, "section 1.5.5", MALFORMED);
        }
        // Three bytes that go on are no error yet.
        let Ok(Decoded::Incomplete { .. }) = decode(&[first_byte, 0xFF, 0xFF, 0xFF], V5) else { panic!() };
    }
    // The largest packet of all.
    let (header, _) = decode_fixed_header(b"\x30\xFF\xFF\xFF\x7F", V5).unwrap().complete().unwrap();
    assert_eq!(header.packet_len(), 268_435_460);
    let Ok(Decoded::Incomplete { needed }) = decode(b"\x30\xFF\xFF\xFF\x7F", V5) else { panic!() };
    assert_eq!(needed.get(), 268_435_455);
}

#[test]
fn u4_the_fields_fill_the_remaining_length() {
    // A surplus byte: it is decoded as some field, and the error is at its position.
    for (bytes, at) in [
        (packet(0x20, &[b"\x00\x00", b"\x00", b"\x00"]), 5),
        (packet(0x20, &[b"\x00\x00", b"\x02\x25\x01", b"\x25"]), 7),
        (packet(0x40, &[b"\x00\x0A", b"\x10", b"\x00", b"\x00"]), 6),
        (packet(0x50, &[b"\x00\x0A", b"\x10", b"\x00", b"\x00"]), 6),
        (packet(0x62, &[b"\x00\x0A", b"\x92", b"\x00", b"\x00"]), 6),
        (packet(0x70, &[b"\x00\x0A", b"\x92", b"\x00", b"\x00"]), 6),
        (packet(0xC0, &[b"\x00"]), 2),
        (packet(0xD0, &[b"\x00"]), 2),
        (packet(0xE0, &[b"\x00", b"\x00", b"\x00"]), 4),
        (packet(0xF0, &[b"\x18", b"\x04\x15\x00\x01M", b"\x00"]), 8),
        (packet(0x10, &[b"\x00\x04MQTT\x05\xC2\x00\x3C\x00", b"\x00\x01c", b"\x00\x01u", b"\x00\x01p", b"\x00"]), 22),
    ] {
        refuses(V5, &bytes, Kind::TrailingBytes, Field::Payload, at, "section 2.1.4", MALFORMED);
        let shorter = [&[bytes[0], bytes[1] - 1], &bytes[2..bytes.len() - 1]].concat();
        accepts(V5, &shorter);
    }
    // A byte too few, in each packet that does not end in a list or a payload, and has no short form there.
    for (bytes, field, at, rule) in [
        (packet(0x20, &[]), Field::AcknowledgeFlags, 2, "section 2.1.4"),
        (packet(0x20, &[b"\x00"]), Field::ReasonCode, 3, "section 2.1.4"),
        (packet(0x30, &[]), Field::TopicName, 2, "section 2.1.4"),
        (packet(0x32, &[b"\x00\x01a"]), Field::PacketIdentifier, 5, "section 2.1.4"),
        (packet(0x32, &[b"\x00\x01a\x00"]), Field::PacketIdentifier, 5, "section 2.1.4"),
        (packet(0x40, &[]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x40, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x50, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x62, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x70, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x82, &[]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x82, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x82, &[b"\x00\x0A\x00", b"\x00"]), Field::TopicFilter, 5, "section 2.1.4"),
        (packet(0x90, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0xA2, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0xA2, &[b"\x00\x0A\x00", b"\x00\x01a", b"\x00"]), Field::TopicFilter, 8, "section 2.1.4"),
        (packet(0xB0, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x10, &[]), Field::ProtocolName, 2, "section 2.1.4"),
        (packet(0x10, &[b"\x00\x04MQT"]), Field::ProtocolName, 2, "section 2.1.4"),
        (packet(0x10, &[b"\x00\x04MQTT"]), Field::ProtocolVersion, 8, "section 2.1.4"),
        (packet(0x10, &[b"\x00\x04MQTT\x05"]), Field::ConnectFlags, 9, "section 2.1.4"),
        (packet(0x10, &[b"\x00\x04MQTT\x05\x02"]), Field::KeepAlive, 10, "section 2.1.4"),
        (packet(0x10, &[b"\x00\x04MQTT\x05\x02\x00"]), Field::KeepAlive, 10, "section 2.1.4"),
        (packet(0x10, &[b"\x00\x04MQTT\x05\x02\x00\x3C"]), Field::PropertyLength, 12, "MQTT-2.2.2-1"),
    ] {
        refuses(V5, &bytes, Kind::UnexpectedEnd, field, at, rule, MALFORMED);
    }
    // The packet has exactly the announced length: a missing byte is awaited, and a further byte belongs to the next
    // packet.
    for (packet_type, ..) in MINIMAL {
        let bytes = minimal(packet_type);
        let Ok(Decoded::Incomplete { .. }) = decode(&bytes[..bytes.len() - 1], V5) else { panic!() };
        let Ok(Decoded::Complete { consumed, .. }) = decode(&[&bytes[..], b"\x00"].concat(), V5) else { panic!() };
        assert_eq!(consumed, bytes.len());
    }
}

#[test]
fn u5_strings_and_data_end_inside_of_the_packet() {
    // A length that runs past the end; of a field, and of a property past the block it is in.
    let rule = |field| match field {
        Field::ClientIdentifier => "MQTT-3.1.3-3",
        Field::WillTopic | Field::WillPayload => "MQTT-3.1.2-9",
        Field::UserName => "MQTT-3.1.2-17",
        Field::Password => "MQTT-3.1.2-19",
        Field::Property(_) => "section 2.2.2.1",
        _ => "section 2.1.4",
    };
    const CONNECT_USER: &[u8] = b"\x00\x04MQTT\x05\xC2\x00\x3C\x00\x00\x01c\x00\x01u";
    const CONNECT_WILL: &[u8] = b"\x00\x04MQTT\x05\x06\x00\x3C\x00\x00\x01c\x00\x00\x01w";
    let mut places = string_places();
    places.push(field_place("CONNECT", Field::Password, Text::Any, 0x10, CONNECT_USER, b""));
    places.push(field_place("CONNECT", Field::WillPayload, Text::Any, 0x10, CONNECT_WILL, b""));
    for place in places {
        for raw in [&b"\xFF\xFF"[..], b"\xFF\xFFab", b"\x01\x00ab"] {
            let (bytes, offset) = place.packet_of_raw(raw);
            refuses(V5, &bytes, Kind::UnexpectedEnd, place.field, offset, rule(place.field), MALFORMED);
        }
        // One more than there is, to the end of the packet or of the block.
        let (bytes, offset) = place.packet(b"ab");
        let in_block = matches!(place.field, Field::Property(_));
        if place.behind == 0 || in_block {
            let behind = bytes.len() - offset - 2;
            let rest = if in_block { behind - after_block(&place) } else { behind };
            let raw = [&u16::try_from(3 + rest).unwrap().to_be_bytes()[..], b"ab"].concat();
            let (bytes, offset) = place.packet_of_raw(&raw);
            refuses(V5, &bytes, Kind::UnexpectedEnd, place.field, offset, rule(place.field), MALFORMED);
        }
    }
    for home in HOMES.iter().filter(|home| home.allowed.contains(&0x09) || home.allowed.contains(&0x16)) {
        let number = if home.allowed.contains(&0x09) { 0x09 } else { 0x16 };
        for raw in [&b"\x00"[..], b"\x00\x01", b"\x00\x03ab", b"\xFF\xFFab"] {
            let (bytes, offset) = home.packet_with(number, &[&[number], raw].concat());
            let field = Field::Property(id(number));
            refuses(V5, &bytes, Kind::UnexpectedEnd, field, offset + 1, "section 2.2.2.1", MALFORMED);
        }
    }
}

/// The number of bytes after the properties of this place.
pub(crate) fn after_block(place: &Place) -> usize {
    HOMES.iter().find(|home| place.name.ends_with(&format!(" in {}", home.name))).unwrap().after.len()
}

#[test]
fn u6_control_and_non_characters_are_accepted_unless_refused_by_option() {
    // Each of the 64 control characters and 66 non-characters, in every string.
    let strict = DecodeOptions::new(V5).refuse_discouraged_characters(true);
    let planes = (0..=16_u32).flat_map(|plane| [plane << 16 | 0xFFFE, plane << 16 | 0xFFFF]);
    let discouraged: Vec<char> = (0x01..=0x1F)
        .chain(0x7F..=0x9F)
        .chain(0xFDD0..=0xFDEF)
        .chain(planes)
        .map(|code_point| char::from_u32(code_point).unwrap())
        .collect();
    assert_eq!(discouraged.len(), 31 + 33 + 66);
    // The neighbours of all these ranges, and U+FEFF.
    let fine = [
        ' ',
        '~',
        '\u{A0}',
        '\u{FDCF}',
        '\u{FDF0}',
        '\u{FEFF}',
        '\u{FFFD}',
        '\u{10000}',
        '\u{1FFFD}',
        '\u{20000}',
        '\u{10FFFD}',
    ];
    for place in string_places() {
        for character in &discouraged {
            let text = format!("é{character}b");
            let (bytes, offset) = place.packet(text.as_bytes());
            round_trips(V5, &bytes);
            let kind = Kind::DiscouragedCharacter;
            refuses(strict, &bytes, kind, place.field, offset + 2, "section 1.5.4", MALFORMED);
        }
        for character in fine {
            round_trips(strict, &place.packet(character.to_string().as_bytes()).0);
        }
    }
    for character in discouraged {
        let text = character.to_string();
        assert!(Utf8String::new(text.as_str()).unwrap().has_discouraged_characters());
    }
    // Data are no strings.
    round_trips(strict, &Home::named("PUBLISH").packet(b"\x09\x00\x01\x07").0);
    round_trips(strict, &connect(0x42, &[b"\x00\x01c", b"\x00\x01\x07"]));
}

#[test]
fn u7_properties_end_where_their_length_says() {
    // A Property Length that promises more than there is, and values that cross the end of the block.
    for home in &HOMES {
        // Longer than the rest of the packet.
        let len = home.after.len();
        for length in [len + 1, len + 2, 127, 128, 268_435_455] {
            let length = variable_byte_integer(length);
            let bytes = packet(home.first_byte, &[home.before, &length, home.after]);
            let at = bytes.len() - home.after.len() - length.len();
            refuses(V5, &bytes, Kind::UnexpectedEnd, home.fields.0, at, "section 2.2.2.1", MALFORMED);
        }
        // A length that does not end.
        let bytes = packet(home.first_byte, &[home.before, b"\x80"]);
        let at = bytes.len() - 1;
        let rule = if home.fields == OF_WILL { "MQTT-3.1.2-9" } else { "MQTT-2.2.2-1" };
        refuses(V5, &bytes, Kind::UnexpectedEnd, home.fields.1, at, rule, MALFORMED);
        let bytes = packet(home.first_byte, &[home.before, b"\xFF\xFF\xFF\xFF\x01", home.after]);
        let at = bytes.len() - home.after.len() - 5;
        let kind = Kind::VariableByteIntegerTooLong;
        refuses(V5, &bytes, kind, home.fields.1, at, "section 1.5.5", MALFORMED);
        // A value that crosses the end of the properties, although the packet continues after it.
        for &number in home.allowed {
            let property = sample(number);
            for cut in 1..property.len() {
                let (head, tail) = property.split_at(cut);
                let companion = home.companion(number);
                let length = variable_byte_integer(companion.len() + head.len());
                let bytes = packet(home.first_byte, &[home.before, &length, companion, head, tail, home.after]);
                let value_at = bytes.len() - home.after.len() - property.len() + 1;
                // Of a User Property the part that is cut off.
                let at = if number == 0x26 && cut >= 4 { value_at + 3 } else { value_at };
                let field = Field::Property(id(number));
                refuses(V5, &bytes, Kind::UnexpectedEnd, field, at, "section 2.2.2.1", MALFORMED);
            }
        }
    }
}

#[test]
fn u8_identifiers_are_known_and_at_home_in_the_packet() {
    // All 256 numbers in all 14 places.
    let mut pairs = 0;
    for home in &HOMES {
        for number in 0..=0xFF_u8 {
            let Some(identifier) = Id::from_u8(number) else {
                assert!(SAMPLES.iter().all(|(known, _)| *known != number), "{number:#04X}");
                let (bytes, at) = home.packet_with(number, &[number, 0x00, 0x00]);
                let (kind, field) = (Kind::UnknownProperty(number), Field::PropertyIdentifier);
                refuses(V5, &bytes, kind, field, at, "section 2.2.2.2", MALFORMED);
                continue;
            };
            let (bytes, at) = home.packet_with(number, sample(number));
            let allowed = if home.fields == OF_WILL {
                identifier.is_allowed_in_will()
            } else {
                identifier.is_allowed_in(home.packet_type)
            };
            assert_eq!(allowed, home.allowed.contains(&number), "{identifier} in {}", home.name);
            if allowed {
                round_trips(V5, &bytes);
                pairs += 1;
            } else {
                let field = Field::Property(identifier);
                refuses(V5, &bytes, Kind::PropertyNotAllowed, field, at, "section 2.2.2.2", MALFORMED);
            }
        }
    }
    assert_eq!(pairs, HOMES.iter().map(|home| home.allowed.len()).sum::<usize>());
    // Builders that are given a property of another packet.
    let delay = Property::WillDelayInterval(1);
    let error = PublishProperties::builder_in(&mut [0; 8]).property(&delay).build().unwrap_err();
    assert_eq!(error, BuildError::NotAllowed(Id::WillDelayInterval));
    let alias = Property::TopicAlias(1.try_into().unwrap());
    let error = WillProperties::builder_in(&mut [0; 8]).property(&alias).build().unwrap_err();
    assert_eq!(error, BuildError::NotAllowed(Id::TopicAlias));
    let reason = Property::ReasonString(Utf8String::new("r").unwrap());
    let error = UnsubscribeProperties::builder_in(&mut [0; 8]).property(&reason).build().unwrap_err();
    assert_eq!(error, BuildError::NotAllowed(Id::ReasonString));
}

#[test]
fn u9_values_are_of_their_propertys_type() {
    // Each cut of each value, as the last thing in the block and in the packet.
    for home in HOMES.iter().filter(|home| home.after.is_empty()) {
        for &number in home.allowed {
            let property = sample(number);
            for cut in 1..property.len() {
                let (bytes, at) = home.packet_with(number, &property[..cut]);
                let at = if number == 0x26 && cut >= 4 { at + 4 } else { at + 1 };
                let field = Field::Property(id(number));
                refuses(V5, &bytes, Kind::UnexpectedEnd, field, at, "section 2.2.2.1", MALFORMED);
            }
        }
    }
    // The one Variable Byte Integer among them, of five bytes.
    for home in Home::homes_of(0x0B) {
        for value in [&b"\x0B\xFF\xFF\xFF\xFF"[..], b"\x0B\x80\x80\x80\x80\x01"] {
            let (bytes, at) = home.packet(value);
            let (kind, field) = (Kind::VariableByteIntegerTooLong, Field::Property(Id::SubscriptionIdentifier));
            refuses(V5, &bytes, kind, field, at + 1, "section 1.5.5", MALFORMED);
        }
    }
    // A string whose length includes the next property, and a string whose length ends too early.
    let (bytes, at) = Home::named("CONNACK").packet(b"\x1F\x00\x01r\x25");
    let field = Field::Property(Id::RetainAvailable);
    refuses(V5, &bytes, Kind::UnexpectedEnd, field, at + 5, "section 2.2.2.1", MALFORMED);
    // The largest values of the numbers.
    for property in
        [&b"\x11\xFF\xFF\xFF\xFF"[..], b"\x21\xFF\xFF", b"\x22\xFF\xFF", b"\x22\x00\x00", b"\x27\xFF\xFF\xFF\xFF"]
    {
        round_trips(V5, &Home::named("CONNECT").packet(property).0);
        round_trips(V5, &Home::named("CONNACK").packet(property).0);
    }
}

#[test]
fn u10_the_order_of_different_properties_has_no_meaning() {
    // Turned and reversed, they are equal sets, and are written as they came.
    for home in &HOMES {
        let method_first = home.companion(0x26);
        let others = home.allowed.iter().filter(|number| method_first.is_empty() || **number != 0x15);
        let mut properties: Vec<&[u8]> = others.map(|number| sample(*number)).collect();
        if !method_first.is_empty() {
            properties.push(method_first);
        }
        let sorted = properties.concat();
        let (bytes, _) = home.packet(&sorted);
        for _ in 0..properties.len() {
            properties.rotate_left(1);
            let (turned, _) = home.packet(&properties.concat());
            assert!(round_trips(V5, &bytes) == round_trips(V5, &turned), "{}", home.name);
        }
        properties.reverse();
        let (backwards, _) = home.packet(&properties.concat());
        assert!(round_trips(V5, &bytes) == round_trips(V5, &backwards), "{}", home.name);
    }
}

#[test]
fn u11_a_single_property_is_not_repeated() {
    // Each property in each packet; twice the same, and with another one between them.
    for home in &HOMES {
        for &number in home.allowed {
            let property = sample(number);
            let twice = [property, property].concat();
            let (bytes, at) = home.packet_with(number, &twice);
            if number == 0x26 || number == 0x0B && home.name == "PUBLISH" {
                round_trips(V5, &bytes);
                continue;
            }
            let (kind, field) = (Kind::DuplicateProperty, Field::Property(id(number)));
            let second = at + property.len();
            refuses(V5, &bytes, kind, field, second, "section 2.2.2.2", PROTOCOL_ERROR);
            let apart = [property, sample(0x26), property].concat();
            let (bytes, at) = home.packet_with(number, &apart);
            let second = at + property.len() + sample(0x26).len();
            refuses(V5, &bytes, kind, field, second, "section 2.2.2.2", PROTOCOL_ERROR);
            round_trips(V5, &home.packet_with(number, property).0);
        }
    }
    let storage = &mut [0; 32];
    let error = PublishProperties::builder_in(storage).content_type("a").content_type("b").build().unwrap_err();
    assert_eq!(error, BuildError::Duplicate(Id::ContentType));
    let indicator = PayloadFormat::Utf8;
    let error = PublishProperties::builder_in(storage)
        .payload_format_indicator(indicator)
        .payload_format_indicator(indicator)
        .build()
        .unwrap_err();
    assert_eq!(error, BuildError::Duplicate(Id::PayloadFormatIndicator));
    let error = AuthProperties::builder_in(storage, "a").authentication_method("b").build().unwrap_err();
    assert_eq!(error, BuildError::Duplicate(Id::AuthenticationMethod));
    let one = SubscriptionIdentifier::new(1).unwrap();
    let error = SubscribeProperties::builder_in(storage)
        .subscription_identifier(one)
        .subscription_identifier(one)
        .build()
        .unwrap_err();
    assert_eq!(error, BuildError::Duplicate(Id::SubscriptionIdentifier));
    let many = PublishProperties::builder_in(storage).subscription_identifier(one).subscription_identifier(one).build();
    assert_eq!(many.unwrap().subscription_identifiers().count(), 2);
}

#[test]
fn u12_properties_of_one_byte_are_0_or_1() {
    // All 256 values of each; for the Payload Format Indicator the standard names no class.
    for (home, number, rule) in [
        ("CONNECT", 0x19, "section 3.1.2.11.6"),
        ("CONNECT", 0x17, "section 3.1.2.11.7"),
        ("CONNACK", 0x24, "section 3.2.2.3.4"),
        ("CONNACK", 0x25, "section 3.2.2.3.5"),
        ("CONNACK", 0x28, "section 3.2.2.3.11"),
        ("CONNACK", 0x29, "section 3.2.2.3.12"),
        ("CONNACK", 0x2A, "section 3.2.2.3.13"),
        ("PUBLISH", 0x01, "section 3.3.2.3.2"),
        ("the Will", 0x01, "section 3.1.3.2.3"),
    ] {
        for value in 0..=0xFF {
            let (bytes, at) = Home::named(home).packet(&[number, value]);
            if value < 2 {
                round_trips(V5, &bytes);
            } else {
                let (kind, field) = (Kind::InvalidPropertyValue, Field::Property(id(number)));
                refuses(V5, &bytes, kind, field, at + 1, rule, PROTOCOL_ERROR);
            }
        }
    }
    let builder = |qos| ConnAckProperties::builder_in(&mut [0; 8]).maximum_qos(qos).build().map(|_| ());
    assert_eq!(builder(QoS::AtMostOnce), Ok(()));
    assert_eq!(builder(QoS::AtLeastOnce), Ok(()));
    assert_eq!(builder(QoS::ExactlyOnce), Err(BuildError::InvalidValue(Id::MaximumQoS)));
}

#[test]
fn u13_receive_maximum_is_not_0() {
    // In CONNECT and in CONNACK.
    for (home, rule) in [("CONNECT", "section 3.1.2.11.3"), ("CONNACK", "section 3.2.2.3.3")] {
        let (bytes, at) = Home::named(home).packet(b"\x21\x00\x00");
        let (kind, field) = (Kind::InvalidPropertyValue, Field::Property(Id::ReceiveMaximum));
        refuses(V5, &bytes, kind, field, at + 1, rule, PROTOCOL_ERROR);
        for value in [&b"\x21\x00\x01"[..], b"\x21\x01\x00", b"\x21\xFF\xFF"] {
            round_trips(V5, &Home::named(home).packet(value).0);
        }
    }
}

#[test]
fn u14_maximum_packet_size_is_not_0() {
    // In CONNECT and in CONNACK.
    for (home, rule) in [("CONNECT", "section 3.1.2.11.4"), ("CONNACK", "section 3.2.2.3.6")] {
        let (bytes, at) = Home::named(home).packet(b"\x27\x00\x00\x00\x00");
        let (kind, field) = (Kind::InvalidPropertyValue, Field::Property(Id::MaximumPacketSize));
        refuses(V5, &bytes, kind, field, at + 1, rule, PROTOCOL_ERROR);
        for value in [&b"\x27\x00\x00\x00\x01"[..], b"\x27\x01\x00\x00\x00", b"\x27\xFF\xFF\xFF\xFF"] {
            round_trips(V5, &Home::named(home).packet(value).0);
        }
    }
}

#[test]
fn u15_subscription_identifier_is_not_0() {
    // 1 to 268,435,455; at most one in SUBSCRIBE, any number in PUBLISH.
    let field = Field::Property(Id::SubscriptionIdentifier);
    for (home, rule) in [("SUBSCRIBE", "section 3.8.2.1.2"), ("PUBLISH", "section 3.3.2.3.8")] {
        let (bytes, at) = Home::named(home).packet(b"\x0B\x00");
        refuses(V5, &bytes, Kind::InvalidPropertyValue, field, at + 1, rule, PROTOCOL_ERROR);
        round_trips(V5, &Home::named(home).packet(b"\x0B\x01").0);
        round_trips(V5, &Home::named(home).packet(b"\x0B\xFF\xFF\xFF\x7F").0);
    }
    let (bytes, at) = Home::named("SUBSCRIBE").packet(b"\x0B\x01\x0B\x02");
    refuses(V5, &bytes, Kind::DuplicateProperty, field, at + 2, "section 2.2.2.2", PROTOCOL_ERROR);
    let bytes = Home::named("PUBLISH").packet(b"\x0B\x02\x0B\x01\x0B\x02").0;
    let publish = publish(round_trips(V5, &bytes));
    assert!(publish.properties().subscription_identifiers().map(SubscriptionIdentifier::get).eq([2, 1, 2]));
    assert_eq!(SubscriptionIdentifier::new(0), None);
    assert_eq!(SubscriptionIdentifier::new(268_435_456), None);
    assert_eq!(SubscriptionIdentifier::new(268_435_455).unwrap().get(), 268_435_455);
}

#[test]
fn u16_authentication_data_of_connect_need_a_method() {
    // Data that answer no method are a Protocol Error.
    let (kind, field) = (Kind::AuthenticationDataWithoutMethod, Field::Property(Id::AuthenticationData));
    for (properties, at) in [(&b"\x16\x00\x01d"[..], 0), (b"\x16\x00\x00", 0), (b"\x17\x01\x16\x00\x01d", 2)] {
        let (bytes, offset) = Home::named("CONNECT").packet(properties);
        refuses(V5, &bytes, kind, field, offset + at, "section 3.1.2.11.10", PROTOCOL_ERROR);
    }
    // Before or after the method, and in CONNACK without a method.
    round_trips(V5, &Home::named("CONNECT").packet(b"\x16\x00\x01d\x15\x00\x01M").0);
    round_trips(V5, &Home::named("CONNECT").packet(b"\x15\x00\x01M\x16\x00\x01d").0);
    round_trips(V5, &Home::named("CONNECT").packet(b"\x15\x00\x00\x16\x00\x00").0);
    round_trips(V5, &Home::named("CONNACK").packet(b"\x16\x00\x01d").0);
    let error = ConnectProperties::builder_in(&mut [0; 8]).authentication_data(b"d").build().unwrap_err();
    assert_eq!(error, BuildError::AuthenticationDataWithoutMethod);
}

#[test]
fn u17_auth_has_an_authentication_method() {
    // The form lets it be left out, section 3.15.2.2.2 does not.
    let (kind, field) = (Kind::AuthenticationMethodMissing, Field::Property(Id::AuthenticationMethod));
    for code in AUTH_CODES {
        for rest in [&b""[..], b"\x00", b"\x04\x16\x00\x01d", b"\x04\x1F\x00\x01r", b"\x05\x26\x00\x00\x00\x00"] {
            let bytes = packet(0xF0, &[&[code], rest]);
            let at = bytes.len();
            refuses(V5, &bytes, kind, field, at, "section 3.15.2.2.2", PROTOCOL_ERROR);
        }
        round_trips(V5, &packet(0xF0, &[&[code], b"\x03\x15\x00\x00"]));
        round_trips(V5, &packet(0xF0, &[&[code], b"\x08\x16\x00\x01d\x15\x00\x01M"]));
    }
    refuses(V5, &[0xF0, 0x00], kind, field, 2, "section 3.15.2.2.2", PROTOCOL_ERROR);
    // A builder of these properties begins with the method.
    let properties = AuthProperties::builder_in(&mut [0; 8], "M").build().unwrap().as_bytes().to_vec();
    assert_eq!(properties, b"\x15\x00\x01M");
}

#[test]
fn u18_an_empty_topic_name_needs_a_topic_alias() {
    // No name and no alias is a Protocol Error.
    for first_byte in [0x30, 0x32, 0x34] {
        let id: &[u8] = if first_byte == 0x30 { b"" } else { b"\x00\x0A" };
        for properties in [&b"\x00"[..], b"\x02\x01\x01", b"\x04\x08\x00\x01r"] {
            let bytes = packet(first_byte, &[b"\x00\x00", id, properties, b"hi"]);
            let kind = Kind::TopicAliasMissing;
            refuses(V5, &bytes, kind, Field::TopicName, 2, "section 3.3.2.1", PROTOCOL_ERROR);
        }
        let bytes = packet(first_byte, &[b"\x00\x00", id, b"\x03\x23\x00\x01", b"hi"]);
        let decoded = publish(round_trips(V5, &bytes));
        assert_eq!((decoded.topic_name(), decoded.topic()), (None, ""));
        assert_eq!(decoded.properties().topic_alias().unwrap().get(), 1);
    }
    let none = PublishProperties::<&[u8]>::default();
    assert!(Publish::with_alias_only(none, b"").is_err());
    let alias = PublishProperties::new(b"\x23\x00\x01").unwrap();
    let mut publish = Publish::with_alias_only(alias, b"").unwrap();
    writes(publish, V5, &[0x30, 0x06, 0x00, 0x00, 0x03, 0x23, 0x00, 0x01]);
    assert!(publish.set_properties(none).is_err());
    publish.set_topic_name(TopicName::new("a").unwrap());
    publish.set_properties(none).unwrap();
    assert!(publish.remove_topic_name().is_err());
    writes(publish, V5, &[0x30, 0x04, 0x00, 0x01, b'a', 0x00]);
}
