//! One message for subscribers of every version.

use crate::error::EncodeError;
use crate::forward::message::Forward;
use crate::frame::PublishFrame;
use core::cell::OnceCell;
use core::fmt;
use mqtt_types::ProtocolVersion;

/// One message for subscribers of every version. It is prepared for a version when the first subscriber needs it.
///
/// ```
/// use mqtt_codec::{Delivery, FanOut, ProtocolVersion, Publish, PublishFrame, Subscriber, TopicName};
///
/// let publish = Publish::new(TopicName::from_static("a"), b"hi");
/// let message = PublishFrame::encode(&publish, ProtocolVersion::V5)?;
///
/// let fan_out = FanOut::new(&message);
/// let mut output = Vec::new();
/// for version in [ProtocolVersion::V3_1_1, ProtocolVersion::V5, ProtocolVersion::V5] {
///     fan_out.forward(version)?.encode_to(&Subscriber::new(Delivery::AtMostOnce), &mut output)?;
/// }
/// assert_eq!(output, b"\x30\x05\0\x01ahi\x30\x06\0\x01a\0hi\x30\x06\0\x01a\0hi");
/// # Ok::<(), mqtt_codec::EncodeError>(())
/// ```
pub struct FanOut<'m> {
    message: &'m PublishFrame,
    v3_1: Prepared<'m>,
    v3_1_1: Prepared<'m>,
    v5: Prepared<'m>,
}

type Prepared<'m> = OnceCell<Result<Forward<'m>, EncodeError>>;

impl<'m> FanOut<'m> {
    /// Prepares nothing yet.
    #[inline]
    #[must_use]
    pub const fn new(message: &'m PublishFrame) -> Self {
        Self { message, v3_1: OnceCell::new(), v3_1_1: OnceCell::new(), v5: OnceCell::new() }
    }

    /// Returns the message for the subscribers that use `version`.
    ///
    /// # Errors
    ///
    /// The same as [`Forward::from_frame`].
    #[inline]
    pub fn forward(&self, version: ProtocolVersion) -> Result<&Forward<'m>, EncodeError> {
        let prepared = match version {
            ProtocolVersion::V3_1 => &self.v3_1,
            ProtocolVersion::V3_1_1 => &self.v3_1_1,
            ProtocolVersion::V5 => &self.v5,
        };
        prepared.get_or_init(|| Forward::from_frame(self.message, version)).as_ref().map_err(|error| *error)
    }
}

impl fmt::Debug for FanOut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FanOut").field("message", self.message).finish_non_exhaustive()
    }
}
