//! The bytes to send on one connection.

use crate::limits;
use bytes::BytesMut;
use mqtt_codec::{Connect, EncodeErrorKind, EncodeOptions, Packet, StreamEncoder};
use parking_lot::Mutex;
use tokio::sync::Notify;

/// The queue between the broker and one connection. The broker appends packets, and the task of the connection sends
/// them. They are copied into one buffer, so that one system call sends many of them.
#[derive(Default)]
pub(crate) struct Outlet {
    output: Mutex<Output>,
    pub(crate) wake: Notify,
}

#[derive(Default)]
struct Output {
    bytes: BytesMut,
    /// Obeys the version and the limits in the client's CONNECT. Before it, only the answer of the codec is sent.
    encoder: Option<StreamEncoder>,
    is_closing: bool,
}

impl Outlet {
    /// Begins the connection with the version and the limits in the client's CONNECT.
    pub(crate) fn begin(&self, connect: &Connect<&[u8]>) {
        let mut encoder = StreamEncoder::new(EncodeOptions::new(connect.protocol_version));
        encoder.set_peer_maximum_packet_size(connect.properties.maximum_packet_size());
        encoder.set_drops_explanations(true);
        self.output.lock().encoder = Some(encoder);
    }

    /// Appends a packet, converted to the client's version. If the version cannot express it, the connection is closed
    /// instead. A packet that is larger than the client accepts is dropped.
    pub(crate) fn send(&self, packet: impl Into<Packet>) {
        self.change(|Output { bytes, encoder, is_closing }| {
            let encoded = encoder.map(|encoder| encoder.encode_converted(&packet.into(), bytes));
            if let Some(Err(error)) = encoded {
                *is_closing |= matches!(error.kind(), EncodeErrorKind::NotInVersion(_));
            }
        });
    }

    /// Appends the bytes that `write` writes.
    pub(crate) fn write<T>(&self, write: impl FnOnce(&mut BytesMut) -> T) -> T {
        self.change(|output| write(&mut output.bytes))
    }

    /// Closes the connection after everything has been sent.
    pub(crate) fn close(&self) {
        self.change(|output| output.is_closing = true);
    }

    /// Changes the output, and wakes the connection. If the client reads nothing, the connection is closed.
    fn change<T>(&self, change: impl FnOnce(&mut Output) -> T) -> T {
        let mut output = self.output.lock();
        let result = change(&mut output);
        output.is_closing |= output.bytes.len() > limits::OUTPUT;
        self.wake.notify_one();
        result
    }

    /// Removes the bytes that wait.
    pub(crate) fn take(&self) -> BytesMut {
        self.output.lock().bytes.split()
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.output.lock().is_closing
    }

    /// Returns the number of bytes that wait.
    pub(crate) fn len(&self) -> usize {
        self.output.lock().bytes.len()
    }
}
