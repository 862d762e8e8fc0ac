//! Encoding of the body of a packet: everything after the fixed header.

use crate::error::{EncodeError, EncodeErrorKind, Field};
use crate::options::EncodeOptions;
use crate::wire::write::Write;
use mqtt_types::{Flags, Packet, PacketType, ProtocolVersion};

/// Packet type that can be encoded. Implemented in the file of each packet.
pub(crate) trait EncodeBody {
    const PACKET_TYPE: PacketType;

    /// Returns the packet as a borrowed [`Packet`].
    fn as_packet(&self) -> Packet<&[u8]>;

    /// Returns the flags of the fixed header. Only PUBLISH has variable ones.
    #[inline]
    fn flags(&self) -> Flags {
        Flags::from_first_byte(Self::PACKET_TYPE.fixed_flags().unwrap_or_default())
    }

    /// Returns the length of the body in bytes, or why the packet cannot be encoded.
    fn body_len(&self, options: &EncodeOptions) -> Result<usize, EncodeError>;

    /// Writes exactly `body_len` bytes. Called only after `body_len` returned `Ok`.
    fn write_body<'p>(&'p self, options: &EncodeOptions, output: &mut impl Write<'p>);
}

#[cold]
pub(crate) const fn buffer_too_small(packet_type: PacketType, options: &EncodeOptions, needed: usize) -> EncodeError {
    let kind = EncodeErrorKind::BufferTooSmall { needed };
    EncodeError { kind, field: Field::Payload, packet_type, version: options.version }
}

#[cold]
pub(crate) const fn packet_too_large(packet_type: PacketType, options: &EncodeOptions) -> EncodeError {
    let kind = EncodeErrorKind::PacketTooLarge;
    EncodeError { kind, field: Field::RemainingLength, packet_type, version: options.version }
}

#[cold]
pub(crate) const fn invalid_topic_filter(packet_type: PacketType, options: &EncodeOptions) -> EncodeError {
    let kind = EncodeErrorKind::InvalidTopicFilter;
    EncodeError { kind, field: Field::TopicFilter, packet_type, version: options.version }
}

#[cold]
pub(crate) const fn not_in_version(packet_type: PacketType, version: ProtocolVersion, field: Field) -> EncodeError {
    EncodeError { kind: EncodeErrorKind::NotInVersion(version), field, packet_type, version }
}

#[cold]
pub(crate) const fn not_from_sender(packet_type: PacketType, options: &EncodeOptions, field: Field) -> EncodeError {
    let kind = EncodeErrorKind::NotFromSender(options.sender);
    EncodeError { kind, field, packet_type, version: options.version }
}
