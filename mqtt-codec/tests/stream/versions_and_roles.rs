//! The version of a stream, and the packets that each side may send.

use crate::streams::packet;
use crate::twins::{Fault, Setup, at_every_cut, run};
use bytes::BytesMut;
use mqtt_codec::{
    ConnectionPhase, DecodeErrorKind as Kind, Field, Packet, ProtocolVersion, PushDecoder, Role, Sender, SliceDecoder,
    StreamDecoder, StreamItem, StreamOptions,
};

pub(crate) const CONNECT_3_1: &[u8] = b"\x10\x0F\0\x06MQIsdp\x03\x02\0\0\0\x01c";
pub(crate) const CONNECT_3_1_1: &[u8] = b"\x10\x0D\0\x04MQTT\x04\x02\0\0\0\x01c";
pub(crate) const CONNECT_5: &[u8] = b"\x10\x0E\0\x04MQTT\x05\x02\0\0\0\0\x01c";
pub(crate) const PINGREQ: &[u8] = b"\xC0\0";
pub(crate) const PINGRESP: &[u8] = b"\xD0\0";

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
            assert_eq!(decoder.next_item(&mut BytesMut::from(&connect[..4])), Ok(None));
            assert_eq!(decoder.version(), None, "before it is there as a whole");
            // A server takes one CONNECT, and without that rule those of its version. A dissector takes all.
            let stream = [connect, publish, CONNECT_3_1, CONNECT_5, publish].concat();
            let ruled = at_every_cut(&stream, &setup.with_rules());
            assert_eq!(ruled.version, Some(version));
            let outcome = at_every_cut(&stream, &setup);
            assert_eq!(outcome.version, Some(version));
            if setup.role == Role::Server {
                assert_eq!(ruled.kinds(), [Kind::ConnectRepeated; 2]);
                let others = [ProtocolVersion::V3_1, ProtocolVersion::V5].into_iter().filter(|other| *other != version);
                let kinds = others.map(|_| Kind::UnsupportedProtocolVersion).collect::<Vec<_>>();
                assert_eq!(outcome.kinds(), kinds);
            } else {
                assert_eq!((ruled.faults(), outcome.faults()), (vec![], vec![]));
            }
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
    let error = StreamDecoder::new(StreamOptions::server()).next_item(&mut BytesMut::from(PINGREQ)).unwrap_err();
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
    decoder.set_version(ProtocolVersion::V3_1_1);
    assert!(decoder.skip());
    decoder.push(connack_3);
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::ConnAck(_))))));
    assert_eq!(decoder.version(), Some(ProtocolVersion::V3_1_1));
    assert_eq!(decoder.position(), 8);
}

/// A proxy: the version that one direction learns is told to the other. Limits are no longer those of a CONNECT then.
#[test]
fn the_version_that_is_learnt_is_told_to_the_other_direction() {
    let from_server = [b"\x20\x03\0\0\0".to_vec(), packet(0x30, &[&b"\0\x01a\0"[..], &[0; 1000]].concat())].concat();
    let options = StreamOptions::either(None).with_maximum_connect_size(100);
    for with_options in [false, true] {
        let mut server_side = PushDecoder::new(options);
        server_side.push(CONNECT_5);
        assert!(server_side.next_item().unwrap().is_some());
        let version = server_side.version().unwrap();

        let mut storage = [0; 1100];
        let mut client_side = SliceDecoder::new(options, &mut storage);
        let mut twin = PushDecoder::new(options);
        if with_options {
            client_side.set_options(options.with_version(version));
            twin.set_options(options.with_version(version));
        } else {
            client_side.set_version(version);
            twin.set_version(version);
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

/// The version and the rule that CONNECT comes first are two rules.
#[test]
fn a_server_of_one_version_refuses_the_connect_of_another_and_packets_before_connect() {
    let connects = [
        (ProtocolVersion::V3_1, CONNECT_3_1, &b"\x20\x02\0\x01"[..], 10),
        (ProtocolVersion::V3_1_1, CONNECT_3_1_1, b"\x20\x02\0\x01", 8),
        (ProtocolVersion::V5, CONNECT_5, b"\x20\x03\0\x84\0", 8),
    ];
    for version in ProtocolVersion::ALL {
        let setup = Setup::new(Role::Server, Some(version));
        for (asked, connect, answer, offset) in connects {
            for setup in [setup, setup.with_rules()] {
                let outcome = at_every_cut(connect, &setup);
                if asked == version {
                    assert_eq!((outcome.packets().len(), outcome.faults()), (1, vec![]));
                    continue;
                }
                let [fault] = outcome.faults()[..] else { panic!("{outcome:?}") };
                assert_eq!((fault.kind, fault.offset), (Kind::UnsupportedProtocolVersion, offset));
                assert_eq!(
                    (fault.field, fault.version),
                    (Field::ProtocolVersion, asked),
                    "the client's, for the answer"
                );
                let mut decoder = PushDecoder::new(setup.options());
                decoder.push(connect);
                let error = decoder.next_frame().unwrap_err();
                assert_eq!(Fault::from(error), fault);
                assert_eq!(error.rule(), "MQTT-3.1.2-2");
                assert_eq!(error.answer(Role::Server, ConnectionPhase::Start).unwrap().as_bytes(), answer);
            }
        }
        let stream = [PINGREQ, b"\x30\x04\0\x01a\0"].concat();
        assert_eq!(at_every_cut(&stream, &setup).kinds(), []);
        let outcome = at_every_cut(&stream, &setup.with_rules());
        assert_eq!((outcome.packets().len(), outcome.kinds()), (0, vec![Kind::ConnectExpected; 2]));
        assert!(outcome.faults().iter().all(|fault| fault.version == version));
    }
}

#[test]
fn a_client_takes_one_connack_and_before_it_nothing_but_auth() {
    let auth = b"\xF0\x07\x18\x05\x15\0\x02ab";
    let publish = b"\x30\x04\0\x01a\0";
    let connack_5 = b"\x20\x03\0\0\0";
    let connack_3 = b"\x20\x02\0\0";
    for version in ProtocolVersion::ALL {
        let connack = if version.is_v3() { &connack_3[..] } else { connack_5 };
        let setup = Setup::new(Role::Client, Some(version)).with_rules();
        assert_eq!(at_every_cut(&[connack, publish, PINGRESP].concat(), &setup).kinds(), []);
        let stream = [auth, &publish[..], PINGREQ, b"\x15\x03\x03", PINGRESP].concat();
        let count = if version.is_v3() { 4 } else { 3 };
        assert_eq!(at_every_cut(&stream, &setup).kinds(), vec![Kind::ConnAckExpected; count]);
        let stream = [connack, publish, connack, PINGRESP, connack_3].concat();
        let outcome = at_every_cut(&stream, &setup);
        assert_eq!((outcome.packets().len(), outcome.kinds()), (3, vec![Kind::ConnAckRepeated; 2]));
        // Of a CONNACK that is refused nothing is learnt.
        let stream = [b"\x20\x02\x02\0", PINGRESP, connack].concat();
        let kinds = at_every_cut(&stream, &setup).kinds();
        assert_eq!(
            kinds.iter().filter(|kind| **kind == Kind::ConnAckExpected).count(),
            usize::from(version != ProtocolVersion::V3_1),
            "{kinds:?}"
        );
    }
    let mut decoder = PushDecoder::new(StreamOptions::client(ProtocolVersion::V5));
    decoder.push(PINGRESP);
    let error = decoder.next_item().unwrap_err();
    assert_eq!(error.to_string(), "PINGRESP: the first packet is not a CONNACK, at byte 0 [MQTT-3.2.0-1]");
    let connecting = ConnectionPhase::Connecting(ProtocolVersion::V5);
    assert_eq!(error.answer(Role::Client, connecting), None);
    assert!(decoder.skip());
    decoder.push(&connack_5.repeat(2));
    assert!(decoder.next_frame().unwrap().is_some());
    let error = decoder.next_frame().unwrap_err();
    assert_eq!(error.to_string(), "CONNACK: the server has sent a CONNACK before, at byte 0 [MQTT-3.2.0-2]");
}

/// A second CONNECT is never answered with a second CONNACK.
#[test]
fn a_second_connect_is_answered_with_disconnect() {
    for (connect, version, answer) in
        [(CONNECT_3_1_1, ProtocolVersion::V3_1_1, None), (CONNECT_5, ProtocolVersion::V5, Some(&b"\xE0\x01\x82"[..]))]
    {
        for second in [CONNECT_3_1, CONNECT_3_1_1, CONNECT_5, b"\x10\0"] {
            for frames in [false, true] {
                let mut decoder = PushDecoder::new(StreamOptions::server());
                decoder.push(&[connect, second].concat());
                let error = if frames {
                    assert!(decoder.next_frame().unwrap().is_some());
                    decoder.next_frame().unwrap_err()
                } else {
                    assert!(decoder.next_item().unwrap().is_some());
                    decoder.next_item().unwrap_err()
                };
                assert_eq!(error.kind(), Kind::ConnectRepeated);
                let message = "CONNECT: the client has sent a CONNECT before, at byte 0 [MQTT-3.1.0-2]";
                assert_eq!(error.to_string(), message);
                let found = error.answer(Role::Server, ConnectionPhase::Connected(version));
                assert_eq!(found.as_ref().map(|answer| answer.as_bytes()), answer);
            }
        }
    }
}
