//! A program with neither `std` nor an allocator: it decodes a packet, builds an answer and encodes it.

#![no_std]
#![no_main]

use core::panic::PanicInfo;
use mqtt_codec::{Delivery, Encode, Packet, PacketIdentifier, ProtocolVersion, PubAck, Publish, PublishProperties};
use mqtt_codec::{TopicName, decode};

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// Never called, because nothing unwinds. It must exist, because the compiled `core` refers to it.
#[unsafe(no_mangle)]
pub extern "C" fn rust_eh_personality() {}

const TOPIC: TopicName<&[u8]> = TopicName::from_static("kitchen/temperature");

/// Returns 0, or the number of the step that failed.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let mut storage = [0; 32];
    let properties = PublishProperties::builder_in(&mut storage).message_expiry_interval(60).build();
    let Ok(properties) = properties else { return 1 };
    let mut publish = Publish::with_properties(TOPIC, properties, b"21.5");
    publish.delivery = Delivery::at_least_once(PacketIdentifier::MIN);

    let mut output = [0; 64];
    let Ok(len) = publish.encode(ProtocolVersion::V5, &mut output) else { return 2 };
    let Some(packet) = output.get(..len) else { return 3 };

    let Ok(decoded) = decode(packet, ProtocolVersion::V5) else { return 4 };
    let Some((Packet::Publish(received), _)) = decoded.complete() else { return 5 };
    if received != publish || received.properties().message_expiry_interval() != Some(60) {
        return 6;
    }
    let Some(packet_identifier) = received.delivery.packet_identifier() else { return 7 };
    let answer = PubAck::<&[u8]>::new(packet_identifier);
    let mut output = [0; 4];
    match answer.encode(ProtocolVersion::V5, &mut output) {
        Ok(4) if output == [0x40, 2, 0, 1] => 0,
        _ => 8,
    }
}
