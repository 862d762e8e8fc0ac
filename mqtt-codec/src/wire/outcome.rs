//! Receiver of the decoded packet or of the error.

use crate::error::{DecodeError, DecodeErrorKind, Field, OtherProtocol};
use crate::options::DecodeOptions;
use crate::wire::form::DecodedPacket;
use crate::wire::primitives::{Fault, into_fault};
use crate::wire::remaining_length;
use mqtt_types::{PacketType, ProtocolVersion};

/// Receives the decoded packet or the error, so that neither is moved on its way out.
///
/// Packets are large, and moving one is expensive. Each decoder therefore passes its packet to the outcome, which converts it
/// into its [`Form`](crate::wire::form::Form) and writes it to its final place.
pub(crate) trait Outcome<'a> {
    type Packet;

    /// Returns why a CONNECT or a CONNACK may not come at this point of the connection. Called for these two only.
    fn refusal(&self, _: PacketType) -> Option<DecodeErrorKind> {
        None
    }

    /// Returns the version that a CONNECT must ask for.
    fn expected_version(&self) -> Option<ProtocolVersion> {
        None
    }

    /// Records the version of a CONNECT. Called before `decoded`.
    fn connected(&mut self, _: ProtocolVersion) {}

    /// Records a CONNACK. Called before `decoded`.
    fn accepted(&mut self) {}

    /// Converts the packet into the result.
    fn decoded(self, packet: impl DecodedPacket<'a>) -> Self::Packet;

    /// Records the error and returns it.
    fn refused(self, error: DecodeError) -> DecodeError;
}

/// Outcome of a CONNACK.
pub(crate) struct Acceptance<O>(pub(crate) O);

impl<'a, O: Outcome<'a>> Outcome<'a> for Acceptance<O> {
    type Packet = O::Packet;

    #[inline(always)]
    fn decoded(mut self, packet: impl DecodedPacket<'a>) -> Self::Packet {
        self.0.accepted();
        self.0.decoded(packet)
    }

    fn refused(self, error: DecodeError) -> DecodeError {
        self.0.refused(error)
    }
}

/// Returns the error of a packet that cannot be decoded.
///
/// Kept out of line, so that a decoder writes only packets to the place of its result.
#[cold]
#[inline(never)]
pub(crate) fn refuse<'a, O: Outcome<'a>>(
    outcome: O,
    error: nom::Err<Fault<'a>>,
    options: DecodeOptions,
    frame: &'a [u8],
    packet_type: PacketType,
) -> Result<O::Packet, DecodeError> {
    Err(outcome.refused(into_error(&into_fault(frame, error), options, frame, packet_type)))
}

/// Converts a fault into an error. The offset is the distance of the fault from the start of `input`.
#[cold]
pub(crate) fn into_error(
    fault: &Fault<'_>,
    options: DecodeOptions,
    input: &[u8],
    packet_type: PacketType,
) -> DecodeError {
    // The length of a packet is judged before its content, which may not have arrived yet. A CONNECT or CONNACK that may not
    // come at all is refused for that.
    if fault.field != Field::PacketType {
        if let Err(error) = remaining_length::check(input, &options) {
            return error;
        }
    }
    let offset = fault.at.as_ptr().addr().saturating_sub(input.as_ptr().addr());
    DecodeError {
        kind: fault.kind,
        field: fault.field,
        packet_type,
        version: options.version,
        sender: options.sender,
        offset,
        looks_like: OtherProtocol::of(input),
    }
}
