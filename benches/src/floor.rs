//! Decoders written by hand, without the library, which show the minimum cost of decoding.
//!
//! Safe code that borrows, allocates nothing and makes every check that the standards demand of one packet: flags,
//! lengths, UTF-8, U+0000, wildcards in Topic Names, the grammar of Topic Filters, which property may be where and how
//! often, values, Reason Codes. It does not report the fault or its position, and has no options.
//!
//! The decoder is generic over the check of text: [`Plain`] with the standard library and one more scan, [`Fused`] in a
//! single pass over words of eight bytes. Text, lists and properties are kept as slices of bytes that have been
//! checked.

mod read;
mod text;

pub use mqtt_codec::ProtocolVersion;
pub use read::read;
pub use text::{Fused, Plain, Text, matches};

/// The error: the packet breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// The result of decoding.
pub type Result<T> = core::result::Result<T, Malformed>;

/// A packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are called what the standard calls them")]
pub enum Packet<'a> {
    Connect(Connect<'a>),
    ConnAck { session_present: bool, reason_code: u8, properties: &'a [u8] },
    Publish(Publish<'a>),
    PubAck(Acknowledgement<'a>),
    PubRec(Acknowledgement<'a>),
    PubRel(Acknowledgement<'a>),
    PubComp(Acknowledgement<'a>),
    Subscribe { packet_identifier: u16, properties: &'a [u8], subscriptions: &'a [u8] },
    SubAck { packet_identifier: u16, properties: &'a [u8], reason_codes: &'a [u8] },
    Unsubscribe { packet_identifier: u16, properties: &'a [u8], topic_filters: &'a [u8] },
    UnsubAck { packet_identifier: u16, properties: &'a [u8], reason_codes: &'a [u8] },
    PingReq,
    PingResp,
    Disconnect { reason_code: u8, properties: &'a [u8] },
    Auth { reason_code: u8, properties: &'a [u8] },
}

/// CONNECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are called what the standard calls them")]
pub struct Connect<'a> {
    pub protocol_version: ProtocolVersion,
    pub flags: u8,
    pub keep_alive: u16,
    pub properties: &'a [u8],
    pub client_identifier: &'a [u8],
    pub will: Option<Will<'a>>,
    pub user_name: Option<&'a [u8]>,
    pub password: Option<&'a [u8]>,
}

/// The Will of a CONNECT; QoS and RETAIN are among its flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are called what the standard calls them")]
pub struct Will<'a> {
    pub properties: &'a [u8],
    pub topic_name: &'a [u8],
    pub payload: &'a [u8],
}

/// PUBLISH. `packet_identifier` is 0 at QoS 0, where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are called what the standard calls them")]
pub struct Publish<'a> {
    pub flags: u8,
    pub packet_identifier: u16,
    pub topic_name: &'a [u8],
    pub properties: &'a [u8],
    pub payload: &'a [u8],
}

/// PUBACK, PUBREC, PUBREL or PUBCOMP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are called what the standard calls them")]
pub struct Acknowledgement<'a> {
    pub packet_identifier: u16,
    pub reason_code: u8,
    pub properties: &'a [u8],
}

/// A complete packet without its fixed header, which has been checked.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    first_byte: u8,
    /// Whether the Remaining Length has the fewest bytes, as 5.0 demands. For CONNECT the version is not known yet.
    is_minimal: bool,
    body: &'a [u8],
    /// The length of the packet in bytes, fixed header included.
    pub len: usize,
}

/// Decodes the packet at the start of the input. Returns the packet and its length, or `None` if it is incomplete.
///
/// # Errors
///
/// If it breaks a rule.
#[inline]
pub fn decode<T: Text>(input: &[u8], version: ProtocolVersion) -> Result<Option<(Packet<'_>, usize)>> {
    match frame(input, version)? {
        Some(frame) => Ok(Some((packet::<T>(frame, version)?, frame.len))),
        None => Ok(None),
    }
}

/// The first step of [`decode`]. It is a separate function so that a packet, which is large, need not be moved into a
/// pair.
///
/// # Errors
///
/// If the fixed header breaks a rule.
#[inline(always)]
pub fn frame(input: &[u8], version: ProtocolVersion) -> Result<Option<Frame<'_>>> {
    let [first_byte, after_first @ ..] = input else { return Ok(None) };
    let first_byte = *first_byte;
    // Packet type and flags are checked before more bytes are awaited. CONNECT is checked by its own version.
    check_first_byte(first_byte, version)?;
    let Some((length, length_len)) = variable_byte_integer(after_first)? else { return Ok(None) };
    let is_minimal = length_len == 1 || length >> (7 * (length_len - 1)) != 0;
    if !is_minimal && version == ProtocolVersion::V5 && first_byte >> 4 != 1 {
        return Err(Malformed);
    }
    let Some(body) = after_first.get(length_len..length_len + length) else { return Ok(None) };
    Ok(Some(Frame { first_byte, is_minimal, body, len: 1 + length_len + length }))
}

#[inline(always)]
fn check_first_byte(first_byte: u8, version: ProtocolVersion) -> Result<()> {
    let flags = match version {
        ProtocolVersion::V5 => &FLAGS_5,
        ProtocolVersion::V3_1_1 => &FLAGS_3_1_1,
        ProtocolVersion::V3_1 => &FLAGS_3_1,
    };
    if flags[usize::from(first_byte >> 4)] >> (first_byte & 0x0F) & 1 != 0 { Ok(()) } else { Err(Malformed) }
}

/// For each packet type, the allowed values of its flags, one bit for each. CONNECT is checked later.
const FLAGS_5: [u16; 16] = {
    let mut flags = [1; 16];
    flags[0] = 0;
    flags[1] = u16::MAX;
    flags[3] = PUBLISH_FLAGS & !(0b11 << 0b1000);
    (flags[6], flags[8], flags[10]) = (1 << 0b0010, 1 << 0b0010, 1 << 0b0010);
    flags
};
/// There is no AUTH.
const FLAGS_3_1_1: [u16; 16] = {
    let mut flags = FLAGS_5;
    flags[15] = 0;
    flags
};
/// Most flags mean nothing. PUBREL, SUBSCRIBE and UNSUBSCRIBE have QoS 1, DUP, and RETAIN without a meaning.
const FLAGS_3_1: [u16; 16] = {
    let mut flags = [u16::MAX; 16];
    (flags[0], flags[15]) = (0, 0);
    flags[3] = PUBLISH_FLAGS;
    let qos_1 = 0b11 << 0b0010 | 0b11 << 0b1010;
    (flags[6], flags[8], flags[10]) = (qos_1, qos_1, qos_1);
    flags
};
/// All but QoS 3.
const PUBLISH_FLAGS: u16 = !(0b11 << 0b0110 | 0b11 << 0b1110);

/// The second step of [`decode`]. Each packet is checked completely before it is constructed.
///
/// # Errors
///
/// If it breaks a rule.
#[inline(always)]
pub fn packet<T: Text>(frame: Frame<'_>, version: ProtocolVersion) -> Result<Packet<'_>> {
    judge::<T>(frame.first_byte, frame.is_minimal, frame.body, version)
}

/// Does the same as [`packet`] for a frame in registers.
fn judge<T: Text>(first_byte: u8, is_minimal: bool, body: &[u8], version: ProtocolVersion) -> Result<Packet<'_>> {
    let reader = &mut Reader(body);
    let is_v5 = version == ProtocolVersion::V5;
    Ok(match first_byte >> 4 {
        1 => return connect::<T>(first_byte, is_minimal, reader),
        2 => {
            let flags = reader.byte()?;
            let reason_code = reader.byte()?;
            let is_known = if is_v5 { CONNACK.has(reason_code) } else { reason_code <= 5 };
            let session_present = flags == 1 && version != ProtocolVersion::V3_1;
            if !is_known || (flags > 1 && version != ProtocolVersion::V3_1) || (session_present && reason_code != 0) {
                return Err(Malformed);
            }
            let properties = reader.properties::<T>(is_v5, CONNACK_PROPERTIES)?;
            reader.end()?;
            Packet::ConnAck { session_present, reason_code, properties }
        }
        3 => Packet::Publish(publish::<T>(first_byte & 0x0F, reader, is_v5)?),
        4 => Packet::PubAck(acknowledgement::<T>(reader, is_v5, PUBACK)?),
        5 => Packet::PubRec(acknowledgement::<T>(reader, is_v5, PUBACK)?),
        6 => Packet::PubRel(acknowledgement::<T>(reader, is_v5, PUBREL)?),
        7 => Packet::PubComp(acknowledgement::<T>(reader, is_v5, PUBREL)?),
        8 => {
            let packet_identifier = reader.packet_identifier()?;
            let properties = reader.properties::<T>(is_v5, bits(&[0x0B, 0x26]))?;
            let subscriptions = reader.rest();
            check_subscriptions::<T>(subscriptions, version)?;
            Packet::Subscribe { packet_identifier, properties, subscriptions }
        }
        9 => {
            let packet_identifier = reader.packet_identifier()?;
            let properties = reader.properties::<T>(is_v5, bits(&[0x1F, 0x26]))?;
            let reason_codes = reader.rest();
            let is_known = |code: u8| match version {
                ProtocolVersion::V5 => SUBACK.has(code),
                ProtocolVersion::V3_1_1 | ProtocolVersion::V3_1 => matches!(code, 0..=2 | 0x80),
            };
            if reason_codes.is_empty() || !reason_codes.iter().all(|code| is_known(*code)) {
                return Err(Malformed);
            }
            Packet::SubAck { packet_identifier, properties, reason_codes }
        }
        10 => {
            let packet_identifier = reader.packet_identifier()?;
            let properties = reader.properties::<T>(is_v5, bits(&[0x26]))?;
            let topic_filters = reader.rest();
            check_topic_filters::<T>(topic_filters, version)?;
            Packet::Unsubscribe { packet_identifier, properties, topic_filters }
        }
        11 => {
            let packet_identifier = reader.packet_identifier()?;
            let properties = reader.properties::<T>(is_v5, bits(&[0x1F, 0x26]))?;
            let reason_codes = if is_v5 { reader.rest() } else { &[] };
            if is_v5 && (reason_codes.is_empty() || !reason_codes.iter().all(|code| UNSUBACK.has(*code))) {
                return Err(Malformed);
            }
            reader.end()?;
            Packet::UnsubAck { packet_identifier, properties, reason_codes }
        }
        12 => {
            reader.end()?;
            Packet::PingReq
        }
        13 => {
            reader.end()?;
            Packet::PingResp
        }
        14 => {
            if !is_v5 || reader.0.is_empty() {
                reader.end()?;
                return Ok(Packet::Disconnect { reason_code: 0, properties: &[] });
            }
            let reason_code = reader.reason_code(DISCONNECT)?;
            let properties = reader.properties::<T>(!reader.0.is_empty(), bits(&[0x11, 0x1C, 0x1F, 0x26]))?;
            reader.end()?;
            Packet::Disconnect { reason_code, properties }
        }
        _ => {
            let reason_code = reader.reason_code(AUTH)?;
            let (properties, present) = reader.property_set::<T>(bits(&[0x15, 0x16, 0x1F, 0x26]), USER_PROPERTY)?;
            if present & bits(&[0x15]) == 0 {
                return Err(Malformed);
            }
            reader.end()?;
            Packet::Auth { reason_code, properties }
        }
    })
}

#[inline(never)]
fn connect<'a, T: Text>(first_byte: u8, is_minimal: bool, reader: &mut Reader<'a>) -> Result<Packet<'a>> {
    let name = reader.prefixed()?;
    let version = match (name, reader.byte()?) {
        (b"MQTT", 5) => ProtocolVersion::V5,
        (b"MQTT", 4) => ProtocolVersion::V3_1_1,
        (b"MQIsdp", 3) => ProtocolVersion::V3_1,
        _ => return Err(Malformed),
    };
    let (is_v5, is_v3_1) = (version == ProtocolVersion::V5, version == ProtocolVersion::V3_1);
    if (first_byte & 0x0F != 0 && !is_v3_1) || (!is_minimal && is_v5) {
        return Err(Malformed);
    }
    let flags = reader.byte()?;
    let (has_will, has_user_name, has_password) = (flags & 0x04 != 0, flags & 0x80 != 0, flags & 0x40 != 0);
    if (flags & 0x01 != 0 && !is_v3_1)
        || (!has_will && flags & 0x38 != 0 && !is_v3_1)
        || (has_will && flags & 0x18 == 0x18)
        || (has_password && !has_user_name && !is_v5)
    {
        return Err(Malformed);
    }
    let keep_alive = reader.two_byte_integer()?;
    let mut properties: &[u8] = &[];
    if is_v5 {
        let allowed = bits(&[0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x27]);
        let present;
        (properties, present) = reader.property_set::<T>(allowed, USER_PROPERTY)?;
        if present & bits(&[0x16]) != 0 && present & bits(&[0x15]) == 0 {
            return Err(Malformed);
        }
    }
    let client_identifier = reader.string::<T>()?;
    let may_be_empty = is_v5 || (flags & 0x02 != 0 && !is_v3_1);
    if client_identifier.is_empty() && !may_be_empty {
        return Err(Malformed);
    }
    let will = if has_will {
        let properties = reader.properties::<T>(is_v5, bits(&[0x01, 0x02, 0x03, 0x08, 0x09, 0x18, 0x26]))?;
        let topic_name = reader.topic_name::<T>()?;
        Some(Will { properties, topic_name, payload: reader.prefixed()? })
    } else {
        None
    };
    // In 3.1 the Remaining Length takes precedence over the flags.
    let user_name = if has_user_name && !(is_v3_1 && reader.0.is_empty()) { Some(reader.string::<T>()?) } else { None };
    let password = if has_password && !(is_v3_1 && reader.0.is_empty()) { Some(reader.prefixed()?) } else { None };
    reader.end()?;
    let protocol_version = version;
    Ok(Packet::Connect(Connect {
        protocol_version,
        flags,
        keep_alive,
        properties,
        client_identifier,
        will,
        user_name,
        password,
    }))
}

#[inline]
fn publish<'a, T: Text>(flags: u8, reader: &mut Reader<'a>, is_v5: bool) -> Result<Publish<'a>> {
    let topic_name = reader.prefixed()?;
    if !T::is_topic_name(topic_name) {
        return Err(Malformed);
    }
    let packet_identifier = if flags & 0b0110 == 0 { 0 } else { reader.packet_identifier()? };
    let (mut properties, mut present): (&[u8], u64) = (&[], 0);
    if is_v5 {
        let allowed = bits(&[0x01, 0x02, 0x03, 0x08, 0x09, 0x0B, 0x23, 0x26]);
        (properties, present) = reader.property_set::<T>(allowed, bits(&[0x0B, 0x26]))?;
    }
    if topic_name.is_empty() && present & bits(&[0x23]) == 0 {
        return Err(Malformed);
    }
    Ok(Publish { flags, packet_identifier, topic_name, properties, payload: reader.rest() })
}

#[inline(always)]
fn acknowledgement<'a, T: Text>(reader: &mut Reader<'a>, is_v5: bool, codes: Codes) -> Result<Acknowledgement<'a>> {
    let packet_identifier = reader.packet_identifier()?;
    if !is_v5 || reader.0.is_empty() {
        reader.end()?;
        return Ok(Acknowledgement { packet_identifier, reason_code: 0, properties: &[] });
    }
    let reason_code = reader.reason_code(codes)?;
    let properties = reader.properties::<T>(!reader.0.is_empty(), bits(&[0x1F, 0x26]))?;
    reader.end()?;
    Ok(Acknowledgement { packet_identifier, reason_code, properties })
}

fn check_subscriptions<T: Text>(list: &[u8], version: ProtocolVersion) -> Result<()> {
    let is_v5 = version == ProtocolVersion::V5;
    let mut reader = Reader(list);
    loop {
        let filter = reader.prefixed()?;
        let options = reader.byte()?;
        let is_legal = match version {
            ProtocolVersion::V5 => options & 0b1100_0000 == 0 && options & 0b11 != 0b11 && options & 0x30 != 0x30,
            ProtocolVersion::V3_1_1 => options < 3,
            ProtocolVersion::V3_1 => options & 0b11 != 0b11,
        };
        let is_local_share = is_v5 && options & 0b100 != 0 && filter.starts_with(b"$share/");
        if !is_legal || is_local_share || !T::is_topic_filter(filter, is_v5) {
            return Err(Malformed);
        }
        if reader.0.is_empty() {
            return Ok(());
        }
    }
}

fn check_topic_filters<T: Text>(list: &[u8], version: ProtocolVersion) -> Result<()> {
    let mut reader = Reader(list);
    loop {
        if !T::is_topic_filter(reader.prefixed()?, version == ProtocolVersion::V5) {
            return Err(Malformed);
        }
        if reader.0.is_empty() {
            return Ok(());
        }
    }
}

/// The Reason Codes of a packet, a bit for each.
#[derive(Clone, Copy)]
struct Codes {
    low: u64,
    high: u64,
}

impl Codes {
    const fn new(codes: &[u8]) -> Self {
        let (mut low, mut high) = (0, 0);
        let mut rest = codes;
        while let [code, after @ ..] = rest {
            if *code < 0x80 {
                low |= 1 << *code;
            } else {
                high |= 1 << (*code - 0x80);
            }
            rest = after;
        }
        Self { low, high }
    }

    #[inline]
    const fn has(self, code: u8) -> bool {
        let bits = if code < 0x80 { self.low } else { self.high };
        let place = code & 0x7F;
        place < 64 && bits >> place & 1 != 0
    }
}

const CONNACK: Codes = Codes::new(&[
    0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B,
    0x9C, 0x9D, 0x9F,
]);
const PUBACK: Codes = Codes::new(&[0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]);
const PUBREL: Codes = Codes::new(&[0x00, 0x92]);
const SUBACK: Codes = Codes::new(&[0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2]);
const UNSUBACK: Codes = Codes::new(&[0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91]);
const DISCONNECT: Codes = Codes::new(&[
    0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
    0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
]);
const AUTH: Codes = Codes::new(&[0x00, 0x18, 0x19]);

/// Returns a bit for each property.
const fn bits(identifiers: &[u8]) -> u64 {
    let mut bits = 0;
    let mut rest = identifiers;
    while let [identifier, after @ ..] = rest {
        bits |= 1 << *identifier;
        rest = after;
    }
    bits
}

const USER_PROPERTY: u64 = bits(&[0x26]);
const CONNACK_PROPERTIES: u64 =
    bits(&[0x11, 0x12, 0x13, 0x15, 0x16, 0x1A, 0x1C, 0x1F, 0x21, 0x22, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A]);

/// Returns value and length, or `None` if the input ends first.
#[inline(always)]
fn variable_byte_integer(input: &[u8]) -> Result<Option<(usize, usize)>> {
    match *input {
        [a, ..] if a < 0x80 => Ok(Some((usize::from(a), 1))),
        [a, b, ..] if b < 0x80 => Ok(Some((usize::from(a & 0x7F) | usize::from(b) << 7, 2))),
        [a, b, c, ..] if c < 0x80 => {
            Ok(Some((usize::from(a & 0x7F) | usize::from(b & 0x7F) << 7 | usize::from(c) << 14, 3)))
        }
        [a, b, c, d, ..] if d < 0x80 => {
            let low = usize::from(a & 0x7F) | usize::from(b & 0x7F) << 7 | usize::from(c & 0x7F) << 14;
            Ok(Some((low | usize::from(d) << 21, 4)))
        }
        [_, _, _, _, ..] => Err(Malformed),
        _ => Ok(None),
    }
}

/// The bytes that have not been read yet.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    #[inline]
    fn rest(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.0)
    }

    /// Checks that no bytes are left.
    #[inline]
    const fn end(&self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed) }
    }

    #[inline]
    fn byte(&mut self) -> Result<u8> {
        let (byte, rest) = self.0.split_first().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*byte)
    }

    #[inline]
    fn two_byte_integer(&mut self) -> Result<u16> {
        let (value, rest) = self.0.split_first_chunk::<2>().ok_or(Malformed)?;
        self.0 = rest;
        Ok(u16::from_be_bytes(*value))
    }

    #[inline]
    fn four_byte_integer(&mut self) -> Result<u32> {
        let (value, rest) = self.0.split_first_chunk::<4>().ok_or(Malformed)?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*value))
    }

    /// Reads a Variable Byte Integer of 5.0, which must have the fewest bytes.
    #[inline]
    fn variable_byte_integer(&mut self) -> Result<usize> {
        let (value, len) = variable_byte_integer(self.0)?.ok_or(Malformed)?;
        if len > 1 && value >> (7 * (len - 1)) == 0 {
            return Err(Malformed);
        }
        self.take(len)?;
        Ok(value)
    }

    #[inline]
    fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(len).ok_or(Malformed)?;
        self.0 = rest;
        Ok(bytes)
    }

    #[inline]
    fn prefixed(&mut self) -> Result<&'a [u8]> {
        let len = self.two_byte_integer()?;
        self.take(usize::from(len))
    }

    #[inline]
    fn string<T: Text>(&mut self) -> Result<&'a [u8]> {
        let text = self.prefixed()?;
        if T::is_string(text) { Ok(text) } else { Err(Malformed) }
    }

    #[inline]
    fn topic_name<T: Text>(&mut self) -> Result<&'a [u8]> {
        let text = self.prefixed()?;
        if !text.is_empty() && T::is_topic_name(text) { Ok(text) } else { Err(Malformed) }
    }

    #[inline]
    fn packet_identifier(&mut self) -> Result<u16> {
        match self.two_byte_integer()? {
            0 => Err(Malformed),
            identifier => Ok(identifier),
        }
    }

    #[inline]
    fn reason_code(&mut self, codes: Codes) -> Result<u8> {
        let code = self.byte()?;
        if codes.has(code) { Ok(code) } else { Err(Malformed) }
    }

    /// Reads properties of a packet in which only User Properties may repeat.
    #[inline]
    fn properties<T: Text>(&mut self, are_there: bool, allowed: u64) -> Result<&'a [u8]> {
        if are_there { Ok(self.property_set::<T>(allowed, USER_PROPERTY)?.0) } else { Ok(&[]) }
    }

    /// Reads Property Length and properties. Returns a bit for each property that is present.
    #[inline]
    fn property_set<T: Text>(&mut self, allowed: u64, repeatable: u64) -> Result<(&'a [u8], u64)> {
        let len = self.variable_byte_integer()?;
        let bytes = self.take(len)?;
        if bytes.is_empty() {
            return Ok((bytes, 0));
        }
        Ok((bytes, check_properties::<T>(bytes, allowed, repeatable)?))
    }
}

#[inline(never)]
fn check_properties<T: Text>(bytes: &[u8], allowed: u64, repeatable: u64) -> Result<u64> {
    let mut reader = Reader(bytes);
    let mut present = 0_u64;
    while !reader.0.is_empty() {
        let identifier = reader.byte()?;
        if identifier > 0x2A {
            return Err(Malformed);
        }
        let bit = 1 << identifier;
        if bit & allowed == 0 || bit & present & !repeatable != 0 {
            return Err(Malformed);
        }
        present |= bit;
        let is_legal = match identifier {
            // Byte: all of them are 0 or 1.
            0x01 | 0x17 | 0x19 | 0x24 | 0x25 | 0x28..=0x2A => reader.byte()? <= 1,
            // Two Byte Integer; Receive Maximum and Topic Alias are not 0.
            0x13 | 0x22 => reader.two_byte_integer().is_ok(),
            0x21 | 0x23 => reader.two_byte_integer()? != 0,
            // Four Byte Integer; Maximum Packet Size is not 0.
            0x02 | 0x11 | 0x18 => reader.four_byte_integer().is_ok(),
            0x27 => reader.four_byte_integer()? != 0,
            // The Subscription Identifier.
            0x0B => reader.variable_byte_integer()? != 0,
            // UTF-8 Encoded String.
            0x03 | 0x12 | 0x15 | 0x1A | 0x1C | 0x1F => reader.string::<T>().is_ok(),
            // The Response Topic.
            0x08 => reader.topic_name::<T>().is_ok(),
            // Binary Data.
            0x09 | 0x16 => reader.prefixed().is_ok(),
            // The User Property.
            0x26 => reader.string::<T>().is_ok() && reader.string::<T>().is_ok(),
            _ => false,
        };
        if !is_legal {
            return Err(Malformed);
        }
    }
    Ok(present)
}
