//! Options as maps from names to values, as those of MQTT.

use super::{DecodeOptions, Leniency};
use crate::options::serde::{Named, Value, serde_of_options};
use mqtt_types::sn::Sender;
use serde::de::{Error as _, MapAccess};

serde_of_options! { names of Leniency }
serde_of_options! { map of DecodeOptions }

impl Named for DecodeOptions {
    type Side = Sender;

    fn entries(self) -> impl Iterator<Item = (&'static str, Value<Sender>)> {
        let sender = (self.sender() != Sender::Either).then(|| ("sender", Value::Side(self.sender())));
        sender.into_iter().chain(self.leniencies().map(|leniency| (leniency.name(), Value::Switch(true))))
    }

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
