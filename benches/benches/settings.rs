//! The main rows, and texts of all lengths, under the current settings of the compiler. See ../README.md.
//!
//! `benches/settings` runs this program under each common setting, and prints the numbers side by side.

use mqtt_benches::compare::measure;
use mqtt_benches::engine::{Engine, Group, Kind, Task};
use mqtt_benches::engines::{Memcpy, Ours, OursShared, PLAIN};
use mqtt_benches::workloads::{self, Workload};
use mqtt_codec::{TopicName, Utf8String};
use std::env;
use std::hint::black_box;
use std::time::Duration;

const ROUNDS: usize = 31;
const TURN: Duration = Duration::from_micros(500);

/// The main rows: a group, a workload and the engine.
const ROWS: [(Group, &str, &dyn Engine); 10] = [
    (Group::Decode, "5.0 PUBLISH QoS 0, topic 20, payload 16", &Ours),
    (Group::Decode, "5.0 PUBLISH QoS 1, topic 45, payload 256", &Ours),
    (Group::Decode, "5.0 PUBLISH QoS 1, topic 45, payload 256", &OursShared),
    (Group::Decode, "5.0 PUBLISH QoS 1, 8 properties", &Ours),
    (Group::Decode, "3.1.1 PUBACK, short", &Ours),
    (Group::Decode, "3.1.1 SUBSCRIBE, 50 filters", &Ours),
    (Group::Decode, "5.0 mix of 1 MiB", &Ours),
    (Group::Encode, "5.0 PUBLISH QoS 1, topic 45, payload 256", &Ours),
    (Group::Encode, "5.0 PUBLISH QoS 1, topic 45, payload 256", &OursShared),
    (Group::StreamSegments, "5.0 mix of 1 MiB", &OursShared),
];

/// Short texts, texts around the sizes at which the check changes its method, and long texts.
const LENGTHS: [usize; 22] =
    [0, 1, 3, 4, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 96, 127, 128, 255, 256, 1_023, 1_024, 4_096];

fn main() {
    if !env::args().any(|argument| argument == "--bench") {
        println!("measures nothing unless it is a benchmark: cargo bench");
        return;
    }
    // Columns are separated by tabs, for `benches/settings`.
    println!("row\tns\tof the floor");
    let workloads = workloads::all();
    for (group, name, engine) in ROWS {
        if let Some(workload) = workloads.iter().find(|workload| workload.name == name) {
            main_row(group, workload, engine);
        }
    }
    for (kind, check) in [("Topic Name", is_topic_name as fn(&[u8]) -> bool), ("string", is_string)] {
        let fold = if kind == "string" { fold_of_string as fn(&[u8]) -> bool } else { fold_of_topic_name };
        for len in LENGTHS {
            text_row(kind, len, check, fold);
        }
    }
}

/// Prints a main row beside the plain floor, or beside memcpy if the row is about encoding. There is no floor for
/// streams.
fn main_row(group: Group, workload: &Workload, engine: &dyn Engine) {
    let floor: Option<&dyn Engine> = match group {
        Group::Decode => Some(&PLAIN),
        Group::Encode => Some(&Memcpy),
        _ => None,
    };
    let tasks = [Some(engine), floor].into_iter().flatten();
    let tasks = tasks.filter_map(|engine| Some((engine.name(), engine.kind(), engine.task(group, workload).ok()?)));
    let measured = measure(tasks.collect(), ROUNDS, TURN);
    let Some(ours) = measured.first() else { return };
    let ratio = measured.get(1).map_or_else(|| "-".to_owned(), |floor| format!("{:.2}", ours.ratio(floor)));
    let name = format!("{}: {}: {}", group.name(), workload.name, engine.name());
    println!("{name}\t{:.1}\t{ratio}", ours.nanoseconds());
}

/// Prints a check of a text beside a plain fold over its bytes.
fn text_row(kind: &str, len: usize, check: fn(&[u8]) -> bool, fold: fn(&[u8]) -> bool) {
    // At an odd address, because texts in packets are not aligned.
    let bytes = vec![b'x'; len + 1];
    let text = &bytes[1..];
    let task = |check: fn(&[u8]) -> bool| Task::new(move || check(black_box(text)));
    let measured = measure(vec![("ours", Kind::Ours, task(check)), ("fold", Kind::Floor, task(fold))], ROUNDS, TURN);
    let [ours, floor] = &measured[..] else { return };
    println!("{kind} of {len} bytes\t{:.1}\t{:.2}", ours.nanoseconds(), ours.ratio(floor));
}

fn is_topic_name(text: &[u8]) -> bool {
    TopicName::new(text).is_ok()
}

fn is_string(text: &[u8]) -> bool {
    Utf8String::new(text).is_ok()
}

/// Checks a plain Topic Name one byte at a time. Topic Names are not empty.
fn fold_of_topic_name(text: &[u8]) -> bool {
    let is_fault = |byte: &u8| *byte == 0 || *byte >= 0x80 || *byte == b'+' || *byte == b'#';
    !text.is_empty() && text.len() <= 65_535 && !text.iter().fold(false, |any, byte| any | is_fault(byte))
}

fn fold_of_string(text: &[u8]) -> bool {
    text.len() <= 65_535 && !text.iter().fold(false, |any, byte| any | (*byte == 0 || *byte >= 0x80))
}
