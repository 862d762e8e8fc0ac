//! Decoding of a complete frame: dispatches to the decoder of the packet type.

use crate::error::{DecodeError, DecodeErrorKind, Field};
use crate::options::DecodeOptions;
use crate::packet::{
    acknowledgement, auth, connack, connect, disconnect, publish, suback, subscribe, unsuback, unsubscribe,
};
use crate::wire::fixed_header::DecodedFixedHeader;
use crate::wire::form::DecodedPacket;
use crate::wire::outcome::{Acceptance, Outcome, refuse};
use crate::wire::primitives::{Fault, ParseResult, fail};
use mqtt_types::{Disconnect, PacketType, PingReq, PingResp, PubAck, PubComp, PubRec, PubRel, Publish, Sender};

/// Decodes a complete frame. `frame` contains exactly one packet.
///
/// `sender` is a constant at each call. It has no effect on the result, because the fixed header has already been checked
/// against the sender in the options. It lets the compiler remove the decoders of packets that this sender does not send.
#[inline(always)]
pub(crate) fn decode_frame<'a, O: Outcome<'a>>(
    frame: &'a [u8],
    header: DecodedFixedHeader,
    options: &DecodeOptions,
    sender: Sender,
    outcome: O,
) -> Result<O::Packet, DecodeError> {
    let body = frame.get(header.len..).unwrap_or_default();
    let packet_type = header.header.packet_type;
    let from_client = sender.may_be(Sender::Client);
    let from_server = sender.may_be(Sender::Server);
    macro_rules! packet {
        ($decode:expr) => {
            // The closure is unique to this call of `decode_body`, so the compiler inlines the decoder.
            packet!($decode, outcome)
        };
        ($decode:expr, $outcome:expr) => {
            decode_body(frame, header.len, options, $outcome, |body, options| $decode(body, options))
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
        PacketType::Connect if from_client => match outcome.refusal(packet_type) {
            Some(kind) => refuse_packet(outcome, kind, options, frame),
            None => connect::decode(frame, header.len, options, outcome),
        },
        PacketType::ConnAck if from_server => match outcome.refusal(packet_type) {
            Some(kind) => refuse_packet(outcome, kind, options, frame),
            None => match connack::decode_short(body, options) {
                Some(packet) => Ok(Acceptance(outcome).decoded(packet)),
                None => packet!(connack::decode, Acceptance(outcome)),
            },
        },
        PacketType::Publish => publish::decode(frame, header.len, options, outcome),
        PacketType::PubAck => acknowledgement!(PubAck),
        PacketType::PubRec => acknowledgement!(PubRec),
        PacketType::PubRel => acknowledgement!(PubRel),
        PacketType::PubComp => acknowledgement!(PubComp),
        PacketType::Subscribe if from_client => packet!(subscribe::decode),
        PacketType::SubAck if from_server => packet!(suback::decode),
        PacketType::Unsubscribe if from_client => packet!(unsubscribe::decode),
        PacketType::UnsubAck if from_server => packet!(unsuback::decode),
        PacketType::PingReq if body.is_empty() => Ok(outcome.decoded(PingReq)),
        PacketType::PingResp if from_server && body.is_empty() => Ok(outcome.decoded(PingResp)),
        PacketType::PingReq | PacketType::PingResp => {
            packet!(|body, _| fail::<PingReq>(body, DecodeErrorKind::TrailingBytes, Field::Payload))
        }
        PacketType::Disconnect if body.is_empty() => Ok(outcome.decoded(Disconnect::<&[u8]>::default())),
        PacketType::Disconnect => packet!(disconnect::decode),
        PacketType::Auth => packet!(auth::decode),
        // Unreachable: the fixed header of a reserved packet type, or of the wrong sender, has been refused.
        PacketType::Reserved
        | PacketType::Connect
        | PacketType::ConnAck
        | PacketType::Subscribe
        | PacketType::SubAck
        | PacketType::Unsubscribe
        | PacketType::UnsubAck => refuse_packet(outcome, DecodeErrorKind::ReservedPacketType, options, frame),
    }
}

/// Refuses a packet for its type.
#[cold]
#[inline(never)]
fn refuse_packet<'a, O: Outcome<'a>>(
    outcome: O,
    kind: DecodeErrorKind,
    options: &DecodeOptions,
    frame: &'a [u8],
) -> Result<O::Packet, DecodeError> {
    let packet_type = PacketType::from_first_byte(frame.first().copied().unwrap_or_default());
    let fault = Fault::new(frame, kind, Field::PacketType);
    refuse(outcome, nom::Err::Failure(fault), *options, frame, packet_type)
}

/// Decodes a body and passes the packet to the outcome, which writes it in place.
///
/// Kept out of line for speed on 64-bit processors. On small ones the compiler decides. Takes the length of the fixed header
/// instead of the whole header, so that its caller keeps the header in registers.
#[cfg_attr(target_pointer_width = "64", inline(never))]
fn decode_body<'a, O: Outcome<'a>, P: DecodedPacket<'a>>(
    frame: &'a [u8],
    header_len: usize,
    options: &DecodeOptions,
    outcome: O,
    decode: impl FnOnce(&'a [u8], &DecodeOptions) -> ParseResult<'a, P>,
) -> Result<O::Packet, DecodeError> {
    let decoded = match frame.get(header_len..) {
        Some(body) => decode(body, options),
        // Unreachable: the frame is whole. To decode an empty body instead would cost conditional moves for every packet.
        None => Err(nom::Err::Incomplete(nom::Needed::Unknown)),
    };
    match decoded {
        Ok(packet) => Ok(outcome.decoded(packet)),
        Err(error) => {
            let packet_type = PacketType::from_first_byte(frame.first().copied().unwrap_or_default());
            refuse(outcome, error, *options, frame, packet_type)
        }
    }
}

/// Decodes the head of a PUBLISH whose payload is incomplete. `body` ends where the payload begins.
pub(crate) fn decode_publish_head<'a>(
    input: &'a [u8],
    body: &'a [u8],
    header: &DecodedFixedHeader,
    options: &DecodeOptions,
) -> Result<Publish<&'a [u8]>, DecodeError> {
    let options = options.check_payload_format(false);
    publish::decode_head(input, body, header.header.flags, &options)
}
