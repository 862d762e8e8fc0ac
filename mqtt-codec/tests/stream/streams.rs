//! Test streams: of packets, of faults, and of random bytes.

use crate::twins::Setup;
use arbitrary::Unstructured;
use bytes::Bytes;
use mqtt_codec::{
    Connect, DecodeOptions, Encode, Packet, ProtocolVersion, Publish, TopicName, Utf8String, VariableByteInteger,
};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::Index;

pub(crate) fn packet(first_byte: u8, body: &[u8]) -> Vec<u8> {
    let remaining_length = VariableByteInteger::try_from(body.len()).unwrap();
    [&[first_byte], remaining_length.encode().as_ref(), body].concat()
}

// Streams that are made up.

pub(crate) fn version() -> impl Strategy<Value = ProtocolVersion> {
    prop_oneof![Just(ProtocolVersion::V3_1), Just(ProtocolVersion::V3_1_1), Just(ProtocolVersion::V5)]
}

pub(crate) fn setup() -> impl Strategy<Value = Setup> {
    let limits = prop_oneof![3 => Just(DecodeOptions::LARGEST_PACKET), 1 => 0..200_u32];
    (proptest::sample::select(Setup::all()), limits.clone(), limits).prop_map(|(setup, limit, connect_limit)| Setup {
        limit,
        connect_limit,
        ..setup
    })
}

pub(crate) fn packets(version: ProtocolVersion) -> impl Strategy<Value = Vec<Packet>> {
    let packet = move |bytes: Vec<u8>| Packet::arbitrary_for(version, &mut Unstructured::new(&bytes)).unwrap();
    vec(vec(any::<u8>(), 0..400).prop_map(packet), 0..6)
}

/// Generates a CONNECT, unless the first packet must be another, and packets of its version.
pub(crate) fn conversation() -> impl Strategy<Value = (ProtocolVersion, Vec<Packet>)> {
    (version(), any::<bool>()).prop_flat_map(|(version, with_connect)| {
        let connect = Connect::new(Utf8String::shared_from_static("c"));
        let connect = Packet::from(Connect { protocol_version: version, ..connect });
        packets(version).prop_map(move |packets| {
            (version, with_connect.then(|| connect.clone()).into_iter().chain(packets).collect())
        })
    })
}

pub(crate) fn encode_all(packets: &[Packet], version: ProtocolVersion) -> Vec<u8> {
    let mut stream = Vec::new();
    for packet in packets {
        packet.encode_to(version, &mut stream).unwrap();
    }
    stream
}

/// Generates a conversation with some changed bytes, so that some packets are illegal, and some end elsewhere.
pub(crate) fn faulty_stream() -> impl Strategy<Value = Vec<u8>> {
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

/// Generates a PUBLISH that is returned in pieces, with a changed byte in its head, and a PINGREQ after it.
pub(crate) fn faulty_publish() -> impl Strategy<Value = (ProtocolVersion, Vec<u8>)> {
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
