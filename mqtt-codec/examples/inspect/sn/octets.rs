//! The octets of a datagram, each row with the field that it belongs to.
//!
//! As in the view of MQTT, the fields are found without the codec, because an illegal datagram is not decoded.

use crate::show::dump::Rows;
use crate::show::fields::Field;
use crate::show::paint::Paint;
use crate::show::words;
use mqtt_codec::sn::{Flags, MessageType, TopicIdType};
use std::io::{self, Write};

pub(crate) fn rows(raw: &[u8], fault: Option<usize>, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let mut rows = Rows::new(raw, fault, paint, output);
    for field in fields(raw) {
        rows.field(&field)?;
    }
    rows.caret_at_end()
}

/// Returns the fields of a datagram, legal or not. Together they have all of its octets.
pub(crate) fn fields(raw: &[u8]) -> Vec<Field> {
    Walk::over(raw)
}

struct Walk<'a> {
    raw: &'a [u8],
    at: usize,
    fields: Vec<Field>,
}

impl<'a> Walk<'a> {
    fn over(raw: &'a [u8]) -> Vec<Field> {
        let mut walk = Self { raw, at: 0, fields: Vec::new() };
        // If the message ends early, the rest is shown as left over.
        let _ = walk.message();
        walk.rest("left over", words::binary);
        walk.fields
    }

    fn message(&mut self) -> Option<()> {
        let is_long = self.raw.get(self.at) == Some(&1);
        if is_long {
            self.take(3, "Length", |octets| number(octets.get(1..).unwrap_or_default()))?;
        } else {
            self.take(1, "Length", number)?;
        }
        let message_type = MessageType::from_u8(*self.raw.get(self.at)?);
        let name = message_type.map_or("reserved", MessageType::name);
        self.take(1, "MsgType", |octets| {
            format!("{name} (0x{})", octets.iter().map(|octet| format!("{octet:02X}")).collect::<String>())
        })?;
        self.body(message_type?)
    }

    fn body(&mut self, message_type: MessageType) -> Option<()> {
        match message_type {
            MessageType::Advertise => {
                self.take(1, "GwId", number)?;
                self.take(2, "Duration", number)?;
            }
            MessageType::SearchGw => self.take(1, "Radius", number).map(drop)?,
            MessageType::GwInfo => {
                self.take(1, "GwId", number)?;
                self.rest("GwAdd", words::binary);
            }
            MessageType::Connect => {
                self.flags(|flags| format!("Will {}, CleanSession {}", bit(flags.will()), bit(flags.clean_session())))?;
                self.take(1, "ProtocolId", number)?;
                self.take(2, "Duration", number)?;
                self.rest("ClientId", text);
            }
            MessageType::ConnAck | MessageType::WillTopicResp | MessageType::WillMsgResp => self.return_code()?,
            MessageType::WillTopicReq | MessageType::WillMsgReq | MessageType::PingResp => {}
            MessageType::WillTopic | MessageType::WillTopicUpd if self.at == self.raw.len() => {}
            MessageType::WillTopic | MessageType::WillTopicUpd => {
                self.flags(|flags| format!("QoS {}, Retain {}", qos(flags), bit(flags.retain())))?;
                self.rest("WillTopic", text);
            }
            MessageType::WillMsg | MessageType::WillMsgUpd => self.rest("WillMsg", words::payload),
            MessageType::Register => {
                self.take(2, "TopicId", number)?;
                self.take(2, "MsgId", number)?;
                self.rest("TopicName", text);
            }
            MessageType::RegAck | MessageType::PubAck => {
                self.take(2, "TopicId", number)?;
                self.take(2, "MsgId", number)?;
                self.return_code()?;
            }
            MessageType::Publish => {
                let flags = self.flags(|flags| {
                    let (dup, retain) = (bit(flags.dup()), bit(flags.retain()));
                    format!("DUP {dup}, QoS {}, Retain {retain}, {}", qos(flags), topic_id_type(flags))
                })?;
                self.topic(2, flags)?;
                self.take(2, "MsgId", number)?;
                self.rest("Data", words::payload);
            }
            MessageType::PubComp | MessageType::PubRec | MessageType::PubRel | MessageType::UnsubAck => {
                self.take(2, "MsgId", number)?;
            }
            MessageType::Subscribe | MessageType::Unsubscribe => {
                let flags = self.flags(|flags| match message_type {
                    MessageType::Subscribe => {
                        format!("DUP {}, QoS {}, {}", bit(flags.dup()), qos(flags), topic_id_type(flags))
                    }
                    _ => topic_id_type(flags).to_owned(),
                })?;
                self.take(2, "MsgId", number)?;
                match flags.topic_id_type() {
                    TopicIdType::Normal => self.rest("TopicName", text),
                    _ => self.topic(2, flags)?,
                }
            }
            MessageType::SubAck => {
                self.flags(|flags| format!("QoS {}", qos(flags)))?;
                self.take(2, "TopicId", number)?;
                self.take(2, "MsgId", number)?;
                self.return_code()?;
            }
            MessageType::PingReq => self.rest("ClientId", text),
            MessageType::Disconnect if self.at == self.raw.len() => {}
            MessageType::Disconnect => self.take(2, "Duration", number).map(drop)?,
            MessageType::Encapsulated => {
                self.take(1, "Ctrl", |octets| format!("Radius {}", first(octets) & 0b11))?;
                // Length counts the octets before the message.
                let end = usize::from(first(self.raw));
                self.take(end.checked_sub(self.at)?, "Wireless Node Id", words::binary)?;
                self.message()?;
            }
        }
        Some(())
    }

    fn topic(&mut self, len: usize, flags: Flags) -> Option<()> {
        match flags.topic_id_type() {
            TopicIdType::Short => self.take(len, "TopicName", text).map(drop),
            _ => self.take(len, "TopicId", number).map(drop),
        }
    }

    fn flags(&mut self, value: impl FnOnce(Flags) -> String) -> Option<Flags> {
        let octets = self.take(1, "Flags", |octets| {
            let bits = first(octets);
            format!("{bits:08b} ({})", value(Flags::from_bits(bits)))
        })?;
        Some(Flags::from_bits(first(octets)))
    }

    fn return_code(&mut self) -> Option<()> {
        self.take(1, "ReturnCode", |octets| mqtt_codec::sn::ReturnCode::from_u8(first(octets)).to_string()).map(drop)
    }

    fn take(&mut self, len: usize, name: &str, value: impl FnOnce(&[u8]) -> String) -> Option<&'a [u8]> {
        let end = self.at.checked_add(len)?;
        let octets = self.raw.get(self.at..end)?;
        // A field that has no octets has no row.
        if !octets.is_empty() {
            self.fields.push(Field {
                range: self.at..end,
                name: name.to_owned(),
                value: value(octets),
                is_secret: false,
            });
        }
        self.at = end;
        Some(octets)
    }

    fn rest(&mut self, name: &str, value: impl FnOnce(&[u8]) -> String) {
        self.take(self.raw.len().saturating_sub(self.at), name, value);
    }
}

fn number(octets: &[u8]) -> String {
    octets.iter().fold(0_u32, |number, octet| number << 8 | u32::from(*octet)).to_string()
}

fn text(octets: &[u8]) -> String {
    core::str::from_utf8(octets).map_or_else(|_| words::binary(octets), words::quoted)
}

fn qos(flags: Flags) -> &'static str {
    match flags.bits() >> 5 & 0b11 {
        0 => "0",
        1 => "1",
        2 => "2",
        _ => "-1",
    }
}

const fn topic_id_type(flags: Flags) -> &'static str {
    match flags.topic_id_type() {
        TopicIdType::Normal => "normal topic",
        TopicIdType::Predefined => "predefined topic",
        TopicIdType::Short => "short topic name",
        TopicIdType::Reserved => "reserved TopicIdType",
    }
}

const fn bit(is_set: bool) -> u8 {
    if is_set { 1 } else { 0 }
}

fn first(octets: &[u8]) -> u8 {
    octets.first().copied().unwrap_or_default()
}
