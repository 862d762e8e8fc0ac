//! The queue of bytes to send on one connection.

use crate::limits;
use alloc::collections::VecDeque;
use bytes::{Bytes, BytesMut};
use mqtt_codec::{
    Connect, EncodeError, EncodeErrorKind, EncodeOptions, Packet, ProtocolVersion, StreamEncoder, convert,
};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The queue between the broker and one connection. The broker appends packets, and the task of the connection sends
/// them.
///
/// Small packets are copied into one buffer, so that one system call sends many of them. Large packets are shared.
#[derive(Default)]
pub(crate) struct Outlet {
    output: Mutex<Output>,
    pub(crate) wake: Notify,
}

struct Output {
    /// Obeys the version and the limits in the client's CONNECT.
    encoder: StreamEncoder,
    parts: VecDeque<Bytes>,
    parts_len: usize,
    tail: BytesMut,
    is_closing: bool,
    /// Whether messages wait in the session's queue until there is room.
    is_awaited: bool,
}

impl Outlet {
    /// Begins the connection with the version and the limits in the client's CONNECT.
    pub(crate) fn begin(&self, connect: &Connect<&[u8]>) {
        let encoder = &mut self.lock().encoder;
        encoder.set_options(EncodeOptions::new(connect.protocol_version));
        encoder.set_peer_maximum_packet_size(connect.properties.maximum_packet_size());
    }

    /// Appends a packet, converted to the client's version. If the version cannot express it, the connection is closed
    /// instead. A packet that is larger than the client accepts is dropped.
    pub(crate) fn send(&self, packet: impl Into<Packet>) {
        let packet = packet.into();
        let mut output = self.lock();
        let version = output.encoder.options().version();
        let Err(error) = output.encode(&packet) else { return self.wake.notify_one() };
        if let EncodeErrorKind::NotInVersion(_) = error.kind() {
            let converted = convert(packet, ProtocolVersion::V5, version);
            output.is_closing |= !converted.is_ok_and(|converted| output.encode(&converted.packet).is_ok());
        }
        self.wake.notify_one();
    }

    /// Appends the bytes that `write` writes.
    pub(crate) fn write<T>(&self, write: impl FnOnce(&mut BytesMut) -> T) -> T {
        let mut output = self.lock();
        let written = write(&mut output.tail);
        output.is_closing |= output.len() > limits::OUTPUT.saturating_add(limits::OUTPUT_FULL);
        drop(output);
        self.wake.notify_one();
        written
    }

    /// Appends a whole packet without copying it.
    pub(crate) fn share(&self, packet: Bytes) {
        let mut output = self.lock();
        output.seal();
        output.parts_len = output.parts_len.saturating_add(packet.len());
        output.parts.push_back(packet);
        drop(output);
        self.wake.notify_one();
    }

    /// Closes the connection after everything has been sent.
    pub(crate) fn close(&self) {
        self.lock().is_closing = true;
        self.wake.notify_one();
    }

    /// Removes the next bytes to send, or returns `None` if there are none.
    pub(crate) fn take(&self) -> Option<Bytes> {
        let mut output = self.lock();
        output.seal();
        let part = output.parts.pop_front()?;
        output.parts_len = output.parts_len.saturating_sub(part.len());
        Some(part)
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.lock().is_closing
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    /// Returns `true` if messages of QoS 1 and 2 must wait, and records that they wait.
    pub(crate) fn is_full(&self) -> bool {
        let mut output = self.lock();
        output.is_awaited |= output.len() > limits::OUTPUT_FULL;
        output.is_awaited
    }

    /// Returns `true`, once, if messages wait and there is room again.
    pub(crate) fn has_room_again(&self) -> bool {
        let mut output = self.lock();
        output.len() < limits::OUTPUT_FULL / 2 && core::mem::take(&mut output.is_awaited)
    }

    fn lock(&self) -> MutexGuard<'_, Output> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Output {
    fn default() -> Self {
        // Before CONNECT, only the answer of the codec is sent.
        let mut encoder = StreamEncoder::new(EncodeOptions::new(ProtocolVersion::V5));
        encoder.set_drops_explanations(true);
        let (parts, tail) = (VecDeque::new(), BytesMut::new());
        Self { encoder, parts, parts_len: 0, tail, is_closing: false, is_awaited: false }
    }
}

impl Output {
    fn encode(&mut self, packet: &Packet) -> Result<(), EncodeError> {
        self.encoder.encode(packet, &mut self.tail)?;
        self.is_closing |= self.len() > limits::OUTPUT.saturating_add(limits::OUTPUT_FULL);
        Ok(())
    }

    fn len(&self) -> usize {
        self.parts_len.saturating_add(self.tail.len())
    }

    fn seal(&mut self) {
        if !self.tail.is_empty() {
            let tail = self.tail.split().freeze();
            self.parts_len = self.parts_len.saturating_add(tail.len());
            self.parts.push_back(tail);
        }
    }
}
