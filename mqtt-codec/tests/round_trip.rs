//! Checks the laws that hold for every packet (`laws`) over generated packets. Failing packets are minimised.
//!
//! Generator and laws are those of the fuzz targets. A failure prints the packet and the bytes that it was generated
//! from. Store these bytes in `fuzz/findings/roundtrip`, in a file named after the fault, and every later run tries
//! them. (The file of proptest beside this one loses its value when a strategy changes.)

#![cfg(all(test, feature = "tokio-util"))]
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic here is a failed test"
)]

#[expect(dead_code, reason = "the laws of packets and of bytes only")]
#[path = "laws/mod.rs"]
mod laws;

use core::fmt;
use laws::{Rules, convert, differential::judged, encode, encode_into_short_buffer, forward, frames, roundtrip, send};
use mqtt_codec::{Decoded, Encode, Packet, ProtocolVersion, Sender, decode};
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any, proptest};
use proptest::sample::Index;

/// A packet that the version can express.
struct Made {
    version: ProtocolVersion,
    packet: Packet,
    /// What it was made from, as in `fuzz/seeds/roundtrip`.
    from: Vec<u8>,
}

impl fmt::Debug for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}, made from {:02x?}", self.version, self.packet, self.from)
    }
}

impl Made {
    fn encoded(&self) -> Vec<u8> {
        let mut output = Vec::new();
        self.packet.encode_to(self.version, &mut output).unwrap();
        output
    }
}

/// Generates a packet. Fewer and smaller bytes give a smaller packet, so failing packets shrink.
fn packet() -> impl Strategy<Value = Made> {
    (0..3_u8, vec(any::<u8>(), 0..2_000)).prop_map(|(version, bytes)| {
        let from = [&[version], &bytes[..]].concat();
        let (version, packet) = roundtrip::packet(&from).unwrap();
        Made { version, packet, from }
    })
}

/// By the rules of any version, from either side. Packets that are made are allowed to be a bridge's.
fn rules() -> impl Strategy<Value = Rules> {
    (0..9_u8).prop_map(|who| Rules::split(&[who, 0, 1, 0]).unwrap().0)
}

proptest! {
    // The reported input should be minimal. The default stops with hundreds of bytes left.
    #![proptest_config(ProptestConfig { max_shrink_iters: 200_000, ..ProptestConfig::default() })]

    #[test]
    fn every_packet_survives_in_every_buffer(made in packet()) {
        roundtrip::survives(made.version, &made.packet);
    }

    #[test]
    fn every_packet_is_refused_or_survives_in_every_version_from_every_sender(made in packet()) {
        let senders = [Sender::Either, Sender::Client, Sender::Server];
        encode::is_refused_or_survives(&made.packet, &senders, &[false, true]);
    }

    #[test]
    fn a_forwarded_message_is_the_changed_packet(input in vec(any::<u8>(), 0..600)) {
        forward::law(&input);
    }

    #[test]
    fn a_frame_is_its_packet(made in packet(), who in 0..9_u8, leniencies in any::<u8>()) {
        frames::law(&[&[who, 0, leniencies | 1, 0], &made.encoded()[..]].concat());
    }

    #[test]
    fn what_is_sent_is_the_packet_or_as_much_as_may_be(made in packet(), how in vec(any::<u8>(), 8)) {
        send::law(&[&how, &made.from[..]].concat());
    }

    #[test]
    fn every_packet_crosses_to_every_version_or_is_an_error(made in packet()) {
        for to in ProtocolVersion::ALL {
            convert::crosses(made.version, &made.packet, to);
        }
    }

    #[test]
    fn a_short_output_is_an_error_and_stays_as_it_was(made in packet(), cut in any::<u16>(), payload_len in any::<u32>()) {
        let payload_len = usize::try_from(payload_len).unwrap();
        encode_into_short_buffer::is_refused(made.version, &made.packet, cut.into(), payload_len);
    }

    #[test]
    fn a_cut_packet_waits_for_no_more_than_it_needs(made in packet(), cut in any::<Index>()) {
        let encoded = made.encoded();
        let cut = cut.index(encoded.len());
        match decode(&encoded[..cut], made.version) {
            Ok(Decoded::Incomplete { needed }) => assert!(cut + needed.get() <= encoded.len()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn any_bytes_are_judged_as_by_the_plain_decoder(input in vec(any::<u8>(), 0..200), rules in rules()) {
        judged(&input, &rules);
    }

    #[test]
    fn any_changed_packet_is_judged_as_by_the_plain_decoder(
        made in packet(),
        place in any::<Index>(),
        byte in any::<u8>(),
        rules in rules(),
    ) {
        let mut encoded = made.encoded();
        judged(&encoded, &rules);
        let place = place.index(encoded.len());
        encoded[place] = byte;
        judged(&encoded, &rules);
    }
}
