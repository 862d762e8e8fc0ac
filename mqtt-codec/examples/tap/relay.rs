//! Between clients and broker: accepts, connects, forwards, and tells of all that is sent.
//!
//! Two threads per connection, one for each direction. What they receive they tell before they forward it, so an answer
//! is never told before what it answers.

use core::fmt;
use core::net::SocketAddr;
use mqtt_codec::Sender;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::SyncSender;
use std::thread;

/// What is read at once.
const CHUNK: usize = 1 << 16;

/// Something that happened on a connection.
pub(crate) struct Event {
    /// Its number; the first is 1.
    pub(crate) connection: usize,
    pub(crate) what: What,
}

pub(crate) enum What {
    /// A client is there; the broker may not be.
    Connected(SocketAddr),
    Received(Direction, Vec<u8>),
    /// Nothing more comes from there.
    Ended(Direction),
    /// There never was a connection.
    Failed(String),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    ToBroker,
    ToClient,
}

impl Direction {
    pub(crate) const fn sender(self) -> Sender {
        match self {
            Self::ToBroker => Sender::Client,
            Self::ToClient => Sender::Server,
        }
    }

    pub(crate) const fn arrow(self) -> &'static str {
        match self {
            Self::ToBroker => "->",
            Self::ToClient => "<-",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ToBroker => "to the broker",
            Self::ToClient => "to the client",
        })
    }
}

/// Serves clients, so many of them; returns when the last one has come.
pub(crate) fn accept(listener: &TcpListener, broker: &str, connections: usize, events: &SyncSender<Event>) {
    for (connection, client) in (1..).zip(listener.incoming()).take(connections) {
        let Err(error) = client.and_then(|client| relay(connection, client, broker, events)) else { continue };
        tell(events, connection, What::Failed(error.to_string()));
    }
}

/// Connects to the broker and starts to forward.
fn relay(connection: usize, client: TcpStream, broker: &str, events: &SyncSender<Event>) -> io::Result<()> {
    tell(events, connection, What::Connected(client.peer_addr()?));
    let broker = TcpStream::connect(broker)
        .map_err(|error| io::Error::new(error.kind(), format!("cannot connect to {broker}: {error}")))?;
    let (from_client, from_broker) = (client.try_clone()?, broker.try_clone()?);
    for (direction, from, to) in
        [(Direction::ToBroker, from_client, broker), (Direction::ToClient, from_broker, client)]
    {
        to.set_nodelay(true)?;
        let events = events.clone();
        thread::spawn(move || {
            if forward(connection, direction, &from, &to, &events).is_ok() {
                let _ = to.shutdown(Shutdown::Write);
            } else {
                // One of them is gone. Whether the other still is, does not matter.
                let _ = from.shutdown(Shutdown::Both);
                let _ = to.shutdown(Shutdown::Both);
            }
            tell(&events, connection, What::Ended(direction));
        });
    }
    Ok(())
}

/// Forwards until the sender sends no more.
fn forward(
    connection: usize,
    direction: Direction,
    mut from: &TcpStream,
    mut to: &TcpStream,
    events: &SyncSender<Event>,
) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let len = match from.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(len) => len,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let received = chunk.get(..len).unwrap_or_default();
        tell(events, connection, What::Received(direction, received.to_vec()));
        to.write_all(received)?;
    }
}

fn tell(events: &SyncSender<Event>, connection: usize, what: What) {
    // If nobody listens any more, the program is about to end.
    let _ = events.send(Event { connection, what });
}
