//! The codec, the floors and memcpy as engines.

use crate::engine::{Engine, Group, Kind, Made, NO_SUCH_OPERATION, REFUSED, Task, WRITES_OTHERWISE};
use crate::floor::{self, Fused, Plain, Text};
use crate::place::{output, room};
use crate::sum::{Sum, read};
use crate::workloads::{Topics, Workload, longest, segments, trickle};
use bytes::{Buf, Bytes, BytesMut};
use core::hint::black_box;
use core::marker::PhantomData;
use mqtt_codec::{
    DecodeOptions, Decoded, Encode, Forward, Frame, Packet, PacketIdentifier, ProtocolVersion, SliceDecoder,
    StreamDecoder, StreamItem, StreamOptions, Subscriber, TopicFilter, TopicName, decode, decode_shared,
};

/// Returns the engines of this package.
#[must_use]
pub fn own() -> Vec<Box<dyn Engine>> {
    vec![
        Box::new(Ours),
        Box::new(OursShared),
        Box::new(OursFrames),
        Box::new(PLAIN),
        Box::new(FUSED),
        Box::new(FrameFloor),
        Box::new(Memcpy),
        Box::new(Append),
    ]
}

/// This codec, borrowing and encoding into slices.
#[derive(Clone, Copy, Debug)]
pub struct Ours;

/// Returns a Packet Identifier that differs from the old one.
fn other_identifier(identifier: u16) -> PacketIdentifier {
    PacketIdentifier::new(identifier ^ 0x5555).unwrap_or(PacketIdentifier::MIN)
}

fn stream_options(version: ProtocolVersion) -> StreamOptions {
    let largest = DecodeOptions::LARGEST_PACKET;
    StreamOptions::either(Some(version)).with_maximum_packet_size(largest).with_maximum_connect_size(largest)
}

/// Calls a function with each packet. Returns `false` if the bytes are not a sequence of whole packets.
#[inline]
fn decode_all<'a>(mut rest: &'a [u8], version: ProtocolVersion, mut found: impl FnMut(&Packet<&'a [u8]>)) -> bool {
    while !rest.is_empty() {
        // By reference, because moving a packet is expensive.
        match &decode(rest, version) {
            Ok(Decoded::Complete { packet, consumed }) => {
                found(packet);
                rest = rest.get(*consumed..).unwrap_or_default();
            }
            _ => return false,
        }
    }
    true
}

#[inline]
fn decode_all_shared(bytes: &Bytes, version: ProtocolVersion, mut found: impl FnMut(&Packet<Bytes>)) -> bool {
    let mut rest = bytes.clone();
    while !rest.is_empty() {
        match &decode_shared(&rest, version) {
            Ok(Decoded::Complete { packet, consumed }) => {
                found(packet);
                rest.advance(*consumed);
            }
            _ => return false,
        }
    }
    true
}

/// Replaces the Packet Identifier of a PUBLISH that has one.
#[inline]
fn forwarded<B>(packet: &mut Packet<B>) {
    if let Packet::Publish(publish) = packet {
        if let Some(identifier) = publish.packet_identifier() {
            publish.delivery = publish.delivery.with_packet_identifier(other_identifier(identifier.get()));
        }
    }
}

impl Engine for Ours {
    fn name(&self) -> &'static str {
        "ours"
    }

    fn kind(&self) -> Kind {
        Kind::Ours
    }

    fn task<'w>(&self, group: Group, workload: &'w Workload) -> Made<'w> {
        let (bytes, version) = (&workload.bytes[..], workload.version);
        let mut packets = Vec::new();
        if !decode_all(bytes, version, |packet| packets.push(*packet)) {
            return Err(REFUSED);
        }
        Ok(match (group, workload.is_stream) {
            (Group::Decode, false) => Task::new(move || decode(black_box(bytes), version)),
            (Group::Decode, true) => Task::new(move || {
                decode_all(black_box(bytes), version, |packet| {
                    black_box(packet);
                })
            }),
            (Group::Read, _) => Task::new(move || {
                let mut sum = Sum::default();
                decode_all(black_box(bytes), version, |packet| read(&mut sum, packet, version.is_v3()));
                sum.done()
            }),
            (Group::Encode, _) => {
                let mut output = room(bytes.len()); // encoded packets are never longer than the received ones
                Task::new(move || {
                    let mut free = &mut output[..];
                    for packet in black_box(&packets) {
                        let Ok(len) = packet.encode(version, free) else { return false };
                        free = &mut free[len..];
                    }
                    black_box(&output);
                    true
                })
            }
            (Group::EncodedLen, _) => Task::new(move || {
                black_box(&packets).iter().map(|packet| packet.encoded_len(version).unwrap_or(0)).sum::<usize>()
            }),
            (Group::StreamWhole, _) => slice_stream(vec![bytes], workload),
            (Group::StreamSegments, _) => slice_stream(segments(bytes), workload),
            (Group::StreamTrickled, _) => slice_stream(trickle(bytes), workload),
            (Group::Forward, _) => {
                let mut output = room(bytes.len()); // encoded packets are never longer than the received ones
                Task::new(move || {
                    let mut free = &mut output[..];
                    let mut rest = black_box(bytes);
                    while !rest.is_empty() {
                        let Ok(Decoded::Complete { packet, consumed }) = &mut decode(rest, version) else {
                            return false;
                        };
                        forwarded(packet);
                        let Ok(len) = packet.encode(version, free) else { return false };
                        free = &mut free[len..];
                        rest = &rest[*consumed..];
                    }
                    black_box(&output);
                    true
                })
            }
            (Group::Match, _) => return Err(NO_SUCH_OPERATION),
        })
    }

    fn matching<'w>(&self, topics: &'w Topics) -> Made<'w> {
        let mut pairs = Vec::new();
        for (filter, name, verdict) in &topics.pairs {
            let filter = TopicFilter::new(&filter[..]).map_err(|_| REFUSED)?;
            let name = TopicName::new(&name[..]).map_err(|_| REFUSED)?;
            if filter.matches(&name) != *verdict {
                return Err("gives another verdict");
            }
            pairs.push((filter, name));
        }
        Ok(Task::new(move || black_box(&pairs).iter().filter(|(filter, name)| filter.matches(name)).count()))
    }
}

/// Creates the task of the stream decoder over a slice. The pieces are copied into its space.
fn slice_stream<'w>(pieces: Vec<&'w [u8]>, workload: &'w Workload) -> Task<'w> {
    // Large enough for one read and an incomplete packet before it.
    let piece = pieces.iter().map(|piece| piece.len()).max().unwrap_or(0);
    let mut storage = vec![0; piece + longest(&workload.bytes)];
    let options = stream_options(workload.version);
    Task::new(move || {
        let mut decoder = SliceDecoder::new(options, &mut storage);
        let mut packets = 0;
        for piece in black_box(&pieces) {
            let mut rest = *piece;
            while !rest.is_empty() {
                let space = decoder.space();
                let len = space.len().min(rest.len());
                if len == 0 {
                    return 0; // an error
                }
                space[..len].copy_from_slice(&rest[..len]);
                decoder.filled(len);
                rest = &rest[len..];
                while let Ok(Some(item)) = &decoder.next_item() {
                    black_box(item);
                    packets += 1;
                }
            }
        }
        packets
    })
}

/// This codec, sharing and encoding into a `BytesMut`.
#[derive(Clone, Copy, Debug)]
pub struct OursShared;

impl Engine for OursShared {
    fn name(&self) -> &'static str {
        "ours, shared"
    }

    fn kind(&self) -> Kind {
        Kind::OursShared
    }

    fn task<'w>(&self, group: Group, workload: &'w Workload) -> Made<'w> {
        let (bytes, version) = (&workload.bytes, workload.version);
        let mut packets = Vec::new();
        if !decode_all_shared(bytes, version, |packet| packets.push(packet.clone())) {
            return Err(REFUSED);
        }
        let mut output = output(bytes.len());
        Ok(match (group, workload.is_stream) {
            (Group::Decode, false) => Task::new(move || decode_shared(black_box(bytes), version)),
            (Group::Decode, true) => Task::new(move || {
                decode_all_shared(black_box(bytes), version, |packet| {
                    black_box(packet);
                })
            }),
            (Group::Read, _) => Task::new(move || {
                let mut sum = Sum::default();
                decode_all_shared(black_box(bytes), version, |packet| {
                    read(&mut sum, &packet.as_borrowed(), version.is_v3());
                });
                sum.done()
            }),
            (Group::Encode, _) => Task::new(move || {
                output.clear();
                for packet in black_box(&packets) {
                    if packet.encode_to(version, &mut output).is_err() {
                        return false;
                    }
                }
                black_box(&output);
                true
            }),
            (Group::EncodedLen | Group::Match, _) => return Err(NO_SUCH_OPERATION),
            (Group::StreamWhole, _) => shared_stream(vec![bytes], workload),
            (Group::StreamSegments, _) => shared_stream(segments(bytes), workload),
            (Group::StreamTrickled, _) => shared_stream(trickle(bytes), workload),
            (Group::Forward, _) => Task::new(move || {
                output.clear();
                let mut rest = black_box(bytes).clone();
                while !rest.is_empty() {
                    let Ok(Decoded::Complete { packet, consumed }) = &mut decode_shared(&rest, version) else {
                        return false;
                    };
                    rest.advance(*consumed);
                    forwarded(packet);
                    if packet.encode_to(version, &mut output).is_err() {
                        return false;
                    }
                }
                black_box(&output);
                true
            }),
        })
    }
}

fn shared_stream<'w>(pieces: Vec<&'w [u8]>, workload: &'w Workload) -> Task<'w> {
    let options = stream_options(workload.version);
    growing_stream(pieces, move || StreamDecoder::new(options), StreamDecoder::next_item)
}

fn frame_stream<'w>(pieces: Vec<&'w [u8]>, workload: &'w Workload) -> Task<'w> {
    let options = stream_options(workload.version);
    growing_stream(pieces, move || StreamDecoder::new(options), StreamDecoder::next_frame)
}

/// Creates the task of a decoder over a buffer that reads are appended to. `start` makes the decoder of one stream.
fn growing_stream<'w, D, T, E>(
    pieces: Vec<&'w [u8]>,
    start: impl Fn() -> D + 'w,
    next: impl Fn(&mut D, &mut BytesMut) -> Result<Option<T>, E> + 'w,
) -> Task<'w> {
    let mut buffer = BytesMut::new();
    Task::new(move || {
        buffer.clear();
        let mut decoder = start();
        let mut packets = 0;
        for piece in black_box(&pieces) {
            buffer.extend_from_slice(piece);
            while let Ok(Some(item)) = &next(&mut decoder, &mut buffer) {
                black_box(item);
                packets += 1;
            }
        }
        packets
    })
}

/// This codec, keeping packets as frames, and forwarding a PUBLISH that was prepared once.
#[derive(Clone, Copy, Debug)]
pub struct OursFrames;

impl Engine for OursFrames {
    fn name(&self) -> &'static str {
        "ours, frames"
    }

    fn kind(&self) -> Kind {
        Kind::OursFrames
    }

    fn task<'w>(&self, group: Group, workload: &'w Workload) -> Made<'w> {
        let (bytes, version) = (&workload.bytes, workload.version);
        let mut packets = 0;
        if !decode_all(bytes, version, |_| packets += 1) {
            return Err(REFUSED);
        }
        let mut decoder = StreamDecoder::new(stream_options(version));
        Ok(match (group, workload.is_stream) {
            (Group::Decode, false) => Task::eating(bytes, move |buffer| decoder.next_frame(buffer)),
            (Group::StreamWhole, _) => frame_stream(vec![bytes], workload),
            (Group::StreamSegments, _) => frame_stream(segments(bytes), workload),
            (Group::StreamTrickled, _) => frame_stream(trickle(bytes), workload),
            (Group::Forward, false) => forward_to_many(bytes, version)?,
            _ => return Err(NO_SUCH_OPERATION),
        })
    }
}

/// The message is prepared once. An operation encodes it for one subscriber, with the next Packet Identifier.
fn forward_to_many(bytes: &Bytes, version: ProtocolVersion) -> Made<'static> {
    let decoded = Frame::decode(bytes, version).map_err(|_| REFUSED)?;
    let frame = decoded.complete().and_then(|(frame, _)| frame.into_publish().ok()).ok_or(REFUSED)?;
    let mut output = output(bytes.len());
    let mut delivery = frame.delivery();
    Ok(Task::batches(move |times| {
        let Ok(forward) = Forward::from_frame(black_box(&frame), version) else { return };
        for _ in 0..times {
            output.clear();
            if let Some(identifier) = delivery.packet_identifier() {
                delivery = delivery.with_packet_identifier(identifier.next());
            }
            let written = forward.encode_to(&Subscriber::new(delivery), &mut output);
            black_box((&output, written.is_ok()));
        }
    }))
}

/// Decodes a stream in pieces of another size than the groups about streams.
#[must_use]
pub fn stream_in_pieces<'w>(kind: Kind, pieces: Vec<&'w [u8]>, workload: &'w Workload) -> Option<Task<'w>> {
    match kind {
        Kind::Ours => Some(slice_stream(pieces, workload)),
        Kind::OursShared => Some(shared_stream(pieces, workload)),
        Kind::Floor => Some(by_hand_stream::<Plain>(pieces, workload)),
        Kind::OursFrames => Some(frame_stream(pieces, workload)),
        Kind::Rival | Kind::BorrowingRival => None,
    }
}

/// Returns the number of packets that this codec's stream decoder finds in a stream in pieces, for a test.
#[must_use]
pub fn packets_in_pieces(pieces: &[&[u8]], version: ProtocolVersion) -> usize {
    let mut decoder = StreamDecoder::new(stream_options(version));
    let mut buffer = BytesMut::new();
    let mut packets = 0;
    for piece in pieces {
        buffer.extend_from_slice(piece);
        while let Ok(Some(StreamItem::Packet(_))) = decoder.next_item(&mut buffer) {
            packets += 1;
        }
    }
    packets
}

/// A decoder written by hand.
#[derive(Clone, Copy, Debug)]
pub struct Floor<T> {
    name: &'static str,
    text: PhantomData<fn() -> T>,
}

/// Text is checked with `core::str::from_utf8` and one more scan.
pub const PLAIN: Floor<Plain> = Floor { name: "plain floor", text: PhantomData };
/// Text is checked in one pass.
pub const FUSED: Floor<Fused> = Floor { name: "fused floor", text: PhantomData };

#[inline]
fn decode_all_by_hand<'a, T: Text>(
    mut rest: &'a [u8],
    version: ProtocolVersion,
    mut found: impl FnMut(&floor::Packet<'a>, &'a [u8]),
) -> bool {
    while !rest.is_empty() {
        let Ok(Some(frame)) = floor::frame(rest, version) else { return false };
        let Ok(packet) = &floor::packet::<T>(frame, version) else { return false };
        let (bytes, after) = rest.split_at(frame.len);
        found(packet, bytes);
        rest = after;
    }
    true
}

impl<T: Text + 'static> Engine for Floor<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn kind(&self) -> Kind {
        Kind::Floor
    }

    fn task<'w>(&self, group: Group, workload: &'w Workload) -> Made<'w> {
        let (bytes, version) = (&workload.bytes[..], workload.version);
        if !decode_all_by_hand::<T>(bytes, version, |_, _| {}) {
            return Err(REFUSED);
        }
        Ok(match (group, workload.is_stream) {
            (Group::Decode, false) => Task::new(move || match floor::frame(black_box(bytes), version) {
                Ok(Some(frame)) => floor::packet::<T>(frame, version),
                _ => Err(floor::Malformed),
            }),
            (Group::Decode, true) => Task::new(move || {
                decode_all_by_hand::<T>(black_box(bytes), version, |packet, _| {
                    black_box(packet);
                })
            }),
            (Group::Read, _) => Task::new(move || {
                let mut sum = Sum::default();
                decode_all_by_hand::<T>(black_box(bytes), version, |packet, _| floor::read(&mut sum, packet));
                sum.done()
            }),
            (Group::StreamWhole, _) => by_hand_stream::<T>(vec![bytes], workload),
            (Group::StreamSegments, _) => by_hand_stream::<T>(segments(bytes), workload),
            (Group::StreamTrickled, _) => by_hand_stream::<T>(trickle(bytes), workload),
            (Group::Forward, _) => {
                // The packet is copied, and the identifier patched in the copy.
                let mut output = output(bytes.len());
                Task::new(move || {
                    output.clear();
                    let is_whole = decode_all_by_hand::<T>(black_box(bytes), version, |packet, frame| {
                        let start = output.len();
                        output.extend_from_slice(frame);
                        if let floor::Packet::Publish(publish) = packet {
                            if publish.packet_identifier != 0 {
                                let identifier = other_identifier(publish.packet_identifier).get().to_be_bytes();
                                let header = 1 + frame[1..].iter().take_while(|byte| **byte >= 0x80).count() + 1;
                                let place = start + header + 2 + publish.topic_name.len();
                                output[place..place + 2].copy_from_slice(&identifier);
                            }
                        }
                    });
                    black_box(&output);
                    is_whole
                })
            }
            (Group::Encode | Group::EncodedLen | Group::Match, _) => return Err(NO_SUCH_OPERATION),
        })
    }

    fn matching<'w>(&self, topics: &'w Topics) -> Made<'w> {
        let pairs: Vec<(&[u8], &[u8])> =
            topics.pairs.iter().map(|(filter, name, _)| (filter.as_bytes(), name.as_bytes())).collect();
        if pairs.iter().zip(&topics.pairs).any(|((filter, name), pair)| floor::matches(filter, name) != pair.2) {
            return Err("gives another verdict");
        }
        Ok(Task::new(move || black_box(&pairs).iter().filter(|(filter, name)| floor::matches(filter, name)).count()))
    }
}

/// Reads are appended to a buffer, packets are decoded in place, and the rest is moved to the front.
fn by_hand_stream<'w, T: Text>(pieces: Vec<&'w [u8]>, workload: &'w Workload) -> Task<'w> {
    let version = workload.version;
    let mut buffer: Vec<u8> = Vec::new();
    Task::new(move || {
        buffer.clear();
        let mut packets = 0;
        for piece in black_box(&pieces) {
            buffer.extend_from_slice(piece);
            let mut start = 0;
            while let Ok(Some(frame)) = floor::frame(&buffer[start..], version) {
                let packet = floor::packet::<T>(frame, version);
                black_box(&packet);
                start += frame.len;
                packets += 1;
            }
            if start > 0 {
                buffer.copy_within(start.., 0);
                buffer.truncate(buffer.len() - start);
            }
        }
        packets
    })
}

/// The least that it takes to keep a received packet: the fused floor checks it, and its bytes are split off the buffer.
/// It records neither the version nor where the fields are.
#[derive(Clone, Copy, Debug)]
pub struct FrameFloor;

impl Engine for FrameFloor {
    fn name(&self) -> &'static str {
        "frame floor"
    }

    fn kind(&self) -> Kind {
        Kind::Floor
    }

    fn task<'w>(&self, group: Group, workload: &'w Workload) -> Made<'w> {
        let (bytes, version) = (&workload.bytes[..], workload.version);
        if !decode_all_by_hand::<Fused>(bytes, version, |_, _| {}) {
            return Err(REFUSED);
        }
        let stream = |pieces| growing_stream(pieces, || (), move |(), buffer| keep_by_hand(buffer, version));
        Ok(match (group, workload.is_stream) {
            (Group::Decode, false) => Task::eating(bytes, move |buffer| keep_by_hand(buffer, version)),
            (Group::StreamWhole, _) => stream(vec![bytes]),
            (Group::StreamSegments, _) => stream(segments(bytes)),
            (Group::StreamTrickled, _) => stream(trickle(bytes)),
            _ => return Err(NO_SUCH_OPERATION),
        })
    }
}

#[inline]
fn keep_by_hand(buffer: &mut BytesMut, version: ProtocolVersion) -> floor::Result<Option<Bytes>> {
    let Some(frame) = floor::frame(buffer, version)? else { return Ok(None) };
    let len = frame.len;
    floor::packet::<Fused>(frame, version)?;
    Ok(Some(buffer.split_to(len).freeze()))
}

/// Copies packets that are already encoded, which is the least that an encoder must do.
#[derive(Clone, Copy, Debug)]
pub struct Memcpy;

impl Engine for Memcpy {
    fn name(&self) -> &'static str {
        "memcpy"
    }

    fn kind(&self) -> Kind {
        Kind::Floor
    }

    fn task<'w>(&self, group: Group, workload: &'w Workload) -> Made<'w> {
        if group == Group::Forward && !workload.is_stream {
            // Appends to a buffer, as an encoder does.
            let mut output = output(workload.bytes.len());
            return Ok(Task::new(move || {
                output.clear();
                output.extend_from_slice(black_box(&workload.bytes));
                black_box(&output);
            }));
        }
        if group != Group::Encode {
            return Err(NO_SUCH_OPERATION);
        }
        let packets = encoded_packets(workload);
        let mut output = room(workload.bytes.len());
        Ok(Task::new(move || {
            let mut free = &mut output[..];
            for packet in black_box(&packets) {
                let Some((room, rest)) = free.split_at_mut_checked(packet.len()) else { return false };
                room.copy_from_slice(packet);
                free = rest;
            }
            black_box(&output);
            true
        }))
    }
}

/// Appends packets that are already encoded to a `BytesMut`, which is the least that an encoder into one must do.
#[derive(Clone, Copy, Debug)]
pub struct Append;

impl Engine for Append {
    fn name(&self) -> &'static str {
        "append"
    }

    fn kind(&self) -> Kind {
        Kind::Floor
    }

    fn task<'w>(&self, group: Group, workload: &'w Workload) -> Made<'w> {
        if group != Group::Encode {
            return Err(NO_SUCH_OPERATION);
        }
        let packets = encoded_packets(workload);
        let mut output = output(workload.bytes.len());
        Ok(Task::new(move || {
            output.clear();
            for packet in black_box(&packets) {
                output.extend_from_slice(packet);
            }
            black_box(&output);
            true
        }))
    }
}

fn encoded_packets(workload: &Workload) -> Vec<&[u8]> {
    let mut packets = Vec::new();
    let mut rest = &workload.bytes[..];
    while let Some((packet, after)) = crate::workloads::split(rest) {
        packets.push(packet);
        rest = after;
    }
    packets
}

/// Checks the output of an engine for a workload: this codec must decode it to the same packets. The form of the bytes
/// may differ.
///
/// # Errors
///
/// [`WRITES_OTHERWISE`] if it has written others.
pub fn check_written(written: &[u8], workload: &Workload) -> Result<(), &'static str> {
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    let version = workload.version;
    let both = decode_all(&workload.bytes, version, |packet| expected.push(*packet))
        && decode_all(written, version, |packet| found.push(*packet));
    if both && expected == found { Ok(()) } else { Err(WRITES_OTHERWISE) }
}

/// Returns the sum that an engine must have read from a workload.
#[must_use]
pub fn sum_of(workload: &Workload) -> Sum {
    let mut sum = Sum::default();
    decode_all(&workload.bytes, workload.version, |packet| read(&mut sum, packet, workload.is_v3()));
    sum
}

/// Returns the sum that a floor reads from a workload, or `None` if it refuses the workload.
#[must_use]
pub fn sum_by_hand<T: Text>(workload: &Workload) -> Option<Sum> {
    let mut sum = Sum::default();
    decode_all_by_hand::<T>(&workload.bytes, workload.version, |packet, _| floor::read(&mut sum, packet)).then_some(sum)
}
