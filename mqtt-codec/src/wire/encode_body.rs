//! Encoding of the body of a packet: everything after the fixed header.

use crate::error::{EncodeError, EncodeErrorKind, Field};
use crate::options::EncodeOptions;
use crate::wire::write::Write;
use mqtt_types::{Flags, Packet, PacketIdentifier, PacketType, ProtocolVersion, Sender};

/// Packet type that can be encoded. Implemented in the file of each packet.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a packet that can be encoded",
    label = "expected a packet, for instance `Publish`, or `Packet`",
    note = "a property set, a Topic Name or a list is encoded as a part of its packet"
)]
pub(crate) trait EncodeBody {
    const PACKET_TYPE: PacketType;

    /// Returns the packet as a borrowed [`Packet`].
    fn as_packet(&self) -> Packet<&[u8]>;

    /// Returns the options with the version that the packet is encoded in. Only CONNECT has its own.
    #[inline(always)]
    fn own_options(&self, options: EncodeOptions) -> EncodeOptions {
        options
    }

    /// Returns the flags of the fixed header. Only PUBLISH has variable ones.
    #[inline]
    fn flags(&self) -> Flags {
        Flags::from_first_byte(Self::PACKET_TYPE.fixed_flags().unwrap_or_default())
    }

    /// Returns the whole packet if it is short: PINGREQ, PINGRESP, and acknowledgements, DISCONNECT and CONNACK that report
    /// success and have neither properties nor Session Present. Such a packet is written in one step.
    #[inline]
    fn short_packet(&self) -> Option<ShortPacket> {
        None
    }

    /// Returns `true` if the packet has placeholders, which are not encoded.
    ///
    /// `body_len` counts them nevertheless, and `write_body` leaves it to the output to leave them out. So packets without
    /// placeholders, which are almost all, pay for one test.
    #[inline(always)]
    fn has_placeholders(&self) -> bool {
        false
    }

    /// Returns the length of the body in bytes, or why the packet cannot be encoded.
    fn body_len(&self, options: &EncodeOptions) -> Result<usize, Refusal>;

    /// Returns the first two bytes of the body, if every packet of this type has them. They are written in one step with the
    /// fixed header.
    #[inline(always)]
    fn first_bytes(&self, _: &EncodeOptions) -> Option<[u8; 2]> {
        None
    }

    /// Writes the body after `first_bytes`. Together these are exactly `body_len` bytes, if there are no placeholders.
    /// Called only after `body_len` returned `Ok`.
    fn write_body<'p>(&'p self, options: &EncodeOptions, output: &mut impl Write<'p>);
}

/// The bytes of a packet that is short in every version.
pub(crate) enum ShortPacket {
    WithoutBody([u8; 2]),
    WithIdentifier([u8; 4]),
    /// A CONNACK. Only 5.0 has a Property Length.
    Accepted {
        v3: [u8; 4],
        v5: [u8; 5],
    },
}

impl ShortPacket {
    #[inline]
    pub(crate) fn without_body(packet_type: PacketType) -> Self {
        Self::WithoutBody([first_byte(packet_type), 0])
    }

    #[inline]
    pub(crate) fn accepted() -> Self {
        let first = first_byte(PacketType::ConnAck);
        Self::Accepted { v3: [first, 2, 0, 0], v5: [first, 3, 0, 0, 0] }
    }

    #[inline]
    pub(crate) fn with_identifier(packet_type: PacketType, identifier: PacketIdentifier) -> Self {
        let [high, low] = identifier.get().to_be_bytes();
        Self::WithIdentifier([first_byte(packet_type), 2, high, low])
    }
}

/// Returns the first byte of a packet whose flags are fixed.
#[inline]
fn first_byte(packet_type: PacketType) -> u8 {
    packet_type.as_u8() << 4 | packet_type.fixed_flags().unwrap_or_default()
}

/// Reason why a packet cannot be encoded, with the field that it concerns.
///
/// [`EncodeError`] is created from it out of line: a reason fits in registers, so encoding needs no memory for an error.
#[derive(Clone, Copy)]
pub(crate) enum Refusal {
    NotInVersion(Field),
    NotFromSender(Field),
    DiscouragedCharacter(Field),
    InvalidTopicFilter,
    ReasonCodesMissing,
    PacketTooLarge,
}

impl Refusal {
    /// Returns the error as a result.
    #[inline(always)]
    pub(crate) fn refuse<T>(self, packet_type: PacketType, options: EncodeOptions) -> Result<T, EncodeError> {
        refuse(self, packet_type, options.version, options.sender)
    }
}

#[cold]
#[inline(never)]
const fn refuse<T>(
    refusal: Refusal,
    packet_type: PacketType,
    version: ProtocolVersion,
    sender: Sender,
) -> Result<T, EncodeError> {
    let (kind, field) = match refusal {
        Refusal::NotInVersion(field) => (EncodeErrorKind::NotInVersion(version), field),
        Refusal::NotFromSender(field) => (EncodeErrorKind::NotFromSender(sender), field),
        Refusal::DiscouragedCharacter(field) => (EncodeErrorKind::DiscouragedCharacter, field),
        Refusal::InvalidTopicFilter => (EncodeErrorKind::InvalidTopicFilter, Field::TopicFilter),
        Refusal::ReasonCodesMissing => (EncodeErrorKind::ReasonCodesMissing, Field::ReasonCode),
        Refusal::PacketTooLarge => (EncodeErrorKind::PacketTooLarge, Field::RemainingLength),
    };
    Err(EncodeError { kind, field, packet_type, version, from_client: false })
}

/// Returns the error of a packet that is longer than the output, as a result.
#[cold]
#[inline(never)]
pub(crate) const fn buffer_too_small<T>(
    packet_type: PacketType,
    version: ProtocolVersion,
    needed: usize,
) -> Result<T, EncodeError> {
    let kind = EncodeErrorKind::BufferTooSmall { needed };
    Err(EncodeError { kind, field: Field::Payload, packet_type, version, from_client: false })
}
