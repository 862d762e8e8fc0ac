//! A load test for a broker: publishers and subscribers on the loopback interface exchange a fixed number of messages.
//! Checks that every subscriber gets every message once, in the order of each publisher, and prints the number of
//! deliveries per second.
//!
//! ```sh
//! cargo run --release --example load -- --broker 127.0.0.1:1883 --publishers 50 --subscribers 50 --topics 50 --qos 1
//! ```
//!
//! Publisher N and subscriber N use topic N modulo `--topics`. Exit status: 0 if no message is lost, duplicated or out
//! of order.

extern crate alloc;

use alloc::rc::Rc;
use bytes::BytesMut;
use core::{cell::Cell, error::Error, net::SocketAddr, time::Duration};
use mqtt_codec::{
    Connect, Delivery, Encode, Frame, Packet, PacketIdentifier, ProtocolVersion, PubAck, PubComp, PubRec, PubRel,
    Publish, PublishFrame, QoS, StreamDecoder, StreamOptions, Subscribe, Subscriptions, TopicFilter, TopicName,
    Utf8String,
};
use std::collections::HashMap;
use std::io::{self, Write};
use std::process::ExitCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Barrier, Notify};
use tokio::task::{JoinHandle, LocalSet, spawn_local};
use tokio::time::{Instant, timeout};

const USAGE: &str = "Usage: load --broker ADDRESS [--publishers 1] [--subscribers 1] [--topics 1] [--messages 1000]
            [--payload 256] [--qos 0|1|2] [--version 3.1|3.1.1|5]";

/// The time limit of a run.
const PATIENCE: Duration = Duration::from_secs(120);
/// The number of unacknowledged messages that a publisher may have.
const WINDOW: u64 = 64;
/// The total number of deliveries that may be outstanding. More would test the buffers of the broker.
const OUTSTANDING: u64 = 10_000;

type Result<T> = core::result::Result<T, Box<dyn Error>>;

#[derive(Clone)]
struct Load {
    broker: SocketAddr,
    publishers: u64,
    subscribers: u64,
    topics: u64,
    messages: u64,
    payload: usize,
    qos: QoS,
    version: ProtocolVersion,
}

/// The state that all clients share.
struct Run {
    load: Load,
    /// The numbers of expected and of received deliveries.
    caused: Cell<u64>,
    arrived: Cell<u64>,
    progress: Notify,
    start: Barrier,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let load = match arguments(std::env::args().skip(1)) {
        Ok(load) => load,
        Err(error) => {
            let _ = writeln!(io::stderr(), "load: {error}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match timeout(PATIENCE, LocalSet::new().run_until(run(load))).await {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            let _ = writeln!(io::stderr(), "load: {error}");
            ExitCode::FAILURE
        }
        Err(_) => {
            let _ = writeln!(io::stderr(), "load: not done after {} s", PATIENCE.as_secs());
            ExitCode::FAILURE
        }
    }
}

fn arguments(mut arguments: impl Iterator<Item = String>) -> Result<Load> {
    let mut load = Load {
        broker: SocketAddr::from(([127, 0, 0, 1], 1883)),
        publishers: 1,
        subscribers: 1,
        topics: 1,
        messages: 1000,
        payload: 256,
        qos: QoS::AtMostOnce,
        version: ProtocolVersion::V5,
    };
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{argument} without a value"))?;
        match argument.as_str() {
            "--broker" => load.broker = value.parse()?,
            "--publishers" => load.publishers = value.parse()?,
            "--subscribers" => load.subscribers = value.parse()?,
            "--topics" => load.topics = value.parse::<u64>()?.max(1),
            "--messages" => load.messages = value.parse()?,
            "--payload" => load.payload = value.parse::<usize>()?.max(16),
            "--qos" => load.qos = QoS::try_from(value.parse::<u8>()?)?,
            "--version" => load.version = value.parse()?,
            _ => return Err(format!("unknown argument {argument}").into()),
        }
    }
    Ok(load)
}

async fn run(load: Load) -> Result<()> {
    let clients = usize::try_from(load.publishers.saturating_add(load.subscribers).saturating_add(1))?;
    let run = Rc::new(Run {
        caused: Cell::new(0),
        arrived: Cell::new(0),
        progress: Notify::new(),
        start: Barrier::new(clients),
        load,
    });
    let mut tasks: Vec<JoinHandle<Result<()>>> = Vec::new();
    for number in 0..run.load.subscribers {
        tasks.push(spawn_local(subscribe(Rc::clone(&run), number)));
    }
    for number in 0..run.load.publishers {
        tasks.push(spawn_local(publish(Rc::clone(&run), number)));
    }
    run.start.wait().await;
    let started = Instant::now();
    for task in tasks {
        task.await??;
    }
    let (arrived, seconds) = (run.arrived.get(), started.elapsed().as_secs_f64());
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "there is no other way, and it is printed")]
    let rate = arrived as f64 / seconds;
    Ok(writeln!(io::stdout(), "{arrived} delivered, {seconds:.3} s, {rate:.0} a second")?)
}

/// A connection that has been accepted.
struct Client {
    socket: TcpStream,
    decoder: StreamDecoder,
    input: BytesMut,
    output: BytesMut,
    version: ProtocolVersion,
}

impl Client {
    async fn connect(load: &Load, name: String) -> Result<Self> {
        let socket = TcpStream::connect(load.broker).await?;
        socket.set_nodelay(true)?;
        let (decoder, version) = (StreamDecoder::new(StreamOptions::client(load.version)), load.version);
        let mut client = Self { socket, decoder, input: BytesMut::new(), output: BytesMut::new(), version };
        let connect = Connect { protocol_version: version, ..Connect::new(Utf8String::new(name)?) };
        client.push(&connect)?;
        client.flush().await?;
        match client.next().await?.packet() {
            Packet::ConnAck(connack) if !connack.reason_code().is_error() => Ok(client),
            packet => Err(format!("not accepted: {packet}").into()),
        }
    }

    fn push(&mut self, packet: &impl Encode) -> Result<()> {
        packet.encode_to(self.version, &mut self.output)?;
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        Ok(self.socket.write_all_buf(&mut self.output).await?)
    }

    /// Returns the next packet that was already read.
    fn buffered(&mut self) -> Result<Option<Frame>> {
        Ok(self.decoder.next_frame(&mut self.input)?.and_then(mqtt_codec::FrameItem::into_frame))
    }

    async fn read(&mut self) -> Result<()> {
        self.input.reserve(64 << 10);
        match self.socket.read_buf(&mut self.input).await? {
            0 => Err("the broker has closed the connection".into()),
            _ => Ok(()),
        }
    }

    async fn next(&mut self) -> Result<Frame> {
        loop {
            if let Some(frame) = self.buffered()? {
                return Ok(frame);
            }
            self.read().await?;
        }
    }
}

fn topic(load: &Load, number: u64) -> String {
    format!("load/{}", number.checked_rem(load.topics).unwrap_or_default())
}

/// Returns the number of clients, out of `count`, that use the topic of client `number`.
fn on_topic(load: &Load, number: u64, count: u64) -> u64 {
    let topic = number.checked_rem(load.topics);
    u64::try_from((0..count).filter(|other| other.checked_rem(load.topics) == topic).count()).unwrap_or(u64::MAX)
}

async fn subscribe(run: Rc<Run>, number: u64) -> Result<()> {
    let load = &run.load;
    let mut client = Client::connect(load, format!("load-sub-{number}")).await?;
    let filter = TopicFilter::new(topic(load, number))?;
    let subscriptions = Subscriptions::builder().push(filter, load.qos).build()?;
    client.push(&Subscribe::new(PacketIdentifier::MIN, subscriptions))?;
    client.flush().await?;
    client.next().await?; // SUBACK
    run.start.wait().await;
    let mut last = HashMap::new();
    let mut missing = on_topic(load, number, load.publishers).saturating_mul(load.messages);
    let mut unreleased = 0_u64;
    while missing > 0 || unreleased > 0 {
        client.read().await?;
        while let Some(frame) = client.buffered()? {
            let packet_type = frame.packet_type();
            match frame.into_publish() {
                Ok(message) => {
                    arrived(&message, &mut last)?;
                    missing = missing.saturating_sub(1);
                    run.arrived.set(run.arrived.get().saturating_add(1));
                    match message.delivery() {
                        Delivery::AtMostOnce => {}
                        Delivery::AtLeastOnce { packet_identifier, .. } => {
                            client.push(&PubAck::<&[u8]>::new(packet_identifier))?;
                        }
                        Delivery::ExactlyOnce { packet_identifier, .. } => {
                            client.push(&PubRec::<&[u8]>::new(packet_identifier))?;
                            unreleased = unreleased.saturating_add(1);
                        }
                    }
                }
                Err(frame) => match frame.packet() {
                    Packet::PubRel(pubrel) => {
                        client.push(&PubComp::<&[u8]>::new(pubrel.packet_identifier))?;
                        unreleased = unreleased.saturating_sub(1);
                    }
                    _ => return Err(format!("{packet_type} from the broker").into()),
                },
            }
        }
        run.progress.notify_waiters();
        client.flush().await?;
    }
    Ok(())
}

/// Checks that this is the next message of its publisher.
fn arrived(message: &PublishFrame, last: &mut HashMap<[u8; 8], u64>) -> Result<()> {
    let (publisher, rest) = message.payload().split_first_chunk::<8>().ok_or("a message of somebody else")?;
    let (number, _) = rest.split_first_chunk::<8>().ok_or("a message of somebody else")?;
    let (number, next) = (u64::from_be_bytes(*number), last.entry(*publisher).or_default());
    if number != *next {
        return Err(format!("message {number} instead of {next}").into());
    }
    *next = next.saturating_add(1);
    Ok(())
}

async fn publish(run: Rc<Run>, number: u64) -> Result<()> {
    let load = &run.load;
    let mut client = Client::connect(load, format!("load-pub-{number}")).await?;
    let subscribers = on_topic(load, number, load.subscribers);
    let (topic_name, mut payload) = (TopicName::new(topic(load, number))?, vec![0; load.payload]);
    let (mut sent, mut acknowledged, mut identifier) = (0_u64, 0_u64, PacketIdentifier::MAX);
    run.start.wait().await;
    while sent < load.messages || (load.qos > QoS::AtMostOnce && acknowledged < load.messages) {
        let may_cause = |caused: u64| caused.saturating_sub(run.arrived.get()) < OUTSTANDING;
        let mut in_flight = sent.saturating_sub(if load.qos > QoS::AtMostOnce { acknowledged } else { sent });
        let mut burst = 0;
        while sent < load.messages && in_flight < WINDOW && burst < WINDOW && may_cause(run.caused.get()) {
            payload.clear();
            payload.extend_from_slice(&number.to_be_bytes());
            payload.extend_from_slice(&sent.to_be_bytes());
            payload.resize(load.payload, b'x');
            let mut message = Publish::<&[u8]>::new(topic_name.as_borrowed(), payload.as_slice());
            identifier = identifier.next();
            message.delivery = match load.qos {
                QoS::AtMostOnce => Delivery::AtMostOnce,
                QoS::AtLeastOnce => Delivery::at_least_once(identifier),
                QoS::ExactlyOnce => Delivery::exactly_once(identifier),
            };
            client.push(&message)?;
            run.caused.set(run.caused.get().saturating_add(subscribers));
            (sent, burst, in_flight) = (sent.saturating_add(1), burst.saturating_add(1), in_flight.saturating_add(1));
        }
        client.flush().await?;
        let is_waiting = in_flight > 0 && load.qos > QoS::AtMostOnce;
        if is_waiting {
            client.read().await?;
        } else if burst == 0 {
            let _ = timeout(Duration::from_millis(5), run.progress.notified()).await;
        } else {
            tokio::task::yield_now().await;
        }
        while let Some(frame) = client.buffered()? {
            match frame.packet() {
                Packet::PubRec(pubrec) => client.push(&PubRel::<&[u8]>::new(pubrec.packet_identifier))?,
                Packet::PubAck(_) | Packet::PubComp(_) => acknowledged = acknowledged.saturating_add(1),
                packet => return Err(format!("the broker sends {packet}").into()),
            }
        }
    }
    Ok(())
}
