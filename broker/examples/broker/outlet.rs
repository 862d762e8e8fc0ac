//! The queue of bytes to send on one connection.

use crate::limits;
use alloc::collections::VecDeque;
use bytes::{Bytes, BytesMut};
use mqtt_codec::{Connect, EncodeErrorKind, EncodeOptions, Packet, ProtocolVersion, StreamEncoder};
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
    /// The last part, which still grows.
    tail: BytesMut,
    is_closing: bool,
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
        let mut output = self.lock();
        let Output { encoder, tail, is_closing, .. } = &mut *output;
        if let Err(error) = encoder.encode_converted(&packet.into(), tail) {
            *is_closing |= matches!(error.kind(), EncodeErrorKind::NotInVersion(_));
        }
        self.appended(output);
    }

    /// Appends the bytes that `write` writes.
    pub(crate) fn write<T>(&self, write: impl FnOnce(&mut BytesMut) -> T) -> T {
        let mut output = self.lock();
        let written = write(&mut output.tail);
        self.appended(output);
        written
    }

    /// Appends a whole packet without copying it.
    pub(crate) fn share(&self, packet: Bytes) {
        let mut output = self.lock();
        let tail = output.tail.split().freeze();
        output.parts_len = output.parts_len.saturating_add(tail.len()).saturating_add(packet.len());
        output.parts.extend([tail, packet].into_iter().filter(|part| !part.is_empty()));
        self.appended(output);
    }

    /// Wakes the connection. If the client reads nothing, the connection is closed.
    fn appended(&self, mut output: MutexGuard<'_, Output>) {
        output.is_closing |= output.len() > limits::OUTPUT;
        drop(output);
        self.wake.notify_one();
    }

    /// Closes the connection after everything has been sent.
    pub(crate) fn close(&self) {
        self.lock().is_closing = true;
        self.wake.notify_one();
    }

    /// Removes the next bytes to send. They are empty if there are none.
    pub(crate) fn take(&self) -> Bytes {
        let mut output = self.lock();
        let Some(part) = output.parts.pop_front() else { return output.tail.split().freeze() };
        output.parts_len = output.parts_len.saturating_sub(part.len());
        part
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.lock().is_closing
    }

    /// Returns the number of bytes that wait.
    pub(crate) fn len(&self) -> usize {
        self.lock().len()
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
        Self { encoder, parts, parts_len: 0, tail, is_closing: false }
    }
}

impl Output {
    fn len(&self) -> usize {
        self.parts_len.saturating_add(self.tail.len())
    }
}
