//! The fields that errors name.

use core::fmt;

/// A field of a message, with the name of the specification.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is called what the specification calls the field")]
#[non_exhaustive]
pub enum Field {
    Length,
    MsgType,
    Flags,
    ProtocolId,
    Duration,
    ClientId,
    GwId,
    GwAdd,
    Radius,
    ReturnCode,
    MsgId,
    TopicId,
    TopicName,
    /// `TopicName` of SUBSCRIBE and UNSUBSCRIBE.
    TopicFilter,
    WillTopic,
    WillMsg,
    Data,
    Ctrl,
    WirelessNodeId,
    /// The message inside an encapsulation.
    Message,
}

impl Field {
    /// Returns the name in the specification.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Length => "Length",
            Self::MsgType => "MsgType",
            Self::Flags => "Flags",
            Self::ProtocolId => "ProtocolId",
            Self::Duration => "Duration",
            Self::ClientId => "ClientId",
            Self::GwId => "GwId",
            Self::GwAdd => "GwAdd",
            Self::Radius => "Radius",
            Self::ReturnCode => "ReturnCode",
            Self::MsgId => "MsgId",
            Self::TopicId => "TopicId",
            Self::TopicName => "TopicName",
            Self::TopicFilter => "topic filter",
            Self::WillTopic => "WillTopic",
            Self::WillMsg => "WillMsg",
            Self::Data => "Data",
            Self::Ctrl => "Ctrl",
            Self::WirelessNodeId => "Wireless Node Id",
            Self::Message => "encapsulated message",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
