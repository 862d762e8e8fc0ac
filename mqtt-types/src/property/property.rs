//! One property: identifier, type and value. Section 2.2.2.

use crate::buffer::{BuildError, Storage, put_prefixed, split_prefixed};
use crate::text::{self, Text, TextError, TextErrorKind};
use crate::{BinaryData, Buffer, KeepAlive, QoS, TopicName, Utf8String, VariableByteInteger, VariableByteIntegerError};
use core::{fmt, num::NonZeroU16, num::NonZeroU32};

/// Makes [`PropertyIdentifier`] from the table of section 2.2.2.2.
macro_rules! identifiers {
    ($($value:literal $variant:ident $snake_case:literal $name:literal $kind:ident: $meaning:literal,)*) => {
        /// What a property is about: one of the 27 identifiers of 5.0.
        ///
        /// ```
        /// use mqtt_types::{PropertyIdentifier, PropertyType};
        ///
        /// let identifier = PropertyIdentifier::from_u8(0x11).unwrap();
        /// assert_eq!(identifier, PropertyIdentifier::SessionExpiryInterval);
        /// assert_eq!(identifier.to_string(), "Session Expiry Interval");
        /// assert_eq!(identifier.property_type(), PropertyType::FourByteInteger);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum PropertyIdentifier {
            $(#[doc = concat!("`", stringify!($value), "` ", $name, ": ", $meaning)]
            $variant = $value,)*
        }

        impl PropertyIdentifier {
            /// All 27, lowest first.
            pub const ALL: [Self; 27] = [$(Self::$variant,)*];

            /// The identifier of a number; all of them take one byte on the wire.
            #[inline]
            #[must_use]
            pub const fn from_u8(value: u8) -> Option<Self> {
                match value {
                    $($value => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// The standard's name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The standard's name in snake case, as the methods of the property sets are called.
            #[must_use]
            pub const fn snake_case_name(self) -> &'static str {
                match self {
                    $(Self::$variant => $snake_case,)*
                }
            }

            /// The type of its value.
            #[inline]
            #[must_use]
            pub const fn property_type(self) -> PropertyType {
                match self {
                    $(Self::$variant => PropertyType::$kind,)*
                }
            }
        }
    };
}

identifiers! {
    0x01 PayloadFormatIndicator "payload_format_indicator" "Payload Format Indicator" Byte: "is the payload UTF-8?",
    0x02 MessageExpiryInterval "message_expiry_interval" "Message Expiry Interval" FourByteInteger: "seconds that the message lives.",
    0x03 ContentType "content_type" "Content Type" Utf8String: "what the payload is, as the application sees it.",
    0x08 ResponseTopic "response_topic" "Response Topic" Utf8String: "the Topic Name for an answer.",
    0x09 CorrelationData "correlation_data" "Correlation Data" BinaryData: "tells to which request an answer belongs.",
    0x0B SubscriptionIdentifier "subscription_identifier" "Subscription Identifier" VariableByteInteger: "names a subscription.",
    0x11 SessionExpiryInterval "session_expiry_interval" "Session Expiry Interval" FourByteInteger: "seconds that the session outlives the connection.",
    0x12 AssignedClientIdentifier "assigned_client_identifier" "Assigned Client Identifier" Utf8String: "the name that the server gave the client.",
    0x13 ServerKeepAlive "server_keep_alive" "Server Keep Alive" TwoByteInteger: "seconds; takes the place of the client's Keep Alive.",
    0x15 AuthenticationMethod "authentication_method" "Authentication Method" Utf8String: "the name of the extended authentication.",
    0x16 AuthenticationData "authentication_data" "Authentication Data" BinaryData: "what the method wants to be told.",
    0x17 RequestProblemInformation "request_problem_information" "Request Problem Information" Byte: "may failures be explained?",
    0x18 WillDelayInterval "will_delay_interval" "Will Delay Interval" FourByteInteger: "seconds before the Will is published.",
    0x19 RequestResponseInformation "request_response_information" "Request Response Information" Byte: "is Response Information wanted?",
    0x1A ResponseInformation "response_information" "Response Information" Utf8String: "what Response Topics are made from.",
    0x1C ServerReference "server_reference" "Server Reference" Utf8String: "other servers to use.",
    0x1F ReasonString "reason_string" "Reason String" Utf8String: "a sentence for people.",
    0x21 ReceiveMaximum "receive_maximum" "Receive Maximum" TwoByteInteger: "how many QoS 1 and 2 messages may be under way.",
    0x22 TopicAliasMaximum "topic_alias_maximum" "Topic Alias Maximum" TwoByteInteger: "the highest alias that is accepted.",
    0x23 TopicAlias "topic_alias" "Topic Alias" TwoByteInteger: "a number in place of the Topic Name.",
    0x24 MaximumQoS "maximum_qos" "Maximum QoS" Byte: "the highest QoS that the server supports.",
    0x25 RetainAvailable "retain_available" "Retain Available" Byte: "does the server keep retained messages?",
    0x26 UserProperty "user_property" "User Property" Utf8StringPair: "name and value, as the application sees them.",
    0x27 MaximumPacketSize "maximum_packet_size" "Maximum Packet Size" FourByteInteger: "bytes of the largest packet that is accepted.",
    0x28 WildcardSubscriptionAvailable "wildcard_subscription_available" "Wildcard Subscription Available" Byte: "does the server support wildcards?",
    0x29 SubscriptionIdentifierAvailable "subscription_identifier_available" "Subscription Identifier Available" Byte: "does the server support them?",
    0x2A SharedSubscriptionAvailable "shared_subscription_available" "Shared Subscription Available" Byte: "does the server support them?",
}

impl PropertyIdentifier {
    /// The number on the wire.
    #[inline]
    #[must_use]
    #[expect(clippy::as_conversions, reason = "the discriminants are the numbers")]
    pub const fn as_u8(self) -> u8 {
        self as u8
    }

    /// The bit that stands for it in a set: the identifiers end at 0x2A.
    #[inline]
    pub(crate) const fn bit(self) -> u64 {
        1 << self.as_u8()
    }
}

impl fmt::Display for PropertyIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The type of a property's value: section 1.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PropertyType {
    /// One byte.
    Byte,
    /// Two bytes, high one first.
    TwoByteInteger,
    /// Four bytes, high one first.
    FourByteInteger,
    /// One to four bytes, see [`VariableByteInteger`].
    VariableByteInteger,
    /// A two-byte length and text.
    Utf8String,
    /// A two-byte length and bytes.
    BinaryData,
    /// Two UTF-8 Encoded Strings: name and value.
    Utf8StringPair,
}

/// The value of a Payload Format Indicator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PayloadFormat {
    /// 0: bytes, of which nothing is said. The same as no Payload Format Indicator; yet 0 and none are kept apart, since
    /// the property is forwarded unaltered \[MQTT-3.3.2-4\].
    #[default]
    Unspecified = 0,
    /// 1: UTF-8 encoded character data. It is the application's to check, or the decoder's if it is told to.
    Utf8 = 1,
}

/// A Subscription Identifier: 1 to 268,435,455.
///
/// ```
/// use mqtt_types::SubscriptionIdentifier;
///
/// assert_eq!(SubscriptionIdentifier::new(7).unwrap().get(), 7);
/// assert_eq!(SubscriptionIdentifier::new(0), None);
/// assert_eq!(SubscriptionIdentifier::new(268_435_456), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubscriptionIdentifier(NonZeroU32);

impl SubscriptionIdentifier {
    /// 268,435,455.
    pub const MAX: u32 = VariableByteInteger::MAX.get();

    /// The identifier of a number, if it is neither 0 nor above 268,435,455.
    #[inline]
    #[must_use]
    pub const fn new(value: u32) -> Option<Self> {
        match (NonZeroU32::new(value), value <= Self::MAX) {
            (Some(value), true) => Some(Self(value)),
            _ => None,
        }
    }

    /// The number.
    #[inline]
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for SubscriptionIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<SubscriptionIdentifier> for VariableByteInteger {
    fn from(identifier: SubscriptionIdentifier) -> Self {
        Self::new(identifier.get()).unwrap_or(Self::MAX) // it is at most MAX
    }
}

/// A number that is no Subscription Identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{0} is no subscription identifier: it is 1 to 268,435,455")]
pub struct InvalidSubscriptionIdentifier(pub u32);

impl TryFrom<u32> for SubscriptionIdentifier {
    type Error = InvalidSubscriptionIdentifier;

    fn try_from(value: u32) -> Result<Self, InvalidSubscriptionIdentifier> {
        Self::new(value).ok_or(InvalidSubscriptionIdentifier(value))
    }
}

/// A User Property: a name and a value, both of the application's own meaning. Names may repeat; order is kept.
///
/// ```
/// use mqtt_types::PublishProperties;
///
/// let mut storage = [0; 32];
/// let properties = PublishProperties::builder_in(&mut storage).user_property("a", "1").user_property("a", "2").build()?;
/// let values: Vec<&str> = properties.user_properties().map(|pair| pair.value.as_str()).collect();
/// assert_eq!(values, ["1", "2"]);
/// # Ok::<(), mqtt_types::BuildError>(())
/// ```
#[derive(Clone, Copy)]
pub struct UserProperty<B = crate::DefaultBuffer> {
    /// The name.
    pub name: Utf8String<B>,
    /// The value.
    pub value: Utf8String<B>,
}

crate::buffer::over_buffers!(UserProperty { plain: [], raw: [], parts: [name, value], options: [] });

impl<B: Buffer> fmt::Debug for UserProperty<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {:?}", self.name, self.value)
    }
}

/// A property: its identifier and its value, checked.
///
/// ```
/// use mqtt_types::{Property, PublishProperties};
///
/// let mut storage = [0; 64];
/// let properties =
///     PublishProperties::builder_in(&mut storage).message_expiry_interval(60).user_property("a", "b").build()?;
/// for property in properties.iter() {
///     match property {
///         Property::MessageExpiryInterval(seconds) => assert_eq!(seconds, 60),
///         Property::UserProperty(pair) => assert_eq!((pair.name, pair.value), ("a".try_into()?, "b".try_into()?)),
///         other => unreachable!("{other:?}"),
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is called what its identifier is called; they are explained there")]
pub enum Property<'a> {
    PayloadFormatIndicator(PayloadFormat),
    MessageExpiryInterval(u32),
    ContentType(Utf8String<&'a [u8]>),
    ResponseTopic(TopicName<&'a [u8]>),
    CorrelationData(BinaryData<&'a [u8]>),
    SubscriptionIdentifier(SubscriptionIdentifier),
    SessionExpiryInterval(u32),
    AssignedClientIdentifier(Utf8String<&'a [u8]>),
    ServerKeepAlive(KeepAlive),
    AuthenticationMethod(Utf8String<&'a [u8]>),
    AuthenticationData(BinaryData<&'a [u8]>),
    RequestProblemInformation(bool),
    WillDelayInterval(u32),
    RequestResponseInformation(bool),
    ResponseInformation(Utf8String<&'a [u8]>),
    ServerReference(Utf8String<&'a [u8]>),
    ReasonString(Utf8String<&'a [u8]>),
    ReceiveMaximum(NonZeroU16),
    TopicAliasMaximum(u16),
    TopicAlias(NonZeroU16),
    /// 0 or 1; a server that supports QoS 2 leaves the property out.
    MaximumQoS(QoS),
    RetainAvailable(bool),
    UserProperty(UserProperty<&'a [u8]>),
    MaximumPacketSize(NonZeroU32),
    WildcardSubscriptionAvailable(bool),
    SubscriptionIdentifierAvailable(bool),
    SharedSubscriptionAvailable(bool),
}

/// Why bytes are no property: which rule, at which byte after the identifier.
pub(crate) struct ValueError {
    pub(crate) kind: PropertyErrorKind,
    pub(crate) offset: usize,
}

/// Which rule a property, or a set of properties, breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PropertyErrorKind {
    /// No property has this identifier. Section 2.2.2.2.
    UnknownIdentifier,
    /// The packet, or the Will, does not have this property. Section 2.2.2.2.
    NotAllowed,
    /// A property that may be there once is there twice. Section 2.2.2.2 and the property's own.
    Duplicate,
    /// The value runs past the end of the properties. Section 2.2.2.1.
    Truncated,
    /// A value that the property does not allow: 0, or other than 0 and 1.
    InvalidValue,
    /// Topic Alias 0. MQTT-3.3.2-8.
    TopicAliasZero,
    /// The text is not legal.
    Text(TextErrorKind),
    /// A Variable Byte Integer of more than four bytes. Section 1.5.5.
    VariableByteIntegerTooLong,
    /// A Variable Byte Integer in more bytes than it needs. MQTT-1.5.5-1.
    VariableByteIntegerNotMinimal,
    /// CONNECT: Authentication Data without an Authentication Method. Section 3.1.2.11.10.
    AuthenticationDataWithoutMethod,
    /// AUTH: no Authentication Method. Section 3.15.2.2.2.
    AuthenticationMethodMissing,
}

impl fmt::Display for PropertyErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownIdentifier => "no property has this identifier",
            Self::NotAllowed => "is not allowed here",
            Self::Duplicate => "is there more than once",
            Self::Truncated => "runs past the end of the properties",
            Self::InvalidValue => "does not allow this value",
            Self::TopicAliasZero => "is 0",
            Self::Text(kind) => return fmt::Display::fmt(kind, f),
            Self::VariableByteIntegerTooLong => "has more than four bytes",
            Self::VariableByteIntegerNotMinimal => "has more bytes than it needs",
            Self::AuthenticationDataWithoutMethod => "is there without an Authentication Method",
            Self::AuthenticationMethodMissing => "is not there",
        })
    }
}

impl ValueError {
    const fn new(kind: PropertyErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }
}

/// Checks the value that follows the identifier, and gives what follows the value.
#[inline]
pub(crate) fn check_value(identifier: PropertyIdentifier, input: &[u8]) -> Result<&[u8], ValueError> {
    const TRUNCATED: ValueError = ValueError::new(PropertyErrorKind::Truncated, 0);
    const INVALID: ValueError = ValueError::new(PropertyErrorKind::InvalidValue, 0);
    match identifier.property_type() {
        PropertyType::Byte => match input {
            // All of them allow 0 and 1 only: 3.1.2.11, 3.2.2.3, 3.3.2.3.2.
            [0 | 1, rest @ ..] => Ok(rest),
            [_, ..] => Err(INVALID),
            [] => Err(TRUNCATED),
        },
        PropertyType::TwoByteInteger => match (input, identifier) {
            ([0, 0, ..], PropertyIdentifier::TopicAlias) => Err(ValueError::new(PropertyErrorKind::TopicAliasZero, 0)),
            ([0, 0, ..], PropertyIdentifier::ReceiveMaximum) => Err(INVALID),
            ([_, _, rest @ ..], _) => Ok(rest),
            _ => Err(TRUNCATED),
        },
        PropertyType::FourByteInteger => match (input, identifier) {
            ([0, 0, 0, 0, ..], PropertyIdentifier::MaximumPacketSize) => Err(INVALID),
            ([_, _, _, _, rest @ ..], _) => Ok(rest),
            _ => Err(TRUNCATED),
        },
        // The one property of this type is the Subscription Identifier.
        PropertyType::VariableByteInteger => match VariableByteInteger::decode(input) {
            Ok(Some(decoded)) if !decoded.is_minimal() => {
                Err(ValueError::new(PropertyErrorKind::VariableByteIntegerNotMinimal, 0))
            }
            Ok(Some(decoded)) if decoded.value == VariableByteInteger::ZERO => Err(INVALID),
            Ok(Some(decoded)) => input.get(decoded.len..).ok_or(TRUNCATED),
            Ok(None) => Err(TRUNCATED),
            Err(VariableByteIntegerError::TooLong | VariableByteIntegerError::TooLarge(_)) => {
                Err(ValueError::new(PropertyErrorKind::VariableByteIntegerTooLong, 0))
            }
        },
        PropertyType::Utf8String => {
            let (value, rest) = split_prefixed(input).ok_or(TRUNCATED)?;
            if identifier == PropertyIdentifier::ResponseTopic {
                TopicName::new(value).map_err(|error| text_error(input, value, error))?;
            } else {
                text::check(value, Text::String).map_err(|error| text_error(input, value, error))?;
            }
            Ok(rest)
        }
        PropertyType::BinaryData => split_prefixed(input).map(|(_, rest)| rest).ok_or(TRUNCATED),
        PropertyType::Utf8StringPair => {
            let (name, after_name) = split_prefixed(input).ok_or(TRUNCATED)?;
            let value_offset = input.len().saturating_sub(after_name.len());
            let truncated = ValueError::new(PropertyErrorKind::Truncated, value_offset);
            let (value, rest) = split_prefixed(after_name).ok_or(truncated)?;
            text::check(name, Text::String).map_err(|error| text_error(input, name, error))?;
            text::check(value, Text::String).map_err(|error| text_error(input, value, error))?;
            Ok(rest)
        }
    }
}

/// An error in a text that is a part of `input`.
#[cold]
fn text_error(input: &[u8], text: &[u8], error: TextError) -> ValueError {
    let mut start = text.as_ptr().addr().saturating_sub(input.as_ptr().addr());
    if error.kind() == TextErrorKind::EmptyTopic {
        start = start.saturating_sub(2); // it has no byte: its length is at fault
    }
    ValueError::new(PropertyErrorKind::Text(error.kind()), start.saturating_add(error.offset()))
}

impl<'a> Property<'a> {
    /// Reads one property off checked bytes, and gives what follows it.
    #[inline]
    pub(crate) fn read_checked(input: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&identifier, rest) = input.split_first()?;
        Self::read_checked_value(PropertyIdentifier::from_u8(identifier)?, rest)
    }

    /// Reads one property's value off checked bytes, and gives what follows it.
    pub(crate) fn read_checked_value(identifier: PropertyIdentifier, input: &'a [u8]) -> Option<(Self, &'a [u8])> {
        use PropertyIdentifier as Id;
        let byte = || input.split_first().map(|(byte, rest)| (*byte != 0, rest));
        let two = || input.split_first_chunk::<2>().map(|(value, rest)| (u16::from_be_bytes(*value), rest));
        let four = || input.split_first_chunk::<4>().map(|(value, rest)| (u32::from_be_bytes(*value), rest));
        let text = || split_prefixed(input).map(|(text, rest)| (Utf8String::from_checked(text), rest));
        let binary = || split_prefixed(input).and_then(|(data, rest)| Some((BinaryData::new(data).ok()?, rest)));
        Some(match identifier {
            Id::PayloadFormatIndicator => {
                let (is_utf8, rest) = byte()?;
                let format = if is_utf8 { PayloadFormat::Utf8 } else { PayloadFormat::Unspecified };
                (Self::PayloadFormatIndicator(format), rest)
            }
            Id::MessageExpiryInterval => four().map(|(value, rest)| (Self::MessageExpiryInterval(value), rest))?,
            Id::ContentType => text().map(|(value, rest)| (Self::ContentType(value), rest))?,
            Id::ResponseTopic => {
                let (value, rest) = split_prefixed(input)?;
                (Self::ResponseTopic(TopicName::from_checked(value)), rest)
            }
            Id::CorrelationData => binary().map(|(value, rest)| (Self::CorrelationData(value), rest))?,
            Id::SubscriptionIdentifier => {
                let decoded = VariableByteInteger::decode(input).ok()??;
                let value = SubscriptionIdentifier::new(decoded.value.get())?;
                (Self::SubscriptionIdentifier(value), input.get(decoded.len..)?)
            }
            Id::SessionExpiryInterval => four().map(|(value, rest)| (Self::SessionExpiryInterval(value), rest))?,
            Id::AssignedClientIdentifier => {
                text().map(|(value, rest)| (Self::AssignedClientIdentifier(value), rest))?
            }
            Id::ServerKeepAlive => {
                two().map(|(value, rest)| (Self::ServerKeepAlive(KeepAlive::from_seconds(value)), rest))?
            }
            Id::AuthenticationMethod => text().map(|(value, rest)| (Self::AuthenticationMethod(value), rest))?,
            Id::AuthenticationData => binary().map(|(value, rest)| (Self::AuthenticationData(value), rest))?,
            Id::RequestProblemInformation => {
                byte().map(|(value, rest)| (Self::RequestProblemInformation(value), rest))?
            }
            Id::WillDelayInterval => four().map(|(value, rest)| (Self::WillDelayInterval(value), rest))?,
            Id::RequestResponseInformation => {
                byte().map(|(value, rest)| (Self::RequestResponseInformation(value), rest))?
            }
            Id::ResponseInformation => text().map(|(value, rest)| (Self::ResponseInformation(value), rest))?,
            Id::ServerReference => text().map(|(value, rest)| (Self::ServerReference(value), rest))?,
            Id::ReasonString => text().map(|(value, rest)| (Self::ReasonString(value), rest))?,
            Id::ReceiveMaximum => {
                let (value, rest) = two()?;
                (Self::ReceiveMaximum(NonZeroU16::new(value)?), rest)
            }
            Id::TopicAliasMaximum => two().map(|(value, rest)| (Self::TopicAliasMaximum(value), rest))?,
            Id::TopicAlias => {
                let (value, rest) = two()?;
                (Self::TopicAlias(NonZeroU16::new(value)?), rest)
            }
            Id::MaximumQoS => {
                let (one, rest) = byte()?;
                (Self::MaximumQoS(if one { QoS::AtLeastOnce } else { QoS::AtMostOnce }), rest)
            }
            Id::RetainAvailable => byte().map(|(value, rest)| (Self::RetainAvailable(value), rest))?,
            Id::UserProperty => {
                let (name, after_name) = split_prefixed(input)?;
                let (value, rest) = split_prefixed(after_name)?;
                let (name, value) = (Utf8String::from_checked(name), Utf8String::from_checked(value));
                (Self::UserProperty(UserProperty { name, value }), rest)
            }
            Id::MaximumPacketSize => {
                let (value, rest) = four()?;
                (Self::MaximumPacketSize(NonZeroU32::new(value)?), rest)
            }
            Id::WildcardSubscriptionAvailable => {
                byte().map(|(value, rest)| (Self::WildcardSubscriptionAvailable(value), rest))?
            }
            Id::SubscriptionIdentifierAvailable => {
                byte().map(|(value, rest)| (Self::SubscriptionIdentifierAvailable(value), rest))?
            }
            Id::SharedSubscriptionAvailable => {
                byte().map(|(value, rest)| (Self::SharedSubscriptionAvailable(value), rest))?
            }
        })
    }

    /// What the property is about.
    #[must_use]
    pub const fn identifier(&self) -> PropertyIdentifier {
        use PropertyIdentifier as Id;
        match self {
            Self::PayloadFormatIndicator(_) => Id::PayloadFormatIndicator,
            Self::MessageExpiryInterval(_) => Id::MessageExpiryInterval,
            Self::ContentType(_) => Id::ContentType,
            Self::ResponseTopic(_) => Id::ResponseTopic,
            Self::CorrelationData(_) => Id::CorrelationData,
            Self::SubscriptionIdentifier(_) => Id::SubscriptionIdentifier,
            Self::SessionExpiryInterval(_) => Id::SessionExpiryInterval,
            Self::AssignedClientIdentifier(_) => Id::AssignedClientIdentifier,
            Self::ServerKeepAlive(_) => Id::ServerKeepAlive,
            Self::AuthenticationMethod(_) => Id::AuthenticationMethod,
            Self::AuthenticationData(_) => Id::AuthenticationData,
            Self::RequestProblemInformation(_) => Id::RequestProblemInformation,
            Self::WillDelayInterval(_) => Id::WillDelayInterval,
            Self::RequestResponseInformation(_) => Id::RequestResponseInformation,
            Self::ResponseInformation(_) => Id::ResponseInformation,
            Self::ServerReference(_) => Id::ServerReference,
            Self::ReasonString(_) => Id::ReasonString,
            Self::ReceiveMaximum(_) => Id::ReceiveMaximum,
            Self::TopicAliasMaximum(_) => Id::TopicAliasMaximum,
            Self::TopicAlias(_) => Id::TopicAlias,
            Self::MaximumQoS(_) => Id::MaximumQoS,
            Self::RetainAvailable(_) => Id::RetainAvailable,
            Self::UserProperty(_) => Id::UserProperty,
            Self::MaximumPacketSize(_) => Id::MaximumPacketSize,
            Self::WildcardSubscriptionAvailable(_) => Id::WildcardSubscriptionAvailable,
            Self::SubscriptionIdentifierAvailable(_) => Id::SubscriptionIdentifierAvailable,
            Self::SharedSubscriptionAvailable(_) => Id::SharedSubscriptionAvailable,
        }
    }

    /// Writes identifier and value.
    pub(crate) fn put(&self, storage: &mut impl Storage) -> Result<(), BuildError> {
        storage.put(&[self.identifier().as_u8()])?;
        match *self {
            Self::PayloadFormatIndicator(format) => storage.put(&[u8::from(format == PayloadFormat::Utf8)]),
            Self::RequestProblemInformation(value)
            | Self::RequestResponseInformation(value)
            | Self::RetainAvailable(value)
            | Self::WildcardSubscriptionAvailable(value)
            | Self::SubscriptionIdentifierAvailable(value)
            | Self::SharedSubscriptionAvailable(value) => storage.put(&[u8::from(value)]),
            Self::MaximumQoS(QoS::ExactlyOnce) => Err(BuildError::InvalidValue(PropertyIdentifier::MaximumQoS)),
            Self::MaximumQoS(qos) => storage.put(&[qos.as_u8()]),
            Self::ServerKeepAlive(value) => storage.put(&value.as_seconds().to_be_bytes()),
            Self::TopicAliasMaximum(value) => storage.put(&value.to_be_bytes()),
            Self::ReceiveMaximum(value) | Self::TopicAlias(value) => storage.put(&value.get().to_be_bytes()),
            Self::MessageExpiryInterval(value)
            | Self::SessionExpiryInterval(value)
            | Self::WillDelayInterval(value) => storage.put(&value.to_be_bytes()),
            Self::MaximumPacketSize(value) => storage.put(&value.get().to_be_bytes()),
            Self::SubscriptionIdentifier(value) => storage.put(VariableByteInteger::from(value).encode().as_ref()),
            Self::ContentType(text)
            | Self::AssignedClientIdentifier(text)
            | Self::AuthenticationMethod(text)
            | Self::ResponseInformation(text)
            | Self::ServerReference(text)
            | Self::ReasonString(text) => put_prefixed(storage, text.as_bytes()),
            Self::ResponseTopic(topic_name) => put_prefixed(storage, topic_name.as_bytes()),
            Self::CorrelationData(data) | Self::AuthenticationData(data) => put_prefixed(storage, data.as_bytes()),
            Self::UserProperty(pair) => {
                put_prefixed(storage, pair.name.as_bytes())?;
                put_prefixed(storage, pair.value.as_bytes())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        PayloadFormat, Property, PropertyErrorKind, PropertyIdentifier, SubscriptionIdentifier, UserProperty,
        check_value,
    };
    use crate::buffer::{SliceStorage, Storage as _};
    use crate::{BinaryData, BuildError, KeepAlive, QoS, TopicName, Utf8String, VariableByteInteger};
    use core::num::{NonZeroU16, NonZeroU32};

    /// Each property and its bytes; those of one byte with both of their values.
    fn samples() -> [(&'static [u8], Property<'static>); 36] {
        let text = Utf8String::new("a").unwrap();
        let data = BinaryData::new(&[7]).unwrap();
        let (two, four) = (0x0102, 0x0102_0304);
        let (non_zero_two, non_zero_four) = (NonZeroU16::new(two).unwrap(), NonZeroU32::new(four).unwrap());
        [
            (&[0x01, 0], Property::PayloadFormatIndicator(PayloadFormat::Unspecified)),
            (&[0x01, 1], Property::PayloadFormatIndicator(PayloadFormat::Utf8)),
            (&[0x02, 1, 2, 3, 4], Property::MessageExpiryInterval(four)),
            (&[0x03, 0, 1, b'a'], Property::ContentType(text)),
            (&[0x08, 0, 1, b'a'], Property::ResponseTopic(TopicName::new("a").unwrap())),
            (&[0x09, 0, 1, 7], Property::CorrelationData(data)),
            (&[0x0B, 0x01], Property::SubscriptionIdentifier(SubscriptionIdentifier::new(1).unwrap())),
            (&[0x0B, 0xC1, 0x02], Property::SubscriptionIdentifier(SubscriptionIdentifier::new(321).unwrap())),
            (&[0x11, 1, 2, 3, 4], Property::SessionExpiryInterval(four)),
            (&[0x12, 0, 1, b'a'], Property::AssignedClientIdentifier(text)),
            (&[0x13, 1, 2], Property::ServerKeepAlive(KeepAlive::from_seconds(two))),
            (&[0x15, 0, 1, b'a'], Property::AuthenticationMethod(text)),
            (&[0x16, 0, 1, 7], Property::AuthenticationData(data)),
            (&[0x17, 0], Property::RequestProblemInformation(false)),
            (&[0x17, 1], Property::RequestProblemInformation(true)),
            (&[0x18, 1, 2, 3, 4], Property::WillDelayInterval(four)),
            (&[0x19, 0], Property::RequestResponseInformation(false)),
            (&[0x19, 1], Property::RequestResponseInformation(true)),
            (&[0x1A, 0, 1, b'a'], Property::ResponseInformation(text)),
            (&[0x1C, 0, 1, b'a'], Property::ServerReference(text)),
            (&[0x1F, 0, 1, b'a'], Property::ReasonString(text)),
            (&[0x21, 1, 2], Property::ReceiveMaximum(non_zero_two)),
            (&[0x22, 1, 2], Property::TopicAliasMaximum(two)),
            (&[0x23, 1, 2], Property::TopicAlias(non_zero_two)),
            (&[0x24, 0], Property::MaximumQoS(QoS::AtMostOnce)),
            (&[0x24, 1], Property::MaximumQoS(QoS::AtLeastOnce)),
            (&[0x25, 0], Property::RetainAvailable(false)),
            (&[0x25, 1], Property::RetainAvailable(true)),
            (&[0x26, 0, 1, b'a', 0, 1, b'a'], Property::UserProperty(UserProperty { name: text, value: text })),
            (&[0x27, 1, 2, 3, 4], Property::MaximumPacketSize(non_zero_four)),
            (&[0x28, 0], Property::WildcardSubscriptionAvailable(false)),
            (&[0x28, 1], Property::WildcardSubscriptionAvailable(true)),
            (&[0x29, 0], Property::SubscriptionIdentifierAvailable(false)),
            (&[0x29, 1], Property::SubscriptionIdentifierAvailable(true)),
            (&[0x2A, 0], Property::SharedSubscriptionAvailable(false)),
            (&[0x2A, 1], Property::SharedSubscriptionAvailable(true)),
        ]
    }

    #[test]
    fn each_property_is_written_and_read_as_the_standard_has_it() {
        for (bytes, property) in samples() {
            let mut written = [0; 8];
            let mut storage = SliceStorage::new(&mut written);
            assert_eq!(property.put(&mut storage), Ok(()), "{property:?}");
            assert_eq!(storage.finish(), bytes, "{property:?}");
            let followed = [bytes, &[0xFF]].concat();
            assert_eq!(Property::read_checked(&followed), Some((property, &[0xFF][..])));
            let rest = check_value(property.identifier(), &followed[1..]).map_err(|error| error.kind);
            assert_eq!(rest, Ok(&[0xFF][..]), "{property:?}");
        }
        let all = samples().map(|(_, property)| property.identifier());
        assert!(PropertyIdentifier::ALL.iter().all(|identifier| all.contains(identifier)));
    }

    #[test]
    fn a_value_that_is_cut_off_runs_past_the_end() {
        for (bytes, property) in samples() {
            for cut in 1..bytes.len() {
                let error = check_value(property.identifier(), &bytes[1..cut]).map_err(|error| error.kind);
                assert_eq!(error, Err(PropertyErrorKind::Truncated), "{property:?} {cut}");
            }
        }
    }

    /// Sections 3.1.2.11.3, 3.1.2.11.4, 3.3.2.3.4 and 3.3.2.3.8: of the integers these are never 0.
    #[test]
    fn zero_is_no_value_of_four_properties() {
        for (bytes, property) in samples() {
            let identifier = property.identifier();
            let expected = match identifier {
                PropertyIdentifier::ReceiveMaximum
                | PropertyIdentifier::MaximumPacketSize
                | PropertyIdentifier::SubscriptionIdentifier => Err(PropertyErrorKind::InvalidValue),
                PropertyIdentifier::TopicAlias => Err(PropertyErrorKind::TopicAliasZero),
                PropertyIdentifier::ResponseTopic => continue, // text, and not empty
                _ => Ok(()),
            };
            let zeros = vec![0; bytes.len() - 1];
            assert_eq!(
                check_value(identifier, &zeros).map(|_| ()).map_err(|error| error.kind),
                expected,
                "{property:?}"
            );
        }
    }

    /// Section 3.2.2.3.4: a server that supports QoS 2 does not say so.
    #[test]
    fn maximum_qos_is_0_or_1() {
        let mut written = [0; 8];
        let result = Property::MaximumQoS(QoS::ExactlyOnce).put(&mut SliceStorage::new(&mut written));
        assert_eq!(result, Err(BuildError::InvalidValue(PropertyIdentifier::MaximumQoS)));
        assert!(check_value(PropertyIdentifier::MaximumQoS, &[2]).is_err());
    }

    #[test]
    fn a_subscription_identifier_is_1_to_268435455() {
        for value in [1, 127, 128, 268_435_455] {
            let identifier = SubscriptionIdentifier::try_from(value).unwrap();
            assert_eq!((identifier.get(), identifier.to_string()), (value, value.to_string()));
            assert_eq!(VariableByteInteger::from(identifier).get(), value);
        }
        for value in [0, 268_435_456] {
            let error = SubscriptionIdentifier::try_from(value).unwrap_err().to_string();
            assert_eq!(error, format!("{value} is no subscription identifier: it is 1 to 268,435,455"));
        }
    }

    #[test]
    fn a_user_property_shows_as_name_and_value() {
        let pair = UserProperty { name: Utf8String::new("a").unwrap(), value: Utf8String::new("b").unwrap() };
        assert_eq!(format!("{pair:?}"), r#""a": "b""#);
    }
}
