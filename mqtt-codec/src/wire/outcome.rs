//! Where a decoded packet or an error goes.

use crate::error::DecodeError;
use crate::options::DecodeOptions;
use crate::wire::form::DecodedPacket;
use crate::wire::primitives::{Fault, into_fault};
use mqtt_types::{PacketType, ProtocolVersion};

/// What becomes of a packet, or of the error.
///
/// Packets are large to move, so each is given its form right where it is made, and goes to its place in one step; nobody
/// looks at it on the way.
pub(crate) trait Outcome<'a> {
    type Packet;

    /// It is a CONNECT, of this version: told before `decoded`.
    fn connected(&mut self, _: ProtocolVersion) {}

    fn decoded(self, packet: impl DecodedPacket<'a>) -> Self::Packet;

    fn refused(self, error: DecodeError) -> DecodeError;
}

/// The result of what cannot be decoded.
///
/// A function of its own, so that where packets are made nothing but packets is written to the result's place.
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

/// The place of a fault becomes the distance from the packet's start.
#[cold]
pub(crate) fn into_error(
    fault: &Fault<'_>,
    options: DecodeOptions,
    input: &[u8],
    packet_type: PacketType,
) -> DecodeError {
    let offset = fault.at.as_ptr().addr().saturating_sub(input.as_ptr().addr());
    DecodeError {
        kind: fault.kind,
        field: fault.field,
        packet_type,
        version: options.version,
        sender: options.sender,
        offset,
    }
}
