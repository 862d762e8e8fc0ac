//! 4 and 6: operational behaviour, WebSocket.

use crate::conformance::{packet, refuses, refuses_somehow, refuses_to_write, rewrites, round_trips, writes};
use crate::publish::{holds_no_wildcards, topic_names};
use crate::samples::{MALFORMED, MINIMAL, PROTOCOL_ERROR, Text, identifier, string_places};
use crate::subscribe::topic_filters;
use mqtt_codec::EncodeErrorKind::NotInVersion;
use mqtt_codec::ProtocolVersion::{V3_1_1, V5};
use mqtt_codec::{
    DecodeErrorKind as Kind, DecodeOptions, Decoded, Delivery, Field, Publish, PublishProperties, Subscribe,
    Subscriptions, TextErrorKind, TopicFilter, TopicFilters, TopicName, Unsubscribe, Utf8String, decode,
};

#[test]
fn mqtt_4_3_1_1_a_publish_of_qos_0_is_written_with_dup_0() {
    // A `Publish` of QoS 0 cannot represent DUP.
    let mut publish = Publish::new(TopicName::new("a").unwrap(), b"hi");
    for (retain, first_byte) in [(false, 0x30), (true, 0x31)] {
        publish.retain = retain;
        for delivery in [Delivery::AtMostOnce, Delivery::AtMostOnce.duplicate()] {
            publish.delivery = delivery;
            writes(publish, V5, &[first_byte, 0x06, 0x00, 0x01, b'a', 0x00, b'h', b'i']);
        }
    }
    // Read with DUP, where the caller allows it, written without.
    let lenient = DecodeOptions::new(V5).allow_dup_at_qos_0(true);
    rewrites(lenient, &[0x38, 0x04, 0x00, 0x01, b'a', 0x00], &[0x30, 0x04, 0x00, 0x01, b'a', 0x00]);
    rewrites(lenient, &[0x39, 0x04, 0x00, 0x01, b'a', 0x00], &[0x31, 0x04, 0x00, 0x01, b'a', 0x00]);
}

#[test]
fn mqtt_4_7_0_1_wildcards_are_for_topic_filters_only() {
    // Topic Name, Will Topic, and the Response Topics of PUBLISH and Will.
    let places = topic_names(None);
    assert_eq!(places.len(), 6);
    holds_no_wildcards(places, |field| match field {
        Field::TopicName => "MQTT-3.3.2-2",
        Field::Property(_) => "MQTT-3.3.2-14",
        _ => "MQTT-4.7.0-1",
    });
    for place in topic_filters(false).into_iter().chain(topic_filters(true)) {
        for filter in ["+", "#", "a/+", "a/#", "+/+/#"] {
            round_trips(V5, &place.packet(filter.as_bytes()).0);
        }
    }
}

/// Filters that are wrong at a byte, and filters that are right; in each place of SUBSCRIBE and UNSUBSCRIBE.
pub(crate) fn filters_are(
    bad: &[(&str, Kind, TextErrorKind, usize)],
    rule: impl Fn(Kind) -> &'static str,
    good: &[&str],
) {
    for place in topic_filters(false).into_iter().chain(topic_filters(true)) {
        for &(filter, kind, _, fault) in bad {
            let (bytes, offset) = place.packet(filter.as_bytes());
            refuses(V5, &bytes, kind, Field::TopicFilter, offset + fault, rule(kind), PROTOCOL_ERROR);
        }
        for filter in good {
            round_trips(V5, &place.packet(filter.as_bytes()).0);
        }
    }
    for &(filter, _, kind, fault) in bad {
        let error = TopicFilter::new(filter).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, fault), "{filter}");
    }
    for filter in good {
        assert_eq!(TopicFilter::new(*filter).unwrap(), *filter);
    }
}

#[test]
fn mqtt_4_7_1_1_a_multi_level_wildcard_is_the_whole_last_level() {
    // `#` stands alone or after a `/`, and ends the filter.
    let bad = [
        ("a#", 1),
        ("#a", 0),
        ("##", 0),
        ("#/", 0),
        ("#/a", 0),
        ("#/#", 0),
        ("a/#/b", 2),
        ("a/#/", 2),
        ("a/b#", 3),
        ("a/#b", 2),
        ("/#/", 1),
        ("sport/tennis#", 12),
        ("sport/tennis/#/ranking", 13),
        ("温/#a", 4),
    ];
    let bad = bad.map(|(filter, at)| {
        (filter, Kind::MisplacedMultiLevelWildcard, TextErrorKind::MisplacedMultiLevelWildcard, at)
    });
    let good = ["#", "a/#", "/#", "//#", "+/#", "a/+/#", "sport/tennis/#", "$SYS/#", "$share/g/#"];
    filters_are(&bad, |_| "MQTT-4.7.1-1", &good);
}

#[test]
fn mqtt_4_7_1_2_a_single_level_wildcard_is_a_whole_level() {
    // + stands between two of /, start and end.
    let bad = [
        ("a+", 1),
        ("+a", 0),
        ("++", 0),
        ("a/+b", 2),
        ("a/b+", 3),
        ("a+/b", 1),
        ("a/b+c/d", 3),
        ("/+a", 1),
        ("+/+a", 2),
        ("sport+", 5),
        ("温+", 3),
    ];
    let bad = bad.map(|(filter, at)| {
        (filter, Kind::MisplacedSingleLevelWildcard, TextErrorKind::MisplacedSingleLevelWildcard, at)
    });
    let good = ["+", "+/", "/+", "+/+", "a/+", "+/a", "a/+/b", "a/+/+/b", "+/tennis/#", "$SYS/+/x", "$share/g/+"];
    filters_are(&bad, |_| "MQTT-4.7.1-2", &good);
}

pub(crate) fn matches(filter: &str, name: &str) -> bool {
    TopicFilter::new(filter).unwrap().matches(&TopicName::new(name).unwrap())
}

#[test]
fn mqtt_4_7_2_1_leading_wildcards_do_not_match_names_with_a_dollar_sign() {
    // The first character of the filter against the first of the name.
    for name in ["$SYS/monitor/Clients", "$", "$a", "$SYS", "$/a/b"] {
        for filter in
            ["#", "+", "+/#", "+/monitor/Clients", "+/monitor/#", "+/+/+", "+/+", "$share/g/#", "$share/g/+/#"]
        {
            assert!(!matches(filter, name), "{filter} {name}");
        }
        assert!(matches(name, name));
    }
    for (filter, name) in [
        ("$SYS/#", "$SYS/monitor/Clients"),
        ("$SYS/#", "$SYS"),
        ("$SYS/monitor/+", "$SYS/monitor/Clients"),
        ("$share/g/$SYS/#", "$SYS/a"),
        // only as the first character
        ("#", "a/$b"),
        ("+/+", "a/$b"),
        ("#", "/$a"),
        ("+", "a$"),
        // and only wildcards at the start
        ("$SYS/+", "$SYS/$a"),
    ] {
        assert!(matches(filter, name), "{filter} {name}");
    }
}

#[test]
fn mqtt_4_7_3_1_topics_have_a_character() {
    // There is no byte to point at but those of the length. The Topic Name of PUBLISH is U18.
    for place in string_places() {
        let (bytes, offset) = place.packet(b"");
        match (place.text, place.field) {
            (Text::Any, _) => {
                round_trips(V5, &bytes);
            }
            (_, Field::TopicName) => {
                let kind = Kind::TopicAliasMissing;
                refuses(V5, &bytes, kind, Field::TopicName, 2, "section 3.3.2.1", PROTOCOL_ERROR);
            }
            _ => refuses(V5, &bytes, Kind::EmptyTopic, place.field, offset - 2, "MQTT-4.7.3-1", PROTOCOL_ERROR),
        }
        for text in ["a", "/", " "] {
            round_trips(V5, &place.packet(text.as_bytes()).0);
        }
    }
    assert_eq!(TopicName::new("").unwrap_err().kind(), TextErrorKind::EmptyTopic);
    assert_eq!(TopicFilter::new("").unwrap_err().kind(), TextErrorKind::EmptyTopic);
}

#[test]
fn mqtt_4_7_3_2_topics_hold_no_u0000() {
    // The rule of strings, said again for topics.
    for place in string_places().into_iter().filter(|place| place.text != Text::Any) {
        for (text, fault) in [(&b"\0"[..], 0), (b"a/\0", 2), (b"\0/a", 0)] {
            let (bytes, offset) = place.packet(text);
            refuses(V5, &bytes, Kind::NulCharacter, place.field, offset + fault, "MQTT-1.5.4-2", MALFORMED);
        }
        round_trips(V5, &place.packet(b"a/\x01").0);
    }
    assert_eq!(TopicName::new("a\0").unwrap_err().kind(), TextErrorKind::NulCharacter);
    assert_eq!(TopicFilter::new("a\0").unwrap_err().kind(), TextErrorKind::NulCharacter);
}

#[test]
fn mqtt_4_7_3_3_topics_have_at_most_65535_bytes() {
    // A length on the wire cannot be larger. For encoding, the length is counted in bytes, not in characters.
    let texts = ["a".repeat(65_535), "/".repeat(65_535), "室".repeat(21_845)];
    for place in string_places() {
        for text in &texts {
            round_trips(V5, &place.packet(text.as_bytes()).0);
        }
    }
    for text in texts {
        assert_eq!(TopicName::new(text.as_str()).unwrap(), text.as_str());
        assert_eq!(TopicFilter::new(text.as_str()).unwrap(), text.as_str());
    }
    for text in ["a".repeat(65_536), "é".repeat(32_768)] {
        assert_eq!(TopicName::new(text.as_str()).unwrap_err().kind(), TextErrorKind::TooLong);
        assert_eq!(TopicFilter::new(text.as_str()).unwrap_err().kind(), TextErrorKind::TooLong);
        assert_eq!(Utf8String::new(text.as_str()).unwrap_err().kind(), TextErrorKind::TooLong);
        let mut storage = vec![0; 70_000];
        assert!(PublishProperties::builder_in(&mut storage).response_topic(&*text).build().is_err());
    }
    // A shared subscription is measured as a whole.
    let filter = format!("$share/g/{}", "a".repeat(65_526));
    assert_eq!(filter.len(), 65_535);
    assert!(TopicFilter::new(filter.as_str()).unwrap().is_shared());
    assert_eq!(TopicFilter::new(&*(filter + "a")).unwrap_err().kind(), TextErrorKind::TooLong);
}

#[test]
fn mqtt_4_7_3_4_matching_compares_characters_as_they_are() {
    // No normalisation, no case folding, no trimming, no substitution.
    for (filter, name) in [
        ("ACCOUNTS", "Accounts"),
        ("\u{E9}", "e\u{301}"),
        ("e\u{301}", "\u{E9}"),
        ("\u{212B}", "\u{C5}"),
        ("\u{FEFF}a", "a"),
        ("a", "\u{FEFF}a"),
        ("a", "a "),
        (" a", "a"),
        ("ß", "ss"),
        ("ﬁ", "fi"),
        ("%20", " "),
        ("a//b", "a/b"),
        ("a/", "a"),
        ("/a", "a"),
        ("a*", "ab"),
        ("İ", "i"),
    ] {
        assert!(!matches(filter, name), "{filter} {name}");
        assert!(matches(filter, filter) && matches(name, name));
        assert_eq!(matches("+/+", &format!("{name}/x")), !name.contains('/'));
    }
}

#[test]
fn mqtt_4_8_2_1_a_shared_subscription_has_a_share_name() {
    // $share/ is followed by a ShareName of at least one character.
    let empty = |filter, at| (filter, Kind::EmptyShareName, TextErrorKind::EmptyShareName, at);
    let bad = [empty("$share/", 7), empty("$share//", 7), empty("$share//t", 7), empty("$share///", 7)];
    let good = ["$share/g/t", "$share/ /t", "$share/组/t", "$share/a$b/t", "$share/$share/t"];
    filters_are(&bad, |_| "MQTT-4.8.2-1", &good);
    for (filter, share_name) in good.into_iter().zip(["g", " ", "组", "a$b", "$share"]) {
        let filter = TopicFilter::new(filter).unwrap();
        assert_eq!(filter.shared_subscription().unwrap().share_name, share_name);
        assert_eq!(filter.shared_subscription().unwrap().topic_filter, "t");
    }
    for filter in ["$share", "$Share/g/t", "$shared/g/t", "share/g/t", "/$share/g/t", "$SHARE/", "$queue/t"] {
        assert!(!TopicFilter::new(filter).unwrap().is_shared(), "{filter} is an ordinary filter");
    }
}

#[test]
fn mqtt_4_8_2_2_a_share_name_has_no_wildcards_and_a_filter_behind_it() {
    // The ShareName is free of / + and #, then come a / and a valid filter.
    let wildcard = |filter, at| (filter, Kind::WildcardInShareName, TextErrorKind::WildcardInShareName, at);
    let no_filter = |filter, at| (filter, Kind::InvalidSharedFilter, TextErrorKind::InvalidSharedFilter, at);
    let bad = [
        wildcard("$share/+/t", 7),
        wildcard("$share/+", 7),
        wildcard("$share/#", 7),
        no_filter("$share/g", 8),
        no_filter("$share/g/", 9),
    ];
    let good = ["$share/g/t", "$share/g//", "$share/g/#", "$share/g/+", "$share/g/+/#", "$share/g/$SYS/#"];
    filters_are(&bad, |_| "MQTT-4.8.2-2", &good);
    for (filter, behind) in good.into_iter().zip(["t", "/", "#", "+", "+/#", "$SYS/#"]) {
        let filter = TopicFilter::new(filter).unwrap();
        assert_eq!(filter.shared_subscription().unwrap().topic_filter, behind);
    }
    // A wildcard that is a part of the share name breaks a rule about wildcards as well.
    for filter in
        ["$share/g+/t", "$share/+g/t", "$share/g#/t", "$share/#/t", "$share/g/a#", "$share/g/#/a", "$share/g/+a"]
    {
        assert!(TopicFilter::new(filter).is_err(), "{filter}");
        for place in topic_filters(false).into_iter().chain(topic_filters(true)) {
            refuses_somehow(V5, &place.packet(filter.as_bytes()).0, &[Some(PROTOCOL_ERROR)]);
        }
    }
    // A filter that is ordinary text in 3.1.1 cannot be encoded in 5.0.
    let ordinary = Subscriptions::new(b"\x00\x08$share/g\x00", V3_1_1).unwrap();
    let subscribe = Subscribe::new(identifier(10), ordinary);
    refuses_to_write(subscribe, V5, NotInVersion(V5), Field::TopicFilter, "MQTT-4.8.2-2");
    let ordinary = TopicFilters::new(b"\x00\x08$share/g", V3_1_1).unwrap();
    let unsubscribe = Unsubscribe::new(identifier(10), ordinary);
    refuses_to_write(unsubscribe, V5, NotInVersion(V5), Field::TopicFilter, "MQTT-4.8.2-2");
}

#[test]
fn mqtt_6_0_0_2_packets_may_be_split_and_joined_anywhere() {
    // A WebSocket frame may hold a part of a packet, or many: all that is needed is more bytes.
    let packets: Vec<Vec<u8>> = MINIMAL.iter().map(|(_, first_byte, body)| packet(*first_byte, &[body])).collect();
    for bytes in &packets {
        for cut in 0..bytes.len() {
            match decode(&bytes[..cut], V5) {
                Ok(Decoded::Incomplete { needed }) => assert!(needed.get() <= bytes.len() - cut, "{bytes:02X?} {cut}"),
                other => panic!("{:02X?}: {other:?}", &bytes[..cut]),
            }
        }
    }
    let run = packets.concat();
    for frame_len in 1..=run.len() {
        let mut received = Vec::new();
        let mut decoded = Vec::new();
        for frame in run.chunks(frame_len) {
            received.extend_from_slice(frame);
            while let Some((packet, consumed)) = decode(&received, V5).unwrap().complete() {
                decoded.push(packet.packet_type());
                received.drain(..consumed);
            }
        }
        assert!(received.is_empty());
        assert!(decoded.iter().eq(MINIMAL.iter().map(|(packet_type, ..)| packet_type)), "frames of {frame_len}");
    }
}
