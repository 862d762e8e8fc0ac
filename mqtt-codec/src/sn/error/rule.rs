//! The section of the specification for each error, in one table.

use super::{DecodeErrorKind as Kind, Field};
use mqtt_types::sn::MessageType as Type;

/// Returns the section of the specification that contains the rule.
pub(super) const fn decode_rule(kind: Kind, field: Field, message_type: Option<Type>) -> &'static str {
    match (kind, field) {
        (Kind::NestedEncapsulation | Kind::EncapsulationWithLongLength | Kind::UnexpectedEncapsulation, _)
        | (_, Field::Ctrl | Field::WirelessNodeId | Field::Message) => "section 5.5",
        (Kind::EmptyDatagram | Kind::LengthMismatch { .. }, _) | (Kind::UnexpectedEnd, Field::Length) => {
            "section 5.2.1"
        }
        (Kind::LengthTooSmall, _) => match message_type {
            Some(Type::Encapsulated) => "section 5.5",
            _ => "section 5.2.1",
        },
        (Kind::ReservedMessageType(_), _) | (Kind::UnexpectedEnd, Field::MsgType) => "section 5.2.2",
        (Kind::WrongSender(_) | Kind::UnexpectedEnd | Kind::TrailingBytes, _) => message_section(message_type),
        (Kind::UnsupportedProtocolId(_), _) => "section 5.3.8",
        (Kind::EmptyClientId | Kind::ClientIdTooLong, _) => "section 5.3.1",
        (Kind::InvalidQoS | Kind::ReservedTopicIdType, _) => "section 5.3.4",
        (Kind::TopicIdWithoutConnection, _) => "section 6.8",
        (Kind::ReservedTopicId, _) => "section 5.3.11",
        (Kind::MessageIdZero, _) => "section 5.3.7",
        (
            Kind::EmptyTopic
            | Kind::IllFormedUtf8
            | Kind::NulCharacter
            | Kind::WildcardInTopicName
            | Kind::MisplacedMultiLevelWildcard
            | Kind::MisplacedSingleLevelWildcard,
            field,
        ) => match field {
            Field::ClientId => "section 5.3.1",
            Field::WillTopic => "section 5.3.14",
            Field::TopicId => "section 5.3.11",
            _ => "section 5.3.12",
        },
    }
}

/// Returns the section with the layout of the message.
pub(super) const fn message_section(message_type: Option<Type>) -> &'static str {
    let Some(message_type) = message_type else {
        return "section 5.2";
    };
    match message_type {
        Type::Advertise => "section 5.4.1",
        Type::SearchGw => "section 5.4.2",
        Type::GwInfo => "section 5.4.3",
        Type::Connect => "section 5.4.4",
        Type::ConnAck => "section 5.4.5",
        Type::WillTopicReq => "section 5.4.6",
        Type::WillTopic => "section 5.4.7",
        Type::WillMsgReq => "section 5.4.8",
        Type::WillMsg => "section 5.4.9",
        Type::Register => "section 5.4.10",
        Type::RegAck => "section 5.4.11",
        Type::Publish => "section 5.4.12",
        Type::PubAck => "section 5.4.13",
        Type::PubRec | Type::PubRel | Type::PubComp => "section 5.4.14",
        Type::Subscribe => "section 5.4.15",
        Type::SubAck => "section 5.4.16",
        Type::Unsubscribe => "section 5.4.17",
        Type::UnsubAck => "section 5.4.18",
        Type::PingReq => "section 5.4.19",
        Type::PingResp => "section 5.4.20",
        Type::Disconnect => "section 5.4.21",
        Type::WillTopicUpd => "section 5.4.22",
        Type::WillMsgUpd => "section 5.4.23",
        Type::WillTopicResp => "section 5.4.24",
        Type::WillMsgResp => "section 5.4.25",
        Type::Encapsulated => "section 5.5",
    }
}
