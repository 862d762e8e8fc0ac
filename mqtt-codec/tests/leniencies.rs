//! Each leniency: a packet is refused without it and accepted with it, and no other packet is affected.

use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1, V5};
use mqtt_codec::{
    ConnAck, ConnAckReasonCode, DecodeErrorKind as Kind, DecodeOptions, Leniency, Packet, ProtocolVersion, Sender,
    decode,
};

/// A deviation: the packet, the receiving side, the error, and the leniency that accepts it.
const DEVIATIONS: &[(&[u8], ProtocolVersion, Sender, Kind, &str)] = &[
    (
        b"\x10\x10\0\x04MQTT\x04\x42\0\x3C\0\x01c\0\x01p",
        V3_1_1,
        Sender::Client,
        Kind::PasswordWithoutUserName,
        "allow_password_without_user_name",
    ),
    (
        b"\x10\x0D\0\x04MQTT\x84\x02\0\x3C\0\x01c",
        V3_1_1,
        Sender::Client,
        Kind::UnsupportedProtocolVersion,
        "allow_bridge_bit",
    ),
    (
        b"\x10\x0F\0\x06MQIsdp\x83\x02\0\x3C\0\x01c",
        V3_1,
        Sender::Client,
        Kind::UnsupportedProtocolVersion,
        "allow_bridge_bit",
    ),
    (b"\x10\x0E\0\x04MQTT\x85\x02\0\x3C\0\0\x01c", V5, Sender::Client, Kind::UnsupportedProtocolVersion, "none"),
    (b"\x38\x04\0\x01a\0", V5, Sender::Client, Kind::DupAtQoS0, "allow_dup_at_qos_0"),
    (
        b"\x10\x0C\0\x04MQTT\x04\0\0\x3C\0\0",
        V3_1_1,
        Sender::Client,
        Kind::EmptyClientIdentifier,
        "allow_empty_client_identifier",
    ),
    (
        b"\x10\x0E\0\x06MQIsdp\x03\x02\0\x3C\0\0",
        V3_1,
        Sender::Client,
        Kind::EmptyClientIdentifier,
        "allow_empty_client_identifier",
    ),
    (b"\x30\x84\0\0\x01a\0", V5, Sender::Server, Kind::VariableByteIntegerNotMinimal, "allow_longer_lengths"),
    (b"\x30\x05\0\x01a\x80\0", V5, Sender::Server, Kind::VariableByteIntegerNotMinimal, "allow_longer_lengths"),
    (
        b"\x82\x08\0\x0A\0\0\x02a+\x01",
        V5,
        Sender::Client,
        Kind::MisplacedSingleLevelWildcard,
        "allow_invalid_topic_filters",
    ),
    (
        b"\x30\x06\0\x01a\x02\x0B\x05",
        V5,
        Sender::Client,
        Kind::PropertyFromWrongSender(Sender::Client),
        "allow_subscription_identifier_from_client",
    ),
    (
        b"\x10\x0D\0\x04MQTT\x03\x02\0\x3C\0\x01c",
        V3_1_1,
        Sender::Client,
        Kind::UnsupportedProtocolVersion,
        "allow_mqtt_level_3",
    ),
    (b"\x20\x02\0\x01", V5, Sender::Server, Kind::ServerSpeaksVersion3, "allow_connack_of_other_version"),
    (b"\x20\x03\0\x84\0", V3_1_1, Sender::Server, Kind::TrailingBytes, "allow_connack_of_other_version"),
    (b"\x92\x03\0\x05\x02", V3_1_1, Sender::Server, Kind::InvalidFlags, "allow_reserved_flags"),
    (b"\x42\x02\0\x05", V3_1_1, Sender::Server, Kind::InvalidFlags, "allow_reserved_flags"),
    (b"\x60\x02\0\x01", V3_1, Sender::Client, Kind::InvalidFlags, "allow_reserved_flags"),
    (b"\x64\x02\0\x01", V5, Sender::Server, Kind::InvalidFlags, "allow_reserved_flags"),
    (b"\x6A\x02\0\x01", V3_1_1, Sender::Client, Kind::InvalidFlags, "allow_reserved_flags"),
    (b"\x5F\x02\0\x01", V5, Sender::Client, Kind::InvalidFlags, "allow_reserved_flags"),
    (b"\x71\x02\0\x01", V5, Sender::Client, Kind::InvalidFlags, "allow_reserved_flags"),
    (b"\x80\x08\0\x01\0\x03a/b\0", V3_1_1, Sender::Client, Kind::InvalidFlags, "allow_reserved_flags"),
    (b"\xA0\x07\0\x01\0\x03a/b", V3_1, Sender::Client, Kind::InvalidFlags, "allow_reserved_flags"),
    (b"\xB2\x02\0\x01", V3_1_1, Sender::Server, Kind::InvalidFlags, "allow_reserved_flags"),
    (b"\xC2\0", V5, Sender::Client, Kind::InvalidFlags, "none"),
    (b"\x22\x02\0\0", V3_1_1, Sender::Server, Kind::InvalidFlags, "none"),
    (b"\xE2\0", V5, Sender::Client, Kind::InvalidFlags, "none"),
    (
        b"\x10\x0E\0\x04MQTT\x04\x22\0\x3C\0\x02c1",
        V3_1_1,
        Sender::Client,
        Kind::WillFlagsWithoutWill,
        "allow_will_flags_without_will",
    ),
    (
        b"\x10\x0F\0\x04MQTT\x05\x0A\0\x3C\0\0\x02c1",
        V5,
        Sender::Client,
        Kind::WillFlagsWithoutWill,
        "allow_will_flags_without_will",
    ),
    (b"\x10\x0E\0\x04MQTT\x04\x03\0\x3C\0\x02c1", V3_1_1, Sender::Client, Kind::ReservedConnectFlag, "none"),
    (
        b"\x20\x02\x01\x05",
        V3_1_1,
        Sender::Server,
        Kind::SessionPresentWithFailure,
        "allow_session_present_with_failure",
    ),
    (b"\x20\x03\x01\x87\0", V5, Sender::Server, Kind::SessionPresentWithFailure, "allow_session_present_with_failure"),
    (b"\x20\x02\x02\x05", V3_1_1, Sender::Server, Kind::ReservedAcknowledgeFlags, "none"),
    (b"\xE0\0", V3_1_1, Sender::Server, Kind::WrongSender(Sender::Server), "allow_disconnect_from_server"),
    (b"\xE0\0", V3_1, Sender::Server, Kind::WrongSender(Sender::Server), "allow_disconnect_from_server"),
    (b"\xC0\0", V3_1_1, Sender::Server, Kind::WrongSender(Sender::Server), "allow_pingreq_from_server"),
    (b"\xC0\0", V5, Sender::Server, Kind::WrongSender(Sender::Server), "none"),
    (b"\xD0\0", V3_1_1, Sender::Client, Kind::WrongSender(Sender::Client), "none"),
    (b"\xB0\x04\0\x01\0\0", V3_1_1, Sender::Server, Kind::TrailingBytes, "allow_unsuback_of_other_version"),
    (b"\xB0\x02\0\x01", V5, Sender::Server, Kind::UnexpectedEnd, "allow_unsuback_of_other_version"),
    (b"\xB0\x04\0\x01\0\x7F", V3_1_1, Sender::Server, Kind::TrailingBytes, "none"),
    (b"\xB0\x03\0\x02\0", V5, Sender::Server, Kind::EmptyPayload, "none"),
    (
        b"\x82\x06\0\x01\0\x01a\xA4",
        V3_1_1,
        Sender::Client,
        Kind::ReservedSubscriptionOptions,
        "allow_reserved_subscription_bits",
    ),
    (b"\x82\x07\0\x01\0\0\x01a\xC1", V5, Sender::Client, Kind::ReservedSubscriptionOptions, "none"),
    (b"\x82\x06\0\x01\0\x01a\x03", V3_1_1, Sender::Client, Kind::InvalidQoS, "none"),
    (b"\x40\x02\0\0", V5, Sender::Server, Kind::PacketIdentifierZero, "none"),
];

#[test]
fn each_deviation_is_taken_by_its_own_leniency_and_by_no_other() {
    for (bytes, version, sender, kind, name) in DEVIATIONS.iter().copied() {
        let strict = DecodeOptions::new(version).with_sender(sender);
        assert_eq!(decode(bytes, strict).map_err(|error| error.kind()).err(), Some(kind), "{bytes:02x?}");
        for leniency in Leniency::ALL.iter().copied() {
            let options = strict.with_leniency(leniency, true);
            let taken = decode(bytes, options).is_ok_and(|decoded| decoded.complete().is_some());
            assert_eq!(taken, leniency.name() == name, "{leniency}: {bytes:02x?}");
            let others = strict.lenient().with_leniency(leniency, false);
            let taken = decode(bytes, others).is_ok_and(|decoded| decoded.complete().is_some());
            assert_eq!(taken, leniency.name() != name && name != "none", "all but {leniency}: {bytes:02x?}");
        }
    }
}

#[test]
fn each_leniency_has_its_deviation() {
    for leniency in Leniency::ALL.iter().copied() {
        assert!(DEVIATIONS.iter().any(|(.., name)| *name == leniency.name()), "{leniency}");
    }
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
    for (bytes, version, sender, _, name) in DEVIATIONS.iter().copied().filter(|(.., name)| *name != "none") {
        let strict = DecodeOptions::new(version).with_sender(sender);
        let lenient = strict.with_leniency(name.parse().unwrap(), true);
        let (frame, _) = Frame::decode(&bytes::Bytes::from_static(bytes), lenient).unwrap().complete().unwrap();
        assert!(!frame.is_strict(), "{name}: {bytes:02x?}");
        let mut output = [0; 64];
        let encoded = frame.packet().encode(frame.version(), &mut output);
        assert_eq!(frame.encode(frame.version(), &mut [0; 64]), encoded, "{name}: {bytes:02x?}");
        match encoded {
            Ok(len) => {
                // The senders of DISCONNECT and PINGREQ are at fault, not their bytes.
                let either = DecodeOptions::new(version).allow_bridge_bit(name == "allow_bridge_bit");
                let again = decode(&output[..len], either).unwrap().complete().unwrap().0;
                assert_eq!(again, frame.packet(), "{name}: {bytes:02x?}");
            }
            Err(error) => {
                refused.push((name, error.to_string()));
            }
        }
    }
    refused.dedup_by_key(|(name, _)| *name);
    let names: Vec<_> = refused.iter().map(|(name, _)| *name).collect();
    let expected = [
        "allow_password_without_user_name",
        "allow_empty_client_identifier",
        "allow_invalid_topic_filters",
        "allow_unsuback_of_other_version",
    ];
    assert_eq!(names, expected, "{refused:?}");
}

#[test]
fn the_guide_lists_every_leniency() {
    let guide = include_str!("../src/guide/leniencies.rs");
    let rows = guide.lines().filter_map(|line| line.strip_prefix("//! | `")).filter_map(|row| row.split('`').next());
    assert!(rows.eq(Leniency::ALL.iter().map(|leniency| leniency.name())));
}
