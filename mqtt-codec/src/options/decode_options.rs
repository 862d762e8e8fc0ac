//! Options for decoding.

use crate::options::leniency::leniencies;
use crate::options::values::{options_of_a_version, value_options};
use core::fmt;
use mqtt_types::{ProtocolVersion, Sender};

/// Options for decoding: protocol version, sender, limits and leniencies.
///
/// A [`ProtocolVersion`] converts into options with that version, in which every other option has its default: every rule
/// of the standard is enforced, and the sender may be a client or a server. A CONNECT contains its own version and is always
/// decoded with that.
///
/// | option | default | effect |
/// | --- | --- | --- |
/// | [`with_sender`](Self::with_sender) | either | refuses packets and properties that this side does not send |
/// | [`with_maximum_packet_size`](Self::with_maximum_packet_size) | 268,435,460 | refuses larger packets as soon as their fixed header is complete |
/// | [`refuse_discouraged_characters`](Self::refuse_discouraged_characters) | no | refuses control characters and non-characters in strings |
/// | [`refuse_long_client_identifiers`](Self::refuse_long_client_identifiers) | no | refuses Client Identifiers of more than 23 characters in 3.1 |
/// | [`check_payload_format`](Self::check_payload_format) | no | refuses payloads that are declared to be UTF-8 and are not |
/// | `allow_…` | no | accept a deviation of real peers, see [`Leniency`] |
/// | [`strict`](Self::strict), [`lenient`](Self::lenient) | strict | refuse or accept all of these deviations |
///
/// ```
/// use mqtt_codec::{DecodeErrorKind, DecodeOptions, ProtocolVersion, Sender, decode};
///
/// let server = DecodeOptions::new(ProtocolVersion::V5).with_sender(Sender::Client).with_maximum_packet_size(1 << 20);
/// let error = decode(&[0xD0, 0x00], server).unwrap_err(); // PINGRESP
/// assert_eq!(error.kind(), DecodeErrorKind::WrongSender(Sender::Client));
/// ```
///
/// # Serde
///
/// With the feature `serde`, options are a map from the names of the options to their values. Missing options have
/// their default, and unknown names are an error. Serialization writes the version, and the options that differ from
/// their default.
#[cfg_attr(feature = "serde", doc = "```")]
#[cfg_attr(not(feature = "serde"), doc = "```ignore")]
/// use mqtt_codec::{DecodeOptions, ProtocolVersion};
///
/// let configuration = r#"{"version": "3.1.1", "maximum_packet_size": 65536, "allow_bridge_bit": true}"#;
/// let options: DecodeOptions = serde_json::from_str(configuration)?;
/// let expected = DecodeOptions::new(ProtocolVersion::V3_1_1).with_maximum_packet_size(65_536).allow_bridge_bit(true);
/// assert_eq!(options, expected);
/// assert!(serde_json::from_str::<DecodeOptions>(r#"{"allow_everything": true}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DecodeOptions {
    pub(crate) version: ProtocolVersion,
    pub(crate) sender: Sender,
    /// One bit for each option that is on or off: leniencies from the lowest bit on, stricter rules from the highest.
    pub(crate) bits: u32,
    pub(crate) maximum_packet_size: u32,
}

leniencies! {
    /// Deviation from the standard that decoding accepts if [`DecodeOptions`] allow it.
    ///
    /// Each one has a method of `DecodeOptions`, whose name is also its [name](Self::name), for instance
    /// [`allow_bridge_bit`](DecodeOptions::allow_bridge_bit). Programs that read names from a file or a command line parse
    /// them.
    ///
    /// ```
    /// use mqtt_codec::{DecodeOptions, Leniency, ProtocolVersion};
    ///
    /// let leniency: Leniency = "allow_bridge_bit".parse()?;
    /// let options = DecodeOptions::new(ProtocolVersion::V3_1_1).with_leniency(leniency, true);
    /// assert_eq!(options, DecodeOptions::new(ProtocolVersion::V3_1_1).allow_bridge_bit(true));
    /// assert!(options.allows(Leniency::BridgeBit));
    /// # Ok::<(), mqtt_codec::UnknownLeniency>(())
    /// ```
    ///
    /// To accept all of them, call [`lenient`](DecodeOptions::lenient).
    ///
    /// ```
    /// use mqtt_codec::{DecodeOptions, ProtocolVersion, StreamOptions, decode};
    ///
    /// let dup_at_qos_0 = [0x38, 0x04, 0x00, 0x01, b'a', 0x00];
    /// let options = DecodeOptions::new(ProtocolVersion::V5);
    /// assert!(decode(&dup_at_qos_0, options).is_err());
    /// assert!(decode(&dup_at_qos_0, options.lenient()).is_ok());
    /// assert_eq!(options.lenient().strict(), options);
    ///
    /// let server = StreamOptions::server().with_decode_options(DecodeOptions::lenient);
    /// ```
    DecodeOptions
    /// Bit 7 of the Protocol Version in 3.1 and 3.1.1. It marks the sender as a bridge, see
    /// [`Connect::bridge`](mqtt_types::Connect::bridge).
    ///
    /// The bridges of Mosquitto (by default), `NanoMQ` and `VerneMQ` set it. If they are refused, they connect again without
    /// it.
    BridgeBit allow_bridge_bit = 0;
    /// DUP in a PUBLISH of QoS 0. It is ignored.
    ///
    /// `VerneMQ`, rumqtt and mqtt-packet accept it too.
    DupAtQoS0 allow_dup_at_qos_0 = 1;
    /// An empty Client Identifier in 3.1, and in 3.1.1 without Clean Session.
    ///
    /// Some servers can be configured to accept it.
    EmptyClientIdentifier allow_empty_client_identifier = 2;
    /// A Remaining Length or Property Length in more bytes than necessary in 5.0, which MQTT-1.5.5-1 forbids. In 3.x it is
    /// always accepted, because 3.x has no such rule.
    ///
    /// Encoders that reserve space for a length before they know its value send such lengths. EMQX, `VerneMQ`, Mochi and
    /// mqtt-packet accept them.
    LongerLengths allow_longer_lengths = 3;
    /// Strings in SUBSCRIBE and UNSUBSCRIBE that are not valid Topic Filters. Find them with
    /// [`TopicFilter::check`](mqtt_types::TopicFilter::check).
    ///
    /// A server can then answer each invalid filter with a Reason Code, as EMQX, `HiveMQ` and RMQTT do (0x8F, in 3.1.1 0x80).
    /// Without this option it has to close the connection, as Mosquitto does.
    InvalidTopicFilters allow_invalid_topic_filters = 4;
    /// Subscription Identifiers in a PUBLISH from a client, which MQTT-3.3.4-6 forbids.
    ///
    /// Bridges that forward packets unchanged send them. Mosquitto accepts them from bridges.
    SubscriptionIdentifierFromClient allow_subscription_identifier_from_client = 5;
    /// The Protocol Name `MQTT` with Protocol Version 3. It is taken for 3.1, whose name is `MQIsdp`.
    ///
    /// Some clients in devices send it. The widely used servers refuse it.
    MqttLevel3 allow_mqtt_level_3 = 6;
    /// A CONNACK in the format of another version: two bytes after the fixed header in 3.x, more in 5.0.
    ///
    /// Servers without support for 5.0 refuse a client of 5.0 with a CONNACK of 3.x (aedes, amqtt). Without this option that
    /// CONNACK is the error [`ServerSpeaksVersion3`](crate::DecodeErrorKind::ServerSpeaksVersion3). Mosquitto refuses unknown
    /// versions with a CONNACK of 5.0.
    ConnAckOfOtherVersion allow_connack_of_other_version = 7;
    /// A Password without a User Name in 3.x, where MQTT-3.1.2-22 forbids it. 5.0 allows it.
    ///
    /// Clients that authenticate with a token send it. mqtt-packet accepts it, and so does EMQX unless its strict mode is on.
    PasswordWithoutUserName allow_password_without_user_name = 8;
    /// Flags in the fixed header of an acknowledgement or a request (PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, SUBACK,
    /// UNSUBSCRIBE, UNSUBACK) other than those that the standard fixes. They are ignored.
    ///
    /// Servers built on old releases of Netty send SUBACK as 0x92 and PUBACK as 0x42, among them `ThingsBoard`; so does
    /// Mongoose. Clients send PUBREL as 0x60, 0x64 or 0x6A and SUBSCRIBE as 0x80 (phpMQTT, tsung). EMQX accepts all of these
    /// unless its strict mode is on.
    ReservedFlags allow_reserved_flags = 9;
    /// Will QoS and Will Retain without the Will Flag in 3.1.1 and 5.0. They are ignored. 3.1 always ignores them.
    ///
    /// Old releases of Mongoose, of the Dart client `mqtt_client` and of the AWS SDK for embedded C send them.
    WillFlagsWithoutWill allow_will_flags_without_will = 10;
    /// Session Present in a CONNACK that refuses the connection. It is ignored.
    SessionPresentWithFailure allow_session_present_with_failure = 11;
    /// A DISCONNECT from a server in 3.x. 5.0 allows it.
    ///
    /// `MQTTnet` sent it when a session was taken over and when the Keep Alive had passed.
    DisconnectFromServer allow_disconnect_from_server = 12;
    /// A PINGREQ from a server in 3.x.
    PingReqFromServer allow_pingreq_from_server = 13;
    /// An UNSUBACK in the format of another version: only a Packet Identifier in 5.0, properties and any number of Reason Codes
    /// in 3.x. The packet then has no Reason Codes in 5.0, and has them in 3.x. It cannot be encoded for that version.
    ///
    /// Mochi sent properties and a Reason Code to clients of 3.1.1.
    UnsubAckOfOtherVersion allow_unsuback_of_other_version = 14;
    /// Bits beside the requested QoS in a SUBSCRIBE of 3.1.1, which must be 0. They are ignored, as 3.1 always ignores them.
    ///
    /// A library for GSM modems sends random bits there.
    ReservedSubscriptionBits allow_reserved_subscription_bits = 15;
    /// Values that 5.0 forbids and that stand for "no limit" or "absent": Maximum QoS 2, Maximum Packet Size 0, Receive
    /// Maximum 0, Subscription Identifier 0, and Topic Alias 0 beside a Topic Name. The property is taken as absent, and is
    /// left out when the packet is encoded.
    ///
    /// Old releases of EMQX send Maximum QoS 2. Servers that write a limit which is not set as 0, an identifier of no
    /// subscription as 0, and the alias of a message that has none as 0 send the others.
    PlaceholderValues allow_placeholder_values = 16;
    /// Reason Codes of failures that 5.0 has only for other packets, in CONNACK, PUBACK, PUBREC and DISCONNECT. They are taken
    /// for Unspecified error (0x80), which each of these packets has.
    ///
    /// Mosquitto sends PUBACK and PUBREC with 0x95 (Packet too large) for a message above its limit.
    ReasonCodesOfOtherPackets allow_reason_codes_of_other_packets = 17;
    /// A SUBACK of 5.0 without Property Length, the format of 3.1.1. It is accepted if it cannot be read as one of 5.0 and all
    /// of its codes exist in 3.1.1.
    ///
    /// It comes from servers that answer a client of 5.0 as one of 3.1.1. Where both readings are legal, as for `90 04 00 01 00
    /// 01`, the packet is one of 5.0.
    SubAckWithoutPropertyLength allow_suback_without_property_length = 18;
    /// A SUBSCRIBE or UNSUBSCRIBE of 5.0 without Property Length, the format of 3.1.1. It is accepted if it cannot be read as one
    /// of 5.0 and both versions have all of its filters and options.
    ///
    /// It comes from clients that connect with 5.0 and then write requests of 3.1.1. Only packets of more than 256 bytes can be
    /// legal in both formats; they are packets of 5.0.
    RequestsWithoutPropertyLength allow_requests_without_property_length = 19;
}

value_options! {
    DecodeOptions
    /// Sets the version for packets other than CONNECT.
    with_version
    /// Returns the version for packets other than CONNECT.
    version: ProtocolVersion;
    /// Sets the side that sent the packets. Packets and properties that only the other side sends are refused.
    ///
    /// Reason Codes of DISCONNECT and AUTH are not checked against the sender. To check them, call
    /// [`ReasonCode::is_allowed_in`](mqtt_types::ReasonCode::is_allowed_in).
    with_sender
    /// Returns the side that sent the packets.
    sender: Sender;
    /// Sets the largest accepted packet in bytes, fixed header included. Maximum Packet Size counts the same bytes.
    with_maximum_packet_size
    /// Returns the largest accepted packet in bytes.
    maximum_packet_size: u32;
}

options_of_a_version! { DecodeOptions }

const REFUSE_DISCOURAGED_CHARACTERS: u32 = 1 << 31;
const REFUSE_LONG_CLIENT_IDENTIFIERS: u32 = 1 << 30;
const CHECK_PAYLOAD_FORMAT: u32 = 1 << 29;

impl DecodeOptions {
    /// Size in bytes of the largest packet that MQTT allows: a fixed header of five bytes and the largest Remaining Length.
    pub const LARGEST_PACKET: u32 = 268_435_460;

    /// Creates options with a version and the default of every other option.
    #[must_use]
    pub const fn new(version: ProtocolVersion) -> Self {
        Self { version, sender: Sender::Either, bits: 0, maximum_packet_size: Self::LARGEST_PACKET }
    }

    /// Sets whether strings with control characters or non-characters are refused, as section 1.5.4 allows.
    ///
    /// A server that refuses them protects its subscribers. A client should not: every publisher could then force it to
    /// disconnect.
    #[must_use]
    pub const fn refuse_discouraged_characters(self, refuse: bool) -> Self {
        self.with_bits(REFUSE_DISCOURAGED_CHARACTERS, refuse)
    }

    /// Sets whether Client Identifiers of more than 23 characters are refused in 3.1.
    ///
    /// The text of 3.1 demands it. The widely used servers accept longer ones.
    #[must_use]
    pub const fn refuse_long_client_identifiers(self, refuse: bool) -> Self {
        self.with_bits(REFUSE_LONG_CLIENT_IDENTIFIERS, refuse)
    }

    /// Sets whether payloads with Payload Format Indicator 1 must be UTF-8 (5.0). This includes Will Payloads.
    #[must_use]
    pub const fn check_payload_format(self, check: bool) -> Self {
        self.with_bits(CHECK_PAYLOAD_FORMAT, check)
    }
}

impl DecodeOptions {
    /// Returns `true` if strings with control characters or non-characters are refused.
    #[inline]
    #[must_use]
    pub const fn refuses_discouraged_characters(&self) -> bool {
        self.bits & REFUSE_DISCOURAGED_CHARACTERS != 0
    }

    /// Returns `true` if Client Identifiers of more than 23 characters are refused in 3.1.
    #[inline]
    #[must_use]
    pub const fn refuses_long_client_identifiers(&self) -> bool {
        self.bits & REFUSE_LONG_CLIENT_IDENTIFIERS != 0
    }

    /// Returns `true` if payloads with Payload Format Indicator 1 must be UTF-8.
    #[inline]
    #[must_use]
    pub const fn checks_payload_format(&self) -> bool {
        self.bits & CHECK_PAYLOAD_FORMAT != 0
    }

    /// Returns each option that is on or off: its name, and whether it is on.
    pub(crate) fn switches(self) -> impl Iterator<Item = (&'static str, bool)> {
        let stricter = [
            ("refuse_discouraged_characters", self.refuses_discouraged_characters()),
            ("refuse_long_client_identifiers", self.refuses_long_client_identifiers()),
            ("check_payload_format", self.checks_payload_format()),
        ];
        let leniencies = Leniency::ALL.iter().map(move |leniency| (leniency.name(), self.allows(*leniency)));
        stricter.into_iter().chain(leniencies)
    }

    /// Returns the names of all options that are on.
    pub(crate) fn names_of_what_is_on(self) -> impl Iterator<Item = &'static str> {
        self.switches().filter(|(_, is_on)| *is_on).map(|(name, _)| name)
    }
}

/// Shows version, sender and limit, and the names of all other options that are on.
impl fmt::Debug for DecodeOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("DecodeOptions");
        fields.field("version", &self.version);
        fields.field("sender", &self.sender);
        fields.field("maximum_packet_size", &self.maximum_packet_size);
        for name in self.names_of_what_is_on() {
            fields.field(name, &true);
        }
        fields.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::DecodeOptions;
    use crate::Leniency;
    use mqtt_types::{ProtocolVersion, Sender};

    const STRICT: DecodeOptions = DecodeOptions::new(ProtocolVersion::V3_1_1);

    #[test]
    fn each_option_can_be_read_back_and_changes_no_other() {
        let changed = [
            STRICT.with_version(ProtocolVersion::V5),
            STRICT.with_sender(Sender::Client),
            STRICT.with_maximum_packet_size(7),
            STRICT.refuse_discouraged_characters(true),
            STRICT.refuse_long_client_identifiers(true),
            STRICT.check_payload_format(true),
            STRICT.with_leniency(Leniency::BridgeBit, true),
        ];
        let read = |options: DecodeOptions| {
            [
                options.version() == ProtocolVersion::V5,
                options.sender() == Sender::Client,
                options.maximum_packet_size() == 7,
                options.refuses_discouraged_characters(),
                options.refuses_long_client_identifiers(),
                options.checks_payload_format(),
                options.allows(Leniency::BridgeBit),
            ]
        };
        for (index, options) in changed.into_iter().enumerate() {
            assert_eq!(read(options), core::array::from_fn(|other| other == index), "{options:?}");
        }
        let all = STRICT.refuse_discouraged_characters(true).check_payload_format(true).lenient();
        assert_eq!(all.refuse_discouraged_characters(false).check_payload_format(false).strict(), STRICT);
    }

    #[test]
    fn each_leniency_is_a_switch_of_its_own() {
        for leniency in Leniency::ALL.iter().copied() {
            let options = STRICT.with_leniency(leniency, true);
            assert!(options.leniencies().eq([leniency]) && !options.is_strict());
            assert_eq!(options.with_leniency(leniency, false), STRICT);
            assert!(!STRICT.lenient().with_leniency(leniency, false).allows(leniency));
        }
        assert!(STRICT.lenient().leniencies().eq(Leniency::ALL.iter().copied()));
        assert!(STRICT.is_strict() && STRICT.leniencies().next().is_none());
    }

    #[test]
    fn debug_shows_what_is_on() {
        let options = STRICT.check_payload_format(true).allow_bridge_bit(true);
        assert_eq!(
            format!("{options:?}"),
            "DecodeOptions { version: V3_1_1, sender: Either, maximum_packet_size: 268435460, \
             check_payload_format: true, allow_bridge_bit: true }"
        );
    }
}
