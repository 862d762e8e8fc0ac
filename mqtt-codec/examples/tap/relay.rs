//! Accepts connections of clients, connects to the broker, and forwards bytes between the two.
//!
//! A connection has two threads, one for each direction. A thread reports the bytes that it received before it forwards
//! them, so a response is never reported before its request.

use crate::direction::Direction;
use core::net::SocketAddr;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::SyncSender;
use std::thread;

/// The largest number of bytes that are read at once.
const CHUNK: usize = 1 << 16;

/// Something that happened on a connection.
pub(crate) struct Event {
    /// The number of the connection. The first one is 1.
    pub(crate) connection: usize,
    pub(crate) what: What,
}

pub(crate) enum What {
    /// A client has connected. The broker may not be reachable.
    Connected(SocketAddr),
    Received(Direction, Vec<u8>),
    /// The sender of this direction has closed it.
    Ended(Direction),
    /// There was no connection to the broker.
    Failed(String),
}

/// Serves this many clients. Returns when the last one has connected.
pub(crate) fn accept(listener: &TcpListener, broker: &str, connections: usize, events: &SyncSender<Event>) {
    for (connection, client) in (1..).zip(listener.incoming()).take(connections) {
        let Err(error) = client.and_then(|client| relay(connection, client, broker, events)) else { continue };
        report(events, connection, What::Failed(error.to_string()));
    }
}

/// Connects to the broker and starts the threads that forward.
fn relay(connection: usize, client: TcpStream, broker: &str, events: &SyncSender<Event>) -> io::Result<()> {
    report(events, connection, What::Connected(client.peer_addr()?));
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
                // One of the two is gone. The other one may be, too.
                let _ = from.shutdown(Shutdown::Both);
                let _ = to.shutdown(Shutdown::Both);
            }
            report(&events, connection, What::Ended(direction));
        });
    }
    Ok(())
}

/// Forwards until the sender closes the connection.
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
        report(events, connection, What::Received(direction, received.to_vec()));
        to.write_all(received)?;
    }
}

fn report(events: &SyncSender<Event>, connection: usize, what: What) {
    // If nobody receives events, the program is about to end.
    let _ = events.send(Event { connection, what });
}
