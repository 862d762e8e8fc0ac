//! Options for decoding a stream.

use crate::options::DecodeOptions;
use crate::stream::role::Role;
use mqtt_types::ProtocolVersion;

/// Options for decoding a stream: side of the connection, protocol version, limits and leniencies.
///
/// | limit | default | applies to |
/// | --- | --- | --- |
/// | [`maximum_packet_size`](Self::maximum_packet_size) | 1 MiB | every packet, fixed header included; checked as soon as the fixed header is complete |
/// | [`maximum_connect_size`](Self::maximum_connect_size) | 64 KiB | every packet before CONNECT is decoded, when nothing is known about the peer |
/// | [`payload_pieces_above`](Self::payload_pieces_above) | no limit | a larger PUBLISH is returned as its head and pieces of its payload |
/// | [`maximum_head_size`](Self::maximum_head_size) | 128 KiB | the head of such a PUBLISH, which must be complete before it is decoded |
///
/// No other limit is needed. A decoder neither copies a packet nor reserves memory for it, so the memory in use is never
/// more than the bytes that were received.
///
/// ```
/// use mqtt_codec::{DecodeOptions, StreamOptions};
///
/// let options = StreamOptions::server()
///     .maximum_packet_size(256 << 10)
///     .with_decode_options(|options| options.allow_bridge_bit(true));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamOptions {
    pub(crate) role: Role,
    pub(crate) version: Option<ProtocolVersion>,
    pub(crate) decode: DecodeOptions,
    pub(crate) maximum_packet_size: u32,
    pub(crate) maximum_connect_size: u32,
    pub(crate) maximum_head_size: u32,
    pub(crate) payload_pieces_above: u32,
}

impl StreamOptions {
    /// The default of [`maximum_packet_size`](Self::maximum_packet_size): 1 MiB.
    pub const DEFAULT_MAXIMUM_PACKET_SIZE: u32 = 1 << 20;
    /// The default of [`maximum_connect_size`](Self::maximum_connect_size): 64 KiB.
    pub const DEFAULT_MAXIMUM_CONNECT_SIZE: u32 = 1 << 16;
    /// The default of [`maximum_head_size`](Self::maximum_head_size): 128 KiB.
    pub const DEFAULT_MAXIMUM_HEAD_SIZE: u32 = 1 << 17;

    const fn new(role: Role, version: Option<ProtocolVersion>) -> Self {
        let any_version = match version {
            Some(version) => version,
            None => ProtocolVersion::V5,
        };
        Self {
            role,
            version,
            decode: DecodeOptions::new(any_version).sender(role.peer()),
            maximum_packet_size: Self::DEFAULT_MAXIMUM_PACKET_SIZE,
            maximum_connect_size: Self::DEFAULT_MAXIMUM_CONNECT_SIZE,
            maximum_head_size: Self::DEFAULT_MAXIMUM_HEAD_SIZE,
            payload_pieces_above: u32::MAX,
        }
    }

    /// Creates options for a server. The decoder takes the protocol version from the first packet, which must be a CONNECT.
    #[must_use]
    pub const fn server() -> Self {
        Self::new(Role::Server, None)
    }

    /// Creates options for a client. `version` is the version of the CONNECT that the client sends.
    #[must_use]
    pub const fn client(version: ProtocolVersion) -> Self {
        Self::new(Role::Client, Some(version))
    }

    /// Creates options for a proxy or a dissector, which accepts packets from both sides.
    ///
    /// If `version` is `None`, the decoder takes it from CONNECT, as a server does. The stream of packets from the server
    /// contains no CONNECT: pass the version from the other direction, here or to `set_version` of the decoder.
    #[must_use]
    pub const fn either(version: Option<ProtocolVersion>) -> Self {
        Self::new(Role::Either, version)
    }

    /// Sets the version of the connection, instead of taking it from CONNECT.
    #[must_use]
    pub const fn version(self, version: ProtocolVersion) -> Self {
        Self { version: Some(version), decode: self.decode.with_version(version), ..self }
    }

    /// Sets the largest accepted packet in bytes, fixed header included. Maximum Packet Size counts the same bytes.
    #[must_use]
    pub const fn maximum_packet_size(self, bytes: u32) -> Self {
        Self { maximum_packet_size: bytes, ..self }
    }

    /// Sets the largest accepted packet in bytes before CONNECT is decoded. Applies to servers, and wherever the version is
    /// taken from CONNECT.
    #[must_use]
    pub const fn maximum_connect_size(self, bytes: u32) -> Self {
        Self { maximum_connect_size: bytes, ..self }
    }

    /// Sets the size in bytes, fixed header included, above which a PUBLISH is returned as its head and its payload in
    /// pieces as they arrive. See [`StreamItem`](crate::StreamItem).
    ///
    /// [`DecodeOptions::check_payload_format`] does not apply to a payload in pieces.
    #[must_use]
    pub const fn payload_pieces_above(self, bytes: u32) -> Self {
        Self { payload_pieces_above: bytes, ..self }
    }

    /// Sets the largest accepted head of a PUBLISH that is returned in pieces: every byte before the payload, fixed header
    /// included.
    #[must_use]
    pub const fn maximum_head_size(self, bytes: u32) -> Self {
        Self { maximum_head_size: bytes, ..self }
    }

    /// Changes the options for each packet, for instance the leniencies. Changes to the version, the sender and the maximum
    /// packet size are ignored: the options of the stream determine these.
    #[must_use]
    pub fn with_decode_options(self, change: impl FnOnce(DecodeOptions) -> DecodeOptions) -> Self {
        let decode = change(self.decode).with_version(self.decode.version).sender(self.role.peer());
        Self { decode, ..self }
    }

    /// Returns the side of the connection.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }
}

#[cfg(test)]
mod tests {
    use super::StreamOptions;
    use mqtt_types::ProtocolVersion;

    #[test]
    fn with_decode_options_passes_the_version_of_the_stream() {
        for version in ProtocolVersion::ALL {
            let options = StreamOptions::server().version(version);
            let same = options.with_decode_options(|decode| {
                assert_eq!(decode.version(), version);
                decode
            });
            assert_eq!(same, options);
        }
    }
}
