//! Options of a stream as maps from names to values, as those of a packet.

use crate::options::DecodeOptions;
use crate::options::serde::{Named, Value, from_map, to_map};
use crate::stream::options::StreamOptions;
use crate::stream::role::Role;
use mqtt_types::Sender;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess};
use serde::ser::{Serialize, Serializer};

/// Serializes as its name.
impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.sender().serialize(serializer) // the sides have the same names
    }
}

/// Deserializes from its name.
impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Sender::deserialize(deserializer)? {
            Sender::Server => Self::Server,
            Sender::Client => Self::Client,
            Sender::Either => Self::Either,
        })
    }
}

/// Serializes as a map of the role, the version if it is known, and every option that differs from its default.
impl Serialize for StreamOptions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entries = Entries {
            role: Some(self.role),
            checks_connection_rules: Some(self.checks_connection_rules),
            options: *self,
        };
        to_map(&entries, serializer)
    }
}

/// Deserializes from a map. The role is required, and for a client the version. Any other missing option has its default.
impl<'de> Deserialize<'de> for StreamOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Entries { role, checks_connection_rules, options } = from_map(deserializer)?;
        let role = role.ok_or_else(|| D::Error::missing_field("role"))?;
        if role.is_client() && options.version.is_none() {
            return Err(D::Error::missing_field("version"));
        }
        let default = Self::new(role, options.version);
        Ok(Self {
            role,
            decode: options.decode.with_sender(role.peer()),
            checks_connection_rules: checks_connection_rules.unwrap_or(default.checks_connection_rules),
            ..options
        })
    }
}

/// The entries of a map that may come in any order. The default of one depends on the role.
#[derive(Clone, Copy)]
struct Entries {
    role: Option<Role>,
    checks_connection_rules: Option<bool>,
    /// All other options.
    options: StreamOptions,
}

impl Default for Entries {
    fn default() -> Self {
        Self { role: None, checks_connection_rules: None, options: StreamOptions::either(None) }
    }
}

const MAXIMUM_PACKET_SIZE: &str = "maximum_packet_size";
const MAXIMUM_CONNECT_SIZE: &str = "maximum_connect_size";
const PAYLOAD_PIECES_ABOVE: &str = "payload_pieces_above";
const MAXIMUM_HEAD_SIZE: &str = "maximum_head_size";
const CHECK_CONNECTION_RULES: &str = "check_connection_rules";

impl Named for Entries {
    type Side = Role;

    fn entries(self) -> impl Iterator<Item = (&'static str, Value<Role>)> {
        let options = self.options;
        let default = StreamOptions::new(options.role, options.version);
        let sizes = [
            (MAXIMUM_PACKET_SIZE, options.maximum_packet_size, default.maximum_packet_size),
            (MAXIMUM_CONNECT_SIZE, options.maximum_connect_size, default.maximum_connect_size),
            (PAYLOAD_PIECES_ABOVE, options.payload_pieces_above, default.payload_pieces_above),
            (MAXIMUM_HEAD_SIZE, options.maximum_head_size, default.maximum_head_size),
        ];
        let sizes = sizes.into_iter().filter(|(_, size, default)| size != default);
        let checks = self.checks_connection_rules.filter(|checks| *checks != default.checks_connection_rules);
        self.role
            .map(|role| ("role", Value::Side(role)))
            .into_iter()
            .chain(options.version.map(|version| ("version", Value::Version(version))))
            .chain(sizes.map(|(name, size, _)| (name, Value::Size(size))))
            .chain(checks.map(|checks| (CHECK_CONNECTION_RULES, Value::Switch(checks))))
            .chain(options.decode.names_of_what_is_on().map(|name| (name, Value::Switch(true))))
    }

    fn names() -> impl Iterator<Item = &'static str> {
        let sizes = [MAXIMUM_PACKET_SIZE, MAXIMUM_CONNECT_SIZE, PAYLOAD_PIECES_ABOVE, MAXIMUM_HEAD_SIZE];
        let switches = DecodeOptions::default().switches().map(|(name, _)| name);
        ["role", "version"].into_iter().chain(sizes).chain([CHECK_CONNECTION_RULES]).chain(switches)
    }

    fn set<'de, A: MapAccess<'de>>(self, name: &str, map: &mut A) -> Result<Self, A::Error> {
        let options = self.options;
        let options = match name {
            "role" => return Ok(Self { role: Some(map.next_value()?), ..self }),
            CHECK_CONNECTION_RULES => return Ok(Self { checks_connection_rules: Some(map.next_value()?), ..self }),
            "version" => options.with_version(map.next_value()?),
            MAXIMUM_PACKET_SIZE => options.with_maximum_packet_size(map.next_value()?),
            MAXIMUM_CONNECT_SIZE => options.with_maximum_connect_size(map.next_value()?),
            PAYLOAD_PIECES_ABOVE => options.with_payload_pieces_above(map.next_value()?),
            MAXIMUM_HEAD_SIZE => options.with_maximum_head_size(map.next_value()?),
            _ => StreamOptions { decode: options.decode.set(name, map)?, ..options },
        };
        Ok(Self { options, ..self })
    }
}

#[cfg(test)]
mod tests {
    use crate::{DecodeOptions, Leniency, Role, StreamOptions};
    use mqtt_types::ProtocolVersion::{V3_1, V5};
    use serde_json::json;

    #[test]
    fn options_are_maps_of_what_differs_from_the_default() {
        let changed = StreamOptions::server()
            .with_version(V3_1)
            .with_maximum_packet_size(1)
            .with_maximum_connect_size(2)
            .with_payload_pieces_above(3)
            .with_maximum_head_size(4)
            .check_connection_rules(false)
            .with_decode_options(|options| options.check_payload_format(true).allow_bridge_bit(true));
        for (options, value) in [
            (StreamOptions::server(), json!({"role": "server"})),
            (StreamOptions::client(V5), json!({"role": "client", "version": "5.0"})),
            (StreamOptions::either(None), json!({"role": "either"})),
            (StreamOptions::either(Some(V3_1)), json!({"role": "either", "version": "3.1"})),
            (
                changed,
                json!({
                    "role": "server", "version": "3.1", "maximum_packet_size": 1, "maximum_connect_size": 2,
                    "payload_pieces_above": 3, "maximum_head_size": 4, "check_connection_rules": false,
                    "check_payload_format": true, "allow_bridge_bit": true
                }),
            ),
            (
                StreamOptions::either(None).check_connection_rules(true),
                json!({"role": "either", "check_connection_rules": true}),
            ),
        ] {
            assert_eq!(serde_json::to_value(options).unwrap(), value);
            assert_eq!(serde_json::from_value::<StreamOptions>(value).unwrap(), options);
        }
        let lenient = changed.with_decode_options(DecodeOptions::lenient);
        let value = serde_json::to_value(lenient).unwrap();
        assert_eq!(value.as_object().unwrap().len(), 8 + Leniency::ALL.len());
        assert_eq!(serde_json::from_value::<StreamOptions>(value).unwrap(), lenient);
    }

    #[test]
    fn entries_come_in_any_order_and_may_repeat_the_default() {
        let text = r#"{"check_connection_rules": true, "version": "5.0", "allow_bridge_bit": false, "role": "client"}"#;
        assert_eq!(serde_json::from_str::<StreamOptions>(text).unwrap(), StreamOptions::client(V5));
        let text = r#"{"maximum_head_size": 7, "role": "server"}"#;
        let server = StreamOptions::server().with_maximum_head_size(7);
        assert_eq!(serde_json::from_str::<StreamOptions>(text).unwrap(), server);
    }

    #[test]
    fn what_a_constructor_takes_is_required_and_other_names_and_values_are_errors() {
        for (text, expected) in [
            ("{}", "missing field `role`"),
            (r#"{"role": "client"}"#, "missing field `version`"),
            (r#"{"role": "broker"}"#, "expected either, client or server"),
            (r#"{"role": "server", "role": "server"}"#, "duplicate field `role`"),
            (
                r#"{"role": "server", "sender": "client"}"#,
                "no option is called 'sender', the options are role, version,",
            ),
            (r#"{"role": "server", "allow_bridge_bit": 1}"#, "invalid type: integer `1`, expected a boolean"),
            (r#"["server"]"#, "expected a map of options"),
        ] {
            let error = serde_json::from_str::<StreamOptions>(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn roles_are_their_names() {
        for (role, name) in [(Role::Server, "server"), (Role::Client, "client"), (Role::Either, "either")] {
            assert_eq!(serde_json::to_value(role).unwrap(), name);
            assert_eq!(serde_json::from_value::<Role>(name.into()).unwrap(), role);
        }
    }
}
