//! The messages of the Will: sections 5.4.6 to 5.4.9 and 5.4.22 to 5.4.25.

use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer};
use crate::sn::ReturnCode;
use crate::topic::TopicName;
use crate::value::QoS;
use core::fmt;

/// WILLTOPICREQ: the gateway asks for the Will topic. Section 5.4.6. It has no content.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct WillTopicReq;

impl fmt::Display for WillTopicReq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WILLTOPICREQ")
    }
}

/// WILLMSGREQ: the gateway asks for the Will message. Section 5.4.8. It has no content.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct WillMsgReq;

impl fmt::Display for WillMsgReq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WILLMSGREQ")
    }
}

/// The topic, QoS and Retain flag of the Will: the content of WILLTOPIC and WILLTOPICUPD.
#[derive(Clone, Copy)]
pub struct WillTarget<B = DefaultBuffer> {
    /// The topic to which the Will is published: at least one character, without wildcards.
    pub topic_name: TopicName<B>,
    /// The QoS at which the Will is published.
    pub qos: QoS,
    /// Whether the server retains the Will.
    pub retain: bool,
}

impl<B> WillTarget<B> {
    /// Creates a target of QoS 0, not retained.
    #[must_use]
    pub const fn new(topic_name: TopicName<B>) -> Self {
        Self { topic_name, qos: QoS::AtMostOnce, retain: false }
    }
}

crate::buffer::debug_fields!(WillTarget: topic_name qos retain);
crate::buffer::over_buffers!(WillTarget { plain: [qos, retain], raw: [], parts: [topic_name], options: [] });

impl<B: Buffer> fmt::Display for WillTarget<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let retain = if self.retain { " retain" } else { "" };
        write!(f, "{:?} qos={}{retain}", self.topic_name, self.qos)
    }
}

macro_rules! topics {
    ($($name:ident $shown:literal #[doc = $doc:literal] $(#[doc = $more:literal])*;)*) => {$(
        #[doc = $doc]
        ///
        /// ```text
        /// Flags (QoS, Retain), WillTopic; or nothing
        /// ```
        $(#[doc = $more])*
        #[derive(Clone, Copy)]
        pub struct $name<B = DefaultBuffer> {
            /// The topic of the Will, or `None` if the client has no Will any more and the gateway deletes it.
            pub target: Option<WillTarget<B>>,
        }

        crate::buffer::debug_fields!($name: target);
        crate::buffer::over_buffers!($name { plain: [], raw: [], parts: [], options: [target] });

        impl<B> From<WillTarget<B>> for $name<B> {
            fn from(target: WillTarget<B>) -> Self {
                Self { target: Some(target) }
            }
        }

        impl<B: Buffer> fmt::Display for $name<B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match &self.target {
                    Some(target) => write!(f, concat!($shown, " {}"), target),
                    None => f.write_str(concat!($shown, " none")),
                }
            }
        }
    )*};
}

topics! {
    WillTopic "WILLTOPIC" #[doc = "WILLTOPIC: the answer to WILLTOPICREQ. Section 5.4.7."]
        #[doc = ""]
        #[doc = "```"]
        #[doc = "use mqtt_types::{TopicName, sn::{WillTarget, WillTopic}};"]
        #[doc = ""]
        #[doc = "let topic = WillTopic::from(WillTarget::new(TopicName::new(\"sensor-1/lost\")?));"]
        #[doc = "assert_eq!(topic.to_string(), \"WILLTOPIC \\\"sensor-1/lost\\\" qos=0\");"]
        #[doc = "# Ok::<(), mqtt_types::TextError>(())"]
        #[doc = "```"];
    WillTopicUpd "WILLTOPICUPD" #[doc = "WILLTOPICUPD: the client changes or deletes its Will. Section 5.4.22."];
}

macro_rules! messages {
    ($($name:ident $shown:literal $doc:literal;)*) => {$(
        #[doc = $doc]
        ///
        /// ```text
        /// WillMsg: any bytes, or none
        /// ```
        #[derive(Clone, Copy)]
        pub struct $name<B = DefaultBuffer> {
            /// The message. `Debug` and `Display` show its length.
            #[doc(alias = "will_msg")]
            pub payload: B,
        }

        impl<B: Buffer> $name<B> {
            /// Returns the message with this content.
            #[must_use]
            pub fn new(payload: impl IntoBuffer<Buffer = B>) -> Self {
                Self { payload: payload.into_buffer() }
            }
        }

        crate::buffer::over_buffers!($name { plain: [], raw: [payload], parts: [], options: [] });

        crate::buffer::format_fields! { $name: payload_len = |this| this.payload.as_ref().len(); }

        impl<B: Buffer> fmt::Debug for $name<B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let len = self.payload.as_ref().len();
                f.debug_struct(stringify!($name)).field("payload", &format_args!("{len} bytes")).finish()
            }
        }

        impl<B: Buffer> fmt::Display for $name<B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($shown, " payload={} bytes"), self.payload.as_ref().len())
            }
        }
    )*};
}

messages! {
    WillMsg "WILLMSG" "WILLMSG: the answer to WILLMSGREQ. Section 5.4.9.";
    WillMsgUpd "WILLMSGUPD" "WILLMSGUPD: the client changes its Will message. Section 5.4.23.";
}

macro_rules! responses {
    ($($name:ident $shown:literal $doc:literal;)*) => {$(
        #[doc = $doc]
        ///
        /// ```text
        /// ReturnCode
        /// ```
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name {
            /// The outcome.
            pub return_code: ReturnCode,
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($shown, " {}"), self.return_code)
            }
        }
    )*};
}

responses! {
    WillTopicResp "WILLTOPICRESP" "WILLTOPICRESP: the answer to WILLTOPICUPD. Section 5.4.24.";
    WillMsgResp "WILLMSGRESP" "WILLMSGRESP: the answer to WILLMSGUPD. Section 5.4.25.";
}
