//! Properties: identifiers, values, the rules of each packet, sets and builders.

mod checked;
#[expect(clippy::module_inception, reason = "the folder's main type in a file of its own")]
mod property;
mod sets;

pub use checked::{PropertyError, PropertyIter, Repeated, SubscriptionIdentifiers, UserProperties};
pub use property::{
    InvalidSubscriptionIdentifier, PayloadFormat, Property, PropertyErrorKind, PropertyIdentifier, PropertyType,
    SubscriptionIdentifier, UserProperty,
};
pub use sets::{
    AuthProperties, AuthPropertiesBuilder, ConnAckProperties, ConnAckPropertiesBuilder, ConnectProperties,
    ConnectPropertiesBuilder, DisconnectProperties, DisconnectPropertiesBuilder, PubAckProperties,
    PubAckPropertiesBuilder, PubCompProperties, PubCompPropertiesBuilder, PubRecProperties, PubRecPropertiesBuilder,
    PubRelProperties, PubRelPropertiesBuilder, PublishProperties, PublishPropertiesBuilder, SubAckProperties,
    SubAckPropertiesBuilder, SubscribeProperties, SubscribePropertiesBuilder, UnsubAckProperties,
    UnsubAckPropertiesBuilder, UnsubscribeProperties, UnsubscribePropertiesBuilder, WillProperties,
    WillPropertiesBuilder,
};
