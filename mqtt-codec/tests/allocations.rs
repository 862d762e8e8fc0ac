//! Operations that are documented not to allocate do not allocate. A counting allocator checks this.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::std_instead_of_core,
    reason = "a panic here is a failed test, and tests have std"
)]

use mqtt_codec::types as mqtt_types;
use mqtt_codec::{Encode, Packet, ProtocolVersion, VariableByteInteger, decode};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: it is the system's allocator, and counts.
#[expect(unsafe_code, reason = "an allocator is unsafe by nature")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: as the caller promises.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Returns the number of allocations of this thread during `work`.
fn allocations<T>(work: impl FnOnce() -> T) -> usize {
    let before = ALLOCATIONS.with(Cell::get);
    let result = work();
    let allocations = ALLOCATIONS.with(Cell::get) - before;
    drop(result);
    allocations
}

fn frame(first_byte: u8, body: &[u8]) -> Vec<u8> {
    let remaining_length = VariableByteInteger::try_from(body.len()).unwrap();
    [&[first_byte], remaining_length.encode().as_ref(), body].concat()
}

/// Returns one packet of each type, and packets for which other codecs allocate: many properties, filters, codes.
fn packets() -> Vec<(ProtocolVersion, Vec<u8>)> {
    use ProtocolVersion::{V3_1_1, V5};
    let user_properties = b"\x26\0\x01k\0\x01v".repeat(3_000);
    let property_length = VariableByteInteger::try_from(user_properties.len()).unwrap().encode();
    let flood = [b"\0\x01a", property_length.as_ref(), &user_properties, b"payload"].concat();
    let connect = b"\0\x04MQTT\x05\xEE\0\x3C\x05\x11\0\0\0\x09\0\x01c\x02\x01\x01\0\x01w\0\x01p\0\x01u\0\x01s";
    vec![
        (V5, frame(0x10, connect)),
        (V3_1_1, frame(0x10, b"\0\x04MQTT\x04\x02\0\x3C\0\x01c")),
        (V5, frame(0x20, b"\x01\0\x02\x24\x01")),
        (V5, frame(0x32, b"\0\x03a/b\0\x0A\x02\x01\x01payload")),
        (V5, frame(0x30, &flood)),
        (V5, frame(0x40, b"\0\x0A\x10\x04\x1F\0\x01x")),
        (V5, frame(0x50, b"\0\x0A")),
        (V5, frame(0x62, b"\0\x0A")),
        (V5, frame(0x70, b"\0\x0A\x92")),
        (V5, frame(0x82, &[b"\0\x0A\0".to_vec(), b"\0\x03a/+\x01".repeat(10_000)].concat())),
        (V5, frame(0x90, &[b"\0\x0A\0".to_vec(), vec![0x01; 10_000]].concat())),
        (V3_1_1, frame(0xA2, &[b"\0\x0A".to_vec(), b"\0\x03a/+".repeat(10_000)].concat())),
        (V5, frame(0xB0, b"\0\x0A\0\0\x11")),
        (V5, frame(0xC0, b"")),
        (V5, frame(0xD0, b"")),
        (V5, frame(0xE0, b"\x04")),
        (V5, frame(0xF0, b"\x18\x04\x15\0\x01M")),
    ]
}

#[test]
fn the_allocator_counts() {
    assert_eq!(allocations(|| Vec::<u8>::with_capacity(16)), 1);
}

#[test]
fn borrowed_decoding_and_encoding_into_a_slice_allocate_nothing() {
    for (version, bytes) in packets() {
        let mut output = vec![0; bytes.len()];
        let count = allocations(|| {
            let (packet, consumed) = decode(&bytes, version).unwrap().complete().unwrap();
            assert_eq!(consumed, bytes.len());
            assert_eq!(packet.encode(version, &mut output), Ok(bytes.len()));
        });
        assert_eq!(count, 0, "{:02x}", bytes[0]);
        assert_eq!(output, bytes);
    }
}

#[test]
fn reading_every_item_allocates_nothing() {
    for (version, bytes) in packets() {
        let (packet, _) = decode(&bytes, version).unwrap().complete().unwrap();
        let count = allocations(|| match packet {
            Packet::Publish(publish) => publish.properties().iter().count(),
            Packet::Connect(connect) => connect.properties.iter().count(),
            Packet::Subscribe(subscribe) => {
                let name = mqtt_types::TopicName::from_static("a/b");
                subscribe.subscriptions.iter().filter(|item| item.topic_filter.matches(&name)).count()
            }
            Packet::Unsubscribe(unsubscribe) => unsubscribe.topic_filters.iter().count(),
            Packet::SubAck(suback) => suback.reason_codes().iter().count(),
            _ => 0,
        });
        assert_eq!(count, 0, "{packet}");
    }
}

#[test]
fn errors_and_incomplete_packets_allocate_nothing() {
    for (version, bytes) in packets() {
        let wrong = [&[0xFF], &bytes[1..]].concat();
        let count = allocations(|| {
            assert!(decode(&bytes[..bytes.len() - 1], version).unwrap().complete().is_none());
            let error = decode(&wrong, version).unwrap_err();
            (error.rule(), error.reason_code(), error.statement())
        });
        assert_eq!(count, 0);
    }
}

#[cfg(feature = "bytes")]
#[test]
fn shared_decoding_allocates_nothing_per_packet() {
    for (version, bytes) in packets() {
        let bytes = bytes::Bytes::from(bytes);
        // A vector that becomes `Bytes` allocates its reference count when it is first shared.
        let _first = bytes.clone();
        let count = allocations(|| mqtt_codec::decode_shared(&bytes, version).unwrap().complete().unwrap());
        assert_eq!(count, 0, "{:02x}", bytes[0]);
    }
}
