//! PUBACK, PUBREC, PUBREL and PUBCOMP: sections 5.4.13 and 5.4.14.

use crate::sn::{Publish, ReturnCode, delivery::Answered};
use crate::value::PacketIdentifier;
use core::fmt;

/// PUBACK: the answer to a PUBLISH of QoS 1, or the refusal of a PUBLISH of any QoS. Section 5.4.13.
///
/// ```text
/// TopicId, MsgId, ReturnCode
/// ```
///
/// ```
/// use mqtt_types::{PacketIdentifier, sn::{Delivery, PubAck, Publish, ReturnCode, Topic, TopicId}};
///
/// let topic = Topic::Normal(TopicId::new(7).unwrap());
/// let publish = Publish::new(Delivery::at_least_once(PacketIdentifier::MIN), topic, b"21.5")?;
/// let refusal = PubAck::answer_to(&publish, ReturnCode::INVALID_TOPIC_ID);
/// assert_eq!(refusal.to_string(), "PUBACK id=1 topic=7 Rejected: invalid topic id (0x02)");
/// # Ok::<(), mqtt_types::sn::InvalidTopic>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PubAck {
    /// The topic field of the PUBLISH, see [`Topic::number`](crate::sn::Topic::number): a topic id or the two octets of
    /// a short topic name. It is not checked, because gateways also send 0.
    pub topic_id: u16,
    /// The `MsgId` of the PUBLISH. `None` stands for 0, in the refusal of a PUBLISH without `MsgId`.
    pub message_id: Option<PacketIdentifier>,
    /// The outcome.
    pub return_code: ReturnCode,
}

impl PubAck {
    /// Returns the answer to this PUBLISH.
    #[must_use]
    pub const fn answer_to<B>(publish: &Publish<B>, return_code: ReturnCode) -> Self {
        let (topic_id, message_id) = (publish.topic().number(), publish.delivery().message_id());
        Self { topic_id, message_id, return_code }
    }
}

impl fmt::Display for PubAck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PUBACK{} topic={} {}", Answered(self.message_id), self.topic_id, self.return_code)
    }
}

macro_rules! acknowledgements {
    ($($name:ident $shown:literal $doc:literal;)*) => {$(
        #[doc = $doc]
        ///
        /// ```text
        /// MsgId
        /// ```
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name {
            /// The `MsgId` of the PUBLISH. `None` stands for 0, which no PUBLISH of QoS 2 has.
            pub message_id: Option<PacketIdentifier>,
        }

        impl $name {
            /// Returns the message with this `MsgId`.
            #[must_use]
            pub const fn new(message_id: PacketIdentifier) -> Self {
                Self { message_id: Some(message_id) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($shown, "{}"), Answered(self.message_id))
            }
        }
    )*};
}

acknowledgements! {
    PubRec "PUBREC" "PUBREC: the first answer to a PUBLISH of QoS 2. Section 5.4.14.";
    PubRel "PUBREL" "PUBREL: the answer to PUBREC. Section 5.4.14.";
    PubComp "PUBCOMP" "PUBCOMP: the answer to PUBREL, and the end of the delivery. Section 5.4.14.";
}
