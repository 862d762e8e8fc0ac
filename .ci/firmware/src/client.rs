//! The part of the codec that a 5.0 client needs. Encodes CONNECT, PUBLISH, SUBSCRIBE, acknowledgements, PINGREQ and
//! DISCONNECT, and decodes all packets that a server sends. It never runs: its size shows the flash that the codec
//! takes.

#![no_std]
#![no_main]

use core::hint::black_box;
use core::panic::PanicInfo;
use cortex_m_rt::entry;
use mqtt_codec::{
    BinaryData, Connect, ConnectProperties, Decoded, Delivery, Disconnect, DisconnectReasonCode, Encode, KeepAlive,
    Packet, PacketIdentifier, PingReq, ProtocolVersion, PubAck, PubComp, PubRec, PubRel, Publish, PublishProperties,
    QoS, Subscribe, Subscriptions, TopicFilter, TopicName, Utf8String, decode_from_server,
};

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

const V5: ProtocolVersion = ProtocolVersion::V5;

/// Sends and receives each packet. The buffers are opaque to the compiler, which would otherwise compute the results at
/// compile time.
#[entry]
fn main() -> ! {
    let mut output = [0; 512];
    let mut input = [0; 512];
    loop {
        black_box(&mut input);
        let text = |at| black_box(&input).get(at..).unwrap_or_default();
        let sent = [
            connect(text(0), text(1), text(2), &mut output),
            publish(text(3), text(4), &mut output),
            subscribe(text(5), &mut output),
            PingReq.encode(V5, &mut output).ok(),
            disconnect(&mut output),
            received(&input, &mut output),
        ];
        black_box((&mut output, sent));
    }
}

fn connect(client: &[u8], user: &[u8], password: &[u8], output: &mut [u8]) -> Option<usize> {
    let mut storage = [0; 16];
    let properties = ConnectProperties::builder_in(&mut storage).session_expiry_interval(black_box(60)).build().ok()?;
    let connect = Connect {
        properties,
        keep_alive: KeepAlive::from_seconds(black_box(60)),
        user_name: Some(Utf8String::new(user).ok()?),
        password: Some(BinaryData::new(password).ok()?),
        ..Connect::new(Utf8String::new(client).ok()?)
    };
    connect.encode(V5, output).ok()
}

fn publish(topic: &[u8], payload: &[u8], output: &mut [u8]) -> Option<usize> {
    let mut storage = [0; 16];
    let properties = PublishProperties::builder_in(&mut storage).message_expiry_interval(black_box(60)).build().ok()?;
    let mut publish = Publish::with_properties(TopicName::new(topic).ok()?, properties, payload);
    publish.delivery = match black_box(0) {
        0 => Delivery::AtMostOnce,
        1 => Delivery::at_least_once(PacketIdentifier::new(black_box(1))?),
        _ => Delivery::exactly_once(PacketIdentifier::new(black_box(1))?),
    };
    publish.encode(V5, output).ok()
}

fn subscribe(filter: &[u8], output: &mut [u8]) -> Option<usize> {
    let mut storage = [0; 64];
    let filter = TopicFilter::new(filter).ok()?;
    let subscriptions = Subscriptions::builder_in(&mut storage).push(filter, QoS::AtLeastOnce).build().ok()?;
    Subscribe::new(PacketIdentifier::new(black_box(1))?, subscriptions).encode(V5, output).ok()
}

fn disconnect(output: &mut [u8]) -> Option<usize> {
    Disconnect::<&[u8]>::new(DisconnectReasonCode::NORMAL_DISCONNECTION).encode(V5, output).ok()
}

/// Decodes what the server sent, and encodes the answer.
fn received(input: &[u8], output: &mut [u8]) -> Option<usize> {
    let Decoded::Complete { packet, .. } = decode_from_server(input, V5).ok()? else { return None };
    match packet {
        Packet::Publish(publish) => {
            black_box((publish.topic(), publish.payload));
            let packet_identifier = publish.delivery.packet_identifier()?;
            match publish.delivery.qos() {
                QoS::ExactlyOnce => PubRec::<&[u8]>::new(packet_identifier).encode(V5, output).ok(),
                _ => PubAck::<&[u8]>::new(packet_identifier).encode(V5, output).ok(),
            }
        }
        Packet::PubRec(received) => PubRel::<&[u8]>::new(received.packet_identifier).encode(V5, output).ok(),
        Packet::PubRel(released) => PubComp::<&[u8]>::new(released.packet_identifier).encode(V5, output).ok(),
        Packet::ConnAck(answer) => {
            let properties = answer.properties;
            black_box((answer.reason_code(), answer.session_present()));
            black_box((properties.server_keep_alive(), properties.maximum_packet_size(), properties.receive_maximum()));
            None
        }
        other => {
            black_box(&other);
            None
        }
    }
}
