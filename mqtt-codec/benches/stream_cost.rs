//! The cost of streams in small pieces, counted in instructions: `cargo bench -p mqtt-codec --bench stream_cost`.
//!
//! Runs itself under valgrind's callgrind, once for each workload, size of the reads and operation, and prints a table
//! that explains its numbers. Unlike times, instruction counts are the same in each run.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(clippy::panic, reason = "there is nothing to be done about an error but to tell it")]

use bytes::BytesMut;
use core::hint::black_box;
use mqtt_codec::{
    DecodeOptions, Encode, Packet, PacketIdentifier, ProtocolVersion, PubAck, Publish, PublishProperties,
    StreamDecoder, StreamOptions, TopicName,
};
use std::process::{Command, ExitCode};
use std::{env, fs, io};

const HOW_IT_IS_COUNTED: &str = "\
Instructions of StreamDecoder on one BytesMut, by callgrind, in thousands. Each number is the count of a run less that of
a run that only makes the stream.
  copying   every read is appended to the buffer, and nothing else is done: buffer.extend_from_slice(read)
  once      all reads are appended, then everything is decoded: while let Some(item) = decoder.next_item(&mut buffer)? {}
  each      the same, but everything there is is decoded after each read
  decoding  `each` less `copying`: what the decoder costs, with splitting the buffer and dropping the packets
each/once is the price of asking after each read, which must not be above 2; below each workload stands the price of
single bytes over one read.
A payload is not looked at, so decoding it whole costs next to nothing: for it the price per byte and each/once tell more.
";

/// A workload: a name, and the function that generates the stream.
type Workload = (&'static str, fn() -> BytesMut);

const WORKLOADS: [Workload; 3] = [
    ("256 KiB of user properties", user_properties),
    ("50,000 small packets", small_packets),
    ("a payload of 1 MiB", payload),
];

/// The size of the reads in bytes.
const READS: [(&str, usize); 3] = [("whole", usize::MAX), ("64 bytes", 64), ("1 byte", 1)];

/// The operation on the reads.
const TASKS: [&str; 4] = ["setup", "copying", "once", "each"];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["run", workload, read_len, task] => {
            run(workload, read_len.parse().unwrap_or(usize::MAX), task);
            ExitCode::SUCCESS
        }
        arguments if !arguments.contains(&"--bench") => {
            println!("counts nothing unless it is a benchmark: cargo bench");
            ExitCode::SUCCESS
        }
        _ => table(),
    }
}

fn table() -> ExitCode {
    match Command::new("valgrind").arg("--version").output() {
        Ok(output) => print!("{}", String::from_utf8_lossy(&output.stdout)),
        Err(_) => {
            println!("valgrind is not there, so nothing is counted");
            return ExitCode::SUCCESS;
        }
    }
    println!("{HOW_IT_IS_COUNTED}");
    println!(
        "{:<28} {:>8} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10}",
        "", "reads", "copying", "once", "each", "decoding", "per byte", "each/once"
    );
    let mut is_cheap = true;
    for (workload, make) in WORKLOADS {
        let len = make().len();
        let setup = count(workload, usize::MAX, "setup");
        let [mut whole, mut whole_decoding] = [0; 2];
        for (reads, read_len) in READS {
            let [copying, once, each] =
                ["copying", "once", "each"].map(|task| count(workload, read_len, task).saturating_sub(setup));
            let decoding = each.saturating_sub(copying);
            is_cheap &= each <= once.saturating_mul(2);
            if read_len == usize::MAX {
                [whole, whole_decoding] = [each, decoding];
            }
            println!(
                "{workload:<28} {reads:>8} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10}",
                copying / 1_000,
                once / 1_000,
                each / 1_000,
                decoding / 1_000,
                ratio(decoding, u64::try_from(len).unwrap_or(u64::MAX)),
                ratio(each, once),
            );
            if read_len == 1 {
                println!(
                    "  1 byte to whole: decoding {}, copying and decoding {}\n",
                    ratio(decoding, whole_decoding),
                    ratio(each, whole)
                );
            }
        }
    }
    if is_cheap {
        ExitCode::SUCCESS
    } else {
        println!("to ask after each read takes more than twice the instructions");
        ExitCode::FAILURE
    }
}

/// Formats a number with two decimals.
fn ratio(one: u64, other: u64) -> String {
    let hundredths = one.saturating_mul(100).checked_div(other).unwrap_or_default();
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Returns the number of instructions of a run of this program.
fn count(workload: &str, read_len: usize, task: &str) -> u64 {
    let counted = || -> io::Result<u64> {
        let output = env::temp_dir().join(format!("stream-cost-{}.callgrind", std::process::id()));
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--quiet"]);
        valgrind.arg(format!("--callgrind-out-file={}", output.display()));
        valgrind.arg(env::current_exe()?).args(["run", workload, &read_len.to_string(), task]);
        let finished = valgrind.output()?;
        if !finished.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&finished.stderr)));
        }
        let counts = fs::read_to_string(&output)?;
        fs::remove_file(&output)?;
        let total = counts.lines().find_map(|line| line.strip_prefix("summary:")?.trim().parse().ok());
        total.ok_or_else(|| io::Error::other("callgrind gives no total"))
    };
    counted().unwrap_or_else(|error| panic!("{workload}, {task}: {error}"))
}

fn run(workload: &str, read_len: usize, task: &str) {
    let Some((_, make)) = WORKLOADS.into_iter().find(|(name, _)| *name == workload) else {
        panic!("there is no workload {workload}");
    };
    assert!(TASKS.contains(&task), "there is no task {task}");
    let stream = black_box(make());
    if task == "setup" {
        return;
    }
    let largest = DecodeOptions::LARGEST_PACKET;
    let mut decoder =
        StreamDecoder::new(StreamOptions::either(Some(ProtocolVersion::V5)).with_maximum_packet_size(largest));
    let mut buffer = BytesMut::new();
    for read in stream.chunks(read_len.min(stream.len())) {
        buffer.extend_from_slice(read);
        if task == "each" {
            decode_all(&mut decoder, &mut buffer);
        }
    }
    if task == "once" {
        decode_all(&mut decoder, &mut buffer);
    }
    assert!(task == "copying" || buffer.is_empty(), "something is not decoded");
    black_box(buffer);
}

/// Inlined into the loop that reads, as it would be in a program with only one loop.
#[inline(always)]
fn decode_all(decoder: &mut StreamDecoder, buffer: &mut BytesMut) {
    loop {
        match decoder.next_item(buffer) {
            Ok(Some(item)) => drop(black_box(item)),
            Ok(None) => return,
            Err(error) => panic!("{error}"),
        }
    }
}

fn encode_all(packets: impl IntoIterator<Item = Packet>) -> BytesMut {
    let mut stream = BytesMut::new();
    for packet in packets {
        if let Err(error) = packet.encode_to(ProtocolVersion::V5, &mut stream) {
            panic!("{error}");
        }
    }
    stream
}

fn user_properties() -> BytesMut {
    // 37,449 times k = v, as many as fit into 256 KiB.
    let properties = PublishProperties::new(b"\x26\0\x01k\0\x01v".repeat((256 << 10) / 7));
    let properties = properties.unwrap_or_else(|error| panic!("{error}"));
    let topic = TopicName::shared_from_static("a/b");
    encode_all([Publish::with_properties(topic, properties, bytes::Bytes::new()).into()])
}

/// Readings of sensors. Every second packet is the acknowledgement of a reading.
fn small_packets() -> BytesMut {
    let packet = |number: u16| -> Packet {
        if number % 2 == 0 {
            let topic = TopicName::shared_from_static("plant/7/line/12/temperature");
            Publish::new(topic, bytes::Bytes::from_static(b"{\"celsius\":21.5}")).into()
        } else {
            let packet_identifier = PacketIdentifier::new(number).unwrap_or(PacketIdentifier::MIN);
            PubAck::new(packet_identifier).into()
        }
    };
    encode_all((0..50_000).map(packet))
}

fn payload() -> BytesMut {
    let topic = TopicName::shared_from_static("a/b");
    encode_all([Publish::new(topic, bytes::Bytes::from(vec![b'x'; 1 << 20])).into()])
}
