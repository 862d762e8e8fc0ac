//! Rules that errors refer to: the only table of statement numbers and sections.

use crate::error::decode_error_kind::DecodeErrorKind as Kind;
use crate::error::encode_error_kind::EncodeErrorKind;
use crate::error::field::Field;
use mqtt_types::{PacketType as Type, PropertyIdentifier as Id, ProtocolVersion, Sender};

/// Returns the rule that a decoding error breaks: its number in the standard of 5.0, or in that of 3.1.1 for 3.x.
pub(crate) const fn decode_rule(
    kind: Kind,
    field: Field,
    packet_type: Type,
    version: ProtocolVersion,
    sender: Sender,
) -> &'static str {
    if version.is_v3() {
        decode_rule_v3(kind, field, packet_type)
    } else {
        decode_rule_v5(kind, field, packet_type, sender)
    }
}

const fn decode_rule_v5(kind: Kind, field: Field, packet_type: Type, sender: Sender) -> &'static str {
    match (kind, field, packet_type) {
        (Kind::ReservedPacketType | Kind::WrongSender(_), _, _) => "section 2.1.2",
        (Kind::ConnectExpected, _, _) => "MQTT-3.1.0-1",
        (Kind::ConnectRepeated, _, _) => "MQTT-3.1.0-2",
        (Kind::ConnAckExpected, _, _) => "MQTT-3.2.0-1",
        (Kind::ConnAckRepeated, _, _) => "MQTT-3.2.0-2",
        (Kind::InvalidFlags, _, Type::PubRel) => "MQTT-3.6.1-1",
        (Kind::InvalidFlags, _, Type::Subscribe) => "MQTT-3.8.1-1",
        (Kind::InvalidFlags, _, Type::Unsubscribe) => "MQTT-3.10.1-1",
        (Kind::InvalidFlags, _, Type::Disconnect) => "MQTT-3.14.1-1",
        (Kind::InvalidFlags, _, Type::Auth) => "MQTT-3.15.1-1",
        (Kind::InvalidFlags, _, _) => "MQTT-2.1.3-1",
        (Kind::InvalidQoS, Field::WillQoS, _) => "MQTT-3.1.2-12",
        (Kind::InvalidQoS, Field::SubscriptionOptions, _) => "section 3.8.3.1",
        (Kind::InvalidQoS, _, _) => "MQTT-3.3.1-4",
        (Kind::DupAtQoS0, _, _) => "MQTT-3.3.1-2",
        (Kind::VariableByteIntegerTooLong, _, _) => "section 1.5.5",
        (Kind::VariableByteIntegerNotMinimal, _, _) => "MQTT-1.5.5-1",
        (Kind::PacketTooLarge { .. }, _, _) => "section 3.1.2.11.4",
        (Kind::HeadTooLarge { .. }, _, _) => "section 2.4",
        (Kind::UnexpectedEnd, Field::ClientIdentifier, _) => "MQTT-3.1.3-3",
        (Kind::UnexpectedEnd, Field::WillTopic | Field::WillPayload | Field::WillPropertyLength, _) => "MQTT-3.1.2-9",
        (Kind::UnexpectedEnd, Field::UserName, _) => "MQTT-3.1.2-17",
        (Kind::UnexpectedEnd, Field::Password, _) => "MQTT-3.1.2-19",
        (Kind::UnexpectedEnd, Field::PropertyLength, _) => "MQTT-2.2.2-1",
        (Kind::UnexpectedEnd, Field::Properties | Field::WillProperties | Field::Property(_), _) => "section 2.2.2.1",
        (Kind::UnexpectedEnd, Field::SubscriptionOptions, _) => "section 3.8.3",
        (Kind::UnexpectedEnd, _, _) => "section 2.1.4",
        (Kind::TrailingBytes, Field::UserName, _) => "MQTT-3.1.2-16",
        (Kind::TrailingBytes, Field::Password, _) => "MQTT-3.1.2-18",
        (Kind::TrailingBytes, _, _) => "section 2.1.4",
        (Kind::IllFormedUtf8, _, _) => "MQTT-1.5.4-1",
        (Kind::NulCharacter, _, _) => "MQTT-1.5.4-2",
        (Kind::DiscouragedCharacter, _, _) => "section 1.5.4",
        (Kind::InvalidProtocolName, _, _) => "MQTT-3.1.2-1",
        (Kind::UnsupportedProtocolVersion, _, _) => "MQTT-3.1.2-2",
        (Kind::ReservedConnectFlag, _, _) => "MQTT-3.1.2-3",
        (Kind::WillFlagsWithoutWill, Field::WillRetain, _) => "MQTT-3.1.2-13",
        (Kind::WillFlagsWithoutWill, _, _) => "MQTT-3.1.2-11",
        // 5.0 allows these, so no error of 5.0 has such a kind.
        (Kind::PasswordWithoutUserName, _, _) => "section 3.1.2.9",
        (Kind::EmptyClientIdentifier | Kind::ClientIdentifierTooLong, _, _) => "section 3.1.3.1",
        (Kind::ReservedAcknowledgeFlags, _, _) => "MQTT-3.2.2-1",
        (Kind::SessionPresentWithFailure, _, _) => "MQTT-3.2.2-6",
        (Kind::ServerSpeaksVersion3, _, _) => "section 3.2",
        (Kind::InvalidReasonCode(_), _, Type::ConnAck) => "MQTT-3.2.2-8",
        (Kind::InvalidReasonCode(_), _, Type::PubAck) => "MQTT-3.4.2-1",
        (Kind::InvalidReasonCode(_), _, Type::PubRec) => "MQTT-3.5.2-1",
        (Kind::InvalidReasonCode(_), _, Type::PubRel) => "MQTT-3.6.2-1",
        (Kind::InvalidReasonCode(_), _, Type::PubComp) => "MQTT-3.7.2-1",
        (Kind::InvalidReasonCode(_), _, Type::SubAck) => "MQTT-3.9.3-2",
        (Kind::InvalidReasonCode(_), _, Type::UnsubAck) => "MQTT-3.11.3-2",
        (Kind::InvalidReasonCode(_), _, Type::Disconnect) => "MQTT-3.14.2-1",
        (Kind::InvalidReasonCode(_), _, Type::Auth) => "MQTT-3.15.2-1",
        (Kind::InvalidReasonCode(_), _, _) => "section 2.4",
        (Kind::PacketIdentifierZero, _, Type::Publish) if matches!(sender, Sender::Server) => "MQTT-2.2.1-4",
        (Kind::PacketIdentifierZero, _, Type::Publish | Type::Subscribe | Type::Unsubscribe) => "MQTT-2.2.1-3",
        (Kind::PacketIdentifierZero, _, Type::SubAck | Type::UnsubAck) => "MQTT-2.2.1-6",
        (Kind::PacketIdentifierZero, _, _) => "MQTT-2.2.1-5",
        (Kind::EmptyTopic, _, _) => "MQTT-4.7.3-1",
        (Kind::TopicAliasMissing, _, _) => "section 3.3.2.1",
        (Kind::WildcardInTopicName, Field::TopicName, _) => "MQTT-3.3.2-2",
        (Kind::WildcardInTopicName, Field::Property(_), _) => "MQTT-3.3.2-14",
        (Kind::WildcardInTopicName, _, _) => "MQTT-4.7.0-1",
        (Kind::MisplacedMultiLevelWildcard, _, _) => "MQTT-4.7.1-1",
        (Kind::MisplacedSingleLevelWildcard, _, _) => "MQTT-4.7.1-2",
        (Kind::EmptyShareName, _, _) => "MQTT-4.8.2-1",
        (Kind::WildcardInShareName | Kind::InvalidSharedFilter, _, _) => "MQTT-4.8.2-2",
        (Kind::ReservedSubscriptionOptions, _, _) => "MQTT-3.8.3-5",
        (Kind::InvalidRetainHandling, _, _) => "section 3.8.3.1",
        (Kind::NoLocalOnSharedSubscription, _, _) => "MQTT-3.8.3-4",
        (Kind::EmptyPayload, _, Type::Subscribe) => "MQTT-3.8.3-2",
        (Kind::EmptyPayload, _, Type::Unsubscribe) => "MQTT-3.10.3-2",
        (Kind::EmptyPayload, _, Type::SubAck) => "section 3.9.3",
        (Kind::EmptyPayload, _, _) => "section 3.11.3",
        (Kind::UnknownProperty(_) | Kind::PropertyNotAllowed | Kind::DuplicateProperty, _, _) => "section 2.2.2.2",
        (Kind::PropertyFromWrongSender(_), Field::Property(Id::SubscriptionIdentifier), _) => "MQTT-3.3.4-6",
        (Kind::PropertyFromWrongSender(_), _, _) => "MQTT-3.14.2-2",
        (Kind::InvalidPropertyValue, field, packet_type) => property_section(field, packet_type),
        (Kind::TopicAliasZero, _, _) => "MQTT-3.3.2-8",
        (Kind::AuthenticationDataWithoutMethod, _, _) => "section 3.1.2.11.10",
        (Kind::AuthenticationMethodMissing, _, _) => "section 3.15.2.2.2",
        (Kind::PayloadNotUtf8, Field::WillPayload, _) => "section 3.1.3.2.3",
        (Kind::PayloadNotUtf8, _, _) => "section 3.3.2.3.2",
    }
}

/// Returns the section that defines the values of a property.
const fn property_section(field: Field, packet_type: Type) -> &'static str {
    match (field, packet_type) {
        (Field::Property(Id::ReceiveMaximum), Type::Connect) => "section 3.1.2.11.3",
        (Field::Property(Id::ReceiveMaximum), _) => "section 3.2.2.3.3",
        (Field::Property(Id::MaximumPacketSize), Type::Connect) => "section 3.1.2.11.4",
        (Field::Property(Id::MaximumPacketSize), _) => "section 3.2.2.3.6",
        (Field::Property(Id::RequestResponseInformation), _) => "section 3.1.2.11.6",
        (Field::Property(Id::RequestProblemInformation), _) => "section 3.1.2.11.7",
        (Field::Property(Id::PayloadFormatIndicator), Type::Connect) => "section 3.1.3.2.3",
        (Field::Property(Id::PayloadFormatIndicator), _) => "section 3.3.2.3.2",
        (Field::Property(Id::MaximumQoS), _) => "section 3.2.2.3.4",
        (Field::Property(Id::RetainAvailable), _) => "section 3.2.2.3.5",
        (Field::Property(Id::WildcardSubscriptionAvailable), _) => "section 3.2.2.3.11",
        (Field::Property(Id::SubscriptionIdentifierAvailable), _) => "section 3.2.2.3.12",
        (Field::Property(Id::SharedSubscriptionAvailable), _) => "section 3.2.2.3.13",
        (Field::Property(Id::SubscriptionIdentifier), Type::Subscribe) => "section 3.8.2.1.2",
        (Field::Property(Id::SubscriptionIdentifier), _) => "section 3.3.2.3.8",
        _ => "section 2.2.2.2",
    }
}

const fn decode_rule_v3(kind: Kind, field: Field, packet_type: Type) -> &'static str {
    match (kind, field, packet_type) {
        (Kind::ReservedPacketType | Kind::WrongSender(_), _, _) => "section 2.2.1",
        (Kind::ConnectExpected, _, _) => "MQTT-3.1.0-1",
        (Kind::ConnectRepeated, _, _) => "MQTT-3.1.0-2",
        (Kind::ConnAckExpected, _, _) => "MQTT-3.2.0-1",
        (Kind::ConnAckRepeated, _, _) => "section 3.2",
        (Kind::InvalidFlags, _, Type::PubRel) => "MQTT-3.6.1-1",
        (Kind::InvalidFlags, _, Type::Subscribe) => "MQTT-3.8.1-1",
        (Kind::InvalidFlags, _, Type::Unsubscribe) => "MQTT-3.10.1-1",
        (Kind::InvalidFlags, _, Type::Disconnect) => "MQTT-3.14.1-1",
        (Kind::InvalidFlags, _, _) => "MQTT-2.2.2-2",
        (Kind::InvalidQoS, Field::WillQoS, _) => "MQTT-3.1.2-14",
        (Kind::InvalidQoS | Kind::ReservedSubscriptionOptions, Field::SubscriptionOptions, _) => "MQTT-3-8.3-4",
        (Kind::InvalidQoS, _, _) => "MQTT-3.3.1-4",
        (Kind::DupAtQoS0, _, _) => "MQTT-3.3.1-2",
        (Kind::UnexpectedEnd, Field::ClientIdentifier, _) => "MQTT-3.1.3-3",
        (Kind::UnexpectedEnd, Field::WillTopic | Field::WillPayload, _) => "MQTT-3.1.2-9",
        (Kind::UnexpectedEnd, Field::UserName, _) => "MQTT-3.1.2-19",
        (Kind::UnexpectedEnd, Field::Password, _) => "MQTT-3.1.2-21",
        (Kind::UnexpectedEnd, Field::SubscriptionOptions, _) => "section 3.8.3",
        (Kind::TrailingBytes, Field::UserName, _) => "MQTT-3.1.2-18",
        (Kind::TrailingBytes, Field::Password, _) => "MQTT-3.1.2-20",
        (Kind::IllFormedUtf8, _, _) => "MQTT-1.5.3-1",
        (Kind::NulCharacter, _, _) => "MQTT-1.5.3-2",
        (Kind::DiscouragedCharacter, _, _) => "section 1.5.3",
        (Kind::InvalidProtocolName, _, _) => "MQTT-3.1.2-1",
        (Kind::UnsupportedProtocolVersion, _, _) => "MQTT-3.1.2-2",
        (Kind::ReservedConnectFlag, _, _) => "MQTT-3.1.2-3",
        (Kind::WillFlagsWithoutWill, Field::WillRetain, _) => "MQTT-3.1.2-15",
        (Kind::WillFlagsWithoutWill, _, _) => "MQTT-3.1.2-13",
        (Kind::PasswordWithoutUserName, _, _) => "MQTT-3.1.2-22",
        (Kind::EmptyClientIdentifier, _, _) => "MQTT-3.1.3-8",
        (Kind::ClientIdentifierTooLong, _, _) => "section 3.1.3.1",
        (Kind::ReservedAcknowledgeFlags, _, _) => "section 3.2.2.1",
        (Kind::SessionPresentWithFailure, _, _) => "MQTT-3.2.2-4",
        (Kind::InvalidReasonCode(_), _, Type::SubAck) => "MQTT-3.9.3-2",
        (Kind::InvalidReasonCode(_), _, _) => "section 3.2.2.3",
        (Kind::PacketIdentifierZero, _, Type::Publish | Type::Subscribe | Type::Unsubscribe) => "MQTT-2.3.1-1",
        (Kind::PacketIdentifierZero, _, Type::PubAck | Type::PubRec | Type::PubRel) => "MQTT-2.3.1-6",
        (Kind::PacketIdentifierZero, _, Type::SubAck | Type::UnsubAck) => "MQTT-2.3.1-7",
        (Kind::PacketIdentifierZero, _, _) => "section 2.3.1",
        (Kind::EmptyTopic, _, _) => "MQTT-4.7.3-1",
        (Kind::WildcardInTopicName, Field::TopicName, _) => "MQTT-3.3.2-2",
        (Kind::WildcardInTopicName, _, _) => "MQTT-4.7.1-1",
        (Kind::MisplacedMultiLevelWildcard, _, _) => "MQTT-4.7.1-2",
        (Kind::MisplacedSingleLevelWildcard, _, _) => "MQTT-4.7.1-3",
        (Kind::EmptyPayload, _, Type::Subscribe) => "MQTT-3.8.3-3",
        (Kind::EmptyPayload, _, Type::Unsubscribe) => "MQTT-3.10.3-2",
        (Kind::EmptyPayload, _, _) => "section 3.9.3",
        // The other kinds concern lengths, or do not occur in 3.x.
        _ => "section 2.2.3",
    }
}

/// Returns the rule that the packet would break.
pub(crate) const fn encode_rule(
    kind: EncodeErrorKind,
    field: Field,
    packet_type: Type,
    version: ProtocolVersion,
    from_client: bool,
) -> &'static str {
    match (kind, field, packet_type) {
        (EncodeErrorKind::BufferTooSmall { .. } | EncodeErrorKind::PacketTooLarge, _, _) => {
            if version.is_v3() {
                "section 2.2.3"
            } else {
                "section 2.1.4"
            }
        }
        (EncodeErrorKind::ExceedsMaximumPacketSize { .. }, _, _) if from_client => "MQTT-3.2.2-15",
        (EncodeErrorKind::ExceedsMaximumPacketSize { .. }, _, _) => "MQTT-3.1.2-24",
        (EncodeErrorKind::VersionUnknown, _, _) => "MQTT-3.1.0-1",
        (EncodeErrorKind::NotFromSender(_), Field::PacketType, _) if version.is_v3() => "section 2.2.1",
        (EncodeErrorKind::NotFromSender(_), Field::PacketType, _) => "section 2.1.2",
        (EncodeErrorKind::NotFromSender(_), Field::Property(Id::SubscriptionIdentifier), _) => "MQTT-3.3.4-6",
        (EncodeErrorKind::NotFromSender(_), Field::Property(Id::SessionExpiryInterval), _) => "MQTT-3.14.2-2",
        (EncodeErrorKind::NotFromSender(_), Field::Property(Id::ServerReference), _) => "section 3.14.2.2.5",
        (EncodeErrorKind::NotFromSender(_), _, Type::Disconnect) => "MQTT-3.14.2-1",
        (EncodeErrorKind::NotFromSender(_), _, Type::Auth) => "MQTT-3.15.2-1",
        (EncodeErrorKind::NotFromSender(_), _, Type::PubRec) => "MQTT-3.5.2-1",
        (EncodeErrorKind::NotFromSender(_), _, _) => "MQTT-3.4.2-1",
        (EncodeErrorKind::TopicNameMissing, _, _) => "MQTT-3.3.2-7",
        (EncodeErrorKind::MessageExpired, _, _) => "MQTT-3.3.2-5",
        (EncodeErrorKind::InvalidTopicFilter, _, _) => "section 4.7",
        (EncodeErrorKind::DiscouragedCharacter, _, _) => {
            if version.is_v3() {
                "section 1.5.3"
            } else {
                "section 1.5.4"
            }
        }
        (EncodeErrorKind::NotInVersion(_), Field::PacketType, _) => "section 2.2.1",
        (EncodeErrorKind::NotInVersion(_), Field::Password, _) => "MQTT-3.1.2-22",
        (EncodeErrorKind::NotInVersion(_), Field::ClientIdentifier, _) => "MQTT-3.1.3-7",
        (EncodeErrorKind::NotInVersion(_), Field::ProtocolVersion, _) => "MQTT-3.1.2-2",
        (EncodeErrorKind::NotInVersion(_), Field::TopicName, _) => "MQTT-4.7.3-1",
        (EncodeErrorKind::NotInVersion(_), Field::TopicFilter, _) => "MQTT-4.8.2-2",
        (EncodeErrorKind::NotInVersion(_), Field::SubscriptionOptions, _) => "MQTT-3-8.3-4",
        (EncodeErrorKind::NotInVersion(_), Field::ReasonCode, Type::SubAck) => "MQTT-3.9.3-2",
        (EncodeErrorKind::ReasonCodesMissing, _, _) => "section 3.11.3",
        (EncodeErrorKind::NotInVersion(_), _, Type::Connect) => "section 3.1",
        (EncodeErrorKind::NotInVersion(_), _, Type::ConnAck) => "section 3.2",
        (EncodeErrorKind::NotInVersion(_), _, Type::Publish) => "section 3.3",
        (EncodeErrorKind::NotInVersion(_), _, Type::PubAck) => "section 3.4",
        (EncodeErrorKind::NotInVersion(_), _, Type::PubRec) => "section 3.5",
        (EncodeErrorKind::NotInVersion(_), _, Type::PubRel) => "section 3.6",
        (EncodeErrorKind::NotInVersion(_), _, Type::PubComp) => "section 3.7",
        (EncodeErrorKind::NotInVersion(_), _, Type::Subscribe) => "section 3.8",
        (EncodeErrorKind::NotInVersion(_), _, Type::SubAck) => "section 3.9",
        (EncodeErrorKind::NotInVersion(_), _, Type::Unsubscribe) => "section 3.10",
        (EncodeErrorKind::NotInVersion(_), _, Type::UnsubAck) => "section 3.11",
        (EncodeErrorKind::NotInVersion(_), _, _) => "section 3.14",
    }
}
