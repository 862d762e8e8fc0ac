//! Sending of messages to a client.

use crate::result::Result;
use alloc::sync::Arc;
use bytes::{Bytes, BytesMut};
use core::net::SocketAddr;
use mqtt_codec::sn::{Datagram, Encapsulation, Encode, Message};
use std::io::{self, Write};
use tokio::net::UdpSocket;

/// The address of a client, and the forwarder to reach it through.
pub(crate) struct Link {
    socket: Arc<UdpSocket>,
    address: SocketAddr,
    encapsulation: Option<Encapsulation<Bytes>>,
}

impl Link {
    pub(crate) const fn new(
        socket: Arc<UdpSocket>,
        address: SocketAddr,
        encapsulation: Option<Encapsulation<Bytes>>,
    ) -> Self {
        Self { socket, address, encapsulation }
    }

    /// Sends a message as one datagram. A message that is too long for MQTT-SN is dropped, with a note on standard
    /// error.
    pub(crate) async fn send(&self, message: &Message) -> Result<()> {
        let datagram = Datagram { encapsulation: self.encapsulation.clone(), message: message.clone() };
        let mut output = BytesMut::new();
        match datagram.encode_to(&mut output) {
            Ok(_) => {
                writeln!(io::stdout(), "{} <- {message}", self.address)?;
                self.socket.send_to(&output, self.address).await?;
            }
            Err(error) => writeln!(io::stderr(), "{}: {error}", self.address)?,
        }
        Ok(())
    }
}
