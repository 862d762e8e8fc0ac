//! MQTT-SN: each rule of the specification that can be checked on one datagram, named by the number of its section.
//!
//! Version 1.2 has no numbered statements and hardly any "must". Where it is silent, the tests define the behaviour of
//! this codec.

#![cfg(test)]

extern crate alloc;

use alloc::collections::BTreeSet;
use mqtt_codec::sn::DecodeErrorKind as Kind;
use mqtt_codec::sn::{
    ClientId, Datagram, DecodeError, DecodeOptions, Delivery, Encapsulation, Encode, EncodeErrorKind, Field,
    InvalidTopic, Message, MessageType, Publish, ReturnCode, Sender, ShortTopicName, Topic, TopicId, WillMsg,
    WirelessNodeId, decode,
};
use mqtt_codec::{PacketIdentifier, QoS, TopicName};

/// Checks that the datagram is refused for this reason, in this field, at this octet, by this section.
#[track_caller]
fn refused(input: &[u8], kind: Kind, field: Field, offset: usize, section: &str) -> DecodeError {
    let error = decode(input, DecodeOptions::new()).expect_err("it is refused");
    assert_eq!((error.kind(), error.field(), error.offset()), (kind, field, offset), "{error}");
    assert_eq!(error.rule(), format!("section {section}"), "{error}");
    error
}

#[track_caller]
fn accepted(input: &[u8]) -> Message<&[u8]> {
    decode(input, DecodeOptions::new()).unwrap_or_else(|error| panic!("{input:02X?}: {error}")).message
}

/// Encodes to these octets.
#[track_caller]
fn written(message: impl Encode, octets: &[u8]) {
    let mut output = vec![0; octets.len()];
    assert_eq!(message.encode(&mut output), Ok(octets.len()));
    assert_eq!(output, octets);
}

/// Returns the octets of the answer to an error.
fn answer(error: DecodeError) -> Option<Vec<u8>> {
    let answer = error.answer()?;
    let mut output = vec![0; answer.encoded_len().unwrap()];
    answer.encode(&mut output).unwrap();
    Some(output)
}

#[test]
fn section_5_2_1_length_counts_the_whole_message() {
    refused(&[], Kind::EmptyDatagram, Field::Length, 0, "5.2.1");
    refused(&[0, 0x17], Kind::LengthTooSmall, Field::Length, 0, "5.2.1");
    refused(&[3, 0x17], Kind::LengthMismatch { length: 3, datagram: 2 }, Field::Length, 0, "5.2.1");
    refused(&[2, 0x17, 2, 0x17], Kind::LengthMismatch { length: 2, datagram: 4 }, Field::Length, 0, "5.2.1");
}

#[test]
fn section_5_2_1_length_has_one_octet_or_three() {
    refused(&[1, 0], Kind::UnexpectedEnd, Field::Length, 0, "5.2.1");
    refused(&[1, 0, 3], Kind::LengthTooSmall, Field::Length, 0, "5.2.1");
    let mismatch = Kind::LengthMismatch { length: 5, datagram: 4 };
    refused(&[1, 0, 5, 0x17], mismatch, Field::Length, 0, "5.2.1");
    assert_eq!(accepted(&[1, 0, 4, 0x17]).message_type(), MessageType::PingResp);
    written(accepted(&[1, 0, 4, 0x17]), &[2, 0x17]);
    let text = [b'x'; 254];
    for (len, head) in [(253, &[255, 0x09][..]), (254, &[1, 1, 2, 0x09])] {
        written(WillMsg::new(&text[..len]), &[head, &text[..len]].concat());
    }
}

#[test]
fn section_5_2_1_a_message_has_at_most_65535_octets() {
    let text = vec![b'x'; 65_532];
    assert_eq!(WillMsg::new(&text[..65_531]).encoded_len(), Ok(65_535));
    let error = WillMsg::new(&text[..]).encoded_len().unwrap_err();
    assert_eq!((error.kind(), error.rule()), (EncodeErrorKind::MessageTooLong, "section 5.2.1"));
}

#[test]
fn section_5_2_2_other_types_are_reserved() {
    for value in [0x03, 0x11, 0x19, 0x1E, 0x2D, 0x7F, 0xFD, 0xFF] {
        let error = refused(&[2, value], Kind::ReservedMessageType(value), Field::MsgType, 1, "5.2.2");
        assert_eq!((error.message_type(), error.answer()), (None, None));
    }
}

#[test]
fn section_5_3_1_a_client_identifier_has_1_to_23_characters() {
    let connect = |text: &str| {
        let head = [u8::try_from(text.len() + 6).unwrap(), 4, 4, 1, 0, 60];
        [&head[..], text.as_bytes()].concat()
    };
    let error = refused(&connect(""), Kind::EmptyClientId, Field::ClientId, 6, "5.3.1");
    assert_eq!(answer(error), Some(vec![3, 5, 3]));
    let error = refused(&connect(&"a".repeat(24)), Kind::ClientIdTooLong, Field::ClientId, 6, "5.3.1");
    assert_eq!(answer(error), Some(vec![3, 5, 3]));
    refused(&connect("a\0"), Kind::NulCharacter, Field::ClientId, 7, "5.3.1");
    for text in ["a", &"a".repeat(23), &"é".repeat(23)] {
        assert!(matches!(accepted(&connect(text)), Message::Connect(connect) if connect.client_id == text));
    }
    refused(&[3, 0x16, 0xFF], Kind::IllFormedUtf8, Field::ClientId, 2, "5.3.1");
    for (character, count) in
        ["a", "é", "室"].iter().flat_map(|character| (1..=80).map(move |count| (character, count)))
    {
        let text = character.repeat(count);
        for head in [&[4, 4, 1, 0, 60][..], &[0x16]] {
            let len = head.len() + text.len() + 1;
            let length =
                u8::try_from(len).map_or_else(|_| vec![1, 1, u8::try_from((len + 2) % 256).unwrap()], |len| vec![len]);
            let input = [&length[..], head, text.as_bytes()].concat();
            let error = decode(&input, DecodeOptions::new()).err().map(|error| error.kind());
            assert_eq!(error, (count > 23).then_some(Kind::ClientIdTooLong), "{input:02X?}");
            assert!(decode(&input, DecodeOptions::new().allow_long_client_id(true)).is_ok(), "{input:02X?}");
        }
    }
    assert!(ClientId::new("").is_err());
}

#[test]
fn section_5_3_4_qos_3_is_for_publish_alone() {
    let error = refused(&[6, 0x12, 0x60, 0, 3, b'a'], Kind::InvalidQoS, Field::Flags, 2, "5.3.4");
    assert_eq!(answer(error), Some(vec![8, 0x13, 0, 0, 0, 0, 3, 3]));
    let error = refused(&[4, 0x07, 0x60, b'w'], Kind::InvalidQoS, Field::Flags, 2, "5.3.4");
    assert_eq!(answer(error), Some(vec![3, 0x05, 3]));
    let error = refused(&[4, 0x1A, 0x60, b'w'], Kind::InvalidQoS, Field::Flags, 2, "5.3.4");
    assert_eq!(answer(error), Some(vec![3, 0x1B, 3]));
    let error = refused(&[8, 0x13, 0x60, 0, 0, 0, 3, 0], Kind::InvalidQoS, Field::Flags, 2, "5.3.4");
    assert_eq!(answer(error), None);
    // In CONNECT and UNSUBSCRIBE the two bits have no meaning.
    accepted(&[7, 4, 0x64, 1, 0, 60, b'c']);
    accepted(&[6, 0x14, 0x60, 0, 3, b'a']);
}

#[test]
fn section_5_3_4_topic_id_type_3_is_reserved() {
    let error = refused(&[7, 0x0C, 0x23, 0, 1, 0, 2], Kind::ReservedTopicIdType, Field::Flags, 2, "5.3.4");
    assert_eq!(answer(error), Some(vec![7, 0x0D, 0, 1, 0, 2, 3]));
    let error = refused(&[7, 0x0C, 0x63, 0, 1, 0, 0], Kind::ReservedTopicIdType, Field::Flags, 2, "5.3.4");
    assert_eq!(answer(error), None, "nothing answers QoS -1");
    let error = refused(&[7, 0x12, 0x23, 0, 3, 0, 1], Kind::ReservedTopicIdType, Field::Flags, 2, "5.3.4");
    assert_eq!(answer(error), Some(vec![8, 0x13, 0, 0, 0, 0, 3, 3]));
    let error = refused(&[7, 0x14, 0x03, 0, 3, 0, 1], Kind::ReservedTopicIdType, Field::Flags, 2, "5.3.4");
    assert_eq!(answer(error), None, "UNSUBACK has no return code");
}

#[test]
fn section_5_3_4_flags_that_are_not_used_are_ignored_and_written_0() {
    for (bits, input) in [
        (0x0C, &[7, 4, 0, 1, 0, 60, b'c'][..]),
        (0x70, &[4, 0x07, 0, b'w']),
        (0xF3, &[7, 0x0C, 0, 0, 1, 0, 2]),
        (0xE3, &[7, 0x12, 0, 0, 3, 0x61, 0x62]),
        (0x60, &[8, 0x13, 0, 0, 0, 0, 3, 0]),
        (0x03, &[7, 0x14, 0, 0, 3, 0x61, 0x62]),
    ] {
        for flags in 0..=u8::MAX {
            let mut input = input.to_vec();
            input[2] = flags;
            if let Ok(datagram) = decode(&input, DecodeOptions::new()) {
                let mut output = vec![0; input.len()];
                datagram.encode(&mut output).unwrap();
                let is_publish_without_dup = input[1] == 0x0C && matches!(flags & 0x60, 0 | 0x60);
                let kept = if is_publish_without_dup { bits & 0x7F } else { bits };
                assert_eq!(output[2], flags & kept, "{input:02X?}");
            }
        }
    }
}

#[test]
fn section_5_3_7_a_request_has_a_message_id() {
    refused(&[7, 0x0C, 0x20, 0, 1, 0, 0], Kind::MessageIdZero, Field::MsgId, 5, "5.3.7");
    refused(&[7, 0x0C, 0x40, 0, 1, 0, 0], Kind::MessageIdZero, Field::MsgId, 5, "5.3.7");
    refused(&[7, 0x0A, 0, 0, 0, 0, b'a'], Kind::MessageIdZero, Field::MsgId, 4, "5.3.7");
    refused(&[6, 0x12, 0, 0, 0, b'a'], Kind::MessageIdZero, Field::MsgId, 3, "5.3.7");
    refused(&[6, 0x14, 0, 0, 0, b'a'], Kind::MessageIdZero, Field::MsgId, 3, "5.3.7");
    for answer in [&[7, 0x0B, 0, 1, 0, 0, 0][..], &[7, 0x0D, 0, 1, 0, 0, 2], &[8, 0x13, 0, 0, 1, 0, 0, 0]] {
        assert_eq!(accepted(answer).message_id(), None);
        written(accepted(answer), answer);
    }
    for message_type in [0x0E, 0x0F, 0x10, 0x15] {
        written(accepted(&[4, message_type, 0, 0]), &[4, message_type, 0, 0]);
    }
}

#[test]
fn section_5_3_7_at_qos_0_and_minus_1_the_message_id_is_0() {
    written(accepted(&[7, 0x0C, 0x00, 0, 1, 0, 9]), &[7, 0x0C, 0x00, 0, 1, 0, 0]);
    written(accepted(&[7, 0x0C, 0x61, 0, 1, 0, 9]), &[7, 0x0C, 0x61, 0, 1, 0, 0]);
}

#[test]
fn section_5_3_8_the_protocol_is_1() {
    for other in [0, 2, 3, 4, 0xFF] {
        let input = [7, 4, 4, other, 0, 60, b'c'];
        let error = refused(&input, Kind::UnsupportedProtocolId(other), Field::ProtocolId, 3, "5.3.8");
        assert_eq!(answer(error), Some(vec![3, 5, 3]));
    }
}

#[test]
fn section_5_3_10_reserved_return_codes_are_refusals() {
    for code in 0..=u8::MAX {
        let Message::ConnAck(connack) = accepted(&[3, 5, code]) else { panic!("no CONNACK") };
        assert_eq!(connack.return_code.is_accepted(), code == 0);
        written(connack, &[3, 5, code]);
    }
}

#[test]
fn section_5_3_11_topic_id_ffff_is_reserved() {
    let error = refused(&[7, 0x0C, 0x20, 0xFF, 0xFF, 0, 2], Kind::ReservedTopicId, Field::TopicId, 3, "5.3.11");
    assert_eq!(answer(error), Some(vec![7, 0x0D, 0xFF, 0xFF, 0, 2, 2]));
    let error = refused(&[7, 0x0A, 0xFF, 0xFF, 0, 1, b'a'], Kind::ReservedTopicId, Field::TopicId, 2, "5.3.11");
    assert_eq!(answer(error), Some(vec![7, 0x0B, 0, 0, 0, 1, 2]));
    let error = refused(&[7, 0x12, 0x21, 0, 3, 0xFF, 0xFF], Kind::ReservedTopicId, Field::TopicId, 5, "5.3.11");
    assert_eq!(answer(error), Some(vec![8, 0x13, 0, 0, 0, 0, 3, 2]));
    refused(&[7, 0x14, 0x01, 0, 3, 0xFF, 0xFF], Kind::ReservedTopicId, Field::TopicId, 5, "5.3.11");
    for answer in [&[7, 0x0B, 0xFF, 0xFF, 0, 1, 2][..], &[7, 0x0D, 0xFF, 0xFF, 0, 1, 2]] {
        written(accepted(answer), answer);
    }
    assert_eq!(TopicId::new(0xFFFF), None);
}

#[test]
fn section_5_3_11_a_short_topic_name_is_text_of_two_octets() {
    refused(&[7, 0x0C, 0x02, b'a', 0xFF, 0, 0], Kind::IllFormedUtf8, Field::TopicId, 4, "5.3.11");
    refused(&[7, 0x0C, 0x02, b'a', 0, 0, 0], Kind::NulCharacter, Field::TopicId, 4, "5.3.11");
    refused(&[7, 0x0C, 0x02, b'a', b'+', 0, 0], Kind::WildcardInTopicName, Field::TopicId, 4, "5.3.11");
    refused(&[8, 0x12, 0x02, 0, 3, b'a', b'b', b'c'], Kind::TrailingBytes, Field::TopicId, 7, "5.4.15");
    refused(&[6, 0x12, 0x02, 0, 3, b'a'], Kind::UnexpectedEnd, Field::TopicId, 5, "5.4.15");
    accepted(&[7, 0x0C, 0x02, 0xC3, 0xA9, 0, 0]);
    // In a subscription the two octets are a name, whatever they are.
    let Message::Subscribe(subscribe) = accepted(&[7, 0x12, 0x02, 0, 3, b'a', b'#']) else { panic!("no SUBSCRIBE") };
    assert!(matches!(subscribe.topic(), Topic::Short(name) if name.octets() == *b"a#"));
}

#[test]
fn section_5_3_12_a_topic_name_is_text_without_wildcards() {
    for (text, kind, offset) in [
        (&b""[..], Kind::EmptyTopic, 6),
        (b"a\xFF", Kind::IllFormedUtf8, 7),
        (b"a\0", Kind::NulCharacter, 7),
        (b"a/+", Kind::WildcardInTopicName, 8),
    ] {
        let head = [u8::try_from(text.len() + 6).unwrap(), 0x0A, 0, 0, 0, 1];
        let error = refused(&[&head[..], text].concat(), kind, Field::TopicName, offset, "5.3.12");
        assert_eq!(answer(error), Some(vec![7, 0x0B, 0, 0, 0, 1, 3]));
    }
}

#[test]
fn section_5_3_12_a_topic_filter_has_wildcards_as_in_mqtt() {
    for (text, kind, offset) in [
        (&b""[..], Kind::EmptyTopic, 5),
        (b"a\xFF", Kind::IllFormedUtf8, 6),
        (b"a\0", Kind::NulCharacter, 6),
        (b"a#", Kind::MisplacedMultiLevelWildcard, 6),
        (b"#/a", Kind::MisplacedMultiLevelWildcard, 5),
        (b"a/b+", Kind::MisplacedSingleLevelWildcard, 8),
    ] {
        let head = [u8::try_from(text.len() + 5).unwrap(), 0x12, 0, 0, 3];
        let error = refused(&[&head[..], text].concat(), kind, Field::TopicFilter, offset, "5.3.12");
        assert_eq!(answer(error), Some(vec![8, 0x13, 0, 0, 0, 0, 3, 3]));
        let head = [u8::try_from(text.len() + 5).unwrap(), 0x14, 0, 0, 3];
        refused(&[&head[..], text].concat(), kind, Field::TopicFilter, offset, "5.3.12");
    }
    for filter in ["#", "+", "a/+/#", "$share/a", "a//b"] {
        let head = [u8::try_from(filter.len() + 5).unwrap(), 0x12, 0, 0, 3];
        accepted(&[&head[..], filter.as_bytes()].concat());
    }
}

#[test]
fn section_5_3_14_a_will_topic_is_a_topic_name_or_there_is_nothing() {
    for message_type in [0x07, 0x1A] {
        refused(&[3, message_type, 0x30], Kind::EmptyTopic, Field::WillTopic, 3, "5.3.14");
        refused(&[4, message_type, 0, b'#'], Kind::WildcardInTopicName, Field::WillTopic, 3, "5.3.14");
        refused(&[5, message_type, 0, b'w', 0xC3], Kind::IllFormedUtf8, Field::WillTopic, 4, "5.3.14");
        written(accepted(&[2, message_type]), &[2, message_type]);
    }
}

/// Sections 5.4.1 to 5.4.25: each message is as long as its layout says.
#[test]
fn section_5_4_every_message_has_the_length_of_its_layout() {
    // The least number of octets behind MsgType, and the most if there is one.
    let layouts: [(MessageType, usize, Option<usize>, &str); 27] = [
        (MessageType::Advertise, 3, Some(3), "5.4.1"),
        (MessageType::SearchGw, 1, Some(1), "5.4.2"),
        (MessageType::GwInfo, 1, None, "5.4.3"),
        (MessageType::Connect, 4, None, "5.4.4"),
        (MessageType::ConnAck, 1, Some(1), "5.4.5"),
        (MessageType::WillTopicReq, 0, Some(0), "5.4.6"),
        (MessageType::WillTopic, 0, None, "5.4.7"),
        (MessageType::WillMsgReq, 0, Some(0), "5.4.8"),
        (MessageType::WillMsg, 0, None, "5.4.9"),
        (MessageType::Register, 4, None, "5.4.10"),
        (MessageType::RegAck, 5, Some(5), "5.4.11"),
        (MessageType::Publish, 5, None, "5.4.12"),
        (MessageType::PubAck, 5, Some(5), "5.4.13"),
        (MessageType::PubRec, 2, Some(2), "5.4.14"),
        (MessageType::PubRel, 2, Some(2), "5.4.14"),
        (MessageType::PubComp, 2, Some(2), "5.4.14"),
        (MessageType::Subscribe, 3, None, "5.4.15"),
        (MessageType::SubAck, 6, Some(6), "5.4.16"),
        (MessageType::Unsubscribe, 3, None, "5.4.17"),
        (MessageType::UnsubAck, 2, Some(2), "5.4.18"),
        (MessageType::PingReq, 0, None, "5.4.19"),
        (MessageType::PingResp, 0, Some(0), "5.4.20"),
        (MessageType::Disconnect, 0, Some(2), "5.4.21"),
        (MessageType::WillTopicUpd, 0, None, "5.4.22"),
        (MessageType::WillMsgUpd, 0, None, "5.4.23"),
        (MessageType::WillTopicResp, 1, Some(1), "5.4.24"),
        (MessageType::WillMsgResp, 1, Some(1), "5.4.25"),
    ];
    assert_eq!(layouts.iter().map(|layout| layout.0).collect::<BTreeSet<_>>().len(), 27);
    for (message_type, least, most, section) in layouts {
        for len in 0..12 {
            let head = [u8::try_from(len + 2).unwrap(), message_type.as_u8()];
            let error =
                decode(&[&head[..], &[4, 1, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4][..len]].concat(), DecodeOptions::new()).err();
            let kind = error.map(|error| error.kind());
            if len < least || message_type == MessageType::Disconnect && len == 1 {
                assert_eq!(kind, Some(Kind::UnexpectedEnd), "{message_type} {len}");
            } else if most.is_some_and(|most| len > most) {
                assert_eq!(kind, Some(Kind::TrailingBytes), "{message_type} {len}");
            } else {
                assert!(!matches!(kind, Some(Kind::UnexpectedEnd)), "{message_type} {len}: {kind:?}");
            }
            if let Some(error) = error.filter(|error| matches!(error.kind(), Kind::UnexpectedEnd | Kind::TrailingBytes))
            {
                assert_eq!(error.rule(), format!("section {section}"));
                assert_eq!(error.answer(), None);
            }
        }
    }
}

#[test]
fn section_5_4_each_side_sends_its_own_messages() {
    let (client, gateway) = (Sender::Client, Sender::Gateway);
    for (input, sender) in [
        (&[3, 5, 0][..], client),
        (&[2, 6], client),
        (&[2, 8], client),
        (&[8, 0x13, 0, 0, 0, 0, 3, 0], client),
        (&[4, 0x15, 0, 1], client),
        (&[3, 0x1B, 0], client),
        (&[3, 0x1D, 0], client),
        (&[5, 0, 1, 0, 60], client),
        (&[7, 4, 4, 1, 0, 60, b'c'], gateway),
        (&[2, 7], gateway),
        (&[2, 9], gateway),
        (&[6, 0x12, 0, 0, 3, b'a'], gateway),
        (&[6, 0x14, 0, 0, 3, b'a'], gateway),
        (&[2, 0x1A], gateway),
        (&[2, 0x1C], gateway),
        (&[3, 1, 0], gateway),
    ] {
        accepted(input);
        let error = decode(input, DecodeOptions::new().with_sender(sender)).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (Kind::WrongSender(sender), 1), "{error}");
        let other = if sender == client { gateway } else { client };
        assert!(decode(input, DecodeOptions::new().with_sender(other)).is_ok());
    }
}

#[test]
fn section_5_4_12_a_publish_has_no_full_topic_name() {
    let name = Topic::Name(TopicName::from_static("a/b"));
    let error = Publish::new(Delivery::AtMostOnce, name, b"").unwrap_err();
    assert_eq!(error, InvalidTopic::NameInPublish);
    let publish = Publish::new(Delivery::WithoutConnection, name, b"").unwrap(); // can only be read
    let error = publish.encode(&mut [0; 64]).unwrap_err();
    assert_eq!((error.kind(), error.rule()), (EncodeErrorKind::TopicNameInPublish, "section 5.4.12"));
    assert_eq!(error.to_string(), "PUBLISH: a PUBLISH cannot contain a full topic name [section 5.4.12]");
}

#[test]
fn section_5_4_13_a_puback_repeats_the_topic_and_the_message_id() {
    for (publish, puback) in [
        (&[7, 0x0C, 0x20, 0, 7, 0, 9][..], [7, 0x0D, 0, 7, 0, 9, 2]),
        (&[7, 0x0C, 0x22, b'a', b'b', 0, 9], [7, 0x0D, b'a', b'b', 0, 9, 2]),
        (&[7, 0x0C, 0x00, 0, 7, 0, 0], [7, 0x0D, 0, 7, 0, 0, 2]),
    ] {
        let Message::Publish(publish) = accepted(publish) else { panic!("no PUBLISH") };
        written(mqtt_codec::sn::PubAck::answer_to(&publish, ReturnCode::INVALID_TOPIC_ID), &puback);
    }
}

#[test]
fn section_5_5_an_encapsulation_counts_itself_alone() {
    refused(&[2, 0xFE], Kind::LengthTooSmall, Field::Length, 0, "5.5");
    refused(&[4, 0xFE, 0], Kind::LengthMismatch { length: 4, datagram: 3 }, Field::Length, 0, "5.2.1");
    refused(&[4, 0xFE, 0, 1], Kind::UnexpectedEnd, Field::Message, 4, "5.5");
    refused(&[1, 0, 7, 0xFE, 0, 1, 2, 2, 0x16], Kind::EncapsulationWithLongLength, Field::Length, 0, "5.5");
    refused(&[3, 0xFE, 0, 3, 0xFE, 0, 2, 0x16], Kind::NestedEncapsulation, Field::Message, 3, "5.5");
    // A fault of the message inside is told at its octet of the datagram, and by its own section.
    refused(
        &[4, 0xFE, 0, 1, 4, 0x18, 0, 60, 0],
        Kind::LengthMismatch { length: 4, datagram: 5 },
        Field::Length,
        4,
        "5.2.1",
    );
    refused(&[4, 0xFE, 0, 1, 3, 0x17, 0], Kind::TrailingBytes, Field::Length, 6, "5.4.20");
    for radius in 0..=3 {
        let datagram = decode(&[&[4, 0xFE, 0xFC | radius, 1][..], &[2, 0x17]].concat(), DecodeOptions::new())
            .map(|datagram| datagram.encapsulation.unwrap().radius.get());
        assert_eq!(datagram, Ok(radius));
    }
}

#[test]
fn section_5_5_an_encapsulation_is_written_in_front_of_the_message() {
    let encapsulation = Some(Encapsulation::new(WirelessNodeId::new(b"\x01\x02").unwrap()));
    let text = [b'x'; 300];
    let datagram = Datagram { encapsulation, message: WillMsg::new(&text[..]).into() };
    written(datagram, &[&[5, 0xFE, 0, 1, 2, 1, 1, 0x30, 9], &text[..]].concat());
    let mut output = [0xEE; 308];
    let error = datagram.encode(&mut output).unwrap_err();
    assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: 309 });
    assert_eq!(output, [0xEE; 308]);
}

#[test]
fn section_6_8_qos_minus_1_needs_no_connection() {
    refused(&[7, 0x0C, 0x60, 0, 1, 0, 0], Kind::TopicIdWithoutConnection, Field::Flags, 2, "6.8");
    for topic in [Topic::Predefined(TopicId::MIN), Topic::Short(ShortTopicName::new(*b"ab").unwrap())] {
        let publish = Publish::new(Delivery::WithoutConnection, topic, b"x").unwrap();
        let mut output = [0; 8];
        publish.encode(&mut output).unwrap();
        assert_eq!(accepted(&output), publish.into());
    }
    let error = Publish::new(Delivery::WithoutConnection, Topic::Normal(TopicId::MIN), b"x").unwrap_err();
    assert_eq!(error, InvalidTopic::NormalWithoutConnection);
}

/// Every kind of error has words of its own, a section, and a place.
#[test]
fn errors_say_what_where_and_by_which_section() {
    for (input, text) in [
        (&[][..], "the datagram is empty, at octet 0 [section 5.2.1]"),
        (&[0], "Length is less than the header has octets, at octet 0 [section 5.2.1]"),
        (&[5, 0], "Length is 5, there are 2 octets, at octet 0 [section 5.2.1]"),
        (&[2, 3], "MsgType 0x03 is reserved, at octet 1 [section 5.2.2]"),
        (&[3, 0x0F, 0], "PUBREC: MsgId is cut off, at octet 2 [section 5.4.14]"),
        (&[3, 0x17, 0], "PINGRESP: octets are left over, at octet 2 [section 5.4.20]"),
        (&[6, 4, 4, 2, 0, 0], "CONNECT: ProtocolId is 0x02, not 0x01, at octet 3 [section 5.3.8]"),
        (&[6, 4, 4, 1, 0, 0], "CONNECT: ClientId is empty, at octet 6 [section 5.3.1]"),
        (&[4, 7, 0x60, b'w'], "WILLTOPIC: the QoS in Flags is 3, at octet 2 [section 5.3.4]"),
        (&[7, 0x0C, 3, 0, 1, 0, 0], "PUBLISH: the TopicIdType in Flags is 3, at octet 2 [section 5.3.4]"),
        (&[7, 0x0C, 0x60, 0, 1, 0, 0], "PUBLISH: the TopicIdType in Flags is 0 at QoS -1, at octet 2 [section 6.8]"),
        (&[7, 0x0C, 1, 0xFF, 0xFF, 0, 0], "PUBLISH: TopicId is 0xFFFF, at octet 3 [section 5.3.11]"),
        (&[7, 0x0A, 0, 0, 0, 0, b'a'], "REGISTER: MsgId is 0, at octet 4 [section 5.3.7]"),
        (&[5, 0x12, 0, 0, 1], "SUBSCRIBE: topic filter is empty, at octet 5 [section 5.3.12]"),
        (&[6, 0x12, 0, 0, 1, 0], "SUBSCRIBE: topic filter holds the character U+0000, at octet 5 [section 5.3.12]"),
        (&[6, 0x12, 0, 0, 1, 0xFF], "SUBSCRIBE: topic filter is not well-formed UTF-8, at octet 5 [section 5.3.12]"),
        (
            &[7, 0x12, 0, 0, 1, b'a', b'#'],
            "SUBSCRIBE: '#' is not the whole last level of topic filter, at octet 6 [section 5.3.12]",
        ),
        (
            &[7, 0x12, 0, 0, 1, b'a', b'+'],
            "SUBSCRIBE: '+' is not a whole level of topic filter, at octet 6 [section 5.3.12]",
        ),
        (&[4, 7, 0, b'#'], "WILLTOPIC: WillTopic holds a wildcard character, at octet 3 [section 5.3.14]"),
        (
            &[3, 0xFE, 0, 3, 0xFE, 0],
            "encapsulated: the encapsulated message is an encapsulation itself, at octet 3 [section 5.5]",
        ),
        (&[1, 0, 5, 0xFE, 0], "encapsulated: Length has three octets, at octet 0 [section 5.5]"),
    ] {
        assert_eq!(decode(input, DecodeOptions::new()).unwrap_err().to_string(), text);
    }
    let error = decode(&[2, 7], DecodeOptions::new().with_sender(Sender::Gateway)).unwrap_err();
    assert_eq!(error.to_string(), "WILLTOPIC: a gateway does not send this message, at octet 1 [section 5.4.7]");
    let error = mqtt_codec::sn::decode_from_gateway(&[3, 0xFE, 0, 2, 0x17], DecodeOptions::new()).unwrap_err();
    assert_eq!(error.to_string(), "encapsulated: a client receives no encapsulation, at octet 0 [section 5.5]");
}

/// A delivery of MQTT is one of MQTT-SN: the numbers stay the same.
#[test]
fn deliveries_come_over_from_mqtt() {
    let id = PacketIdentifier::new(9).unwrap();
    let delivery = Delivery::from(mqtt_codec::Delivery::at_least_once(id).duplicate());
    assert_eq!((delivery.qos(), delivery.message_id(), delivery.dup()), (Some(QoS::AtLeastOnce), Some(id), true));
}

/// So that growth is a decision.
#[test]
#[cfg(target_pointer_width = "64")]
fn sizes() {
    assert_eq!(size_of::<DecodeError>(), 24);
    assert_eq!(size_of::<DecodeOptions>(), 8);
    assert_eq!(size_of::<Result<Datagram<&[u8]>, DecodeError>>(), 72);
}
