//! The part of the codec that an MQTT-SN client needs. Encodes SEARCHGW, CONNECT, the Will, REGISTER, PUBLISH at every QoS,
//! SUBSCRIBE, acknowledgements, PINGREQ and DISCONNECT with sleep, and decodes all that a gateway sends. It never
//! runs: its size shows the flash that the codec takes.

#![no_std]
#![no_main]

use core::hint::black_box;
use core::panic::PanicInfo;
use cortex_m_rt::entry;
use mqtt_codec::sn::{
    ClientId, Connect, DecodeOptions, Delivery, Disconnect, Encode, Message, PingReq, PingResp, PubAck, PubComp, PubRec,
    PubRel, Publish, RegAck, Register, ReturnCode, SearchGw, Subscribe, Topic, TopicId, WillMsg, WillTarget, WillTopic,
    decode_from_gateway,
};
use mqtt_codec::{KeepAlive, PacketIdentifier, QoS, TopicFilter, TopicName};

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// Sends and receives each packet. The buffers are opaque to the compiler, which would otherwise compute the results at
/// compile time.
#[entry]
fn main() -> ! {
    static mut INPUT: [u8; 512] = [0; 512];
    static mut OUTPUT: [u8; 512] = [0; 512];
    loop {
        let (input, output) = black_box((&mut *INPUT, &mut *OUTPUT));
        for action in black_box(0)..7 {
            black_box(send(action, input, output));
        }
        black_box(received(input, output));
    }
}

/// Encodes the messages that a client sends on its own initiative.
#[inline(never)]
fn send(action: u8, text: &[u8], output: &mut [u8]) -> Option<usize> {
    match action {
        0 => SearchGw { radius: 1 }.encode(output).ok(),
        1 => connect(text, output),
        2 => register(text, output),
        3 => publish(text, output),
        4 => subscribe(text, output),
        5 => PingReq::<&[u8]> { client_id: ClientId::new(text).ok() }.encode(output).ok(),
        _ => Disconnect { duration: Some(60) }.encode(output).ok(),
    }
}

fn message_id() -> Option<PacketIdentifier> {
    PacketIdentifier::new(black_box(1))
}

#[inline(never)]
fn connect(client: &[u8], output: &mut [u8]) -> Option<usize> {
    let connect = Connect {
        will: black_box(true),
        keep_alive: KeepAlive::from_seconds(black_box(60)),
        ..Connect::new(ClientId::new(client).ok()?)
    };
    connect.encode(output).ok()
}

#[inline(never)]
fn register(topic: &[u8], output: &mut [u8]) -> Option<usize> {
    Register::new(message_id()?, TopicName::new(topic).ok()?).encode(output).ok()
}

#[inline(never)]
fn publish(payload: &[u8], output: &mut [u8]) -> Option<usize> {
    let delivery = match black_box(0) {
        0 => Delivery::AtMostOnce,
        1 => Delivery::at_least_once(message_id()?),
        2 => Delivery::exactly_once(message_id()?),
        _ => Delivery::WithoutConnection,
    };
    let topic_id = TopicId::new(black_box(7))?;
    let topic = if black_box(true) { Topic::Normal(topic_id) } else { Topic::Predefined(topic_id) };
    Publish::new(delivery, topic, payload).ok()?.encode(output).ok()
}

#[inline(never)]
fn subscribe(filter: &[u8], output: &mut [u8]) -> Option<usize> {
    let topic = Topic::Name(TopicFilter::new_ordinary(filter).ok()?);
    Subscribe::new(message_id()?, topic, QoS::AtLeastOnce).ok()?.encode(output).ok()
}

/// Decodes a message from a gateway, and encodes the answer.
#[inline(never)]
fn received(input: &[u8], output: &mut [u8]) -> Option<usize> {
    match decode_from_gateway(input, DecodeOptions::new()).ok()? {
        Message::Publish(publish) => {
            black_box(&publish);
            match publish.delivery().qos()? {
                QoS::AtMostOnce => None,
                QoS::AtLeastOnce => PubAck::answer_to(&publish, ReturnCode::ACCEPTED).encode(output).ok(),
                QoS::ExactlyOnce => PubRec { message_id: publish.delivery().message_id() }.encode(output).ok(),
            }
        }
        Message::PubRec(received) => PubRel { message_id: received.message_id }.encode(output).ok(),
        Message::PubRel(released) => PubComp { message_id: released.message_id }.encode(output).ok(),
        Message::Register(register) => {
            black_box(&register);
            RegAck::accepted(register.message_id, register.topic_id).encode(output).ok()
        }
        Message::WillTopicReq(_) => {
            let target = WillTarget::new(TopicName::new(black_box(input)).ok()?);
            WillTopic::from(target).encode(output).ok()
        }
        Message::WillMsgReq(_) => WillMsg::new(black_box(input)).encode(output).ok(),
        Message::PingReq(_) => PingResp.encode(output).ok(),
        other => {
            black_box(&other);
            None
        }
    }
}
