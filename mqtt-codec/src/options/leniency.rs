//! Leniencies: deviations of real peers that decoding accepts on request.

use crate::options::decode_options::DecodeOptions;
use core::fmt;

/// Defines the enum `Leniency`, and for each variant the method of the options that sets its bit.
macro_rules! leniencies {
    (
        $(#[$enum_doc:meta])* $options:ident
        $($(#[doc = $doc:literal])* $variant:ident $setter:ident = $number:literal;)*
    ) => {
        $(#[$enum_doc])*
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Leniency {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Leniency {
            /// All leniencies. Later versions of this crate may have more.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            #[doc = concat!("Returns the name: that of the method of [`", stringify!($options), "`].")]
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($setter),)*
                }
            }

            pub(crate) const fn bit(self) -> u32 {
                match self {
                    $(Self::$variant => 1 << $number,)*
                }
            }
        }

        impl core::fmt::Display for Leniency {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.name())
            }
        }

        impl core::fmt::Debug for Leniency {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl core::str::FromStr for Leniency {
            type Err = crate::options::UnknownLeniency;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.iter().copied().find(|leniency| leniency.name() == name);
                found.ok_or(crate::options::UnknownLeniency)
            }
        }

        impl $options {
            /// The bits of all leniencies.
            pub(crate) const LENIENCIES: u32 = $(Leniency::$variant.bit())|*;

            $(
                #[doc = concat!("Sets whether [`Leniency::", stringify!($variant), "`] is accepted:")]
                #[doc = ""]
                $(#[doc = $doc])*
                #[must_use]
                pub const fn $setter(self, allow: bool) -> Self {
                    self.with_leniency(Leniency::$variant, allow)
                }
            )*

            /// Sets whether a deviation is accepted. Each leniency also has its own method.
            #[must_use]
            pub const fn with_leniency(self, leniency: Leniency, allow: bool) -> Self {
                self.with_bits(leniency.bit(), allow)
            }

            /// Accepts no deviation of [`Leniency`]: the default. The other options stay as they are.
            #[must_use]
            pub const fn strict(self) -> Self {
                self.with_bits(Self::LENIENCIES, false)
            }

            /// Returns `true` if a deviation is accepted.
            #[inline]
            #[must_use]
            pub const fn allows(&self, leniency: Leniency) -> bool {
                self.bits & leniency.bit() != 0
            }

            /// Returns `true` if no deviation is accepted.
            #[inline]
            #[must_use]
            pub const fn is_strict(&self) -> bool {
                self.bits & Self::LENIENCIES == 0
            }

            /// Returns the deviations that are accepted.
            pub fn leniencies(self) -> impl Iterator<Item = Leniency> + Clone {
                Leniency::ALL.iter().copied().filter(move |leniency| self.allows(*leniency))
            }
        }
    };
}
pub(crate) use leniencies;

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
}

/// Error for a text that is not the name of a leniency.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnknownLeniency;

impl fmt::Display for UnknownLeniency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no leniency has this name")
    }
}

impl core::error::Error for UnknownLeniency {}

#[cfg(test)]
mod tests {
    use super::{Leniency, UnknownLeniency};
    use crate::DecodeOptions;

    #[test]
    fn each_leniency_has_a_name_and_a_bit_of_its_own() {
        let mut bits = 0;
        for leniency in Leniency::ALL.iter().copied() {
            assert_eq!(leniency.name().parse(), Ok(leniency));
            assert!(leniency.name().starts_with("allow_"), "{leniency}");
            assert_eq!(leniency.bit().count_ones(), 1);
            assert_eq!(bits & leniency.bit(), 0, "{leniency}");
            bits |= leniency.bit();
        }
        assert_eq!(bits, DecodeOptions::LENIENCIES);
        assert_eq!("allow_bridge".parse::<Leniency>(), Err(UnknownLeniency));
        assert_eq!(
            format!("{:?} {:>18}", Leniency::BridgeBit, Leniency::BridgeBit),
            "allow_bridge_bit   allow_bridge_bit"
        );
    }
}
