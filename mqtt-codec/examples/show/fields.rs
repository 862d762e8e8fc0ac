//! The fields of a packet, found by walking over its bytes.
//!
//! A packet that is not legal is not decoded, so its fields are found here, as far as they go.

use crate::show::words;
use core::ops::Range;
use mqtt_codec::{
    PacketType, PropertyIdentifier, PropertyType, ProtocolVersion, ReasonCode, SubscriptionOptions, VariableByteInteger,
};

/// A field of a packet.
pub(crate) struct Field {
    /// Where its bytes are in the packet.
    pub(crate) range: Range<usize>,
    pub(crate) name: String,
    /// Its value in words; empty if it has none.
    pub(crate) value: String,
    /// Its bytes must not be shown.
    pub(crate) is_secret: bool,
}

/// Calls `visit` with every field of a packet, in order. Together the fields have all bytes of the packet. They are not
/// collected, since a packet may have millions.
pub(crate) fn visit(raw: &[u8], version: ProtocolVersion, visit: &mut dyn FnMut(Field)) {
    let mut walk = Walk { raw, at: 0, end: raw.len(), visit, prefix: "", hides_what_is_odd: false };
    // Where a field is cut off, the rest is left over.
    let _ = walk.packet(version);
    walk.prefix = "";
    walk.end = raw.len();
    if walk.at < walk.end {
        walk.push(walk.end, "left over", String::new(), walk.hides_what_is_odd);
    }
}

/// Goes through a packet field by field. A step returns `None` if the field is cut off or makes no sense.
struct Walk<'a, 'v> {
    raw: &'a [u8],
    at: usize,
    /// The end of the packet, or of the properties that `at` is in.
    end: usize,
    visit: &'v mut dyn FnMut(Field),
    /// Precedes every name: properties are indented.
    prefix: &'static str,
    /// Bytes that are cut off or left over may be a Password.
    hides_what_is_odd: bool,
}

impl<'a> Walk<'a, '_> {
    fn packet(&mut self, version: ProtocolVersion) -> Option<()> {
        let first = *self.raw.first()?;
        let packet_type = PacketType::from_first_byte(first);
        let flags = match packet_type {
            PacketType::Publish => {
                let dup = if first & 0b1000 != 0 { ", DUP" } else { "" };
                let retain = if first & 0b0001 != 0 { ", RETAIN" } else { "" };
                format!("QoS {}{dup}{retain}", first >> 1 & 0b11)
            }
            _ => format!("flags {:04b}", first & 0x0F),
        };
        self.take(1, packet_type.name(), |_| flags)?;
        self.variable_byte_integer("Remaining Length")?;
        match packet_type {
            PacketType::Connect => self.connect(),
            PacketType::ConnAck => {
                self.take(1, "Connect Acknowledge Flags", |bytes| {
                    let session = if bytes == [1] { " (Session Present)" } else { "" };
                    format!("{:08b}{session}", first_of(bytes))
                })?;
                if version.is_v3() {
                    self.number(1, "Connect Return Code")?;
                    return Some(());
                }
                self.reason_code("Connect Reason Code", ReasonCode::SUCCESS.name())?;
                self.properties("")
            }
            PacketType::Publish => {
                self.text("Topic Name")?;
                if first & 0b0110 != 0 {
                    self.number(2, "Packet Identifier")?;
                }
                if !version.is_v3() {
                    self.properties("")?;
                }
                self.rest("Payload", words::payload)
            }
            PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp => {
                self.number(2, "Packet Identifier")?;
                self.reason_and_properties(ReasonCode::SUCCESS.name(), version)
            }
            PacketType::Subscribe | PacketType::Unsubscribe => {
                self.packet_identifier_and_properties(version)?;
                while self.at < self.end {
                    self.text("Topic Filter")?;
                    if packet_type == PacketType::Subscribe {
                        self.subscription_options(version)?;
                    }
                }
                Some(())
            }
            PacketType::SubAck => {
                self.packet_identifier_and_properties(version)?;
                while self.at < self.end {
                    let (name, value) = words::suback_code(*self.raw.get(self.at)?, version);
                    self.take(1, name, |_| value)?;
                }
                Some(())
            }
            PacketType::UnsubAck => {
                self.packet_identifier_and_properties(version)?;
                while self.at < self.end {
                    self.reason_code("Reason Code", ReasonCode::SUCCESS.name())?;
                }
                Some(())
            }
            PacketType::Disconnect => self.reason_and_properties("Normal disconnection", version),
            PacketType::Auth => self.reason_and_properties(ReasonCode::SUCCESS.name(), version),
            PacketType::PingReq | PacketType::PingResp | PacketType::Reserved => Some(()),
        }
    }

    fn connect(&mut self) -> Option<()> {
        let name = self.text("Protocol Name")?.get(2..)?;
        let level = self.take(1, "Protocol Version", |bytes| match first_of(bytes) {
            level @ 0x80.. => format!("{}, sent by a bridge", level & 0x7F),
            level => level.to_string(),
        })?;
        let version = ProtocolVersion::from_name_and_level(name, first_of(level) & !ProtocolVersion::BRIDGE_BIT)?;
        let flags = self.take(1, "Connect Flags", |bytes| {
            let flags = first_of(bytes);
            format!("{flags:08b} ({})", words::connect_flags(flags, version))
        })?;
        let flags = first_of(flags);
        self.number(2, "Keep Alive")?;
        if !version.is_v3() {
            self.properties("")?;
        }
        self.hides_what_is_odd = true;
        self.text("Client Identifier")?;
        if flags & 0b0000_0100 != 0 {
            if !version.is_v3() {
                self.properties("Will ")?;
            }
            self.text("Will Topic")?;
            self.prefixed("Will Payload", words::payload)?;
        }
        if flags & 0b1000_0000 != 0 {
            self.text("User Name")?;
        }
        if flags & 0b0100_0000 != 0 {
            let len = prefixed_len(self.raw.get(self.at..self.end)?);
            self.field(len, "Password", true, |bytes| words::hidden(bytes.len().saturating_sub(2)))?;
        }
        Some(())
    }

    fn packet_identifier_and_properties(&mut self, version: ProtocolVersion) -> Option<()> {
        self.number(2, "Packet Identifier")?;
        if version.is_v3() { Some(()) } else { self.properties("") }
    }

    /// Visits Reason Code and properties, which may be omitted.
    fn reason_and_properties(&mut self, zero: &str, version: ProtocolVersion) -> Option<()> {
        if version.is_v3() || self.at == self.end {
            return Some(());
        }
        self.reason_code("Reason Code", zero)?;
        if self.at == self.end { Some(()) } else { self.properties("") }
    }

    fn reason_code(&mut self, name: &str, zero: &str) -> Option<()> {
        self.take(1, name, |bytes| match first_of(bytes) {
            0 => format!("{zero} (0x00)"),
            code => ReasonCode::from_u8(code).map_or_else(|| format!("0x{code:02X}"), |code| code.to_string()),
        })?;
        Some(())
    }

    fn subscription_options(&mut self, version: ProtocolVersion) -> Option<()> {
        self.take(1, "  Subscription Options", |bytes| {
            let byte = first_of(bytes);
            let options = SubscriptionOptions::from_byte(if version.is_v3() { byte & 0b11 } else { byte });
            options.map_or_else(|_| format!("{byte:08b}"), |options| words::options(options, version))
        })?;
        Some(())
    }

    fn properties(&mut self, whose: &str) -> Option<()> {
        let len = self.variable_byte_integer(&format!("{whose}Property Length"))?;
        let end = self.end;
        let properties_end = self.at.saturating_add(len);
        self.end = properties_end.min(end);
        self.prefix = "  ";
        while self.at < self.end {
            self.property()?;
        }
        self.prefix = "";
        self.end = end;
        (properties_end <= end).then_some(())
    }

    fn property(&mut self) -> Option<()> {
        let identifier = PropertyIdentifier::from_u8(*self.raw.get(self.at)?)?;
        let bytes = self.raw.get(self.at..self.end)?;
        let len = match identifier.property_type() {
            PropertyType::Byte => 1,
            PropertyType::TwoByteInteger => 2,
            PropertyType::FourByteInteger => 4,
            PropertyType::VariableByteInteger => VariableByteInteger::decode(bytes.get(1..)?).ok()??.len,
            PropertyType::Utf8String | PropertyType::BinaryData => prefixed_len(bytes.get(1..)?),
            PropertyType::Utf8StringPair => {
                let name_len = prefixed_len(bytes.get(1..)?);
                let value = bytes.get(name_len.saturating_add(1)..).unwrap_or_default();
                name_len.saturating_add(prefixed_len(value))
            }
        };
        let is_secret = identifier == PropertyIdentifier::AuthenticationData;
        self.field(len.saturating_add(1), identifier.name(), is_secret, |bytes| {
            let value = bytes.get(1..).unwrap_or_default();
            match identifier.property_type() {
                PropertyType::Byte | PropertyType::TwoByteInteger | PropertyType::FourByteInteger => {
                    number(value).to_string()
                }
                PropertyType::VariableByteInteger => match VariableByteInteger::decode(value) {
                    Ok(Some(decoded)) => decoded.value.get().to_string(),
                    _ => String::new(),
                },
                PropertyType::Utf8String => text_of(value.get(2..).unwrap_or_default()),
                PropertyType::BinaryData if is_secret => words::hidden(value.len().saturating_sub(2)),
                PropertyType::BinaryData => words::binary(value.get(2..).unwrap_or_default()),
                PropertyType::Utf8StringPair => {
                    let (name, value) = value.split_at_checked(prefixed_len(value)).unwrap_or_default();
                    let name = text_of(name.get(2..).unwrap_or_default());
                    format!("{name} = {}", text_of(value.get(2..).unwrap_or_default()))
                }
            }
        })?;
        Some(())
    }

    fn number(&mut self, len: usize, name: &str) -> Option<()> {
        self.take(len, name, |bytes| number(bytes).to_string())?;
        Some(())
    }

    fn variable_byte_integer(&mut self, name: &str) -> Option<usize> {
        let bytes = self.raw.get(self.at..self.end)?;
        let Ok(Some(decoded)) = VariableByteInteger::decode(bytes) else {
            self.push(self.at.saturating_add(4).min(self.end), &format!("{name} (not a number)"), String::new(), false);
            return None;
        };
        self.take(decoded.len, name, |_| decoded.value.get().to_string())?;
        Some(decoded.value.to_usize())
    }

    /// Visits text after a two-byte length.
    fn text(&mut self, name: &str) -> Option<&'a [u8]> {
        self.prefixed(name, text_of)
    }

    /// Visits bytes after a two-byte length.
    fn prefixed(&mut self, name: &str, describe: impl FnOnce(&[u8]) -> String) -> Option<&'a [u8]> {
        let len = prefixed_len(self.raw.get(self.at..self.end)?);
        self.take(len, name, |bytes| describe(bytes.get(2..).unwrap_or_default()))
    }

    /// Visits all remaining bytes.
    fn rest(&mut self, name: &str, describe: impl FnOnce(&[u8]) -> String) -> Option<()> {
        self.take(self.end.saturating_sub(self.at), name, describe)?;
        Some(())
    }

    /// Visits a field of this many bytes.
    fn take(&mut self, len: usize, name: &str, describe: impl FnOnce(&[u8]) -> String) -> Option<&'a [u8]> {
        self.field(len, name, false, describe)
    }

    fn field(
        &mut self,
        len: usize,
        name: &str,
        is_secret: bool,
        describe: impl FnOnce(&[u8]) -> String,
    ) -> Option<&'a [u8]> {
        let end = self.at.saturating_add(len);
        match self.raw.get(self.at..end).filter(|_| end <= self.end) {
            Some(bytes) => {
                self.push(end, name, describe(bytes), is_secret);
                Some(bytes)
            }
            None => {
                self.push(self.end, &format!("{name} (cut off)"), String::new(), self.hides_what_is_odd);
                None
            }
        }
    }

    /// Visits a field that ends at `end`, unless it is empty.
    fn push(&mut self, end: usize, name: &str, value: String, is_secret: bool) {
        if self.at < end {
            let name = format!("{}{name}", self.prefix);
            (self.visit)(Field { range: self.at..end, name, value, is_secret });
            self.at = end;
        }
    }
}

/// Returns the length of a field with a two-byte length; 2 if the length is missing.
fn prefixed_len(bytes: &[u8]) -> usize {
    bytes.first_chunk().map_or(0, |len| usize::from(u16::from_be_bytes(*len))).saturating_add(2)
}

fn text_of(bytes: &[u8]) -> String {
    core::str::from_utf8(bytes).map_or_else(|_| words::binary(bytes), words::quoted)
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn first_of(bytes: &[u8]) -> u8 {
    bytes.first().copied().unwrap_or_default()
}
