//! One client: its connection to the broker, its topic ids, its sleep.

use crate::link::Link;
use crate::result::Result;
use crate::topics::{Predefined, Topics};
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use bytes::Bytes;
use core::time::Duration;
use futures_util::{SinkExt, StreamExt};
use mqtt_codec::sn::{
    ConnAck, Connect, Delivery, Disconnect, Message, PingResp, PubAck, PubComp, PubRec, PubRel, Publish, RegAck,
    Register, ReturnCode, SubAck, Subscribe, Topic, TopicId, UnsubAck, Unsubscribe, WillMsgReq, WillMsgResp,
    WillTarget, WillTopicReq, WillTopicResp,
};
use mqtt_codec::{
    BinaryData, Codec, ConnAckReasonCode, KeepAlive, Packet, PacketIdentifier, PingReq, ProtocolVersion, QoS,
    ReasonCode, SubAckReasonCode, Subscriptions, TopicFilter, TopicFilters, TopicName, Utf8String, Will,
};
use std::collections::HashMap;
use std::io::{self, Write};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::codec::Framed;

type Broker = Framed<TcpStream, Codec>;

/// The time limit for a client to send its Will, and for the broker to answer a CONNECT.
const PATIENCE: Duration = Duration::from_secs(10);

/// The maximum number of messages that are stored for a client that sleeps, or has not answered a REGISTER.
const KEPT: usize = 1_000;

/// Starts the session of a client.
pub(crate) fn start(
    link: Link,
    connect: Connect,
    mut inbox: UnboundedReceiver<Message>,
    broker: &str,
    predefined: &Arc<Predefined>,
) {
    let (broker, predefined) = (broker.to_owned(), Arc::clone(predefined));
    tokio::spawn(async move {
        let mut next = Some(connect);
        while let Some(connect) = next {
            next = match run(&link, connect, &mut inbox, &broker, &predefined).await {
                Ok(next) => next,
                Err(error) => {
                    let _ = writeln!(io::stderr(), "{error}");
                    let _ = link.send(&Disconnect::default().into()).await;
                    None
                }
            };
        }
    });
}

/// Starts the task that publishes, at QoS 0, for clients without a connection.
pub(crate) fn start_unconnected(broker: &str, predefined: &Arc<Predefined>) -> UnboundedSender<Message> {
    let (sender, mut inbox) = mpsc::unbounded_channel();
    let (address, predefined) = (broker.to_owned(), Arc::clone(predefined));
    tokio::spawn(async move {
        let mut connection: Option<Broker> = None;
        while let Some(message) = inbox.recv().await {
            let Message::Publish(publish) = message else { continue };
            let Some(topic_name) = Topics::default().name(publish.topic(), &predefined) else { continue };
            let mut packet = mqtt_codec::Publish::new(topic_name, publish.payload);
            packet.retain = publish.retain;
            // Only the next use shows that the broker has closed the connection. Then the task opens another one.
            for _ in 0..2 {
                let open = match connection.take() {
                    Some(connection) => Ok(connection),
                    None => unconnected(&address).await,
                };
                let Ok(mut open) = open else { break };
                if open.send(packet.clone().into()).await.is_ok() {
                    connection = Some(open);
                    break;
                }
            }
        }
    });
    sender
}

async fn unconnected(address: &str) -> Result<Broker> {
    let client_identifier = Utf8String::new(format!("sn-gateway-{}", std::process::id()))?;
    let (broker, code) = open(address, mqtt_codec::Connect::new(client_identifier)).await?;
    if code == ReturnCode::ACCEPTED { Ok(broker) } else { Err("the broker refuses the gateway".into()) }
}

/// Connects to the broker. Returns the answer for the client.
async fn open(address: &str, connect: mqtt_codec::Connect) -> Result<(Broker, ReturnCode)> {
    let socket = TcpStream::connect(address).await?;
    socket.set_nodelay(true)?;
    let mut broker = Framed::new(socket, Codec::client());
    let connect = mqtt_codec::Connect { protocol_version: ProtocolVersion::V3_1_1, ..connect };
    broker.send(connect.into()).await?;
    let answer = timeout(PATIENCE, broker.next()).await?.ok_or("the broker has closed the connection")??;
    let Packet::ConnAck(connack) = answer else { return Err(format!("the broker answers with {answer}").into()) };
    let code = match connack.reason_code() {
        ConnAckReasonCode::SUCCESS => ReturnCode::ACCEPTED,
        code if code.get() == ReasonCode::SERVER_UNAVAILABLE => ReturnCode::CONGESTION,
        _ => ReturnCode::NOT_SUPPORTED,
    };
    Ok((broker, code))
}

/// Runs one connection of a client. Returns the client's next CONNECT, if it sends one.
async fn run(
    link: &Link,
    connect: Connect,
    inbox: &mut UnboundedReceiver<Message>,
    address: &str,
    predefined: &Predefined,
) -> Result<Option<Connect>> {
    let will = if connect.will { will(link, inbox).await? } else { None };
    let text = connect.client_id.text().clone();
    // In MQTT 3.1.1, a client without an identifier cannot resume a session.
    let clean_start = connect.clean_session || text.is_empty();
    let request =
        mqtt_codec::Connect { clean_start, keep_alive: connect.keep_alive, will, ..mqtt_codec::Connect::new(text) };
    let (broker, return_code) = match open(address, request).await {
        Ok(opened) => opened,
        Err(error) => {
            writeln!(io::stderr(), "{error}")?;
            link.send(&ConnAck { return_code: ReturnCode::CONGESTION }.into()).await?;
            return Ok(None);
        }
    };
    link.send(&ConnAck { return_code }.into()).await?;
    if !return_code.is_accepted() {
        return Ok(None);
    }
    let mut session = Session {
        link,
        broker,
        predefined,
        keep_alive: connect.keep_alive,
        topics: Topics::default(),
        published: HashMap::new(),
        subscribed: HashMap::new(),
        registering: HashMap::new(),
        message_id: PacketIdentifier::MAX,
        asleep: None,
        kept: VecDeque::new(),
        owes_pingresp: false,
    };
    session.run(inbox).await
}

/// Requests the Will: sections 6.2 and 5.4.6 to 5.4.9. Returns `None` if the client has no Will any more.
async fn will(link: &Link, inbox: &mut UnboundedReceiver<Message>) -> Result<Option<Will>> {
    link.send(&WillTopicReq.into()).await?;
    let target = loop {
        match timeout(PATIENCE, inbox.recv()).await?.ok_or("gone")? {
            Message::WillTopic(topic) => break topic.target,
            Message::Connect(_) => link.send(&WillTopicReq.into()).await?, // the client has not received the request
            _ => {}
        }
    };
    let Some(WillTarget { topic_name, qos, retain }) = target else { return Ok(None) };
    link.send(&WillMsgReq.into()).await?;
    let payload = loop {
        match timeout(PATIENCE, inbox.recv()).await?.ok_or("gone")? {
            Message::WillMsg(message) => break message.payload,
            Message::WillTopic(_) => link.send(&WillMsgReq.into()).await?,
            _ => {}
        }
    };
    let mut will = Will::new(topic_name, BinaryData::new(payload)?);
    (will.qos, will.retain) = (qos, retain);
    Ok(Some(will))
}

struct Session<'a> {
    link: &'a Link,
    broker: Broker,
    predefined: &'a Predefined,
    keep_alive: KeepAlive,
    topics: Topics,
    /// The topic fields of messages at QoS 1 that the broker has not acknowledged. PUBACK repeats them.
    published: HashMap<PacketIdentifier, u16>,
    /// Subscriptions that the broker has not answered.
    subscribed: HashMap<PacketIdentifier, Topic<TopicFilter>>,
    /// Topics that were registered with the client and not acknowledged, and the messages that wait for the REGACK.
    registering: HashMap<PacketIdentifier, (TopicName, Vec<mqtt_codec::Publish>)>,
    /// The last `MsgId` of a REGISTER.
    message_id: PacketIdentifier,
    /// The time in seconds that the client sleeps.
    asleep: Option<u16>,
    /// The messages that arrived while the client slept.
    kept: VecDeque<mqtt_codec::Publish>,
    /// Whether a PINGREQ is still to be answered, after the messages.
    owes_pingresp: bool,
}

/// What happens to the session after a message.
enum Next {
    GoesOn,
    Ends,
    Connects(Connect),
}

impl Session<'_> {
    async fn run(&mut self, inbox: &mut UnboundedReceiver<Message>) -> Result<Option<Connect>> {
        let mut heard = Instant::now();
        let mut pinged = Instant::now();
        loop {
            // The broker's keep alive must be obeyed, also while the client sleeps.
            let half = self.keep_alive.interval().map_or(Duration::from_secs(3_600), |interval| interval.div_f32(2.0));
            let (ping, silence) = (pinged.checked_add(half), heard.checked_add(self.silence()));
            let (Some(ping), Some(silence)) = (ping, silence) else { return Err("time has ended".into()) };
            tokio::select! {
                message = inbox.recv() => {
                    heard = Instant::now();
                    match self.received(message.ok_or("the gateway ends")?).await? {
                        Next::GoesOn => {}
                        Next::Ends => return Ok(None),
                        Next::Connects(connect) => return Ok(Some(connect)),
                    }
                }
                packet = self.broker.next() => {
                    self.answered(packet.ok_or("the broker has closed the connection")??).await?;
                }
                () = sleep_until(ping) => {
                    pinged = Instant::now();
                    self.broker.send(PingReq.into()).await?;
                }
                () = sleep_until(silence) => {
                    return Err("nothing is heard of the client".into()); // so the broker publishes its Will
                }
            }
        }
    }

    /// Returns the time that a client may be silent: one and a half times its own announcement.
    fn silence(&self) -> Duration {
        let interval = self.asleep.map_or(self.keep_alive, KeepAlive::from_seconds);
        interval.timeout().unwrap_or(Duration::from_secs(86_400))
    }

    async fn received(&mut self, message: Message) -> Result<Next> {
        match message {
            Message::Connect(connect) => {
                // The client has woken up and continues its session. Any other CONNECT begins a new connection.
                if self.asleep.take().is_none() || connect.clean_session || connect.will {
                    return Ok(Next::Connects(connect));
                }
                self.keep_alive = connect.keep_alive;
                self.link.send(&ConnAck { return_code: ReturnCode::ACCEPTED }.into()).await?;
                self.send_kept().await?;
            }
            Message::Register(Register { message_id, topic_name, .. }) => {
                let answer = match self.topics.register(&topic_name) {
                    Some(topic_id) => RegAck::accepted(message_id, topic_id),
                    None => RegAck::refused(message_id, ReturnCode::CONGESTION),
                };
                self.link.send(&answer.into()).await?;
            }
            Message::RegAck(regack) => self.registered(regack).await?,
            Message::Publish(publish) => self.publish(publish).await?,
            Message::PubAck(PubAck { message_id: Some(id), .. }) => {
                self.acknowledge(mqtt_codec::PubAck::new(id)).await?;
            }
            Message::PubRec(PubRec { message_id: Some(id) }) => {
                self.acknowledge(mqtt_codec::PubRec::new(id)).await?;
            }
            Message::PubRel(PubRel { message_id: Some(id) }) => {
                self.acknowledge(mqtt_codec::PubRel::new(id)).await?;
            }
            Message::PubComp(PubComp { message_id: Some(id) }) => {
                self.acknowledge(mqtt_codec::PubComp::new(id)).await?;
            }
            Message::Subscribe(subscribe) => self.subscribe(subscribe).await?,
            Message::Unsubscribe(unsubscribe) => self.unsubscribe(unsubscribe).await?,
            Message::PingReq(ping) => {
                if ping.client_id.is_some() && self.asleep.is_some() {
                    self.send_kept().await?;
                }
                // For a sleeping client, PINGRESP means that there are no more messages.
                self.owes_pingresp = true;
                self.send_pingresp().await?;
            }
            Message::Disconnect(Disconnect { duration: Some(seconds) }) => {
                self.asleep = Some(seconds);
                self.link.send(&Disconnect::default().into()).await?;
            }
            Message::Disconnect(Disconnect { duration: None }) => {
                self.broker.send(mqtt_codec::Disconnect::default().into()).await?;
                self.link.send(&Disconnect::default().into()).await?;
                return Ok(Next::Ends);
            }
            // MQTT 3.1.1 cannot change a Will.
            Message::WillTopicUpd(_) => {
                self.link.send(&WillTopicResp { return_code: ReturnCode::NOT_SUPPORTED }.into()).await?;
            }
            Message::WillMsgUpd(_) => {
                self.link.send(&WillMsgResp { return_code: ReturnCode::NOT_SUPPORTED }.into()).await?;
            }
            _ => {}
        }
        Ok(Next::GoesOn)
    }

    async fn publish(&mut self, publish: Publish) -> Result<()> {
        let Some(topic_name) = self.topics.name(publish.topic(), self.predefined) else {
            return self.link.send(&PubAck::answer_to(&publish, ReturnCode::INVALID_TOPIC_ID).into()).await;
        };
        if let Delivery::AtLeastOnce { message_id, .. } = publish.delivery() {
            self.published.insert(message_id, publish.topic().number());
        }
        let mut packet = mqtt_codec::Publish::new(topic_name, publish.payload.clone());
        packet.retain = publish.retain;
        packet.delivery = publish.delivery().to_mqtt().unwrap_or_default(); // QoS -1 becomes QoS 0
        Ok(self.broker.send(packet.into()).await?)
    }

    async fn acknowledge(&mut self, packet: impl Into<Packet>) -> Result<()> {
        Ok(self.broker.send(packet.into()).await?)
    }

    async fn subscribe(&mut self, subscribe: Subscribe) -> Result<()> {
        let Some(filter) = self.filter(subscribe.topic()) else {
            let refusal = SubAck::refused(subscribe.message_id, ReturnCode::INVALID_TOPIC_ID);
            return self.link.send(&refusal.into()).await;
        };
        self.subscribed.insert(subscribe.message_id, subscribe.topic().clone());
        let subscriptions = Subscriptions::builder().push(filter, subscribe.qos).build()?;
        Ok(self.broker.send(mqtt_codec::Subscribe::new(subscribe.message_id, subscriptions).into()).await?)
    }

    async fn unsubscribe(&mut self, unsubscribe: Unsubscribe) -> Result<()> {
        let Some(filter) = self.filter(unsubscribe.topic()) else {
            // Such a subscription cannot exist.
            return self.link.send(&UnsubAck::new(unsubscribe.message_id).into()).await;
        };
        let topic_filters = TopicFilters::builder().push(filter).build()?;
        Ok(self.broker.send(mqtt_codec::Unsubscribe::new(unsubscribe.message_id, topic_filters).into()).await?)
    }

    /// Returns the Topic Filter of MQTT for the topic of a subscription.
    fn filter(&self, topic: &Topic<TopicFilter>) -> Option<TopicFilter> {
        let filter = |text: &str| TopicFilter::new(text.to_owned()).ok();
        match topic {
            Topic::Name(name) => Some(name.clone()),
            Topic::Predefined(topic_id) => filter(self.predefined.name(*topic_id)?.as_str()),
            Topic::Short(name) => filter(name.as_str()),
            Topic::Normal(_) => None,
        }
    }

    async fn answered(&mut self, packet: Packet) -> Result<()> {
        match packet {
            Packet::Publish(publish) if self.asleep.is_some() => {
                // If the queue is full, the oldest message is dropped.
                if self.kept.len() >= KEPT {
                    self.kept.pop_front();
                }
                self.kept.push_back(publish);
                Ok(())
            }
            Packet::Publish(publish) => self.deliver(publish).await,
            Packet::PubAck(puback) => {
                let message_id = Some(puback.packet_identifier);
                let topic_id = self.published.remove(&puback.packet_identifier).unwrap_or_default();
                self.link.send(&PubAck { topic_id, message_id, return_code: ReturnCode::ACCEPTED }.into()).await
            }
            Packet::PubRec(packet) => self.link.send(&PubRec::new(packet.packet_identifier).into()).await,
            Packet::PubRel(packet) => self.link.send(&PubRel::new(packet.packet_identifier).into()).await,
            Packet::PubComp(packet) => self.link.send(&PubComp::new(packet.packet_identifier).into()).await,
            Packet::SubAck(suback) => self.subscribed(&suback).await,
            Packet::UnsubAck(unsuback) => self.link.send(&UnsubAck::new(unsuback.packet_identifier).into()).await,
            _ => Ok(()),
        }
    }

    async fn subscribed(&mut self, suback: &mqtt_codec::SubAck) -> Result<()> {
        let id = suback.packet_identifier;
        let topic = self.subscribed.remove(&id);
        let granted = match suback.reason_codes().iter().next() {
            Some(SubAckReasonCode::GRANTED_QOS_0) => QoS::AtMostOnce,
            Some(SubAckReasonCode::GRANTED_QOS_1) => QoS::AtLeastOnce,
            Some(SubAckReasonCode::GRANTED_QOS_2) => QoS::ExactlyOnce,
            _ => return self.link.send(&SubAck::refused(id, ReturnCode::NOT_SUPPORTED).into()).await,
        };
        // A name without wildcards gets its topic id at once. Short names need no id.
        let topic_id = match topic {
            Some(Topic::Predefined(topic_id)) => topic_id,
            Some(Topic::Name(filter)) if filter.len() != 2 => {
                let name = TopicName::new(filter.into_buffer()).ok();
                name.and_then(|name| self.topics.register(&name)).unwrap_or(TopicId::NONE)
            }
            _ => TopicId::NONE,
        };
        self.link.send(&SubAck::accepted(id, topic_id, granted).into()).await
    }

    /// Sends a message to the client. If necessary, registers the topic first.
    async fn deliver(&mut self, publish: mqtt_codec::Publish) -> Result<()> {
        let Some(topic_name) = publish.topic_name().cloned() else { return Ok(()) };
        let registering = self.registering.values_mut().find(|(name, _)| *name == topic_name);
        if let Some((_, waiting)) = registering {
            if waiting.len() < KEPT {
                waiting.push(publish);
            }
            return Ok(());
        }
        if let Some(topic) = self.topics.reference(&topic_name, self.predefined) {
            return self.send_publish(topic, &publish).await;
        }
        self.message_id = self.message_id.next();
        let message_id = self.message_id;
        let Some(topic_id) = self.topics.register(&topic_name) else { return Ok(()) };
        self.registering.insert(message_id, (topic_name.clone(), vec![publish]));
        self.link.send(&Register { topic_id, message_id, topic_name }.into()).await
    }

    async fn registered(&mut self, regack: RegAck) -> Result<()> {
        let Some((topic_name, waiting)) = regack.message_id.and_then(|id| self.registering.remove(&id)) else {
            return Ok(());
        };
        for publish in waiting {
            match self.topics.reference(&topic_name, self.predefined) {
                Some(topic) if regack.return_code.is_accepted() => self.send_publish(topic, &publish).await?,
                _ => {} // the client has refused the topic
            }
        }
        self.send_pingresp().await
    }

    async fn send_pingresp(&mut self) -> Result<()> {
        if self.owes_pingresp && self.registering.is_empty() {
            self.owes_pingresp = false;
            self.link.send(&PingResp.into()).await?;
        }
        Ok(())
    }

    async fn send_publish(&self, topic: Topic<TopicName>, publish: &mqtt_codec::Publish) -> Result<()> {
        let payload: Bytes = publish.payload.clone();
        let mut message = Publish::new(publish.delivery.into(), topic, payload)?;
        message.retain = publish.retain;
        self.link.send(&message.into()).await
    }

    async fn send_kept(&mut self) -> Result<()> {
        while let Some(publish) = self.kept.pop_front() {
            self.deliver(publish).await?;
        }
        Ok(())
    }
}
