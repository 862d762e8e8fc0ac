//! The decoders side by side, with the expected results.

use bytes::{Bytes, BytesMut};
use mqtt_codec::{
    DecodeError, DecodeErrorKind as Kind, DecodeOptions, Decoded, Field, Packet, PacketType, ProtocolVersion, Publish,
    PushDecoder, Role, Sender, SliceDecoder, StreamDecoder, StreamItem, StreamOptions, decode,
};

/// What the tests know of an error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) field: Field,
    pub(crate) packet_type: PacketType,
    pub(crate) version: ProtocolVersion,
    pub(crate) offset: usize,
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
pub(crate) enum Event {
    Packet(Packet),
    Head(Publish, u32),
    Payload(Vec<u8>),
    Error(Fault),
}

/// All that comes out of a stream, each with the position after it; for an error that is where the packet begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) events: Vec<(Event, u64)>,
    pub(crate) position: u64,
    pub(crate) version: Option<ProtocolVersion>,
    /// Nobody knows where the next packet begins.
    pub(crate) is_lost: bool,
}

impl Outcome {
    pub(crate) fn push(&mut self, event: Event, position: u64) {
        match (event, self.events.last_mut()) {
            (Event::Payload(piece), Some((Event::Payload(before), end))) => {
                before.extend_from_slice(&piece);
                *end = position;
            }
            (event, _) => self.events.push((event, position)),
        }
    }

    pub(crate) fn packets(&self) -> Vec<&Packet> {
        self.events
            .iter()
            .filter_map(|(event, _)| if let Event::Packet(packet) = event { Some(packet) } else { None })
            .collect()
    }

    pub(crate) fn faults(&self) -> Vec<Fault> {
        self.events
            .iter()
            .filter_map(|(event, _)| if let Event::Error(fault) = event { Some(*fault) } else { None })
            .collect()
    }

    pub(crate) fn kinds(&self) -> Vec<Kind> {
        self.faults().iter().map(|fault| fault.kind).collect()
    }
}

// What is decoded, by hand.

/// All that matters for what comes out of a stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setup {
    pub(crate) role: Role,
    pub(crate) version: Option<ProtocolVersion>,
    pub(crate) limit: u32,
    pub(crate) connect_limit: u32,
    pub(crate) pieces_above: Option<u32>,
    pub(crate) head_limit: u32,
    /// The rules about CONNECT and CONNACK.
    pub(crate) rules: bool,
}

impl Setup {
    /// Nothing is too large.
    pub(crate) const fn new(role: Role, version: Option<ProtocolVersion>) -> Self {
        let largest = DecodeOptions::LARGEST_PACKET;
        Self {
            role,
            version,
            limit: largest,
            connect_limit: largest,
            pieces_above: None,
            head_limit: largest,
            rules: false,
        }
    }

    pub(crate) const fn in_pieces(self, above: u32) -> Self {
        Self { pieces_above: Some(above), ..self }
    }

    pub(crate) const fn with_rules(self) -> Self {
        Self { rules: true, ..self }
    }

    pub(crate) const fn limit(self, limit: u32) -> Self {
        Self { limit, ..self }
    }

    /// Every way to be one side of a connection.
    pub(crate) fn all() -> Vec<Self> {
        let versions = ProtocolVersion::ALL.map(Some);
        let clients = versions.map(|version| Self::new(Role::Client, version));
        let proxies = versions.map(|version| Self::new(Role::Either, version));
        let servers = versions.map(|version| Self::new(Role::Server, version));
        let learning = [Self::new(Role::Server, None), Self::new(Role::Either, None)];
        let setups = [&clients[..], &proxies, &servers, &learning].concat();
        setups.iter().copied().chain(setups.iter().map(|setup| setup.with_rules())).collect()
    }

    pub(crate) fn options(&self) -> StreamOptions {
        let options = match (self.role, self.version) {
            (Role::Server, None) => StreamOptions::server(),
            (Role::Server, Some(version)) => StreamOptions::server().with_version(version),
            (Role::Client, version) => StreamOptions::client(version.unwrap()),
            (Role::Either, version) => StreamOptions::either(version),
        };
        let options = options.with_maximum_packet_size(self.limit).with_maximum_connect_size(self.connect_limit);
        let options = options.check_connection_rules(self.rules);
        let options = options
            .with_maximum_head_size(self.head_limit)
            .with_decode_options(|options| options.allow_bridge_bit(true));
        match self.pieces_above {
            Some(above) => options.with_payload_pieces_above(above),
            None => options,
        }
    }

    pub(crate) fn sender(&self) -> Sender {
        match self.role {
            Role::Server => Sender::Client,
            Role::Client => Sender::Server,
            Role::Either => Sender::Either,
        }
    }
}

/// Where a packet ends by its Remaining Length: counted from its first byte, and no other rule looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Extent {
    Known(usize),
    NotThere,
    Endless,
}

pub(crate) fn extent(packet: &[u8]) -> Extent {
    let mut len = 0;
    for (place, byte) in packet.iter().skip(1).enumerate().take(4) {
        len |= usize::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Extent::Known(len + place + 2);
        }
    }
    if packet.len() > 4 { Extent::Endless } else { Extent::NotThere }
}

/// Returns the end of each packet, including the last one even if it has not arrived completely.
pub(crate) fn ends(stream: &[u8]) -> Vec<usize> {
    let mut ends = vec![];
    let mut at = 0;
    while let Some(Extent::Known(len)) = stream.get(at..).map(extent) {
        at += len;
        ends.push(at);
    }
    ends
}

/// What is to come out: every packet decoded in one shot, and what is refused passed over by its Remaining Length.
pub(crate) fn expected(stream: &[u8], setup: &Setup) -> Outcome {
    expected_after(stream, setup, false)
}

/// The same, for the rest of a stream in which a CONNECT or a CONNACK has come or not.
pub(crate) fn expected_after(stream: &[u8], setup: &Setup, mut is_connected: bool) -> Outcome {
    let mut outcome = Outcome { version: setup.version, ..Outcome::default() };
    let mut at = 0;
    let position = |at: usize| u64::try_from(at).unwrap();
    while at < stream.len() {
        let rest = &stream[at..];
        let packet_type = PacketType::from_first_byte(rest[0]);
        let version = outcome.version.unwrap_or(ProtocolVersion::V3_1_1);
        let awaits_connect =
            !is_connected && (outcome.version.is_none() || (setup.rules && setup.role == Role::Server));
        let limit = if awaits_connect { setup.connect_limit.min(setup.limit) } else { setup.limit };
        let options = DecodeOptions::new(version)
            .with_sender(setup.sender())
            .with_maximum_packet_size(limit)
            .allow_bridge_bit(true);
        let fault = |kind, field, offset| Fault { kind, field, packet_type, version, offset };
        let refused = if let Some(kind) = refusal(setup, outcome.version, is_connected, packet_type) {
            fault(kind, Field::PacketType, 0)
        } else {
            match decode(rest, options) {
                Ok(Decoded::Complete { packet: Packet::Connect(connect), .. })
                    if setup.role == Role::Server
                        && outcome.version.is_some_and(|version| version != connect.protocol_version) =>
                {
                    let offset = level_offset(rest);
                    let version = connect.protocol_version;
                    Fault { version, ..fault(Kind::UnsupportedProtocolVersion, Field::ProtocolVersion, offset) }
                }
                // Its version is judged before everything that depends on it.
                Err(error)
                    if setup.role == Role::Server
                        && packet_type == PacketType::Connect
                        && outcome.version.is_some_and(|version| version != error.version()) =>
                {
                    let offset = level_offset(rest);
                    let version = error.version();
                    Fault { version, ..fault(Kind::UnsupportedProtocolVersion, Field::ProtocolVersion, offset) }
                }
                Ok(Decoded::Incomplete { .. }) => break,
                Ok(Decoded::Complete { packet, consumed }) => {
                    is_connected |= matches!(packet, Packet::ConnAck(_));
                    if let Packet::Connect(connect) = &packet {
                        is_connected = true;
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

/// The rules about the first packets, and about a second CONNECT or CONNACK.
fn refusal(
    setup: &Setup,
    version: Option<ProtocolVersion>,
    is_connected: bool,
    packet_type: PacketType,
) -> Option<Kind> {
    let is_connect = packet_type == PacketType::Connect;
    let is_connack = packet_type == PacketType::ConnAck;
    let is_auth = packet_type == PacketType::Auth && version == Some(ProtocolVersion::V5);
    match setup.role {
        _ if version.is_none() => (!is_connect).then_some(Kind::ConnectExpected),
        Role::Server if setup.rules && is_connected => is_connect.then_some(Kind::ConnectRepeated),
        Role::Server if setup.rules => (!is_connect).then_some(Kind::ConnectExpected),
        Role::Client if setup.rules && is_connected => is_connack.then_some(Kind::ConnAckRepeated),
        Role::Client if setup.rules => (!is_connack && !is_auth).then_some(Kind::ConnAckExpected),
        _ => None,
    }
}

/// Returns the offset of the Protocol Version of a CONNECT.
fn level_offset(connect: &[u8]) -> usize {
    let remaining_length_len = connect[1..].iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    1 + remaining_length_len + 2 + usize::from(connect[remaining_length_len + 2])
}

// What is decoded, by the decoders.

/// A decoder with its buffer.
pub(crate) trait Twin {
    /// Takes in as many of these bytes as there is room for.
    fn take(&mut self, bytes: &[u8]) -> usize;
    fn next(&mut self) -> Result<Option<StreamItem>, DecodeError>;
    fn needed(&mut self) -> usize;
    fn position(&mut self) -> u64;
    fn version(&mut self) -> Option<ProtocolVersion>;
    fn skip(&mut self) -> bool;
    fn is_between_packets(&mut self) -> bool;
}

pub(crate) struct Growing {
    pub(crate) decoder: StreamDecoder,
    pub(crate) buffer: BytesMut,
}

impl Growing {
    pub(crate) fn new(options: StreamOptions) -> Self {
        Self { decoder: StreamDecoder::new(options), buffer: BytesMut::new() }
    }
}

impl Twin for Growing {
    fn take(&mut self, bytes: &[u8]) -> usize {
        self.buffer.extend_from_slice(bytes);
        bytes.len()
    }

    fn next(&mut self) -> Result<Option<StreamItem>, DecodeError> {
        self.decoder.next_item(&mut self.buffer)
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

    fn is_between_packets(&mut self) -> bool {
        self.decoder.is_between_packets()
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

    fn is_between_packets(&mut self) -> bool {
        Self::is_between_packets(self)
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
        // The probe tells what comes, however often it is asked.
        let is_ready = self.is_ready();
        assert_eq!(self.is_ready(), is_ready);
        let needed = Self::needed(self);
        assert!(is_ready || needed > 0);
        let found = self.next_item();
        assert_eq!(!matches!(found, Ok(None)), is_ready);
        Ok(found?.map(|item| match item {
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

    fn is_between_packets(&mut self) -> bool {
        Self::is_between_packets(self)
    }
}

/// Feeds a decoder, and looks at all that holds at every step.
pub(crate) struct Feeder<'t, T> {
    pub(crate) twin: &'t mut T,
    /// Where the packets of the stream end.
    pub(crate) ends: Vec<usize>,
    /// How many reads go by before what was refused is skipped.
    pub(crate) patience: usize,
    pub(crate) waits: Option<usize>,
    pub(crate) received: usize,
    pub(crate) payload_left: u32,
    pub(crate) outcome: Outcome,
}

impl<'t, T: Twin> Feeder<'t, T> {
    pub(crate) fn new(twin: &'t mut T, stream: &[u8], patience: usize) -> Self {
        let (waits, received, payload_left) = (None, 0, 0);
        Self { twin, ends: ends(stream), patience, waits, received, payload_left, outcome: Outcome::default() }
    }

    pub(crate) fn feed(&mut self, mut bytes: &[u8]) {
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

    pub(crate) fn finish(mut self) -> Outcome {
        while self.waits.is_some() && !self.outcome.is_lost {
            self.skip();
            self.drain();
        }
        self.outcome.position = self.twin.position();
        self.outcome.version = self.twin.version();
        self.outcome
    }

    pub(crate) fn skip(&mut self) {
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
    pub(crate) fn drain(&mut self) {
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

    pub(crate) fn item(&mut self, item: StreamItem) {
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

    pub(crate) fn check_needed(&mut self) {
        let (needed, position) = (self.twin.needed(), usize::try_from(self.twin.position()).unwrap());
        assert!(needed > 0);
        let is_at_end = self.received == 0 || self.ends.contains(&self.received);
        assert_eq!(self.twin.is_between_packets(), is_at_end, "{} bytes received", self.received);
        let end = self.ends.iter().find(|end| **end > position);
        let reach = end.copied().unwrap_or(position + 2).max(self.received + 1);
        assert!(
            self.received + needed <= reach,
            "{needed} bytes needed at {position}, {} received, the packet ends at {end:?}",
            self.received
        );
    }
}

pub(crate) fn run<'s>(
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

/// Splits the stream at these cuts.
pub(crate) fn cut_at<'s>(stream: &'s [u8], cuts: &[usize]) -> Vec<&'s [u8]> {
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

/// Returns the length of the shortest slice that can hold every packet of the stream.
pub(crate) fn storage_for(stream: &[u8]) -> usize {
    let mut begin = 0;
    let lens = ends(stream).into_iter().map(|end| end - core::mem::replace(&mut begin, end));
    lens.max().unwrap_or_default().max(5)
}

/// Feeds the pieces to all decoders, and checks that they agree.
pub(crate) fn every_twin(stream: &[u8], setup: &Setup, pieces: &[&[u8]]) -> Outcome {
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
pub(crate) fn whole_and_by_bytes(stream: &[u8], setup: &Setup) -> Outcome {
    let outcome = every_twin(stream, setup, &[stream]);
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(every_twin(stream, setup, &bytes), outcome, "byte by byte");
    outcome
}

/// In two pieces, cut at every byte.
pub(crate) fn at_every_cut(stream: &[u8], setup: &Setup) -> Outcome {
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
