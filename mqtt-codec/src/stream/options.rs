//! Options for decoding a stream.

use crate::options::{DecodeOptions, value_options};
use crate::stream::role::Role;
use mqtt_types::ProtocolVersion;

/// Options for decoding a stream: side of the connection, protocol version, limits and leniencies.
///
/// | limit | default | applies to |
/// | --- | --- | --- |
/// | [`with_maximum_packet_size`](Self::with_maximum_packet_size) | 1 MiB | every packet, fixed header included; checked as soon as the fixed header is complete |
/// | [`with_maximum_connect_size`](Self::with_maximum_connect_size) | 64 KiB | every packet before CONNECT is decoded, if one is expected: nothing is known about the peer yet |
/// | [`with_payload_pieces_above`](Self::with_payload_pieces_above) | no limit | a larger PUBLISH is returned as its head and pieces of its payload |
/// | [`with_maximum_head_size`](Self::with_maximum_head_size) | 128 KiB | the head of such a PUBLISH, which must be complete before it is decoded |
///
/// No other limit is needed. A decoder neither copies a packet nor reserves memory for it, so the memory in use is never
/// more than the bytes that were received.
///
/// ```
/// use mqtt_codec::{DecodeOptions, StreamOptions};
///
/// let options = StreamOptions::server()
///     .with_maximum_packet_size(256 << 10)
///     .with_decode_options(|options| options.allow_bridge_bit(true));
/// ```
///
/// # Serde
///
/// With the feature `serde`, options are a map from their names to their values, as [`DecodeOptions`] are, whose switches are
/// entries of the same map. The role must be there, and for a client the version, as its constructor takes it.
#[cfg_attr(feature = "serde", doc = "```")]
#[cfg_attr(not(feature = "serde"), doc = "```ignore")]
/// use mqtt_codec::StreamOptions;
///
/// let configuration = r#"{"role": "server", "maximum_packet_size": 262144, "allow_bridge_bit": true}"#;
/// let options: StreamOptions = serde_json::from_str(configuration)?;
/// let expected = StreamOptions::server()
///     .with_maximum_packet_size(256 << 10)
///     .with_decode_options(|options| options.allow_bridge_bit(true));
/// assert_eq!(options, expected);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamOptions {
    pub(crate) role: Role,
    pub(crate) version: Option<ProtocolVersion>,
    pub(crate) decode: DecodeOptions,
    pub(crate) maximum_packet_size: u32,
    pub(crate) maximum_connect_size: u32,
    pub(crate) maximum_head_size: u32,
    pub(crate) payload_pieces_above: u32,
    pub(crate) checks_connection_rules: bool,
}

impl StreamOptions {
    /// The default of [`maximum_packet_size`](Self::maximum_packet_size): 1 MiB.
    pub const DEFAULT_MAXIMUM_PACKET_SIZE: u32 = 1 << 20;
    /// The default of [`maximum_connect_size`](Self::maximum_connect_size): 64 KiB.
    pub const DEFAULT_MAXIMUM_CONNECT_SIZE: u32 = 1 << 16;
    /// The default of [`maximum_head_size`](Self::maximum_head_size): 128 KiB.
    pub const DEFAULT_MAXIMUM_HEAD_SIZE: u32 = 1 << 17;

    pub(super) const fn new(role: Role, version: Option<ProtocolVersion>) -> Self {
        let any_version = match version {
            Some(version) => version,
            None => ProtocolVersion::V5,
        };
        Self {
            role,
            version,
            decode: DecodeOptions::new(any_version).with_sender(role.peer()),
            maximum_packet_size: Self::DEFAULT_MAXIMUM_PACKET_SIZE,
            maximum_connect_size: Self::DEFAULT_MAXIMUM_CONNECT_SIZE,
            maximum_head_size: Self::DEFAULT_MAXIMUM_HEAD_SIZE,
            payload_pieces_above: u32::MAX,
            checks_connection_rules: !matches!(role, Role::Either),
        }
    }

    /// Creates options for a server. The first packet must be a CONNECT, which contains the protocol version. See
    /// [`with_version`](Self::with_version) for a server of one version, and
    /// [`check_connection_rules`](Self::check_connection_rules).
    #[must_use]
    pub const fn server() -> Self {
        Self::new(Role::Server, None)
    }

    /// Creates options for a client. `version` is the version of the CONNECT that the client sends. The first packet must be
    /// a CONNACK, or an AUTH in 5.0: see [`check_connection_rules`](Self::check_connection_rules).
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

    /// Sets the version of the connection, instead of taking it from CONNECT. A server then refuses a CONNECT of another
    /// version; the error has the version of that CONNECT, so that the client understands the answer.
    ///
    /// Independent of [`check_connection_rules`](Self::check_connection_rules): the first packet must still be a CONNECT.
    ///
    /// ```
    /// use mqtt_codec::{ConnectionPhase, DecodeErrorKind, ProtocolVersion, PushDecoder, Role, StreamOptions};
    ///
    /// let mut decoder = PushDecoder::new(StreamOptions::server().with_version(ProtocolVersion::V5));
    /// decoder.push(b"\x10\x0C\0\x04MQTT\x04\x02\0\0\0\0"); // a CONNECT of 3.1.1
    /// let error = decoder.next_item().unwrap_err();
    /// assert_eq!(error.kind(), DecodeErrorKind::UnsupportedProtocolVersion);
    /// let answer = error.answer(Role::Server, ConnectionPhase::Start).unwrap();
    /// assert_eq!(answer.as_bytes(), [0x20, 2, 0, 1]); // as 3.1.1 has it
    /// ```
    #[must_use]
    pub const fn with_version(self, version: ProtocolVersion) -> Self {
        Self { version: Some(version), decode: self.decode.with_version(version), ..self }
    }

    /// Changes the options for each packet, for instance the leniencies. Changes to the version, the sender and the maximum
    /// packet size are ignored: the options of the stream determine these.
    #[must_use]
    pub fn with_decode_options(self, change: impl FnOnce(DecodeOptions) -> DecodeOptions) -> Self {
        let Self { decode, role, .. } = self;
        let changed = change(decode).with_version(decode.version).with_sender(role.peer());
        Self { decode: changed.with_maximum_packet_size(decode.maximum_packet_size), ..self }
    }

    /// Sets whether the rules are checked that depend on what came before in the connection. The default is `true` for
    /// servers and clients.
    ///
    /// | role | rule |
    /// | --- | --- |
    /// | server | the first packet is a CONNECT \[MQTT-3.1.0-1\], and there is no second one \[MQTT-3.1.0-2\] |
    /// | client | only AUTH (5.0) comes before CONNACK \[MQTT-3.2.0-1\], and there is no second one \[MQTT-3.2.0-2\] |
    /// | either | none: a proxy sees both directions, and a dissector may begin in the middle of a connection |
    ///
    /// Turn it off for a decoder that begins in the middle of a connection, for instance after a connection was handed over.
    /// Then call [`with_version`](Self::with_version) too: while that is unknown, the first packet must always be a CONNECT.
    ///
    /// ```
    /// use mqtt_codec::{DecodeErrorKind, ProtocolVersion, PushDecoder, StreamOptions};
    ///
    /// let options = StreamOptions::client(ProtocolVersion::V5);
    /// let mut decoder = PushDecoder::new(options);
    /// decoder.push(b"\xD0\0"); // a PINGRESP
    /// assert_eq!(decoder.next_item().unwrap_err().kind(), DecodeErrorKind::ConnAckExpected);
    ///
    /// let mut decoder = PushDecoder::new(options.check_connection_rules(false));
    /// decoder.push(b"\xD0\0");
    /// assert!(decoder.next_item().is_ok());
    /// ```
    #[must_use]
    pub const fn check_connection_rules(self, check: bool) -> Self {
        Self { checks_connection_rules: check, ..self }
    }

    /// Returns the side of the connection.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Returns the version of the connection, or `None` if it is taken from CONNECT.
    #[must_use]
    pub const fn version(&self) -> Option<ProtocolVersion> {
        self.version
    }

    /// Returns the options for each packet. If the version is taken from CONNECT, their version has no effect. Neither has
    /// their maximum packet size: the limits of the stream apply.
    #[must_use]
    pub const fn decode_options(&self) -> DecodeOptions {
        self.decode
    }

    /// Returns `true` if the rules are checked that depend on what came before in the connection.
    #[must_use]
    pub const fn checks_connection_rules(&self) -> bool {
        self.checks_connection_rules
    }
}

value_options! {
    StreamOptions
    /// Sets the largest accepted packet in bytes, fixed header included. Maximum Packet Size counts the same bytes.
    with_maximum_packet_size
    /// Returns the largest accepted packet in bytes.
    maximum_packet_size: u32;
    /// Sets the largest accepted packet in bytes before CONNECT is decoded. Applies where a CONNECT must come first: to
    /// servers that check the [rules of connections](Self::check_connection_rules), and wherever the version is taken from
    /// CONNECT.
    with_maximum_connect_size
    /// Returns the largest accepted packet in bytes before CONNECT is decoded.
    maximum_connect_size: u32;
    /// Sets the size in bytes, fixed header included, above which a PUBLISH is returned as its head and its payload in
    /// pieces as they arrive. See [`StreamItem`](crate::StreamItem).
    ///
    /// [`DecodeOptions::check_payload_format`] does not apply to a payload in pieces.
    with_payload_pieces_above
    /// Returns the size in bytes above which a PUBLISH is returned as its head and its payload in pieces.
    payload_pieces_above: u32;
    /// Sets the largest accepted head of a PUBLISH that is returned in pieces: every byte before the payload, fixed header
    /// included.
    with_maximum_head_size
    /// Returns the largest accepted head in bytes of a PUBLISH that is returned in pieces.
    maximum_head_size: u32;
}

#[cfg(test)]
mod tests {
    use super::StreamOptions;
    use crate::{DecodeOptions, Leniency};
    use mqtt_types::{ProtocolVersion, Sender};

    #[test]
    fn with_decode_options_changes_nothing_that_the_stream_determines() {
        for version in ProtocolVersion::ALL {
            let options = StreamOptions::server().with_version(version);
            let same = options.with_decode_options(|decode| {
                assert_eq!(decode.version(), version);
                DecodeOptions::new(ProtocolVersion::V5).with_sender(Sender::Server).with_maximum_packet_size(7)
            });
            assert_eq!(same, options);
        }
    }

    #[test]
    fn each_option_can_be_read_back_and_changes_no_other() {
        let server = StreamOptions::server();
        let changed = [
            server.with_version(ProtocolVersion::V3_1_1),
            server.with_decode_options(|decode| decode.allow_bridge_bit(true)),
            server.with_maximum_packet_size(7),
            server.with_maximum_connect_size(7),
            server.with_payload_pieces_above(7),
            server.with_maximum_head_size(7),
            server.check_connection_rules(false),
        ];
        let read = |options: StreamOptions| {
            [
                options.version() == Some(ProtocolVersion::V3_1_1),
                options.decode_options().allows(Leniency::BridgeBit),
                options.maximum_packet_size() == 7,
                options.maximum_connect_size() == 7,
                options.payload_pieces_above() == 7,
                options.maximum_head_size() == 7,
                !options.checks_connection_rules(),
            ]
        };
        for (index, options) in changed.into_iter().enumerate() {
            assert_eq!(read(options), core::array::from_fn(|other| other == index), "{options:?}");
            assert_eq!(options.role(), server.role());
        }
    }
}
