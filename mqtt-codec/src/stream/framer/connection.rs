//! The point of a connection that a stream has reached, and the rules that follow from it.

use crate::error::{DecodeError, DecodeErrorKind, Field, OtherProtocol};
use crate::options::DecodeOptions;
use crate::stream::options::StreamOptions;
use crate::stream::role::Role;
use mqtt_types::{PacketType, ProtocolVersion};

/// Version of a connection, and whether it is open.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    options: StreamOptions,
    version: Option<ProtocolVersion>,
    /// A CONNECT or a CONNACK was decoded.
    is_connected: bool,
    /// Options for the next packet, derived from the three fields above.
    packet_options: DecodeOptions,
    /// The type of the next packet must be checked before anything else. Derived from the same fields.
    is_opening: bool,
}

impl Connection {
    pub(crate) const fn new(options: StreamOptions) -> Self {
        let mut connection = Self {
            options,
            version: options.version,
            is_connected: false,
            packet_options: options.decode,
            is_opening: true,
        };
        connection.update();
        connection
    }

    pub(crate) const fn options(&self) -> &StreamOptions {
        &self.options
    }

    pub(crate) const fn set_options(&mut self, options: StreamOptions) {
        self.options = options;
        if options.version.is_some() {
            self.version = options.version;
        }
        self.update();
    }

    pub(crate) const fn version(&self) -> Option<ProtocolVersion> {
        self.version
    }

    /// Returns the options for the next packet.
    #[inline]
    pub(crate) const fn packet_options(&self) -> &DecodeOptions {
        &self.packet_options
    }

    /// Returns `true` if [`refusal`](Self::refusal) may refuse the next packet, whatever its type.
    #[inline]
    pub(crate) const fn is_opening(&self) -> bool {
        self.is_opening
    }

    /// Records that a CONNECT was decoded.
    pub(crate) fn connected(&mut self, version: ProtocolVersion) {
        self.version = Some(self.version.unwrap_or(version));
        self.accepted();
    }

    /// Records that a CONNECT or a CONNACK was decoded.
    pub(crate) fn accepted(&mut self) {
        self.is_connected = true;
        self.update();
    }

    /// Derives the fields that depend on the others.
    const fn update(&mut self) {
        let Self { options, version, is_connected, .. } = self;
        // A proxy that got the version from the other direction may never receive a CONNECT.
        let awaits_connect =
            !*is_connected && (version.is_none() || (options.checks_connection_rules && options.role.is_server()));
        self.packet_options = packet_options(options, *version, awaits_connect);
        self.is_opening =
            awaits_connect || (options.checks_connection_rules && options.role.is_client() && !*is_connected);
    }

    /// Returns why a packet of this type may not come at this point of the connection.
    pub(crate) fn refusal(&self, packet_type: PacketType) -> Option<DecodeErrorKind> {
        use PacketType::{Auth, ConnAck, Connect};
        if self.version.is_none() {
            // Without a CONNECT the version is unknown, so the packet cannot be decoded.
            return (packet_type != Connect).then_some(DecodeErrorKind::ConnectExpected);
        }
        if !self.options.checks_connection_rules {
            return None;
        }
        let is_v5 = self.version == Some(ProtocolVersion::V5);
        match (self.options.role, self.is_connected, packet_type) {
            (Role::Server, false, Connect) | (Role::Client, false, ConnAck) => None,
            (Role::Client, false, Auth) if is_v5 => None,
            (Role::Server, false, _) => Some(DecodeErrorKind::ConnectExpected), // MQTT-3.1.0-1
            (Role::Client, false, _) => Some(DecodeErrorKind::ConnAckExpected), // MQTT-3.2.0-1
            (Role::Server, true, Connect) => Some(DecodeErrorKind::ConnectRepeated), // MQTT-3.1.0-2
            (Role::Client, true, ConnAck) => Some(DecodeErrorKind::ConnAckRepeated), // MQTT-3.2.0-2
            _ => None,
        }
    }

    /// Returns the version that a CONNECT must ask for, if there is only one.
    pub(crate) fn expected_version(&self) -> Option<ProtocolVersion> {
        self.version.filter(|_| self.options.role.is_server())
    }

    /// Returns the error for a packet that may not come at this point of the connection.
    pub(crate) fn refusal_error(&self, kind: DecodeErrorKind, packet_type: PacketType, input: &[u8]) -> DecodeError {
        // Before the version is known, errors have that of 3.1.1: see `packet_options`.
        let (version, sender) = (self.packet_options.version, self.options.role.peer());
        let (field, looks_like) = (Field::PacketType, OtherProtocol::of(input));
        DecodeError { kind, field, packet_type, version, sender, offset: 0, looks_like }
    }
}

const fn packet_options(
    options: &StreamOptions,
    version: Option<ProtocolVersion>,
    awaits_connect: bool,
) -> DecodeOptions {
    let is_smaller = awaits_connect && options.maximum_connect_size < options.maximum_packet_size;
    let limit = if is_smaller { options.maximum_connect_size } else { options.maximum_packet_size };
    // The version is unknown until CONNECT is decoded. An error before that is reported for 3.1.1, which has no answer to
    // it: the peer might not understand one.
    let version = match version {
        Some(version) => version,
        None => ProtocolVersion::V3_1_1,
    };
    options.decode.with_version(version).with_maximum_packet_size(limit)
}
