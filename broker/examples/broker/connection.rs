//! One connection: bytes in and out, CONNECT, keep alive, and how it ends.

use crate::authentication::Authentication;
use crate::broker::{Broker, Seat};
use crate::outlet::Outlet;
use crate::transport::Stream;
use alloc::sync::Arc;
use bytes::BytesMut;
use core::{convert::Infallible, net::SocketAddr, time::Duration};
use mqtt_codec::{
    Answer, Auth, AuthReasonCode, Connect, ConnectionPhase, Frame, FrameItem, KeepAlive, Packet, ReasonCode, Role,
    StreamDecoder, StreamOptions,
};
use parking_lot::Mutex;
use std::io::{self, Write as _};
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::timeout;

/// The time limit for the client's CONNECT and authentication, and for the broker's last packet.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// The number of bytes that are read at once.
const READ: usize = 16 << 10;

/// Why a connection ends: the Reason Code to tell the client, or [`CLOSED`].
pub(crate) type Ending = Option<ReasonCode>;
/// The client has sent DISCONNECT, is gone, or already knows why the connection ends.
pub(crate) const CLOSED: Ending = None;

struct Connection {
    peer: SocketAddr,
    reader: ReadHalf<Box<dyn Stream>>,
    decoder: StreamDecoder,
    input: BytesMut,
    writer: WriteHalf<Box<dyn Stream>>,
    /// The bytes that are being written. If a future is dropped early, they are the rest.
    pending: BytesMut,
    outlet: Arc<Outlet>,
    phase: ConnectionPhase,
    broker: Arc<Mutex<Broker>>,
    seat: Option<Seat>,
}

/// Serves a client until the connection ends.
pub(crate) async fn serve(
    stream: Box<dyn Stream>,
    peer: SocketAddr,
    broker: Arc<Mutex<Broker>>,
    maximum_packet_size: u32,
) {
    let (reader, writer) = tokio::io::split(stream);
    let mut connection = Connection {
        peer,
        reader,
        decoder: StreamDecoder::new(StreamOptions::server().with_maximum_packet_size(maximum_packet_size)),
        input: BytesMut::new(),
        writer,
        pending: BytesMut::new(),
        outlet: Arc::default(),
        phase: ConnectionPhase::Start,
        broker,
        seat: None,
    };
    let Err(ending) = connection.run().await;
    connection.tell(ending.and_then(|reason_code| Answer::new(reason_code, Role::Server, connection.phase)));
    if let Some(seat) = connection.seat {
        Broker::disconnected(&connection.broker, seat);
    }
    let _ = timeout(PATIENCE, connection.finish()).await;
}

impl Connection {
    /// Hands packets to the broker, and sends its packets, until the connection ends.
    async fn run(&mut self) -> Result<Infallible, Ending> {
        let (seat, keep_alive) = timeout(PATIENCE, self.accept()).await.or(Err(CLOSED))??;
        let patience = keep_alive.timeout().unwrap_or(Duration::MAX);
        loop {
            while let Some(frame) = self.buffered_frame()? {
                self.broker.lock().receive(seat, frame)?;
            }
            timeout(patience, self.wait()).await.or(Err(ReasonCode::KEEP_ALIVE_TIMEOUT))??;
        }
    }

    /// Handles CONNECT and authentication.
    async fn accept(&mut self) -> Result<(Seat, KeepAlive), Ending> {
        let frame = self.next_frame().await?;
        let Packet::Connect(connect) = frame.packet() else { return Err(CLOSED) };
        self.outlet.begin(&connect);
        self.phase = ConnectionPhase::Connecting(connect.protocol_version);
        let authenticated = self.authenticate(&connect).await?;
        let accepted = self.broker.lock().connect(&connect, authenticated, &self.outlet)?;
        self.phase = ConnectionPhase::Connected(connect.protocol_version);
        self.seat = Some(accepted.0);
        Ok(accepted)
    }

    /// Decides whether the client may connect. The method may need several AUTH packets. Returns the last one, whose
    /// properties belong into the CONNACK.
    async fn authenticate(&mut self, connect: &Connect<&[u8]>) -> Result<Option<(Authentication, Auth)>, Ending> {
        let begun = Authentication::begin(&*self.broker.lock().hooks, connect)?;
        let Some((mut authentication, mut auth)) = begun else { return Ok(None) };
        while auth.reason_code == AuthReasonCode::CONTINUE_AUTHENTICATION {
            self.outlet.send(auth);
            let frame = self.next_frame().await?;
            let Packet::Auth(answer) = frame.packet() else { return Err(ReasonCode::PROTOCOL_ERROR.into()) };
            auth = authentication.answer(&answer)?;
        }
        Ok(Some((authentication, auth)))
    }

    async fn next_frame(&mut self) -> Result<Frame, Ending> {
        loop {
            match self.buffered_frame()? {
                Some(frame) => return Ok(frame),
                None => self.wait().await?,
            }
        }
    }

    /// Removes a packet from the bytes that were read. Answers an illegal one.
    fn buffered_frame(&mut self) -> Result<Option<Frame>, Ending> {
        let item = self.decoder.next_frame(&mut self.input).map_err(|error| {
            let _ = writeln!(io::stderr(), "{}: {error}", self.peer);
            self.tell(error.answer(Role::Server, self.phase));
            CLOSED
        })?;
        Ok(item.and_then(FrameItem::into_frame))
    }

    /// Waits until the client sends something. Meanwhile, sends what is queued.
    async fn wait(&mut self) -> Result<(), Ending> {
        let Self { reader, input, writer, pending, outlet, broker, seat, .. } = self;
        let send = async {
            while !outlet.is_closing() {
                writer.write_all_buf(pending).await?;
                *pending = outlet.take();
                if pending.is_empty() {
                    writer.flush().await?;
                    if let Some(seat) = seat {
                        broker.lock().send_queued(*seat); // now there is room
                    }
                    outlet.wake.notified().await;
                }
            }
            io::Result::Ok(())
        };
        input.reserve(READ);
        tokio::select! {
            biased; // if the connection is closing, nothing more is read
            _ = send => Err(CLOSED),
            read = reader.read_buf(input) => if read.is_ok_and(|len| len > 0) { Ok(()) } else { Err(CLOSED) },
        }
    }

    fn tell(&self, answer: Option<Answer>) {
        if let Some(answer) = answer {
            self.outlet.write(|output| output.extend_from_slice(answer.as_bytes()));
        }
    }

    /// Sends what is still queued, and closes the connection. Reads until the client closes it too: if packets arrived at a
    /// closed socket, the client would be reset before it has read why the connection ends.
    async fn finish(&mut self) -> io::Result<()> {
        self.writer.write_all_buf(&mut self.pending).await?;
        self.writer.write_all_buf(&mut self.outlet.take()).await?;
        self.writer.shutdown().await?;
        tokio::io::copy(&mut self.reader, &mut tokio::io::sink()).await.map(drop)
    }
}
