//! MQTT-SN: the crate `mqtt-sn` 0.2.2, this codec and a decoder written by hand, as tasks for the same datagrams.

use byte::{TryRead, TryWrite};
use bytes::{Bytes, BytesMut};
use core::hint::black_box;
use mqtt_benches::compare::Measured;
use mqtt_benches::engine::{Kind, Task};
use mqtt_benches::sn;
use mqtt_codec::sn::{DecodeOptions, Encode, decode, decode_shared};
use mqtt_sn::Message;

/// The name of an engine, its kind, and its task.
pub type Engine<'a> = (&'static str, Kind, Task<'a>);

/// Returns the names and the octets of the datagrams.
pub fn workloads() -> Vec<(&'static str, Vec<u8>)> {
    let short = sn::WORKLOADS.iter().map(|(name, datagram)| (*name, datagram.to_vec()));
    short.chain([("PUBLISH at QoS 1, 200 octets", sn::publish_200())]).collect()
}

/// Decodes a datagram with the crate `mqtt-sn`. Returns the message and the number of octets that were read.
pub fn rival(datagram: &[u8]) -> Option<(Message, usize)> {
    Message::try_read(datagram, ()).ok()
}

/// Returns the tasks that decode this datagram. `mqtt-sn` is missing if it refuses the datagram.
pub fn decoding(datagram: &[u8]) -> Vec<Engine<'_>> {
    let strict = DecodeOptions::new();
    assert!(decode(datagram, strict).is_ok() && sn::decode(datagram).is_some(), "it is legal");
    let shared = Bytes::copy_from_slice(datagram);
    let mut engines = vec![
        ("plain floor", Kind::Floor, Task::new(move || sn::decode(black_box(datagram)))),
        ("ours", Kind::Ours, Task::new(move || decode(black_box(datagram), black_box(strict)))),
        ("ours, shared", Kind::OursShared, Task::new(move || decode_shared(black_box(&shared), black_box(strict)))),
    ];
    if rival(datagram).is_some() {
        engines.push(("mqtt-sn", Kind::Rival, Task::new(move || rival(black_box(datagram)))));
    }
    engines
}

/// Returns the tasks that encode the message of this datagram. `mqtt-sn` is missing if it refuses the datagram. Its
/// messages are encoded by value, so each is cloned first.
pub fn encoding(datagram: &[u8]) -> Vec<Engine<'_>> {
    let decoded = decode(datagram, DecodeOptions::new()).expect("it is legal");
    let (mut copy, mut output, mut other) = ([0; 512], [0; 512], [0; 512]);
    let mut grown = BytesMut::with_capacity(512);
    let mut engines = vec![
        (
            "memcpy",
            Kind::Floor,
            Task::new(move || black_box(&mut copy)[..datagram.len()].copy_from_slice(black_box(datagram))),
        ),
        ("ours", Kind::Ours, Task::new(move || black_box(&decoded).encode(black_box(&mut output)))),
        (
            "ours, shared",
            Kind::OursShared,
            Task::new(move || {
                grown.clear();
                black_box(&decoded).encode_to(black_box(&mut grown))
            }),
        ),
    ];
    if let Some((message, len)) = rival(datagram) {
        let mut written = [0; 512];
        let encoded = message.clone().try_write(&mut written, ());
        assert!(encoded.is_ok_and(|written| written == len), "it encodes what it decodes");
        let task = Task::new(move || black_box(&message).clone().try_write(black_box(&mut other), ()));
        engines.push(("mqtt-sn", Kind::Rival, task));
    }
    engines
}

/// Returns the result of the engine with this name, if it takes part.
pub fn of<'m>(measured: &'m [Measured], name: &str) -> Option<&'m Measured> {
    measured.iter().find(|measured| measured.name == name)
}
