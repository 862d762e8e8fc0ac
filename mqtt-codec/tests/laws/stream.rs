//! For any bytes, pieces and limits: the result depends on neither pieces nor buffer, and memory is bounded by the
//! bytes that were received.

use super::{Rules, limit_of, version};
use bytes::{Bytes, BytesMut};
use mqtt_codec::{
    DecodeError, Packet, ProtocolVersion, PushDecoder, SliceDecoder, StreamDecoder, StreamItem, StreamOptions,
};

pub(super) fn law(data: &[u8]) {
    let Some((stream, input)) = Stream::split(data) else { return };
    let whole = same_in_all_pieces(&stream, None, input);
    // A fixed header needs up to five bytes, whatever the limit.
    let capacity = usize::try_from(stream.largest).unwrap().max(16);
    assert_eq!(in_a_slice(&stream, None, input, capacity), whole.0);
    // What is too large for a slice is refused; all else is as before, but not comparable.
    in_a_slice(&stream, None, input, usize::from(stream.slice).max(5));
}

/// Options that change between two items apply to the following packets, for all pieces and buffers.
pub(super) fn changed_options(data: &[u8]) {
    let Some((after, data)) = data.split_first() else { return };
    let Some((stream, data)) = Stream::split(data) else { return };
    let Some((other, input)) = Stream::split(data) else { return };
    let change = Some((usize::from(*after) % 8, other.options));
    let whole = same_in_all_pieces(&stream, change, input);
    let capacity = usize::try_from(stream.largest.max(other.largest)).unwrap().max(16);
    assert_eq!(in_a_slice(&stream, change, input, capacity), whole.0);

    // Given again after each read what they are, they make no difference.
    let same = |decoder: &mut StreamDecoder| decoder.set_options(decoder.options());
    assert_eq!(in_pieces(&stream, None, input, &Reads::Cuts(&stream.cuts), &same), self::whole(&stream, None, input));
    // Changed inside of a packet they make one that depends on the reads: but memory is bounded, and it ends.
    let to_and_fro = |decoder: &mut StreamDecoder| {
        let is_first = decoder.options().role() == stream.options.role();
        decoder.set_options(if is_first { other.options } else { stream.options });
    };
    in_pieces(&stream, None, input, &Reads::Cuts(&stream.cuts), &to_and_fro);
}

/// Returns the way a stream is read, which sixteen bytes determine.
pub(super) struct Stream {
    pub(super) options: StreamOptions,
    skips_payload: bool,
    /// The largest packet, which is no larger than what a slice for each run can be made of.
    largest: u32,
    /// A smaller slice.
    slice: u8,
    /// The lengths of reads, see [`cut`].
    pub(super) cuts: [u8; 6],
}

impl Stream {
    pub(super) fn split(data: &[u8]) -> Option<(Self, &[u8])> {
        let (rules, rest) = Rules::split(data)?;
        let ([who, packet, connect, pieces, head, slice], rest) = rest.split_first_chunk::<6>()?;
        let (cuts, input) = rest.split_first_chunk::<6>()?;
        let options = match who % 3 {
            0 => StreamOptions::server(),
            1 => StreamOptions::client(version(who / 3)),
            _ => StreamOptions::either((who & 0x40 != 0).then_some(version(who / 3))),
        };
        let largest = limit_of(*packet, 8_192);
        let options = options
            .check_connection_rules(who & 0x20 != 0 && who % 3 != 2)
            .with_maximum_packet_size(largest)
            .with_maximum_connect_size(limit_of(*connect, StreamOptions::DEFAULT_MAXIMUM_CONNECT_SIZE))
            .with_payload_pieces_above(limit_of(*pieces, u32::MAX))
            .with_maximum_head_size(limit_of(*head, StreamOptions::DEFAULT_MAXIMUM_HEAD_SIZE))
            .with_decode_options(|options| rules.change(options));
        Some((Self { options, skips_payload: who & 0x80 != 0, largest, slice: *slice, cuts: *cuts }, input))
    }
}

/// Other options, and after how many events they hold.
type Change = Option<(usize, StreamOptions)>;

/// Takes the change, if it is time.
fn take_change(change: &mut Change, events: &Events) -> Option<StreamOptions> {
    change.take_if(|(after, _)| events.list.len() >= *after).map(|(_, options)| options)
}

/// Returns the outcome, after checking that it does not depend on the pieces.
fn same_in_all_pieces(stream: &Stream, change: Change, input: &[u8]) -> Outcome {
    let whole = whole(stream, change, input);
    for reads in [Reads::Cuts(&stream.cuts), Reads::OneByOne, Reads::AsNeeded] {
        assert_eq!(in_pieces(stream, change, input, &reads, &|_| {}), whole);
    }
    whole
}

#[derive(Debug, PartialEq)]
enum Event {
    Item(Packet<Bytes>),
    Head(Packet<Bytes>, u32),
    /// As much of the payload as came, and how much is missing.
    Payload(Vec<u8>, u32),
    Error(DecodeError),
    /// Nobody knows where the packet ends.
    Lost,
}

/// What came out. Pieces of a payload are one.
#[derive(Debug, Default, PartialEq)]
struct Events {
    list: Vec<Event>,
    /// How much was asked for, to see that it ends.
    asked: usize,
}

impl Events {
    fn item(&mut self, item: StreamItem<Bytes>) {
        match item {
            StreamItem::Packet(packet) => self.list.push(Event::Item(packet)),
            StreamItem::PublishHead { publish, payload_len } => {
                assert!(publish.payload.is_empty());
                self.list.push(Event::Head(publish.into(), payload_len));
            }
            StreamItem::Payload { piece, remaining } => {
                assert!(!piece.is_empty());
                let len = u32::try_from(piece.len()).unwrap();
                match self.list.last_mut() {
                    Some(Event::Payload(bytes, missing)) => {
                        assert_eq!(*missing, remaining + len);
                        bytes.extend_from_slice(&piece);
                        *missing = remaining;
                    }
                    Some(Event::Head(_, payload_len)) => {
                        assert_eq!(*payload_len, remaining + len);
                        self.list.push(Event::Payload(piece.to_vec(), remaining));
                    }
                    last => panic!("a payload after {last:?}"),
                }
            }
        }
    }

    /// Each result except the last of a read removes bytes, or gives up a packet of at least one byte.
    fn ask(&mut self, received: usize, reads: usize) {
        self.asked += 1;
        assert!(self.asked <= 2 * received + reads + 1, "it does not end");
    }
}

/// How it ended: the version that was learnt, and where.
type Outcome = (Vec<Event>, Option<ProtocolVersion>, u64);

fn whole(stream: &Stream, mut change: Change, input: &[u8]) -> Outcome {
    let mut decoder = PushDecoder::new(stream.options);
    let mut events = Events::default();
    decoder.push(input);
    loop {
        events.ask(input.len(), 1);
        if let Some(options) = take_change(&mut change, &events) {
            decoder.set_options(options);
        }
        match decoder.next_item() {
            Ok(None) => break,
            Ok(Some(item)) => {
                let is_head = matches!(item, StreamItem::PublishHead { .. });
                events.item(item);
                if is_head && stream.skips_payload {
                    assert!(decoder.skip());
                }
            }
            Err(error) => {
                events.list.push(Event::Error(error));
                if !decoder.skip() {
                    events.list.push(Event::Lost);
                    break;
                }
            }
        }
    }
    let decoder = decoder;
    (events.list, decoder.version(), decoder.position())
}

enum Reads<'a> {
    /// Of these lengths, over and over.
    Cuts(&'a [u8]),
    OneByOne,
    /// As many bytes as are said to be needed.
    AsNeeded,
}

pub(super) fn cut(cuts: &[u8], read: usize) -> usize {
    // 0 to 64 bytes as they are, so that small packets are cut too; then larger ones.
    let byte = usize::from(cuts[read % cuts.len()]);
    if byte < 64 { byte + 1 } else { (byte - 63) * 32 }
}

/// What is done after each read comes besides.
fn in_pieces(
    stream: &Stream,
    mut change: Change,
    input: &[u8],
    reads: &Reads<'_>,
    after_read: &dyn Fn(&mut StreamDecoder),
) -> Outcome {
    let mut decoder = StreamDecoder::new(stream.options);
    let mut buffer = BytesMut::new();
    let mut events = Events::default();
    let (mut received, mut count) = (0, 0);
    // So many bytes more were said to be needed before the next item, of which so many have come.
    let (mut needed, mut came) = (0, 0);
    loop {
        loop {
            events.ask(received, count + 1);
            if let Some(options) = take_change(&mut change, &events) {
                decoder.set_options(options);
                (needed, came) = (0, 0);
            }
            let answer = decoder.next_item(&mut buffer);
            let position = usize::try_from(decoder.position()).unwrap();
            match answer {
                Ok(None) => {
                    assert_eq!(position + buffer.len(), received, "memory is what has been received");
                    assert!(decoder.needed() > 0);
                    (needed, came) = (decoder.needed(), 0);
                    break;
                }
                Ok(Some(item)) => {
                    assert!(came >= needed, "{came} bytes, and {needed} were needed");
                    assert_eq!(position + buffer.len(), received, "memory is what has been received");
                    (needed, came) = (0, 0);
                    let is_head = matches!(item, StreamItem::PublishHead { .. });
                    events.item(item);
                    if is_head && stream.skips_payload {
                        assert!(decoder.skip());
                    }
                }
                Err(error) => {
                    let held = buffer.len() + decoder.refused().len();
                    let all = [position + buffer.len(), position + held];
                    assert!(all.contains(&received) && held <= received, "memory is what has been received");
                    (needed, came) = (0, 0);
                    let before = buffer.clone();
                    assert_eq!(decoder.next_item(&mut buffer), Err(error), "told again until it is skipped");
                    assert_eq!(buffer, before);
                    events.list.push(Event::Error(error));
                    if !decoder.skip() {
                        events.list.push(Event::Lost);
                        return (events.list, decoder.version(), decoder.position());
                    }
                }
            }
        }
        if received == input.len() {
            return (events.list, decoder.version(), decoder.position());
        }
        let read = match reads {
            Reads::Cuts(cuts) => cut(cuts, count),
            Reads::OneByOne => 1,
            Reads::AsNeeded => decoder.needed(),
        };
        let read = read.min(input.len() - received);
        buffer.extend_from_slice(&input[received..received + read]);
        received += read;
        came += read;
        count += 1;
        let before = decoder.options();
        after_read(&mut decoder);
        if decoder.options() != before {
            (needed, came) = (0, 0); // that was by other options
        }
    }
}

fn in_a_slice(stream: &Stream, mut change: Change, input: &[u8], capacity: usize) -> Vec<Event> {
    let mut storage = vec![0; capacity];
    let mut decoder = SliceDecoder::new(stream.options, &mut storage);
    let mut events = Events::default();
    let (mut received, mut count) = (0, 0);
    loop {
        loop {
            events.ask(received, count + 1);
            if let Some(options) = take_change(&mut change, &events) {
                decoder.set_options(options);
            }
            let mut is_head = false;
            match decoder.next_item() {
                Ok(None) => {
                    assert!(decoder.needed() > 0);
                    break;
                }
                Ok(Some(item)) => events.item(match item {
                    StreamItem::Packet(packet) => StreamItem::Packet(packet.to_shared()),
                    StreamItem::PublishHead { publish, payload_len } => {
                        is_head = true;
                        StreamItem::PublishHead { publish: publish.to_shared(), payload_len }
                    }
                    StreamItem::Payload { piece, remaining } => {
                        StreamItem::Payload { piece: Bytes::copy_from_slice(piece), remaining }
                    }
                }),
                Err(error) => {
                    assert_eq!(decoder.next_item(), Err(error), "told again until it is skipped");
                    events.list.push(Event::Error(error));
                    if !decoder.skip() {
                        events.list.push(Event::Lost);
                        return events.list;
                    }
                }
            }
            if is_head && stream.skips_payload {
                assert!(decoder.skip());
            }
        }
        if received == input.len() {
            return events.list;
        }
        let space = decoder.space();
        assert!(!space.is_empty(), "no room, and all items have been taken");
        let read = cut(&stream.cuts, count).min(input.len() - received).min(space.len());
        space[..read].copy_from_slice(&input[received..received + read]);
        decoder.filled(read);
        received += read;
        count += 1;
    }
}
