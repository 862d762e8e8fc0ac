//! Every row of the tables of Topic Names, Topic Filters, shared subscriptions and matches, in text and in packets.

#![cfg(test)]

extern crate alloc;

#[expect(dead_code, reason = "the tests of topics need little of it")]
mod support;

use mqtt_codec::{
    DecodeErrorKind, Packet, ProtocolVersion, TextErrorKind, TopicFilter, TopicName, VariableByteInteger, decode,
};

/// A table below `testdata/topics`: how many rows it must have, and its rows with the notation resolved.
fn rows(name: &str, count: usize) -> Vec<Vec<String>> {
    let rows = support::table(&format!("topics/{name}.tsv"));
    assert_eq!(rows.len(), count);
    rows.into_iter().map(|row| row.iter().map(|cell| resolve(cell)).collect()).collect()
}

/// Resolves the notation: `{U+0301}` is a code point, `{65535*a}` a repeated character.
fn resolve(cell: &str) -> String {
    let mut parts = cell.split('{');
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let (special, rest) = part.split_once('}').unwrap();
        match (special.strip_prefix("U+"), special.split_once('*')) {
            (Some(code), _) => text.push(u32::from_str_radix(code, 16).ok().and_then(char::from_u32).unwrap()),
            (_, Some((times, what))) => text += &what.repeat(times.parse().unwrap()),
            _ => panic!("{special}"),
        }
        text += rest;
    }
    text
}

fn is_yes(cell: &str) -> bool {
    match cell {
        "yes" => true,
        "no" => false,
        other => panic!("{other}"),
    }
}

/// Shortens a row of a table for messages.
fn short(text: &str) -> String {
    format!("{:?}", text.chars().take(40).collect::<String>())
}

/// Returns a UTF-8 Encoded String, or `None` if the text is too long.
fn string(text: &str) -> Option<Vec<u8>> {
    let length = u16::try_from(text.len()).ok()?;
    Some([&length.to_be_bytes()[..], text.as_bytes()].concat())
}

fn packet(first_byte: u8, body: &[&[u8]]) -> Vec<u8> {
    let body = body.concat();
    let length = VariableByteInteger::try_from(body.len()).unwrap().encode();
    [&[first_byte][..], length.as_ref(), &body].concat()
}

/// Empty properties, where the version has any.
fn no_properties(version: ProtocolVersion) -> &'static [u8] {
    if version.is_v3() { &[] } else { &[0x00] }
}

fn publish(topic_name: &str, version: ProtocolVersion) -> Option<Vec<u8>> {
    Some(packet(0x30, &[&string(topic_name)?, no_properties(version)]))
}

fn subscribe(topic_filter: &str, version: ProtocolVersion) -> Option<Vec<u8>> {
    Some(packet(0x82, &[&[0, 1], no_properties(version), &string(topic_filter)?, &[0x00]]))
}

fn unsubscribe(topic_filter: &str, version: ProtocolVersion) -> Option<Vec<u8>> {
    Some(packet(0xA2, &[&[0, 1], no_properties(version), &string(topic_filter)?]))
}

/// Checks the rules of an ordinary filter level by level, in the simplest way.
fn is_ordinary_filter(filter: &str) -> bool {
    let levels: Vec<&str> = filter.split('/').collect();
    let (last, others) = levels.split_last().unwrap();
    let is_level = |level: &&str| *level == "+" || !level.contains(['+', '#', '\0']);
    !filter.is_empty() && others.iter().all(is_level) && (is_level(last) || *last == "#")
}

#[test]
fn every_table_is_read() {
    let files = ["names.tsv", "filters.tsv", "shared.tsv", "matches.tsv"].map(str::to_owned);
    assert_eq!(support::file_names("topics"), files.into());
}

#[test]
fn every_topic_name_of_the_table_is_taken_or_refused() {
    for row in rows("names", 34) {
        let (name, valid) = (row[0].as_str(), is_yes(&row[1]));
        assert_eq!(TopicName::new(name).is_ok(), valid, "{}", short(name));
        assert_eq!(TopicName::new(name.as_bytes()).is_ok(), valid, "{}", short(name));
        for version in ProtocolVersion::ALL {
            let Some(packet) = publish(name, version) else {
                assert!(!valid, "{}", short(name));
                continue;
            };
            match decode(&packet, version).map(|decoded| decoded.complete().unwrap()) {
                Ok((Packet::Publish(publish), consumed)) => {
                    assert!(valid, "{} in {version}", short(name));
                    assert_eq!((publish.topic(), consumed), (name, packet.len()), "nothing is folded or stripped");
                }
                Ok((packet, _)) => panic!("{packet}"),
                Err(error) => assert!(!valid, "{} in {version}: {error}", short(name)),
            }
        }
    }
}

#[test]
fn an_empty_topic_name_needs_version_5_and_an_alias() {
    let error = decode(&publish("", ProtocolVersion::V3_1_1).unwrap(), ProtocolVersion::V3_1_1).unwrap_err();
    assert_eq!(error.kind(), DecodeErrorKind::EmptyTopic);
    let error = decode(&publish("", ProtocolVersion::V5).unwrap(), ProtocolVersion::V5).unwrap_err();
    assert_eq!(error.kind(), DecodeErrorKind::TopicAliasMissing);
    assert!(decode(&packet(0x30, &[&[0, 0], &[3, 0x23, 0, 1]]), ProtocolVersion::V5).is_ok());
}

#[test]
fn every_topic_filter_of_the_table_is_taken_or_refused() {
    for row in rows("filters", 45) {
        let (filter, valid) = (row[0].as_str(), is_yes(&row[1]));
        assert_eq!(is_ordinary_filter(filter), valid, "the plain check, {filter:?}");
        assert_eq!(TopicFilter::new(filter).is_ok(), valid, "{filter:?}");
        assert_eq!(TopicFilter::new(filter.as_bytes()).is_ok(), valid, "{filter:?}");
        assert_eq!(TopicFilter::new_ordinary(filter).is_ok(), valid, "{filter:?}");
        assert!(!valid || !TopicFilter::new(filter).unwrap().is_shared(), "{filter:?}");
        for version in ProtocolVersion::ALL {
            check_filter_in_packets(filter, version, valid);
        }
    }
}

#[test]
fn a_topic_filter_may_have_65535_bytes() {
    for (filter, valid) in [("é".repeat(32_767) + "a", true), ("é".repeat(32_768), false), ("/".repeat(65_535), true)]
    {
        assert_eq!(TopicFilter::new(&*filter).is_ok(), valid, "{}", short(&filter));
        let packet = subscribe(&filter, ProtocolVersion::V5);
        assert_eq!(packet.is_some(), valid, "{}", short(&filter));
        assert!(packet.is_none_or(|packet| decode(&packet, ProtocolVersion::V5).is_ok()), "{}", short(&filter));
    }
}

#[test]
fn every_shared_filter_of_the_table_is_taken_apart_or_refused() {
    for row in rows("shared", 26) {
        let (filter, valid) = (row[0].as_str(), is_yes(&row[1]));
        let checked = TopicFilter::new(filter);
        assert_eq!(checked.is_ok(), valid, "{filter:?}");
        assert_eq!(TopicFilter::new(filter.as_bytes()), checked, "{filter:?}");
        if let Ok(checked) = checked {
            let shared = checked.shared_subscription().unwrap();
            assert_eq!((shared.share_name, shared.topic_filter.as_str()), (row[2].as_str(), row[3].as_str()));
        }
        check_filter_in_packets(filter, ProtocolVersion::V5, valid);

        // In 3.x `$share/` is text like any other.
        let valid = is_ordinary_filter(filter);
        assert_eq!(TopicFilter::new_ordinary(filter).is_ok(), valid, "{filter:?}");
        check_filter_in_packets(filter, ProtocolVersion::V3_1, valid);
        check_filter_in_packets(filter, ProtocolVersion::V3_1_1, valid);
    }
}

/// Checks that SUBSCRIBE and UNSUBSCRIBE accept valid filters and no others.
fn check_filter_in_packets(filter: &str, version: ProtocolVersion, valid: bool) {
    let subscribe = subscribe(filter, version).unwrap();
    match decode(&subscribe, version).map(|decoded| decoded.complete().unwrap()) {
        Ok((Packet::Subscribe(packet), _)) => {
            assert!(valid, "SUBSCRIBE {version} {filter:?}");
            assert!(packet.subscriptions.iter().map(|subscription| subscription.topic_filter).eq([filter]));
        }
        Ok((packet, _)) => panic!("{packet}"),
        Err(error) => assert!(!valid, "{error}: {version} {filter:?}"),
    }
    let unsubscribe = unsubscribe(filter, version).unwrap();
    match decode(&unsubscribe, version).map(|decoded| decoded.complete().unwrap()) {
        Ok((Packet::Unsubscribe(packet), _)) => {
            assert!(valid, "UNSUBSCRIBE {version} {filter:?}");
            assert!(packet.topic_filters.iter().eq([filter]));
        }
        Ok((packet, _)) => panic!("{packet}"),
        Err(error) => assert!(!valid, "{error}: {version} {filter:?}"),
    }
}

#[test]
fn every_match_of_the_table_is_found_and_no_other() {
    for row in rows("matches", 105) {
        let (filter, name, expected) = (row[0].as_str(), row[1].as_str(), is_yes(&row[2]));
        let topic_filter = TopicFilter::new(filter).unwrap();
        let topic_name = TopicName::new(name).unwrap();
        assert_eq!(topic_filter.matches(&topic_name), expected, "{filter:?} {name:?}");
        let ordinary = TopicFilter::new_ordinary(filter).unwrap();
        assert_eq!(ordinary.matches(&topic_name), expected, "{filter:?} {name:?}");
        if !topic_filter.is_shared() {
            assert_eq!(ordinary.matches_ordinary(&topic_name), expected, "{filter:?} {name:?}");
        }
        #[cfg(feature = "bytes")]
        {
            let shared = TopicFilter::new(bytes::Bytes::copy_from_slice(filter.as_bytes())).unwrap();
            assert_eq!(shared.matches(&topic_name), expected, "{filter:?} {name:?}");
        }
    }
}

/// Section 4.7.1: a Topic Name is also a Topic Filter, one that matches itself and no other name.
#[test]
fn a_topic_name_as_a_filter_matches_itself_alone() {
    let names: Vec<String> =
        rows("names", 34).into_iter().filter(|row| is_yes(&row[1])).map(|row| row[0].clone()).collect();
    for filter in &names {
        let filter = TopicFilter::new_ordinary(filter.as_str()).unwrap();
        for name in &names {
            let expected = filter == name.as_str();
            let matches = filter.matches_ordinary(&TopicName::new(name.as_str()).unwrap());
            assert_eq!(matches, expected, "{} {}", short(filter.as_str()), short(name));
        }
    }
}

#[test]
fn an_empty_topic_is_called_empty() {
    assert_eq!(TopicName::new("").unwrap_err().kind(), TextErrorKind::EmptyTopic);
    assert_eq!(TopicFilter::new("").unwrap_err().kind(), TextErrorKind::EmptyTopic);
}
