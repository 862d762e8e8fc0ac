//! Encoding of the body of a packet: everything after the fixed header.

use crate::error::{EncodeError, EncodeErrorKind, Field};
use crate::options::EncodeOptions;
use crate::wire::write::Write;
use mqtt_types::{Flags, Packet, PacketIdentifier, PacketType, ProtocolVersion};

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

    /// Returns the whole packet if it is short and the same in all versions: PINGREQ, PINGRESP, and acknowledgements and
    /// DISCONNECT that report success and have no properties. Such a packet is written in one step.
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
    fn body_len(&self, options: &EncodeOptions) -> Result<usize, EncodeError>;

    /// Writes exactly `body_len` bytes, if there are no placeholders. Called only after `body_len` returned `Ok`.
    fn write_body<'p>(&'p self, options: &EncodeOptions, output: &mut impl Write<'p>);
}

/// The bytes of a packet whose body is empty or a Packet Identifier.
pub(crate) enum ShortPacket {
    WithoutBody([u8; 2]),
    WithIdentifier([u8; 4]),
}

impl ShortPacket {
    #[inline]
    pub(crate) fn without_body(packet_type: PacketType) -> Self {
        Self::WithoutBody([first_byte(packet_type), 0])
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

#[cold]
pub(crate) const fn buffer_too_small(packet_type: PacketType, options: &EncodeOptions, needed: usize) -> EncodeError {
    let kind = EncodeErrorKind::BufferTooSmall { needed };
    EncodeError { kind, field: Field::Payload, packet_type, version: options.version, from_client: false }
}

#[cold]
pub(crate) const fn packet_too_large(packet_type: PacketType, options: &EncodeOptions) -> EncodeError {
    let kind = EncodeErrorKind::PacketTooLarge;
    EncodeError { kind, field: Field::RemainingLength, packet_type, version: options.version, from_client: false }
}

#[cold]
pub(crate) const fn invalid_topic_filter(packet_type: PacketType, options: &EncodeOptions) -> EncodeError {
    let kind = EncodeErrorKind::InvalidTopicFilter;
    EncodeError { kind, field: Field::TopicFilter, packet_type, version: options.version, from_client: false }
}

#[cold]
pub(crate) const fn not_in_version(packet_type: PacketType, version: ProtocolVersion, field: Field) -> EncodeError {
    EncodeError { kind: EncodeErrorKind::NotInVersion(version), field, packet_type, version, from_client: false }
}

#[cold]
pub(crate) const fn reason_codes_missing(packet_type: PacketType, options: &EncodeOptions) -> EncodeError {
    let kind = EncodeErrorKind::ReasonCodesMissing;
    EncodeError { kind, field: Field::ReasonCode, packet_type, version: options.version, from_client: false }
}

#[cold]
pub(crate) const fn not_from_sender(packet_type: PacketType, options: &EncodeOptions, field: Field) -> EncodeError {
    let kind = EncodeErrorKind::NotFromSender(options.sender);
    EncodeError { kind, field, packet_type, version: options.version, from_client: false }
}
