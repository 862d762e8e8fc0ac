//! Any bytes in any pieces, with any limits: what comes out depends on neither pieces nor buffer, and memory is bounded by
//! what came in.

use super::{Rules, limit_of, version};
use bytes::{Bytes, BytesMut};
use mqtt_codec::{
    DecodeError, Packet, ProtocolVersion, PushDecoder, SliceDecoder, StreamDecoder, StreamItem, StreamOptions,
};

pub(super) fn law(data: &[u8]) {
    let Some((rules, rest)) = Rules::split(data) else { return };
    let Some(([who, packet, connect, pieces, head, slice], rest)) = rest.split_first_chunk::<6>() else { return };
    let Some((cuts, input)) = rest.split_first_chunk::<6>() else { return };
    let options = match who % 3 {
        0 => StreamOptions::server(),
        1 => StreamOptions::client(version(who / 3)),
        _ => StreamOptions::either((who & 0x40 != 0).then_some(version(who / 3))),
    };
    // No larger than what a slice for each run can be made of.
    let largest = limit_of(*packet, 8_192);
    let options = options
        .maximum_packet_size(largest)
        .maximum_connect_size(limit_of(*connect, StreamOptions::DEFAULT_MAXIMUM_CONNECT_SIZE))
        .payload_pieces_above(limit_of(*pieces, u32::MAX))
        .maximum_head_size(limit_of(*head, StreamOptions::DEFAULT_MAXIMUM_HEAD_SIZE))
        .with_decode_options(|options| rules.change(options));
    let skips_payload = who & 0x80 != 0;

    let whole = whole(options, input, skips_payload);
    assert_eq!(in_pieces(options, input, skips_payload, &Reads::Cuts(cuts)), whole);
    assert_eq!(in_pieces(options, input, skips_payload, &Reads::OneByOne), whole);
    assert_eq!(in_pieces(options, input, skips_payload, &Reads::AsNeeded), whole);
    // A fixed header needs up to five bytes, whatever the limit.
    let capacity = usize::try_from(largest).unwrap().max(16);
    assert_eq!(in_a_slice(options, input, skips_payload, cuts, capacity), whole.0);
    // What is too large for a slice is refused; all else is as before, but not comparable.
    in_a_slice(options, input, skips_payload, cuts, usize::from(*slice).max(5));
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

    /// Each answer but the last of a read takes bytes off, or gives up a packet of which one byte at least is there.
    fn ask(&mut self, received: usize, reads: usize) {
        self.asked += 1;
        assert!(self.asked <= 2 * received + reads + 1, "it does not end");
    }
}

/// How it ended: the version that was learnt, and where.
type Outcome = (Vec<Event>, Option<ProtocolVersion>, u64);

fn whole(options: StreamOptions, input: &[u8], skips_payload: bool) -> Outcome {
    let mut decoder = PushDecoder::new(options);
    let mut events = Events::default();
    decoder.push(input);
    loop {
        events.ask(input.len(), 1);
        match decoder.next_item() {
            Ok(None) => break,
            Ok(Some(item)) => {
                let is_head = matches!(item, StreamItem::PublishHead { .. });
                events.item(item);
                if is_head && skips_payload {
                    assert!(decoder.decoder_mut().skip());
                }
            }
            Err(error) => {
                events.list.push(Event::Error(error));
                if !decoder.decoder_mut().skip() {
                    events.list.push(Event::Lost);
                    break;
                }
            }
        }
    }
    let decoder = decoder.decoder_mut();
    (events.list, decoder.version(), decoder.position())
}

enum Reads<'a> {
    /// Of these lengths, over and over.
    Cuts(&'a [u8]),
    OneByOne,
    /// As many bytes as are said to be needed.
    AsNeeded,
}

fn cut(cuts: &[u8], read: usize) -> usize {
    // 0 to 64 bytes as they are, so that small packets are cut too; then larger ones.
    let byte = usize::from(cuts[read % cuts.len()]);
    if byte < 64 { byte + 1 } else { (byte - 63) * 32 }
}

fn in_pieces(options: StreamOptions, input: &[u8], skips_payload: bool, reads: &Reads<'_>) -> Outcome {
    let mut decoder = StreamDecoder::new(options);
    let mut buffer = BytesMut::new();
    let mut events = Events::default();
    let (mut received, mut count) = (0, 0);
    // So many bytes more were said to be needed before the next item, of which so many have come.
    let (mut needed, mut came) = (0, 0);
    loop {
        loop {
            events.ask(received, count + 1);
            let answer = decoder.decode(&mut buffer);
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
                    if is_head && skips_payload {
                        assert!(decoder.skip());
                    }
                }
                Err(error) => {
                    let held = buffer.len() + decoder.refused().len();
                    let all = [position + buffer.len(), position + held];
                    assert!(all.contains(&received) && held <= received, "memory is what has been received");
                    (needed, came) = (0, 0);
                    let before = buffer.clone();
                    assert_eq!(decoder.decode(&mut buffer), Err(error), "told again until it is skipped");
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
    }
}

fn in_a_slice(options: StreamOptions, input: &[u8], skips_payload: bool, cuts: &[u8], capacity: usize) -> Vec<Event> {
    let mut storage = vec![0; capacity];
    let mut decoder = SliceDecoder::new(options, &mut storage);
    let mut events = Events::default();
    let (mut received, mut count) = (0, 0);
    loop {
        loop {
            events.ask(received, count + 1);
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
            if is_head && skips_payload {
                assert!(decoder.skip());
            }
        }
        if received == input.len() {
            return events.list;
        }
        let space = decoder.space();
        assert!(!space.is_empty(), "no room, and all items have been taken");
        let read = cut(cuts, count).min(input.len() - received).min(space.len());
        space[..read].copy_from_slice(&input[received..received + read]);
        decoder.filled(read);
        received += read;
        count += 1;
    }
}
