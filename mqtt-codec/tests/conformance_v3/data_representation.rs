//! 1.5: data representation.

use crate::conformance::{packet, refuses, round_trips};
use crate::samples::{BOTH, CLOSE, ILL_FORMED, Place, WELL_FORMED, publish, string_places};
use mqtt_codec::{DecodeErrorKind as Kind, ProtocolVersion, TextErrorKind, TopicFilter, TopicName, Utf8String};

/// Checks that these places obey the rules of strings: well-formed UTF-8 without U+0000.
pub(crate) fn are_strings(version: ProtocolVersion, field: impl Fn(&Place) -> bool) {
    let mut places = string_places(version).into_iter().filter(field).peekable();
    assert!(places.peek().is_some());
    for place in places {
        for (text, fault) in ILL_FORMED {
            let (bytes, offset) = place.packet(text);
            refuses(version, &bytes, Kind::IllFormedUtf8, place.field, offset + fault, "MQTT-1.5.3-1", CLOSE);
        }
        for (text, fault) in [(&b"\0"[..], 0), (b"\0a", 0), (b"a\0b", 1), (b"abcdefghi\0", 9)] {
            let (bytes, offset) = place.packet(text);
            refuses(version, &bytes, Kind::NulCharacter, place.field, offset + fault, "MQTT-1.5.3-2", CLOSE);
        }
        for text in ["a", "\u{1}", "\u{FEFF}a", "温度/室内", "emoji/😀", "e\u{301}"] {
            round_trips(version, &place.packet(text.as_bytes()).0);
        }
    }
}

#[test]
fn mqtt_1_5_3_1_strings_are_well_formed_utf8() {
    // Shortest form, no surrogates, nothing past U+10FFFF; in every string of every packet.
    for version in BOTH {
        for place in string_places(version) {
            for (text, fault) in ILL_FORMED {
                let (bytes, offset) = place.packet(text);
                refuses(version, &bytes, Kind::IllFormedUtf8, place.field, offset + fault, "MQTT-1.5.3-1", CLOSE);
            }
            for text in WELL_FORMED {
                round_trips(version, &place.packet(text.as_bytes()).0);
            }
        }
    }
    for (text, fault) in ILL_FORMED {
        for error in [
            Utf8String::new(text).unwrap_err(),
            TopicName::new(text).unwrap_err(),
            TopicFilter::new_ordinary(text).unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.offset()), (TextErrorKind::IllFormedUtf8, fault), "{text:02X?}");
        }
    }
}

#[test]
fn mqtt_1_5_3_2_strings_hold_no_u0000() {
    // In every string of every packet, at every place of it.
    for version in BOTH {
        for place in string_places(version) {
            for (text, fault) in [(&b"\0"[..], 0), (b"\0a", 0), (b"a\0b", 1), (b"abcdefghi\0", 9)] {
                let (bytes, offset) = place.packet(text);
                refuses(version, &bytes, Kind::NulCharacter, place.field, offset + fault, "MQTT-1.5.3-2", CLOSE);
            }
            round_trips(version, &place.packet(b"\x01").0);
            round_trips(version, &place.packet(b"0").0);
        }
    }
    assert_eq!(Utf8String::new("a\0").unwrap_err().kind(), TextErrorKind::NulCharacter);
    assert_eq!(TopicName::new("a\0").unwrap_err().kind(), TextErrorKind::NulCharacter);
    assert_eq!(TopicFilter::new_ordinary("a\0").unwrap_err().kind(), TextErrorKind::NulCharacter);
}

#[test]
fn mqtt_1_5_3_3_u_feff_is_kept_at_every_place() {
    // EF BB BF is a character like any other, at the start of a string too.
    for version in BOTH {
        for place in string_places(version) {
            for text in ["\u{FEFF}", "\u{FEFF}a", "a\u{FEFF}", "a\u{FEFF}b"] {
                round_trips(version, &place.packet(text.as_bytes()).0);
            }
        }
        let bytes = packet(0x30, &[b"\x00\x04\xEF\xBB\xBFa"]);
        assert_eq!(publish(round_trips(version, &bytes)).topic(), "\u{FEFF}a");
    }
}
