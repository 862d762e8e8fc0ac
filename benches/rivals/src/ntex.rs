//! `ntex-mqtt`: a codec over the buffers of `ntex-bytes`. It decodes its own `BytesMut`, and encodes packets by value
//! into pages, to which it links payloads without a copy.
//!
//! Its decoder reserves memory during decoding, so each batch gets a new buffer, which is not part of the time.

use crate::adapter::other_identifier;
use core::hint::black_box;
use core::num::NonZeroU16;
use core::time::Duration;
use mqtt_benches::engine::{Group, Made, NO_SUCH_OPERATION, REFUSED, Task};
use mqtt_benches::engines::check_written;
use mqtt_benches::workloads::{Workload, segments, trickle};
use ntex_bytes::{BytePages, BytesMut};
use ntex_codec::{Decoder, Encoder};
use std::time::Instant;

macro_rules! version {
    ($version:ident) => {
        /// One version of the protocol.
        pub mod $version {
            use super::*;
            use ntex_mqtt::$version::codec::{Codec, Decoded, Encoded};

            fn codec() -> Codec {
                let codec = Codec::new();
                // A PUBLISH must be returned with its payload, as the other codecs do.
                codec.set_min_chunk_size(u32::MAX);
                codec
            }

            fn to_encode(decoded: Decoded) -> Encoded {
                match decoded {
                    Decoded::Packet(packet, _) => Encoded::Packet(packet),
                    Decoded::Publish(publish, payload, _) => Encoded::Publish(publish, Some(payload)),
                    Decoded::PayloadChunk(payload, _) => Encoded::PayloadChunk(payload),
                }
            }

            fn copy(encoded: &Encoded) -> Encoded {
                match encoded {
                    Encoded::Packet(packet) => Encoded::Packet(packet.clone()),
                    Encoded::Publish(publish, payload) => Encoded::Publish(publish.clone(), payload.clone()),
                    Encoded::PayloadChunk(payload) => Encoded::PayloadChunk(payload.clone()),
                }
            }

            fn decode_all(codec: &Codec, buffer: &mut BytesMut) -> Option<Vec<Encoded>> {
                let mut packets = Vec::new();
                while let Some(packet) = codec.decode(buffer).ok()? {
                    packets.push(to_encode(packet));
                }
                Some(packets)
            }

            /// Returns the task for a workload.
            ///
            /// # Errors
            ///
            /// Returns the reason if there is no task.
            pub fn task<'w>(group: Group, workload: &'w Workload) -> Made<'w> {
                let bytes = &workload.bytes[..];
                let codec = codec();
                let packets = decode_all(&codec, &mut BytesMut::copy_from_slice(bytes)).ok_or(REFUSED)?;
                if packets.len() != workload.packets {
                    return Err(REFUSED);
                }
                let count = packets.len();
                let at_once = ((64 << 10) / bytes.len()).clamp(1, 64) as u64;
                Ok(match group {
                    Group::Decode => eating(bytes, at_once, move |buffer| {
                        for _ in 0..count {
                            let packet = codec.decode(buffer);
                            black_box(&packet);
                        }
                    }),
                    Group::Encode => {
                        let mut pages = BytePages::default();
                        for packet in &packets {
                            codec
                                .encodev(copy(packet), &mut pages)
                                .map_err(|_| "does not encode what it has decoded")?;
                        }
                        check_written(&pages.freeze(), workload)?;
                        Task::timed(move |mut times| {
                            let mut elapsed = Duration::ZERO;
                            while times > 0 {
                                let now = times.min(at_once);
                                let mut copies =
                                    (0..now).flat_map(|_| &packets).map(copy).collect::<Vec<_>>().into_iter();
                                let start = Instant::now();
                                for _ in 0..now {
                                    pages.clear();
                                    for packet in copies.by_ref().take(count) {
                                        let _ = codec.encodev(packet, &mut pages);
                                    }
                                    black_box(&pages);
                                }
                                elapsed += start.elapsed();
                                times -= now;
                            }
                            elapsed
                        })
                    }
                    Group::Forward => {
                        let mut pages = BytePages::default();
                        eating(bytes, at_once, move |buffer| {
                            pages.clear();
                            for _ in 0..count {
                                let Ok(Some(packet)) = codec.decode(buffer) else { continue };
                                let mut packet = to_encode(packet);
                                if let Encoded::Publish(publish, _) = &mut packet {
                                    publish.packet_id = publish
                                        .packet_id
                                        .and_then(|identifier| NonZeroU16::new(other_identifier(identifier.get())));
                                }
                                let _ = codec.encodev(packet, &mut pages);
                            }
                            black_box(&pages);
                        })
                    }
                    Group::StreamWhole => stream(vec![bytes]),
                    Group::StreamSegments => stream(segments(bytes)),
                    Group::StreamTrickled => stream(trickle(bytes)),
                    Group::Read => return Err("is not read: nobody has written down how"),
                    Group::EncodedLen | Group::Match => return Err(NO_SUCH_OPERATION),
                })
            }

            fn stream(pieces: Vec<&[u8]>) -> Task<'_> {
                let codec = codec();
                let mut buffer = BytesMut::new();
                Task::new(move || {
                    buffer.clear();
                    let mut packets = 0;
                    for piece in black_box(&pieces) {
                        buffer.extend_from_slice(piece);
                        while let Ok(Some(packet)) = codec.decode(&mut buffer) {
                            black_box(&packet);
                            packets += 1;
                        }
                    }
                    packets
                })
            }
        }
    };
}

version!(v3);
version!(v5);

fn eating<'w>(input: &'w [u8], at_once: u64, mut operation: impl FnMut(&mut BytesMut) + 'w) -> Task<'w> {
    Task::timed(move |mut times| {
        let mut elapsed = Duration::ZERO;
        while times > 0 {
            let now = times.min(at_once);
            let mut buffer = BytesMut::with_capacity(now as usize * input.len() + 64);
            for _ in 0..now {
                buffer.extend_from_slice(input);
            }
            let start = Instant::now();
            for _ in 0..now {
                operation(&mut buffer);
            }
            elapsed += start.elapsed();
            times -= now;
        }
        elapsed
    })
}
