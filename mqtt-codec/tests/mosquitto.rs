//! Mosquitto and its clients, with the example `tap` between them: in whole sessions, every packet encodes to the bytes
//! that were sent. Also the example `client`, and Mosquitto as a bridge.
//!
//! Everything is on the loopback interface and on free ports, and ends with its test.

#![cfg(test)]

extern crate alloc;

#[path = "support/program.rs"]
mod program;

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::fs::{self, File};
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Instant;

/// The time limit of each step, on any machine.
const PATIENCE: Duration = Duration::from_secs(60);

static TAP: LazyLock<PathBuf> = LazyLock::new(|| program::example("tap", program::ALL_FEATURES));
static CLIENT: LazyLock<PathBuf> = LazyLock::new(|| program::example("client", program::ALL_FEATURES));

/// The packets that whole sessions have.
const TO_BROKER: &str = "CONNECT PUBLISH PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE UNSUBSCRIBE DISCONNECT";
const TO_CLIENT: &str = "CONNACK PUBLISH PUBACK PUBREC PUBREL PUBCOMP SUBACK UNSUBACK";

#[test]
#[ignore = "needs mosquitto and mosquitto-clients: run .ci/mosquitto"]
fn clients_of_3_1() {
    clients_of("3.1", "mqttv31");
}

#[test]
#[ignore = "needs mosquitto and mosquitto-clients: run .ci/mosquitto"]
fn clients_of_3_1_1() {
    clients_of("3.1.1", "mqttv311");
}

#[test]
#[ignore = "needs mosquitto and mosquitto-clients: run .ci/mosquitto"]
fn clients_of_5_0() {
    clients_of("5.0", "mqttv5");
}

/// Runs the scenarios that clients of every version support.
fn clients_of(version: &str, option: &str) {
    let broker = Broker::start("");
    let tap = Tap::start(&broker, 18);
    let [subscribe, publish] = ["mosquitto_sub", "mosquitto_pub"].map(|program| {
        let tap = &tap;
        move |arguments: &str| Program::start(program, &format!("-h 127.0.0.1 -p {} -V {option} {arguments}", tap.port))
    });

    // Every QoS, and a topic given up.
    let subscriber =
        tap.after("UNSUBACK", || subscribe("-t qos/# -t other/+ -U nothing -q 2 -C 3 -F %q|%r|%t|%p -i qos"));
    for qos in 0..=2 {
        publish(&format!("-t qos/{qos} -q {qos} -m message-{qos} -u user -P password")).succeeds();
    }
    assert_eq!(sorted(subscriber.lines()), ["0|0|qos/0|message-0", "1|0|qos/1|message-1", "2|0|qos/2|message-2"]);

    // A message that is kept, and given up with an empty one.
    publish("-t kept -q 1 -r -m kept").succeeds();
    assert_eq!(subscribe("-t kept -q 2 -C 1 -F %q|%r|%p").lines(), ["1|1|kept"]);
    publish("-t kept -q 2 -r -n").succeeds();

    // A client that is killed leaves its will.
    let heir = tap.after("SUBACK", || subscribe("-t will/+ -q 2 -C 1 -F %q|%t|%p"));
    let mortal = tap.after("SUBACK", || {
        subscribe("-t other -i mortal --will-topic will/mortal --will-payload gone --will-qos 2 --will-retain")
    });
    drop(mortal); // by SIGKILL
    assert_eq!(heir.lines(), ["2|will/mortal|gone"]);

    // 1 MB, at QoS 0 and 2.
    let payload = noise(1_000_000);
    let file = broker.directory.join("payload");
    fs::write(&file, &payload).unwrap();
    let subscriber = tap.after("SUBACK", || subscribe("-t large -q 2 -C 2 -N"));
    for qos in [0, 2] {
        publish(&format!("-t large -q {qos} -f {}", file.display())).succeeds();
    }
    let received = subscriber.output();
    assert!(received == payload.repeat(2), "{} bytes, and not those", received.len());

    // A session that continues: the broker stores the messages in between.
    let keep = if version == "5.0" { "-x 600 -c" } else { "-c" };
    subscribe(&format!("-t waiting -q 2 {keep} -i sleeper -E")).succeeds();
    publish("-t waiting -q 1 -m one").succeeds();
    publish("-t waiting -q 2 -m two").succeeds();
    assert_eq!(subscribe(&format!("-t waiting -q 2 {keep} -i sleeper -C 2")).lines(), ["one", "two"]);

    // A shared subscription: to 3.x it is a Topic Filter like any other.
    let subscriber = tap.after("SUBACK", || subscribe("-t $share/group/shared/# -q 1 -C 1 -v"));
    publish("-t shared/topic -q 1 -m hello").succeeds();
    assert_eq!(subscriber.lines(), ["shared/topic hello"]);

    let seen = tap.finish();
    // The session of above. 3.1 has no such flag.
    assert_eq!(seen.lines_with("Session Present", " yes"), usize::from(version != "3.1"));
    assert_eq!(seen.count(version, "to the broker", "CONNECT"), 18);
    seen.assert_has(version, "to the broker", TO_BROKER);
    seen.assert_has(version, "to the client", TO_CLIENT);
}

#[test]
#[ignore = "needs mosquitto and mosquitto-clients: run .ci/mosquitto"]
fn properties_of_5_0() {
    let broker = Broker::start("");
    let tap = Tap::start(&broker, 5);
    let [subscribe, publish] = ["mosquitto_sub", "mosquitto_pub"].map(|program| {
        let tap = &tap;
        move |arguments: &str| Program::start(program, &format!("-h 127.0.0.1 -p {} -V mqttv5 {arguments}", tap.port))
    });

    let subscriber = tap.after("UNSUBACK", || {
        subscribe(
            "-t properties -U nothing -q 2 -C 3 -F %C|%D|%F|%P|%R|%S|%p -u user -P password \
             -D connect session-expiry-interval 60 -D connect receive-maximum 5 -D connect topic-alias-maximum 10 \
             -D connect maximum-packet-size 2000000 -D connect request-problem-information 1 \
             -D connect request-response-information 1 -D connect user-property a b \
             -D subscribe subscription-identifier 268435455 -D subscribe user-property c d \
             -D unsubscribe user-property e f -D disconnect session-expiry-interval 0 -D disconnect user-property g h",
        )
    });
    // From the second on the topic is left out: it has an alias.
    let publisher = publish(
        "-t properties -q 2 -m hello --repeat 2 -D publish topic-alias 10 -D publish payload-format-indicator 1 \
         -D publish message-expiry-interval 300 -D publish content-type text/plain -D publish response-topic reply \
         -D publish correlation-data 1234 -D publish user-property k v -D publish user-property k w",
    );
    publisher.succeeds();
    publish("-t properties -q 1 -m bare").succeeds();
    let full = "text/plain|1234|1|k:v k:w|reply|268435455|hello";
    assert_eq!(sorted(subscriber.lines()), [full, full, "|||||268435455|bare"]);

    // A will with every property that it can have.
    let heir = tap.after("SUBACK", || subscribe("-t will -q 2 -C 1 -F %C|%D|%F|%P|%R|%p"));
    let mortal = tap.after("SUBACK", || {
        subscribe(
            "-t other --will-topic will --will-payload gone --will-qos 1 -D will will-delay-interval 1 \
             -D connect session-expiry-interval 60 -D will payload-format-indicator 1 \
             -D will message-expiry-interval 300 -D will content-type text/plain -D will response-topic reply \
             -D will correlation-data 1234 -D will user-property k v",
        )
    });
    drop(mortal); // by SIGKILL
    assert_eq!(heir.lines(), ["text/plain|1234|1|k:v|reply|gone"]);

    for (property, least) in [
        ("Payload Format Indicator", 5),
        ("Message Expiry Interval", 5),
        ("Content Type", 5),
        ("Response Topic", 5),
        ("Correlation Data", 5),
        ("Subscription Identifier", 4),
        ("Session Expiry Interval", 3),
        ("Assigned Client Identifier", 5),
        ("Receive Maximum", 6),
        ("Topic Alias Maximum", 6),
        ("Topic Alias  ", 2),
        ("Topic Name                  omitted", 1),
        ("Maximum Packet Size", 1),
        ("Request Problem Information", 1),
        ("Request Response Information", 1),
        ("Will Delay Interval", 1),
        ("User Property", 12),
    ] {
        assert!(tap.count(property) >= least, "{property}: {} times", tap.count(property));
    }
    tap.finish();
}

/// A broker that is a client of another broker, and marks this in its protocol level if the version has no better way.
#[test]
#[ignore = "needs mosquitto and mosquitto-clients: run .ci/mosquitto"]
fn bridges_of_every_version() {
    for (version, option) in [("3.1", "mqttv31"), ("3.1.1", "mqttv311"), ("5.0", "mqttv50")] {
        let broker = Broker::start("");
        let tap = Tap::start(&broker, 1);
        let bridge = tap.after("SUBACK", || {
            Broker::start(&format!(
                "connection to-the-other\naddress 127.0.0.1:{}\ntopic # both 2\nbridge_protocol_version {option}\n",
                tap.port
            ))
        });
        for (from, to) in [(&broker, &bridge), (&bridge, &broker)] {
            let subscribe = format!("-h 127.0.0.1 -p {} -t over/# -q 2 -c -i subscriber", to.port);
            Program::start("mosquitto_sub", &format!("{subscribe} -E")).succeeds();
            let publish = format!("-h 127.0.0.1 -p {} -t over/there -q 2 -m hello", from.port);
            tap.after("PUBCOMP", || Program::start("mosquitto_pub", &publish).succeeds());
            assert_eq!(Program::start("mosquitto_sub", &format!("{subscribe} -C 1")).lines(), ["hello"]);
        }
        drop(bridge);
        let seen = tap.finish();
        let marked = seen.lines_with("Protocol Version", ", sent by a bridge");
        assert_eq!(marked, usize::from(version != "5.0"), "{version}");
        for direction in ["to the broker", "to the client"] {
            seen.assert_has(version, direction, "PUBLISH PUBREC PUBREL PUBCOMP");
        }
    }
}

#[test]
#[ignore = "needs mosquitto and mosquitto-clients: run .ci/mosquitto"]
fn the_example_client() {
    let broker = Broker::start("");
    let tap = Tap::start(&broker, 3);
    let client = Program::start(CLIENT.to_str().unwrap(), &format!("--broker 127.0.0.1:{} --version all", tap.port));
    let lines = client.lines();
    let seen = tap.finish();
    for version in ["3.1", "3.1.1", "5.0"] {
        assert!(lines.contains(&format!("MQTT {version}: every message came back")));
        for qos in 0..=2 {
            let message = format!("   \"a message of QoS {qos}\"");
            assert_eq!(lines.iter().filter(|line| **line == message).count(), 3);
        }
        seen.assert_has(version, "to the broker", &format!("{TO_BROKER} PINGREQ"));
        seen.assert_has(version, "to the client", &format!("{TO_CLIENT} PINGRESP"));
        assert_eq!(seen.count(version, "to the broker", "PUBLISH"), 3);
    }
}

/// A broker with its own directory. It ends when this value is dropped.
struct Broker {
    port: u16,
    directory: PathBuf,
    process: Process,
}

impl Broker {
    fn start(configuration: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("mqtt-codec-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let directory = std::env::temp_dir().join(name);
        fs::create_dir(&directory).unwrap();
        let file = directory.join("mosquitto.conf");
        // Another process may take the free port before the broker does.
        for _ in 0..5 {
            let port = free_port();
            let listener = format!("listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n");
            fs::write(&file, listener + configuration).unwrap();
            let log = File::create(directory.join("log")).unwrap();
            let mut command = Command::new("mosquitto");
            command.arg("-c").arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
            let mut process = Process::start(&mut command);
            let is_up = || TcpStream::connect(("127.0.0.1", port)).is_ok();
            wait_until("the broker to listen", || is_up() || process.0.try_wait().unwrap().is_some());
            if process.0.try_wait().unwrap().is_none() {
                return Self { port, directory, process };
            }
        }
        panic!("the broker does not start: {}", fs::read_to_string(directory.join("log")).unwrap());
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.process.kill();
        if thread::panicking() {
            let log = fs::read_to_string(self.directory.join("log"));
            println!("the broker says:\n{}", log.unwrap_or_default());
        }
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// The example `tap` in front of a broker.
struct Tap {
    port: u16,
    program: Program,
}

impl Tap {
    fn start(broker: &Broker, connections: usize) -> Self {
        let arguments = format!("--listen 127.0.0.1:0 --broker 127.0.0.1:{} --connections {connections}", broker.port);
        let program = Program::start(TAP.to_str().unwrap(), &arguments);
        wait_until("tap to listen", || !program.text().is_empty());
        let text = program.text();
        let address = text.strip_prefix("listening on 127.0.0.1:").unwrap();
        Self { port: address.split(',').next().unwrap().parse().unwrap(), program }
    }

    /// Returns the number of lines with this text, as far as the tap has written them.
    fn count(&self, text: &str) -> usize {
        self.program.text().lines().filter(|line| line.contains(text)).count()
    }

    /// Starts something, and waits until one more packet of this type has passed.
    fn after<T>(&self, packet_type: &str, start: impl FnOnce() -> T) -> T {
        let text = format!("  {packet_type:<11} flags ");
        let before = self.count(&text);
        let started = start();
        wait_until(packet_type, || self.count(&text) > before);
        started
    }

    /// Waits until it has seen all connections, and looks at its counts.
    fn finish(self) -> Seen {
        let lines = self.program.lines();
        let summary = lines.last().unwrap();
        assert!(summary.ends_with(", 0 cut off, 0 differences, 0 errors"), "{summary}");
        println!("{summary}");
        let mut counts = BTreeMap::new();
        for line in lines.iter().filter_map(|line| line.strip_prefix("MQTT ")) {
            println!("  {line}");
            let (of, packets) = line.split_once(": ").unwrap();
            for (count, packet_type) in packets.split(", ").filter_map(|packet| packet.split_once(' ')) {
                counts.insert(format!("{of} {packet_type}"), count.parse().unwrap());
            }
        }
        Seen { lines, counts }
    }
}

/// Everything that the tap has written.
struct Seen {
    lines: Vec<String>,
    /// How many packets of which version, direction and type.
    counts: BTreeMap<String, usize>,
}

impl Seen {
    /// Returns the number of lines that contain both texts.
    fn lines_with(&self, text: &str, other: &str) -> usize {
        self.lines.iter().filter(|line| line.contains(text) && line.contains(other)).count()
    }

    fn count(&self, version: &str, direction: &str, packet_type: &str) -> usize {
        self.counts.get(&format!("{version} {direction} {packet_type}")).copied().unwrap_or_default()
    }

    fn assert_has(&self, version: &str, direction: &str, packet_types: &str) {
        for packet_type in packet_types.split(' ') {
            assert!(self.count(version, direction, packet_type) > 0, "{version}: no {packet_type} {direction}");
        }
    }
}

/// A process that is killed when this is dropped.
struct Process(Child);

impl Process {
    fn start(command: &mut Command) -> Self {
        Self(
            command
                .spawn()
                .unwrap_or_else(|error| panic!("{command:?}: {error}; .ci/mosquitto installs what is needed")),
        )
    }

    fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A program that writes.
struct Program {
    name: String,
    process: Process,
    stdout: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Program {
    /// Arguments are separated by blanks.
    fn start(program: &str, arguments: &str) -> Self {
        let mut command = Command::new(program);
        command.args(arguments.split_ascii_whitespace()).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = Process::start(&mut command);
        let mut pipe = process.0.stdout.take().unwrap();
        let stdout = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::clone(&stdout);
        let reader = thread::spawn(move || {
            let mut chunk = vec![0; 1 << 16];
            while let Ok(len @ 1..) = pipe.read(&mut chunk) {
                written.lock().unwrap().extend_from_slice(&chunk[..len]);
            }
        });
        Self { name: format!("{program} {arguments}"), process, stdout, reader }
    }

    /// Returns the whole lines that it has written so far.
    fn text(&self) -> String {
        let written = self.stdout.lock().unwrap();
        let lines = written.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
        lines.map(String::from_utf8_lossy).collect()
    }

    /// Waits until it has ended, and well.
    fn succeeds(self) {
        self.output();
    }

    /// Returns everything that it has written, after checking that it ended successfully.
    fn output(mut self) -> Vec<u8> {
        wait_until(&self.name, || self.process.0.try_wait().unwrap().is_some());
        let status = self.process.0.wait().unwrap();
        self.reader.join().unwrap();
        let output = core::mem::take(&mut *self.stdout.lock().unwrap());
        assert!(status.success(), "{}: {status}\n{}", self.name, String::from_utf8_lossy(&output));
        output
    }

    fn lines(self) -> Vec<String> {
        String::from_utf8(self.output()).unwrap().lines().map(str::to_owned).collect()
    }
}

/// Messages of different QoS may overtake each other.
fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "waited too long: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Bytes of every kind, always the same.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_u32;
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    core::iter::repeat_with(next).take(len).collect()
}
