//! A slow and short decoder that is written from the specification, octet by octet, without types of the codec.

use super::{Fields, hex};
use serde_json::Value;

/// Returns the fields of a datagram, or `None` if it is illegal.
pub(crate) fn decode(datagram: &[u8]) -> Option<Fields> {
    // Section 5.5: Length counts the encapsulation alone.
    if datagram.len() >= 2 && datagram[0] >= 2 && datagram[1] == 0xFE {
        let length = usize::from(datagram[0]);
        if length < 3 || length >= datagram.len() {
            return None;
        }
        let mut fields = Fields::new();
        put(&mut fields, "type", "ENCAPSULATED");
        put(&mut fields, "radius", datagram[2] & 3);
        put(&mut fields, "wireless_node_id", hex(&datagram[3..length]));
        put(&mut fields, "message", Value::Object(message(&datagram[length..])?));
        return Some(fields);
    }
    message(datagram)
}

/// Section 5.2: Length, `MsgType`, and the rest.
fn message(message: &[u8]) -> Option<Fields> {
    let (length, head) = match message {
        [1, high, low, ..] => (usize::from(*high) * 256 + usize::from(*low), 3),
        [length, ..] => (usize::from(*length), 1),
        [] => return None,
    };
    if length != message.len() || length < head + 1 || message[0] == 0 {
        return None;
    }
    let mut fields = Fields::new();
    let mut body = Body { rest: &message[head + 1..], fields: &mut fields };
    let name = body.read(message[head])?;
    if !body.rest.is_empty() {
        return None;
    }
    put(&mut fields, "type", name);
    Some(fields)
}

fn put(fields: &mut Fields, name: &str, value: impl Into<Value>) {
    fields.insert(name.to_owned(), value.into());
}

struct Body<'a> {
    rest: &'a [u8],
    fields: &'a mut Fields,
}

impl Body<'_> {
    fn octet(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u16> {
        Some(u16::from(self.octet()?) << 8 | u16::from(self.octet()?))
    }

    fn all(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.rest).to_vec()
    }

    fn put(&mut self, name: &str, value: impl Into<Value>) -> Option<()> {
        put(self.fields, name, value);
        Some(())
    }

    fn put_octet(&mut self, name: &str) -> Option<()> {
        let value = self.octet()?;
        self.put(name, value)
    }

    fn put_number(&mut self, name: &str) -> Option<()> {
        let value = self.number()?;
        self.put(name, value)
    }

    /// `MsgId` of a request: MQTT has no 0.
    fn put_message_id(&mut self) -> Option<()> {
        let value = self.number()?;
        if value == 0 { None } else { self.put("msg_id", value) }
    }

    /// 0xFFFF is reserved.
    fn put_topic_id(&mut self) -> Option<()> {
        let value = self.number()?;
        if value == 0xFFFF { None } else { self.put("topic_id", value) }
    }

    fn put_text(&mut self, name: &str, octets: Vec<u8>, is_legal: fn(&str) -> bool) -> Option<()> {
        let text = String::from_utf8(octets).ok()?;
        if text.contains('\0') || !is_legal(&text) {
            return None;
        }
        self.put(name, text)
    }

    fn put_client_id(&mut self) -> Option<()> {
        let text = self.all();
        self.put_text("client_id", text, |text| (1..=23).contains(&text.chars().count()))
    }

    /// 0, 1 or 2.
    fn put_qos(&mut self, flags: u8) -> Option<()> {
        let qos = flags >> 5 & 3;
        if qos == 3 { None } else { self.put("qos", qos) }
    }

    fn put_subscription(&mut self, flags: u8) -> Option<()> {
        self.put_message_id()?;
        match flags & 3 {
            0 => {
                self.put("topic_id_type", "normal")?;
                let text = self.all();
                self.put_text("topic_name", text, is_filter)
            }
            1 => {
                self.put("topic_id_type", "predefined")?;
                self.put_topic_id()
            }
            2 => {
                self.put("topic_id_type", "short")?;
                let text = vec![self.octet()?, self.octet()?];
                self.put_text("topic_name", text, |_| true)
            }
            _ => None,
        }
    }

    fn put_will(&mut self) -> Option<()> {
        let Some(flags) = self.octet() else { return Some(()) }; // the empty form deletes the Will
        self.put_qos(flags)?;
        self.put("retain", flags & 0x10 != 0)?;
        let text = self.all();
        self.put_text("will_topic", text, is_name)
    }

    fn put_publish(&mut self) -> Option<()> {
        let flags = self.octet()?;
        let qos = [0, 1, 2, -1][usize::from(flags >> 5 & 3)];
        self.put("qos", qos)?;
        self.put("dup", qos > 0 && flags & 0x80 != 0)?;
        self.put("retain", flags & 0x10 != 0)?;
        let topic = [self.octet()?, self.octet()?];
        let topic_id = u16::from_be_bytes(topic);
        match flags & 3 {
            0 if qos >= 0 && topic_id != 0xFFFF => {
                self.put("topic_id_type", "normal")?;
                self.put("topic_id", topic_id)?;
            }
            1 if topic_id != 0xFFFF => {
                self.put("topic_id_type", "predefined")?;
                self.put("topic_id", topic_id)?;
            }
            2 => {
                self.put("topic_id_type", "short")?;
                self.put_text("topic_name", topic.to_vec(), is_name)?;
            }
            _ => return None,
        }
        let message_id = self.number()?;
        if qos > 0 && message_id == 0 {
            return None;
        }
        self.put("msg_id", if qos > 0 { message_id } else { 0 })?;
        let data = self.all();
        self.put("data", hex(&data))
    }

    /// Section 5.4: the layout of each message. Gives its name.
    fn read(&mut self, message_type: u8) -> Option<&'static str> {
        Some(match message_type {
            0x00 => {
                self.put_octet("gw_id")?;
                self.put_number("duration")?;
                "ADVERTISE"
            }
            0x01 => {
                self.put_octet("radius")?;
                "SEARCHGW"
            }
            0x02 => {
                self.put_octet("gw_id")?;
                let address = self.all();
                if !address.is_empty() {
                    self.put("gw_add", hex(&address))?;
                }
                "GWINFO"
            }
            0x04 => {
                let flags = self.octet()?;
                self.put("will", flags & 0x08 != 0)?;
                self.put("clean_session", flags & 0x04 != 0)?;
                if self.octet()? != 1 {
                    return None;
                }
                self.put("protocol_id", 1)?;
                self.put_number("duration")?;
                self.put_client_id()?;
                "CONNECT"
            }
            0x05 => {
                self.put_octet("return_code")?;
                "CONNACK"
            }
            0x06 => "WILLTOPICREQ",
            0x07 => {
                self.put_will()?;
                "WILLTOPIC"
            }
            0x08 => "WILLMSGREQ",
            0x09 => {
                let message = self.all();
                self.put("will_msg", hex(&message))?;
                "WILLMSG"
            }
            0x0A => {
                self.put_topic_id()?;
                self.put_message_id()?;
                let text = self.all();
                self.put_text("topic_name", text, is_name)?;
                "REGISTER"
            }
            0x0B | 0x0D => {
                self.put_number("topic_id")?;
                self.put_number("msg_id")?;
                self.put_octet("return_code")?;
                if message_type == 0x0B { "REGACK" } else { "PUBACK" }
            }
            0x0C => {
                self.put_publish()?;
                "PUBLISH"
            }
            0x0E..=0x10 | 0x15 => {
                self.put_number("msg_id")?;
                match message_type {
                    0x0E => "PUBCOMP",
                    0x0F => "PUBREC",
                    0x10 => "PUBREL",
                    _ => "UNSUBACK",
                }
            }
            0x12 => {
                let flags = self.octet()?;
                self.put("dup", flags & 0x80 != 0)?;
                self.put_qos(flags)?;
                self.put_subscription(flags)?;
                "SUBSCRIBE"
            }
            0x13 => {
                let flags = self.octet()?;
                self.put_qos(flags)?;
                self.put_number("topic_id")?;
                self.put_number("msg_id")?;
                self.put_octet("return_code")?;
                "SUBACK"
            }
            0x14 => {
                let flags = self.octet()?;
                self.put_subscription(flags)?;
                "UNSUBSCRIBE"
            }
            0x16 => {
                if !self.rest.is_empty() {
                    self.put_client_id()?;
                }
                "PINGREQ"
            }
            0x17 => "PINGRESP",
            0x18 => {
                if !self.rest.is_empty() {
                    self.put_number("duration")?;
                }
                "DISCONNECT"
            }
            0x1A => {
                self.put_will()?;
                "WILLTOPICUPD"
            }
            0x1B => {
                self.put_octet("return_code")?;
                "WILLTOPICRESP"
            }
            0x1C => {
                let message = self.all();
                self.put("will_msg", hex(&message))?;
                "WILLMSGUPD"
            }
            0x1D => {
                self.put_octet("return_code")?;
                "WILLMSGRESP"
            }
            _ => return None,
        })
    }
}

/// A topic name of MQTT.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(['+', '#'])
}

/// A topic filter of MQTT 3.1.
fn is_filter(text: &str) -> bool {
    let levels: Vec<&str> = text.split('/').collect();
    let is_level = |(number, level): (usize, &&str)| match *level {
        "+" => true,
        "#" => number + 1 == levels.len(),
        level => !level.contains(['+', '#']),
    };
    !text.is_empty() && levels.iter().enumerate().all(is_level)
}

/// The values that the tests of the plain decoder itself compare with.
#[test]
fn the_plain_decoder_reads_what_the_specification_says() {
    let connect = decode(&[7, 4, 0x0C, 1, 0, 60, b'c']).unwrap();
    let expected = serde_json::json!({
        "type": "CONNECT", "will": true, "clean_session": true, "protocol_id": 1, "duration": 60, "client_id": "c",
    });
    assert_eq!(Value::Object(connect), expected);
    assert!(decode(&[7, 4, 0x0C, 2, 0, 60, b'c']).is_none());
}
