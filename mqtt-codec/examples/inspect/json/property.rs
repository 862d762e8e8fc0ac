//! Properties and their values in JSON.

use core::fmt;
use mqtt_codec::{PayloadFormat, Property, PropertyIter};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// The properties of a packet.
pub(super) struct Properties<'a>(pub(super) PropertyIter<'a>);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone().map(PropertyObject))
    }
}

struct PropertyObject<'a>(Property<'a>);

impl Serialize for PropertyObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let identifier = self.0.identifier();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &identifier.as_u8())?;
        map.serialize_entry("name", identifier.snake_case_name())?;
        map.serialize_entry("value", &Value(&self.0))?;
        map.end()
    }
}

/// The value of a property: a number, a text, `{"hex"}`, or name and value of a User Property.
struct Value<'a>(&'a Property<'a>);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Property::PayloadFormatIndicator(format) => {
                serializer.serialize_u8((*format == PayloadFormat::Utf8).into())
            }
            Property::RequestProblemInformation(value)
            | Property::RequestResponseInformation(value)
            | Property::RetainAvailable(value)
            | Property::WildcardSubscriptionAvailable(value)
            | Property::SubscriptionIdentifierAvailable(value)
            | Property::SharedSubscriptionAvailable(value) => serializer.serialize_u8((*value).into()),
            Property::MaximumQoS(qos) => serializer.serialize_u8(qos.as_u8()),
            Property::ServerKeepAlive(seconds) => serializer.serialize_u16(seconds.as_seconds()),
            Property::TopicAliasMaximum(value) => serializer.serialize_u16(*value),
            Property::ReceiveMaximum(value) | Property::TopicAlias(value) => serializer.serialize_u16(value.get()),
            Property::MessageExpiryInterval(value)
            | Property::SessionExpiryInterval(value)
            | Property::WillDelayInterval(value) => serializer.serialize_u32(*value),
            Property::MaximumPacketSize(value) => serializer.serialize_u32(value.get()),
            Property::SubscriptionIdentifier(identifier) => serializer.serialize_u32(identifier.get()),
            Property::ResponseTopic(topic_name) => serializer.serialize_str(topic_name.as_str()),
            Property::ContentType(text)
            | Property::AssignedClientIdentifier(text)
            | Property::AuthenticationMethod(text)
            | Property::ResponseInformation(text)
            | Property::ServerReference(text)
            | Property::ReasonString(text) => serializer.serialize_str(text.as_str()),
            Property::CorrelationData(data) | Property::AuthenticationData(data) => {
                Binary::new(data.as_bytes()).serialize(serializer)
            }
            Property::UserProperty(pair) => serializer.collect_seq([pair.name.as_str(), pair.value.as_str()]),
        }
    }
}

/// Binary data: `{"hex"}`.
#[derive(serde::Serialize)]
pub(super) struct Binary<'a> {
    hex: Hex<'a>,
}

impl<'a> Binary<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { hex: Hex(bytes) }
    }
}

/// Two hexadecimal digits for each byte.
pub(super) struct Hex<'a>(pub(super) &'a [u8]);

impl Serialize for Hex<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
