//! Properties: identifiers, values, the rules of each packet, sets and builders.

mod accessors;
mod allowed;
mod build_error;
mod builder;
mod checked_properties;
mod defaults;
mod error;
mod identifier;
mod iter;
mod optional;
mod payload_format;
mod placeholder;
#[expect(clippy::module_inception, reason = "the folder's main type in a file of its own")]
mod property;
mod rules;
mod sets;
mod splice;
mod subscription_identifier;
mod user_property;
mod value_check;

pub use build_error::BuildError;
pub use error::{PropertyError, PropertyErrorKind};
pub use identifier::{PropertyIdentifier, PropertyType};
pub use iter::{PropertyIter, Repeated, SubscriptionIdentifiers, UserProperties};
pub use optional::Optional;
pub use payload_format::{InvalidPayloadFormat, PayloadFormat};
pub use property::Property;
pub use sets::{
    AuthProperties, AuthPropertiesBuilder, ConnAckProperties, ConnAckPropertiesBuilder, ConnectProperties,
    ConnectPropertiesBuilder, DisconnectProperties, DisconnectPropertiesBuilder, PubAckProperties,
    PubAckPropertiesBuilder, PubCompProperties, PubCompPropertiesBuilder, PubRecProperties, PubRecPropertiesBuilder,
    PubRelProperties, PubRelPropertiesBuilder, PublishProperties, PublishPropertiesBuilder, SubAckProperties,
    SubAckPropertiesBuilder, SubscribeProperties, SubscribePropertiesBuilder, UnsubAckProperties,
    UnsubAckPropertiesBuilder, UnsubscribeProperties, UnsubscribePropertiesBuilder, WillProperties,
    WillPropertiesBuilder,
};
pub use subscription_identifier::{InvalidSubscriptionIdentifier, SubscriptionIdentifier};
pub use user_property::UserProperty;
