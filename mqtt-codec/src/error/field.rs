//! Fields of packets.

use core::fmt;
use mqtt_types::PropertyIdentifier;

/// Field of a packet that an error refers to.
///
/// ```
/// use mqtt_codec::{Field, PropertyIdentifier, ProtocolVersion, decode};
///
/// // A PUBLISH with Topic Alias 0.
/// let error = decode(b"\x30\x07\0\x01a\x03\x23\0\0", ProtocolVersion::V5).unwrap_err();
/// assert_eq!(error.field(), Field::Property(PropertyIdentifier::TopicAlias));
/// assert_eq!(error.field().name(), "Topic Alias");
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant has the name of the field in the standard")]
#[non_exhaustive]
pub enum Field {
    PacketType,
    Flags,
    RemainingLength,
    ProtocolName,
    ProtocolVersion,
    ConnectFlags,
    KeepAlive,
    ClientIdentifier,
    WillTopic,
    WillPayload,
    WillQoS,
    WillRetain,
    UserName,
    Password,
    AcknowledgeFlags,
    SessionPresent,
    ReasonCode,
    PacketIdentifier,
    TopicName,
    TopicFilter,
    SubscriptionOptions,
    Properties,
    PropertyLength,
    WillProperties,
    WillPropertyLength,
    PropertyIdentifier,
    /// The value of this property.
    Property(PropertyIdentifier),
    Payload,
}

impl Field {
    /// Returns the name of the field in the standard.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PacketType => "packet type",
            Self::Flags => "fixed header flags",
            Self::RemainingLength => "Remaining Length",
            Self::ProtocolName => "Protocol Name",
            Self::ProtocolVersion => "Protocol Version",
            Self::ConnectFlags => "Connect Flags",
            Self::KeepAlive => "Keep Alive",
            Self::ClientIdentifier => "Client Identifier",
            Self::WillTopic => "Will Topic",
            Self::WillPayload => "Will Payload",
            Self::WillQoS => "Will QoS",
            Self::WillRetain => "Will Retain",
            Self::UserName => "User Name",
            Self::Password => "Password",
            Self::AcknowledgeFlags => "Connect Acknowledge Flags",
            Self::SessionPresent => "Session Present",
            Self::ReasonCode => "Reason Code",
            Self::PacketIdentifier => "Packet Identifier",
            Self::TopicName => "Topic Name",
            Self::TopicFilter => "Topic Filter",
            Self::SubscriptionOptions => "Subscription Options",
            Self::Properties => "Properties",
            Self::PropertyLength => "Property Length",
            Self::WillProperties => "Will Properties",
            Self::WillPropertyLength => "Will Property Length",
            Self::PropertyIdentifier => "Property Identifier",
            Self::Property(identifier) => identifier.name(),
            Self::Payload => "Payload",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
