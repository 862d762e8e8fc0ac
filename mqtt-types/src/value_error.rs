//! One error for all constructors and builders.

use crate::packet::{ReasonCodesMissing, TopicAliasMissing};
use crate::property::{BuildError, InvalidPayloadFormat, InvalidSubscriptionIdentifier, PropertyError};
use crate::reason_code::{InvalidReasonCodes, UnknownReasonCode};
#[cfg(feature = "sn")]
use crate::sn::{InvalidClientId, InvalidTopic, ReservedTopicId, WirelessNodeIdTooLong};
use crate::subscription::{ListError, SubscriptionOptionsError};
use crate::text::{BinaryDataTooLong, TextError};
use crate::value::{
    DeliveryError, InvalidQoS, KeepAliveTooLong, PacketIdentifierZero, UnknownProtocolVersion, VariableByteIntegerError,
};

/// The error of any constructor or builder of this crate. Every other error of this crate converts into it.
///
/// Use it as the error of a function that constructs packets, so that `?` works on each part. Its message is that of
/// the contained error.
///
/// ```
/// use mqtt_types::{BinaryData, Connect, ConnectProperties, KeepAlive, TopicName, Utf8String, ValueError, Will};
/// use core::time::Duration;
///
/// fn connect<'a>(name: &'a str, properties: &'a mut [u8]) -> Result<Connect<&'a [u8]>, ValueError> {
///     Ok(Connect {
///         keep_alive: KeepAlive::try_from(Duration::from_secs(60))?,
///         properties: ConnectProperties::builder_in(properties).receive_maximum(10).build()?,
///         will: Some(Will::new(TopicName::new("gone")?, BinaryData::new(name)?)),
///         ..Connect::new(Utf8String::new(name)?)
///     })
/// }
/// assert!(connect("sensor-1", &mut [0; 8]).is_ok());
/// assert_eq!(connect("sensor\0", &mut [0; 8]).unwrap_err().to_string(), "text holds the character U+0000 at byte 6");
/// assert_eq!(connect("sensor-1", &mut []).unwrap_err(), mqtt_types::BuildError::StorageFull.into());
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error(transparent)]
#[expect(missing_docs, reason = "each variant has the name of the value, and holds its documented error")]
#[non_exhaustive]
pub enum ValueError {
    BinaryData(#[from] BinaryDataTooLong),
    Builder(#[from] BuildError),
    Delivery(#[from] DeliveryError),
    KeepAlive(#[from] KeepAliveTooLong),
    List(#[from] ListError),
    PacketIdentifier(#[from] PacketIdentifierZero),
    PayloadFormat(#[from] InvalidPayloadFormat),
    Properties(#[from] PropertyError),
    ProtocolVersion(#[from] UnknownProtocolVersion),
    QoS(#[from] InvalidQoS),
    ReasonCode(#[from] UnknownReasonCode),
    ReasonCodes(#[from] InvalidReasonCodes),
    ReasonCodesMissing(#[from] ReasonCodesMissing),
    SubscriptionIdentifier(#[from] InvalidSubscriptionIdentifier),
    SubscriptionOptions(#[from] SubscriptionOptionsError),
    Text(#[from] TextError),
    TopicAliasMissing(#[from] TopicAliasMissing),
    VariableByteInteger(#[from] VariableByteIntegerError),
    #[cfg(feature = "sn")]
    ClientId(#[from] InvalidClientId),
    #[cfg(feature = "sn")]
    Topic(#[from] InvalidTopic),
    #[cfg(feature = "sn")]
    TopicId(#[from] ReservedTopicId),
    #[cfg(feature = "sn")]
    WirelessNodeId(#[from] WirelessNodeIdTooLong),
}

#[cfg(test)]
mod tests {
    use super::ValueError;
    use crate::{
        BinaryData, BuildError, Delivery, DeliveryError, InvalidQoS, InvalidReasonCodes, InvalidSubscriptionIdentifier,
        KeepAliveTooLong, PacketIdentifierZero, ProtocolVersion, PublishProperties, QoS, ReasonCodesMissing,
        SubscriptionOptions, TopicAliasMissing, TopicFilters, TopicName, UnknownProtocolVersion, UnknownReasonCode,
        VariableByteIntegerError,
    };
    use core::fmt::Display;

    fn keeps_its_message<E: Display + Copy + Into<ValueError>>(error: E) {
        let converted: ValueError = error.into();
        assert_eq!(converted.to_string(), error.to_string());
    }

    #[test]
    fn every_error_converts_and_keeps_its_message() {
        keeps_its_message(BinaryData::new(&[0; 65_536]).unwrap_err());
        keeps_its_message(BuildError::StorageFull);
        keeps_its_message(Delivery::new(QoS::AtLeastOnce, None).unwrap_err());
        keeps_its_message(DeliveryError::PacketIdentifierAtQoS0);
        keeps_its_message(KeepAliveTooLong);
        keeps_its_message(TopicFilters::new(b"", ProtocolVersion::V5).unwrap_err());
        keeps_its_message(PacketIdentifierZero);
        keeps_its_message(crate::InvalidPayloadFormat(2));
        keeps_its_message(PublishProperties::new(&[0]).unwrap_err());
        keeps_its_message(UnknownProtocolVersion);
        keeps_its_message(InvalidQoS(3));
        keeps_its_message(UnknownReasonCode(7));
        keeps_its_message(InvalidReasonCodes { value: 7, offset: 1 });
        keeps_its_message(ReasonCodesMissing);
        keeps_its_message(InvalidSubscriptionIdentifier(0));
        keeps_its_message(SubscriptionOptions::from_byte(0xFF).unwrap_err());
        keeps_its_message(TopicName::new("#").unwrap_err());
        keeps_its_message(TopicAliasMissing);
        keeps_its_message(VariableByteIntegerError::TooLong);
        #[cfg(feature = "sn")]
        {
            keeps_its_message(crate::sn::ReservedTopicId);
            keeps_its_message(crate::sn::InvalidTopic::NameInPublish);
            keeps_its_message(crate::sn::InvalidClientId::Empty);
            keeps_its_message(crate::sn::WirelessNodeIdTooLong);
        }
    }
}
