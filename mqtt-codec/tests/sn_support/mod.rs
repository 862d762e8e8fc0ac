//! Code that the tests of MQTT-SN share: the fields of a message under the names of the test data, the canonical form
//! of a datagram, and a slow decoder that is written from the specification alone.

use mqtt_codec::QoS;
use mqtt_codec::sn::{Datagram, Message, Topic, WillTarget};
use serde_json::{Map, Value, json};

pub(crate) mod plain;

/// Fields by their names in the test data.
pub(crate) type Fields = Map<String, Value>;

pub(crate) fn from_hex(text: &str) -> Vec<u8> {
    let digit = |character: char| character.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap();
    let digits: Vec<u8> = text.chars().map(digit).collect();
    assert_eq!(digits.len() % 2, 0, "an odd number of digits");
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns all fields of a datagram.
pub(crate) fn fields(datagram: &Datagram<&[u8]>) -> Fields {
    let message = message_fields(&datagram.message);
    let Some(encapsulation) = &datagram.encapsulation else { return message };
    object(json!({
        "type": "ENCAPSULATED",
        "radius": encapsulation.radius.get(),
        "wireless_node_id": hex(encapsulation.wireless_node_id.as_bytes()),
        "message": message,
    }))
}

fn object(value: Value) -> Fields {
    let Value::Object(fields) = value else { panic!("{value} is no object") };
    fields
}

fn message_fields(message: &Message<&[u8]>) -> Fields {
    let id = |id: Option<mqtt_codec::PacketIdentifier>| id.map_or(0, mqtt_codec::PacketIdentifier::get);
    let mut fields = object(match message {
        Message::Advertise(message) => json!({"gw_id": message.gateway_id, "duration": message.duration}),
        Message::SearchGw(message) => json!({"radius": message.radius}),
        Message::GwInfo(message) if message.gateway_address.is_empty() => json!({"gw_id": message.gateway_id}),
        Message::GwInfo(message) => json!({"gw_id": message.gateway_id, "gw_add": hex(message.gateway_address)}),
        Message::Connect(message) => json!({
            "will": message.will, "clean_session": message.clean_session, "protocol_id": 1,
            "duration": message.keep_alive.as_seconds(), "client_id": message.client_id.as_str(),
        }),
        Message::ConnAck(message) => json!({"return_code": message.return_code.as_u8()}),
        Message::WillTopicResp(message) => json!({"return_code": message.return_code.as_u8()}),
        Message::WillMsgResp(message) => json!({"return_code": message.return_code.as_u8()}),
        Message::WillTopicReq(_) | Message::WillMsgReq(_) | Message::PingResp(_) => json!({}),
        Message::WillTopic(message) => target(message.target.as_ref()),
        Message::WillTopicUpd(message) => target(message.target.as_ref()),
        Message::WillMsg(message) => json!({"will_msg": hex(message.payload)}),
        Message::WillMsgUpd(message) => json!({"will_msg": hex(message.payload)}),
        Message::Register(message) => json!({
            "topic_id": message.topic_id.get(), "msg_id": message.message_id.get(),
            "topic_name": message.topic_name.as_str(),
        }),
        Message::RegAck(message) => json!({
            "topic_id": message.topic_id, "msg_id": id(message.message_id), "return_code": message.return_code.as_u8(),
        }),
        Message::Publish(message) => json!({
            "dup": message.delivery().dup(), "qos": message.delivery().qos_number(), "retain": message.retain,
            "msg_id": id(message.delivery().message_id()), "data": hex(message.payload),
        }),
        Message::PubAck(message) => json!({
            "topic_id": message.topic_id, "msg_id": id(message.message_id), "return_code": message.return_code.as_u8(),
        }),
        Message::PubRec(message) => json!({"msg_id": id(message.message_id)}),
        Message::PubRel(message) => json!({"msg_id": id(message.message_id)}),
        Message::PubComp(message) => json!({"msg_id": id(message.message_id)}),
        Message::UnsubAck(message) => json!({"msg_id": id(message.message_id)}),
        Message::Subscribe(message) => json!({
            "dup": message.dup, "qos": message.qos.as_u8(), "msg_id": message.message_id.get(),
        }),
        Message::Unsubscribe(message) => json!({"msg_id": message.message_id.get()}),
        Message::SubAck(message) => json!({
            "qos": message.qos.as_u8(), "topic_id": message.topic_id, "msg_id": id(message.message_id),
            "return_code": message.return_code.as_u8(),
        }),
        Message::PingReq(message) => match &message.client_id {
            Some(client_id) => json!({"client_id": client_id.as_str()}),
            None => json!({}),
        },
        Message::Disconnect(message) => match message.duration {
            Some(duration) => json!({"duration": duration}),
            None => json!({}),
        },
    });
    match message {
        Message::Publish(message) => put_topic(&mut fields, message.topic(), |name| name.to_string()),
        Message::Subscribe(message) => put_topic(&mut fields, message.topic(), |name| name.to_string()),
        Message::Unsubscribe(message) => put_topic(&mut fields, message.topic(), |name| name.to_string()),
        _ => {}
    }
    fields.insert("type".to_owned(), message.message_type().name().into());
    fields
}

fn target(target: Option<&WillTarget<&[u8]>>) -> Value {
    let Some(target) = target else { return json!({}) };
    json!({"qos": QoS::as_u8(target.qos), "retain": target.retain, "will_topic": target.topic_name.as_str()})
}

fn put_topic<N>(fields: &mut Fields, topic: &Topic<N>, text: fn(&N) -> String) {
    let (kind, field, value) = match topic {
        Topic::Normal(topic_id) => ("normal", "topic_id", json!(topic_id.get())),
        Topic::Predefined(topic_id) => ("predefined", "topic_id", json!(topic_id.get())),
        Topic::Short(name) => ("short", "topic_name", json!(name.as_str())),
        Topic::Name(name) => ("normal", "topic_name", json!(text(name))),
    };
    fields.insert("topic_id_type".to_owned(), kind.into());
    fields.insert(field.to_owned(), value);
}

/// Returns the canonical form of a legal datagram: the shorter Length, and no meaningless flags and `MsgId`.
pub(crate) fn canonical(raw: &[u8]) -> Vec<u8> {
    if raw[0] > 1 && raw[1] == 0xFE {
        let (header, message) = raw.split_at(raw[0].into());
        let mut written = header.to_vec();
        written[2] &= 0b11;
        written.extend(canonical(message));
        return written;
    }
    let head = if raw[0] == 1 { 3 } else { 1 };
    let mut body = raw[head + 1..].to_vec();
    let used = match raw[head] {
        0x04 => 0x0C,
        0x07 | 0x1A => 0x70,
        0x0C => 0xF3,
        0x12 => 0xE3,
        0x13 => 0x60,
        0x14 => 0x03,
        _ => 0xFF,
    };
    if let Some(first) = body.first_mut() {
        *first &= used;
    }
    if raw[head] == 0x0C && matches!(body[0] & 0x60, 0x00 | 0x60) {
        body[0] &= 0x7F;
        body[3..5].fill(0);
    }
    write(raw[head], &body)
}

/// A message with the shorter Length.
pub(crate) fn write(message_type: u8, body: &[u8]) -> Vec<u8> {
    let short = u8::try_from(body.len() + 2);
    let mut written = match short {
        Ok(len) => vec![len, message_type],
        Err(_) => {
            let [high, low] = u16::try_from(body.len() + 4).unwrap().to_be_bytes();
            vec![1, high, low, message_type]
        }
    };
    written.extend(body);
    written
}
