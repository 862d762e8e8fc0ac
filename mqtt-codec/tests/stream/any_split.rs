//! Any split of a stream gives the same items.

use crate::splitting::split;
use crate::streams::{conversation, encode_all, faulty_publish, faulty_stream, setup};
use crate::twins::{Event, Fault, Feeder, Growing, Outcome, Setup, Twin, ends, every_twin, expected, run, storage_for};
use mqtt_codec::{DecodeErrorKind as Kind, Packet, Role, SliceDecoder};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, any, prop_oneof, proptest};

proptest! {
    // The reported input should be minimal. The default stops with hundreds of bytes left.
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
                (Event::Error(Fault { kind: Kind::HeadTooLarge { size, limit }, .. }), (without, at)) => {
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
pub(crate) fn joined(outcome: &Outcome) -> Vec<Packet> {
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
pub(crate) fn fed_by_need(twin: &mut impl Twin, stream: &[u8], setup: &Setup) {
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
