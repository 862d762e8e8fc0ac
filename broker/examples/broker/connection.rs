//! One connection: bytes in and out, CONNECT, keep alive, and how it ends.

use crate::authentication::Authentication;
use crate::broker::{Broker, Seat, lock};
use crate::ending::Ending;
use crate::outlet::Outlet;
use alloc::sync::Arc;
use bytes::{Bytes, BytesMut};
use core::{convert::Infallible, net::SocketAddr, time::Duration};
use mqtt_codec::{
    Answer, Auth, AuthReasonCode, Connect, ConnectionPhase, Frame, FrameItem, KeepAlive, Packet, PacketType,
    ReasonCode, Role, StreamDecoder, StreamOptions,
};
use std::io::{self, Write as _};
use std::sync::Mutex;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::timeout;

/// The time limit for the client's CONNECT and authentication, and for the broker's last packet.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// The number of bytes that are read at once.
const READ: usize = 16 << 10;

struct Connection<S> {
    reader: Reader<S>,
    writer: Writer<S>,
    outlet: Arc<Outlet>,
    phase: ConnectionPhase,
    authentication: Option<Authentication>,
}

/// Serves a client until the connection ends.
pub(crate) async fn serve<S: AsyncRead + AsyncWrite>(
    stream: S,
    peer: SocketAddr,
    broker: Arc<Mutex<Broker>>,
    maximum_packet_size: u32,
) {
    let (reader, writer) = tokio::io::split(stream);
    let decoder = StreamDecoder::new(StreamOptions::server().with_maximum_packet_size(maximum_packet_size));
    let outlet = Arc::<Outlet>::default();
    let mut connection = Connection {
        reader: Reader { half: reader, decoder, input: BytesMut::new() },
        writer: Writer { half: writer, outlet: Arc::clone(&outlet), pending: Bytes::new() },
        outlet,
        phase: ConnectionPhase::Start,
        authentication: None,
    };
    let Err(ending) = connection.run(&broker).await;
    connection.tell(ending, peer);
    let _ = timeout(PATIENCE, connection.writer.finish()).await;
}

impl<S: AsyncRead + AsyncWrite> Connection<S> {
    async fn run(&mut self, broker: &Mutex<Broker>) -> Result<Infallible, Ending> {
        let accepted = timeout(PATIENCE, self.accept(broker)).await.unwrap_or(Err(Ending::Closed));
        let (seat, keep_alive) = accepted?;
        let ended = self.exchange(seat, keep_alive, broker).await;
        lock(broker).disconnected(seat);
        ended
    }

    /// Tells the client why the connection ends.
    fn tell(&self, ending: Ending, peer: SocketAddr) {
        let answer = match ending {
            Ending::Closed => None,
            Ending::Because(reason_code) => Answer::new(reason_code, Role::Server, self.phase),
            Ending::Refused(error) => {
                let _ = writeln!(io::stderr(), "{peer}: {error}");
                error.answer(Role::Server, self.phase)
            }
        };
        if let Some(answer) = answer {
            self.outlet.write(|tail| tail.extend_from_slice(answer.as_bytes()));
        }
        self.outlet.close();
    }

    /// Handles CONNECT and authentication.
    async fn accept(&mut self, broker: &Mutex<Broker>) -> Result<(Seat, KeepAlive), Ending> {
        let frame = self.next_frame().await?;
        let Packet::Connect(connect) = frame.packet() else { return Err(Ending::Closed) };
        self.outlet.begin(&connect);
        self.phase = ConnectionPhase::Connecting(connect.protocol_version);
        let auth = self.authenticate(&connect, broker).await?;
        let accepted = lock(broker).connect(&connect, auth.as_ref(), &self.outlet)?;
        self.phase = ConnectionPhase::Connected(connect.protocol_version);
        Ok(accepted)
    }

    /// Decides whether the client may connect. The method may need several AUTH packets. Returns the last one, whose
    /// properties belong into the CONNACK.
    async fn authenticate(&mut self, connect: &Connect<&[u8]>, broker: &Mutex<Broker>) -> Result<Option<Auth>, Ending> {
        let begun = Authentication::begin(&*lock(broker).hooks, connect)?;
        let Some((mut authentication, mut auth)) = begun else { return Ok(None) };
        while auth.reason_code == AuthReasonCode::CONTINUE_AUTHENTICATION {
            self.outlet.send(auth);
            let frame = self.next_frame().await?;
            let Packet::Auth(answer) = frame.packet() else { return Err(ReasonCode::PROTOCOL_ERROR.into()) };
            auth = authentication.answer(&answer)?;
        }
        self.authentication = Some(authentication);
        Ok(Some(auth))
    }

    async fn next_frame(&mut self) -> Result<Frame, Ending> {
        loop {
            if let Some(frame) = self.reader.buffered_frame()? {
                return Ok(frame);
            }
            self.writer.send().await?;
            self.reader.read().await?;
        }
    }

    /// Hands packets to the broker, and sends its packets, until the connection ends.
    async fn exchange(
        &mut self,
        seat: Seat,
        keep_alive: KeepAlive,
        broker: &Mutex<Broker>,
    ) -> Result<Infallible, Ending> {
        let Self { reader, writer, outlet, authentication, .. } = self;
        let patience = keep_alive.timeout().unwrap_or(Duration::MAX);
        let receive = async {
            loop {
                while let Some(frame) = reader.buffered_frame()? {
                    if frame.packet_type() != PacketType::Auth {
                        lock(broker).receive(seat, frame)?;
                    } else if let Packet::Auth(auth) = frame.packet() {
                        let authentication = authentication.as_mut().ok_or(ReasonCode::PROTOCOL_ERROR)?;
                        outlet.send(authentication.answer(&auth)?);
                    }
                }
                if outlet.is_closing() {
                    return Err(Ending::Closed); // perhaps the client sends, but reads nothing
                }
                timeout(patience, reader.read()).await.map_err(|_| ReasonCode::KEEP_ALIVE_TIMEOUT)??;
            }
        };
        let send = async {
            loop {
                writer.send().await?;
                if outlet.is_closing() {
                    return Err(Ending::Closed);
                }
                lock(broker).send_queued(seat); // now there is room
                outlet.wake.notified().await;
            }
        };
        tokio::select! {
            ended = receive => ended,
            ended = send => ended,
        }
    }
}

struct Reader<S> {
    half: ReadHalf<S>,
    decoder: StreamDecoder,
    input: BytesMut,
}

impl<S: AsyncRead> Reader<S> {
    /// Removes a packet from the bytes that were read.
    fn buffered_frame(&mut self) -> Result<Option<Frame>, Ending> {
        Ok(self.decoder.next_frame(&mut self.input)?.and_then(FrameItem::into_frame))
    }

    async fn read(&mut self) -> Result<(), Ending> {
        self.input.reserve(READ);
        if self.half.read_buf(&mut self.input).await? == 0 { Err(Ending::Closed) } else { Ok(()) }
    }
}

struct Writer<S> {
    half: WriteHalf<S>,
    outlet: Arc<Outlet>,
    /// The bytes that are being written. If a future is dropped early, they are the rest.
    pending: Bytes,
}

impl<S: AsyncWrite> Writer<S> {
    /// Sends everything that is queued.
    async fn send(&mut self) -> io::Result<()> {
        loop {
            self.half.write_all_buf(&mut self.pending).await?;
            self.pending = self.outlet.take();
            if self.pending.is_empty() {
                return self.half.flush().await;
            }
        }
    }

    async fn finish(&mut self) -> io::Result<()> {
        self.send().await?;
        self.half.shutdown().await
    }
}
