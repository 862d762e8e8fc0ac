//! The result of a conversion, and its changes.

use alloc::vec::Vec;
use core::fmt;
use mqtt_types::{Packet, PropertyIdentifier, ReasonCode, SubscriptionOptions};

/// The result of [`convert`](crate::convert): a packet that the target version can express, and the changes that were
/// necessary.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Converted {
    /// The packet in the target version.
    pub packet: Packet,
    /// The changes. Changes of list items are in the order of the list. If there are no changes, the packet has the
    /// same meaning as before.
    pub changes: Vec<Change>,
}

/// Change that [`convert`](crate::convert) made to a packet.
///
/// `index` is the position in the list of the packet: of the Topic Filter in SUBSCRIBE and UNSUBSCRIBE, of the Reason Code in
/// SUBACK and UNSUBACK. It is 0 in packets with a single Reason Code.
///
/// ```
/// use mqtt_codec::{Change, PropertyIdentifier};
///
/// let change = Change::DroppedProperty(PropertyIdentifier::ContentType);
/// assert_eq!(change.to_string(), "dropped Content Type");
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Change {
    /// A property was dropped. Each occurrence of a User Property or a Subscription Identifier is a separate change.
    DroppedProperty(PropertyIdentifier),
    /// A property of the Will was dropped.
    DroppedWillProperty(PropertyIdentifier),
    /// The mark of a bridge in CONNECT was dropped. 5.0 does not have it.
    DroppedBridgeMark,
    /// Session Present of CONNACK was dropped. 3.1 does not have it.
    DroppedSessionPresent,
    /// A Reason Code below 0x80 was dropped, or 0x92 (Packet Identifier not found) of PUBREL and PUBCOMP. The packet of 3.x
    /// has no code.
    DroppedReasonCode {
        /// The position of the code.
        index: usize,
        /// The code.
        code: ReasonCode,
    },
    /// A Reason Code was replaced by one of a more general meaning.
    MappedReasonCode {
        /// The position of the code.
        index: usize,
        /// The code before the conversion.
        from: ReasonCode,
        /// The code after the conversion.
        to: ReasonCode,
    },
    /// No Local, Retain As Published and Retain Handling of a subscription were dropped.
    DroppedSubscriptionOptions {
        /// The position of the Topic Filter.
        index: usize,
        /// The options before the conversion. The Maximum QoS was kept.
        options: SubscriptionOptions,
    },
    /// The Topic Filter was kept, but only 5.0 makes it a shared subscription. By the text of 3.x it is an ordinary filter,
    /// although many servers treat it as 5.0 does.
    SharedSubscription {
        /// The position of the Topic Filter.
        index: usize,
    },
    /// A Session Expiry Interval of 0xFFFFFFFF was added to CONNECT. Without it, the session of 5.0 would end with the
    /// connection. A session of 3.x without Clean Session does not end.
    AddedSessionExpiryInterval,
    /// The session of 5.0 would have expired after the connection ended. A session of 3.x without Clean Session does
    /// not expire.
    SessionDoesNotExpire,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DroppedProperty(identifier) => write!(f, "dropped {}", identifier.name()),
            Self::DroppedWillProperty(identifier) => write!(f, "dropped {} of the Will", identifier.name()),
            Self::DroppedBridgeMark => f.write_str("dropped the mark of a bridge"),
            Self::DroppedSessionPresent => f.write_str("dropped Session Present"),
            Self::DroppedReasonCode { index, code } => write!(f, "dropped Reason Code {code} at index {index}"),
            Self::MappedReasonCode { index, from, to } => {
                write!(f, "replaced Reason Code {from} by {to} at index {index}")
            }
            Self::DroppedSubscriptionOptions { index, .. } => {
                write!(f, "dropped Subscription Options at index {index}")
            }
            Self::SharedSubscription { index } => {
                write!(f, "kept the Topic Filter at index {index}, a shared subscription in 5.0 only")
            }
            Self::AddedSessionExpiryInterval => f.write_str("added Session Expiry Interval 0xFFFFFFFF"),
            Self::SessionDoesNotExpire => f.write_str("made a session that does not expire"),
        }
    }
}
