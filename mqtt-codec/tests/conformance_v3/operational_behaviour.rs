//! 4 and 6: operational behaviour, WebSocket.

use crate::conformance::{packet, refuses, round_trips, writes};
use crate::connack_and_publish::hold_no_wildcards;
use crate::samples::{BOTH, CLOSE, Place, minimal_packets, string_places, topic_filter_places};
use mqtt_codec::{
    DecodeErrorKind as Kind, Delivery, Field, Publish, TextErrorKind, TopicFilter, TopicName, Utf8String, decode,
};

#[test]
fn mqtt_4_3_1_1_a_publish_of_qos_0_is_written_with_dup_0() {
    // A `Publish` of QoS 0 cannot represent DUP.
    for version in BOTH {
        let mut publish = Publish::new(TopicName::new("a").unwrap(), b"hi");
        for (retain, first_byte) in [(false, 0x30), (true, 0x31)] {
            publish.retain = retain;
            for delivery in [Delivery::AtMostOnce, Delivery::AtMostOnce.duplicate()] {
                publish.delivery = delivery;
                writes(publish, version, &[first_byte, 0x05, 0x00, 0x01, b'a', b'h', b'i']);
            }
        }
    }
}

#[test]
fn mqtt_4_7_1_1_wildcards_are_for_topic_filters_only() {
    // Neither the Topic Name nor the Will Topic has them; Topic Filters may.
    for version in BOTH {
        hold_no_wildcards(version, Field::TopicName, "MQTT-3.3.2-2");
        hold_no_wildcards(version, Field::WillTopic, "MQTT-4.7.1-1");
    }
    for place in topic_filter_places(None) {
        for filter in ["+", "#", "a/+", "a/#", "+/+/#"] {
            for version in BOTH {
                round_trips(version, &place.packet(filter.as_bytes()).0);
            }
        }
    }
}

/// Filters that are wrong at a byte, and filters that are right; in each place of SUBSCRIBE and UNSUBSCRIBE.
pub(crate) fn filters_are(bad: &[(&str, usize)], kinds: (Kind, TextErrorKind), rule: &str, good: &[&str]) {
    for version in BOTH {
        for place in topic_filter_places(None) {
            for &(filter, fault) in bad {
                let (bytes, offset) = place.packet(filter.as_bytes());
                refuses(version, &bytes, kinds.0, Field::TopicFilter, offset + fault, rule, CLOSE);
            }
            for filter in good {
                round_trips(version, &place.packet(filter.as_bytes()).0);
            }
        }
    }
    for &(filter, fault) in bad {
        let error = TopicFilter::new_ordinary(filter).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kinds.1, fault), "{filter}");
    }
    for filter in good {
        assert_eq!(TopicFilter::new_ordinary(*filter).unwrap(), *filter);
    }
}

#[test]
fn mqtt_4_7_1_2_a_multi_level_wildcard_is_the_whole_last_level() {
    // `#` stands alone or after a `/`, and ends the filter.
    let bad = [
        ("a#", 1),
        ("#a", 0),
        ("##", 0),
        ("#/", 0),
        ("#/a", 0),
        ("a/#/b", 2),
        ("a/b#", 3),
        ("a/#b", 2),
        ("/#/", 1),
        ("sport/tennis#", 12),
        ("sport/tennis/#/ranking", 13),
        ("$share/g/a#", 10),
    ];
    let kinds = (Kind::MisplacedMultiLevelWildcard, TextErrorKind::MisplacedMultiLevelWildcard);
    let good = ["#", "a/#", "/#", "//#", "+/#", "a/+/#", "sport/tennis/#", "$SYS/#"];
    filters_are(&bad, kinds, "MQTT-4.7.1-2", &good);
}

#[test]
fn mqtt_4_7_1_3_a_single_level_wildcard_is_a_whole_level() {
    // + stands between two of /, start and end.
    let bad = [
        ("a+", 1),
        ("+a", 0),
        ("++", 0),
        ("a/+b", 2),
        ("a/b+", 3),
        ("a+/b", 1),
        ("/+a", 1),
        ("sport+", 5),
        ("$share/g+/a", 8),
    ];
    let kinds = (Kind::MisplacedSingleLevelWildcard, TextErrorKind::MisplacedSingleLevelWildcard);
    let good = ["+", "+/", "/+", "+/+", "a/+", "+/a", "a/+/b", "a/+/+/b", "+/tennis/#", "$SYS/+/x"];
    filters_are(&bad, kinds, "MQTT-4.7.1-3", &good);
}

pub(crate) fn matches(filter: &str, name: &str) -> bool {
    TopicFilter::new_ordinary(filter).unwrap().matches_ordinary(&TopicName::new(name).unwrap())
}

#[test]
fn mqtt_4_7_2_1_leading_wildcards_do_not_match_names_with_a_dollar_sign() {
    // The first character of the filter against the first of the name.
    for name in ["$SYS/monitor/Clients", "$", "$a", "$SYS", "$/a/b"] {
        for filter in ["#", "+", "+/#", "+/monitor/Clients", "+/monitor/#", "+/+/+", "+/+"] {
            assert!(!matches(filter, name), "{filter} {name}");
        }
        assert!(matches(name, name));
    }
    for (filter, name) in [
        ("$SYS/#", "$SYS/monitor/Clients"),
        ("$SYS/#", "$SYS"),
        ("$SYS/monitor/+", "$SYS/monitor/Clients"),
        ("#", "a/$b"),
        ("+/+", "a/$b"),
        ("#", "/$a"),
        ("+", "a$"),
    ] {
        assert!(matches(filter, name), "{filter} {name}");
    }
}

#[test]
fn mqtt_4_7_3_1_topics_have_a_character() {
    // Names and filters; in 3.x there is no alias that could stand for a name. The length of 0 is at fault.
    for version in BOTH {
        for place in string_places(version) {
            let (bytes, offset) = place.packet(b"");
            match place.field {
                Field::TopicName | Field::WillTopic | Field::TopicFilter => {
                    refuses(version, &bytes, Kind::EmptyTopic, place.field, offset - 2, "MQTT-4.7.3-1", CLOSE);
                }
                _ => {}
            }
            for text in ["a", "/", " "] {
                round_trips(version, &place.packet(text.as_bytes()).0);
            }
        }
    }
    assert_eq!(TopicName::new("").unwrap_err().kind(), TextErrorKind::EmptyTopic);
    assert_eq!(TopicFilter::new_ordinary("").unwrap_err().kind(), TextErrorKind::EmptyTopic);
}

#[test]
fn mqtt_4_7_3_2_topics_hold_no_u0000() {
    // The rule of strings, said again for topics.
    let is_topic = |place: &Place| !matches!(place.field, Field::ClientIdentifier | Field::UserName);
    for version in BOTH {
        for place in string_places(version).into_iter().filter(is_topic) {
            for (text, fault) in [(&b"\0"[..], 0), (b"a/\0", 2), (b"\0/a", 0)] {
                let (bytes, offset) = place.packet(text);
                refuses(version, &bytes, Kind::NulCharacter, place.field, offset + fault, "MQTT-1.5.3-2", CLOSE);
            }
            round_trips(version, &place.packet(b"a/\x01").0);
        }
    }
}

#[test]
fn mqtt_4_7_3_3_topics_have_at_most_65535_bytes() {
    // A length on the wire cannot be larger. For encoding, the length is counted in bytes, not in characters.
    let texts = ["a".repeat(65_535), "/".repeat(65_535), "室".repeat(21_845)];
    for version in BOTH {
        for place in string_places(version) {
            for text in &texts {
                round_trips(version, &place.packet(text.as_bytes()).0);
            }
        }
    }
    for text in ["a".repeat(65_536), "é".repeat(32_768)] {
        assert_eq!(TopicName::new(text.as_str()).unwrap_err().kind(), TextErrorKind::TooLong);
        assert_eq!(TopicFilter::new_ordinary(text.as_str()).unwrap_err().kind(), TextErrorKind::TooLong);
        assert_eq!(Utf8String::new(text.as_str()).unwrap_err().kind(), TextErrorKind::TooLong);
    }
}

#[test]
fn mqtt_4_7_3_4_matching_compares_characters_as_they_are() {
    // No normalisation, no case folding, no trimming, no substitution.
    for (filter, name) in [
        ("ACCOUNTS", "Accounts"),
        ("\u{E9}", "e\u{301}"),
        ("\u{212B}", "\u{C5}"),
        ("\u{FEFF}a", "a"),
        ("a", "\u{FEFF}a"),
        ("a", "a "),
        ("ß", "ss"),
        ("%20", " "),
        ("a//b", "a/b"),
        ("a/", "a"),
        ("/a", "a"),
        ("a*", "ab"),
    ] {
        assert!(!matches(filter, name), "{filter} {name}");
        assert!(matches(filter, filter) && matches(name, name));
    }
}

#[test]
fn mqtt_6_0_0_2_packets_may_be_split_and_joined_anywhere() {
    // A WebSocket frame may hold a part of a packet, or many: all that is needed is more bytes.
    for version in BOTH {
        let packets = minimal_packets(version);
        let run: Vec<u8> = packets.iter().flat_map(|(_, first_byte, body)| packet(*first_byte, &[body])).collect();
        for frame_len in 1..=run.len() {
            let mut received = Vec::new();
            let mut decoded = Vec::new();
            for frame in run.chunks(frame_len) {
                received.extend_from_slice(frame);
                while let Some((packet, consumed)) = decode(&received, version).unwrap().complete() {
                    decoded.push(packet.packet_type());
                    received.drain(..consumed);
                }
            }
            assert!(received.is_empty());
            assert!(decoded.iter().eq(packets.iter().map(|(packet_type, ..)| packet_type)), "frames of {frame_len}");
        }
    }
}
