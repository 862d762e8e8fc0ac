//! Sends one message to many subscribers with different versions and QoS, as a broker does. The message is prepared
//! once for each version, and only the differing fields are encoded for each subscriber. Prints what it measured.
//!
//! ```sh
//! cargo run --release --example fan_out            # a million subscribers
//! cargo run --release --example fan_out -- 10000   # or another number
//! ```

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "an example: it prints, and its numbers are small"
)]

use bytes::{Bytes, BytesMut};
use core::error::Error;
use mqtt_codec::{
    Delivery, Forward, Frame, PacketIdentifier, ProtocolVersion, Publish, PublishFrame, PublishProperties, QoS,
    Subscriber, TopicName,
};
use std::time::Instant;

/// The data that a broker has about a subscription, apart from its connection.
struct Subscription {
    version: ProtocolVersion,
    qos: QoS,
    next_identifier: PacketIdentifier,
}

fn main() -> Result<(), Box<dyn Error>> {
    let most: usize = std::env::args().nth(1).map_or(Ok(1_000_000), |number| number.parse())?;
    let message = message()?;
    println!("{message}, {} bytes", message.as_bytes().len());
    println!("subscribers   ns for each   bytes sent   bytes held for each");
    let mut subscribers = 1_000.min(most);
    loop {
        fan_out(&message, subscribers)?;
        if subscribers == most {
            return Ok(());
        }
        subscribers = subscribers.saturating_mul(10).min(most);
    }
}

/// Returns the message as it was received: QoS 1, with properties.
fn message() -> Result<PublishFrame, Box<dyn Error>> {
    let properties = PublishProperties::builder()
        .message_expiry_interval(3600)
        .content_type("application/json")
        .user_property("site", "Zürich")
        .user_property("unit", "°C")
        .build()?;
    let payload = vec![b'x'; 256];
    let mut publish = Publish::with_properties(TopicName::shared_from_static("plant/7/robot/3"), properties, payload);
    publish.delivery = Delivery::at_least_once(PacketIdentifier::MIN);
    Frame::encode(&publish, ProtocolVersion::V5)?.into_publish().map_err(|_| "not a PUBLISH".into())
}

fn fan_out(message: &PublishFrame, subscribers: usize) -> Result<(), Box<dyn Error>> {
    let qos = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];
    let mut subscriptions: Vec<Subscription> = (0..subscribers)
        .map(|number| Subscription {
            version: ProtocolVersion::ALL[number % 3],
            qos: qos[number / 3 % 3],
            next_identifier: PacketIdentifier::MIN,
        })
        .collect();

    let start = Instant::now();
    // Once for each version.
    let [v3_1, v3_1_1, v5] = ProtocolVersion::ALL.map(|version| Forward::from_frame(message, version));
    let (v3_1, v3_1_1, v5) = (v3_1?, v3_1_1?, v5?);
    // Nothing differs between subscribers at QoS 0, so they share one packet.
    let at_qos_0: [Bytes; 3] = [
        v3_1.to_bytes(&Subscriber::new(Delivery::AtMostOnce))?,
        v3_1_1.to_bytes(&Subscriber::new(Delivery::AtMostOnce))?,
        v5.to_bytes(&Subscriber::new(Delivery::AtMostOnce))?,
    ];
    let mut sent = 0;
    let mut output = BytesMut::with_capacity(1 << 10); // the buffer of a connection, reused here for all subscribers
    for subscription in &mut subscriptions {
        let (forward, shared) = match subscription.version {
            ProtocolVersion::V3_1 => (&v3_1, &at_qos_0[0]),
            ProtocolVersion::V3_1_1 => (&v3_1_1, &at_qos_0[1]),
            ProtocolVersion::V5 => (&v5, &at_qos_0[2]),
        };
        let identifier = subscription.next_identifier;
        let delivery = match subscription.qos {
            QoS::AtMostOnce => {
                sent += shared.clone().len(); // to the connection's queue
                continue;
            }
            QoS::AtLeastOnce => Delivery::at_least_once(identifier),
            QoS::ExactlyOnce => Delivery::exactly_once(identifier),
        };
        subscription.next_identifier = identifier.next();
        output.clear();
        sent += forward.encode_to(&Subscriber::new(delivery), &mut output)?;
    }
    let each = start.elapsed().as_nanos() / u128::try_from(subscribers)?;
    // The subscription itself. The message is stored once for all subscribers.
    println!("{subscribers:>11} {each:>13} {sent:>12} {:>21}", size_of::<Subscription>());
    Ok(())
}
