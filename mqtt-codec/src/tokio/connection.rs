//! What both directions of a connection must know.

use crate::answer::ConnectionPhase;
use crate::encode::Encode;
use crate::error::{EncodeError, EncodeErrorKind, Field};
use crate::options::EncodeOptions;
use crate::stream::{Role, StreamDecoder, StreamEncoder, StreamOptions};
use bytes::BytesMut;
use core::num::NonZero;
use core::sync::atomic::{AtomicUsize, Ordering};
use mqtt_types::{Packet, PacketType, ProtocolVersion};
use std::sync::{Mutex, PoisonError};

/// What both directions of a connection must know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Connection {
    role: Role,
    pub(crate) version: Option<ProtocolVersion>,
    pub(crate) phase: ConnectionPhase,
    /// The Maximum Packet Size of the peer.
    pub(crate) limit: Option<NonZero<u32>>,
    pub(crate) learns_limit: bool,
}

impl Connection {
    pub(crate) const fn new(options: &StreamOptions) -> Self {
        let (role, version) = (options.role(), options.version);
        Self { role, version, phase: ConnectionPhase::Start, limit: None, learns_limit: true }
    }

    /// Takes role and version from new options.
    pub(crate) const fn set_options(&mut self, options: &StreamOptions) {
        self.role = options.role();
        if options.version.is_some() {
            self.version = options.version;
        }
    }

    /// Records a CONNECT, CONNACK or DISCONNECT that was received.
    pub(crate) fn received(&mut self, packet: &Packet<&[u8]>) {
        self.phase.passed(packet);
        let limit = match (packet, self.role) {
            (Packet::Connect(connect), _) => {
                self.version = self.version.or(Some(connect.protocol_version));
                connect.properties.maximum_packet_size()
            }
            (Packet::ConnAck(connack), _) => connack.properties.maximum_packet_size(),
            _ => None,
        };
        if self.learns_limit && limit.is_some() {
            self.limit = limit;
        }
    }

    /// Records a CONNECT, CONNACK or DISCONNECT that was sent.
    pub(crate) fn sent(&mut self, packet: &Packet<&[u8]>) {
        self.phase.passed(packet);
        if let (Packet::Connect(connect), Role::Client | Role::Either) = (packet, self.role) {
            self.version = Some(connect.protocol_version);
        }
    }

    /// Returns an encoder with this version and this limit.
    pub(crate) const fn encoder(&self) -> StreamEncoder {
        let mut encoder = StreamEncoder::new(EncodeOptions::new(self.any_version()).with_sender(self.role.sender()));
        encoder.set_peer_maximum_packet_size(self.limit);
        encoder
    }

    /// Updates the encoder.
    pub(crate) const fn inform_encoder(&self, encoder: &mut StreamEncoder) {
        let options = EncodeOptions { version: self.any_version(), ..encoder.options() };
        encoder.set_options(options.with_sender(self.role.sender()));
        encoder.set_peer_maximum_packet_size(self.limit);
    }

    /// Updates the decoder, if it does not know the version yet.
    pub(crate) fn inform_decoder(&self, decoder: &mut StreamDecoder) {
        if let Some(version) = self.version.filter(|version| decoder.version() != Some(*version)) {
            decoder.set_version(version);
        }
    }

    /// Encodes a packet. Only a CONNECT can be encoded before the version is known.
    pub(crate) fn encode<P: Encode>(
        &self,
        encoder: &StreamEncoder,
        packet: &P,
        output: &mut BytesMut,
    ) -> Result<(), EncodeError> {
        let packet_type = packet.packet_type();
        if self.version.is_none() && packet_type != PacketType::Connect {
            let (kind, field) = (EncodeErrorKind::VersionUnknown, Field::ProtocolVersion);
            let from_client = matches!(self.role, Role::Client);
            return Err(EncodeError { kind, field, packet_type, version: self.any_version(), from_client });
        }
        encoder.encode(packet, output).map(|_| ())
    }

    const fn any_version(&self) -> ProtocolVersion {
        match self.version {
            Some(version) => version,
            None => ProtocolVersion::V5,
        }
    }
}

/// A [`Connection`] that two halves of a codec share. Each half has a copy, and looks here only if it has changed.
#[derive(Debug)]
pub(crate) struct SharedConnection {
    changes: AtomicUsize,
    connection: Mutex<Connection>,
}

impl SharedConnection {
    pub(crate) const fn new(connection: Connection) -> Self {
        Self { changes: AtomicUsize::new(0), connection: Mutex::new(connection) }
    }

    /// Returns the connection if its number of changes differs from `seen`.
    #[inline]
    pub(crate) fn news(&self, seen: &mut usize) -> Option<Connection> {
        if self.changes.load(Ordering::Acquire) == *seen {
            return None;
        }
        Some(self.change(seen, |_| {}, 0))
    }

    /// Changes the connection and returns it.
    pub(crate) fn update(&self, seen: &mut usize, change: impl FnOnce(&mut Connection)) -> Connection {
        self.change(seen, change, 1)
    }

    fn change(&self, seen: &mut usize, change: impl FnOnce(&mut Connection), count: usize) -> Connection {
        // Nothing panics while it is locked.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut connection);
        *seen = self.changes.fetch_add(count, Ordering::Release).wrapping_add(count);
        *connection
    }
}
