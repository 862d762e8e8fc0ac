//! One connection: bytes in and out, CONNECT and authentication, keep alive, and how it ends.

use crate::broker::{Broker, Seat, lock};
use crate::ending::Ending;
use crate::hooks::{Exchange, Step};
use crate::outlet::Outlet;
use crate::session::server_keep_alive;
use alloc::sync::Arc;
use bytes::{Bytes, BytesMut};
use core::{net::SocketAddr, time::Duration};
use mqtt_codec::{
    Auth, AuthProperties, AuthReasonCode, BinaryData, ConnAck, ConnAckProperties, ConnAckReasonCode, Connect,
    ConnectionPhase, Disconnect, DisconnectReasonCode, Frame, KeepAlive, Packet, PacketType, ReasonCode, Role,
    StreamDecoder, StreamOptions, Utf8String,
};
use std::io::{self, Write as _};
use std::sync::Mutex;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::{Instant, sleep_until};

/// The time limit for the client's CONNECT and authentication, and for the broker's last packet.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// The number of bytes that are read at once.
const READ: usize = 16 << 10;

pub(crate) struct Connection<S> {
    reader: ReadHalf<S>,
    writer: WriteHalf<S>,
    input: BytesMut,
    decoder: StreamDecoder,
    outlet: Arc<Outlet>,
    phase: ConnectionPhase,
    /// The bytes that are being written.
    pending: Bytes,
    is_flushed: bool,
    /// The method of enhanced authentication, and its exchange.
    authentication: Option<(String, Box<dyn Exchange>)>,
    /// The time by which the client must have sent a packet.
    deadline: Option<Instant>,
    keep_alive: KeepAlive,
}

/// Serves a client until the connection ends.
pub(crate) async fn serve<S: AsyncRead + AsyncWrite>(
    stream: S,
    peer: SocketAddr,
    broker: Arc<Mutex<Broker>>,
    maximum_packet_size: u32,
) {
    let (reader, writer) = tokio::io::split(stream);
    let mut connection = Connection {
        reader,
        writer,
        input: BytesMut::new(),
        decoder: StreamDecoder::new(StreamOptions::server().with_maximum_packet_size(maximum_packet_size)),
        outlet: Arc::default(),
        phase: ConnectionPhase::Start,
        pending: Bytes::new(),
        is_flushed: true,
        authentication: None,
        deadline: Instant::now().checked_add(PATIENCE),
        keep_alive: KeepAlive::OFF,
    };
    if let Err(ending) = connection.run(&broker).await {
        connection.tell(ending, peer);
    }
    connection.outlet.close();
    let _ = tokio::time::timeout(PATIENCE, connection.send_rest()).await;
}

impl<S: AsyncRead + AsyncWrite> Connection<S> {
    async fn run(&mut self, broker: &Mutex<Broker>) -> Result<(), Ending> {
        let frame = self.next_frame().await?;
        let Packet::Connect(connect) = frame.packet() else { return Err(Ending::Closed) };
        self.outlet.begin(&connect);
        self.phase = ConnectionPhase::Connecting(connect.protocol_version);
        let properties = self.authenticate(&connect, broker).await?;
        let seat = lock(broker).connect(&connect, &properties, &self.outlet)?;
        self.phase = ConnectionPhase::Connected(connect.protocol_version);
        self.keep_alive = server_keep_alive(&connect).unwrap_or(connect.keep_alive);
        let ended = self.attend(seat, broker).await;
        lock(broker).disconnected(seat);
        ended
    }

    /// Tells the client why the connection ends.
    fn tell(&self, ending: Ending, peer: SocketAddr) {
        match ending {
            Ending::Closed => {}
            Ending::Rejected(reason_code) => self.outlet.send(ConnAck::refused(reason_code)),
            Ending::Disconnected(reason_code) => self.outlet.send(Disconnect::new(reason_code)),
            Ending::Refused(error) => {
                let _ = writeln!(io::stderr(), "{peer}: {error}");
                if let Some(answer) = error.answer(Role::Server, self.phase) {
                    self.outlet.write(|tail| tail.extend_from_slice(answer.as_bytes()));
                }
            }
        }
    }

    /// Decides whether the client may connect. The method may need several AUTH packets.
    async fn authenticate(
        &mut self,
        connect: &Connect<&[u8]>,
        broker: &Mutex<Broker>,
    ) -> Result<ConnAckProperties, Ending> {
        let Some(method) = connect.properties.authentication_method() else {
            lock(broker).hooks.connect(connect)?;
            return Ok(ConnAckProperties::default());
        };
        let exchange = lock(broker).hooks.authenticate(&method);
        let exchange = exchange.ok_or(ConnAckReasonCode::BAD_AUTHENTICATION_METHOD)?;
        self.authentication = Some((method.to_string(), exchange));
        let mut step = self.next_step(Some(method), connect.properties.authentication_data());
        loop {
            match step {
                Step::Refuse(code) => {
                    return Err(ConnAckReasonCode::new(code).unwrap_or(ConnAckReasonCode::NOT_AUTHORIZED).into());
                }
                Step::Accept(data) => {
                    let properties = ConnAckProperties::builder().authentication_method(method);
                    return Ok(properties.authentication_data(&data).build().unwrap_or_default());
                }
                Step::Continue(data) => self.send_auth(AuthReasonCode::CONTINUE_AUTHENTICATION, &data),
            }
            let frame = self.next_frame().await?;
            let Packet::Auth(auth) = frame.packet() else { return Err(ConnAckReasonCode::PROTOCOL_ERROR.into()) };
            step = self.next_step(auth.properties.authentication_method(), auth.properties.authentication_data());
        }
    }

    /// Authenticates a connected client again.
    fn authenticate_again(&mut self, auth: &Auth<&[u8]>) -> Result<(), Ending> {
        match self.next_step(auth.properties.authentication_method(), auth.properties.authentication_data()) {
            Step::Continue(data) => self.send_auth(AuthReasonCode::CONTINUE_AUTHENTICATION, &data),
            Step::Accept(data) => self.send_auth(AuthReasonCode::SUCCESS, &data),
            Step::Refuse(code) => {
                return Err(DisconnectReasonCode::new(code).unwrap_or(DisconnectReasonCode::NOT_AUTHORIZED).into());
            }
        }
        Ok(())
    }

    /// Passes the client's AUTH to the method, which must be that of the CONNECT [MQTT-4.12.0-5, MQTT-4.12.1-1].
    fn next_step(&mut self, method: Option<Utf8String<&[u8]>>, data: Option<BinaryData<&[u8]>>) -> Step {
        match &mut self.authentication {
            Some((known, exchange)) if method.is_some_and(|method| method.as_str() == known) => {
                exchange.next(data.map(|data| data.as_bytes()))
            }
            _ => Step::Refuse(ReasonCode::PROTOCOL_ERROR),
        }
    }

    fn send_auth(&self, reason_code: AuthReasonCode, data: &[u8]) {
        let Some((method, _)) = &self.authentication else { return };
        if let Ok(properties) = AuthProperties::builder(method).authentication_data(data).build() {
            self.outlet.send(Auth { reason_code, properties });
        }
    }

    /// Hands packets to the broker until the connection ends.
    async fn attend(&mut self, seat: Seat, broker: &Mutex<Broker>) -> Result<(), Ending> {
        loop {
            self.deadline = self.keep_alive.timeout().and_then(|timeout| Instant::now().checked_add(timeout));
            while let Some(frame) = self.buffered_frame()? {
                if frame.packet_type() != PacketType::Auth {
                    lock(broker).receive(seat, frame)?;
                } else if let Packet::Auth(auth) = frame.packet() {
                    self.authenticate_again(&auth)?;
                }
            }
            if !self.exchange(|| lock(broker).send_queued(seat)).await? {
                return Err(DisconnectReasonCode::KEEP_ALIVE_TIMEOUT.into());
            }
        }
    }

    /// Removes a packet from the bytes that were read.
    fn buffered_frame(&mut self) -> Result<Option<Frame>, Ending> {
        Ok(self.decoder.next_frame(&mut self.input)?.and_then(|item| item.into_frame()))
    }

    async fn next_frame(&mut self) -> Result<Frame, Ending> {
        loop {
            if let Some(frame) = self.buffered_frame()? {
                return Ok(frame);
            }
            if !self.exchange(|| ()).await? {
                return Err(Ending::Closed);
            }
        }
    }

    /// Sends and receives until new bytes arrive. Returns `false` if the time limit passes first.
    async fn exchange(&mut self, room_again: impl Fn()) -> Result<bool, Ending> {
        self.input.reserve(READ);
        loop {
            if self.is_flushed {
                if let Some(part) = self.outlet.take() {
                    (self.pending, self.is_flushed) = (part, false);
                } else if self.outlet.is_closing() {
                    return Err(Ending::Closed);
                }
            }
            tokio::select! {
                read = self.reader.read_buf(&mut self.input) => {
                    return if read? == 0 { Err(Ending::Closed) } else { Ok(true) };
                }
                sent = send(&mut self.writer, &mut self.pending), if !self.is_flushed => {
                    sent?;
                    self.is_flushed = true;
                    if self.outlet.has_room_again() {
                        room_again();
                    }
                }
                () = self.outlet.wake.notified(), if self.is_flushed => {}
                () = sleep_until(self.deadline.unwrap_or_else(Instant::now)), if self.deadline.is_some() => return Ok(false),
            }
        }
    }

    async fn send_rest(&mut self) -> io::Result<()> {
        send(&mut self.writer, &mut self.pending).await?;
        while let Some(mut part) = self.outlet.take() {
            send(&mut self.writer, &mut part).await?;
        }
        self.writer.shutdown().await
    }
}

/// Writes all bytes. If the future is dropped early, `pending` contains the rest.
async fn send(writer: &mut (impl AsyncWrite + Unpin), pending: &mut Bytes) -> io::Result<()> {
    writer.write_all_buf(pending).await?;
    writer.flush().await
}
