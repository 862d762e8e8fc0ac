//! Reads every field of a packet.
//!
//! Reading a field adds it to a sum. A number is added as it is. For bytes, the length, the first and the last byte are
//! added. A missing field adds nothing. The order does not matter, so engines that store fields in another order get
//! the same sum. A different sum shows that an engine has read other values.

use core::hint::black_box;
use mqtt_codec::{Packet, Property};

/// The sum of the fields that were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum(pub u64);

impl Sum {
    /// Reads a number.
    #[inline]
    pub fn number(&mut self, number: impl Into<u64>) {
        self.0 = self.0.wrapping_add(number.into());
    }

    /// Reads bytes or text. Not every byte is added, because that would measure additions.
    #[inline]
    pub fn bytes(&mut self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        self.number(bytes.len() as u64);
        if let (Some(first), Some(last)) = (bytes.first(), bytes.last()) {
            self.number(*first);
            self.number(*last);
        }
    }

    /// Reads bytes that may be missing.
    #[inline]
    pub fn optional(&mut self, bytes: Option<impl AsRef<[u8]>>) {
        if let Some(bytes) = bytes {
            self.bytes(bytes);
        }
    }

    /// Reads a number that may be missing.
    #[inline]
    pub fn optional_number(&mut self, number: Option<impl Into<u64>>) {
        if let Some(number) = number {
            self.number(number);
        }
    }

    /// Returns the sum, and prevents the optimiser from removing its computation.
    #[inline]
    #[must_use]
    pub fn done(self) -> u64 {
        black_box(self.0)
    }
}

/// Reads a packet of this codec. In 3.x a Reason Code counts as its Return Code.
#[inline]
pub fn read(sum: &mut Sum, packet: &Packet<&[u8]>, is_v3: bool) {
    macro_rules! acknowledgement {
        ($packet:expr) => {{
            sum.number($packet.packet_identifier.get());
            sum.number($packet.reason_code.as_u8());
            properties(sum, $packet.properties.iter());
        }};
    }
    match packet {
        Packet::Connect(packet) => {
            sum.number(packet.protocol_version.level());
            sum.number(packet.clean_start);
            sum.number(packet.keep_alive.as_seconds());
            properties(sum, packet.properties.iter());
            sum.bytes(packet.client_identifier.as_bytes());
            if let Some(will) = &packet.will {
                properties(sum, will.properties.iter());
                sum.bytes(will.topic_name.as_bytes());
                sum.bytes(will.payload.as_bytes());
                sum.number(will.qos.as_u8());
                sum.number(will.retain);
            }
            sum.optional(packet.user_name.as_ref().map(|name| name.as_bytes()));
            sum.optional(packet.password.as_ref().map(|password| password.as_bytes()));
        }
        Packet::ConnAck(packet) => {
            sum.number(packet.session_present());
            let code = packet.reason_code();
            sum.number(if is_v3 { code.to_return_code().unwrap_or_default() } else { code.as_u8() });
            properties(sum, packet.properties.iter());
        }
        Packet::Publish(packet) => {
            sum.number(packet.delivery.dup());
            sum.number(packet.qos().as_u8());
            sum.number(packet.retain);
            sum.bytes(packet.topic());
            sum.optional_number(packet.packet_identifier().map(|identifier| identifier.get()));
            properties(sum, packet.properties().iter());
            sum.bytes(packet.payload);
        }
        Packet::PubAck(packet) => acknowledgement!(packet),
        Packet::PubRec(packet) => acknowledgement!(packet),
        Packet::PubRel(packet) => acknowledgement!(packet),
        Packet::PubComp(packet) => acknowledgement!(packet),
        Packet::Subscribe(packet) => {
            sum.number(packet.packet_identifier.get());
            properties(sum, packet.properties.iter());
            for subscription in &packet.subscriptions {
                sum.bytes(subscription.topic_filter.as_bytes());
                let options = subscription.options;
                sum.number(options.maximum_qos.as_u8());
                sum.number(options.no_local);
                sum.number(options.retain_as_published);
                sum.number(options.retain_handling.as_u8());
            }
        }
        Packet::SubAck(packet) => {
            sum.number(packet.packet_identifier.get());
            properties(sum, packet.properties.iter());
            packet.reason_codes().iter().for_each(|code| sum.number(code.as_u8()));
        }
        Packet::Unsubscribe(packet) => {
            sum.number(packet.packet_identifier.get());
            properties(sum, packet.properties.iter());
            packet.topic_filters.iter().for_each(|filter| sum.bytes(filter.as_bytes()));
        }
        Packet::UnsubAck(packet) => {
            sum.number(packet.packet_identifier.get());
            properties(sum, packet.properties.iter());
            packet.reason_codes.iter().for_each(|code| sum.number(code.as_u8()));
        }
        Packet::PingReq(_) | Packet::PingResp(_) => {}
        Packet::Disconnect(packet) => {
            sum.number(packet.reason_code.as_u8());
            properties(sum, packet.properties.iter());
        }
        Packet::Auth(packet) => {
            sum.number(packet.reason_code.as_u8());
            properties(sum, packet.properties.iter());
        }
    }
}

#[inline]
fn properties<'a>(sum: &mut Sum, properties: impl Iterator<Item = Property<'a>>) {
    for property in properties {
        match property {
            Property::PayloadFormatIndicator(format) => sum.number(format as u8),
            Property::MessageExpiryInterval(value)
            | Property::SessionExpiryInterval(value)
            | Property::WillDelayInterval(value) => sum.number(value),
            Property::ContentType(text)
            | Property::AssignedClientIdentifier(text)
            | Property::AuthenticationMethod(text)
            | Property::ResponseInformation(text)
            | Property::ServerReference(text)
            | Property::ReasonString(text) => sum.bytes(text.as_bytes()),
            Property::ResponseTopic(name) => sum.bytes(name.as_bytes()),
            Property::CorrelationData(data) | Property::AuthenticationData(data) => sum.bytes(data.as_bytes()),
            Property::SubscriptionIdentifier(identifier) => sum.number(identifier.get()),
            Property::ServerKeepAlive(keep_alive) => sum.number(keep_alive.as_seconds()),
            Property::RequestProblemInformation(value)
            | Property::RequestResponseInformation(value)
            | Property::RetainAvailable(value)
            | Property::WildcardSubscriptionAvailable(value)
            | Property::SubscriptionIdentifierAvailable(value)
            | Property::SharedSubscriptionAvailable(value) => sum.number(value),
            Property::ReceiveMaximum(value) | Property::TopicAlias(value) => sum.number(value.get()),
            Property::TopicAliasMaximum(value) => sum.number(value),
            Property::MaximumQoS(qos) => sum.number(qos.as_u8()),
            Property::UserProperty(pair) => {
                sum.bytes(pair.name.as_bytes());
                sum.bytes(pair.value.as_bytes());
            }
            Property::MaximumPacketSize(value) => sum.number(value.get()),
        }
    }
}
