//! MQTT-SN: borrowed decoding, errors and answers allocate nothing, and shared decoding only counts references. A
//! counting allocator checks this.

#![cfg(test)]
#![expect(unsafe_code, reason = "an allocator that counts")]

use bytes::Bytes;
use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use mqtt_codec::sn::{DecodeOptions, Encode, decode, decode_from_client, decode_shared};
use std::alloc::System;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get().wrapping_add(1)));
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

fn allocations<T>(work: impl FnOnce() -> T) -> usize {
    let before = COUNT.with(Cell::get);
    let _result = work();
    COUNT.with(Cell::get).wrapping_sub(before)
}

/// Returns every vector and recorded datagram.
fn datagrams() -> Vec<Vec<u8>> {
    let mut datagrams = Vec::new();
    for name in ["valid.jsonl", "invalid.jsonl", "captured.jsonl"] {
        let path = format!("{}/../testdata/sn/{name}", env!("CARGO_MANIFEST_DIR"));
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let hex = line.get("hex").and_then(serde_json::Value::as_str).unwrap();
            let digits: Vec<u8> = hex.chars().map(|digit| u8::try_from(digit.to_digit(16).unwrap()).unwrap()).collect();
            datagrams.push(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect());
        }
    }
    datagrams
}

#[test]
fn the_allocator_counts() {
    assert_eq!(allocations(|| Vec::<u8>::with_capacity(16)), 1);
}

#[test]
fn borrowing_errors_answers_and_encoding_into_a_slice_allocate_nothing() {
    let mut output = vec![0; 70_000];
    let datagrams = datagrams();
    assert!(datagrams.len() > 3_000);
    for input in datagrams {
        let count = allocations(|| {
            for options in [DecodeOptions::new(), DecodeOptions::new().lenient()] {
                match decode(&input, options) {
                    Ok(datagram) => _ = datagram.encode(&mut output),
                    Err(error) => _ = error.answer().map(|answer| answer.encode(&mut output)),
                }
                let _ = decode_from_client(&input, options);
            }
        });
        assert_eq!(count, 0, "{input:02X?}");
    }
}

#[test]
fn sharing_allocates_nothing_but_what_bytes_does_once() {
    for input in datagrams() {
        let mut input = Bytes::from(input);
        // The first share of a vector allocates its reference count.
        let first = input.clone();
        input = first.slice(..);
        let count = allocations(|| decode_shared(&input, DecodeOptions::new()));
        assert_eq!(count, 0, "{input:02X?}");
    }
}
