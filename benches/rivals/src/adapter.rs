//! Adapters from the functions of a codec to the tasks of an engine.
//!
//! There are two kinds of decoders: those that take a slice, and those that consume the front of a `BytesMut`. Each
//! gets its input in the form that it needs. If packets are decoded one by one, the time to prepare this form is not
//! measured. Streams are read in the natural way of each kind: into a `BytesMut`, or into a `Vec` in which the packets
//! are decoded in place.

use bytes::BytesMut;
use core::hint::black_box;
use core::marker::PhantomData;
use core::time::Duration;
use mqtt_benches::engine::{Engine, Group, Kind, Made, NO_SUCH_OPERATION, REFUSED, Skipped, Task};
use mqtt_benches::engines::{check_written, sum_of};
use mqtt_benches::place::{output, room};
use mqtt_benches::sum::Sum;
use mqtt_benches::workloads::{Topics, Workload, segments, split, trickle};
use mqtt_codec::ProtocolVersion;
use std::time::Instant;

/// The functions that every codec has.
pub trait Codec: Sized + 'static {
    /// A decoded packet, whatever its type.
    type Packet<'a>;

    /// Creates a codec for a connection of this version.
    fn new(version: ProtocolVersion) -> Self;

    /// Appends the packet to the buffer. Returns `false` if it cannot.
    fn encode(&mut self, packet: &Self::Packet<'_>, output: &mut BytesMut) -> bool;

    /// Encodes into a slice instead. Returns `None` if the codec cannot do this.
    fn encode_slice(&mut self, _: &Self::Packet<'_>, _: &mut [u8]) -> Option<usize> {
        None
    }

    /// Whether the codec has only `encode_slice`.
    const ENCODES_SLICES: bool = false;

    /// Returns the reason why a packet must not be measured although it is decoded.
    fn unfit(_: &Self::Packet<'_>) -> Option<Skipped> {
        None
    }

    /// Returns the encoded length of the packet.
    fn encoded_len(_: &Self::Packet<'_>) -> Option<usize> {
        None
    }

    /// Replaces the Packet Identifier of a PUBLISH. Returns `false` if this is impossible.
    fn renumber(_: &mut Self::Packet<'_>) -> bool {
        false
    }

    /// Reads every field. Returns `false` if reading is not implemented.
    fn read(_: &Self::Packet<'_>, _: &mut Sum) -> bool {
        false
    }

    /// Encodes a packet by value. `None` if the codec takes packets by reference. A codec that takes packets by value
    /// gets clones that were made before.
    fn encode_owned() -> Option<Eats<Self>> {
        None
    }
}

/// The functions that clone a packet and encode the clone by value.
pub struct Eats<C: Codec> {
    /// Clones the packet.
    pub copy: fn(&C::Packet<'static>) -> C::Packet<'static>,
    /// Encodes the clone.
    pub encode: fn(&mut C, C::Packet<'static>, &mut BytesMut) -> bool,
}

/// Decoding from a slice.
pub trait Slicer: Codec {
    /// Decodes a frame: one packet, from its first byte to its last.
    fn decode<'a>(&mut self, frame: &'a [u8]) -> Option<Self::Packet<'a>>;
}

/// Decoding from the front of a `BytesMut`, which removes the bytes.
pub trait Eater: Codec<Packet<'static> = <Self as Eater>::Owned> {
    /// The packet.
    type Owned: 'static;

    /// Decodes a packet. Returns `None` if it is incomplete or refused.
    fn eat(&mut self, buffer: &mut BytesMut) -> Option<Self::Owned>;
}

/// Replaces the Packet Identifier.
pub const fn other_identifier(identifier: u16) -> u16 {
    match identifier ^ 0x5555 {
        0 => 1,
        other => other,
    }
}

const DOES_NOT_ENCODE: Skipped = "does not encode what it has decoded";
const UNREAD: Skipped = "is not read: nobody has written down how";
const READS_OTHERWISE: Skipped = "reads other fields";
const NOT_RENUMBERED: Skipped = "gives a packet no other identifier";

/// A slicer as an engine.
struct Slicing<C>(PhantomData<fn() -> C>);

impl<C: Slicer> Slicing<C> {
    fn task<'w>(group: Group, workload: &'w Workload) -> Made<'w> {
        let (bytes, version) = (&workload.bytes[..], workload.version);
        let mut codec = C::new(version);
        let mut packets: Vec<C::Packet<'w>> = Vec::new();
        let mut rest = bytes;
        while let Some((frame, after)) = split(rest) {
            packets.push(codec.decode(frame).ok_or(REFUSED)?);
            rest = after;
        }
        if !rest.is_empty() {
            return Err(REFUSED);
        }
        Ok(match group {
            Group::Decode if !workload.is_stream => Task::new(move || codec.decode(black_box(bytes))),
            Group::Decode => Task::new(move || {
                let mut rest = black_box(bytes);
                while let Some((frame, after)) = split(rest) {
                    let packet = codec.decode(frame);
                    black_box(&packet);
                    rest = after;
                }
            }),
            Group::Read => {
                let mut sum = Sum::default();
                if !packets.iter().all(|packet| C::read(packet, &mut sum)) {
                    return Err(UNREAD);
                }
                if sum != sum_of(workload) {
                    return Err(READS_OTHERWISE);
                }
                Task::new(move || {
                    let mut sum = Sum::default();
                    let mut rest = black_box(bytes);
                    while let Some((frame, after)) = split(rest) {
                        if let Some(packet) = &codec.decode(frame) {
                            C::read(packet, &mut sum);
                        }
                        rest = after;
                    }
                    sum.done()
                })
            }
            Group::Encode if C::ENCODES_SLICES => {
                let mut output = room(2 * bytes.len() + 64);
                let len = encode_slices(&mut codec, &packets, &mut output).ok_or(DOES_NOT_ENCODE)?;
                check_written(&output[..len], workload)?;
                Task::new(move || {
                    let len = encode_slices(&mut codec, black_box(&packets), &mut output);
                    black_box(&output);
                    len
                })
            }
            Group::Encode => {
                let mut output = output(2 * bytes.len() + 64);
                if !packets.iter().all(|packet| codec.encode(packet, &mut output)) {
                    return Err(DOES_NOT_ENCODE);
                }
                check_written(&output, workload)?;
                Task::new(move || {
                    output.clear();
                    for packet in black_box(&packets) {
                        codec.encode(packet, &mut output);
                    }
                    black_box(&output);
                })
            }
            Group::EncodedLen => lengths::<C>(packets)?,
            Group::StreamWhole => Self::stream(vec![bytes], codec),
            Group::StreamSegments => Self::stream(segments(bytes), codec),
            Group::StreamTrickled => Self::stream(trickle(bytes), codec),
            Group::Forward if !packets.iter_mut().all(|packet| C::renumber(packet)) => return Err(NOT_RENUMBERED),
            Group::Forward if C::ENCODES_SLICES => {
                let mut output = room(2 * bytes.len() + 64);
                Task::new(move || {
                    let mut len = 0;
                    let mut rest = black_box(bytes);
                    while let Some((frame, after)) = split(rest) {
                        if let Some(packet) = &mut codec.decode(frame) {
                            C::renumber(packet);
                            len += codec.encode_slice(packet, &mut output[len..]).unwrap_or(0);
                        }
                        rest = after;
                    }
                    black_box(&output);
                    len
                })
            }
            Group::Forward => {
                let mut output = output(2 * bytes.len() + 64);
                Task::new(move || {
                    output.clear();
                    let mut rest = black_box(bytes);
                    while let Some((frame, after)) = split(rest) {
                        if let Some(packet) = &mut codec.decode(frame) {
                            C::renumber(packet);
                            codec.encode(packet, &mut output);
                        }
                        rest = after;
                    }
                    black_box(&output);
                })
            }
            Group::Match => return Err(NO_SUCH_OPERATION),
        })
    }

    fn stream<'w>(pieces: Vec<&'w [u8]>, mut codec: C) -> Task<'w> {
        let mut buffer: Vec<u8> = Vec::new();
        Task::new(move || {
            buffer.clear();
            let mut packets = 0;
            for piece in black_box(&pieces) {
                buffer.extend_from_slice(piece);
                let mut rest = &buffer[..];
                while let Some((frame, after)) = split(rest) {
                    let packet = codec.decode(frame);
                    black_box(&packet);
                    packets += 1;
                    rest = after;
                }
                let start = buffer.len() - rest.len();
                if start > 0 {
                    buffer.copy_within(start.., 0);
                    buffer.truncate(buffer.len() - start);
                }
            }
            packets
        })
    }
}

fn encode_slices<C: Codec>(codec: &mut C, packets: &[C::Packet<'_>], output: &mut [u8]) -> Option<usize> {
    let mut len = 0;
    for packet in packets {
        len += codec.encode_slice(packet, output.get_mut(len..)?)?;
    }
    Some(len)
}

fn lengths<'w, C: Codec>(packets: Vec<C::Packet<'w>>) -> Made<'w> {
    if !packets.iter().all(|packet| C::encoded_len(packet).is_some()) {
        return Err(NO_SUCH_OPERATION);
    }
    Ok(Task::new(move || black_box(&packets).iter().filter_map(|packet| C::encoded_len(packet)).sum::<usize>()))
}

/// An eater as an engine.
struct Eating<C>(PhantomData<fn() -> C>);

impl<C: Eater> Eating<C> {
    fn task<'w>(group: Group, workload: &'w Workload) -> Made<'w> {
        let (bytes, version) = (&workload.bytes[..], workload.version);
        let mut codec = C::new(version);
        let mut packets = Vec::new();
        let mut buffer = BytesMut::from(bytes);
        while let Some(packet) = codec.eat(&mut buffer) {
            packets.push(packet);
        }
        if !buffer.is_empty() || packets.len() != workload.packets {
            return Err(REFUSED);
        }
        if let Some(why) = packets.iter().find_map(|packet| C::unfit(packet)) {
            return Err(why);
        }
        let count = workload.packets;
        Ok(match group {
            Group::Decode if !workload.is_stream => Task::eating(bytes, move |buffer| codec.eat(buffer)),
            Group::Decode => Task::eating(bytes, move |buffer| {
                for _ in 0..count {
                    let packet = codec.eat(buffer);
                    black_box(&packet);
                }
            }),
            Group::Read => {
                let mut sum = Sum::default();
                if !packets.iter().all(|packet| C::read(packet, &mut sum)) {
                    return Err(UNREAD);
                }
                if sum != sum_of(workload) {
                    return Err(READS_OTHERWISE);
                }
                Task::eating(bytes, move |buffer| {
                    let mut sum = Sum::default();
                    for _ in 0..count {
                        if let Some(packet) = &codec.eat(buffer) {
                            C::read(packet, &mut sum);
                        }
                    }
                    sum.done()
                })
            }
            Group::Encode => {
                let mut output = output(2 * bytes.len() + 64);
                if let Some(eats) = C::encode_owned() {
                    for packet in &packets {
                        (eats.encode)(&mut codec, (eats.copy)(packet), &mut output);
                    }
                    check_written(&output, workload)?;
                    return Ok(encode_copies(codec, packets, eats, output));
                }
                if !packets.iter().all(|packet| codec.encode(packet, &mut output)) {
                    return Err(DOES_NOT_ENCODE);
                }
                check_written(&output, workload)?;
                Task::new(move || {
                    output.clear();
                    for packet in black_box(&packets) {
                        codec.encode(packet, &mut output);
                    }
                    black_box(&output);
                })
            }
            Group::EncodedLen => lengths::<C>(packets)?,
            Group::StreamWhole => Self::stream(vec![bytes], codec),
            Group::StreamSegments => Self::stream(segments(bytes), codec),
            Group::StreamTrickled => Self::stream(trickle(bytes), codec),
            Group::Forward => {
                if !packets.iter_mut().all(|packet| C::renumber(packet)) {
                    return Err(NOT_RENUMBERED);
                }
                let mut output = output(2 * bytes.len() + 64);
                let eats = C::encode_owned();
                Task::eating(bytes, move |buffer| {
                    output.clear();
                    for _ in 0..count {
                        let Some(mut packet) = codec.eat(buffer) else { continue };
                        C::renumber(&mut packet);
                        match &eats {
                            Some(eats) => (eats.encode)(&mut codec, packet, &mut output),
                            None => codec.encode(&packet, &mut output),
                        };
                    }
                    black_box(&output);
                })
            }
            Group::Match => return Err(NO_SUCH_OPERATION),
        })
    }

    fn stream<'w>(pieces: Vec<&'w [u8]>, mut codec: C) -> Task<'w> {
        let mut buffer = BytesMut::new();
        Task::new(move || {
            buffer.clear();
            let mut packets = 0;
            for piece in black_box(&pieces) {
                buffer.extend_from_slice(piece);
                while let Some(packet) = codec.eat(&mut buffer) {
                    black_box(&packet);
                    packets += 1;
                }
            }
            packets
        })
    }
}

/// The clones are made before the measurement starts.
fn encode_copies<'w, C: Eater>(mut codec: C, packets: Vec<C::Owned>, eats: Eats<C>, mut output: BytesMut) -> Task<'w> {
    let at_once = (256 / packets.len()).max(1) as u64;
    Task::timed(move |mut times| {
        let mut elapsed = Duration::ZERO;
        while times > 0 {
            let now = times.min(at_once);
            let copies: Vec<_> = (0..now).flat_map(|_| &packets).map(|packet| (eats.copy)(packet)).collect();
            let mut copies = copies.into_iter();
            let start = Instant::now();
            for _ in 0..now {
                output.clear();
                for packet in copies.by_ref().take(packets.len()) {
                    (eats.encode)(&mut codec, packet, &mut output);
                }
                black_box(&output);
            }
            elapsed += start.elapsed();
            times -= now;
        }
        elapsed
    })
}

type MakeTask = for<'w> fn(Group, &'w Workload) -> Made<'w>;
type MakeMatching = for<'w> fn(&'w Topics) -> Made<'w>;

/// A crate, with a codec for each version that it supports.
pub struct Rival {
    name: &'static str,
    v3_1: Option<MakeTask>,
    v3_1_1: Option<MakeTask>,
    v5: Option<MakeTask>,
    matching: Option<MakeMatching>,
    kind: Kind,
}

impl Rival {
    /// Creates a crate without a codec.
    pub const fn new(name: &'static str) -> Self {
        Self { name, v3_1: None, v3_1_1: None, v5: None, matching: None, kind: Kind::Rival }
    }

    fn with(mut self, versions: &[ProtocolVersion], make: MakeTask) -> Self {
        for version in versions {
            match version {
                ProtocolVersion::V3_1 => self.v3_1 = Some(make),
                ProtocolVersion::V3_1_1 => self.v3_1_1 = Some(make),
                ProtocolVersion::V5 => self.v5 = Some(make),
            }
        }
        self
    }

    /// Adds a codec that decodes slices of these versions.
    pub fn slicing<C: Slicer>(self, versions: &[ProtocolVersion]) -> Self {
        self.with(versions, Slicing::<C>::task)
    }

    /// Adds a codec that decodes from a `BytesMut`.
    pub fn eating<C: Eater>(self, versions: &[ProtocolVersion]) -> Self {
        self.with(versions, Eating::<C>::task)
    }

    /// Adds a codec with another interface.
    pub fn otherwise(self, versions: &[ProtocolVersion], make: MakeTask) -> Self {
        self.with(versions, make)
    }

    /// Records that its packets borrow.
    pub const fn borrowing(self) -> Self {
        Self { kind: Kind::BorrowingRival, ..self }
    }

    /// Adds a function that matches topics.
    pub const fn matching(self, make: MakeMatching) -> Self {
        Self { matching: Some(make), ..self }
    }

    /// Converts the crate into an engine.
    pub fn boxed(self) -> Box<dyn Engine> {
        Box::new(self)
    }
}

impl Engine for Rival {
    fn name(&self) -> &'static str {
        self.name
    }

    fn kind(&self) -> Kind {
        self.kind
    }

    fn task<'w>(&self, group: Group, workload: &'w Workload) -> Made<'w> {
        let make = match workload.version {
            ProtocolVersion::V3_1 => self.v3_1,
            ProtocolVersion::V3_1_1 => self.v3_1_1,
            ProtocolVersion::V5 => self.v5,
        };
        make.ok_or("does not have this version")?(group, workload)
    }

    fn matching<'w>(&self, topics: &'w Topics) -> Made<'w> {
        self.matching.ok_or("matches no topics")?(topics)
    }
}

/// Matches by a function of two texts: the Topic Name, then the filter.
pub fn match_texts<'w>(topics: &'w Topics, matches: fn(&str, &str) -> bool) -> Made<'w> {
    let is_right = |(filter, name, verdict): &(String, String, bool)| matches(name, filter) == *verdict;
    if !topics.pairs.iter().all(is_right) {
        return Err("gives another verdict");
    }
    Ok(Task::new(move || black_box(&topics.pairs).iter().filter(|(filter, name, _)| matches(name, filter)).count()))
}
