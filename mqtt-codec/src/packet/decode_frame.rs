//! From a whole frame to its packet: the packet type chooses the decoder.

use crate::error::{DecodeError, DecodeErrorKind, Field};
use crate::options::DecodeOptions;
use crate::packet::{
    acknowledgement, auth, connack, connect, disconnect, publish, suback, subscribe, unsuback, unsubscribe,
};
use crate::wire::fixed_header::DecodedFixedHeader;
use crate::wire::form::DecodedPacket;
use crate::wire::outcome::{Outcome, refuse};
use crate::wire::primitives::{Fault, ParseResult};
use mqtt_types::{Disconnect, PacketType, PingReq, PingResp, PubAck, PubComp, PubRec, PubRel, Publish, Sender};

/// Decodes a packet that is all there: `frame` is it and nothing else.
///
/// `sender` is what each caller knows of the sender when it is compiled. The fixed header has been judged by the sender in
/// the options, so it decides nothing; it leaves out the decoders that are never called.
#[inline(always)]
pub(crate) fn decode_frame<'a, O: Outcome<'a>>(
    frame: &'a [u8],
    header: DecodedFixedHeader,
    options: &DecodeOptions,
    sender: Sender,
    outcome: O,
) -> Result<O::Packet, DecodeError> {
    let body = frame.get(header.len..).unwrap_or_default();
    let flags = header.header.flags;
    let packet_type = header.header.packet_type;
    let from_client = sender.may_be(Sender::Client);
    let from_server = sender.may_be(Sender::Server);
    macro_rules! packet {
        ($decode:expr) => {
            // A closure is this function's own, and so gets inlined.
            decode_body(frame, header, options, outcome, |body, options| $decode(body, options))
        };
    }
    macro_rules! acknowledgement {
        ($packet:ident) => {
            match acknowledgement::decode_short::<$packet<&[u8]>>(body) {
                Some(packet) => Ok(outcome.decoded(packet)),
                None => packet!(acknowledgement::decode::<$packet<&[u8]>>),
            }
        };
    }
    match packet_type {
        PacketType::Connect if from_client => connect::decode(frame, body, header, options, outcome),
        PacketType::ConnAck if from_server => packet!(connack::decode),
        PacketType::Publish => publish::decode(frame, body, flags, options, outcome),
        PacketType::PubAck => acknowledgement!(PubAck),
        PacketType::PubRec => acknowledgement!(PubRec),
        PacketType::PubRel => acknowledgement!(PubRel),
        PacketType::PubComp => acknowledgement!(PubComp),
        PacketType::Subscribe if from_client => packet!(subscribe::decode),
        PacketType::SubAck if from_server => packet!(suback::decode),
        PacketType::Unsubscribe if from_client => packet!(unsubscribe::decode),
        PacketType::UnsubAck if from_server => packet!(unsuback::decode),
        PacketType::PingReq if from_client && body.is_empty() => Ok(outcome.decoded(PingReq)),
        PacketType::PingResp if from_server && body.is_empty() => Ok(outcome.decoded(PingResp)),
        PacketType::PingReq | PacketType::PingResp => {
            let fault = Fault::new(body, DecodeErrorKind::TrailingBytes, Field::Payload);
            refuse(outcome, nom::Err::Failure(fault), *options, frame, packet_type)
        }
        PacketType::Disconnect if body.is_empty() => Ok(outcome.decoded(Disconnect::<&[u8]>::default())),
        PacketType::Disconnect => packet!(disconnect::decode),
        PacketType::Auth => packet!(auth::decode),
        // The fixed header has been refused already: a type that no version has, or that this sender does not send.
        PacketType::Reserved
        | PacketType::Connect
        | PacketType::ConnAck
        | PacketType::Subscribe
        | PacketType::SubAck
        | PacketType::Unsubscribe
        | PacketType::UnsubAck => {
            let fault = Fault::new(frame, DecodeErrorKind::ReservedPacketType, Field::PacketType);
            refuse(outcome, nom::Err::Failure(fault), *options, frame, packet_type)
        }
    }
}

/// Decodes a body to where its packet is to be. (On small processors the compiler decides what is worth a function.)
#[cfg_attr(target_pointer_width = "64", inline(never))]
fn decode_body<'a, O: Outcome<'a>, P: DecodedPacket<'a>>(
    frame: &'a [u8],
    header: DecodedFixedHeader,
    options: &DecodeOptions,
    outcome: O,
    decode: impl FnOnce(&'a [u8], &DecodeOptions) -> ParseResult<'a, P>,
) -> Result<O::Packet, DecodeError> {
    let body = frame.get(header.len..).unwrap_or_default();
    match decode(body, options) {
        Ok(packet) => Ok(outcome.decoded(packet)),
        Err(error) => refuse(outcome, error, *options, frame, header.header.packet_type),
    }
}

/// Decodes a PUBLISH of which the payload is not there yet, or not all of it: `body` ends where the payload begins.
pub(crate) fn decode_publish_head<'a>(
    input: &'a [u8],
    body: &'a [u8],
    header: &DecodedFixedHeader,
    options: &DecodeOptions,
) -> Result<Publish<&'a [u8]>, DecodeError> {
    let options = options.check_payload_format(false);
    publish::decode_head(input, body, header.header.flags, &options)
}
