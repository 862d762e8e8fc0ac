//! The example `sn_gateway` between Mosquitto and two clients of MQTT-SN: one uses this codec, the other is the package
//! `mqtt-sn-12` of `PyPI`.
//!
//! Everything is on the loopback interface and on free ports, and ends with its test.

#![cfg(test)]

#[path = "support/program.rs"]
mod program;

use core::time::Duration;
use mqtt_codec::sn::{
    ClientId, Connect, Datagram, DecodeOptions, Delivery, Disconnect, Encapsulation, Encode, Message, PingReq, PubAck,
    PubComp, PubRec, PubRel, Publish, RegAck, Register, ReturnCode, SearchGw, ShortTopicName, Subscribe, Topic,
    TopicId, Unsubscribe, WillMsg, WillTarget, WillTopic, WirelessNodeId, decode,
};
use mqtt_codec::{KeepAlive, PacketIdentifier, QoS, TopicFilter, TopicName};
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

/// The time limit of each step, on any machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process that ends with its owner.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A broker, and a gateway in front of it.
struct Gateway {
    port: u16,
    broker_port: u16,
    _gateway: Process,
    _broker: Process,
    _configuration: tempfile::Configuration,
}

mod tempfile {
    use std::path::PathBuf;

    /// A file that is removed with its owner.
    pub(super) struct Configuration(pub(super) PathBuf);

    impl Drop for Configuration {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }
}

impl Gateway {
    fn start() -> Self {
        let broker_port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let file = std::env::temp_dir().join(format!("mqtt-sn-gateway-{broker_port}.conf"));
        let text = format!("listener {broker_port} 127.0.0.1\nallow_anonymous true\npersistence false\n");
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new("mosquitto");
        let broker = command.arg("-c").arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let broker = Process(broker.unwrap());
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", broker_port)).is_err() {
            assert!(start.elapsed() < PATIENCE, "the broker does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        let mut command = Command::new(program::example("sn_gateway", program::ALL_FEATURES));
        let broker_address = format!("127.0.0.1:{broker_port}");
        command.args(["--listen", "127.0.0.1:0", "--broker", &broker_address, "--topic", "7=given/topic"]);
        let mut gateway = Process(command.stdout(Stdio::piped()).spawn().unwrap());
        let mut lines = BufReader::new(gateway.0.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let port = first.rsplit(':').next().unwrap().parse().unwrap();
        // What it tells is worth reading when a test fails.
        thread::spawn(move || lines.map_while(Result::ok).for_each(|line| println!("{line}")));
        Self { port, broker_port, _gateway: gateway, _broker: broker, _configuration: tempfile::Configuration(file) }
    }

    /// Runs `mosquitto_sub` until it has received so many messages; gives what it prints.
    fn subscriber(&self, filter: &str, count: usize) -> thread::JoinHandle<Vec<String>> {
        // Its output is a pipe, and would be told when it ends.
        let mut command = Command::new("stdbuf");
        command.args([
            "-oL",
            "mosquitto_sub",
            "-h",
            "127.0.0.1",
            "-p",
            &self.broker_port.to_string(),
            "-t",
            filter,
            "-q",
            "2",
            "-d",
        ]);
        command.args(["-C", &count.to_string(), "-W", "25", "-F", "%t|%q|%r|%p"]).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        // Only what is published after the broker has answered it is for it.
        while !lines.next().expect("a SUBACK").contains("SUBACK") {}
        thread::spawn(move || {
            let is_message = |line: &String| line.matches('|').count() == 3;
            let received = lines.filter(is_message).collect();
            let _ = child.wait();
            received
        })
    }

    fn publish(&self, topic: &str, qos: &str, message: &str) {
        let port = self.broker_port.to_string();
        let arguments = ["-h", "127.0.0.1", "-p", &port, "-t", topic, "-q", qos, "-m", message];
        assert!(Command::new("mosquitto_pub").args(arguments).status().unwrap().success());
    }

    fn client(&self) -> Client {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.connect(("127.0.0.1", self.port)).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Client { socket, node: None, id: PacketIdentifier::MAX }
    }
}

/// A client, and the node of a forwarder that it is.
struct Client {
    socket: UdpSocket,
    node: Option<&'static [u8]>,
    id: PacketIdentifier,
}

impl Client {
    fn next_id(&mut self) -> PacketIdentifier {
        self.id = self.id.next();
        self.id
    }

    fn send(&self, message: impl Into<Message>) {
        let message: Message = message.into();
        let encapsulation = self.node.map(|node| Encapsulation::new(WirelessNodeId::new(node).unwrap()).to_shared());
        let mut output = bytes::BytesMut::new();
        Datagram { encapsulation, message }.encode_to(&mut output).unwrap();
        self.socket.send(&output).unwrap();
    }

    fn receive(&self) -> Message {
        let mut input = [0; 2_048];
        let len = self.socket.recv(&mut input).expect("a datagram");
        let datagram = decode(&input[..len], DecodeOptions::new()).unwrap();
        assert_eq!(datagram.encapsulation.map(|encapsulation| encapsulation.wireless_node_id.as_bytes()), self.node);
        datagram.message.to_shared()
    }

    #[track_caller]
    fn receives(&self, text: &str) {
        assert_eq!(self.receive().to_string(), text);
    }

    #[track_caller]
    fn expects(&self, message: impl Into<Message>) {
        let message: Message = message.into();
        assert_eq!(self.receive(), message);
    }

    fn connect(&self, name: &str) {
        self.send(Connect {
            keep_alive: KeepAlive::from_seconds(30),
            ..Connect::new(ClientId::new(name.to_owned()).unwrap())
        });
        self.receives("CONNACK Accepted (0x00)");
    }

    fn register(&mut self, name: &str) -> TopicId {
        let id = self.next_id();
        self.send(Register::new(id, TopicName::new(name.to_owned()).unwrap()));
        let Message::RegAck(regack) = self.receive() else { panic!("no REGACK") };
        assert_eq!(regack.message_id, Some(id));
        regack.accepted_topic_id().unwrap()
    }

    fn subscribe(&mut self, topic: Topic<TopicFilter>, qos: QoS) -> TopicId {
        let id = self.next_id();
        self.send(Subscribe::new(id, topic, qos).unwrap());
        let Message::SubAck(suback) = self.receive() else { panic!("no SUBACK") };
        assert_eq!((suback.message_id, suback.return_code, suback.qos), (Some(id), ReturnCode::ACCEPTED, qos));
        TopicId::new(suback.topic_id).unwrap()
    }
}

fn filter(text: &str) -> Topic<TopicFilter> {
    Topic::Name(TopicFilter::new(text.to_owned()).unwrap())
}

fn short(text: [u8; 2]) -> Topic<TopicName> {
    Topic::Short(ShortTopicName::new(text).unwrap())
}

#[test]
#[ignore = "needs mosquitto and mosquitto-clients: run .ci/sn-gateway"]
fn publishes_at_every_qos_to_every_kind_of_topic() {
    let gateway = Gateway::start();
    let subscriber = gateway.subscriber("#", 7);
    let mut client = gateway.client();
    client.connect("publisher");
    let topic = client.register("kitchen/temperature");
    assert_eq!(client.register("kitchen/temperature"), topic, "a name has one id");
    client.send(Publish::to_topic_id(topic, "q0".to_owned()));

    let id = client.next_id();
    let publish = Publish::new(Delivery::at_least_once(id), Topic::Normal(topic), "q1".to_owned()).unwrap();
    client.send(publish.clone());
    client.expects(PubAck::answer_to(&publish, ReturnCode::ACCEPTED));

    let id = client.next_id();
    client.send(Publish::new(Delivery::exactly_once(id), short(*b"kt"), "q2".to_owned()).unwrap());
    client.expects(PubRec::new(id));
    client.send(PubRel::new(id));
    client.expects(PubComp::new(id));

    let given = Topic::Predefined(TopicId::new(7).unwrap());
    let mut retained = Publish::new(Delivery::AtMostOnce, given.clone(), "given".to_owned()).unwrap();
    retained.retain = true;
    client.send(retained);

    // Unknown ids are refused, at QoS 0 too.
    let unknown = Publish::to_topic_id(TopicId::MAX, "lost".to_owned());
    client.send(unknown.clone());
    client.expects(PubAck::answer_to(&unknown, ReturnCode::INVALID_TOPIC_ID));

    // Without a connection: by a client that never had one.
    let stranger = gateway.client();
    stranger.send(Publish::new(Delivery::WithoutConnection, short(*b"qm"), "m1".to_owned()).unwrap());
    stranger.send(Publish::new(Delivery::WithoutConnection, given, "m2".to_owned()).unwrap());
    stranger.socket.send(b"\x0E\x0C\x60\0\x03\0\0a/bname").unwrap(); // as Paho's clients do

    client.send(Disconnect::default());
    client.receives("DISCONNECT");
    let mut received = subscriber.join().unwrap();
    received.sort();
    let expected = [
        "a/b|0|0|name",
        "given/topic|0|0|given",
        "given/topic|0|0|m2",
        "kitchen/temperature|0|0|q0",
        "kitchen/temperature|1|0|q1",
        "kt|2|0|q2",
        "qm|0|0|m1",
    ];
    assert_eq!(received, expected);
}

#[test]
#[ignore = "needs mosquitto and mosquitto-clients: run .ci/sn-gateway"]
fn subscribes_and_receives_at_every_qos() {
    let gateway = Gateway::start();
    let mut client = gateway.client();
    client.connect("subscriber");
    let exact = client.subscribe(filter("exact/topic"), QoS::AtMostOnce);
    assert!(!exact.is_none());
    assert!(client.subscribe(filter("wild/+"), QoS::ExactlyOnce).is_none());
    let given = client.subscribe(Topic::Predefined(TopicId::new(7).unwrap()), QoS::AtLeastOnce);
    assert_eq!(given.get(), 7);
    client.subscribe(Topic::Short(ShortTopicName::new(*b"sh").unwrap()), QoS::AtMostOnce);

    gateway.publish("exact/topic", "0", "one");
    client.receives(&format!("PUBLISH topic={exact} qos=0 payload=3 bytes"));
    gateway.publish("sh", "1", "two");
    client.receives(r#"PUBLISH short="sh" qos=0 payload=3 bytes"#);
    gateway.publish("given/topic", "1", "three");
    let Message::Publish(publish) = client.receive() else { panic!("no PUBLISH") };
    assert_eq!(*publish.topic(), Topic::<TopicName>::Predefined(given));
    client.send(PubAck::answer_to(&publish, ReturnCode::ACCEPTED));

    // A topic that the client does not know is registered first, once.
    gateway.publish("wild/card", "2", "four");
    let Message::Register(register) = client.receive() else { panic!("no REGISTER") };
    assert_eq!(register.topic_name, "wild/card");
    client.send(RegAck::accepted(register.message_id, register.topic_id));
    for message in ["four", "five!"] {
        if message == "five!" {
            gateway.publish("wild/card", "2", message);
        }
        let Message::Publish(publish) = client.receive() else { panic!("no PUBLISH") };
        assert_eq!((publish.topic(), &publish.payload[..]), (&Topic::Normal(register.topic_id), message.as_bytes()));
        let id = publish.delivery().message_id().unwrap();
        client.send(PubRec::new(id));
        client.expects(PubRel::new(id));
        client.send(PubComp::new(id));
    }
    let id = client.next_id();
    client.send(Unsubscribe::new(id, filter("wild/+")).unwrap());
    client.receives(&format!("UNSUBACK id={id}"));
    client.send(PingReq::default());
    client.receives("PINGRESP");
}

#[test]
#[ignore = "needs mosquitto and mosquitto-clients: run .ci/sn-gateway"]
fn a_will_is_published_when_the_client_is_gone() {
    let gateway = Gateway::start();
    let subscriber = gateway.subscriber("last/words", 1);
    let client = gateway.client();
    let name = ClientId::new("mortal".to_owned()).unwrap();
    let connect = Connect { will: true, keep_alive: KeepAlive::from_seconds(1), ..Connect::new(name) };
    client.send(connect);
    client.receives("WILLTOPICREQ");
    let target = WillTarget::new(TopicName::new("last/words".to_owned()).unwrap());
    client.send(WillTopic::from(WillTarget { qos: QoS::AtLeastOnce, retain: true, ..target }));
    client.receives("WILLMSGREQ");
    client.send(WillMsg::new("farewell".to_owned()));
    client.receives("CONNACK Accepted (0x00)");
    // Nothing more is heard of it.
    assert_eq!(subscriber.join().unwrap(), ["last/words|1|0|farewell"]);
}

#[test]
#[ignore = "needs mosquitto and mosquitto-clients: run .ci/sn-gateway"]
fn a_sleeping_client_gets_its_messages_when_it_asks() {
    let gateway = Gateway::start();
    let mut client = gateway.client();
    client.connect("sleeper");
    let topic = client.subscribe(filter("night/news"), QoS::AtLeastOnce);
    client.subscribe(filter("other/#"), QoS::AtMostOnce);
    client.send(Disconnect { duration: Some(20) });
    client.receives("DISCONNECT");
    gateway.publish("night/news", "1", "one");
    gateway.publish("other/news", "1", "two");
    gateway.publish("night/news", "1", "three");
    thread::sleep(Duration::from_millis(300));
    let client_id = ClientId::new("sleeper".to_owned()).ok();
    client.send(PingReq { client_id });
    let mut received = Vec::new();
    loop {
        match client.receive() {
            Message::PingResp(_) => break,
            Message::Register(register) => client.send(RegAck::accepted(register.message_id, register.topic_id)),
            Message::Publish(publish) => {
                received.push(String::from_utf8(publish.payload.to_vec()).unwrap());
                if publish.delivery().qos() == Some(QoS::AtLeastOnce) {
                    assert_eq!(*publish.topic(), Topic::<TopicName>::Normal(topic));
                    client.send(PubAck::answer_to(&publish, ReturnCode::ACCEPTED));
                }
            }
            other => panic!("{other}"),
        }
    }
    received.sort();
    assert_eq!(received, ["one", "three", "two"], "PINGRESP comes last");
    // Awake again, the session goes on.
    let name = ClientId::new("sleeper".to_owned()).unwrap();
    client.send(Connect { clean_session: false, keep_alive: KeepAlive::from_seconds(30), ..Connect::new(name) });
    client.receives("CONNACK Accepted (0x00)");
    gateway.publish("night/news", "0", "four");
    client.receives(&format!("PUBLISH topic={topic} qos=0 payload=4 bytes"));
}

#[test]
#[ignore = "needs mosquitto and mosquitto-clients: run .ci/sn-gateway"]
fn nodes_of_a_forwarder_are_clients_of_their_own_and_faults_are_answered() {
    let gateway = Gateway::start();
    let mut one = gateway.client();
    one.node = Some(b"\x01");
    one.connect("node-1");
    let topic = one.subscribe(filter("to/one"), QoS::AtMostOnce);
    gateway.publish("to/one", "0", "hello");
    one.receives(&format!("PUBLISH topic={topic} qos=0 payload=5 bytes"));
    let two = Client { socket: one.socket.try_clone().unwrap(), node: Some(b"\x02\x03"), id: one.id };
    two.send(PingReq::default());
    two.receives("DISCONNECT"); // it is not connected

    let plain = gateway.client();
    plain.send(SearchGw { radius: 0 });
    plain.receives("GWINFO gateway=1");
    plain.socket.send(&[7, 4, 4, 2, 0, 60, b'c']).unwrap();
    plain.receives("CONNACK Rejected: not supported (0x03)");
    one.socket.send(&[4, 0xFE, 0, 1, 7, 0x12, 0x23, 0, 3, 0, 1]).unwrap();
    one.receives("SUBACK id=3 topic=0 qos=0 Rejected: not supported (0x03)");
    plain.socket.send(&[2, 0x2D]).unwrap(); // a reserved type has no answer
    plain.send(SearchGw { radius: 0 });
    plain.receives("GWINFO gateway=1");
}

/// The publisher and the subscriber of the package `mqtt-sn-12`: a client of other people's making.
#[test]
#[ignore = "needs mosquitto, and mqtt-sn-12 of PyPI in MQTT_SN_12: run .ci/sn-gateway"]
fn a_client_of_other_peoples_making() {
    let directory =
        std::env::var_os("MQTT_SN_12").expect("MQTT_SN_12 names the folder with mqtt_sn_pub and mqtt_sn_sub");
    let program = |name: &str| Command::new(std::path::Path::new(&directory).join(name));
    let gateway = Gateway::start();
    let port = gateway.port.to_string();
    let run = |arguments: &[&str]| {
        let mut command = program("mqtt_sn_pub");
        command.args(["-h", "127.0.0.1", "-p", &port, "--timeout", "5"]).args(arguments);
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{arguments:?}: {text}");
    };
    let subscriber = gateway.subscriber("#", 5);
    run(&["-t", "py/zero", "-m", "zero", "-q", "0"]);
    run(&["-t", "py/one", "-m", "one", "-q", "1"]);
    run(&["-t", "py/two", "-m", "two", "-q", "2"]);
    run(&["-T", "7", "-m", "given", "-q", "1"]);
    run(&[
        "-t",
        "py/will",
        "-m",
        "will",
        "-q",
        "1",
        "--will-topic",
        "py/gone",
        "--will-payload",
        "gone",
        "--will-qos",
        "1",
    ]);
    let mut received = subscriber.join().unwrap();
    received.sort();
    let expected =
        ["given/topic|1|0|given", "py/one|1|0|one", "py/two|2|0|two", "py/will|1|0|will", "py/zero|0|0|zero"];
    assert_eq!(received, expected);

    // The other way.
    let mut command = program("mqtt_sn_sub");
    command.args(["-h", "127.0.0.1", "-p", &port, "-t", "to/py", "-q", "1", "-i", "py-sub", "-d"]);
    let mut child = Process(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
    let (sender, lines) = std::sync::mpsc::channel();
    let outputs: [Box<dyn std::io::Read + Send>; 2] =
        [Box::new(child.0.stdout.take().unwrap()), Box::new(child.0.stderr.take().unwrap())];
    for output in outputs {
        let sender = sender.clone();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                println!("{line}");
                let _ = sender.send(line);
            }
        });
    }
    let start = Instant::now();
    let has_arrived = || {
        gateway.publish("to/py", "1", "from-the-broker");
        let wait = Duration::from_millis(300);
        core::iter::from_fn(|| lines.recv_timeout(wait).ok()).any(|line| line.contains("from-the-broker"))
    };
    while !has_arrived() {
        assert!(start.elapsed() < PATIENCE, "the message does not arrive");
    }
}
