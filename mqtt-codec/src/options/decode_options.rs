//! Options for decoding.

use mqtt_types::{ProtocolVersion, Sender};

/// Options for decoding: protocol version, sender, limits and leniencies.
///
/// A [`ProtocolVersion`] converts into options with that version, in which every other option has its default: every rule
/// of the standard is enforced, and the sender may be a client or a server. A CONNECT contains its own version and is always
/// decoded with that.
///
/// | option | default | effect |
/// | --- | --- | --- |
/// | [`sender`](Self::sender) | either | refuses packets and properties that this side does not send |
/// | [`maximum_packet_size`](Self::maximum_packet_size) | 268,435,460 | refuses larger packets as soon as their fixed header is complete |
/// | [`refuse_discouraged_characters`](Self::refuse_discouraged_characters) | no | refuses control characters and non-characters in strings |
/// | [`refuse_long_client_identifiers`](Self::refuse_long_client_identifiers) | no | refuses Client Identifiers of more than 23 characters in 3.1 |
/// | [`check_payload_format`](Self::check_payload_format) | no | refuses payloads that are declared to be UTF-8 and are not |
/// | [`allow_bridge_bit`](Self::allow_bridge_bit) | no | accepts the mark of a bridge in the Protocol Version |
/// | [`allow_dup_at_qos_0`](Self::allow_dup_at_qos_0) | no | accepts and ignores DUP in a PUBLISH of QoS 0 |
/// | [`allow_empty_client_identifier`](Self::allow_empty_client_identifier) | no | accepts empty Client Identifiers that 3.x forbids |
/// | [`allow_longer_lengths`](Self::allow_longer_lengths) | no | accepts lengths in more bytes than necessary in 5.0 |
/// | [`allow_invalid_topic_filters`](Self::allow_invalid_topic_filters) | no | accepts strings that are not Topic Filters |
/// | [`allow_subscription_identifier_from_client`](Self::allow_subscription_identifier_from_client) | no | accepts Subscription Identifiers in a PUBLISH from a client |
/// | [`allow_mqtt_level_3`](Self::allow_mqtt_level_3) | no | accepts Protocol Name `MQTT` with version 3 as 3.1 |
/// | [`allow_connack_of_other_version`](Self::allow_connack_of_other_version) | no | accepts a CONNACK in the format of another version |
/// | [`allow_password_without_user_name`](Self::allow_password_without_user_name) | no | accepts a Password without a User Name in 3.x |
///
/// ```
/// use mqtt_codec::{DecodeErrorKind, DecodeOptions, ProtocolVersion, Sender, decode};
///
/// let server = DecodeOptions::new(ProtocolVersion::V5).sender(Sender::Client).maximum_packet_size(1 << 20);
/// let error = decode(&[0xD0, 0x00], server).unwrap_err(); // PINGRESP
/// assert_eq!(error.kind(), DecodeErrorKind::WrongSender(Sender::Client));
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DecodeOptions {
    pub(crate) version: ProtocolVersion,
    pub(crate) sender: Sender,
    pub(crate) maximum_packet_size: u32,
    pub(crate) refuse_discouraged_characters: bool,
    pub(crate) refuse_long_client_identifiers: bool,
    pub(crate) check_payload_format: bool,
    pub(crate) allow_bridge_bit: bool,
    pub(crate) allow_dup_at_qos_0: bool,
    pub(crate) allow_empty_client_identifier: bool,
    pub(crate) allow_longer_lengths: bool,
    pub(crate) allow_invalid_topic_filters: bool,
    pub(crate) allow_subscription_identifier_from_client: bool,
    pub(crate) allow_mqtt_level_3: bool,
    pub(crate) allow_connack_of_other_version: bool,
    pub(crate) allow_password_without_user_name: bool,
}

impl DecodeOptions {
    /// Size in bytes of the largest packet that MQTT allows: a fixed header of five bytes and the largest Remaining Length.
    pub const LARGEST_PACKET: u32 = 268_435_460;

    /// Creates options with a version and the default of every other option.
    #[must_use]
    pub const fn new(version: ProtocolVersion) -> Self {
        Self {
            version,
            sender: Sender::Either,
            maximum_packet_size: Self::LARGEST_PACKET,
            refuse_discouraged_characters: false,
            refuse_long_client_identifiers: false,
            check_payload_format: false,
            allow_bridge_bit: false,
            allow_dup_at_qos_0: false,
            allow_empty_client_identifier: false,
            allow_longer_lengths: false,
            allow_invalid_topic_filters: false,
            allow_subscription_identifier_from_client: false,
            allow_mqtt_level_3: false,
            allow_connack_of_other_version: false,
            allow_password_without_user_name: false,
        }
    }

    /// Returns the version for packets other than CONNECT.
    #[must_use]
    pub const fn version(self) -> ProtocolVersion {
        self.version
    }

    /// Sets the side that sent the packets. Packets and properties that only the other side sends are refused.
    ///
    /// Reason Codes of DISCONNECT and AUTH are not checked against the sender. To check them, call
    /// [`ReasonCode::is_allowed_in`](mqtt_types::ReasonCode::is_allowed_in).
    #[must_use]
    pub const fn sender(self, sender: Sender) -> Self {
        Self { sender, ..self }
    }

    /// Sets the largest accepted packet in bytes, fixed header included. Maximum Packet Size counts the same bytes.
    #[must_use]
    pub const fn maximum_packet_size(self, bytes: u32) -> Self {
        Self { maximum_packet_size: bytes, ..self }
    }

    /// Sets whether strings with control characters or non-characters are refused, as section 1.5.4 allows.
    ///
    /// A server that refuses them protects its subscribers. A client should not: every publisher could then force it to
    /// disconnect.
    #[must_use]
    pub const fn refuse_discouraged_characters(self, refuse: bool) -> Self {
        Self { refuse_discouraged_characters: refuse, ..self }
    }

    /// Sets whether Client Identifiers of more than 23 characters are refused in 3.1.
    ///
    /// The text of 3.1 demands it. The widely used servers accept longer ones.
    #[must_use]
    pub const fn refuse_long_client_identifiers(self, refuse: bool) -> Self {
        Self { refuse_long_client_identifiers: refuse, ..self }
    }

    /// Sets whether payloads with Payload Format Indicator 1 must be UTF-8 (5.0). This includes Will Payloads.
    #[must_use]
    pub const fn check_payload_format(self, check: bool) -> Self {
        Self { check_payload_format: check, ..self }
    }

    /// Sets whether bit 7 of the Protocol Version is accepted in 3.1 and 3.1.1. It marks the sender as a bridge, see
    /// [`Connect::bridge`](mqtt_types::Connect::bridge).
    ///
    /// The bridges of Mosquitto (by default), `NanoMQ` and `VerneMQ` set it. If they are refused, they connect again without
    /// it.
    #[must_use]
    pub const fn allow_bridge_bit(self, allow: bool) -> Self {
        Self { allow_bridge_bit: allow, ..self }
    }

    /// Sets whether DUP in a PUBLISH of QoS 0 is accepted and ignored.
    ///
    /// `VerneMQ`, rumqtt and mqtt-packet accept it too.
    #[must_use]
    pub const fn allow_dup_at_qos_0(self, allow: bool) -> Self {
        Self { allow_dup_at_qos_0: allow, ..self }
    }

    /// Sets whether an empty Client Identifier is accepted in 3.1, and in 3.1.1 without Clean Session.
    ///
    /// Some servers can be configured to accept it.
    #[must_use]
    pub const fn allow_empty_client_identifier(self, allow: bool) -> Self {
        Self { allow_empty_client_identifier: allow, ..self }
    }

    /// Sets whether a Remaining Length or Property Length may have more bytes than necessary in 5.0, which MQTT-1.5.5-1
    /// forbids. In 3.x it always may, because 3.x has no such rule.
    ///
    /// Encoders that reserve space for a length before they know its value send such lengths. EMQX, `VerneMQ`, Mochi and
    /// mqtt-packet accept them.
    #[must_use]
    pub const fn allow_longer_lengths(self, allow: bool) -> Self {
        Self { allow_longer_lengths: allow, ..self }
    }

    /// Sets whether SUBSCRIBE and UNSUBSCRIBE may contain strings that are not valid Topic Filters. Find them with
    /// [`TopicFilter::check`](mqtt_types::TopicFilter::check).
    ///
    /// A server can then answer each invalid filter with a Reason Code, as EMQX, `HiveMQ` and RMQTT do (0x8F, in 3.1.1 0x80).
    /// Without this option it has to close the connection, as Mosquitto does.
    #[must_use]
    pub const fn allow_invalid_topic_filters(self, allow: bool) -> Self {
        Self { allow_invalid_topic_filters: allow, ..self }
    }

    /// Sets whether a PUBLISH from a client may contain Subscription Identifiers, which MQTT-3.3.4-6 forbids.
    ///
    /// Bridges that forward packets unchanged send them. Mosquitto accepts them from bridges.
    #[must_use]
    pub const fn allow_subscription_identifier_from_client(self, allow: bool) -> Self {
        Self { allow_subscription_identifier_from_client: allow, ..self }
    }

    /// Sets whether the Protocol Name `MQTT` with Protocol Version 3 is accepted as 3.1, whose name is `MQIsdp`.
    ///
    /// Some clients in devices send it. The widely used servers refuse it.
    #[must_use]
    pub const fn allow_mqtt_level_3(self, allow: bool) -> Self {
        Self { allow_mqtt_level_3: allow, ..self }
    }

    /// Sets whether a CONNACK may have the format of another version: two bytes after the fixed header in 3.x, more in 5.0.
    ///
    /// Servers without support for 5.0 refuse a client of 5.0 with a CONNACK of 3.x (aedes, amqtt). Without this option that
    /// CONNACK is the error [`ServerSpeaksVersion3`](crate::DecodeErrorKind::ServerSpeaksVersion3). Mosquitto refuses unknown
    /// versions with a CONNACK of 5.0.
    #[must_use]
    pub const fn allow_connack_of_other_version(self, allow: bool) -> Self {
        Self { allow_connack_of_other_version: allow, ..self }
    }

    /// Sets whether a Password without a User Name is accepted in 3.x, where MQTT-3.1.2-22 forbids it. 5.0 allows it.
    ///
    /// Clients that authenticate with a token send it. mqtt-packet accepts it, and so does EMQX unless its strict mode is on.
    #[must_use]
    pub const fn allow_password_without_user_name(self, allow: bool) -> Self {
        Self { allow_password_without_user_name: allow, ..self }
    }

    /// Returns the same options without leniencies.
    #[cfg(feature = "bytes")]
    pub(crate) const fn without_leniencies(self) -> Self {
        let strict = Self::new(self.version).sender(self.sender).maximum_packet_size(self.maximum_packet_size);
        Self {
            refuse_discouraged_characters: self.refuse_discouraged_characters,
            refuse_long_client_identifiers: self.refuse_long_client_identifiers,
            check_payload_format: self.check_payload_format,
            ..strict
        }
    }

    pub(crate) const fn with_version(self, version: ProtocolVersion) -> Self {
        Self { version, ..self }
    }
}

impl From<ProtocolVersion> for DecodeOptions {
    fn from(version: ProtocolVersion) -> Self {
        Self::new(version)
    }
}
