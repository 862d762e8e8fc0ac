//! Promises about frames in addition to the laws: their size, the cost of a clone, `Send` and `Sync`, and the handling
//! of packets that only a leniency accepts.

#![cfg(all(test, feature = "bytes"))]
#![expect(clippy::unwrap_used, reason = "a panic here is a failed test")]

use bytes::{Bytes, BytesMut};
use mqtt_codec::{
    DecodeOptions, Delivery, Encode, EncodeError, EncodeErrorKind, EncodeOptions, Forward, Frame, PacketIdentifier,
    ProtocolVersion, Publish, PublishFrame, Sender, StreamDecoder, StreamOptions, Subscriber, TopicName, decode,
};

fn frame(bytes: &[u8], options: impl Into<DecodeOptions>) -> Frame {
    Frame::decode(&Bytes::copy_from_slice(bytes), options).unwrap().complete().unwrap().0
}

#[test]
fn a_frame_takes_64_bytes_at_the_most() {
    assert!(size_of::<Frame>() <= 64, "{}", size_of::<Frame>());
    assert!(size_of::<PublishFrame>() <= 64, "{}", size_of::<PublishFrame>());
    assert!(size_of::<Option<Frame>>() <= 64);
}

#[test]
fn threads_may_send_and_share_frames() {
    const fn is_send_and_sync<T: Send + Sync>() {}
    is_send_and_sync::<Frame>();
    is_send_and_sync::<PublishFrame>();
}

#[test]
fn a_queued_publish_is_one_reference_count() {
    let bytes = Bytes::from(b"\x32\x0A\0\x01a\0\x0A\0hi!\xC0\0".to_vec());
    let frame = Frame::decode(&bytes, ProtocolVersion::V5).unwrap().complete().unwrap().0;
    let copies: Vec<Frame> = (0..100).map(|_| frame.clone()).collect();
    assert!(copies.iter().all(|copy| copy.as_bytes().as_ptr() == bytes.as_ptr()));
    assert!(!bytes.is_unique());
    drop((copies, frame));
    assert!(bytes.is_unique(), "nothing else holds the buffer");
}

#[test]
fn a_short_packet_is_in_the_frame_and_holds_no_buffer() {
    let bytes = Bytes::from(b"\x40\x02\0\x0A\xC0\0\x40\x03\0\x0A\x10".to_vec());
    let puback = Frame::decode(&bytes, ProtocolVersion::V5).unwrap().complete().unwrap().0;
    let pingreq = Frame::decode(&bytes.slice(4..), ProtocolVersion::V5).unwrap().complete().unwrap().0;
    assert!(bytes.is_unique());
    assert_eq!((puback.to_bytes(), pingreq.into_bytes()), (bytes.slice(..4), bytes.slice(4..6)));
    let with_code = Frame::decode(&bytes.slice(6..), ProtocolVersion::V5).unwrap().complete().unwrap().0;
    assert!(!bytes.is_unique() && with_code.to_bytes().as_ptr() == bytes[6..].as_ptr());
}

#[test]
fn a_short_packet_that_is_refused_can_be_looked_at() {
    let mut decoder = StreamDecoder::new(StreamOptions::either(Some(ProtocolVersion::V5)));
    let mut buffer = BytesMut::from(&b"\x40\x02\0\0\x30\x02\0\0\xC0\0"[..]); // identifier 0; no topic
    for refused in [&b"\x40\x02\0\0"[..], b"\x30\x02\0\0"] {
        assert!(decoder.next_frame(&mut buffer).is_err());
        assert_eq!(&decoder.refused()[..], refused);
        assert!(decoder.skip());
    }
    let pingreq = decoder.next_frame(&mut buffer).unwrap().unwrap().into_frame().unwrap();
    assert_eq!((pingreq.as_bytes(), decoder.position()), (&b"\xC0\0"[..], 10));
}

#[test]
fn frames_of_a_stream_share_its_buffer() {
    let mut decoder = StreamDecoder::new(StreamOptions::either(Some(ProtocolVersion::V3_1_1)));
    let mut buffer = BytesMut::from(&b"\x30\x05\0\x01ahi\x30\x05\0\x01bho"[..]);
    let start = buffer.as_ptr();
    let first = decoder.next_frame(&mut buffer).unwrap().unwrap().into_frame().unwrap();
    let second = decoder.next_frame(&mut buffer).unwrap().unwrap().into_frame().unwrap();
    assert_eq!(first.as_bytes().as_ptr(), start);
    assert_eq!(second.as_bytes().as_ptr(), start.wrapping_add(7));
    assert_eq!(second.into_publish().unwrap().payload(), b"ho");
}

#[test]
fn what_a_leniency_let_through_is_told_and_never_sent_on_as_it_is() {
    // DUP at QoS 0, and a Remaining Length in two bytes where one is enough.
    for (received, options) in [
        (&b"\x38\x06\0\x01a\0hi"[..], DecodeOptions::new(ProtocolVersion::V5).allow_dup_at_qos_0(true)),
        (b"\x30\x86\0\0\x01a\0hi", DecodeOptions::new(ProtocolVersion::V5).allow_longer_lengths(true)),
    ] {
        let lenient = frame(received, options);
        assert!(!lenient.is_strict());
        assert_eq!(lenient.as_bytes(), received, "what was received can be looked at");
        let mut output = [0; 16];
        let len = lenient.encode(ProtocolVersion::V5, &mut output).unwrap();
        assert_eq!(output[..len], *b"\x30\x06\0\x01a\0hi");
        let message = lenient.into_publish().unwrap();
        let forward = Forward::from_frame(&message, ProtocolVersion::V5).unwrap();
        let sent = forward.to_bytes(&Subscriber::new(Delivery::AtMostOnce)).unwrap();
        assert_eq!(sent, b"\x30\x06\0\x01a\0hi"[..]);
    }
    assert!(frame(b"\x30\x06\0\x01a\0hi", ProtocolVersion::V5).is_strict());
}

#[test]
fn one_packet_serves_all_subscribers_between_which_nothing_differs() {
    let message = frame(b"\x30\x06\0\x01a\0hi", ProtocolVersion::V5).into_publish().unwrap();
    let forward = Forward::from_frame(&message, ProtocolVersion::V5).unwrap();
    let shared = forward.to_bytes(&Subscriber::new(Delivery::AtMostOnce)).unwrap();
    assert_eq!(shared.as_ptr(), message.as_bytes().as_ptr(), "the received packet itself");
    let other = forward.to_bytes(&Subscriber::new(Delivery::at_least_once(PacketIdentifier::MIN))).unwrap();
    assert_ne!(other.as_ptr(), message.as_bytes().as_ptr());
}

#[test]
fn properties_of_the_connection_never_leak() {
    // Topic Alias 7, Subscription Identifier 5, a User Property between them.
    let properties = b"\x23\0\x07\x26\0\x01k\0\x01v\x0B\x05\x0B\x06\x26\0\x01k\0\x01w";
    let mut received = vec![0x30, 0, 0, 1, b'a', 0];
    received.extend_from_slice(properties);
    received[1] = u8::try_from(received.len() - 2).unwrap();
    received[5] = u8::try_from(properties.len()).unwrap();
    let message = frame(&received, ProtocolVersion::V5).into_publish().unwrap();
    let forward = Forward::from_frame(&message, ProtocolVersion::V5).unwrap();
    let sent = forward.to_bytes(&Subscriber::new(Delivery::AtMostOnce)).unwrap();
    assert_eq!(sent, b"\x30\x12\0\x01a\x0E\x26\0\x01k\0\x01v\x26\0\x01k\0\x01w"[..]);
}

#[test]
fn a_frame_can_be_made_from_any_packet() {
    let publish = Publish::new(TopicName::from_static("a"), b"hi");
    let made = Frame::encode(&publish, ProtocolVersion::V5).unwrap();
    assert_eq!(made, frame(b"\x30\x06\0\x01a\0hi", ProtocolVersion::V5), "received and encoded frames are the same");
    let packet = decode(made.as_bytes(), ProtocolVersion::V5).unwrap().complete().unwrap().0;
    assert_eq!((made.packet(), made.to_shared()), (packet, packet.to_shared()));
}

#[test]
fn frames_of_the_same_bytes_differ_by_version_and_by_what_was_let_through() {
    let bytes = b"\x30\x06\0\x01a\x02\x0B\x05";
    let of_5 = frame(bytes, ProtocolVersion::V5);
    let of_3 = frame(bytes, ProtocolVersion::V3_1_1);
    let from_a_client = DecodeOptions::new(ProtocolVersion::V5).with_sender(Sender::Client);
    let let_through = frame(bytes, from_a_client.allow_subscription_identifier_from_client(true));
    assert_eq!((of_5.is_strict(), of_3.is_strict(), let_through.is_strict()), (true, true, false));
    assert_eq!(of_5, of_5.clone());
    for (one, other) in [(&of_5, &of_3), (&of_5, &let_through), (&of_3, &let_through)] {
        assert_ne!(one, other);
        assert_ne!(one.as_publish().unwrap(), other.as_publish().unwrap());
    }
    let ping = [ProtocolVersion::V3_1_1, ProtocolVersion::V5].map(|version| frame(b"\xC0\0", version));
    assert_ne!(ping[0], ping[1]);
}

/// The bytes of a frame are sent as they are only if encoding would check nothing more.
#[test]
fn a_frame_is_encoded_by_the_options() {
    fn encode_every_way(frame: &impl Encode, options: EncodeOptions) -> Result<usize, EncodeError> {
        let result = frame.encode(options, &mut [0; 64]);
        assert_eq!(frame.encoded_len(options), result);
        assert_eq!(frame.encode_to(options, &mut BytesMut::new()), result);
        assert_eq!(frame.encode_vectored(options, &mut [0; 64]).map(|pieces| pieces.len()), result);
        result
    }
    let plain = EncodeOptions::new(ProtocolVersion::V5);
    for (bytes, options, kind) in [
        (
            &b"\x30\x05\0\x02a\x01\0"[..],
            plain.refuse_discouraged_characters(true),
            EncodeErrorKind::DiscouragedCharacter,
        ),
        (
            b"\x30\x06\0\x01a\x02\x0B\x05",
            plain.with_sender(Sender::Client),
            EncodeErrorKind::NotFromSender(Sender::Client),
        ),
    ] {
        let frame = frame(bytes, ProtocolVersion::V5);
        let publish = frame.as_publish().unwrap();
        assert_eq!(
            (encode_every_way(&frame, plain), encode_every_way(publish, plain)),
            (Ok(bytes.len()), Ok(bytes.len()))
        );
        assert_eq!(encode_every_way(&frame, options).unwrap_err().kind(), kind);
        assert_eq!(encode_every_way(publish, options).unwrap_err().kind(), kind);
        let mut exact = vec![0; bytes.len()];
        assert_eq!(frame.encode_to(plain, &mut &mut exact[..]), Ok(bytes.len()), "an output that is just long enough");
        assert!(frame.encode_to(plain, &mut &mut exact[1..]).is_err());
    }
}
