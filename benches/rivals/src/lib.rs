//! Other codecs as engines, each used in the fastest way that its public functions suggest. See ../README.md.

pub mod adapter;
pub mod eaters;
pub mod ntex;
pub mod slicers;

use adapter::{Rival, match_texts};
use mqtt_benches::engine::Engine;
use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1, V5};

/// Returns all rivals. Rivals that do not distinguish 3.1 from 3.1.1 get both.
#[must_use]
pub fn all() -> Vec<Box<dyn Engine>> {
    vec![
        Rival::new("mqtt-proto")
            .slicing::<slicers::MqttProto3>(&[V3_1, V3_1_1])
            .slicing::<slicers::MqttProto5>(&[V5])
            .boxed(),
        Rival::new("rumqttc")
            .eating::<eaters::Rumqttc3>(&[V3_1, V3_1_1])
            .eating::<eaters::Rumqttc5>(&[V5])
            .matching(|topics| match_texts(topics, rumqttc::matches))
            .boxed(),
        Rival::new("mqttbytes")
            .eating::<eaters::Mqttbytes3>(&[V3_1, V3_1_1])
            .eating::<eaters::Mqttbytes5>(&[V5])
            .matching(|topics| match_texts(topics, mqttbytes::matches))
            .boxed(),
        Rival::new("mqttrs").slicing::<slicers::Mqttrs>(&[V3_1, V3_1_1]).borrowing().boxed(),
        Rival::new("mqtt-protocol-core")
            .slicing::<slicers::MqttProtocolCore3>(&[V3_1_1])
            .slicing::<slicers::MqttProtocolCore5>(&[V5])
            .boxed(),
        Rival::new("rmqtt-codec").eating::<eaters::Rmqtt3>(&[V3_1, V3_1_1]).eating::<eaters::Rmqtt5>(&[V5]).boxed(),
        Rival::new("mqute-codec")
            .eating::<eaters::Mqute31>(&[V3_1])
            .eating::<eaters::Mqute311>(&[V3_1_1])
            .eating::<eaters::Mqute5>(&[V5])
            .boxed(),
        Rival::new("mqtt5-protocol")
            .slicing::<slicers::Mqtt5Protocol>(&[V3_1_1, V5])
            .matching(|topics| match_texts(topics, mqtt5_protocol::topic_matching::matches))
            .boxed(),
        Rival::new("ntex-mqtt").otherwise(&[V3_1, V3_1_1], ntex::v3::task).otherwise(&[V5], ntex::v5::task).boxed(),
        Rival::new("flowsdk").slicing::<slicers::Flowsdk>(&[V3_1_1, V5]).boxed(),
    ]
}

/// Returns their names and versions, from the manifest, in which every version is exact.
#[must_use]
pub fn versions() -> Vec<String> {
    let manifest = include_str!("../Cargo.toml");
    let exact = manifest.lines().filter_map(|line| {
        let (name, requirement) = line.split_once(" = ")?;
        let (_, version) = requirement.split_once("\"=")?;
        Some(format!("{name} {}", version.split('"').next()?))
    });
    exact.collect()
}
