//! For any bytes and any options: nothing panics, and the result is correct.

use super::{Rules, answer, hash_of};
use bytes::Bytes;
use mqtt_codec::{
    DecodeError, DecodeErrorKind, DecodeOptions, Decoded, DecodedFixedHeader, Encode, EncodeErrorKind, EncodeOptions,
    Packet, PacketType, ProtocolVersion, Sender, decode, decode_fixed_header, decode_from_client, decode_from_server,
    decode_shared,
};

pub(super) fn law(data: &[u8]) {
    let Some((rules, input)) = Rules::split(data) else { return };
    let decoded = decode(input, rules.options());
    shared_is_the_same(input, &rules, &decoded);
    decoders_of_a_side_are_the_same(input, &rules);
    fixed_header_agrees(input, &rules, &decoded);
    needed_leads_there(input, &rules, &decoded);
    match &decoded {
        Ok(Decoded::Complete { packet, consumed }) => {
            let frame = &input[..*consumed];
            assert_eq!(decode(frame, rules.options()), decoded, "what follows a packet is no part of it");
            accepted_packet(frame, &rules, packet);
        }
        Ok(Decoded::Incomplete { needed }) => {
            let whole = input.len().checked_add(needed.get()).unwrap();
            assert!(whole <= 2 || u32::try_from(whole).unwrap() <= rules.limit.max(5), "waits for what it refuses");
        }
        Err(error) => told_error(input, &rules, error),
    }
}

fn shared_is_the_same(input: &[u8], rules: &Rules, decoded: &Result<Decoded<Packet<&[u8]>>, DecodeError>) {
    let buffer = Bytes::copy_from_slice(input);
    match (decoded, decode_shared(&buffer, rules.options())) {
        (Err(one), Err(other)) => assert_eq!(*one, other),
        (Ok(Decoded::Incomplete { needed: one }), Ok(Decoded::Incomplete { needed: other })) => assert_eq!(*one, other),
        (Ok(Decoded::Complete { packet, consumed }), Ok(Decoded::Complete { packet: shared, consumed: also })) => {
            assert_eq!((packet, *consumed), (&shared.as_borrowed(), also));
            assert_eq!(hash_of(packet), hash_of(&shared));
            assert_eq!(packet.to_shared(), shared);
            assert_eq!(packet.to_string(), shared.to_string());
            assert_eq!(format!("{packet:?}"), format!("{shared:?}"));
        }
        (one, other) => panic!("{one:?}, and shared {other:?}"),
    }
}

/// Who knows the sender when compiling gets what the options would have given.
fn decoders_of_a_side_are_the_same(input: &[u8], rules: &Rules) {
    let from = |sender| decode(input, rules.options().with_sender(sender));
    assert_eq!(decode_from_client(input, rules.options()), from(Sender::Client));
    assert_eq!(decode_from_server(input, rules.options()), from(Sender::Server));
}

fn fixed_header_agrees(input: &[u8], rules: &Rules, decoded: &Result<Decoded<Packet<&[u8]>>, DecodeError>) {
    match (decode_fixed_header(input, rules.options()), decoded) {
        (Err(one), Err(other)) => assert_eq!(one, *other),
        (Ok(Decoded::Incomplete { needed: one }), Ok(Decoded::Incomplete { needed: other })) => assert_eq!(one, *other),
        (Ok(Decoded::Complete { packet: header, consumed }), decoded) => {
            assert!(header.len == consumed && (2..=5).contains(&consumed) && consumed <= input.len());
            let frame = header.packet_len();
            match decoded {
                Ok(Decoded::Complete { packet, consumed }) => {
                    assert_eq!((*consumed, packet.packet_type()), (frame, header.header.packet_type));
                }
                Ok(Decoded::Incomplete { needed }) => assert_eq!(input.len() + needed.get(), frame),
                // Bytes after the last field are announced by the Remaining Length.
                Err(error) if error.kind() == DecodeErrorKind::TrailingBytes => {}
                Err(_) => assert!(frame <= input.len(), "judged before it is there"),
            }
        }
        (header, decoded) => panic!("{header:?}, and {decoded:?}"),
    }
}

/// Who reads as many bytes as are said to be needed never reads into the next packet, and soon is there: the fixed header
/// takes up to five reads, the rest one.
fn needed_leads_there(input: &[u8], rules: &Rules, decoded: &Result<Decoded<Packet<&[u8]>>, DecodeError>) {
    let mut have = 0;
    for _ in 0..=5 {
        match decode(&input[..have], rules.options()) {
            Ok(Decoded::Incomplete { needed }) if needed.get() > input.len() - have => {
                // A fixed header asks for two bytes at once, and the first one alone may be wrong.
                assert!(matches!(decoded, Ok(Decoded::Incomplete { .. })) || have == 0);
                return;
            }
            Ok(Decoded::Incomplete { needed }) => have += needed.get(),
            Ok(Decoded::Complete { consumed, .. }) => return assert_eq!(consumed, have),
            Err(error) => return assert_eq!(Err(error), *decoded),
        }
    }
    panic!("it goes on asking");
}

fn told_error(input: &[u8], rules: &Rules, error: &DecodeError) {
    let packet_type = PacketType::from_first_byte(input[0]);
    assert_eq!(error.packet_type(), packet_type);
    assert!(error.version() == rules.version || packet_type == PacketType::Connect);
    assert!(!error.rule().is_empty() && !error.to_string().is_empty() && !format!("{error:?}").is_empty());
    assert!(error.rule().starts_with("MQTT-") || error.rule().starts_with("section "), "{}", error.rule());
    assert_eq!(error.statement(), Some(error.rule()).filter(|rule| rule.starts_with("MQTT-")));
    assert!(!error.field().to_string().is_empty());
    if let (true, Some(code)) = (error.version().is_v3(), error.reason_code()) {
        assert!([0x84, 0x85].contains(&code.as_u8()), "3.x has no code for it");
    }
    answer::check(error);
    let frame = match decode_fixed_header(input, rules.options()) {
        Ok(Decoded::Complete { packet: header, .. }) => header.packet_len(),
        Ok(Decoded::Incomplete { .. }) => panic!("an error before the fixed header is there, and not from it"),
        Err(_) => input.len().min(5),
    };
    assert!(frame <= input.len() || error.kind() == DecodeErrorKind::TrailingBytes);
    // The offset is after the last byte only if a field is missing.
    let is_missing = matches!(
        error.kind(),
        DecodeErrorKind::UnexpectedEnd
            | DecodeErrorKind::EmptyPayload
            | DecodeErrorKind::AuthenticationMethodMissing
            | DecodeErrorKind::ServerSpeaksVersion3
            // The part that should follow `$share/`, and the name after it.
            | DecodeErrorKind::EmptyShareName
            | DecodeErrorKind::InvalidSharedFilter
    );
    assert!(error.offset() < frame || is_missing && error.offset() == frame, "{error}, in {frame} bytes");
    // The bytes after the packet have no effect.
    assert_eq!(decode(&input[..frame.min(input.len())], rules.options()).err(), Some(*error));
}

/// Checks that the packet encodes, unless it needed a leniency, and decodes to an equal one.
pub(super) fn accepted_packet(frame: &[u8], rules: &Rules, packet: &Packet<&[u8]>) {
    assert!(!packet.to_string().is_empty() && !format!("{packet:?}").is_empty());
    let mut output = vec![0; frame.len() + 16];
    let len = match packet.encode(rules.version, &mut output) {
        Ok(len) => len,
        Err(error) => {
            let version = match packet {
                Packet::Connect(connect) => connect.protocol_version,
                _ => rules.version,
            };
            // A filter of 3.x that 5.0 takes for a shared subscription without a name exists; others are in no version.
            let exists = match packet {
                Packet::Subscribe(subscribe) => subscribe
                    .subscriptions
                    .iter()
                    .all(|subscription| subscription.topic_filter.check_ordinary().is_ok()),
                Packet::Unsubscribe(unsubscribe) => {
                    unsubscribe.topic_filters.iter().all(|filter| filter.check_ordinary().is_ok())
                }
                _ => true,
            };
            let kind = match packet {
                Packet::UnsubAck(_) if !version.is_v3() => EncodeErrorKind::ReasonCodesMissing,
                _ if exists => EncodeErrorKind::NotInVersion(version),
                _ => EncodeErrorKind::InvalidTopicFilter,
            };
            assert_eq!(error.kind(), kind);
            assert!(!error.to_string().is_empty() && !error.rule().is_empty());
            return assert!(may_be_read_only(frame, rules, packet), "read, and cannot be written: {packet:?}: {error}");
        }
    };
    let output = &output[..len];
    assert_eq!(packet.encoded_len(rules.version), Ok(len));
    match form(frame, rules, packet) {
        Form::Canonical => assert_eq!(output, frame, "there is one form for it"),
        Form::Longer => assert!(len <= frame.len(), "a longer form than it was read from"),
        Form::Other => {}
    }
    // The form that is written may be longer than the limit: that of a CONNECT of `MQTT` with level 3.
    let unlimited = Rules { limit: DecodeOptions::LARGEST_PACKET, ..*rules };
    assert_eq!(decode(output, unlimited.options()), Ok(Decoded::Complete { packet: *packet, consumed: len }));
    assert!(matches!(form(output, &unlimited, packet), Form::Canonical), "written with bits that mean nothing");
    if let Err(error) = packet.encode(EncodeOptions::new(rules.version).with_sender(rules.sender), &mut vec![0; len]) {
        assert_eq!(error.kind(), EncodeErrorKind::NotFromSender(rules.sender));
        // Of the two who leave it is read what only the other may say; a bridge forwards Subscription Identifiers.
        let is_let_through = match packet {
            Packet::Disconnect(_) | Packet::Auth(_) | Packet::PubAck(_) | Packet::PubRec(_) => true,
            Packet::Publish(_) => rules.allow_subscription_identifier_from_client,
            Packet::PingReq(_) => rules.allow_pingreq_from_server,
            _ => false,
        };
        assert!(is_let_through, "{packet:?}: {error}");
    }
}

/// Returns `true` if the packet can be decoded but not encoded.
fn may_be_read_only(frame: &[u8], rules: &Rules, packet: &Packet<&[u8]>) -> bool {
    match packet {
        // 3.1 has no code for a failure; servers send one all the same.
        Packet::SubAck(suback) => {
            rules.version == ProtocolVersion::V3_1 && suback.reason_codes().iter().any(|code| code.as_u8() == 0x80)
        }
        Packet::Connect(connect) => {
            rules.allow_empty_client_identifier && connect.client_identifier.is_empty()
                || rules.allow_password_without_user_name && connect.user_name.is_none() && connect.password.is_some()
        }
        Packet::ConnAck(_) => is_connack_of_other_version(frame, rules),
        Packet::UnsubAck(unsuback) => {
            rules.allow_unsuback_of_other_version
                && (unsuback.reason_codes.is_empty() != rules.version.is_v3() || !unsuback.properties.is_empty())
        }
        Packet::Subscribe(_) | Packet::Unsubscribe(_) => rules.allow_invalid_topic_filters,
        _ => false,
    }
}

fn header_of(frame: &[u8], rules: &Rules) -> DecodedFixedHeader {
    decode_fixed_header(frame, rules.options()).unwrap().complete().unwrap().0
}

fn is_connack_of_other_version(frame: &[u8], rules: &Rules) -> bool {
    let body_len = header_of(frame, rules).header.remaining_length.to_usize();
    rules.allow_connack_of_other_version && (body_len == 2) != rules.version.is_v3()
}

enum Form {
    /// The form that is written.
    Canonical,
    /// A longer form, or bits that mean nothing.
    Longer,
    /// A form of another version.
    Other,
}

/// Is the frame in the one form that is written? It is not
///
/// - with a Remaining Length in more bytes than it needs, which is legal in 3.x;
/// - with any length in more bytes than it needs, by leniency: then it is refused without it;
/// - with DUP at QoS 0, which means nothing;
/// - as an acknowledgement or DISCONNECT of 5.0 that says success, or no properties, in more bytes than it needs;
/// - with bits set that 3.1 leaves undefined: of the first byte, of the Connect Flags, of the first byte of CONNACK, of
///   the requested QoS; or with the flag of a User Name or Password that is not there;
/// - as a CONNECT of `MQTT` with level 3, or a CONNACK, SUBSCRIBE, SUBACK, UNSUBSCRIBE or UNSUBACK of another version;
/// - with flags that mean nothing, placeholders of properties, the Reason Code of another packet, or Session Present with a
///   failure, by leniency.
fn form(frame: &[u8], rules: &Rules, packet: &Packet<&[u8]>) -> Form {
    let header = header_of(frame, rules);
    let body = &frame[header.len..];
    let is_level_3 = matches!(packet, Packet::Connect(connect) if connect.protocol_version == ProtocolVersion::V3_1)
        && body.starts_with(b"\0\x04MQTT");
    if is_level_3 || matches!(packet, Packet::ConnAck(_)) && is_connack_of_other_version(frame, rules) {
        return Form::Other;
    }
    if header.len != header.header.encoded_len() {
        return Form::Longer;
    }
    // Without a leniency that is needed, the frame is refused, or another leniency reads it differently.
    let is_read_as_this = |strict: &Rules| {
        decode(frame, strict.options()) == Ok(Decoded::Complete { packet: *packet, consumed: frame.len() })
    };
    // Form that only one of these leniencies accepts, with which other bytes of the same or of a shorter length are written.
    for strict in [
        Rules { allow_longer_lengths: false, ..*rules },
        Rules { allow_placeholder_values: false, ..*rules },
        Rules { allow_reason_codes_of_other_packets: false, ..*rules },
        Rules { allow_session_present_with_failure: false, ..*rules },
        Rules { allow_reserved_subscription_bits: false, ..*rules },
    ] {
        if !is_read_as_this(&strict) {
            return Form::Longer;
        }
    }
    // These are written with more bytes, or with fewer.
    let strict = Rules {
        allow_suback_without_property_length: false,
        allow_requests_without_property_length: false,
        allow_unsuback_of_other_version: false,
        ..*rules
    };
    if !is_read_as_this(&strict) {
        return Form::Other;
    }
    let first_byte = match packet {
        Packet::Publish(publish) => {
            let qos = publish.delivery.qos().as_u8();
            0x30 | u8::from(publish.delivery.dup()) << 3 | qos << 1 | u8::from(publish.retain)
        }
        _ => packet.packet_type().as_u8() << 4 | packet.packet_type().fixed_flags().unwrap(),
    };
    if frame[0] != first_byte {
        return Form::Longer;
    }
    let is_canonical = match packet {
        Packet::Connect(connect) => {
            let level_at = if body.starts_with(b"\0\x04MQTT") { 6 } else { 8 };
            let will = connect.will.map_or(0, |will| 0x04 | will.qos.as_u8() << 3 | u8::from(will.retain) << 5);
            let mut flags = u8::from(connect.clean_start) << 1 | will;
            flags |= u8::from(connect.user_name.is_some()) << 7 | u8::from(connect.password.is_some()) << 6;
            body[level_at + 1] == flags
        }
        Packet::ConnAck(_) => rules.version != ProtocolVersion::V3_1 || body[0] == 0,
        Packet::PubAck(_) | Packet::PubRec(_) | Packet::PubRel(_) | Packet::PubComp(_) => {
            is_shortest(&body[2..], rules)
        }
        Packet::Disconnect(_) => is_shortest(body, rules),
        Packet::Subscribe(_) => rules.version != ProtocolVersion::V3_1 || low_bits_only(&body[2..]),
        _ => true,
    };
    if is_canonical { Form::Canonical } else { Form::Longer }
}

/// Reason Code and properties, which may be omitted if they are redundant.
fn is_shortest(rest: &[u8], rules: &Rules) -> bool {
    rules.version.is_v3() || !matches!(rest, [0] | [_, 0])
}

/// The payload of a SUBSCRIBE of 3.1: no bit but those of the QoS.
fn low_bits_only(mut payload: &[u8]) -> bool {
    while let [high, low, rest @ ..] = payload {
        let (options, rest) = rest[usize::from(u16::from_be_bytes([*high, *low]))..].split_first().unwrap();
        if *options > 2 {
            return false;
        }
        payload = rest;
    }
    true
}
