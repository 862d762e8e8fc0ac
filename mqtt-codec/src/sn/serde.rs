//! Options as maps from names to values, as those of MQTT.

use super::{DecodeOptions, Leniency};
use crate::options::serde::{Named, deserialize_name, from_map};
use mqtt_types::sn::Sender;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// Serializes as its name.
impl Serialize for Leniency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Deserializes from its name.
impl<'de> Deserialize<'de> for Leniency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_name(deserializer)
    }
}

/// Serializes as a map of every option that differs from its default.
impl Serialize for DecodeOptions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sender = (self.sender() != Sender::Either).then_some(self.sender());
        let len = self.leniencies().count().saturating_add(sender.iter().count());
        let mut map = serializer.serialize_map(Some(len))?;
        if let Some(sender) = sender {
            map.serialize_entry("sender", &sender)?;
        }
        for leniency in self.leniencies() {
            map.serialize_entry(leniency.name(), &true)?;
        }
        map.end()
    }
}

/// Deserializes from a map. A missing option has its default.
impl<'de> Deserialize<'de> for DecodeOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_map(deserializer)
    }
}

impl Named for DecodeOptions {
    fn names() -> impl Iterator<Item = &'static str> {
        ["sender"].into_iter().chain(Leniency::ALL.iter().map(|leniency| leniency.name()))
    }

    fn set<'de, A: MapAccess<'de>>(self, name: &str, map: &mut A) -> Result<Self, A::Error> {
        match name {
            "sender" => Ok(self.with_sender(map.next_value()?)),
            _ => Ok(self.with_leniency(name.parse().map_err(A::Error::custom)?, map.next_value()?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::sn::{DecodeOptions, Leniency};
    use mqtt_types::sn::Sender;
    use serde_json::json;

    #[test]
    fn options_are_maps_of_what_differs_from_the_default() {
        let options = DecodeOptions::new().with_sender(Sender::Gateway).allow_long_client_id(true);
        let value = json!({"sender": "gateway", "allow_long_client_id": true});
        assert_eq!(serde_json::to_value(options).unwrap(), value);
        assert_eq!(serde_json::from_value::<DecodeOptions>(value).unwrap(), options);
        assert_eq!(serde_json::from_str::<DecodeOptions>("{}").unwrap(), DecodeOptions::new());
        assert_eq!(serde_json::to_value(Leniency::EmptyClientId).unwrap(), "allow_empty_client_id");
        assert_eq!(serde_json::from_str::<Leniency>(r#""allow_empty_client_id""#).unwrap(), Leniency::EmptyClientId);
        for text in [r#"{"version": "5.0"}"#, r#"{"sender": "client", "sender": "client"}"#, r#"{"sender": "server"}"#]
        {
            assert!(serde_json::from_str::<DecodeOptions>(text).is_err(), "{text}");
        }
    }
}
