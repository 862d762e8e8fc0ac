//! Streaming: however the bytes arrive and whichever decoder takes them, the same packets and errors come out at the same
//! places, and they are those of decoding each packet by itself.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "in tests an overflow panics, and that is a failed test")]

extern crate alloc;

#[expect(dead_code, reason = "streams compare packets as a whole, not their JSON")]
mod support;

use alloc::collections::BTreeMap;
use arbitrary::Unstructured;
use bytes::{Bytes, BytesMut};
use mqtt_codec::DecodeErrorKind as Kind;
use mqtt_codec::{
    Connect, DecodeError, DecodeOptions, Decoded, Encode, Field, Packet, PacketType, ProtocolVersion, Publish,
    PushDecoder, ReasonCode, Role, Sender, SliceDecoder, StreamDecoder, StreamItem, StreamOptions, TopicName,
    Utf8String, VariableByteInteger, decode,
};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::Index;
use support::{from_hex, json_lines, kind_name, read, table, version_of_level};

/// What the tests know of an error.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fault {
    kind: Kind,
    field: Field,
    packet_type: PacketType,
    version: ProtocolVersion,
    offset: usize,
}

impl From<DecodeError> for Fault {
    fn from(error: DecodeError) -> Self {
        Self {
            kind: error.kind(),
            field: error.field(),
            packet_type: error.packet_type(),
            version: error.version(),
            offset: error.offset(),
        }
    }
}

/// What comes out of a stream. Where a payload is cut depends on how it arrives, so its pieces are joined.
#[derive(Clone, Debug, PartialEq)]
enum Event {
    Packet(Packet),
    Head(Publish, u32),
    Payload(Vec<u8>),
    Error(Fault),
}

/// All that comes out of a stream, each with the position after it; for an error that is where the packet begins.
#[derive(Clone, Debug, Default, PartialEq)]
struct Outcome {
    events: Vec<(Event, u64)>,
    position: u64,
    version: Option<ProtocolVersion>,
    /// Nobody knows where the next packet begins.
    is_lost: bool,
}

impl Outcome {
    fn push(&mut self, event: Event, position: u64) {
        match (event, self.events.last_mut()) {
            (Event::Payload(piece), Some((Event::Payload(before), end))) => {
                before.extend_from_slice(&piece);
                *end = position;
            }
            (event, _) => self.events.push((event, position)),
        }
    }

    fn packets(&self) -> Vec<&Packet> {
        self.events
            .iter()
            .filter_map(|(event, _)| if let Event::Packet(packet) = event { Some(packet) } else { None })
            .collect()
    }

    fn faults(&self) -> Vec<Fault> {
        self.events
            .iter()
            .filter_map(|(event, _)| if let Event::Error(fault) = event { Some(*fault) } else { None })
            .collect()
    }

    fn kinds(&self) -> Vec<Kind> {
        self.faults().iter().map(|fault| fault.kind).collect()
    }
}

// What is decoded, by hand.

/// All that matters for what comes out of a stream.
#[derive(Clone, Copy, Debug)]
struct Setup {
    role: Role,
    version: Option<ProtocolVersion>,
    limit: u32,
    connect_limit: u32,
    pieces_above: Option<u32>,
    head_limit: u32,
}

impl Setup {
    /// Nothing is too large.
    const fn new(role: Role, version: Option<ProtocolVersion>) -> Self {
        let largest = DecodeOptions::LARGEST_PACKET;
        Self { role, version, limit: largest, connect_limit: largest, pieces_above: None, head_limit: largest }
    }

    const fn in_pieces(self, above: u32) -> Self {
        Self { pieces_above: Some(above), ..self }
    }

    const fn limit(self, limit: u32) -> Self {
        Self { limit, ..self }
    }

    /// Every way to be one side of a connection.
    fn all() -> Vec<Self> {
        let versions = ProtocolVersion::ALL.map(Some);
        let clients = versions.map(|version| Self::new(Role::Client, version));
        let proxies = versions.map(|version| Self::new(Role::Either, version));
        let servers = versions.map(|version| Self::new(Role::Server, version));
        let learning = [Self::new(Role::Server, None), Self::new(Role::Either, None)];
        [&clients[..], &proxies, &servers, &learning].concat()
    }

    fn options(&self) -> StreamOptions {
        let options = match (self.role, self.version) {
            (Role::Server, None) => StreamOptions::server(),
            (Role::Server, Some(version)) => StreamOptions::server().version(version),
            (Role::Client, version) => StreamOptions::client(version.unwrap()),
            (Role::Either, version) => StreamOptions::either(version),
        };
        let options = options.maximum_packet_size(self.limit).maximum_connect_size(self.connect_limit);
        let options =
            options.maximum_head_size(self.head_limit).with_decode_options(|options| options.allow_bridge_bit(true));
        match self.pieces_above {
            Some(above) => options.payload_pieces_above(above),
            None => options,
        }
    }

    fn sender(&self) -> Sender {
        match self.role {
            Role::Server => Sender::Client,
            Role::Client => Sender::Server,
            Role::Either => Sender::Either,
        }
    }
}

/// Where a packet ends by its Remaining Length: counted from its first byte, and no other rule looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Extent {
    Known(usize),
    NotThere,
    Endless,
}

fn extent(packet: &[u8]) -> Extent {
    let mut len = 0;
    for (place, byte) in packet.iter().skip(1).enumerate().take(4) {
        len |= usize::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Extent::Known(len + place + 2);
        }
    }
    if packet.len() > 4 { Extent::Endless } else { Extent::NotThere }
}

/// Where each packet ends, the last one although it has not arrived.
fn ends(stream: &[u8]) -> Vec<usize> {
    let mut ends = vec![];
    let mut at = 0;
    while let Some(Extent::Known(len)) = stream.get(at..).map(extent) {
        at += len;
        ends.push(at);
    }
    ends
}

/// What is to come out: every packet decoded in one shot, and what is refused passed over by its Remaining Length.
fn expected(stream: &[u8], setup: &Setup) -> Outcome {
    let mut outcome = Outcome { version: setup.version, ..Outcome::default() };
    let mut awaits_connect = setup.role == Role::Server || setup.version.is_none();
    let mut at = 0;
    let position = |at: usize| u64::try_from(at).unwrap();
    while at < stream.len() {
        let rest = &stream[at..];
        let packet_type = PacketType::from_first_byte(rest[0]);
        let version = outcome.version.unwrap_or(ProtocolVersion::V3_1_1);
        let limit = if awaits_connect { setup.connect_limit.min(setup.limit) } else { setup.limit };
        let options =
            DecodeOptions::new(version).sender(setup.sender()).maximum_packet_size(limit).allow_bridge_bit(true);
        let fault = |kind, field, offset| Fault { kind, field, packet_type, version, offset };
        let refused = if outcome.version.is_none() && packet_type != PacketType::Connect {
            fault(Kind::ConnectExpected, Field::PacketType, 0)
        } else {
            match decode(rest, options) {
                Ok(Decoded::Incomplete { .. }) => break,
                Ok(Decoded::Complete { packet, consumed }) => {
                    if let Packet::Connect(connect) = &packet {
                        awaits_connect = false;
                        outcome.version = outcome.version.or(Some(connect.protocol_version));
                    }
                    at += consumed;
                    match packet.to_shared() {
                        Packet::Publish(mut publish)
                            if setup.pieces_above.is_some_and(|above| consumed > usize::try_from(above).unwrap()) =>
                        {
                            let payload = core::mem::take(&mut publish.payload);
                            let payload_len = u32::try_from(payload.len()).unwrap();
                            outcome.push(Event::Head(publish, payload_len), position(at - payload.len()));
                            if !payload.is_empty() {
                                outcome.push(Event::Payload(payload.to_vec()), position(at));
                            }
                        }
                        packet => outcome.push(Event::Packet(packet), position(at)),
                    }
                    continue;
                }
                Err(error) => error.into(),
            }
        };
        outcome.push(Event::Error(refused), position(at));
        match extent(rest) {
            Extent::Known(len) => at = stream.len().min(at + len),
            Extent::NotThere => break,
            Extent::Endless => {
                let endless = fault(Kind::VariableByteIntegerTooLong, Field::RemainingLength, 1);
                if endless != refused {
                    outcome.push(Event::Error(endless), position(at));
                }
                outcome.is_lost = true;
                break;
            }
        }
    }
    outcome.position = position(at);
    outcome
}

// What is decoded, by the decoders.

/// A decoder with its buffer.
trait Twin {
    /// Takes in as many of these bytes as there is room for.
    fn take(&mut self, bytes: &[u8]) -> usize;
    fn next(&mut self) -> Result<Option<StreamItem>, DecodeError>;
    fn needed(&mut self) -> usize;
    fn position(&mut self) -> u64;
    fn version(&mut self) -> Option<ProtocolVersion>;
    fn skip(&mut self) -> bool;
}

struct Growing {
    decoder: StreamDecoder,
    buffer: BytesMut,
}

impl Growing {
    fn new(options: StreamOptions) -> Self {
        Self { decoder: StreamDecoder::new(options), buffer: BytesMut::new() }
    }
}

impl Twin for Growing {
    fn take(&mut self, bytes: &[u8]) -> usize {
        self.buffer.extend_from_slice(bytes);
        bytes.len()
    }

    fn next(&mut self) -> Result<Option<StreamItem>, DecodeError> {
        self.decoder.decode(&mut self.buffer)
    }

    fn needed(&mut self) -> usize {
        self.decoder.needed()
    }

    fn position(&mut self) -> u64 {
        self.decoder.position()
    }

    fn version(&mut self) -> Option<ProtocolVersion> {
        self.decoder.version()
    }

    fn skip(&mut self) -> bool {
        self.decoder.skip()
    }
}

impl Twin for PushDecoder {
    fn take(&mut self, bytes: &[u8]) -> usize {
        self.push(bytes);
        bytes.len()
    }

    fn next(&mut self) -> Result<Option<StreamItem>, DecodeError> {
        self.next_item()
    }

    fn needed(&mut self) -> usize {
        self.decoder_mut().needed()
    }

    fn position(&mut self) -> u64 {
        self.decoder_mut().position()
    }

    fn version(&mut self) -> Option<ProtocolVersion> {
        self.decoder_mut().version()
    }

    fn skip(&mut self) -> bool {
        self.decoder_mut().skip()
    }
}

impl Twin for SliceDecoder<'_> {
    fn take(&mut self, bytes: &[u8]) -> usize {
        let space = self.space();
        let len = bytes.len().min(space.len());
        space[..len].copy_from_slice(&bytes[..len]);
        self.filled(len);
        len
    }

    fn next(&mut self) -> Result<Option<StreamItem>, DecodeError> {
        Ok(self.next_item()?.map(|item| match item {
            StreamItem::Packet(packet) => StreamItem::Packet(packet.to_shared()),
            StreamItem::PublishHead { publish, payload_len } => {
                let Packet::Publish(publish) = Packet::Publish(publish).to_shared() else { panic!("another packet") };
                StreamItem::PublishHead { publish, payload_len }
            }
            StreamItem::Payload { piece, remaining } => {
                StreamItem::Payload { piece: Bytes::copy_from_slice(piece), remaining }
            }
        }))
    }

    fn needed(&mut self) -> usize {
        Self::needed(self)
    }

    fn position(&mut self) -> u64 {
        Self::position(self)
    }

    fn version(&mut self) -> Option<ProtocolVersion> {
        Self::version(self)
    }

    fn skip(&mut self) -> bool {
        Self::skip(self)
    }
}

/// Feeds a decoder, and looks at all that holds at every step.
struct Feeder<'t, T> {
    twin: &'t mut T,
    /// Where the packets of the stream end.
    ends: Vec<usize>,
    /// How many reads go by before what was refused is skipped.
    patience: usize,
    waits: Option<usize>,
    received: usize,
    payload_left: u32,
    outcome: Outcome,
}

impl<'t, T: Twin> Feeder<'t, T> {
    fn new(twin: &'t mut T, stream: &[u8], patience: usize) -> Self {
        let (waits, received, payload_left) = (None, 0, 0);
        Self { twin, ends: ends(stream), patience, waits, received, payload_left, outcome: Outcome::default() }
    }

    fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && !self.outcome.is_lost {
            let taken = self.twin.take(bytes);
            bytes = &bytes[taken..];
            self.received += taken;
            match &mut self.waits {
                Some(waits) if *waits > 0 && taken > 0 => *waits -= 1,
                Some(_) => self.skip(),
                None => assert!(taken > 0, "no room although there is nothing to take"),
            }
            self.drain();
        }
    }

    fn finish(mut self) -> Outcome {
        while self.waits.is_some() && !self.outcome.is_lost {
            self.skip();
            self.drain();
        }
        self.outcome.position = self.twin.position();
        self.outcome.version = self.twin.version();
        self.outcome
    }

    fn skip(&mut self) {
        let error = self.twin.next().unwrap_err();
        let is_endless = error.kind() == Kind::VariableByteIntegerTooLong && error.field() == Field::RemainingLength;
        self.waits = None;
        self.outcome.is_lost = !self.twin.skip();
        assert_eq!(self.outcome.is_lost, is_endless, "{error}");
        if self.outcome.is_lost {
            assert_eq!(self.twin.next().unwrap_err(), error, "there is no way to go on");
        }
    }

    /// Takes all that there is.
    fn drain(&mut self) {
        while self.waits.is_none() && !self.outcome.is_lost {
            match self.twin.next() {
                Ok(Some(item)) => self.item(item),
                Ok(None) => {
                    self.check_needed();
                    return;
                }
                Err(error) => {
                    self.outcome.push(Event::Error(error.into()), self.twin.position());
                    self.waits = Some(self.patience);
                    if self.patience == 0 {
                        self.skip();
                    }
                }
            }
        }
        if let (Some(_), Some((last, at))) = (self.waits, self.outcome.events.last()) {
            let again = self.twin.next().unwrap_err();
            assert_eq!((&Event::Error(again.into()), self.twin.position()), (last, *at), "an error stays");
        }
    }

    fn item(&mut self, item: StreamItem) {
        let event = match item {
            StreamItem::Packet(packet) => Event::Packet(packet),
            StreamItem::PublishHead { publish, payload_len } => {
                assert_eq!(self.payload_left, 0, "the payload before is not at its end");
                assert!(publish.payload.is_empty());
                self.payload_left = payload_len;
                Event::Head(publish, payload_len)
            }
            StreamItem::Payload { piece, remaining } => {
                assert!(!piece.is_empty());
                self.payload_left -= u32::try_from(piece.len()).unwrap();
                assert_eq!(remaining, self.payload_left);
                Event::Payload(piece.to_vec())
            }
        };
        self.outcome.push(event, self.twin.position());
    }

    fn check_needed(&mut self) {
        let (needed, position) = (self.twin.needed(), usize::try_from(self.twin.position()).unwrap());
        assert!(needed > 0);
        let end = self.ends.iter().find(|end| **end > position);
        let reach = end.copied().unwrap_or(position + 2).max(self.received + 1);
        assert!(
            self.received + needed <= reach,
            "{needed} bytes needed at {position}, {} received, the packet ends at {end:?}",
            self.received
        );
    }
}

fn run<'s>(
    twin: &mut impl Twin,
    stream: &[u8],
    pieces: impl IntoIterator<Item = &'s [u8]>,
    patience: usize,
) -> Outcome {
    let mut feeder = Feeder::new(twin, stream, patience);
    for piece in pieces {
        feeder.feed(piece);
    }
    feeder.finish()
}

/// The stream in pieces that end where the cuts say.
fn cut_at<'s>(stream: &'s [u8], cuts: &[usize]) -> Vec<&'s [u8]> {
    let mut cuts = cuts.to_vec();
    cuts.push(stream.len());
    cuts.sort_unstable();
    let mut begin = 0;
    let pieces = cuts.into_iter().map(|end| {
        let piece = &stream[begin..end];
        begin = end;
        piece
    });
    pieces.collect()
}

/// The shortest slice that can take every packet of the stream.
fn storage_for(stream: &[u8]) -> usize {
    let mut begin = 0;
    let lens = ends(stream).into_iter().map(|end| end - core::mem::replace(&mut begin, end));
    lens.max().unwrap_or_default().max(5)
}

/// The twins are fed the pieces, and agree with one another.
fn every_twin(stream: &[u8], setup: &Setup, pieces: &[&[u8]]) -> Outcome {
    let options = setup.options();
    let outcome = run(&mut Growing::new(options), stream, pieces.iter().copied(), 0);
    let pushed = run(&mut PushDecoder::new(options), stream, pieces.iter().copied(), 0);
    assert_eq!(pushed, outcome, "pushed");
    let patient = run(&mut Growing::new(options), stream, pieces.iter().copied(), 2);
    assert_eq!(patient, outcome, "what is refused is skipped later");
    let storage_len = storage_for(stream);
    // What is not that large is announced only.
    if storage_len <= stream.len().max(1 << 16) {
        for storage_len in [storage_len, stream.len().max(storage_len)] {
            let mut storage = vec![0; storage_len];
            let sliced = run(&mut SliceDecoder::new(options, &mut storage), stream, pieces.iter().copied(), 0);
            assert_eq!(sliced, outcome, "in a slice of {storage_len} bytes");
        }
    }
    outcome
}

/// Whole, and byte by byte.
fn whole_and_by_bytes(stream: &[u8], setup: &Setup) -> Outcome {
    let outcome = every_twin(stream, setup, &[stream]);
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(every_twin(stream, setup, &bytes), outcome, "byte by byte");
    outcome
}

/// In two pieces, cut at every byte.
fn at_every_cut(stream: &[u8], setup: &Setup) -> Outcome {
    let outcome = whole_and_by_bytes(stream, setup);
    let mut storage = vec![0; storage_for(stream)];
    for cut in 1..stream.len() {
        let pieces = [&stream[..cut], &stream[cut..]];
        assert_eq!(run(&mut Growing::new(setup.options()), stream, pieces, 0), outcome, "cut at byte {cut}");
        if storage.len() <= stream.len() {
            let mut twin = SliceDecoder::new(setup.options(), &mut storage);
            assert_eq!(run(&mut twin, stream, pieces, 0), outcome, "cut at byte {cut}, in a slice");
        }
    }
    outcome
}

fn packet(first_byte: u8, body: &[u8]) -> Vec<u8> {
    let remaining_length = VariableByteInteger::try_from(body.len()).unwrap();
    [&[first_byte], remaining_length.encode().as_ref(), body].concat()
}

// Streams that are made up.

fn version() -> impl Strategy<Value = ProtocolVersion> {
    prop_oneof![Just(ProtocolVersion::V3_1), Just(ProtocolVersion::V3_1_1), Just(ProtocolVersion::V5)]
}

fn setup() -> impl Strategy<Value = Setup> {
    let limits = prop_oneof![3 => Just(DecodeOptions::LARGEST_PACKET), 1 => 0..200_u32];
    (proptest::sample::select(Setup::all()), limits.clone(), limits).prop_map(|(setup, limit, connect_limit)| Setup {
        limit,
        connect_limit,
        ..setup
    })
}

fn packets(version: ProtocolVersion) -> impl Strategy<Value = Vec<Packet>> {
    let packet = move |bytes: Vec<u8>| Packet::arbitrary_for(version, &mut Unstructured::new(&bytes)).unwrap();
    vec(vec(any::<u8>(), 0..400).prop_map(packet), 0..6)
}

/// A CONNECT, unless the first packet is to be another, and packets of its version.
fn conversation() -> impl Strategy<Value = (ProtocolVersion, Vec<Packet>)> {
    (version(), any::<bool>()).prop_flat_map(|(version, with_connect)| {
        let connect = Connect::new(Utf8String::shared_from_static("c"));
        let connect = Packet::from(Connect { protocol_version: version, ..connect });
        packets(version).prop_map(move |packets| {
            (version, with_connect.then(|| connect.clone()).into_iter().chain(packets).collect())
        })
    })
}

fn encode_all(packets: &[Packet], version: ProtocolVersion) -> Vec<u8> {
    let mut stream = Vec::new();
    for packet in packets {
        packet.encode_to(version, &mut stream).unwrap();
    }
    stream
}

/// A conversation in which some bytes are others, so that some packets are wrong, and some end elsewhere.
fn faulty_stream() -> impl Strategy<Value = Vec<u8>> {
    let changes = vec((any::<Index>(), any::<u8>()), 0..4);
    (conversation(), changes, any::<Index>(), any::<bool>()).prop_map(|((version, packets), changes, end, is_cut)| {
        let mut stream = encode_all(&packets, version);
        for (place, byte) in changes {
            if !stream.is_empty() {
                let place = place.index(stream.len());
                stream[place] = byte;
            }
        }
        if is_cut {
            stream.truncate(end.index(stream.len() + 1));
        }
        stream
    })
}

/// A publication of which only the head is looked at, with a byte of the head changed; and a PINGREQ behind it.
fn faulty_publish() -> impl Strategy<Value = (ProtocolVersion, Vec<u8>)> {
    let publish = |version, bytes: Vec<u8>| {
        let mut input = Unstructured::new(&bytes);
        // The choice of the type is not made, it is its.
        loop {
            match Packet::arbitrary_for(version, &mut input).unwrap() {
                Packet::Publish(publish) => return publish,
                _ if input.is_empty() => return Publish::new(TopicName::shared_from_static("a/b"), Bytes::new()),
                _ => {}
            }
        }
    };
    let change = (0..40_usize, any::<u8>());
    (version(), vec(any::<u8>(), 0..400), vec(change, 0..3), vec(any::<u8>(), 0..40)).prop_map(
        move |(version, bytes, changes, payload)| {
            let mut publish: Publish = publish(version, bytes);
            publish.payload = payload.into();
            let mut stream = encode_all(&[publish.into()], version);
            for (place, byte) in changes {
                // Not the packet type.
                if let Some(place) = stream.get_mut(place) {
                    *place = byte;
                }
            }
            stream[0] = stream[0] & 0x0F | 0x30;
            stream.extend_from_slice(&[0xC0, 0]);
            (version, stream)
        },
    )
}

#[derive(Clone, Debug)]
enum Split {
    Every(usize),
    At(Vec<Index>),
}

fn split() -> impl Strategy<Value = Split> {
    prop_oneof![
        Just(Split::Every(1)),
        (2..40_usize).prop_map(Split::Every),
        vec(any::<Index>(), 0..12).prop_map(Split::At),
    ]
}

impl Split {
    fn of<'s>(&self, stream: &'s [u8]) -> Vec<&'s [u8]> {
        match self {
            Self::Every(len) => stream.chunks(*len).collect(),
            Self::At(cuts) => {
                let cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
                cut_at(stream, &cuts)
            }
        }
    }
}

proptest! {
    // So that what is told is as small as it can be; the default gives up with hundreds of bytes left.
    #![proptest_config(ProptestConfig { max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn any_split_of_packets_gives_them_back((version, packets) in conversation(), split in split()) {
        let stream = encode_all(&packets, version);
        let outcome = every_twin(&stream, &Setup::new(Role::Either, Some(version)), &split.of(&stream));
        assert_eq!(outcome.packets(), packets.iter().collect::<Vec<_>>());
        assert_eq!((outcome.faults(), outcome.position), (vec![], u64::try_from(stream.len()).unwrap()));
    }

    #[test]
    fn any_split_of_a_faulty_stream_gives_what_decoding_each_packet_gives(
        stream in faulty_stream(),
        setup in setup(),
        split in split(),
    ) {
        let expected = expected(&stream, &setup);
        assert_eq!(every_twin(&stream, &setup, &[&stream]), expected);
        assert_eq!(every_twin(&stream, &setup, &split.of(&stream)), expected);
    }

    #[test]
    fn any_split_of_any_bytes_gives_what_decoding_each_packet_gives(
        stream in vec(prop_oneof![any::<u8>(), 0..12_u8], 0..120),
        setup in setup(),
        split in split(),
    ) {
        assert_eq!(every_twin(&stream, &setup, &split.of(&stream)), expected(&stream, &setup));
    }

    #[test]
    fn any_split_of_packets_with_their_payloads_in_pieces_gives_them_back(
        (version, packets) in conversation(),
        split in split(),
        above in prop_oneof![Just(0), 0..300_u32],
    ) {
        let stream = encode_all(&packets, version);
        let setup = Setup::new(Role::Either, Some(version)).in_pieces(above);
        let outcome = every_twin(&stream, &setup, &split.of(&stream));
        assert_eq!(outcome, expected(&stream, &setup));
        assert_eq!(joined(&outcome), packets);
    }

    #[test]
    fn any_split_of_a_faulty_stream_in_pieces_is_the_same(
        stream in faulty_stream(),
        setup in setup(),
        split in split(),
        above in 0..100_u32,
    ) {
        let setup = setup.in_pieces(above);
        let whole = every_twin(&stream, &setup, &[&stream]);
        assert_eq!(every_twin(&stream, &setup, &split.of(&stream)), whole);
        // A head comes out of a packet that is not all there, or is refused.
        if ends(&stream).last() == Some(&stream.len()) {
            assert_eq!(whole, expected(&stream, &setup));
        }
    }

    #[test]
    fn a_malformed_head_is_the_error_of_the_whole_packet((version, stream) in faulty_publish(), split in split()) {
        let setup = Setup::new(Role::Either, Some(version)).in_pieces(0);
        let whole = every_twin(&stream, &setup, &[&stream]);
        assert_eq!(every_twin(&stream, &setup, &split.of(&stream)), whole);
        if ends(&stream).last() == Some(&stream.len()) {
            assert_eq!(whole, expected(&stream, &setup));
        }
    }

    #[test]
    fn a_head_above_its_limit_is_refused_for_that_and_any_other_as_before(
        (version, stream) in faulty_publish(),
        split in split(),
        head_limit in 0..100_u32,
    ) {
        let setup = Setup::new(Role::Either, Some(version)).in_pieces(0);
        let limited = Setup { head_limit, ..setup };
        let outcome = every_twin(&stream, &limited, &[&stream]);
        assert_eq!(every_twin(&stream, &limited, &split.of(&stream)), outcome);
        if ends(&stream).last() == Some(&stream.len()) {
            let unlimited = expected(&stream, &setup);
            assert_eq!(outcome.events.len().max(unlimited.events.len() - 1), outcome.events.len());
            match (outcome.events[0].0.clone(), unlimited.events[0].clone()) {
                (Event::Error(Fault { kind: Kind::PacketTooLarge { size, limit }, .. }), (without, at)) => {
                    assert!(size > limit && limit == head_limit);
                    // The topic alone may be too long.
                    assert!(!matches!(without, Event::Head(..)) || at >= u64::from(size), "{size}, {without:?}");
                }
                (event, (without, _)) => {
                    assert_eq!(event, without);
                    assert!(!matches!(event, Event::Head(..)) || outcome.events[0].1 <= u64::from(head_limit));
                }
            }
        }
    }

    #[test]
    fn a_slice_too_short_refuses_what_it_cannot_take_and_goes_on(
        (version, packets) in conversation(),
        split in split(),
        storage_len in 5..200_usize,
    ) {
        let stream = encode_all(&packets, version);
        let setup = Setup::new(Role::Either, Some(version));
        let mut storage = vec![0; storage_len];
        let mut twin = SliceDecoder::new(setup.options(), &mut storage);
        let outcome = run(&mut twin, &stream, split.of(&stream), 0);
        // It is as if there were a limit.
        assert_eq!(outcome, expected(&stream, &setup.limit(u32::try_from(storage_len).unwrap())));
    }

    #[test]
    fn what_is_needed_is_what_has_to_be_fed((version, packets) in conversation(), above in any::<Option<u8>>()) {
        let stream = encode_all(&packets, version);
        let setup = Setup { pieces_above: above.map(u32::from), ..Setup::new(Role::Either, Some(version)) };
        fed_by_need(&mut Growing::new(setup.options()), &stream, &setup);
        let mut storage = vec![0; storage_for(&stream)];
        fed_by_need(&mut SliceDecoder::new(setup.options(), &mut storage), &stream, &setup);
    }
}

/// Packets whose payloads came in pieces are put together again.
fn joined(outcome: &Outcome) -> Vec<Packet> {
    let mut packets: Vec<Packet> = vec![];
    for (event, _) in &outcome.events {
        match (event, packets.last_mut()) {
            (Event::Packet(packet), _) => packets.push(packet.clone()),
            (Event::Head(publish, _), _) => packets.push(publish.clone().into()),
            (Event::Payload(payload), Some(Packet::Publish(publish))) => publish.payload = payload.clone().into(),
            other => panic!("{other:?}"),
        }
    }
    packets
}

/// Feeds never more than what is asked for. That is progress: up to 5 times for a header, and 6 more for a head.
fn fed_by_need(twin: &mut impl Twin, stream: &[u8], setup: &Setup) {
    let mut feeder = Feeder::new(twin, stream, 0);
    let mut feeds = 0;
    feeder.drain();
    while feeder.received < stream.len() {
        let in_payload = feeder.payload_left > 0;
        let needed = feeder.twin.needed();
        assert!(!in_payload || needed == 1, "all of a payload can be handed out");
        let begin = feeder.received;
        feeder.feed(&stream[begin..begin + needed]);
        feeds += usize::from(!in_payload);
    }
    let outcome = feeder.finish();
    let packet_count = joined(&outcome).len();
    assert!(feeds <= packet_count * 11, "fed {feeds} times for {packet_count} packets");
    assert_eq!(outcome, expected(stream, setup));
}

/// A change of the limit between any two reads of a stream of equal packets.
#[test]
fn limits_are_raised_and_lowered_while_connected() {
    let stream = packet(0x30, &[&b"\0\x01a\0"[..], &[b'x'; 94]].concat()).repeat(4); // 100 bytes each
    let options = StreamOptions::client(ProtocolVersion::V5);
    for (limits, kept) in [([100, 99, 100, 99], 0b0101), ([99, 99, 100, 0], 0b0100), ([1 << 28; 4], 0b1111)] {
        let mut decoder = StreamDecoder::new(options);
        let mut storage = [0; 200];
        let mut twin = SliceDecoder::new(options, &mut storage);
        let mut buffer = BytesMut::new();
        for ((place, packet), limit) in stream.chunks(100).enumerate().zip(limits) {
            decoder.set_options(options.maximum_packet_size(limit));
            twin.set_options(options.maximum_packet_size(limit));
            assert_eq!(decoder.options(), options.maximum_packet_size(limit));
            buffer.extend_from_slice(packet);
            assert_eq!(twin.take(packet), 100);
            let item = decoder.decode(&mut buffer);
            assert_eq!(item, twin.next());
            if kept >> place & 1 == 1 {
                assert!(item.unwrap().is_some(), "{limit}");
            } else {
                assert_eq!(item.unwrap_err().kind(), Kind::PacketTooLarge { size: 100, limit });
                assert!(decoder.skip() && twin.skip());
            }
            assert_eq!((decoder.decode(&mut buffer), twin.next()), (Ok(None), Ok(None)));
        }
        assert_eq!((decoder.position(), twin.position()), (400, 400));
    }
}

// Every short stream, and every fault in the first bytes.

/// Every first byte, for every side and version: refused as when it is decoded by itself, and what follows comes out.
#[test]
fn every_first_byte_is_judged_at_once_and_skipped() {
    for setup in Setup::all() {
        for first in 0..=255 {
            // As an acknowledgement, or a publication without topic; with a Remaining Length in two bytes; and nothing.
            for rest in [&[2, 0, 0][..], &[0x82, 0, 0, 1], &[0]] {
                let after = if setup.sender() == Sender::Server { [0xD0, 0] } else { [0xC0, 0] };
                let stream = [&[first], rest, b"\x10\x0C\0\x04MQTT\x04\x02\0\0\0\0", &after].concat();
                let expected = expected(&stream, &setup);
                assert_eq!(at_every_cut(&stream, &setup), expected, "{setup:?} {stream:02X?}");
                let is_heard = outcome_ends_with_ping(&expected);
                assert!(is_heard || expected.version.is_none(), "{setup:?} {stream:02X?}");
                // A wrong first byte is seen in the first byte.
                let mut decoder = StreamDecoder::new(setup.options());
                let early = decoder.decode(&mut BytesMut::from(&[first][..]));
                match expected.faults().first() {
                    Some(fault) if fault.offset == 0 && expected.events[0].1 == 0 && is_of_first_byte(fault.kind) => {
                        assert_eq!(early.map_err(Fault::from), Err(*fault), "{setup:?} {first:02X}");
                    }
                    _ => assert_eq!(early, Ok(None), "{setup:?} {first:02X}"),
                }
            }
        }
    }
}

fn outcome_ends_with_ping(outcome: &Outcome) -> bool {
    matches!(outcome.events.last(), Some((Event::Packet(Packet::PingReq(_) | Packet::PingResp(_)), _)))
}

fn is_of_first_byte(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ReservedPacketType | Kind::WrongSender(_) | Kind::ConnectExpected | Kind::InvalidQoS | Kind::DupAtQoS0
    ) || kind == Kind::InvalidFlags
}

/// Every PUBLISH that is short and simple, in pieces: lengths that do not fit, that are cut off, that are too long.
#[test]
fn every_short_publish_in_pieces_is_judged_as_a_whole() {
    let properties: [&[u8]; 10] = [
        b"",
        b"\0",
        b"\x01",
        b"\x02\x01\x01",
        b"\x03\x23\0\x01",
        b"\x80",
        b"\x80\0",
        b"\x80\x80\x80\x80\x01",
        b"\x7F",
        b"\x80\x80\x80\x01",
    ];
    for version in ProtocolVersion::ALL {
        let setup = Setup::new(Role::Either, Some(version)).in_pieces(0);
        for flags in 0..16 {
            for topic_len in [0, 1, 2, 3, 4, 0xFF, 0xFFFF_u16] {
                for topic in [&b""[..], b"a", b"ab", b"#", b"\xFF", b"a\0"] {
                    for identifier in [&b""[..], b"\0", b"\0\0", b"\0\x01"] {
                        for properties in properties {
                            let body = [&topic_len.to_be_bytes()[..], topic, identifier, properties].concat();
                            let stream = [packet(0x30 | flags, &body), packet(0x30, b"\0\x01b\0payload")].concat();
                            let expected = expected(&stream, &setup);
                            let mut twin = Growing::new(setup.options());
                            let outcome = run(&mut twin, &stream, stream.chunks(1), 0);
                            assert_eq!(outcome, expected, "{version}: {stream:02X?}");
                        }
                    }
                }
            }
        }
    }
}

/// The same, whole and at every cut, of what has been different once or could be.
#[test]
fn a_head_is_refused_for_the_same_fault_before_all_of_it_is_there() {
    let faults: [(&[u8], Kind, Field, usize); 8] = [
        // Nothing fits behind the topic, and the topic is wrong.
        (b"\x32\x05\0\x03a/#", Kind::WildcardInTopicName, Field::TopicName, 6),
        (b"\x32\x06\0\x03a\xFFb\0", Kind::IllFormedUtf8, Field::TopicName, 5),
        (b"\x32\x05\0\x03abc", Kind::UnexpectedEnd, Field::PacketIdentifier, 7),
        (b"\x32\x07\0\x03abc\0\0", Kind::PacketIdentifierZero, Field::PacketIdentifier, 7),
        (b"\x30\x05\0\x03a/+", Kind::WildcardInTopicName, Field::TopicName, 6),
        (b"\x30\x05\0\x03abc", Kind::UnexpectedEnd, Field::PropertyLength, 7),
        (b"\x30\x04\0\x03ab", Kind::UnexpectedEnd, Field::TopicName, 2),
        (b"\x30\x01\0", Kind::UnexpectedEnd, Field::TopicName, 2),
    ];
    for (publish, kind, field, offset) in faults {
        let setup = Setup::new(Role::Server, Some(ProtocolVersion::V5));
        let stream = [publish, b"\xC0\0"].concat();
        for setup in [setup, setup.in_pieces(0)] {
            let outcome = at_every_cut(&stream, &setup);
            let [fault] = outcome.faults()[..] else { panic!("{outcome:?}") };
            assert_eq!((fault.kind, fault.field, fault.offset), (kind, field, offset), "{publish:02X?}");
            assert!(outcome_ends_with_ping(&outcome));
        }
    }
}

// Recorded and hostile streams.

struct Capture {
    name: String,
    version: String,
    c2s: Vec<u8>,
    s2c: Vec<u8>,
}

fn captures() -> Vec<Capture> {
    let capture = |row: Vec<String>| Capture {
        c2s: read(&format!("captures/{}.c2s.bin", row[0])),
        s2c: read(&format!("captures/{}.s2c.bin", row[0])),
        name: row[0].clone(),
        version: row[1].clone(),
    };
    table("captures/INDEX.tsv").into_iter().map(capture).collect()
}

/// Where the pieces end in which the bytes arrived, for each capture and direction.
fn recorded_cuts() -> BTreeMap<(String, String), Vec<usize>> {
    let mut cuts: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for row in table("captures/CHUNKS.tsv") {
        let [name, _, direction, offset, len] = <[String; 5]>::try_from(row).unwrap();
        let (offset, len): (usize, usize) = (offset.parse().unwrap(), len.parse().unwrap());
        let cuts = cuts.entry((name, direction)).or_default();
        assert_eq!(cuts.last().copied().unwrap_or_default(), offset, "pieces follow one another");
        cuts.push(offset + len);
    }
    cuts
}

/// The sides of a recorded connection: the server's, which learns the version, and the client's, which knows it.
fn sides(capture: &Capture) -> Vec<(&'static str, &[u8], Setup)> {
    let server = Setup::new(Role::Server, None);
    let version = expected(&capture.c2s, &server).version;
    assert!(
        version.is_none_or(|version| capture.version.starts_with(&version.to_string())),
        "{}: {version:?} is learnt, it is {}",
        capture.name,
        capture.version
    );
    // Where no version was learnt the server's answer is one of 3.1.1.
    let version = version.or(Some(ProtocolVersion::V3_1_1));
    vec![
        ("c2s", &capture.c2s, server),
        ("c2s", &capture.c2s, Setup::new(Role::Either, None)),
        ("s2c", &capture.s2c, Setup::new(Role::Client, version)),
        ("s2c", &capture.s2c, Setup::new(Role::Either, version)),
    ]
}

#[test]
fn captures_give_the_same_packets_however_they_arrive() {
    let mut recorded_cuts = recorded_cuts();
    let mut packet_count = 0;
    for capture in captures() {
        for (direction, stream, setup) in sides(&capture) {
            let context = format!("{} {direction} {:?}", capture.name, setup.role);
            let expected = expected(stream, &setup);
            if setup.role != Role::Either {
                packet_count += expected.events.len();
            }
            let cuts = recorded_cuts.get(&(capture.name.clone(), direction.to_owned())).cloned().unwrap_or_default();
            assert_eq!(cuts.last().copied().unwrap_or_default(), stream.len(), "{context}: all of it has arrived");
            assert_eq!(every_twin(stream, &setup, &cut_at(stream, &cuts)), expected, "{context}: as it arrived");
            let outcome = if stream.len() <= 150 {
                at_every_cut(stream, &setup)
            } else if stream.len() <= 10_000 {
                whole_and_by_bytes(stream, &setup)
            } else {
                every_twin(stream, &setup, &stream.chunks(1_460).collect::<Vec<_>>())
            };
            assert_eq!(outcome, expected, "{context}");
        }
    }
    assert!(packet_count > 2_900, "{packet_count}");
    let names: Vec<String> = captures().into_iter().map(|capture| capture.name).collect();
    recorded_cuts.retain(|(name, _), _| !names.contains(name));
    assert!(recorded_cuts.is_empty(), "pieces of no capture");
}

#[test]
fn captures_give_the_same_payloads_in_pieces() {
    let recorded_cuts = recorded_cuts();
    for capture in captures() {
        for (direction, stream, setup) in sides(&capture) {
            for above in [0, 16, 1_000] {
                let context = format!("{} {direction} {:?} {above}", capture.name, setup.role);
                let setup = setup.in_pieces(above);
                let expected = expected(stream, &setup);
                let cuts =
                    recorded_cuts.get(&(capture.name.clone(), direction.to_owned())).cloned().unwrap_or_default();
                assert_eq!(every_twin(stream, &setup, &cut_at(stream, &cuts)), expected, "{context}");
                let piece_len = if stream.len() <= 10_000 { 1 } else { 777 };
                let outcome = every_twin(stream, &setup, &stream.chunks(piece_len).collect::<Vec<_>>());
                assert_eq!(outcome, expected, "{context}");
            }
        }
    }
}

/// With the limits that hold if none is set, two recorded packets of more than 1 MiB are refused, and nothing else.
#[test]
fn captures_are_within_the_default_limits_but_for_two_packets() {
    let mut refused = vec![];
    for capture in captures() {
        for (direction, stream, unlimited) in sides(&capture) {
            let setup = Setup {
                limit: StreamOptions::DEFAULT_MAXIMUM_PACKET_SIZE,
                connect_limit: StreamOptions::DEFAULT_MAXIMUM_CONNECT_SIZE,
                ..unlimited
            };
            let options = match (setup.role, setup.version) {
                (Role::Server, _) => StreamOptions::server(),
                (Role::Client, Some(version)) => StreamOptions::client(version),
                (_, version) => StreamOptions::either(version),
            };
            let options = options.with_decode_options(|options| options.allow_bridge_bit(true));
            assert_eq!(options, Setup { head_limit: StreamOptions::DEFAULT_MAXIMUM_HEAD_SIZE, ..setup }.options());
            let outcome = every_twin(stream, &setup, &[stream]);
            assert_eq!(outcome, expected(stream, &setup), "{} {direction}", capture.name);
            let others = expected(stream, &unlimited);
            if outcome != others {
                assert_eq!(outcome.events.len(), others.events.len(), "the others come out");
                let is_too_large = |kind: &Kind| matches!(kind, Kind::PacketTooLarge { limit: 0x10_0000, .. });
                assert_eq!(outcome.kinds().iter().filter(|kind| is_too_large(kind)).count(), 1);
                refused.push(format!("{} {direction}", capture.name));
            }
        }
    }
    refused.dedup();
    assert_eq!(refused, ["big-mosq-paho-v5-c1 s2c", "big-mosq-paho-v5-c2 c2s"]);
}

/// A hostile case, and how it is to be looked at.
fn hostile() -> Vec<(serde_json::Value, Vec<u8>, Setup)> {
    let case = |json: serde_json::Value| {
        let input = from_hex(json["hex"].as_str().unwrap());
        // As in the tests of decoding: who sent it is told where the verdict depends on it.
        let role = match (json["layer"] == "semantic", json["direction"].as_str()) {
            (true, Some("client->server")) => Role::Server,
            (true, Some("server->client")) => Role::Client,
            _ => Role::Either,
        };
        let mut setup = Setup::new(role, Some(version_of_level(&json["version"])));
        if let Some(limit) = json["limits"]["max_packet_size"].as_u64() {
            setup.limit = u32::try_from(limit).unwrap();
        }
        (json, input, setup)
    };
    json_lines("hostile/hostile.jsonl").into_iter().map(case).collect()
}

#[test]
fn hostile_streams_get_their_verdict_however_they_arrive() {
    let mut verdicts = BTreeMap::new();
    for (json, stream, setup) in hostile() {
        let id = json["id"].as_str().unwrap();
        let strict = |setup: Setup| {
            let mut options = DecodeOptions::new(setup.version.unwrap()).maximum_packet_size(setup.limit);
            options = options.sender(setup.sender());
            options
        };
        let options = setup.options().with_decode_options(|_| strict(setup));
        // One by one, up to the first that is wrong.
        let (mut at, mut verdict) = (0, "accept");
        let mut events = vec![];
        while at < stream.len() {
            match decode(&stream[at..], strict(setup)) {
                Ok(Decoded::Complete { packet, consumed }) => {
                    events.push(Event::Packet(packet.to_shared()));
                    at += consumed;
                    continue;
                }
                Ok(Decoded::Incomplete { .. }) => verdict = "incomplete",
                Err(error) => {
                    verdict = "reject";
                    events.push(Event::Error(error.into()));
                }
            }
            break;
        }
        assert_eq!(verdict, json["expect"], "{id}");
        *verdicts.entry(verdict).or_insert(0) += 1;

        let whole = run(&mut Growing::new(options), &stream, [&stream[..]], 0);
        let up_to_error = whole.events.iter().map(|(event, _)| event).take(events.len());
        assert!(up_to_error.eq(&events), "{id}: {whole:?}");
        assert!(verdict == "reject" || whole.events.len() == events.len(), "{id}");
        if verdict == "incomplete" {
            assert!(whole.position < u64::try_from(stream.len()).unwrap(), "{id}");
        }

        let mut storage = vec![0; storage_for(&stream).min(1 << 20)];
        let fits = storage_for(&stream) <= storage.len();
        let mut in_pieces = |pieces: &[&[u8]]| {
            assert_eq!(run(&mut Growing::new(options), &stream, pieces.iter().copied(), 0), whole, "{id}");
            assert_eq!(run(&mut PushDecoder::new(options), &stream, pieces.iter().copied(), 0), whole, "{id}");
            let sliced = run(&mut SliceDecoder::new(options, &mut storage), &stream, pieces.iter().copied(), 0);
            if fits {
                assert_eq!(sliced, whole, "{id}");
            } else {
                // It announces more than there is room for, and is refused for that, at the latest.
                assert_eq!(sliced.events[..whole.events.len().min(events.len())], whole.events[..events.len()], "{id}");
                assert!(!sliced.faults().is_empty(), "{id}: {sliced:?}");
            }
        };
        in_pieces(&[&stream]);
        in_pieces(&stream.chunks(1).collect::<Vec<_>>());
        in_pieces(&stream.chunks(7).collect::<Vec<_>>());
        if stream.len() <= 1_000 {
            for cut in 1..stream.len() {
                in_pieces(&[&stream[..cut], &stream[cut..]]);
            }
        }

        // And with payloads in pieces.
        let options = options.payload_pieces_above(0);
        let whole = run(&mut Growing::new(options), &stream, [&stream[..]], 0);
        for piece_len in [1, 2, 3, 11] {
            let outcome = run(&mut Growing::new(options), &stream, stream.chunks(piece_len), 0);
            assert_eq!(outcome, whole, "{id} in pieces of {piece_len} bytes");
        }
        if verdict != "incomplete" {
            assert_eq!(whole.faults().is_empty(), verdict == "accept", "{id}");
        }
    }
    assert_eq!(verdicts.values().sum::<usize>(), 182, "{verdicts:?}");
    assert!(verdicts.len() == 3, "{verdicts:?}");
}

// Versions, roles, limits, skipping: by example.

const CONNECT_3_1: &[u8] = b"\x10\x0F\0\x06MQIsdp\x03\x02\0\0\0\x01c";
const CONNECT_3_1_1: &[u8] = b"\x10\x0D\0\x04MQTT\x04\x02\0\0\0\x01c";
const CONNECT_5: &[u8] = b"\x10\x0E\0\x04MQTT\x05\x02\0\0\0\0\x01c";
const PINGREQ: &[u8] = b"\xC0\0";
const PINGRESP: &[u8] = b"\xD0\0";

#[test]
fn a_server_learns_the_version_from_the_first_connect_and_keeps_it() {
    // Topic "a", and a payload of two bytes; in 5.0 the first of them is a Property Length.
    let publish = b"\x30\x05\0\x01a\0x";
    let versions = [
        (CONNECT_3_1, ProtocolVersion::V3_1, &b"\0x"[..]),
        (CONNECT_3_1_1, ProtocolVersion::V3_1_1, b"\0x"),
        (CONNECT_5, ProtocolVersion::V5, b"x"),
    ];
    for (connect, version, payload) in versions {
        for setup in [Setup::new(Role::Server, None), Setup::new(Role::Either, None)] {
            let mut decoder = StreamDecoder::new(setup.options());
            assert_eq!(decoder.version(), None);
            assert_eq!(decoder.decode(&mut BytesMut::from(&connect[..4])), Ok(None));
            assert_eq!(decoder.version(), None, "before it is there as a whole");
            // A second CONNECT is one too many, but that is not for the decoder to say.
            let stream = [connect, publish, CONNECT_3_1, CONNECT_5, publish].concat();
            let outcome = at_every_cut(&stream, &setup);
            assert_eq!((outcome.version, outcome.faults()), (Some(version), vec![]));
            let payloads = outcome.packets().into_iter().filter_map(|packet| match packet {
                Packet::Publish(publish) => Some(publish.payload.to_vec()),
                _ => None,
            });
            assert_eq!(payloads.collect::<Vec<_>>(), [payload, payload]);
        }
    }
}

#[test]
fn the_first_packet_is_a_connect() {
    for setup in [Setup::new(Role::Server, None), Setup::new(Role::Either, None)] {
        let stream = [PINGREQ, b"\x30\x03\0\x01a", b"\xFF\x03\0\0\0", PINGRESP, CONNECT_3_1_1, PINGREQ].concat();
        let outcome = at_every_cut(&stream, &setup);
        assert_eq!(outcome.kinds(), [Kind::ConnectExpected; 4]);
        assert!(outcome.faults().iter().all(|fault| (fault.field, fault.offset) == (Field::PacketType, 0)));
        assert_eq!(outcome.packets().len(), 2);
        // Of a CONNECT that is refused nothing is learnt.
        let stream = [b"\x10\x0D\0\x04MQTT\x04\x03\0\0\0\x01c", PINGREQ, CONNECT_5].concat();
        let outcome = at_every_cut(&stream, &setup);
        assert_eq!(outcome.kinds(), [Kind::ReservedConnectFlag, Kind::ConnectExpected]);
        assert_eq!((outcome.packets().len(), outcome.version), (1, Some(ProtocolVersion::V5)));
    }
    let error = StreamDecoder::new(StreamOptions::server()).decode(&mut BytesMut::from(PINGREQ)).unwrap_err();
    assert_eq!((error.kind(), error.reason_code()), (Kind::ConnectExpected, None), "nobody would understand an answer");
}

#[test]
fn a_client_knows_its_version_and_it_can_be_changed() {
    let connack_3 = b"\x20\x02\0\x01"; // "unacceptable protocol version"
    let connack_5 = b"\x20\x03\0\0\0";
    for version in ProtocolVersion::ALL {
        let stream = if version.is_v3() { &connack_3[..] } else { connack_5 };
        let outcome = at_every_cut(stream, &Setup::new(Role::Client, Some(version)));
        assert_eq!((outcome.packets().len(), outcome.version), (1, Some(version)));
    }
    // It tries 5.0 and goes back to 3.1.1.
    let mut decoder = PushDecoder::new(StreamOptions::client(ProtocolVersion::V5));
    decoder.push(connack_3);
    assert_eq!(decoder.next_item().unwrap_err().kind(), Kind::ServerSpeaksVersion3);
    decoder.decoder_mut().set_version(ProtocolVersion::V3_1_1);
    assert!(decoder.decoder_mut().skip());
    decoder.push(connack_3);
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::ConnAck(_))))));
    assert_eq!(decoder.decoder_mut().version(), Some(ProtocolVersion::V3_1_1));
    assert_eq!(decoder.decoder_mut().position(), 8);
}

/// A proxy: the version that one direction learns is told to the other. Limits are no longer those of a CONNECT then.
#[test]
fn the_version_that_is_learnt_is_told_to_the_other_direction() {
    let from_server = [b"\x20\x03\0\0\0".to_vec(), packet(0x30, &[&b"\0\x01a\0"[..], &[0; 1000]].concat())].concat();
    let options = StreamOptions::either(None).maximum_connect_size(100);
    for with_options in [false, true] {
        let mut server_side = PushDecoder::new(options);
        server_side.push(CONNECT_5);
        assert!(server_side.next_item().unwrap().is_some());
        let version = server_side.decoder_mut().version().unwrap();

        let mut storage = [0; 1100];
        let mut client_side = SliceDecoder::new(options, &mut storage);
        let mut twin = PushDecoder::new(options);
        if with_options {
            client_side.set_options(options.version(version));
            twin.decoder_mut().set_options(options.version(version));
        } else {
            client_side.set_version(version);
            twin.decoder_mut().set_version(version);
        }
        let outcome = run(&mut client_side, &from_server, [&from_server[..]], 0);
        assert_eq!(run(&mut twin, &from_server, from_server.chunks(1), 0), outcome);
        assert_eq!((outcome.packets().len(), outcome.kinds()), (2, vec![]), "the limit of a CONNECT is not its");
    }
}

/// What one side sends is refused if the other side is known to have sent it, for each type.
#[test]
fn each_side_takes_what_the_other_side_sends() {
    let both = [Sender::Client, Sender::Server];
    let packets: [(&[u8], &[Sender]); 16] = [
        (CONNECT_5, &[Sender::Client]),
        (b"\x20\x03\0\0\0", &[Sender::Server]),
        (b"\x30\x04\0\x01a\0", &both),
        (b"\x40\x02\0\x01", &both),
        (b"\x50\x02\0\x01", &both),
        (b"\x62\x02\0\x01", &both),
        (b"\x70\x02\0\x01", &both),
        (b"\x82\x07\0\x01\0\0\x01a\0", &[Sender::Client]),
        (b"\x90\x04\0\x01\0\0", &[Sender::Server]),
        (b"\xA2\x06\0\x01\0\0\x01a", &[Sender::Client]),
        (b"\xB0\x04\0\x01\0\0", &[Sender::Server]),
        (PINGREQ, &[Sender::Client]),
        (PINGRESP, &[Sender::Server]),
        (b"\xE0\0", &both),
        (b"\xF0\x07\x18\x05\x15\0\x02ab", &both),
        (b"\x30\x06\0\x01a\x02\x0B\x01", &[Sender::Server]), // with a Subscription Identifier
    ];
    let version = Some(ProtocolVersion::V5);
    for (packet, senders) in packets {
        for (role, sender) in [(Role::Server, Sender::Client), (Role::Client, Sender::Server)] {
            assert_eq!((role.peer(), Setup::new(role, version).options().role()), (sender, role));
            for pieces_above in [None, Some(0)] {
                let outcome = at_every_cut(packet, &Setup { pieces_above, ..Setup::new(role, version) });
                let identifier = mqtt_codec::PropertyIdentifier::SubscriptionIdentifier;
                let expected = match packet[0] {
                    _ if senders.contains(&sender) => vec![],
                    0x30 => vec![(Kind::PropertyFromWrongSender(sender), Field::Property(identifier))],
                    _ => vec![(Kind::WrongSender(sender), Field::PacketType)],
                };
                let faults = outcome.faults().into_iter().map(|fault| (fault.kind, fault.field));
                assert_eq!(faults.collect::<Vec<_>>(), expected, "{packet:02X?} to the {role:?}");
            }
        }
        for version in [version, None] {
            let stream = [CONNECT_5, packet].concat();
            let outcome = at_every_cut(&stream, &Setup::new(Role::Either, version));
            assert_eq!((outcome.packets().len(), outcome.faults()), (2, vec![]), "{packet:02X?}");
        }
    }
    // In 3.1.1 a server sends no DISCONNECT, and nobody an AUTH.
    for (first_byte, role, kind) in [
        (0xE0, Role::Client, Kind::WrongSender(Sender::Server)),
        (0xF0, Role::Client, Kind::ReservedPacketType),
        (0xF0, Role::Server, Kind::ReservedPacketType),
        (0xF0, Role::Either, Kind::ReservedPacketType),
    ] {
        let setup = Setup::new(role, Some(ProtocolVersion::V3_1_1));
        assert_eq!(at_every_cut(&[first_byte, 0], &setup).kinds(), [kind]);
    }
    assert_eq!(Role::Server.sender(), Sender::Server);
    assert_eq!(Role::Client.sender(), Sender::Client);
    assert_eq!((Role::Either.peer(), Role::Either.sender()), (Sender::Either, Sender::Either));
}

/// The size is judged when it is known: nothing more has to be there, and nothing less will do.
#[test]
fn a_packet_too_large_is_refused_as_soon_as_its_size_is_known() {
    let headers: [(&[u8], u32); 4] = [
        (b"\x30\x7F", 129),
        (b"\x30\x80\x01", 131),
        (b"\x30\x80\x80\x01", 16_388),
        (b"\x30\xFF\xFF\xFF\x7F", 268_435_460),
    ];
    for (header, size) in headers {
        for (limit, is_refused) in [(size - 1, true), (size, false), (0, true)] {
            let setup = Setup::new(Role::Client, Some(ProtocolVersion::V5)).limit(limit);
            for setup in [setup, setup.in_pieces(0)] {
                let mut decoder = StreamDecoder::new(setup.options());
                let mut buffer = BytesMut::new();
                for (place, byte) in header.iter().enumerate() {
                    assert_eq!(decoder.decode(&mut buffer), Ok(None), "{place} bytes");
                    buffer.extend_from_slice(&[*byte]);
                }
                let result = decoder.decode(&mut buffer);
                if !is_refused {
                    assert_eq!(result, Ok(None));
                    continue;
                }
                let error = result.unwrap_err();
                assert_eq!(error.kind(), Kind::PacketTooLarge { size, limit });
                assert_eq!((error.field(), error.offset()), (Field::RemainingLength, 1));
                assert_eq!(error.reason_code().map(ReasonCode::as_u8), Some(0x95));
                assert_eq!(kind_name(error.kind()), "PacketTooLarge");
            }
        }
    }
}

#[test]
fn before_connect_another_limit_holds() {
    let connect = |len: usize| {
        packet(0x10, &[b"\0\x04MQTT\x04\x02\0\0\0", &[u8::try_from(len).unwrap()][..], &vec![b'c'; len]].concat())
    };
    let publish = packet(0x30, &[&b"\0\x01a"[..], &[b'x'; 100]].concat());
    let stream = [connect(37), connect(36), publish.clone(), connect(37)].concat();
    for role in [Role::Server, Role::Either] {
        let setup = Setup { connect_limit: 50, limit: 200, ..Setup::new(role, None) };
        let outcome = at_every_cut(&stream, &setup);
        assert_eq!(outcome.kinds(), [Kind::PacketTooLarge { size: 51, limit: 50 }]);
        assert_eq!(outcome.packets().len(), 3);
        // Of the two limits the smaller one.
        let outcome = at_every_cut(&stream, &Setup { connect_limit: 200, limit: 50, ..setup });
        assert_eq!(outcome.kinds().len(), 3);
    }
    // Where no CONNECT is to come, there is no such limit.
    let version = Some(ProtocolVersion::V3_1_1);
    for role in [Role::Client, Role::Either] {
        let setup = Setup { connect_limit: 50, limit: 200, ..Setup::new(role, version) };
        assert_eq!(at_every_cut(&publish, &setup).kinds(), []);
    }
}

/// A Remaining Length of five bytes is the only thing that nobody can go on after.
#[test]
fn after_a_remaining_length_of_five_bytes_nothing_comes() {
    let endless = b"\xC0\x80\x80\x80\x80\x01";
    for setup in Setup::all() {
        for setup in [setup, setup.in_pieces(0)] {
            let ping = if setup.sender() == Sender::Server { PINGRESP } else { PINGREQ };
            let version_of_connect = setup.version.unwrap_or(ProtocolVersion::V3_1_1);
            let connect = match version_of_connect {
                ProtocolVersion::V3_1 => CONNECT_3_1,
                ProtocolVersion::V3_1_1 => CONNECT_3_1_1,
                ProtocolVersion::V5 => CONNECT_5,
            };
            let endless = [&[ping[0]], &endless[1..]].concat();
            let stream = [connect, ping, &endless, ping, ping].concat();
            let outcome = at_every_cut(&stream, &setup);
            assert_eq!(outcome, expected(&stream, &setup));
            assert!(outcome.is_lost);
            assert_eq!(outcome.kinds().last(), Some(&Kind::VariableByteIntegerTooLong));
        }
    }
    // It is seen at the fourth byte of it: the fifth is not waited for.
    let mut decoder = StreamDecoder::new(StreamOptions::client(ProtocolVersion::V5));
    assert_eq!(decoder.decode(&mut BytesMut::from(&b"\x30\x80\x80\x80"[..])), Ok(None));
    let error = decoder.decode(&mut BytesMut::from(&b"\x30\x80\x80\x80\x80"[..])).unwrap_err();
    assert_eq!(error.kind(), Kind::VariableByteIntegerTooLong);
    // Hidden behind a first byte that is wrong.
    let setup = Setup::new(Role::Client, Some(ProtocolVersion::V5));
    let outcome = at_every_cut(b"\x00\x80\x80\x80\x80\x01\xD0\0", &setup);
    assert_eq!(outcome.kinds(), [Kind::ReservedPacketType, Kind::VariableByteIntegerTooLong]);
    assert!(outcome.is_lost);
}

/// Refused at the first byte, at the size, or for what is in it; skipped at once, or when all of it is there.
#[test]
fn what_is_refused_is_skipped_exactly() {
    let large = packet(0x30, &vec![b'x'; 5_000]);
    let refused: [(&[u8], Kind); 5] = [
        (b"\x00\x04abcd", Kind::ReservedPacketType),
        (b"\x36\x84\0abcd", Kind::InvalidQoS),
        (b"\x30\x85\0\0\x01a\0x", Kind::VariableByteIntegerNotMinimal),
        (b"\x30\x06\0\x03a/#\0", Kind::WildcardInTopicName),
        (&large, Kind::PacketTooLarge { size: 5_003, limit: 1_000 }),
    ];
    let setup = Setup::new(Role::Client, Some(ProtocolVersion::V5)).limit(1_000);
    for (refused, kind) in refused {
        for setup in [setup, setup.in_pieces(0)] {
            let stream = [PINGRESP, refused, PINGRESP, refused, refused, PINGRESP].concat();
            let outcome =
                if stream.len() < 1_000 { at_every_cut(&stream, &setup) } else { whole_and_by_bytes(&stream, &setup) };
            assert_eq!((outcome.kinds(), outcome.packets().len()), (vec![kind; 3], 3));
            assert_eq!(outcome.position, u64::try_from(stream.len()).unwrap());
            for patience in 0..20 {
                let mut decoder = PushDecoder::new(setup.options());
                assert_eq!(run(&mut decoder, &stream, stream.chunks(1), patience), outcome, "skipped later");
            }
        }
    }
}

#[test]
fn skip_without_an_error_takes_nothing_but_the_rest_of_a_payload() {
    let options = StreamOptions::client(ProtocolVersion::V3_1_1).payload_pieces_above(8);
    let mut decoder = PushDecoder::new(options);
    let skip = |decoder: &mut PushDecoder| assert!(decoder.decoder_mut().skip());
    skip(&mut decoder);
    decoder.push(b"\xD0");
    assert_eq!(decoder.next_item(), Ok(None));
    skip(&mut decoder);
    decoder.push(b"\0\xD0");
    skip(&mut decoder);
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));
    decoder.push(b"\0");
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));

    decoder.push(b"\x30\x0D\0\x01apay");
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::PublishHead { payload_len: 10, .. }))));
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Payload { remaining: 7, .. }))));
    assert_eq!(decoder.next_item(), Ok(None));
    skip(&mut decoder);
    skip(&mut decoder);
    decoder.push(b"load1");
    assert_eq!(decoder.next_item(), Ok(None));
    decoder.push(b"23\xD0\0");
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));
    assert_eq!((decoder.next_item(), decoder.decoder_mut().position()), (Ok(None), 4 + 15 + 2));

    // Before the first piece, behind the last one, and where there is none.
    decoder.push(b"\x30\x0D\0\x01apayload123\xD0\0");
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::PublishHead { payload_len: 10, .. }))));
    skip(&mut decoder);
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));
    decoder.push(b"\x30\x0D\0\x01apayload123\xD0\0");
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::PublishHead { payload_len: 10, .. }))));
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Payload { remaining: 0, .. }))));
    skip(&mut decoder);
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));
    decoder.push(b"\x30\x09\0\x07aaaaaaa\xD0\0");
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::PublishHead { payload_len: 0, .. }))));
    skip(&mut decoder);
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));
    assert_eq!(decoder.next_item(), Ok(None));
}

#[test]
fn a_refused_packet_that_was_there_can_be_looked_at() {
    let mut decoder = PushDecoder::new(StreamOptions::client(ProtocolVersion::V5));
    decoder.push(b"\x30\x06\0\x03a/#\0\xD0\0");
    assert!(decoder.next_item().is_err());
    assert_eq!(decoder.decoder_mut().refused()[..], b"\x30\x06\0\x03a/#\0"[..]);
    assert_eq!(decoder.buffer_mut()[..], b"\xD0\0"[..]);
    assert!(decoder.skip());
    assert!(decoder.decoder_mut().refused().is_empty(), "it has been given up");
}

/// Heads up to the limit, without payload and with one: the head is waited for, and no byte more.
#[test]
fn a_large_head_comes_out_if_it_is_within_its_limit() {
    let user_properties = b"\x26\0\x01k\0\x01v".repeat(300); // 2,100 bytes: a Property Length of two
    let property_length = VariableByteInteger::try_from(user_properties.len()).unwrap().encode();
    let head = [b"\0\x03a/b\0\x01", property_length.as_ref(), &user_properties].concat();
    for payload_len in [0, 1, 50_u32] {
        let payload = vec![b'x'; usize::try_from(payload_len).unwrap()];
        let publish = packet(0x32, &[&head[..], &payload].concat());
        let head_len = publish.len() - payload.len();
        let stream = [&publish, PINGRESP].concat();
        let limit = u32::try_from(head_len).unwrap();
        let setup = Setup::new(Role::Client, Some(ProtocolVersion::V5)).in_pieces(0);

        let outcome = whole_and_by_bytes(&stream, &Setup { head_limit: limit, ..setup });
        let expected = expected(&stream, &setup);
        assert_eq!(outcome, expected);
        assert!(matches!(&outcome.events[0], (Event::Head(publish, len), _)
            if *len == payload_len && publish.properties().iter().count() == 300));
        assert_eq!(outcome.events.len(), if payload_len == 0 { 2 } else { 3 });
        let mut decoder = PushDecoder::new(setup.options());
        decoder.push(&publish[..head_len - 1]);
        assert_eq!((decoder.next_item(), decoder.decoder_mut().needed()), (Ok(None), 1));
        decoder.push(&publish[head_len - 1..head_len]);
        assert!(decoder.next_item().unwrap().is_some());

        // One byte less, and it is refused when the lengths in it are known: 3 of fixed header, 7, and 2.
        let limited = Setup { head_limit: limit - 1, ..setup };
        let outcome = whole_and_by_bytes(&stream, &limited);
        let size = limit;
        assert_eq!(outcome.kinds(), [Kind::PacketTooLarge { size, limit: limit - 1 }]);
        assert_eq!(outcome.packets().len(), 1);
        let mut decoder = PushDecoder::new(limited.options());
        decoder.push(&publish[..11]);
        assert_eq!(decoder.next_item(), Ok(None));
        decoder.push(&publish[11..12]);
        assert_eq!(decoder.next_item().unwrap_err().reason_code(), Some(ReasonCode::PACKET_TOO_LARGE));

        // A slice that is as long as the head does for any payload, and one byte less does not.
        let mut storage = vec![0; head_len];
        let mut twin = SliceDecoder::new(setup.options(), &mut storage);
        assert_eq!(run(&mut twin, &stream, stream.chunks(100), 0), expected);
        let mut twin = SliceDecoder::new(setup.options(), &mut storage[1..]);
        let outcome = run(&mut twin, &stream, stream.chunks(100), 0);
        assert_eq!(
            (outcome.kinds(), outcome.packets().len()),
            (vec![Kind::PacketTooLarge { size, limit: limit - 1 }], 1)
        );
    }
}

/// A topic that alone is above the limit, is refused by its length; one that is longer than its packet, is cut off.
#[test]
fn a_topic_above_the_limit_of_heads_is_refused_by_its_length() {
    for version in ProtocolVersion::ALL {
        let setup = Setup { head_limit: 12, ..Setup::new(Role::Either, Some(version)).in_pieces(0) };
        let publish = packet(0x32, b"\0\x09topicname\0\x01\0payload");
        let outcome = at_every_cut(&[&publish, PINGRESP].concat(), &setup);
        // 2 of fixed header and 11: what follows the topic is not asked for.
        assert_eq!(outcome.kinds(), [Kind::PacketTooLarge { size: 13, limit: 12 }]);
        assert_eq!(outcome.packets().len(), 1);
        let mut decoder = PushDecoder::new(setup.options());
        decoder.push(&publish[..3]);
        assert_eq!((decoder.next_item(), decoder.decoder_mut().needed()), (Ok(None), 1));
        decoder.push(&publish[3..4]);
        assert_eq!(decoder.next_item().unwrap_err().kind(), Kind::PacketTooLarge { size: 13, limit: 12 });

        let longer_than_its_packet = packet(0x32, b"\0\x20topicname\0\x01\0payload");
        let outcome = at_every_cut(&[&longer_than_its_packet, PINGRESP].concat(), &setup);
        let [fault] = outcome.faults()[..] else { panic!("{outcome:?}") };
        assert_eq!((fault.kind, fault.field, fault.offset), (Kind::UnexpectedEnd, Field::TopicName, 2));
        assert_eq!(outcome.packets().len(), 1);
    }
}

#[test]
fn only_what_is_larger_than_the_threshold_comes_in_pieces() {
    let publish = b"\x30\x07\0\x01a\0xyz"; // 9 bytes
    for (above, is_in_pieces) in [(0, true), (8, true), (9, false), (10, false), (u32::MAX, false)] {
        let setup = Setup::new(Role::Client, Some(ProtocolVersion::V5)).in_pieces(above);
        let outcome = at_every_cut(publish, &setup);
        assert_eq!(outcome, expected(publish, &setup));
        assert_eq!(matches!(outcome.events[0].0, Event::Head(_, 3)), is_in_pieces);
    }
    // Nothing but a PUBLISH does.
    let subscribe = packet(0x82, &[&b"\0\x01\0"[..], &b"\0\x01a\0".repeat(100)].concat());
    let outcome = whole_and_by_bytes(&subscribe, &Setup::new(Role::Server, Some(ProtocolVersion::V5)).in_pieces(0));
    assert_eq!(outcome.packets().len(), 1);
}

// Slices.

#[test]
fn a_slice_moves_what_is_in_it_only_if_what_is_needed_does_not_fit_behind_it() {
    // Of a slice of 16 bytes a PINGRESP has the first two; then comes the beginning of what it is to tell the room for.
    let rows: [(&[u8], usize, &str); 4] = [
        (b"", 16, "nothing is in it"),
        (b"\xD0", 13, "one byte is needed"),
        (b"\x30\x0C\0\x01a", 9, "nine bytes are needed, and there are nine"),
        (b"\x30\x0D\0\x01a", 11, "ten bytes are needed, so the five go to the front"),
    ];
    for (begun, room, why) in rows {
        let mut storage = [0; 16];
        let mut decoder = SliceDecoder::new(StreamOptions::client(ProtocolVersion::V3_1_1), &mut storage);
        let received = [PINGRESP, begun].concat();
        decoder.space()[..received.len()].copy_from_slice(&received);
        decoder.filled(received.len());
        assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));
        assert_eq!(decoder.next_item(), Ok(None));
        assert_eq!(decoder.space().len(), room, "{why}");
        assert_eq!(decoder.space().len(), room, "asking again changes nothing");
    }
}

#[test]
fn a_slice_takes_a_packet_that_fits_exactly() {
    for len in [10_usize, 127, 128, 129, 131, 1_000] {
        let header_len = if len < 130 { 2 } else { 3 };
        let publish = packet(0x30, &[b"\0\x01a\0", &vec![b'x'; len - header_len - 4][..]].concat());
        assert_eq!(publish.len(), len);
        let stream = [PINGRESP, &publish, PINGRESP, &publish, &publish].concat();
        let setup = Setup::new(Role::Client, Some(ProtocolVersion::V5));
        for piece_len in [1, 2, 3, len - 1, len, len + 1, stream.len()] {
            let mut storage = vec![0; len];
            let mut twin = SliceDecoder::new(setup.options(), &mut storage);
            assert_eq!(run(&mut twin, &stream, stream.chunks(piece_len), 0), expected(&stream, &setup));
            let mut twin = SliceDecoder::new(setup.options(), &mut storage[1..]);
            let outcome = run(&mut twin, &stream, stream.chunks(piece_len), 0);
            let (size, limit) = (u32::try_from(len).unwrap(), u32::try_from(len - 1).unwrap());
            assert_eq!(outcome.kinds(), [Kind::PacketTooLarge { size, limit }; 3]);
            assert_eq!(outcome.packets().len(), 2, "what fits comes out");
        }
    }
}

/// Whatever the slice, every call returns, and what fits comes out.
#[test]
fn a_tiny_slice_neither_panics_nor_hangs() {
    let streams: [&[u8]; 7] = [
        &PINGRESP.repeat(3),
        b"\xD0\0\x40\x02\0\x01\xD0\0",
        b"\x30\x80\x01",
        b"\x30\xFF\xFF\xFF\x7F\0\0\0\0\0\0",
        b"\x30\x80\x80\x80\x80\x80",
        b"\0\0\xD0\0",
        b"\x30\x07\0\x01a\0xyz\xD0\0",
    ];
    for storage_len in 0..=8 {
        for stream in streams {
            for above in [u32::MAX, 0] {
                let options = StreamOptions::client(ProtocolVersion::V5).payload_pieces_above(above);
                let mut storage = vec![0; storage_len];
                let mut decoder = SliceDecoder::new(options, &mut storage);
                let (mut rest, mut items) = (stream, 0);
                for _ in 0..100 {
                    let taken = decoder.take(rest);
                    rest = &rest[taken..];
                    match decoder.next() {
                        Ok(item) => items += usize::from(item.is_some()),
                        Err(error) => {
                            assert_eq!(decoder.next(), Err(error));
                            let _ = decoder.skip();
                        }
                    }
                }
                assert!(decoder.position() <= u64::try_from(stream.len()).unwrap());
                if stream == streams[0] && storage_len >= 2 {
                    assert_eq!((items, rest.len()), (3, 0));
                }
            }
        }
    }
}

/// If it can be skipped, skipping it gets on: who goes on after every error is not caught in a circle.
#[test]
fn skipping_gets_on_in_a_slice_of_any_length() {
    let stream = [&b"\x30\x80\x01"[..], &[0; 128], PINGRESP].concat();
    for storage_len in 0..=8 {
        let mut storage = vec![0; storage_len];
        let mut decoder = SliceDecoder::new(StreamOptions::client(ProtocolVersion::V5), &mut storage);
        let (mut rest, mut errors) = (&stream[..], 0);
        while !rest.is_empty() {
            let taken = decoder.take(rest);
            rest = &rest[taken..];
            match decoder.next() {
                Ok(_) => {}
                Err(_) if decoder.skip() => errors += 1,
                Err(_) => break,
            }
            assert!(errors <= 2, "a slice of {storage_len} bytes: skipped again and again, at {}", decoder.position());
        }
    }
}

#[test]
fn more_than_there_is_room_for_is_not_counted() {
    let mut storage = [0; 4];
    let mut decoder = SliceDecoder::new(StreamOptions::client(ProtocolVersion::V5), &mut storage);
    decoder.space().copy_from_slice(b"\xD0\0\xD0\0");
    decoder.filled(usize::MAX);
    assert!(decoder.space().is_empty());
    assert!(decoder.next_item().unwrap().is_some() && decoder.next_item().unwrap().is_some());
    assert_eq!(decoder.next_item(), Ok(None));
    assert_eq!(decoder.position(), 4);
    assert_eq!(decoder.space().len(), 4);
}
