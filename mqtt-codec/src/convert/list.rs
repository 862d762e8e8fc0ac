//! SUBSCRIBE, SUBACK, UNSUBSCRIBE and UNSUBACK.

use crate::convert::change::Change;
use crate::convert::conversion::Conversion;
use crate::convert::convert_error::{ConvertError, ConvertErrorKind};
use crate::error::Field;
use mqtt_types::{
    ProtocolVersion, ReasonCodes, SubAck, SubAckReasonCode, Subscribe, SubscribeProperties, SubscriptionOptions,
    Subscriptions, UnsubAck, Unsubscribe, UnsubscribeProperties,
};

pub(super) fn subscribe(conversion: &mut Conversion, packet: Subscribe) -> Result<Subscribe, ConvertError> {
    let to_v3 = conversion.to.is_v3();
    if to_v3 {
        conversion.drop_properties(packet.properties.iter());
    }
    for (index, item) in packet.subscriptions.iter().enumerate() {
        let options = item.options;
        if to_v3 && options != SubscriptionOptions::from(options.maximum_qos) {
            conversion.report(Change::DroppedSubscriptionOptions { index, options });
        }
        conversion.report_shared(index, &item.topic_filter);
    }
    if !to_v3 {
        return Ok(packet);
    }
    let mut subscriptions = packet.subscriptions;
    if !subscriptions.exists_in(conversion.to) {
        let mut builder = Subscriptions::builder();
        for item in &subscriptions {
            builder = builder.push(item.topic_filter, item.options.maximum_qos);
        }
        let built = builder.build();
        subscriptions =
            built.map_err(|_| conversion.error(ConvertErrorKind::NotInVersion, Field::SubscriptionOptions))?;
    }
    Ok(Subscribe { properties: SubscribeProperties::default(), subscriptions, ..packet })
}

/// Converts a SUBACK. The encoder refuses a failure in 3.1.
pub(super) fn suback(conversion: &mut Conversion, packet: SubAck) -> Result<SubAck, ConvertError> {
    if !conversion.to.is_v3() {
        return Ok(packet);
    }
    conversion.drop_properties(packet.properties.iter());
    let mut codes = packet.reason_codes().clone();
    if conversion.to == ProtocolVersion::V3_1_1 && !codes.exists_in(conversion.to) {
        let to = SubAckReasonCode::UNSPECIFIED_ERROR;
        for (index, from) in codes.iter().enumerate().filter(|(_, code)| code.is_error() && *code != to) {
            conversion.report(Change::MappedReasonCode { index, from: from.get(), to: to.get() });
        }
        codes = codes.iter().map(|code| if code.is_error() { to } else { code }).collect();
    }
    let packet = SubAck::new(packet.packet_identifier, codes);
    packet.map_err(|_| conversion.error(ConvertErrorKind::ReasonCodesMissing, Field::ReasonCode))
}

/// Converts an UNSUBSCRIBE. The encoder refuses a Topic Filter that the version does not have.
pub(super) fn unsubscribe(conversion: &mut Conversion, packet: Unsubscribe) -> Unsubscribe {
    let mut packet = packet;
    if conversion.to.is_v3() {
        conversion.drop_properties(packet.properties.iter());
        packet.properties = UnsubscribeProperties::default();
    }
    for (index, topic_filter) in packet.topic_filters.iter().enumerate() {
        conversion.report_shared(index, &topic_filter);
    }
    packet
}

pub(super) fn unsuback(conversion: &mut Conversion, packet: UnsubAck) -> Result<UnsubAck, ConvertError> {
    if !conversion.to.is_v3() {
        if packet.reason_codes.is_empty() {
            return Err(conversion.error(ConvertErrorKind::ReasonCodesMissing, Field::ReasonCode));
        }
        return Ok(packet);
    }
    conversion.drop_properties(packet.properties.iter());
    for (index, code) in packet.reason_codes.iter().enumerate() {
        if code.is_error() {
            return Err(conversion.error(ConvertErrorKind::NotInVersion, Field::ReasonCode));
        }
        conversion.report(Change::DroppedReasonCode { index, code: code.get() });
    }
    Ok(UnsubAck::new(packet.packet_identifier, ReasonCodes::default()))
}
