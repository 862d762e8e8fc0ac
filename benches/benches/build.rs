//! Property sets: instructions to build a set, and to change one, compared with decoding the packet that contains it:
//! `cargo bench -p mqtt-benches --bench build`. Fails if building takes more than twice the instructions of decoding.

use bytes::Bytes;
use core::hint::black_box;
use mqtt_benches::allocations::{self, CountingAllocator};
use mqtt_benches::callgrind;
use mqtt_benches::engine::Task;
use mqtt_codec::{
    Encode, PayloadFormat, Property, ProtocolVersion, Publish, PublishProperties, PublishPropertiesBuilder, Storage,
    TopicName, decode, decode_shared,
};
use std::process::ExitCode;

#[global_allocator]
static COUNTING: CountingAllocator = CountingAllocator;

const NAMES: [&str; 5] = ["decode", "decode_shared", "build in a slice", "build", "change one of them"];

/// Six properties, as a request has.
fn six<S: Storage>(builder: PublishPropertiesBuilder<S>) -> PublishProperties<S::Buffer> {
    builder
        .payload_format_indicator(black_box(PayloadFormat::Utf8))
        .message_expiry_interval(black_box(3_600))
        .content_type(black_box("application/json"))
        .response_topic(black_box("plant/berlin/replies/client-0815"))
        .correlation_data(black_box(&[0x5A; 16]))
        .user_property(black_box("source"), black_box("robot-7"))
        .build()
        .expect("they are legal")
}

fn packet() -> Bytes {
    let topic_name = TopicName::shared_from_static("plant/berlin/line/12/robot/7/axis/3/torque/nm");
    let publish = Publish::with_properties(topic_name, six(PublishProperties::builder()), Bytes::from_static(b"21.5"));
    let mut bytes = [0; 256];
    let len = publish.encode(ProtocolVersion::V5, &mut bytes).expect("it is legal");
    Bytes::copy_from_slice(&bytes[..len])
}

/// The operations, in the order of their names.
fn tasks(packet: &Bytes) -> [Task<'_>; NAMES.len()] {
    let version = ProtocolVersion::V5;
    let built = six(PublishProperties::builder());
    [
        Task::new(move || decode(black_box(packet), black_box(version))),
        Task::new(move || decode_shared(black_box(packet), black_box(version))),
        Task::new(move || {
            let mut storage = [0; 128];
            six(PublishProperties::builder_in(black_box(&mut storage))).is_empty()
        }),
        Task::new(move || six(PublishProperties::builder())),
        Task::new(move || {
            let expiry = Property::MessageExpiryInterval(black_box(60));
            black_box(&built).to_builder().replace(&expiry).build()
        }),
    ]
}

fn main() -> ExitCode {
    let packet = packet();
    let (version, counts) = match callgrind::count_tasks(tasks(&packet)) {
        Ok(counted) => counted,
        Err(result) => return result,
    };
    println!("a PUBLISH with six properties: instructions for an operation, counted by {version}, and allocations");
    for ((name, count), mut task) in NAMES.iter().zip(&counts).zip(tasks(&packet)) {
        let before = allocations::count();
        task.repeat(1);
        println!("{name:32}{count:>8}{:>8}", allocations::count() - before);
    }
    let [decode, _, _, build, ..] = counts[..] else { return ExitCode::FAILURE };
    if build > 2 * decode {
        println!("building takes more than twice as many as decoding");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
