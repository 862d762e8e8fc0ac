//! A broker for MQTT 3.1, 3.1.1 and 5.0 on the same port, in memory.
//!
//! ```sh
//! cargo run --example broker -- [--port 1883] [--help]
//! mosquitto_sub -V 5 -t 'a/#' &
//! mosquitto_pub -t a/b -m hello
//! ```
//!
//! Sessions and retained messages end with the program. The files, in the order in which a packet passes them:
//!
//! - `transport.rs` provides a byte stream over TCP, TLS or a WebSocket,
//! - `connection.rs` decodes the bytes into frames, and enforces the rules of CONNECT, `authentication.rs` and keep alive,
//! - `broker.rs` connects clients with their sessions, and `packets.rs` handles each packet, with `topics.rs` and
//!   `retained.rs`; `hooks.rs` decides who is authorised,
//! - `message.rs` and `session.rs` keep frames, and forward them to many subscribers, with `aliases.rs`,
//! - `outlet.rs` queues the packets that wait to be sent on a connection, and `limits.rs` lists the limits of all
//!   queues.

extern crate alloc;

mod aliases;
mod authentication;
mod broker;
mod connection;
mod hooks;
mod limits;
mod message;
mod outlet;
mod packets;
mod retained;
mod session;
mod topics;
mod transport;

use crate::broker::Broker;
use crate::hooks::CommandLine;
use crate::transport::{Tls, Transport};
use alloc::sync::Arc;
use core::{error::Error, net::SocketAddr, time::Duration};
use mqtt_codec::TopicFilter;
use parking_lot::Mutex;
use std::io::{self, Write};
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

const USAGE: &str = "Usage: broker [OPTIONS]

  --port PORT                  accept TCP on this port of 127.0.0.1 (1883 if no other transport is given)
  --tcp | --tls | --ws | --wss ADDRESS
                               accept TCP, TLS, WebSocket, WebSocket over TLS; may be repeated; port 0 chooses a port
  --certificate FILE --key FILE    the broker's certificate chain and private key, in PEM
  --user NAME:PASSWORD         accept this user only
  --deny FILTER                refuse to publish and subscribe to these topics; may be repeated
  --maximum-packet-size BYTES  the largest packet to accept; default 4194304";

type Result<T> = core::result::Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(std::env::args().skip(1)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "broker: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the command line, and accepts connections until the program is ended.
async fn run(mut arguments: impl Iterator<Item = String>) -> Result<()> {
    let (mut listeners, mut certificate, mut key) = (Vec::new(), None, None);
    let (mut hooks, mut maximum_packet_size) = (CommandLine::default(), limits::MAXIMUM_PACKET_SIZE);
    while let Some(argument) = arguments.next() {
        if argument == "--help" {
            return Ok(writeln!(io::stdout(), "{USAGE}")?);
        }
        let value = arguments.next().ok_or_else(|| format!("{argument} has no value; see --help"))?;
        match argument.as_str() {
            "--port" => listeners.push((Transport::Tcp, SocketAddr::from(([127, 0, 0, 1], value.parse()?)))),
            "--tcp" => listeners.push((Transport::Tcp, value.parse()?)),
            "--tls" => listeners.push((Transport::Tls, value.parse()?)),
            "--ws" => listeners.push((Transport::Ws, value.parse()?)),
            "--wss" => listeners.push((Transport::Wss, value.parse()?)),
            "--certificate" => certificate = Some(value),
            "--key" => key = Some(value),
            "--user" => {
                let (name, password) = value.split_once(':').ok_or("--user is NAME:PASSWORD")?;
                hooks.user = Some((name.to_owned(), password.to_owned()));
            }
            "--deny" => hooks.denied.push(TopicFilter::new(value)?),
            "--maximum-packet-size" => maximum_packet_size = value.parse()?,
            _ => return Err(format!("unknown argument {argument}; see --help").into()),
        }
    }
    if listeners.is_empty() {
        listeners.push((Transport::Tcp, SocketAddr::from(([127, 0, 0, 1], 1883))));
    }
    let tls =
        certificate.zip(key).map(|(certificate, key)| Tls::new(certificate.as_ref(), key.as_ref())).transpose()?;
    if tls.is_none() && listeners.iter().any(|(transport, _)| matches!(transport, Transport::Tls | Transport::Wss)) {
        return Err("TLS needs --certificate and --key".into());
    }
    let broker = Arc::new(Mutex::new(Broker::new(Box::new(hooks), maximum_packet_size)));
    let mut accepting = JoinSet::new();
    for (transport, address) in listeners {
        let listener = TcpListener::bind(address).await?;
        writeln!(io::stdout(), "listening: {transport} on {}", listener.local_addr()?)?;
        accepting.spawn(accept(listener, transport, tls.clone(), Arc::clone(&broker), maximum_packet_size));
    }
    accepting.join_all().await;
    Ok(())
}

/// Accepts connections forever. An error on one connection does not affect the others.
async fn accept(
    listener: TcpListener,
    transport: Transport,
    tls: Option<Tls>,
    broker: Arc<Mutex<Broker>>,
    maximum_packet_size: u32,
) {
    loop {
        let Ok((socket, peer)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await; // too many open files, for instance
            continue;
        };
        let (tls, broker) = (tls.clone(), Arc::clone(&broker));
        tokio::spawn(async move {
            let limit = usize::try_from(maximum_packet_size).unwrap_or(usize::MAX);
            let opening = transport.open(socket, tls.as_ref(), limit);
            if let Ok(Ok(stream)) = tokio::time::timeout(connection::PATIENCE, opening).await {
                connection::serve(stream, peer, broker, maximum_packet_size).await;
            }
        });
    }
}
