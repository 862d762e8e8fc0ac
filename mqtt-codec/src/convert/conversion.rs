//! State of one conversion.

use crate::convert::change::Change;
use crate::convert::convert_error::{ConvertError, ConvertErrorKind};
use crate::error::Field;
use alloc::vec::Vec;
use mqtt_types::{Buffer, PacketType, Property, ProtocolVersion, ReasonCode, TopicFilter};

/// State of one conversion: the versions, and the changes so far.
pub(super) struct Conversion {
    pub(super) packet_type: PacketType,
    pub(super) from: ProtocolVersion,
    pub(super) to: ProtocolVersion,
    pub(super) changes: Vec<Change>,
}

impl Conversion {
    pub(super) const fn error(&self, kind: ConvertErrorKind, field: Field) -> ConvertError {
        ConvertError { kind, field, packet_type: self.packet_type, version: self.to }
    }

    pub(super) fn report(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Reports each property as dropped.
    pub(super) fn drop_properties<'a>(&mut self, properties: impl Iterator<Item = Property<'a>>) {
        self.changes.extend(properties.map(|property| Change::DroppedProperty(property.identifier())));
    }

    /// Drops a Reason Code, because 3.x has none in this packet. A code of success is reported unless it is 0. A
    /// failure is an error, unless it only says that the Packet Identifier is unknown: in 3.x, PUBREC and PUBREL are
    /// answered with PUBREL and PUBCOMP in any case [MQTT-4.3.3-1, MQTT-4.3.3-2 of 3.1.1].
    pub(super) fn drop_reason_code(&mut self, code: ReasonCode) -> Result<(), ConvertError> {
        if code.is_error() && code != ReasonCode::PACKET_IDENTIFIER_NOT_FOUND {
            return Err(self.error(ConvertErrorKind::NotInVersion, Field::ReasonCode));
        }
        if code != ReasonCode::SUCCESS {
            self.report(Change::DroppedReasonCode { index: 0, code });
        }
        Ok(())
    }

    /// Reports the Topic Filter if it is a shared subscription in one of the two versions only.
    pub(super) fn report_shared<B: Buffer>(&mut self, index: usize, topic_filter: &TopicFilter<B>) {
        if self.from.is_v3() != self.to.is_v3() && topic_filter.is_shared() {
            self.report(Change::SharedSubscription { index });
        }
    }
}
