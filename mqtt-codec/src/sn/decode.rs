//! Entry points of decoding.

use super::decode_message::{decode_message, refuse};
use super::encapsulation::{self, split_encapsulation};
#[cfg(feature = "bytes")]
use super::form::SharedPlain;
use super::form::{Alone, Plain};
use super::primitives::Fault;
use super::{DecodeError, DecodeErrorKind, DecodeOptions, Field};
use mqtt_types::sn::{Datagram, Message, MessageType, Sender};

/// Decodes a datagram. The message borrows from `input`: nothing is allocated or copied.
///
/// Takes time linear in the length of the datagram.
///
/// ```
/// use mqtt_codec::sn::{DecodeOptions, Message, ReturnCode, decode};
///
/// let datagram = decode(&[0x03, 0x05, 0x00], DecodeOptions::new())?;
/// let Message::ConnAck(connack) = datagram.message else { unreachable!() };
/// assert_eq!(connack.return_code, ReturnCode::ACCEPTED);
/// # Ok::<(), mqtt_codec::sn::DecodeError>(())
/// ```
///
/// # Errors
///
/// Returns the first rule that the datagram breaks.
#[inline]
pub fn decode(input: &[u8], options: DecodeOptions) -> Result<Datagram<&[u8]>, DecodeError> {
    decode_borrowed(input, &options)
}

/// Kept out of line: all callers share one copy.
#[inline(never)]
fn decode_borrowed<'a>(input: &'a [u8], options: &DecodeOptions) -> Result<Datagram<&'a [u8]>, DecodeError> {
    if encapsulation::is_encapsulated(input) {
        return decode_encapsulated(input, options);
    }
    decode_message(input, input.len(), options, Sender::Either, Plain)
}

/// Decodes a datagram with an encapsulation. Kept out of line, because few datagrams come through a forwarder.
#[cold]
#[inline(never)]
fn decode_encapsulated<'a>(input: &'a [u8], options: &DecodeOptions) -> Result<Datagram<&'a [u8]>, DecodeError> {
    let (encapsulation, message) = split_encapsulation(input)?;
    match decode_borrowed(message, options) {
        Ok(mut datagram) => {
            datagram.encapsulation = encapsulation;
            Ok(datagram)
        }
        // The offset is counted from the first octet of the datagram.
        Err(mut error) => {
            error.offset = error.offset.saturating_add(input.len().saturating_sub(message.len()));
            Err(error)
        }
    }
}

/// Decodes a datagram that a client received. The sender is a gateway or another client. There is no encapsulation,
/// because the forwarder has removed it.
///
/// The sender is a constant, so the compiler removes the decoders of messages that only a client sends. The sender in the
/// options is ignored.
///
/// ```
/// use mqtt_codec::sn::{DecodeErrorKind, DecodeOptions, Message, Sender, decode_from_gateway};
///
/// let options = DecodeOptions::new();
/// assert!(matches!(decode_from_gateway(&[0x02, 0x17], options)?, Message::PingResp(_)));
/// let error = decode_from_gateway(&[0x02, 0x07], options).unwrap_err(); // WILLTOPIC
/// assert_eq!(error.kind(), DecodeErrorKind::WrongSender(Sender::Gateway));
/// # Ok::<(), mqtt_codec::sn::DecodeError>(())
/// ```
///
/// # Errors
///
/// Returns the errors of [`decode`], and an error if the datagram is an encapsulation.
#[inline]
pub fn decode_from_gateway(input: &[u8], options: DecodeOptions) -> Result<Message<&[u8]>, DecodeError> {
    if encapsulation::is_encapsulated(input) {
        let (kind, field) = (DecodeErrorKind::UnexpectedEncapsulation, Field::MsgType);
        let fault = Fault { left: input.len(), kind, field };
        return Err(refuse(fault, Some(MessageType::Encapsulated), &[], input.len()));
    }
    decode_message(input, input.len(), &options.with_sender(Sender::Gateway), Sender::Gateway, Alone)
}

/// Decodes a datagram that a gateway received from a client or a forwarder.
///
/// The sender is a constant, so the compiler removes the decoders of messages that only a gateway sends. The sender in the
/// options is ignored.
///
/// A gateway that listens to broadcasts also receives ADVERTISE and GWINFO of other gateways. This function refuses
/// ADVERTISE; [`decode`] accepts the messages of both sides.
///
/// ```
/// use mqtt_codec::sn::{DecodeOptions, Message, decode_from_client};
///
/// let datagram = decode_from_client(&[0x02, 0x16], DecodeOptions::new())?;
/// assert!(matches!(datagram.message, Message::PingReq(_)));
/// assert!(decode_from_client(&[0x03, 0x05, 0x00], DecodeOptions::new()).is_err()); // CONNACK
/// # Ok::<(), mqtt_codec::sn::DecodeError>(())
/// ```
///
/// # Errors
///
/// The same as [`decode`].
#[inline]
pub fn decode_from_client(input: &[u8], options: DecodeOptions) -> Result<Datagram<&[u8]>, DecodeError> {
    let options = options.with_sender(Sender::Client);
    if encapsulation::is_encapsulated(input) {
        let (encapsulation, message) = split_encapsulation(input)?;
        let mut datagram = decode_message(message, input.len(), &options, Sender::Client, Plain)?;
        datagram.encapsulation = encapsulation;
        return Ok(datagram);
    }
    decode_message(input, input.len(), &options, Sender::Client, Plain)
}

/// Decodes a datagram. The message owns slices of `input`: nothing is copied, and each field that is not empty adds a
/// reference to the buffer.
///
/// ```
/// use bytes::Bytes;
/// use mqtt_codec::sn::{Datagram, DecodeOptions, decode_shared};
///
/// let received = Bytes::from_static(b"\x09\x0C\x62ab\0\0hi");
/// let datagram: Datagram = decode_shared(&received, DecodeOptions::new())?; // Datagram<Bytes>
/// assert_eq!(datagram.to_string(), r#"PUBLISH short="ab" qos=-1 payload=2 bytes"#);
/// # Ok::<(), mqtt_codec::sn::DecodeError>(())
/// ```
///
/// # Errors
///
/// The same as [`decode`].
#[cfg(feature = "bytes")]
pub fn decode_shared(input: &bytes::Bytes, options: DecodeOptions) -> Result<Datagram<bytes::Bytes>, DecodeError> {
    if encapsulation::is_encapsulated(input) {
        let (encapsulation, message) = split_encapsulation(input)?;
        let mut datagram = decode_message(message, input.len(), &options, Sender::Either, SharedPlain(input))?;
        datagram.encapsulation = encapsulation.map(|encapsulation| encapsulation.share(input));
        return Ok(datagram);
    }
    decode_message(input, input.len(), &options, Sender::Either, SharedPlain(input))
}

#[cfg(test)]
mod tests {
    use crate::sn::testing::{becomes_canonical, refuses, refuses_unless};
    use crate::sn::{DecodeErrorKind as Kind, DecodeOptions, decode, decode_from_client, decode_from_gateway};
    use mqtt_types::sn::{MessageType, Sender};

    /// Section 5.2.1.
    #[test]
    fn length_is_what_the_datagram_has() {
        refuses(&[], Kind::EmptyDatagram, 0);
        refuses(&[0x00], Kind::LengthTooSmall, 0);
        refuses(&[0x00, 0x00], Kind::LengthTooSmall, 0);
        refuses(&[0x01], Kind::UnexpectedEnd, 0);
        refuses(&[0x01, 0x00], Kind::UnexpectedEnd, 0);
        refuses(&[0x01, 0x00, 0x03, 0x17], Kind::LengthTooSmall, 0);
        refuses(&[0x01, 0x00, 0x04], Kind::LengthMismatch { length: 4, datagram: 3 }, 0);
        refuses(&[0x02], Kind::LengthMismatch { length: 2, datagram: 1 }, 0);
        refuses(&[0x03, 0x17], Kind::LengthMismatch { length: 3, datagram: 2 }, 0);
        refuses(&[0x02, 0x17, 0x00], Kind::LengthMismatch { length: 2, datagram: 3 }, 0);
        becomes_canonical(&[0x01, 0x00, 0x04, 0x17], &[0x02, 0x17]);
    }

    /// Paho's library and gateway, `mqtt-sn-12`.
    #[test]
    fn a_length_that_is_two_too_small_is_taken_if_allowed() {
        let lenient = DecodeOptions::new().allow_length_two_too_small(true);
        let mut input = vec![0x01, 0x00, 0xFF, 0x0C, 0x00, 0x00, 0x01, 0x00, 0x00];
        input.extend([b'x'; 248]);
        refuses_unless(&input, Kind::LengthMismatch { length: 255, datagram: 257 }, 0, lenient);
        for wrong in [&input[..256], &[&input[..], b"x"].concat()] {
            assert!(decode(wrong, lenient).is_err());
        }
        assert!(decode(&[0x02, 0x16, b'a', b'b'], lenient).is_err()); // one-octet Lengths count every octet
    }

    /// Section 5.2.2.
    #[test]
    fn reserved_types_are_refused() {
        for value in (0..=u8::MAX).filter(|value| MessageType::from_u8(*value).is_none()) {
            refuses(&[0x02, value], Kind::ReservedMessageType(value), 1);
            refuses(&[0x01, 0x00, 0x05, value, 0x00], Kind::ReservedMessageType(value), 3);
        }
    }

    #[test]
    fn each_side_refuses_what_the_other_does_not_send() {
        for message_type in MessageType::ALL {
            if message_type == MessageType::Encapsulated {
                continue;
            }
            let input = [0x02, message_type.as_u8()];
            for sender in [Sender::Client, Sender::Gateway] {
                let error = |kind: Option<Kind>| kind == Some(Kind::WrongSender(sender));
                let by_option =
                    decode(&input, DecodeOptions::new().with_sender(sender)).err().map(|error| error.kind());
                let by_name = match sender {
                    Sender::Gateway => decode_from_gateway(&input, DecodeOptions::new()).err(),
                    _ => decode_from_client(&input, DecodeOptions::new()).err(),
                };
                assert_eq!(error(by_option), !message_type.sender().may_be(sender), "{message_type} {sender}");
                assert_eq!(by_option, by_name.map(|error| error.kind()), "{message_type} {sender}");
            }
        }
        let encapsulated = [0x03, 0xFE, 0x00, 0x03, 0x05, 0x00];
        let error = decode_from_gateway(&encapsulated, DecodeOptions::new()).unwrap_err();
        assert_eq!(error.kind(), Kind::UnexpectedEncapsulation);
        let error = decode_from_client(&encapsulated, DecodeOptions::new()).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (Kind::WrongSender(Sender::Client), 4));
    }
}
