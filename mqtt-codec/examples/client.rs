//! A client over `Framed`: connects, subscribes, publishes at QoS 0, 1 and 2, and prints the messages that it receives,
//! in all three versions.
//!
//! ```sh
//! cargo run --example client --features tokio-util -- [--broker 127.0.0.1:1883] [--version 3.1|3.1.1|5|all]
//! ```
//!
//! Exit status: 0 if every message came back, else 1; 2 if the command line is wrong.

extern crate alloc;

use alloc::collections::BTreeSet;
use core::{error::Error, time::Duration};
use futures_util::{SinkExt, StreamExt};
use mqtt_codec::{
    BinaryData, Codec, CodecError, Connect, ConnectProperties, Delivery, Disconnect, DisconnectReasonCode, KeepAlive,
    Packet, PacketIdentifier, PingReq, ProtocolVersion, PubAck, PubComp, PubRec, PubRel, Publish, PublishProperties,
    QoS, ReasonCode, Subscribe, Subscriptions, TopicFilter, TopicFilters, TopicName, Unsubscribe, Utf8String, Will,
    WillProperties,
};
use std::io::{self, Write};
use std::process::ExitCode;
use tokio::{net::TcpStream, time::timeout};
use tokio_util::codec::Framed;

const USAGE: &str = "Usage: client [--broker ADDRESS] [--version 3.1|3.1.1|5|all]";

type Result<T> = core::result::Result<T, Box<dyn Error>>;

/// The time limit of each step.
const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (broker, versions) = match arguments(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            let _ = writeln!(io::stderr(), "client: {message}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    for version in versions {
        if let Err(error) = round_trip(&broker, version).await {
            let _ = writeln!(io::stderr(), "client: MQTT {version}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Parses the address of the broker and the protocol versions.
fn arguments(mut arguments: impl Iterator<Item = String>) -> Result<(String, Vec<ProtocolVersion>)> {
    let (mut broker, mut versions) = ("127.0.0.1:1883".to_owned(), ProtocolVersion::ALL.to_vec());
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{argument} without a value"))?;
        match (argument.as_str(), value.as_str()) {
            ("--broker", _) => broker = value,
            ("--version", "all") => versions = ProtocolVersion::ALL.to_vec(),
            ("--version", version) => versions = vec![version.parse()?],
            _ => return Err(format!("unknown argument {argument}").into()),
        }
    }
    Ok((broker, versions))
}

/// Sends one message at each QoS to itself.
async fn round_trip(broker: &str, version: ProtocolVersion) -> Result<()> {
    writeln!(io::stdout(), "MQTT {version}")?;
    // Different in each run. 3.1 allows at most 23 characters.
    let name = format!("client-{}-{version}", std::process::id());
    let topic_name = TopicName::new(format!("mqtt-codec/{name}"))?;
    let topic_filter = TopicFilter::new(topic_name.as_str().to_owned())?;

    let mut client = in_time("connect", Client::connect(broker, version, name)).await?;
    in_time("subscribe", client.subscribe(&topic_filter)).await?;
    let mut sent = Vec::new();
    for qos in QoS::ALL {
        let mut message = Publish::new(topic_name.clone(), format!("a message of QoS {}", qos.as_u8()));
        if version == ProtocolVersion::V5 {
            let properties = PublishProperties::builder()
                .content_type("text/plain")
                .message_expiry_interval(60)
                .user_property("sent by", "the example of mqtt-codec");
            message.set_properties(properties.build()?)?;
        }
        in_time("publish", client.publish(message.clone(), qos)).await?;
        sent.push((qos, message.payload));
    }
    in_time("wait for the messages", client.receive_until(sent.len())).await?;
    in_time("unsubscribe", client.unsubscribe(&topic_filter)).await?;
    in_time("ping", client.ping()).await?;

    let mut arrived: Vec<_> = client.arrived.iter().map(|it| (it.delivery.qos(), it.payload.clone())).collect();
    arrived.sort();
    if arrived != sent {
        return Err(format!("not what was sent: {arrived:?}").into());
    }
    if version == ProtocolVersion::V5 && !client.arrived.iter().all(|it| it.properties().user_properties().count() == 1)
    {
        return Err("a property is lost".into());
    }
    in_time("disconnect", client.disconnect()).await?;
    Ok(writeln!(io::stdout(), "MQTT {version}: every message came back\n")?)
}

/// Runs one step, with a time limit.
async fn in_time<T>(step: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
    match timeout(PATIENCE, work).await {
        Ok(done) => done.map_err(|error| format!("{step}: {error}").into()),
        Err(_) => Err(format!("{step}: not done after {} s", PATIENCE.as_secs()).into()),
    }
}

/// A connection that has been accepted, and the state of its session.
struct Client {
    connection: Framed<TcpStream, Codec>,
    /// The last identifier that was used. Only one message is in flight at a time, so all other identifiers are free.
    packet_identifier: PacketIdentifier,
    /// Messages of QoS 2 that arrived and may arrive again: the broker has not released their identifiers.
    unreleased: BTreeSet<PacketIdentifier>,
    /// Received messages, without duplicates.
    arrived: Vec<Publish>,
}

impl Client {
    async fn connect(broker: &str, version: ProtocolVersion, name: String) -> Result<Self> {
        let socket = TcpStream::connect(broker).await?;
        socket.set_nodelay(true)?;
        let mut client = Self {
            connection: Framed::new(socket, Codec::client()),
            packet_identifier: PacketIdentifier::MAX,
            unreleased: BTreeSet::new(),
            arrived: Vec::new(),
        };

        let will_topic = TopicName::new(format!("mqtt-codec/{name}/gone"))?;
        let mut will = Will::new(will_topic, BinaryData::new(b"without a word".to_vec())?);
        will.qos = QoS::AtLeastOnce;
        let mut connect = Connect {
            protocol_version: version,
            keep_alive: KeepAlive::from_seconds(30),
            ..Connect::new(Utf8String::new(name)?)
        };
        if version == ProtocolVersion::V5 {
            will.properties = WillProperties::builder().will_delay_interval(5).content_type("text/plain").build()?;
            let properties = ConnectProperties::builder().session_expiry_interval(0).request_problem_information(true);
            connect.properties = properties.user_property("made with", "mqtt-codec").build()?;
        }
        connect.will = Some(will);
        client.send(connect).await?;

        match client.receive().await? {
            Packet::ConnAck(connack) => {
                accepted(connack.reason_code().get())?;
                Ok(client)
            }
            packet => Err(format!("the broker answers with {packet}").into()),
        }
    }

    async fn subscribe(&mut self, topic_filter: &TopicFilter) -> Result<()> {
        let packet_identifier = self.next_packet_identifier();
        let subscriptions = Subscriptions::builder().push(topic_filter.clone(), QoS::ExactlyOnce).build()?;
        self.send(Subscribe::new(packet_identifier, subscriptions)).await?;
        let suback = self.answer(|packet| match packet {
            Packet::SubAck(suback) if suback.packet_identifier == packet_identifier => Some(suback),
            _ => None,
        });
        suback.await?.reason_codes().iter().try_for_each(|code| accepted(code.get()))
    }

    async fn unsubscribe(&mut self, topic_filter: &TopicFilter) -> Result<()> {
        let packet_identifier = self.next_packet_identifier();
        let topic_filters = TopicFilters::builder().push(topic_filter.clone()).build()?;
        self.send(Unsubscribe::new(packet_identifier, topic_filters)).await?;
        let unsuback = self.answer(|packet| match packet {
            Packet::UnsubAck(unsuback) if unsuback.packet_identifier == packet_identifier => Some(unsuback),
            _ => None,
        });
        unsuback.await?.reason_codes.iter().try_for_each(|code| accepted(code.get()))
    }

    /// Publishes a message, and waits until the broker is responsible for it.
    async fn publish(&mut self, mut message: Publish, qos: QoS) -> Result<()> {
        let packet_identifier = self.next_packet_identifier();
        match qos {
            QoS::AtMostOnce => self.send(message).await,
            QoS::AtLeastOnce => {
                message.delivery = Delivery::at_least_once(packet_identifier);
                self.send(message).await?;
                let puback = self.answer(|packet| match packet {
                    Packet::PubAck(puback) if puback.packet_identifier == packet_identifier => Some(puback),
                    _ => None,
                });
                accepted(puback.await?.reason_code.get())
            }
            QoS::ExactlyOnce => {
                message.delivery = Delivery::exactly_once(packet_identifier);
                self.send(message).await?;
                let pubrec = self.answer(|packet| match packet {
                    Packet::PubRec(pubrec) if pubrec.packet_identifier == packet_identifier => Some(pubrec),
                    _ => None,
                });
                accepted(pubrec.await?.reason_code.get())?;
                self.send(PubRel::new(packet_identifier)).await?;
                let pubcomp = self.answer(|packet| match packet {
                    Packet::PubComp(pubcomp) if pubcomp.packet_identifier == packet_identifier => Some(pubcomp),
                    _ => None,
                });
                accepted(pubcomp.await?.reason_code.get())
            }
        }
    }

    /// Receives until this many messages have arrived.
    async fn receive_until(&mut self, count: usize) -> Result<()> {
        while self.arrived.len() < count {
            self.receive().await?;
        }
        Ok(())
    }

    async fn ping(&mut self) -> Result<()> {
        self.send(PingReq).await?;
        self.answer(|packet| matches!(packet, Packet::PingResp(_)).then_some(())).await
    }

    /// Sends DISCONNECT, so that the Will is not published.
    async fn disconnect(&mut self) -> Result<()> {
        self.send(Disconnect::new(DisconnectReasonCode::NORMAL_DISCONNECTION)).await?;
        Ok(self.connection.close().await?)
    }

    /// Receives until the answer arrives. Messages may arrive before it.
    async fn answer<T>(&mut self, pick: impl Fn(Packet) -> Option<T>) -> Result<T> {
        loop {
            if let Some(answer) = pick(self.receive().await?) {
                return Ok(answer);
            }
        }
    }

    /// Receives the next packet. If it is invalid, sends the answer that the standard allows, and ends the connection.
    async fn next(&mut self) -> Result<Packet> {
        let received = self.connection.next().await.ok_or("the broker has closed the connection")?;
        if let Err(CodecError::Decode(error)) = &received {
            if let Some(answer) = self.connection.codec().answer(error) {
                writeln!(io::stdout(), "-> {answer}")?;
                self.connection.write_buffer_mut().extend_from_slice(answer.as_bytes());
            }
            self.connection.close().await?;
        }
        Ok(received?)
    }

    /// Receives the next packet. If it is part of the delivery of a message, answers it.
    async fn receive(&mut self) -> Result<Packet> {
        let packet = self.next().await?;
        writeln!(io::stdout(), "<- {packet}")?;
        match &packet {
            Packet::Publish(message) => match message.delivery {
                Delivery::AtMostOnce => self.arrived(message)?,
                Delivery::AtLeastOnce { packet_identifier, .. } => {
                    self.arrived(message)?;
                    self.send(PubAck::new(packet_identifier)).await?;
                }
                Delivery::ExactlyOnce { packet_identifier, .. } => {
                    if self.unreleased.insert(packet_identifier) {
                        self.arrived(message)?;
                    }
                    self.send(PubRec::new(packet_identifier)).await?;
                }
            },
            Packet::PubRel(pubrel) => {
                self.unreleased.remove(&pubrel.packet_identifier);
                self.send(PubComp::new(pubrel.packet_identifier)).await?;
            }
            Packet::Disconnect(disconnect) => accepted(disconnect.reason_code.get())?,
            _ => {}
        }
        Ok(packet)
    }

    fn arrived(&mut self, message: &Publish) -> Result<()> {
        writeln!(io::stdout(), "   {:?}", String::from_utf8_lossy(&message.payload))?;
        self.arrived.push(message.clone());
        Ok(())
    }

    async fn send(&mut self, packet: impl Into<Packet>) -> Result<()> {
        let packet = packet.into();
        writeln!(io::stdout(), "-> {packet}")?;
        Ok(self.connection.send(packet).await?)
    }

    const fn next_packet_identifier(&mut self) -> PacketIdentifier {
        self.packet_identifier = self.packet_identifier.next();
        self.packet_identifier
    }
}

/// Converts a Reason Code of failure into an error.
fn accepted(code: ReasonCode) -> Result<()> {
    if code.is_error() { Err(format!("the broker says: {code}").into()) } else { Ok(()) }
}
