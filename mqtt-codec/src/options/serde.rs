//! Options as maps from names to values. Formats that do not name fields read them as well, and an option that is added
//! later breaks none of them.

use crate::options::decode_options::{DecodeOptions, Leniency};
use crate::options::encode_options::EncodeOptions;
use core::{fmt, iter, marker::PhantomData, str::FromStr};
use mqtt_types::{ProtocolVersion, Sender};
use serde::de::{self, DeserializeSeed, Deserializer, Error as _, MapAccess, Unexpected, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// Implements the traits of serde for an enum of leniencies and for the options that contain them.
macro_rules! serde_of_options {
    (names of $leniency:ty) => {
        /// Serializes as its name.
        impl serde::Serialize for $leniency {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        /// Deserializes from its name.
        impl<'de> serde::Deserialize<'de> for $leniency {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::options::serde::from_name(deserializer)
            }
        }
    };
    (map of $options:ty) => {
        /// Serializes as a map of the version, if the options have one, and of every option that differs from its default.
        impl serde::Serialize for $options {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::options::serde::to_map(self, serializer)
            }
        }

        /// Deserializes from a map. A missing option has its default. The default version is 5.0.
        impl<'de> serde::Deserialize<'de> for $options {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::options::serde::from_map(deserializer)
            }
        }
    };
}
#[cfg(feature = "sn")]
pub(crate) use serde_of_options;

serde_of_options! { names of Leniency }
serde_of_options! { map of DecodeOptions }
serde_of_options! { map of EncodeOptions }

/// Deserializes a leniency from its name.
pub(crate) fn from_name<'de, L: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<L, D::Error> {
    deserializer.deserialize_str(LeniencyVisitor(PhantomData))
}

struct LeniencyVisitor<L>(PhantomData<L>);

impl<L: FromStr> Visitor<'_> for LeniencyVisitor<L> {
    type Value = L;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a leniency")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<L, E> {
        name.parse().map_err(|_| E::invalid_value(Unexpected::Str(name), &self))
    }
}

/// Options that are read and written by their names.
pub(crate) trait Named: Copy + Default {
    /// The type that names a side: the sender of the packets, or the role of a stream.
    type Side: Serialize;

    /// Returns the names and values of the version and of all options that differ from their default.
    fn entries(self) -> impl Iterator<Item = (&'static str, Value<Self::Side>)>;

    /// Returns the names of all options.
    fn names() -> impl Iterator<Item = &'static str>;

    /// Sets the option with this name, which is one of [`names`](Self::names), to the value of a map entry.
    fn set<'de, A: MapAccess<'de>>(self, name: &str, map: &mut A) -> Result<Self, A::Error>;
}

/// Value of an option.
pub(crate) enum Value<S> {
    Version(ProtocolVersion),
    Side(S),
    Size(u32),
    Switch(bool),
}

impl<S: Serialize> Serialize for Value<S> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        match self {
            Self::Version(version) => version.serialize(serializer),
            Self::Side(side) => side.serialize(serializer),
            Self::Size(bytes) => bytes.serialize(serializer),
            Self::Switch(is_on) => is_on.serialize(serializer),
        }
    }
}

impl Named for DecodeOptions {
    type Side = Sender;

    fn entries(self) -> impl Iterator<Item = (&'static str, Value<Sender>)> {
        let default = Self::new(self.version());
        let sender = (self.sender() != default.sender()).then(|| ("sender", Value::Side(self.sender())));
        let size = (self.maximum_packet_size() != default.maximum_packet_size())
            .then(|| ("maximum_packet_size", Value::Size(self.maximum_packet_size())));
        let switches = self.names_of_what_is_on().map(|name| (name, Value::Switch(true)));
        iter::once(("version", Value::Version(self.version()))).chain(sender).chain(size).chain(switches)
    }

    fn names() -> impl Iterator<Item = &'static str> {
        ["version", "sender", "maximum_packet_size"].into_iter().chain(Self::default().switches().map(|(name, _)| name))
    }

    fn set<'de, A: MapAccess<'de>>(self, name: &str, map: &mut A) -> Result<Self, A::Error> {
        Ok(match name {
            "version" => self.with_version(map.next_value()?),
            "sender" => self.with_sender(map.next_value()?),
            "maximum_packet_size" => self.with_maximum_packet_size(map.next_value()?),
            "refuse_discouraged_characters" => self.refuse_discouraged_characters(map.next_value()?),
            "refuse_long_client_identifiers" => self.refuse_long_client_identifiers(map.next_value()?),
            "check_payload_format" => self.check_payload_format(map.next_value()?),
            _ => self.with_leniency(name.parse().map_err(A::Error::custom)?, map.next_value()?),
        })
    }
}

impl Named for EncodeOptions {
    type Side = Sender;

    fn entries(self) -> impl Iterator<Item = (&'static str, Value<Sender>)> {
        let sender = (self.sender() != Sender::Either).then(|| ("sender", Value::Side(self.sender())));
        let refuses =
            self.refuses_discouraged_characters().then_some(("refuse_discouraged_characters", Value::Switch(true)));
        iter::once(("version", Value::Version(self.version()))).chain(sender).chain(refuses)
    }

    fn names() -> impl Iterator<Item = &'static str> {
        ["version", "sender", "refuse_discouraged_characters"].into_iter()
    }

    fn set<'de, A: MapAccess<'de>>(self, name: &str, map: &mut A) -> Result<Self, A::Error> {
        Ok(match name {
            "version" => self.with_version(map.next_value()?),
            "sender" => self.with_sender(map.next_value()?),
            _ => self.refuse_discouraged_characters(map.next_value()?),
        })
    }
}

/// Serializes options as a map. Formats that do not name fields need its length first.
pub(crate) fn to_map<O: Named, S: Serializer>(options: &O, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(options.entries().count()))?;
    for (name, value) in options.entries() {
        map.serialize_entry(name, &value)?;
    }
    map.end()
}

/// Deserializes options from a map of their names. An unknown name is an error, and so is one that appears twice.
pub(crate) fn from_map<'de, O: Named, D: Deserializer<'de>>(deserializer: D) -> Result<O, D::Error> {
    deserializer.deserialize_map(OptionsVisitor(PhantomData))
}

struct OptionsVisitor<O>(PhantomData<O>);

impl<'de, O: Named> Visitor<'de> for OptionsVisitor<O> {
    type Value = O;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of options")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<O, A::Error> {
        let (mut options, mut seen) = (O::default(), 0_u64);
        while let Some(name) = map.next_key_seed(NameSeed(PhantomData::<O>))? {
            let bit = O::names().take_while(|other| *other != name).fold(1_u64, |bit, _| bit << 1);
            if seen & bit != 0 {
                return Err(A::Error::duplicate_field(name));
            }
            seen |= bit;
            options = options.set(name, &mut map)?;
        }
        Ok(options)
    }
}

/// Reads the key of a map entry, which is the name of an option.
struct NameSeed<O>(PhantomData<O>);

impl<'de, O: Named> DeserializeSeed<'de> for NameSeed<O> {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'static str, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<O: Named> Visitor<'_> for NameSeed<O> {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an option")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<&'static str, E> {
        let found = O::names().find(|name| *name == text);
        found.ok_or_else(|| {
            E::custom(format_args!("no option is called '{text}', the options are {}", Names(PhantomData::<O>)))
        })
    }
}

/// Shows the names of all options.
struct Names<O>(PhantomData<O>);

impl<O: Named> fmt::Display for Names<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in O::names().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            f.write_str(name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{DecodeOptions, EncodeOptions, Leniency};
    use mqtt_types::{ProtocolVersion, Sender};
    use serde_json::json;

    #[test]
    fn options_are_maps_of_what_differs_from_the_default() {
        let server = DecodeOptions::new(ProtocolVersion::V3_1).with_sender(Sender::Client).with_maximum_packet_size(99);
        let all = server
            .refuse_discouraged_characters(true)
            .refuse_long_client_identifiers(true)
            .check_payload_format(true)
            .lenient();
        for (options, value) in [
            (DecodeOptions::default(), json!({"version": "5.0"})),
            (server, json!({"version": "3.1", "sender": "client", "maximum_packet_size": 99})),
            (
                server.allow_dup_at_qos_0(true).check_payload_format(true),
                json!({
                    "version": "3.1", "sender": "client", "maximum_packet_size": 99,
                    "check_payload_format": true, "allow_dup_at_qos_0": true
                }),
            ),
        ] {
            assert_eq!(serde_json::to_value(options).unwrap(), value);
            assert_eq!(serde_json::from_value::<DecodeOptions>(value).unwrap(), options);
        }
        let value = serde_json::to_value(all).unwrap();
        assert_eq!(value.as_object().unwrap().len(), 6 + Leniency::ALL.len());
        assert_eq!(serde_json::from_value::<DecodeOptions>(value).unwrap(), all);
        let options = EncodeOptions::new(ProtocolVersion::V3_1_1).with_sender(Sender::Server);
        let options = options.refuse_discouraged_characters(true);
        let value = json!({"version": "3.1.1", "sender": "server", "refuse_discouraged_characters": true});
        assert_eq!(serde_json::to_value(options).unwrap(), value);
        assert_eq!(serde_json::from_value::<EncodeOptions>(value).unwrap(), options);
    }

    #[test]
    fn missing_options_have_their_default() {
        assert_eq!(serde_json::from_str::<DecodeOptions>("{}").unwrap(), DecodeOptions::default());
        assert_eq!(serde_json::from_str::<EncodeOptions>("{}").unwrap(), EncodeOptions::default());
        let off = r#"{"allow_bridge_bit": false, "sender": "either"}"#;
        assert_eq!(serde_json::from_str::<DecodeOptions>(off).unwrap(), DecodeOptions::default());
    }

    #[test]
    fn unknown_and_repeated_names_and_other_values_are_errors() {
        for (text, expected) in [
            (r#"{"allow_bridge": true}"#, "no option is called 'allow_bridge'"),
            (r#"{"allow_bridge_bit": true, "allow_bridge_bit": true}"#, "duplicate field `allow_bridge_bit`"),
            (r#"{"version": "5.0", "sender": "client", "version": "5.0"}"#, "duplicate field `version`"),
            (r#"{"allow_bridge_bit": 1}"#, "invalid type: integer `1`, expected a boolean"),
            (r#"{"version": "4"}"#, "expected a version of MQTT"),
            ("[]", "expected a map of options"),
        ] {
            let error = serde_json::from_str::<DecodeOptions>(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        let error = serde_json::from_str::<EncodeOptions>(r#"{"maximum_packet_size": 1}"#).unwrap_err().to_string();
        let expected = "no option is called 'maximum_packet_size', \
                        the options are version, sender, refuse_discouraged_characters at line 1";
        assert!(error.starts_with(expected), "{error}");
    }

    #[test]
    fn leniencies_are_their_names() {
        for leniency in Leniency::ALL.iter().copied() {
            let value = serde_json::to_value(leniency).unwrap();
            assert_eq!(value, leniency.name());
            assert_eq!(serde_json::from_value::<Leniency>(value).unwrap(), leniency);
        }
        let error = serde_json::from_str::<Leniency>(r#""allow_all""#).unwrap_err().to_string();
        assert!(error.starts_with("invalid value: string \"allow_all\", expected the name of a leniency"), "{error}");
    }
}
