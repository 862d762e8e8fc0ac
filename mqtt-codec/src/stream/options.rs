//! Options for decoding a stream: side, version, limits, leniencies.

use crate::options::DecodeOptions;
use crate::stream::role::Role;
use mqtt_types::ProtocolVersion;

/// How a stream is decoded: side, version, limits, leniencies.
///
/// | limit | default | why |
/// | --- | --- | --- |
/// | [`maximum_packet_size`](Self::maximum_packet_size) | 1 MiB | the largest packet, fixed header included; judged when the header is there, before anything is waited for |
/// | [`maximum_connect_size`](Self::maximum_connect_size) | 64 KiB | the same for a server until CONNECT has come: from a peer of whom nothing is known |
/// | [`payload_pieces_above`](Self::payload_pieces_above) | never | a PUBLISH larger than this is handed out as its head and pieces of its payload |
/// | [`maximum_head_size`](Self::maximum_head_size) | 128 KiB | the head of such a PUBLISH, which has to be there as a whole |
///
/// No other limit is needed: nothing is collected, copied or reserved for a packet, whatever is in it, so the memory in
/// use never is more than what has been received.
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

    /// For a server: the version is learnt from the first packet, which is to be a CONNECT, and kept.
    #[must_use]
    pub const fn server() -> Self {
        Self::new(Role::Server, None)
    }

    /// For a client: the version is that of the CONNECT that it sends.
    #[must_use]
    pub const fn client(version: ProtocolVersion) -> Self {
        Self::new(Role::Client, Some(version))
    }

    /// For a proxy or a dissector, of which side is not known or does not matter. Without a version it is learnt from
    /// CONNECT, as a server does; what comes from the server needs the version that the client's side has learnt.
    #[must_use]
    pub const fn either(version: Option<ProtocolVersion>) -> Self {
        Self::new(Role::Either, version)
    }

    /// Takes this version for the connection's, instead of learning it from CONNECT.
    #[must_use]
    pub const fn version(self, version: ProtocolVersion) -> Self {
        Self { version: Some(version), decode: self.decode.with_version(version), ..self }
    }

    /// The largest packet in bytes, fixed header included, as Maximum Packet Size counts.
    #[must_use]
    pub const fn maximum_packet_size(self, bytes: u32) -> Self {
        Self { maximum_packet_size: bytes, ..self }
    }

    /// The largest packet in bytes until a CONNECT has come. Holds where CONNECT is to come: for a server, and where the
    /// version is learnt.
    #[must_use]
    pub const fn maximum_connect_size(self, bytes: u32) -> Self {
        Self { maximum_connect_size: bytes, ..self }
    }

    /// A PUBLISH of more bytes than this, fixed header included, is handed out as its head, and its payload in pieces as
    /// they arrive. (Whether such a payload is UTF-8 is not checked.)
    #[must_use]
    pub const fn payload_pieces_above(self, bytes: u32) -> Self {
        Self { payload_pieces_above: bytes, ..self }
    }

    /// The largest head of a PUBLISH in pieces: everything in front of the payload, fixed header included.
    #[must_use]
    pub const fn maximum_head_size(self, bytes: u32) -> Self {
        Self { maximum_head_size: bytes, ..self }
    }

    /// Changes how each packet is decoded: its leniencies, for instance. Version, sender and size are the stream's and
    /// stay.
    #[must_use]
    pub fn with_decode_options(self, change: impl FnOnce(DecodeOptions) -> DecodeOptions) -> Self {
        let decode = change(self.decode).with_version(self.decode.version).sender(self.role.peer());
        Self { decode, ..self }
    }

    /// Which side of the connection it is.
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
    fn what_changes_the_options_of_each_packet_is_shown_the_version_and_sender_of_the_stream() {
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
