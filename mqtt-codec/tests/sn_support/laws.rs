//! Laws that hold for any datagram and any message. `sn_laws.rs` and the fuzz targets check them.

mod lenient;

use crate::sn_support::{canonical, fields, plain};
use arbitrary::{Arbitrary as _, Unstructured};
use bytes::{Bytes, BytesMut};
use mqtt_codec::PacketIdentifier;
use mqtt_codec::sn::{
    Datagram, DecodeError, DecodeErrorKind as Kind, DecodeOptions, Encode, Leniency, Message, MessageType, Sender,
    decode, decode_from_client, decode_from_gateway, decode_shared, split_encapsulation,
};

/// Checks the laws that hold for any octets.
pub(crate) fn check(input: &[u8]) {
    let strict = DecodeOptions::new();
    let decoded = decode(input, strict);
    // The plain decoder's verdict, and its fields.
    assert_eq!(decoded.as_ref().ok().map(fields), plain::decode(input), "{input:02X?}: {decoded:?}");
    // The other ways to decode agree.
    let shared = decode_shared(&Bytes::copy_from_slice(input), strict);
    assert_eq!(shared.as_ref().map(Datagram::as_borrowed).map_err(|error| *error), decoded, "{input:02X?}");
    let from_client = decode_from_client(input, strict);
    assert_eq!(from_client, decode(input, strict.with_sender(Sender::Client)), "{input:02X?}");
    match (decode_from_gateway(input, strict), decode(input, strict.with_sender(Sender::Gateway))) {
        (Ok(message), Ok(datagram)) => assert_eq!((datagram.encapsulation, datagram.message), (None, message)),
        (Err(one), Err(other)) => assert!(one == other || input.get(1) == Some(&0xFE) || input.get(3) == Some(&0xFE)),
        (Err(_), Ok(datagram)) => assert!(datagram.encapsulation.is_some(), "{input:02X?}"),
        (Ok(message), Err(error)) => panic!("{input:02X?}: {message} {error}"),
    }
    // Each leniency accepts its own deviation, and nothing else.
    for leniency in Leniency::ALL.iter().copied() {
        let one = decode(input, strict.with_leniency(leniency, true));
        let expected = if decoded.is_ok() { Some(None) } else { lenient::decode_leniently(input, leniency).map(Some) };
        match (&one, expected) {
            (Ok(one), Some(None)) => assert_eq!(Ok(*one), decoded, "{input:02X?}: {leniency:?}"),
            (Ok(one), Some(Some(expected))) => assert_eq!(fields(one), expected, "{input:02X?}: {leniency:?}"),
            (Err(_), None) => {}
            (one, expected) => panic!("{input:02X?}: {leniency:?}: {one:?} {expected:?}"),
        }
        if one.is_ok() {
            assert_eq!(decode(input, DecodeOptions::new().lenient()), one, "{input:02X?}: {leniency:?}");
        }
    }
    match decoded {
        Ok(datagram) => {
            // Whatever is read strictly is read leniently, as the same.
            assert_eq!(decode(input, DecodeOptions::new().lenient()), Ok(datagram));
            assert_eq!(split_encapsulation(input).unwrap().0, datagram.encapsulation);
            check_written(&datagram, &canonical(input));
        }
        Err(error) => {
            assert!(error.offset() <= input.len(), "{input:02X?}: {error}");
            assert!(error.to_string().ends_with(&format!(", at octet {} [{}]", error.offset(), error.rule())));
            assert_eq!(error.answer().as_ref().map(in_short), expected_answer(input, error), "{input:02X?}: {error}");
            assert_eq!(error.return_code().is_some(), error.answer().is_some(), "{input:02X?}: {error}");
            if let Some(answer) = error.answer() {
                let mut output = [0; 16];
                let len = answer.encode(&mut output).unwrap();
                assert!(decode(&output[..len], strict.with_sender(Sender::Gateway)).is_ok(), "{answer}");
            }
        }
    }
}

/// An answer: type, topic id, `MsgId` and return code.
type Answer = (MessageType, u16, u16, u8);

fn in_short(answer: &Message<&[u8]>) -> Answer {
    let id = |id: Option<PacketIdentifier>| id.map_or(0, PacketIdentifier::get);
    let (topic_id, message_id, code) = match answer {
        Message::ConnAck(answer) => (0, 0, answer.return_code),
        Message::WillTopicResp(answer) => (0, 0, answer.return_code),
        Message::RegAck(answer) => (answer.topic_id, id(answer.message_id), answer.return_code),
        Message::PubAck(answer) => (answer.topic_id, id(answer.message_id), answer.return_code),
        Message::SubAck(answer) => (answer.topic_id, id(answer.message_id), answer.return_code),
        other => panic!("{other} answers nothing"),
    };
    (answer.message_type(), topic_id, message_id, code.as_u8())
}

/// Returns the answer by the table in the documentation of `mqtt_codec::sn`.
fn expected_answer(input: &[u8], error: DecodeError) -> Option<Answer> {
    let (not_supported, invalid_topic_id) = (3, 2);
    let (_, message) = split_encapsulation(input).ok()?;
    let body = message.get(if message.first() == Some(&1) { 4 } else { 2 }..)?;
    let number = |at: usize| Some(u16::from_be_bytes([*body.get(at)?, *body.get(at + 1)?]));
    let is_text = matches!(
        error.kind(),
        Kind::EmptyTopic
            | Kind::IllFormedUtf8
            | Kind::NulCharacter
            | Kind::WildcardInTopicName
            | Kind::MisplacedMultiLevelWildcard
            | Kind::MisplacedSingleLevelWildcard
    );
    let is_reserved_id = error.kind() == Kind::ReservedTopicId;
    let code = if is_reserved_id { invalid_topic_id } else { not_supported };
    match error.message_type()? {
        MessageType::Connect => {
            let is_answered =
                matches!(error.kind(), Kind::UnsupportedProtocolId(_) | Kind::EmptyClientId | Kind::ClientIdTooLong);
            is_answered.then_some((MessageType::ConnAck, 0, 0, not_supported))
        }
        MessageType::WillTopic | MessageType::WillTopicUpd => {
            let is_update = error.message_type() == Some(MessageType::WillTopicUpd);
            let answer = if is_update { MessageType::WillTopicResp } else { MessageType::ConnAck };
            (is_text || error.kind() == Kind::InvalidQoS).then_some((answer, 0, 0, not_supported))
        }
        MessageType::Publish => {
            let is_answered = is_reserved_id || error.kind() == Kind::ReservedTopicIdType;
            let has_connection = body.first()? & 0x60 != 0x60;
            (is_answered && has_connection).then_some((MessageType::PubAck, number(1)?, number(3)?, code))
        }
        MessageType::Register => {
            let message_id = number(2).filter(|message_id| *message_id != 0)?;
            (is_text || is_reserved_id).then_some((MessageType::RegAck, 0, message_id, code))
        }
        MessageType::Subscribe => {
            let message_id = number(1).filter(|message_id| *message_id != 0)?;
            let is_answered =
                is_text || is_reserved_id || matches!(error.kind(), Kind::InvalidQoS | Kind::ReservedTopicIdType);
            is_answered.then_some((MessageType::SubAck, 0, message_id, code))
        }
        _ => None,
    }
}

/// Checks that a message encodes to these octets, into any output that is large enough, and decodes to an equal one.
fn check_written(datagram: &Datagram<&[u8]>, written: &[u8]) {
    assert_eq!(datagram.encoded_len(), Ok(written.len()), "{datagram}");
    let mut output = vec![0xEE; written.len() + 3];
    assert_eq!(datagram.encode(&mut output), Ok(written.len()));
    assert_eq!((&output[..written.len()], &output[written.len()..]), (written, &[0xEE; 3][..]), "{datagram}");
    let mut grown = BytesMut::from(&b"before"[..]);
    assert_eq!(datagram.encode_to(&mut grown), Ok(written.len()));
    assert_eq!(grown[..], [b"before", written].concat());
    for room in [0, 1, written.len() / 2, written.len() - 1] {
        let mut output = vec![0xEE; room];
        assert!(datagram.encode(&mut output).is_err(), "{datagram}");
        assert!(datagram.encode_to(&mut &mut output[..]).is_err(), "{datagram}");
        assert!(output.iter().all(|octet| *octet == 0xEE), "{datagram}");
    }
    assert_eq!(decode(written, DecodeOptions::new()), Ok(*datagram), "{datagram}");
}

/// Checks the laws for a message that is generated from these bytes.
pub(crate) fn check_made(seed: &[u8]) {
    let Ok(datagram) = Datagram::arbitrary(&mut Unstructured::new(seed)) else { return };
    let mut output = BytesMut::new();
    let len = datagram.encode_to(&mut output).unwrap();
    assert_eq!((len, datagram.encoded_len()), (output.len(), Ok(len)));
    check_written(&datagram.as_borrowed(), &output);
    assert_eq!(canonical(&output), output[..]);
    check(&output);
    let shared = decode_shared(&output.freeze(), DecodeOptions::new()).unwrap();
    assert_eq!(shared, datagram);
}
