//! Options for decoding.

use mqtt_types::{ProtocolVersion, Sender};

/// How packets are decoded: the version, and what else is known or wanted.
///
/// A [`ProtocolVersion`] becomes options that are strict in all that the standard demands and know nothing of the sender.
/// CONNECT names its own version and is judged by that.
///
/// | option | default | what it does |
/// | --- | --- | --- |
/// | [`sender`](Self::sender) | either | refuses packets and fields that this side does not send |
/// | [`maximum_packet_size`](Self::maximum_packet_size) | 268,435,460 | refuses larger packets as soon as their header is there |
/// | [`refuse_discouraged_characters`](Self::refuse_discouraged_characters) | no | refuses control characters and non-characters in strings |
/// | [`refuse_long_client_identifiers`](Self::refuse_long_client_identifiers) | no | refuses more than 23 characters in 3.1 |
/// | [`check_payload_format`](Self::check_payload_format) | no | checks payloads that are said to be UTF-8 |
/// | [`allow_bridge_bit`](Self::allow_bridge_bit) | no | takes bit 7 of the level for what bridges mean by it |
/// | [`allow_dup_at_qos_0`](Self::allow_dup_at_qos_0) | no | ignores DUP in a PUBLISH of QoS 0 |
/// | [`allow_empty_client_identifier`](Self::allow_empty_client_identifier) | no | leaves it to the caller of 3.x |
/// | [`allow_longer_lengths`](Self::allow_longer_lengths) | no | takes lengths in more bytes than they need in 5.0 too |
/// | [`allow_invalid_topic_filters`](Self::allow_invalid_topic_filters) | no | leaves each filter to the caller |
/// | [`allow_subscription_identifier_from_client`](Self::allow_subscription_identifier_from_client) | no | takes what a bridge forwards as it was received |
/// | [`allow_mqtt_level_3`](Self::allow_mqtt_level_3) | no | takes `MQTT` with level 3 for 3.1 |
/// | [`allow_connack_of_other_version`](Self::allow_connack_of_other_version) | no | takes a CONNACK in the form that it has |
/// | [`allow_password_without_user_name`](Self::allow_password_without_user_name) | no | takes in 3.x what 5.0 allows |
///
/// ```
/// use mqtt_codec::{DecodeErrorKind, DecodeOptions, ProtocolVersion, Sender, decode};
///
/// let server = DecodeOptions::new(ProtocolVersion::V5).sender(Sender::Client).maximum_packet_size(1 << 20);
/// let error = decode(&[0xD0, 0x00], server).unwrap_err(); // PINGRESP
/// assert_eq!(error.kind(), DecodeErrorKind::WrongSender(Sender::Client));
/// ```
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
    /// The largest packet of all: five bytes of fixed header, and the largest Remaining Length.
    pub const LARGEST_PACKET: u32 = 268_435_460;

    /// Strict in all that the standard demands, for packets of either sender and any size.
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

    /// The version by whose rules packets other than CONNECT are judged.
    #[must_use]
    pub const fn version(self) -> ProtocolVersion {
        self.version
    }

    /// Who sent the packets: what only the other side sends is refused. Reason Codes of DISCONNECT and AUTH are not:
    /// the peer is leaving anyway, and [`ReasonCode::is_allowed_in`](mqtt_types::ReasonCode::is_allowed_in) tells.
    #[must_use]
    pub const fn sender(self, sender: Sender) -> Self {
        Self { sender, ..self }
    }

    /// The largest packet in bytes, fixed header included, as Maximum Packet Size counts.
    #[must_use]
    pub const fn maximum_packet_size(self, bytes: u32) -> Self {
        Self { maximum_packet_size: bytes, ..self }
    }

    /// Refuse strings with control characters or non-characters, as section 1.5.4 allows. A client that does so can be
    /// thrown off by anybody who publishes to it; a server that does so protects its subscribers.
    #[must_use]
    pub const fn refuse_discouraged_characters(self, refuse: bool) -> Self {
        Self { refuse_discouraged_characters: refuse, ..self }
    }

    /// Refuse Client Identifiers of more than 23 characters in 3.1, as its text has it and no large server does.
    #[must_use]
    pub const fn refuse_long_client_identifiers(self, refuse: bool) -> Self {
        Self { refuse_long_client_identifiers: refuse, ..self }
    }

    /// Check that a payload with Payload Format Indicator 1 is UTF-8 (5.0), the Will's too.
    #[must_use]
    pub const fn check_payload_format(self, check: bool) -> Self {
        Self { check_payload_format: check, ..self }
    }

    /// Take bit 7 of the protocol level in 3.1 and 3.1.1 for a bridge's mark, instead of refusing the level. Sent by
    /// the bridges of Mosquitto (by default), `NanoMQ` and `VerneMQ`; they go on without it when they are refused.
    #[must_use]
    pub const fn allow_bridge_bit(self, allow: bool) -> Self {
        Self { allow_bridge_bit: allow, ..self }
    }

    /// Ignore DUP in a PUBLISH of QoS 0, instead of refusing it. `VerneMQ`, rumqtt and mqtt-packet accept it too.
    #[must_use]
    pub const fn allow_dup_at_qos_0(self, allow: bool) -> Self {
        Self { allow_dup_at_qos_0: allow, ..self }
    }

    /// Accept an empty Client Identifier in 3.1, and in 3.1.1 without Clean Session, as some servers do by
    /// configuration.
    #[must_use]
    pub const fn allow_empty_client_identifier(self, allow: bool) -> Self {
        Self { allow_empty_client_identifier: allow, ..self }
    }

    /// Take a Remaining Length or Property Length in more bytes than it needs in 5.0 too, where MQTT-1.5.5-1 forbids it.
    /// Written by encoders that reserve room for a length before they know it; accepted by EMQX, `VerneMQ`, Mochi and
    /// mqtt-packet. (3.x has no such rule, and always takes it.)
    #[must_use]
    pub const fn allow_longer_lengths(self, allow: bool) -> Self {
        Self { allow_longer_lengths: allow, ..self }
    }

    /// Let SUBSCRIBE and UNSUBSCRIBE through with filters that are text and no Topic Filter, so that a server can answer
    /// each filter by itself, as EMQX, `HiveMQ` and RMQTT do (0x8F, in 3.1.1 0x80), instead of closing the connection, as
    /// Mosquitto does. [`TopicFilter::check`](mqtt_types::TopicFilter::check) tells which they are.
    #[must_use]
    pub const fn allow_invalid_topic_filters(self, allow: bool) -> Self {
        Self { allow_invalid_topic_filters: allow, ..self }
    }

    /// Take Subscription Identifiers in a client's PUBLISH, where MQTT-3.3.4-6 forbids them. Sent by bridges that forward
    /// what they received as it is; Mosquitto takes them from bridges.
    #[must_use]
    pub const fn allow_subscription_identifier_from_client(self, allow: bool) -> Self {
        Self { allow_subscription_identifier_from_client: allow, ..self }
    }

    /// Take Protocol Name `MQTT` with level 3 for 3.1, whose name is `MQIsdp`. Sent by hand-made clients of devices;
    /// the large servers refuse it.
    #[must_use]
    pub const fn allow_mqtt_level_3(self, allow: bool) -> Self {
        Self { allow_mqtt_level_3: allow, ..self }
    }

    /// Take a CONNACK in the form that it has, of two bytes in 3.x and more in 5.0, whatever the version of the connection
    /// is. Servers that do not speak 5.0 refuse a client of 5.0 in the form of 3.x (aedes, amqtt), and Mosquitto refuses
    /// levels that it does not know in the form of 5.0. Without this option the former is
    /// [`ServerSpeaksVersion3`](DecodeErrorKind::ServerSpeaksVersion3).
    #[must_use]
    pub const fn allow_connack_of_other_version(self, allow: bool) -> Self {
        Self { allow_connack_of_other_version: allow, ..self }
    }

    /// Take a Password without a User Name in 3.x, where MQTT-3.1.2-22 forbids it and 5.0 does not. Sent by clients that
    /// put a token there; accepted by mqtt-packet, and by EMQX unless it is told to be strict.
    #[must_use]
    pub const fn allow_password_without_user_name(self, allow: bool) -> Self {
        Self { allow_password_without_user_name: allow, ..self }
    }

    /// The same options, strict in all that the standard demands.
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
