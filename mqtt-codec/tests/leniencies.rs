//! Each leniency: a packet is refused without it and accepted with it, and no other packet is affected.

use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1, V5};
use mqtt_codec::Sender::{Client, Server};
use mqtt_codec::{
    ConnAck, ConnAckReasonCode, DecodeErrorKind as Kind, DecodeOptions, Leniency, Packet, PacketIdentifier,
    ProtocolVersion, PubRec, PubRecReasonCode, ReasonCode, Sender, decode,
};

/// A packet that breaks a rule, its version, its sender, and the error.
type Deviation = (&'static [u8], ProtocolVersion, Sender, Kind);

/// The packets that each leniency accepts, and packets near to them that no leniency accepts.
const TABLE: &[(Leniency, &[Deviation], &[Deviation])] = &[
    (
        Leniency::BridgeBit,
        &[
            (b"\x10\x0D\0\x04MQTT\x84\x02\0\x3C\0\x01c", V3_1_1, Client, Kind::UnsupportedProtocolVersion),
            (b"\x10\x0F\0\x06MQIsdp\x83\x02\0\x3C\0\x01c", V3_1, Client, Kind::UnsupportedProtocolVersion),
        ],
        &[(b"\x10\x0E\0\x04MQTT\x85\x02\0\x3C\0\0\x01c", V5, Client, Kind::UnsupportedProtocolVersion)],
    ),
    (Leniency::DupAtQoS0, &[(b"\x38\x04\0\x01a\0", V5, Client, Kind::DupAtQoS0)], &[]),
    (
        Leniency::EmptyClientIdentifier,
        &[
            (b"\x10\x0C\0\x04MQTT\x04\0\0\x3C\0\0", V3_1_1, Client, Kind::EmptyClientIdentifier),
            (b"\x10\x0E\0\x06MQIsdp\x03\x02\0\x3C\0\0", V3_1, Client, Kind::EmptyClientIdentifier),
        ],
        &[],
    ),
    (
        Leniency::LongerLengths,
        &[
            (b"\x30\x84\0\0\x01a\0", V5, Server, Kind::VariableByteIntegerNotMinimal),
            (b"\x30\x05\0\x01a\x80\0", V5, Server, Kind::VariableByteIntegerNotMinimal),
        ],
        &[
            (b"\x30\x07\0\x01a\x03\x0B\x80\0", V5, Server, Kind::VariableByteIntegerNotMinimal), // no length
        ],
    ),
    (
        Leniency::InvalidTopicFilters,
        &[
            (b"\x82\x08\0\x0A\0\0\x02a+\x01", V5, Client, Kind::MisplacedSingleLevelWildcard),
            (b"\xA2\x07\0\x01\0\0\x02a+", V5, Client, Kind::MisplacedSingleLevelWildcard),
        ],
        &[],
    ),
    (
        Leniency::SubscriptionIdentifierFromClient,
        &[(b"\x30\x06\0\x01a\x02\x0B\x05", V5, Client, Kind::PropertyFromWrongSender(Client))],
        &[],
    ),
    (
        Leniency::MqttLevel3,
        &[(b"\x10\x0D\0\x04MQTT\x03\x02\0\x3C\0\x01c", V3_1_1, Client, Kind::UnsupportedProtocolVersion)],
        &[],
    ),
    (
        Leniency::ConnAckOfOtherVersion,
        &[
            (b"\x20\x02\0\x01", V5, Server, Kind::ServerSpeaksVersion3),
            (b"\x20\x03\0\x84\0", V3_1_1, Server, Kind::TrailingBytes),
        ],
        &[],
    ),
    (
        Leniency::PasswordWithoutUserName,
        &[(b"\x10\x10\0\x04MQTT\x04\x42\0\x3C\0\x01c\0\x01p", V3_1_1, Client, Kind::PasswordWithoutUserName)],
        &[],
    ),
    (
        Leniency::ReservedFlags,
        &[
            (b"\x92\x03\0\x05\x02", V3_1_1, Server, Kind::InvalidFlags),
            (b"\x42\x02\0\x05", V3_1_1, Server, Kind::InvalidFlags),
            (b"\x60\x02\0\x01", V3_1, Client, Kind::InvalidFlags),
            (b"\x64\x02\0\x01", V5, Server, Kind::InvalidFlags),
            (b"\x6A\x02\0\x01", V3_1_1, Client, Kind::InvalidFlags),
            (b"\x5F\x02\0\x01", V5, Client, Kind::InvalidFlags),
            (b"\x71\x02\0\x01", V5, Client, Kind::InvalidFlags),
            (b"\x80\x08\0\x01\0\x03a/b\0", V3_1_1, Client, Kind::InvalidFlags),
            (b"\xA0\x07\0\x01\0\x03a/b", V3_1, Client, Kind::InvalidFlags),
            (b"\xB2\x02\0\x01", V3_1_1, Server, Kind::InvalidFlags),
        ],
        &[
            (b"\xC2\0", V5, Client, Kind::InvalidFlags),
            (b"\x22\x02\0\0", V3_1_1, Server, Kind::InvalidFlags),
            (b"\xE2\0", V5, Client, Kind::InvalidFlags),
        ],
    ),
    (
        Leniency::WillFlagsWithoutWill,
        &[
            (b"\x10\x0E\0\x04MQTT\x04\x22\0\x3C\0\x02c1", V3_1_1, Client, Kind::WillFlagsWithoutWill),
            (b"\x10\x0F\0\x04MQTT\x05\x0A\0\x3C\0\0\x02c1", V5, Client, Kind::WillFlagsWithoutWill),
        ],
        &[(b"\x10\x0E\0\x04MQTT\x04\x03\0\x3C\0\x02c1", V3_1_1, Client, Kind::ReservedConnectFlag)],
    ),
    (
        Leniency::SessionPresentWithFailure,
        &[
            (b"\x20\x02\x01\x05", V3_1_1, Server, Kind::SessionPresentWithFailure),
            (b"\x20\x03\x01\x87\0", V5, Server, Kind::SessionPresentWithFailure),
        ],
        &[(b"\x20\x02\x02\x05", V3_1_1, Server, Kind::ReservedAcknowledgeFlags)],
    ),
    (
        Leniency::DisconnectFromServer,
        &[(b"\xE0\0", V3_1_1, Server, Kind::WrongSender(Server)), (b"\xE0\0", V3_1, Server, Kind::WrongSender(Server))],
        &[],
    ),
    (
        Leniency::PingReqFromServer,
        &[(b"\xC0\0", V3_1_1, Server, Kind::WrongSender(Server))],
        &[(b"\xC0\0", V5, Server, Kind::WrongSender(Server)), (b"\xD0\0", V3_1_1, Client, Kind::WrongSender(Client))],
    ),
    (
        Leniency::UnsubAckOfOtherVersion,
        &[
            (b"\xB0\x04\0\x01\0\0", V3_1_1, Server, Kind::TrailingBytes),
            (b"\xB0\x02\0\x01", V5, Server, Kind::UnexpectedEnd),
        ],
        &[
            (b"\xB0\x04\0\x01\0\x7F", V3_1_1, Server, Kind::TrailingBytes),
            (b"\xB0\x03\0\x02\0", V5, Server, Kind::EmptyPayload),
        ],
    ),
    (
        Leniency::ReservedSubscriptionBits,
        &[(b"\x82\x06\0\x01\0\x01a\xA4", V3_1_1, Client, Kind::ReservedSubscriptionOptions)],
        &[
            (b"\x82\x07\0\x01\0\0\x01a\xC1", V5, Client, Kind::ReservedSubscriptionOptions),
            (b"\x82\x06\0\x01\0\x01a\x03", V3_1_1, Client, Kind::InvalidQoS),
        ],
    ),
    (
        Leniency::PlaceholderValues,
        &[
            // Maximum QoS 2, Maximum Packet Size 0 and Receive Maximum 0, between properties that are legal.
            (b"\x20\x12\0\0\x0F\x25\x01\x24\x02\x27\0\0\0\0\x21\0\0\x22\0\x07", V5, Server, Kind::InvalidPropertyValue),
            (
                b"\x10\x16\0\x04MQTT\x05\x02\0\x3C\x08\x21\0\0\x27\0\0\0\0\0\x01c",
                V5,
                Client,
                Kind::InvalidPropertyValue,
            ),
            (b"\x82\x09\0\x01\x02\x0B\0\0\x01a\0", V5, Client, Kind::InvalidPropertyValue),
            (b"\x30\x10\0\x01a\x0B\x0B\0\x23\0\x07\x0B\x05\x0B\0\x01\x01z", V5, Server, Kind::InvalidPropertyValue),
            (b"\x30\x08\0\x01a\x03\x23\0\0z", V5, Client, Kind::TopicAliasZero),
        ],
        &[
            (b"\x40\x02\0\0", V5, Server, Kind::PacketIdentifierZero), // a Packet Identifier
            (b"\x30\x06\0\0\x03\x23\0\0", V5, Client, Kind::TopicAliasZero), // no name to go by
            (b"\x20\x05\0\0\x02\x24\x03", V5, Server, Kind::InvalidPropertyValue),
            (b"\x20\x05\0\0\x02\x25\x02", V5, Server, Kind::InvalidPropertyValue),
            (b"\x20\x07\0\0\x04\x24\x02\x24\x02", V5, Server, Kind::InvalidPropertyValue), // twice
        ],
    ),
    (
        Leniency::ReasonCodesOfOtherPackets,
        &[
            (b"\x40\x03\0\x01\x95", V5, Server, Kind::InvalidReasonCode(0x95)),
            (b"\x50\x0A\0\x01\x95\x06\x1F\0\x03big", V5, Server, Kind::InvalidReasonCode(0x95)),
            (b"\x20\x03\0\x8B\0", V5, Server, Kind::InvalidReasonCode(0x8B)),
            (b"\xE0\x01\x91", V5, Server, Kind::InvalidReasonCode(0x91)),
        ],
        &[
            (b"\x40\x03\0\x01\x01", V5, Server, Kind::InvalidReasonCode(0x01)), // means success
            (b"\x40\x03\0\x01\xA3", V5, Server, Kind::InvalidReasonCode(0xA3)), // means nothing
            (b"\x62\x03\0\x01\x80", V5, Server, Kind::InvalidReasonCode(0x80)),
            (b"\xF0\x06\x80\x04\x15\0\x01M", V5, Server, Kind::InvalidReasonCode(0x80)),
            (b"\x90\x04\0\x01\0\x95", V5, Server, Kind::InvalidReasonCode(0x95)), // a list
            (b"\x20\x02\0\x06", V3_1_1, Server, Kind::InvalidReasonCode(0x06)),
        ],
    ),
    (
        Leniency::SubAckWithoutPropertyLength,
        &[
            (b"\x90\x03\0\x01\x01", V5, Server, Kind::UnexpectedEnd),
            (b"\x90\x03\0\x01\0", V5, Server, Kind::EmptyPayload),
            (b"\x90\x03\0\x01\x80", V5, Server, Kind::UnexpectedEnd),
            (b"\x90\x05\0\x01\x02\0\x01", V5, Server, Kind::UnknownProperty(0)),
        ],
        &[
            (b"\x90\x03\0\x01\x87", V5, Server, Kind::UnexpectedEnd),
            (b"\x90\x02\0\x01", V5, Server, Kind::UnexpectedEnd),
        ],
    ),
    (
        Leniency::RequestsWithoutPropertyLength,
        &[
            (b"\x82\x0A\0\x01\0\x01a\x01\0\x01#\x02", V5, Client, Kind::UnexpectedEnd),
            (b"\xA2\x05\0\x01\0\x01a", V5, Client, Kind::UnexpectedEnd),
        ],
        &[
            (b"\x82\x06\0\x01\0\x01a\x04", V5, Client, Kind::UnexpectedEnd), // an option of 5.0
            (b"\x82\x0D\0\x01\0\x08$share/g\0", V5, Client, Kind::UnexpectedEnd), // no filter of 5.0
            (b"\xA2\x0C\0\x01\0\x08$share/g", V5, Client, Kind::UnexpectedEnd),
            (b"\xA2\x06\0\x01\0\x02a+", V5, Client, Kind::UnexpectedEnd), // no filter
        ],
    ),
];

/// All packets of the table, with the leniency that accepts them.
fn deviations() -> impl Iterator<Item = (Option<Leniency>, Deviation)> {
    TABLE.iter().copied().flat_map(|(leniency, accepted, refused)| {
        let accepted = accepted.iter().map(move |deviation| (Some(leniency), *deviation));
        accepted.chain(refused.iter().map(|deviation| (None, *deviation)))
    })
}

#[test]
fn each_deviation_is_taken_by_its_own_leniency_and_by_no_other() {
    for (own, (bytes, version, sender, kind)) in deviations() {
        let strict = DecodeOptions::new(version).with_sender(sender);
        assert_eq!(decode(bytes, strict).map_err(|error| error.kind()).err(), Some(kind), "{bytes:02x?}");
        for leniency in Leniency::ALL.iter().copied() {
            let options = strict.with_leniency(leniency, true);
            let taken = decode(bytes, options).is_ok_and(|decoded| decoded.complete().is_some());
            assert_eq!(taken, own == Some(leniency), "{leniency}: {bytes:02x?}");
            let others = strict.lenient().with_leniency(leniency, false);
            let taken = decode(bytes, others).is_ok_and(|decoded| decoded.complete().is_some());
            assert_eq!(taken, own.is_some_and(|own| own != leniency), "all but {leniency}: {bytes:02x?}");
        }
    }
}

#[test]
fn each_leniency_has_its_deviation() {
    assert!(TABLE.iter().map(|(leniency, ..)| leniency).eq(Leniency::ALL));
    assert!(TABLE.iter().all(|(_, accepted, _)| !accepted.is_empty()));
}

#[test]
fn a_connack_of_the_other_version_says_the_same() {
    let refused = ConnAck::<&[u8]>::refused(ConnAckReasonCode::UNSUPPORTED_PROTOCOL_VERSION);
    for (bytes, version) in [(&b"\x20\x02\0\x01"[..], V5), (b"\x20\x03\0\x84\0", V3_1_1), (b"\x20\x03\0\x84\0", V3_1)] {
        let options = DecodeOptions::new(version).allow_connack_of_other_version(true);
        let (packet, _) = decode(bytes, options).unwrap().complete().unwrap();
        assert_eq!(packet, Packet::ConnAck(refused));
    }
}

#[test]
fn a_failure_of_another_packet_is_a_failure() {
    let options = DecodeOptions::new(V5).allow_reason_codes_of_other_packets(true);
    for value in 0x80..=0xFF {
        let received = [0x50, 0x03, 0x00, 0x01, value];
        let own = PubRecReasonCode::try_from(value).ok();
        let expected = own.or_else(|| ReasonCode::from_u8(value).map(|_| PubRecReasonCode::UNSPECIFIED_ERROR));
        let decoded = decode(&received, options).ok().and_then(mqtt_codec::Decoded::complete);
        assert_eq!(
            decoded.map(|(packet, _)| packet),
            expected.map(|code| Packet::PubRec(PubRec { reason_code: code, ..PubRec::new(PacketIdentifier::MIN) })),
            "{value:#04x}"
        );
        #[cfg(feature = "bytes")]
        if expected.is_some() {
            let (frame, _) = mqtt_codec::Frame::decode(&received.to_vec().into(), options).unwrap().complete().unwrap();
            assert_eq!(frame.received_reason_code(), ReasonCode::from_u8(value));
            assert_eq!(frame.is_strict(), own.is_some());
        }
    }
}

#[cfg(feature = "bytes")]
#[test]
fn a_frame_returns_the_reason_code_that_was_received() {
    use mqtt_codec::Frame;
    for (bytes, version, expected) in [
        (&b"\x20\x03\0\x8B\0"[..], V5, Some(0x8B)),
        (b"\x40\x03\0\x01\x95", V5, Some(0x95)),
        (b"\x50\x84\0\0\x01\x95\0", V5, Some(0x95)), // a fixed header of three bytes
        (b"\xE0\x01\x91", V5, Some(0x91)),
        (b"\x40\x02\0\x01", V5, None),
        (b"\xE0\0", V5, None),
        (b"\x62\x03\0\x01\x92", V5, None),
        (b"\x20\x02\0\x05", V3_1_1, None),
    ] {
        let (received, options) = (bytes::Bytes::from_static(bytes), DecodeOptions::new(version).lenient());
        let (frame, _) = Frame::decode(&received, options).unwrap().complete().unwrap();
        assert_eq!(frame.received_reason_code().map(ReasonCode::as_u8), expected, "{frame}");
    }
}

#[test]
fn a_suback_is_read_in_its_own_format_first() {
    let options = DecodeOptions::new(V5).allow_suback_without_property_length(true);
    for (received, codes) in [
        (&b"\x90\x03\0\x01\x01"[..], &[1][..]),
        (b"\x90\x05\0\x01\x02\0\x80", &[2, 0, 0x80]),
        (b"\x90\x04\0\x01\0\x01", &[1]), // legal in both formats
    ] {
        let (packet, _) = decode(received, options).unwrap().complete().unwrap();
        let Packet::SubAck(suback) = packet else { panic!("{packet}") };
        assert_eq!((suback.reason_codes().as_bytes(), suback.properties.is_empty()), (codes, true));
    }
}

#[test]
fn a_request_is_read_in_its_own_format_first() {
    // In 3.1.1 the filter "a" and a long one; in 5.0 no properties, and one filter, which begins with U+0001.
    let unsubscribe = [b"\xA2\xE6\x02\0\x01\0\x01a\x01\x5F", &[b'b'; 351][..]].concat();
    let subscribe = [b"\x82\xE7\x02\0\x01\0\x01a\x01\x01\x5E", &[b'b'; 350][..], b"\x01"].concat();
    for (received, version, expected) in [
        (&unsubscribe, V3_1_1, &[1, 351][..]),
        (&unsubscribe, V5, &[353]),
        (&subscribe, V3_1_1, &[1, 350]),
        (&subscribe, V5, &[353]),
    ] {
        let options = DecodeOptions::new(version).allow_requests_without_property_length(true);
        let (packet, _) = decode(received, options).unwrap().complete().unwrap();
        let lens: Vec<usize> = match packet {
            Packet::Subscribe(packet) => {
                packet.subscriptions.iter().map(|item| item.topic_filter.as_str().len()).collect()
            }
            Packet::Unsubscribe(packet) => packet.topic_filters.iter().map(|filter| filter.as_str().len()).collect(),
            other => panic!("{other}"),
        };
        assert_eq!(lens, expected, "{version}");
    }
}

#[test]
fn a_request_without_property_length_keeps_the_error_of_its_own_format() {
    let options = DecodeOptions::new(V5).allow_requests_without_property_length(true);
    for received in [&b"\x82\x07\0\x01\0\0\x01a\x40"[..], b"\xA2\x07\0\x01\0\0\x02a+", b"\x82\x03\0\x01\0"] {
        assert_eq!(decode(received, options), decode(received, V5), "{received:02x?}");
    }
    // In the format of 3.1.1 the characters are checked as in any other.
    for received in [&b"\x82\x06\0\x01\0\x01\x07\0"[..], b"\xA2\x05\0\x01\0\x01\x07"] {
        assert!(decode(received, options).is_ok());
        let error = decode(received, options.refuse_discouraged_characters(true)).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (Kind::DiscouragedCharacter, 6));
    }
}

#[test]
fn mqtt_level_3_is_3_1() {
    let bytes = b"\x10\x0D\0\x04MQTT\x03\x02\0\x3C\0\x01c";
    let options = DecodeOptions::new(V5).allow_mqtt_level_3(true);
    let (packet, _) = decode(bytes, options).unwrap().complete().unwrap();
    let Packet::Connect(connect) = packet else { panic!("{packet}") };
    assert_eq!(connect.protocol_version, V3_1);
}

#[test]
fn each_filter_can_be_judged_by_itself() {
    let bytes = b"\x82\x0D\0\x0A\0\0\x02a+\x01\0\x02a/\x01";
    let options = DecodeOptions::new(V5).allow_invalid_topic_filters(true);
    let (packet, _) = decode(bytes, options).unwrap().complete().unwrap();
    let Packet::Subscribe(subscribe) = packet else { panic!("{packet}") };
    let verdicts: Vec<bool> = subscribe.subscriptions.iter().map(|item| item.topic_filter.check().is_ok()).collect();
    assert_eq!(verdicts, [false, true]);
    let error = mqtt_codec::Encode::encoded_len(&subscribe, V5).unwrap_err();
    assert_eq!(error.kind(), mqtt_codec::EncodeErrorKind::InvalidTopicFilter, "it is not sent on");
    assert_eq!(error.to_string(), "SUBSCRIBE: a Topic Filter is not valid [section 4.7]");
}

/// What a leniency accepted is never sent on as it came: its frame says so, and it is encoded in the strict form or not at all.
#[cfg(feature = "bytes")]
#[test]
fn what_is_accepted_is_encoded_in_the_strict_form() {
    use mqtt_codec::{Encode, Frame};
    let mut refused = Vec::new();
    for (leniency, (bytes, version, sender, _)) in deviations() {
        let Some(leniency) = leniency else { continue };
        let lenient = DecodeOptions::new(version).with_sender(sender).with_leniency(leniency, true);
        let (frame, _) = Frame::decode(&bytes::Bytes::from_static(bytes), lenient).unwrap().complete().unwrap();
        assert!(!frame.is_strict(), "{leniency}: {bytes:02x?}");
        let mut output = [0; 64];
        let encoded = frame.packet().encode(frame.version(), &mut output);
        assert_eq!(frame.encode(frame.version(), &mut [0; 64]), encoded, "{leniency}: {bytes:02x?}");
        match encoded {
            Ok(len) => {
                // The senders of DISCONNECT and PINGREQ are at fault, not their bytes.
                let either = DecodeOptions::new(version).allow_bridge_bit(leniency == Leniency::BridgeBit);
                let again = decode(&output[..len], either).unwrap().complete().unwrap().0;
                assert_eq!(again, frame.packet(), "{leniency}: {bytes:02x?}");
            }
            Err(_) => refused.push(leniency),
        }
    }
    refused.dedup();
    let expected = [
        Leniency::EmptyClientIdentifier,
        Leniency::InvalidTopicFilters,
        Leniency::PasswordWithoutUserName,
        Leniency::UnsubAckOfOtherVersion,
    ];
    assert_eq!(refused, expected);
}

/// A placeholder is absent wherever the packet goes: each way out gives the bytes of the packet that never had it.
#[cfg(feature = "bytes")]
#[test]
fn a_placeholder_is_left_out_by_every_way_of_encoding() {
    use mqtt_codec::{
        Delivery, Encode, EncodeErrorKind, Forward, Frame, Packet, Pieces, Subscriber, encode_publish_head,
    };
    let options = DecodeOptions::new(V5).allow_placeholder_values(true);
    for (with, without) in [
        (
            &b"\x20\x12\0\0\x0F\x25\x01\x24\x02\x27\0\0\0\0\x21\0\0\x22\0\x07"[..],
            &b"\x20\x08\0\0\x05\x25\x01\x22\0\x07"[..],
        ),
        (
            b"\x10\x16\0\x04MQTT\x05\x02\0\x3C\x08\x21\0\0\x27\0\0\0\0\0\x01c",
            b"\x10\x0E\0\x04MQTT\x05\x02\0\x3C\0\0\x01c",
        ),
        (b"\x82\x09\0\x01\x02\x0B\0\0\x01a\0", b"\x82\x07\0\x01\0\0\x01a\0"),
        (
            b"\x30\x10\0\x01a\x0B\x0B\0\x23\0\x07\x0B\x05\x0B\0\x01\x01z",
            b"\x30\x0C\0\x01a\x07\x23\0\x07\x0B\x05\x01\x01z",
        ),
        // No property of the connection, which `Forward` would have to leave out.
        (b"\x30\x09\0\x01a\x04\x0B\0\x01\x01z", b"\x30\x07\0\x01a\x02\x01\x01z"),
    ] {
        let shared = bytes::Bytes::from_static(with);
        let (packet, _) = decode(with, options).unwrap().complete().unwrap();
        let (frame, _) = Frame::decode(&shared, options).unwrap().complete().unwrap();
        let plain = decode(without, V5).unwrap().complete().unwrap().0;
        assert_eq!((packet, frame.packet()), (plain, plain), "{with:02x?}");
        assert_eq!(packet.encoded_len(V5), Ok(without.len()));
        let mut output = [0xAA; 64];
        assert_eq!(packet.encode(V5, &mut output), Ok(without.len()));
        assert_eq!((&output[..without.len()], output[without.len()]), (without, 0xAA));
        let error = packet.encode(V5, &mut output[..without.len() - 1]).unwrap_err();
        assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: without.len() });
        let mut scratch = [0; Pieces::SCRATCH];
        assert_eq!(packet.encode_vectored(V5, &mut scratch).unwrap().as_slices().concat(), without);
        let mut appended = Vec::new();
        assert_eq!(packet.to_shared().encode_to(V5, &mut appended), Ok(without.len()));
        assert_eq!(appended, without);
        assert_eq!(Frame::encode(&frame, V5).unwrap().as_bytes()[..], *without);
        let Packet::Publish(publish) = packet else { continue };
        let len = encode_publish_head(&publish, publish.payload.len(), V5, &mut output).unwrap();
        assert_eq!(output[..len], without[..without.len() - 1]);
        let subscriber = Subscriber::new(Delivery::AtMostOnce);
        for forward in [Forward::new(&publish, V5), Forward::from_frame(frame.as_publish().unwrap(), V5)] {
            let forwarded = forward.unwrap().to_bytes(&subscriber).unwrap();
            assert_eq!(forwarded[..], *b"\x30\x07\0\x01a\x02\x01\x01z");
        }
    }
}

#[test]
fn a_packet_with_placeholders_is_judged_by_every_other_rule() {
    use mqtt_codec::{Encode, EncodeErrorKind, EncodeOptions};
    // A Subscription Identifier, a placeholder of one, and a User Property with a control character.
    let bytes = b"\x30\x0F\0\x01a\x0B\x0B\x05\x0B\0\x26\0\x01k\0\x01\x07";
    let options = DecodeOptions::new(V5).allow_placeholder_values(true);
    let (packet, _) = decode(bytes, options).unwrap().complete().unwrap();
    let error = decode(bytes, options.refuse_discouraged_characters(true)).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (Kind::DiscouragedCharacter, 16));
    let error = decode(bytes, options.with_sender(Client)).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (Kind::PropertyFromWrongSender(Client), 6));

    let mut output = [0; 64];
    assert_eq!(packet.encode(V5, &mut output), Ok(15));
    for (options, expected) in [
        (EncodeOptions::new(V5).refuse_discouraged_characters(true), EncodeErrorKind::DiscouragedCharacter),
        (EncodeOptions::new(V5).with_sender(Client), EncodeErrorKind::NotFromSender(Client)),
        (EncodeOptions::new(V3_1_1), EncodeErrorKind::NotInVersion(V3_1_1)),
    ] {
        assert_eq!(packet.encoded_len(options).unwrap_err().kind(), expected);
        assert_eq!(packet.encode(options, &mut output).unwrap_err().kind(), expected);
    }
    // Placeholders alone are no properties, so any version has the packet.
    for (bytes, expected) in [
        (&b"\x30\x08\0\x01a\x03\x23\0\0z"[..], &b"\x30\x04\0\x01az"[..]),
        (b"\x82\x09\0\x01\x02\x0B\0\0\x01a\0", b"\x82\x06\0\x01\0\x01a\0"),
        (b"\x20\x05\0\0\x02\x24\x02", b"\x20\x02\0\0"),
    ] {
        let (packet, _) = decode(bytes, options).unwrap().complete().unwrap();
        let len = packet.encode(V3_1_1, &mut output).unwrap();
        assert_eq!(output[..len], *expected);
    }
}

#[test]
fn the_readme_names_leniencies_that_exist() {
    let readme = include_str!("../../README.md");
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `allow_"));
    let names: Vec<_> = rows.map(|row| format!("allow_{}", row.split('`').next().unwrap())).collect();
    assert!(names.len() >= 5 && names.iter().all(|name| name.parse::<Leniency>().is_ok()), "{names:?}");
    assert!(readme.contains(&format!("There are {} of them", Leniency::ALL.len())));
}

#[test]
fn the_guide_lists_every_leniency() {
    let guide = include_str!("../src/guide/leniencies.rs");
    let rows = guide.lines().filter_map(|line| line.strip_prefix("//! | `")).filter_map(|row| row.split('`').next());
    assert!(rows.eq(Leniency::ALL.iter().map(|leniency| leniency.name())));
}
