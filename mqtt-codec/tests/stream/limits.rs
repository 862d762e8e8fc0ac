//! Limits.

use crate::streams::packet;
use crate::support::kind_name;
use crate::twins::{Setup, at_every_cut};
use bytes::BytesMut;
use mqtt_codec::{DecodeErrorKind as Kind, Field, ProtocolVersion, ReasonCode, Role, StreamDecoder};

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
                    assert_eq!(decoder.next_item(&mut buffer), Ok(None), "{place} bytes");
                    buffer.extend_from_slice(&[*byte]);
                }
                let result = decoder.next_item(&mut buffer);
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
