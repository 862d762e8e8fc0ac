//! A second decoder, written from the tables of the standards, without code of the codec. It is slow, and so simple
//! that it can be verified by reading. It returns the fields of a packet, but not the reason of an error.

use super::Rules;
use mqtt_codec::{ProtocolVersion, Sender};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The number of bytes, and the values that they contain, in wire order.
    Accept(usize, Vec<Fact>),
    /// So many more bytes at least.
    Incomplete(usize),
    Reject,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Number(u32),
    Bytes(Vec<u8>),
    Pair(Vec<u8>, Vec<u8>),
}

/// A field by name, or a property by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    Field(&'static str, Value),
    Property(u8, Value),
}

/// The packet breaks a rule. The plain decoder does not report which.
pub(crate) struct Wrong;

type Result<T> = core::result::Result<T, Wrong>;

fn require(holds: bool) -> Result<()> {
    if holds { Ok(()) } else { Err(Wrong) }
}

/// The wire type of a property, and where it may be: section 2.2.2.2 of 5.0.
enum Kind {
    /// Only 0 and 1.
    Flag,
    U16,
    U16NotZero,
    U32,
    U32NotZero,
    Vbi,
    Str,
    Topic,
    Bin,
    Pair,
}

/// Letters: c CONNECT, w Will, C CONNACK, p PUBLISH, a PUBACK and its three sisters, s SUBSCRIBE, S SUBACK, u UNSUBSCRIBE,
/// U UNSUBACK, d DISCONNECT, A AUTH. After the slash those where it may be more than once.
const PROPERTIES: [(u8, Kind, &str); 27] = [
    (0x01, Kind::Flag, "pw"),
    (0x02, Kind::U32, "pw"),
    (0x03, Kind::Str, "pw"),
    (0x08, Kind::Topic, "pw"),
    (0x09, Kind::Bin, "pw"),
    (0x0B, Kind::Vbi, "s/p"),
    (0x11, Kind::U32, "cCd"),
    (0x12, Kind::Str, "C"),
    (0x13, Kind::U16, "C"),
    (0x15, Kind::Str, "cCA"),
    (0x16, Kind::Bin, "cCA"),
    (0x17, Kind::Flag, "c"),
    (0x18, Kind::U32, "w"),
    (0x19, Kind::Flag, "c"),
    (0x1A, Kind::Str, "C"),
    (0x1C, Kind::Str, "Cd"),
    (0x1F, Kind::Str, "CaSUdA"),
    (0x21, Kind::U16NotZero, "cC"),
    (0x22, Kind::U16, "cC"),
    (0x23, Kind::U16NotZero, "p"),
    (0x24, Kind::Flag, "C"),
    (0x25, Kind::Flag, "C"),
    (0x26, Kind::Pair, "/cwCpasSuUdA"),
    (0x27, Kind::U32NotZero, "cC"),
    (0x28, Kind::Flag, "C"),
    (0x29, Kind::Flag, "C"),
    (0x2A, Kind::Flag, "C"),
];

/// Section 2.4 of 5.0; 0x8C in DISCONNECT stands there and not in section 3.14.2.1.
const CONNACK: [u8; 22] = [
    0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B,
    0x9C, 0x9D, 0x9F,
];
const PUBACK: [u8; 9] = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];
const PUBREL: [u8; 2] = [0x00, 0x92];
const SUBACK: [u8; 12] = [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2];
const UNSUBACK: [u8; 7] = [0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91];
const DISCONNECT: [u8; 30] = [
    0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
    0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
];
const AUTH: [u8; 3] = [0x00, 0x18, 0x19];

/// The Connect Return Codes of 3.x, as the codes of 5.0 that mean the same.
const RETURN_CODES: [u8; 6] = [0x00, 0x84, 0x85, 0x88, 0x86, 0x87];

/// Decodes a packet. The first byte is checked at once, the Remaining Length when it is complete, and everything else
/// when the packet is complete.
pub(crate) fn decode(input: &[u8], rules: &Rules) -> Verdict {
    let Some(first) = input.first() else { return Verdict::Incomplete(2) };
    if first_byte(*first, rules).is_err() {
        return Verdict::Reject;
    }
    let mut length = 0;
    let mut header = 1;
    loop {
        let Some(byte) = input.get(header) else { return Verdict::Incomplete(1) };
        length += usize::from(byte & 0x7F) << (7 * (header - 1));
        header += 1;
        if byte & 0x80 == 0 {
            break;
        }
        if header == 5 {
            return Verdict::Reject;
        }
    }
    let is_minimal = header == 2 || input[header - 1] != 0;
    let is_connect = *first >> 4 == 1;
    if !is_connect && !is_minimal && rules.version == ProtocolVersion::V5 && !rules.allow_longer_lengths {
        return Verdict::Reject;
    }
    let size = header + length;
    if u32::try_from(size).unwrap() > rules.limit {
        return Verdict::Reject;
    }
    if input.len() < size {
        // Bytes after the last field are seen in the Remaining Length, where all fields have one length.
        let is_v3 = rules.version.is_v3();
        let largest = match first >> 4 {
            2 if is_v3 && !rules.allow_connack_of_other_version => 2,
            4..=7 if is_v3 => 2,
            11 if is_v3 && !rules.allow_unsuback_of_other_version => 2,
            12 | 13 => 0,
            14 if is_v3 => 0,
            _ => length,
        };
        return if length > largest { Verdict::Reject } else { Verdict::Incomplete(size - input.len()) };
    }
    let mut packet = Packet { rest: input[header..size].to_vec(), facts: Vec::new(), rules: *rules };
    match packet.read(*first, is_minimal) {
        Ok(()) if packet.rest.is_empty() => Verdict::Accept(size, packet.facts),
        _ => Verdict::Reject,
    }
}

/// Returns `true` if these are legal properties of the packet with this letter.
pub(crate) fn are_properties(bytes: &[u8], letter: char) -> bool {
    let strict = Rules::split(&[2, 0, 0, 0]).unwrap().0; // 5.0
    let mut packet = Packet { rest: Vec::new(), facts: Vec::new(), rules: strict };
    packet.properties_of(bytes.to_vec(), letter).is_ok()
}

/// Returns the encoded property.
pub(crate) fn write_property(number: u8, value: &Value, output: &mut Vec<u8>) {
    output.push(number);
    let kind = PROPERTIES.iter().find(|(row, ..)| *row == number).map(|(_, kind, _)| kind);
    let put = |bytes: &[u8], output: &mut Vec<u8>| {
        output.extend(u16::try_from(bytes.len()).unwrap().to_be_bytes());
        output.extend_from_slice(bytes);
    };
    match (value, kind) {
        (Value::Bytes(bytes), _) => put(bytes, output),
        (Value::Pair(name, value), _) => {
            put(name, output);
            put(value, output);
        }
        (Value::Number(number), Some(Kind::Flag)) => output.push(u8::try_from(*number).unwrap()),
        (Value::Number(number), Some(Kind::U16 | Kind::U16NotZero)) => output.extend(&number.to_be_bytes()[2..]),
        (Value::Number(number), Some(Kind::Vbi)) => {
            let mut rest = *number;
            while rest > 0x7F {
                output.push(rest.to_le_bytes()[0] | 0x80);
                rest >>= 7;
            }
            output.push(rest.to_le_bytes()[0]);
        }
        (Value::Number(number), _) => output.extend(number.to_be_bytes()),
    }
}

/// Section 2.1.2 and 2.1.3 of 5.0, 2.2.1 and 2.2.2 of 3.1.1, 2.1 of 3.1.
fn first_byte(first: u8, rules: &Rules) -> Result<()> {
    let is_v31 = rules.version == ProtocolVersion::V3_1;
    let is_v5 = rules.version == ProtocolVersion::V5;
    let (from_client, from_server) = match first >> 4 {
        1 | 8 | 10 => (true, false),
        12 => (true, !is_v5 && rules.allow_pingreq_from_server),
        2 | 9 | 11 | 13 => (false, true),
        3..=7 => (true, true),
        14 => (true, is_v5 || rules.allow_disconnect_from_server),
        15 => (is_v5, is_v5),
        _ => (false, false),
    };
    require(match rules.sender {
        Sender::Client => from_client,
        Sender::Server => from_server,
        Sender::Either => from_client || from_server,
    })?;
    let flags = first & 0x0F;
    match first >> 4 {
        1 => Ok(()), // by the version of its own
        3 => {
            require(flags & 0b0110 != 0b0110)?; // QoS 3
            require(flags & 0b1110 != 0b1000 || is_v31 || rules.allow_dup_at_qos_0)
        }
        4..=11 if rules.allow_reserved_flags => Ok(()),
        6 | 8 | 10 if is_v31 => require(flags & 0b0110 == 0b0010),
        _ if is_v31 => Ok(()),
        6 | 8 | 10 => require(flags == 0b0010),
        _ => require(flags == 0),
    }
}

struct Packet {
    rest: Vec<u8>,
    facts: Vec<Fact>,
    rules: Rules,
}

impl Packet {
    fn is_v5(&self) -> bool {
        self.rules.version == ProtocolVersion::V5
    }

    fn is_v31(&self) -> bool {
        self.rules.version == ProtocolVersion::V3_1
    }

    fn note(&mut self, name: &'static str, value: Value) {
        self.facts.push(Fact::Field(name, value));
    }

    fn note_number(&mut self, name: &'static str, value: impl Into<u32>) {
        self.note(name, Value::Number(value.into()));
    }

    fn take(&mut self, len: usize) -> Result<Vec<u8>> {
        require(len <= self.rest.len())?;
        let behind = self.rest.split_off(len);
        Ok(core::mem::replace(&mut self.rest, behind))
    }

    fn u8(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn u16(&mut self) -> Result<u16> {
        Ok(u16::from(self.u8()?) * 256 + u16::from(self.u8()?))
    }

    fn u32(&mut self) -> Result<u32> {
        Ok(u32::from(self.u16()?) * 65_536 + u32::from(self.u16()?))
    }

    fn vbi(&mut self, may_be_longer: bool) -> Result<u32> {
        let mut value = 0;
        for place in 0..4 {
            let byte = self.u8()?;
            value += u32::from(byte & 0x7F) << (7 * place);
            if byte & 0x80 == 0 {
                require(may_be_longer || place == 0 || byte != 0)?;
                return Ok(value);
            }
        }
        Err(Wrong)
    }

    fn bin(&mut self) -> Result<Vec<u8>> {
        let len = self.u16()?;
        self.take(len.into())
    }

    fn str(&mut self) -> Result<Vec<u8>> {
        let text = self.bin()?;
        require(is_string(&text))?;
        require(!self.rules.refuse_discouraged_characters || !has_discouraged(&text))?;
        Ok(text)
    }

    fn topic(&mut self) -> Result<Vec<u8>> {
        let name = self.str()?;
        require(is_topic_name(&name))?;
        Ok(name)
    }

    fn packet_identifier(&mut self) -> Result<()> {
        let identifier = self.u16()?;
        require(identifier != 0)?;
        self.note_number("packet identifier", identifier);
        Ok(())
    }

    fn code(&mut self, table: &[u8]) -> Result<u8> {
        let code = self.u8()?;
        require(table.contains(&code))?;
        Ok(code)
    }

    /// The code of a packet that has one code. By leniency the failure of another packet is Unspecified error.
    fn single_code(&mut self, table: &[u8]) -> Result<u8> {
        let code = self.u8()?;
        let tables = [&CONNACK[..], &PUBACK, &PUBREL, &SUBACK, &UNSUBACK, &DISCONNECT, &AUTH];
        if self.rules.allow_reason_codes_of_other_packets && code >= 0x80 && !table.contains(&code) {
            require(tables.iter().any(|table| table.contains(&code)) && table.contains(&0x80))?;
            return Ok(0x80);
        }
        require(table.contains(&code))?;
        Ok(code)
    }

    /// Section 2.2.2 of 5.0; 3.x has none.
    fn properties(&mut self, letter: char) -> Result<()> {
        if !self.is_v5() {
            return Ok(());
        }
        let len = self.vbi(self.rules.allow_longer_lengths)?;
        let block = self.take(usize::try_from(len).unwrap())?;
        self.properties_of(block, letter)
    }

    fn properties_of(&mut self, block: Vec<u8>, letter: char) -> Result<()> {
        let mut inner = Self { rest: block, facts: Vec::new(), rules: self.rules };
        let mut seen = Vec::new();
        while !inner.rest.is_empty() {
            let number = inner.u8()?;
            let (_, kind, packets) = PROPERTIES.iter().find(|(row, ..)| *row == number).ok_or(Wrong)?;
            require(packets.contains(letter))?;
            let may_repeat = packets.split('/').nth(1).is_some_and(|packets| packets.contains(letter));
            require(may_repeat || !seen.contains(&number))?;
            seen.push(number);
            // Property, and the value that means that it is absent.
            let placeholder: &[u8] = match number {
                0x0B => &[0],
                0x21 | 0x23 => &[0, 0],
                0x24 => &[2],
                0x27 => &[0, 0, 0, 0],
                _ => &[],
            };
            let may_be_absent = self.rules.allow_placeholder_values && !placeholder.is_empty();
            if may_be_absent && inner.rest.starts_with(placeholder) {
                inner.take(placeholder.len())?;
                continue;
            }
            let value = inner.value(kind)?;
            inner.facts.push(Fact::Property(number, value));
        }
        require(letter != 'A' || seen.contains(&0x15))?;
        require(letter != 'c' || !seen.contains(&0x16) || seen.contains(&0x15))?;
        self.facts.append(&mut inner.facts);
        Ok(())
    }

    fn value(&mut self, kind: &Kind) -> Result<Value> {
        let number = match kind {
            Kind::Flag => self.u8()?.into(),
            Kind::U16 | Kind::U16NotZero => self.u16()?.into(),
            Kind::U32 | Kind::U32NotZero => self.u32()?,
            Kind::Vbi => self.vbi(false)?,
            Kind::Str => return Ok(Value::Bytes(self.str()?)),
            Kind::Topic => return Ok(Value::Bytes(self.topic()?)),
            Kind::Bin => return Ok(Value::Bytes(self.bin()?)),
            Kind::Pair => return Ok(Value::Pair(self.str()?, self.str()?)),
        };
        require(!matches!(kind, Kind::Flag) || number <= 1)?;
        require(!matches!(kind, Kind::U16NotZero | Kind::U32NotZero | Kind::Vbi) || number != 0)?;
        Ok(Value::Number(number))
    }

    fn has_property(&self, number: u8) -> bool {
        self.facts.iter().any(|fact| matches!(fact, Fact::Property(row, _) if *row == number))
    }

    /// Payload Format Indicator 1, among the facts from `start` on: the payload is UTF-8, if that is checked.
    fn payload_format(&self, start: usize, payload: &[u8]) -> Result<()> {
        let says_utf8 = self.facts[start..].contains(&Fact::Property(0x01, Value::Number(1)));
        require(!self.rules.check_payload_format || !says_utf8 || characters(payload).is_some())
    }

    fn read(&mut self, first: u8, is_minimal: bool) -> Result<()> {
        match first >> 4 {
            1 => self.connect(first & 0x0F, is_minimal),
            2 => self.connack(),
            3 => self.publish(first),
            4 | 5 => self.acknowledgement(&PUBACK),
            6 | 7 => self.acknowledgement(&PUBREL),
            8 => self.subscribe(),
            9 => self.suback(),
            10 => self.unsubscribe(),
            11 => self.unsuback(),
            14 => self.disconnect(),
            15 => self.auth(),
            _ => Ok(()), // PINGREQ and PINGRESP are empty
        }
    }

    fn connect(&mut self, fixed_flags: u8, is_minimal: bool) -> Result<()> {
        let name = self.bin()?;
        let mut level = self.u8()?;
        let bridge = level >= 0x80 && self.rules.allow_bridge_bit;
        if bridge {
            level -= 0x80;
            require(level != 5)?;
        }
        self.rules.version = match (name.as_slice(), level) {
            (b"MQIsdp", 3) => ProtocolVersion::V3_1,
            (b"MQTT", 3) if self.rules.allow_mqtt_level_3 => ProtocolVersion::V3_1,
            (b"MQTT", 4) => ProtocolVersion::V3_1_1,
            (b"MQTT", 5) => ProtocolVersion::V5,
            _ => return Err(Wrong),
        };
        self.note_number("level", level);
        self.note_number("bridge", bridge);
        require(self.is_v31() || fixed_flags == 0)?;
        require(!self.is_v5() || is_minimal || self.rules.allow_longer_lengths)?;
        let flags = self.u8()?;
        let has = |bit: u8| flags & 1 << bit != 0;
        let will_qos = flags >> 3 & 3;
        require(self.is_v31() || !has(0))?;
        let may_have_will_flags = self.is_v31() || self.rules.allow_will_flags_without_will;
        require(may_have_will_flags || has(2) || will_qos == 0 && !has(5))?;
        require(!has(2) || will_qos != 3)?;
        require(self.is_v5() || has(7) || !has(6) || self.rules.allow_password_without_user_name)?;
        self.note_number("clean start", has(1));
        let keep_alive = self.u16()?;
        self.note_number("keep alive", keep_alive);
        self.properties('c')?;
        let client_identifier = self.str()?;
        let may_be_empty = self.is_v5() || !self.is_v31() && has(1) || self.rules.allow_empty_client_identifier;
        require(may_be_empty || !client_identifier.is_empty())?;
        let characters = characters(&client_identifier).ok_or(Wrong)?.len();
        require(!self.is_v31() || !self.rules.refuse_long_client_identifiers || characters <= 23)?;
        self.note("client identifier", Value::Bytes(client_identifier));
        if has(2) {
            self.note_number("will qos", will_qos);
            self.note_number("will retain", has(5));
            let start = self.facts.len();
            self.properties('w')?;
            let topic = self.topic()?;
            let payload = self.bin()?;
            self.payload_format(start, &payload)?;
            self.note("will topic", Value::Bytes(topic));
            self.note("will payload", Value::Bytes(payload));
        }
        // In 3.1 the Remaining Length wins over the flags.
        if has(7) && !(self.is_v31() && self.rest.is_empty()) {
            let user_name = self.str()?;
            self.note("user name", Value::Bytes(user_name));
        }
        if has(6) && !(self.is_v31() && self.rest.is_empty()) {
            let password = self.bin()?;
            self.note("password", Value::Bytes(password));
        }
        Ok(())
    }

    fn connack(&mut self) -> Result<()> {
        if self.rules.allow_connack_of_other_version {
            match self.rest.len() {
                2 if self.is_v5() => self.rules.version = ProtocolVersion::V3_1_1,
                3.. if !self.is_v5() => self.rules.version = ProtocolVersion::V5,
                _ => {}
            }
        }
        let mut flags = self.u8()?;
        if self.is_v31() {
            flags = 0; // not used there
        }
        require(flags <= 1)?;
        let code = if self.is_v5() {
            self.single_code(&CONNACK)?
        } else {
            *RETURN_CODES.get(usize::from(self.u8()?)).ok_or(Wrong)?
        };
        if self.rules.allow_session_present_with_failure && code != 0 {
            flags = 0;
        }
        require(flags == 0 || code == 0)?;
        self.note_number("session present", flags);
        self.note_number("reason code", code);
        self.properties('C')
    }

    fn publish(&mut self, first: u8) -> Result<()> {
        let qos = first >> 1 & 3;
        self.note_number("qos", qos);
        self.note_number("dup", qos > 0 && first & 0x08 != 0);
        self.note_number("retain", first & 0x01);
        let topic = self.str()?;
        require(topic.is_empty() || is_topic_name(&topic))?;
        if qos > 0 {
            self.packet_identifier()?;
        }
        self.properties('p')?;
        require(!topic.is_empty() || self.has_property(0x23))?;
        let is_forwarded = self.rules.allow_subscription_identifier_from_client;
        require(self.rules.sender != Sender::Client || is_forwarded || !self.has_property(0x0B))?;
        let payload = core::mem::take(&mut self.rest);
        self.payload_format(0, &payload)?;
        self.note("topic name", Value::Bytes(topic));
        self.note("payload", Value::Bytes(payload));
        Ok(())
    }

    fn acknowledgement(&mut self, table: &[u8]) -> Result<()> {
        self.packet_identifier()?;
        self.code_and_properties(table, 'a')
    }

    /// Section 6 of the notes on 5.0: what may be left out at the end.
    fn code_and_properties(&mut self, table: &[u8], letter: char) -> Result<()> {
        let code = if self.is_v5() && !self.rest.is_empty() { self.single_code(table)? } else { 0 };
        self.note_number("reason code", code);
        if self.is_v5() && !self.rest.is_empty() { self.properties(letter) } else { Ok(()) }
    }

    /// By leniency, a packet that is not legal in 5.0 is read again as one of 3.1.1. Its filters must be those of 5.0.
    fn in_either_format(&mut self, is_allowed: bool, read: fn(&mut Self) -> Result<()>) -> Result<()> {
        if !self.is_v5() || !is_allowed {
            return read(self);
        }
        let (rest, facts) = (self.rest.clone(), self.facts.clone());
        if read(self).is_ok() {
            return Ok(());
        }
        (self.rest, self.facts) = (rest, facts);
        self.rules.version = ProtocolVersion::V3_1_1;
        self.rules.allow_invalid_topic_filters = false;
        self.rules.allow_reserved_subscription_bits = false;
        read(self)?;
        require(self.facts.iter().all(|fact| match fact {
            Fact::Field("topic filter", Value::Bytes(filter)) => is_topic_filter(filter, ProtocolVersion::V5),
            _ => true,
        }))
    }

    fn subscribe(&mut self) -> Result<()> {
        self.packet_identifier()?;
        self.in_either_format(self.rules.allow_requests_without_property_length, Self::subscriptions)
    }

    fn subscriptions(&mut self) -> Result<()> {
        self.properties('s')?;
        require(!self.rest.is_empty())?;
        while !self.rest.is_empty() {
            let filter = self.filter()?;
            let mut options = self.u8()?;
            if self.is_v31() || !self.is_v5() && self.rules.allow_reserved_subscription_bits {
                options &= 3; // the others are not used there
            }
            require(self.is_v5() || options <= 2)?;
            require(options & 0xC0 == 0 && options >> 4 != 3 && options & 3 != 3)?;
            // Even if an option allows the filter after the share name, which is not valid.
            let is_shared = shared(&filter).is_some_and(|(share_name, filter)| {
                is_topic_name(&share_name) && !filter.is_empty() && !filter.starts_with(b"$share/")
            });
            require(!self.is_v5() || options & 4 == 0 || !is_shared)?;
            self.note("topic filter", Value::Bytes(filter));
            self.note_number("options", options);
        }
        Ok(())
    }

    fn filter(&mut self) -> Result<Vec<u8>> {
        let filter = self.str()?;
        require(self.rules.allow_invalid_topic_filters || is_topic_filter(&filter, self.rules.version))?;
        Ok(filter)
    }

    fn suback(&mut self) -> Result<()> {
        self.packet_identifier()?;
        self.in_either_format(self.rules.allow_suback_without_property_length, Self::granted)
    }

    fn granted(&mut self) -> Result<()> {
        self.properties('S')?;
        require(!self.rest.is_empty())?;
        while !self.rest.is_empty() {
            let code = self.code(if self.is_v5() { &SUBACK } else { &SUBACK[..4] })?;
            self.note_number("reason code", code);
        }
        Ok(())
    }

    fn unsubscribe(&mut self) -> Result<()> {
        self.packet_identifier()?;
        self.in_either_format(self.rules.allow_requests_without_property_length, Self::topic_filters)
    }

    fn topic_filters(&mut self) -> Result<()> {
        self.properties('u')?;
        require(!self.rest.is_empty())?;
        while !self.rest.is_empty() {
            let filter = self.filter()?;
            self.note("topic filter", Value::Bytes(filter));
        }
        Ok(())
    }

    fn unsuback(&mut self) -> Result<()> {
        self.packet_identifier()?;
        if self.rest.is_empty() && (!self.is_v5() || self.rules.allow_unsuback_of_other_version) {
            return Ok(());
        }
        if !self.is_v5() {
            require(self.rules.allow_unsuback_of_other_version)?;
            self.rules.version = ProtocolVersion::V5; // any number of codes, also none
            self.properties('U')?;
        } else {
            self.properties('U')?;
            require(!self.rest.is_empty())?;
        }
        while !self.rest.is_empty() {
            let code = self.code(&UNSUBACK)?;
            self.note_number("reason code", code);
        }
        Ok(())
    }

    fn disconnect(&mut self) -> Result<()> {
        self.code_and_properties(&DISCONNECT, 'd')?;
        require(self.rules.sender != Sender::Server || !self.has_property(0x11))
    }

    fn auth(&mut self) -> Result<()> {
        self.code_and_properties(&AUTH, 'A')?;
        require(self.has_property(0x15))
    }
}

/// The code points of well-formed UTF-8, by the table in section 2 of the notes on 5.0, which is Unicode's.
pub(crate) fn characters(bytes: &[u8]) -> Option<Vec<u32>> {
    let mut characters = Vec::new();
    let mut rest = bytes;
    while let Some(first) = rest.first().copied() {
        let (len, second) = match first {
            0x00..=0x7F => (1, 0x80..=0xBF),
            0xC2..=0xDF => (2, 0x80..=0xBF),
            0xE0 => (3, 0xA0..=0xBF),
            0xE1..=0xEC | 0xEE | 0xEF => (3, 0x80..=0xBF),
            0xED => (3, 0x80..=0x9F),
            0xF0 => (4, 0x90..=0xBF),
            0xF1..=0xF3 => (4, 0x80..=0xBF),
            0xF4 => (4, 0x80..=0x8F),
            _ => return None,
        };
        if rest.len() < len || len > 1 && !second.contains(&rest[1]) {
            return None;
        }
        let (sequence, behind) = rest.split_at(len);
        let mut character = u32::from(match len {
            1 => first,
            2 => first & 0x1F,
            3 => first & 0x0F,
            _ => first & 0x07,
        });
        for byte in &sequence[1..] {
            if byte & 0xC0 != 0x80 {
                return None;
            }
            character = character << 6 | u32::from(byte & 0x3F);
        }
        characters.push(character);
        rest = behind;
    }
    Some(characters)
}

fn is_string(bytes: &[u8]) -> bool {
    bytes.len() <= 65_535 && characters(bytes).is_some_and(|characters| !characters.contains(&0))
}

fn has_discouraged(bytes: &[u8]) -> bool {
    characters(bytes).unwrap_or_default().iter().any(|character| {
        matches!(character, 0x01..=0x1F | 0x7F..=0x9F | 0xFDD0..=0xFDEF) || matches!(character & 0xFFFF, 0xFFFE..)
    })
}

pub(crate) fn is_topic_name(bytes: &[u8]) -> bool {
    is_string(bytes) && !bytes.is_empty() && !bytes.contains(&b'+') && !bytes.contains(&b'#')
}

/// The grammar in section 1 of the notes on topics; shared subscriptions are of 5.0.
pub(crate) fn is_topic_filter(bytes: &[u8], version: ProtocolVersion) -> bool {
    let Some((share_name, filter)) = (if version == ProtocolVersion::V5 { shared(bytes) } else { None }) else {
        let is_cut_off = version == ProtocolVersion::V5 && bytes.starts_with(b"$share/");
        return is_string(bytes) && !is_cut_off && are_filter_levels(bytes);
    };
    // A share in a share is not ruled out, and means nothing.
    is_string(bytes) && is_topic_name(&share_name) && !filter.starts_with(b"$share/") && are_filter_levels(&filter)
}

fn are_filter_levels(filter: &[u8]) -> bool {
    let levels = levels(filter);
    let last = levels.len() - 1;
    !filter.is_empty()
        && levels.iter().enumerate().all(|(place, level)| match level.as_slice() {
            b"+" => true,
            b"#" => place == last,
            plain => !plain.contains(&b'+') && !plain.contains(&b'#'),
        })
}

/// Returns share name and filter.
pub(crate) fn shared(bytes: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let levels = levels(bytes);
    (levels.len() > 2 && levels[0] == b"$share").then(|| (levels[1].clone(), levels[2..].join(&b'/')))
}

pub(crate) fn levels(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split(|byte| *byte == b'/').map(<[u8]>::to_vec).collect()
}

/// Section 4 of the notes on topics, for a filter without a share name.
pub(crate) fn matches(filter: &[u8], name: &[u8]) -> bool {
    if name.starts_with(b"$") && (filter.starts_with(b"+") || filter.starts_with(b"#")) {
        return false;
    }
    levels_match(&levels(filter), &levels(name))
}

fn levels_match(filter: &[Vec<u8>], name: &[Vec<u8>]) -> bool {
    match (filter, name) {
        ([wildcard], _) if wildcard == b"#" => true,
        ([], []) => true,
        ([one, filter @ ..], [level, name @ ..]) => (one == b"+" || one == level) && levels_match(filter, name),
        _ => false,
    }
}
