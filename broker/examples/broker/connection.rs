//! One connection: bytes in and out, CONNECT and authentication, keep alive, and how it ends.

use crate::broker::{Broker, End, Seat, lock};
use crate::hooks::{Exchange, Step};
use crate::outlet::Outlet;
use crate::session::{encoder, server_keep_alive};
use alloc::sync::Arc;
use bytes::{Bytes, BytesMut};
use core::{net::SocketAddr, time::Duration};
use mqtt_codec::{
    Auth, AuthProperties, AuthReasonCode, ConnAck, ConnAckProperties, ConnAckReasonCode, Connect, ConnectionPhase,
    DecodeError, Disconnect, DisconnectReasonCode, EncodeOptions, Frame, KeepAlive, Packet, PacketType,
    ProtocolVersion, Role, StreamDecoder, StreamEncoder, StreamOptions,
};
use std::io::{self, Write as _};
use std::sync::Mutex;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::{Instant, sleep_until};

/// How long a client may take for CONNECT and authentication, and the broker for its last words.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// How many bytes are read at once.
const READ: usize = 16 << 10;

pub(crate) struct Connection<S> {
    reader: ReadHalf<S>,
    writer: WriteHalf<S>,
    input: BytesMut,
    decoder: StreamDecoder,
    /// Until CONNECT is there it is that of 3.1.1, whose clients get no answer anyway.
    encoder: StreamEncoder,
    outlet: Arc<Outlet>,
    phase: ConnectionPhase,
    /// What is being written.
    pending: Bytes,
    is_flushed: bool,
    /// The method of enhanced authentication, and its exchange.
    authentication: Option<(String, Box<dyn Exchange>)>,
    /// When the client must have sent something.
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
        decoder: StreamDecoder::new(StreamOptions::server().maximum_packet_size(maximum_packet_size)),
        encoder: StreamEncoder::new(EncodeOptions::new(ProtocolVersion::V3_1_1)),
        outlet: Arc::default(),
        phase: ConnectionPhase::Start,
        pending: Bytes::new(),
        is_flushed: true,
        authentication: None,
        deadline: Instant::now().checked_add(PATIENCE),
        keep_alive: KeepAlive::OFF,
    };
    if let Err(Failure::Refused(error)) = connection.run(&broker).await {
        let _ = writeln!(io::stderr(), "{peer}: {error}");
    }
    connection.outlet.close();
    let _ = tokio::time::timeout(PATIENCE, connection.send_rest()).await;
}

/// Why a connection ends without a word of the client.
enum Failure {
    Refused(DecodeError),
    Ended,
}

impl From<io::Error> for Failure {
    fn from(_: io::Error) -> Self {
        Self::Ended
    }
}

impl<S: AsyncRead + AsyncWrite> Connection<S> {
    async fn run(&mut self, broker: &Mutex<Broker>) -> Result<(), Failure> {
        let frame = self.next_frame().await?;
        let Packet::Connect(connect) = frame.packet() else { return Err(Failure::Ended) };
        self.encoder = encoder(&connect);
        self.phase = ConnectionPhase::Connecting(connect.protocol_version);
        let accepted = match self.authenticate(&connect, broker).await? {
            Ok(properties) => lock(broker).connect(&connect, &properties, &self.outlet),
            Err(refusal) => Err(refusal),
        };
        let seat = match accepted {
            Ok(seat) => seat,
            Err(refusal) => {
                self.refuse(&connect, refusal);
                return Ok(());
            }
        };
        self.keep_alive = server_keep_alive(&connect).unwrap_or(connect.keep_alive);
        self.deadline = None;
        self.phase = ConnectionPhase::Connected(connect.protocol_version);
        let ended = self.attend(seat, broker).await;
        lock(broker).disconnected(seat);
        ended
    }

    /// Sends CONNACK with a Reason Code, or with the Return Code that comes closest.
    fn refuse(&self, connect: &Connect<&[u8]>, refusal: ConnAckReasonCode) {
        let has_words = !connect.protocol_version.is_v3() || refusal.to_return_code().is_some();
        let refusal = if has_words { refusal } else { ConnAckReasonCode::SERVER_UNAVAILABLE };
        self.outlet.send(&self.encoder, &ConnAck::<&[u8]>::refused(refusal));
    }

    /// Asks whether the client may connect, by as many AUTH packets as the method needs.
    async fn authenticate(
        &mut self,
        connect: &Connect<&[u8]>,
        broker: &Mutex<Broker>,
    ) -> Result<Result<ConnAckProperties, ConnAckReasonCode>, Failure> {
        let Some(method) = connect.properties.authentication_method() else {
            return Ok(lock(broker).hooks.connect(connect).map(|()| ConnAckProperties::default()));
        };
        let Some(mut exchange) = lock(broker).hooks.authenticate(&method) else {
            return Ok(Err(ConnAckReasonCode::BAD_AUTHENTICATION_METHOD));
        };
        let data = connect.properties.authentication_data();
        let mut step = exchange.next(data.as_ref().map(|data| data.as_bytes()));
        loop {
            match step {
                Step::Refuse => return Ok(Err(ConnAckReasonCode::NOT_AUTHORIZED)),
                Step::Accept(data) => {
                    self.authentication = Some((method.as_str().to_owned(), exchange));
                    let properties = ConnAckProperties::builder().authentication_method(&method);
                    return Ok(Ok(properties.authentication_data(&data).build().unwrap_or_default()));
                }
                Step::Continue(data) => self.send_auth(AuthReasonCode::CONTINUE_AUTHENTICATION, &method, &data),
            }
            let frame = self.next_frame().await?;
            let Packet::Auth(auth) = frame.packet() else { return Ok(Err(ConnAckReasonCode::PROTOCOL_ERROR)) };
            if auth.properties.authentication_method() != Some(method) {
                return Ok(Err(ConnAckReasonCode::PROTOCOL_ERROR)); // [MQTT-4.12.0-5]
            }
            step = exchange.next(auth.properties.authentication_data().as_ref().map(|data| data.as_bytes()));
        }
    }

    /// Authenticates a connected client again.
    fn authenticate_again(&mut self, auth: &Auth<&[u8]>) -> Result<(), End> {
        let Some((method, exchange)) = &mut self.authentication else {
            return Err(Some(DisconnectReasonCode::PROTOCOL_ERROR));
        };
        if auth.properties.authentication_method().as_deref() != Some(method.as_str()) {
            return Err(Some(DisconnectReasonCode::PROTOCOL_ERROR)); // [MQTT-4.12.1-1]
        }
        let data = auth.properties.authentication_data();
        let step = exchange.next(data.as_ref().map(|data| data.as_bytes()));
        let method = method.clone();
        match step {
            Step::Continue(data) => self.send_auth(AuthReasonCode::CONTINUE_AUTHENTICATION, &method, &data),
            Step::Accept(data) => self.send_auth(AuthReasonCode::SUCCESS, &method, &data),
            Step::Refuse => return Err(Some(DisconnectReasonCode::NOT_AUTHORIZED)),
        }
        Ok(())
    }

    fn send_auth(&self, reason_code: AuthReasonCode, method: &str, data: &[u8]) {
        if let Ok(properties) = AuthProperties::builder(method).authentication_data(data).build() {
            self.outlet.send(&self.encoder, &Auth { reason_code, properties });
        }
    }

    /// Hands packets to the broker until the connection ends.
    async fn attend(&mut self, seat: Seat, broker: &Mutex<Broker>) -> Result<(), Failure> {
        loop {
            self.restart_keep_alive();
            while let Some(frame) = self.buffered_frame()? {
                let handled = if frame.packet_type() == PacketType::Auth {
                    let Packet::Auth(auth) = frame.packet() else { continue };
                    self.authenticate_again(&auth)
                } else {
                    lock(broker).receive(seat, frame)
                };
                if let Err(end) = handled {
                    self.say(end);
                    return Ok(());
                }
            }
            if !self.exchange(|| lock(broker).send_queued(seat)).await? {
                self.say(Some(DisconnectReasonCode::KEEP_ALIVE_TIMEOUT));
                return Ok(());
            }
        }
    }

    fn restart_keep_alive(&mut self) {
        self.deadline = self.keep_alive.timeout().and_then(|timeout| Instant::now().checked_add(timeout));
    }

    /// Sends DISCONNECT with a reason, if the version has it.
    fn say(&self, end: End) {
        if let Some(reason_code) = end.filter(|_| !self.encoder.options().version().is_v3()) {
            self.outlet.send(&self.encoder, &Disconnect::<&[u8]>::new(reason_code));
        }
    }

    /// Removes a packet from what has been read. For one that is refused the client gets the answer that the codec names.
    fn buffered_frame(&mut self) -> Result<Option<Frame>, Failure> {
        match self.decoder.next_frame(&mut self.input) {
            Ok(item) => Ok(item.and_then(|item| item.into_frame())),
            Err(error) => {
                if let Some(answer) = error.answer(Role::Server, self.phase) {
                    let encoder = StreamEncoder::new(EncodeOptions::new(answer.version()));
                    self.outlet.send(&encoder, &answer.packet());
                }
                Err(Failure::Refused(error))
            }
        }
    }

    async fn next_frame(&mut self) -> Result<Frame, Failure> {
        loop {
            if let Some(frame) = self.buffered_frame()? {
                return Ok(frame);
            }
            if !self.exchange(|| ()).await? {
                return Err(Failure::Ended);
            }
        }
    }

    /// Sends and receives until there are new bytes, and returns `false` if there are none in time.
    async fn exchange(&mut self, room_again: impl Fn()) -> Result<bool, Failure> {
        self.input.reserve(READ);
        loop {
            if self.is_flushed {
                if let Some(part) = self.outlet.take() {
                    (self.pending, self.is_flushed) = (part, false);
                } else if self.outlet.is_closing() {
                    return Err(Failure::Ended);
                }
            }
            tokio::select! {
                read = self.reader.read_buf(&mut self.input) => {
                    return if read? == 0 { Err(Failure::Ended) } else { Ok(true) };
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

/// Writes all of it. If this is not waited for, `pending` is what remains.
async fn send(writer: &mut (impl AsyncWrite + Unpin), pending: &mut Bytes) -> io::Result<()> {
    writer.write_all_buf(pending).await?;
    writer.flush().await
}
