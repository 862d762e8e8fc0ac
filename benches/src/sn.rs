//! MQTT-SN: the workloads, and a decoder written by hand.

use core::str::from_utf8;

/// A name, and a datagram.
pub const WORKLOADS: [(&str, &[u8]); 16] = [
    ("CONNECT", b"\x0E\x04\x04\x01\0\x3Csensor-1"),
    ("CONNACK", b"\x03\x05\0"),
    ("REGISTER, 19 octets of name", b"\x19\x0A\0\0\0\x01kitchen/temperature"),
    ("REGACK", b"\x07\x0B\0\x01\0\x01\0"),
    ("PUBLISH at QoS 0, 4 octets", b"\x0B\x0C\0\0\x01\0\x0021.5"),
    ("PUBLISH at QoS 1, 4 octets", b"\x0B\x0C\x20\0\x01\0\x0221.5"),
    ("PUBLISH at QoS -1, short name", b"\x0B\x0C\x62kt\0\x0021.5"),
    ("PUBLISH at QoS -1, pre-defined id", b"\x0B\x0C\x61\0\x01\0\x0021.5"),
    ("PUBLISH at QoS 1, pre-defined id", b"\x0B\x0C\x21\0\x01\0\x0221.5"),
    ("PUBLISH at QoS 1, short name", b"\x0B\x0C\x22kt\0\x0221.5"),
    ("PUBLISH at QoS 2, 4 octets", b"\x0B\x0C\x40\0\x01\0\x0221.5"),
    ("PUBACK", b"\x07\x0D\0\x01\0\x02\0"),
    ("PUBREC", b"\x04\x0F\0\x02"),
    ("SUBSCRIBE, 9 octets of filter", b"\x0E\x12\x20\0\x03kitchen/#"),
    ("SUBACK", b"\x08\x13\x20\0\x01\0\x03\0"),
    ("PINGRESP", b"\x02\x17"),
];

/// Returns a PUBLISH of 200 octets of text, in the one-octet form.
#[must_use]
pub fn publish_200() -> Vec<u8> {
    [&b"\xCF\x0C\x20\0\x01\0\x02"[..], &[b'x'; 200]].concat()
}

/// The result of the floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are called what the specification calls them")]
pub enum Message<'a> {
    Connect { flags: u8, duration: u16, client_id: &'a [u8] },
    ReturnCode { message_type: u8, return_code: u8 },
    Register { topic_id: u16, message_id: u16, topic_name: &'a [u8] },
    Answer { message_type: u8, topic_id: u16, message_id: u16, return_code: u8 },
    Publish { flags: u8, topic: u16, message_id: u16, data: &'a [u8] },
    MessageId { message_type: u8, message_id: u16 },
    Subscribe { flags: u8, message_id: u16, topic: &'a [u8] },
    SubAck { flags: u8, topic_id: u16, message_id: u16, return_code: u8 },
    Empty { message_type: u8 },
}

/// A decoder written by hand for the messages of [`WORKLOADS`]. It makes every check, but cannot report the fault.
///
/// It borrows, and returns the encapsulation as its octets.
#[must_use]
pub fn decode(input: &[u8]) -> Option<(Option<&[u8]>, Message<'_>)> {
    if let [length @ 2..=u8::MAX, 0xFE, ..] = input {
        if *length < 3 {
            return None;
        }
        let (header, message) = input.split_at_checked((*length).into())?;
        return Some((Some(header), decode_message(message)?));
    }
    Some((None, decode_message(input)?))
}

fn decode_message(input: &[u8]) -> Option<Message<'_>> {
    let (message_type, body) = match input {
        [1, high, low, message_type, body @ ..] => {
            (usize::from(u16::from_be_bytes([*high, *low])) == input.len()).then_some((*message_type, body))?
        }
        [length, message_type, body @ ..] if *length > 1 => {
            (usize::from(*length) == input.len()).then_some((*message_type, body))?
        }
        _ => return None,
    };
    Some(match (message_type, body) {
        (0x04, [flags, 1, high, low, client_id @ ..]) => {
            let text = text(client_id)?;
            if text.is_empty() || text.len() > 23 && text.chars().count() > 23 {
                return None;
            }
            Message::Connect { flags: *flags, duration: u16::from_be_bytes([*high, *low]), client_id }
        }
        (0x05 | 0x1B | 0x1D, [return_code]) => Message::ReturnCode { message_type, return_code: *return_code },
        (0x0A, [a, b, c, d, topic_name @ ..]) => {
            let (topic_id, message_id) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
            if topic_id == 0xFFFF || message_id == 0 || !is_name(topic_name) {
                return None;
            }
            Message::Register { topic_id, message_id, topic_name }
        }
        (0x0B | 0x0D, [a, b, c, d, return_code]) => {
            let (topic_id, message_id) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
            Message::Answer { message_type, topic_id, message_id, return_code: *return_code }
        }
        (0x0C, [flags, a, b, c, d, data @ ..]) => {
            let (topic, message_id) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
            let is_legal = match flags & 0x63 {
                0x00 | 0x01 | 0x61 => topic != 0xFFFF,
                0x20 | 0x21 | 0x40 | 0x41 => topic != 0xFFFF && message_id != 0,
                0x02 | 0x62 => is_name(&[*a, *b]),
                0x22 | 0x42 => message_id != 0 && is_name(&[*a, *b]),
                _ => false,
            };
            is_legal.then_some(Message::Publish { flags: *flags, topic, message_id, data })?
        }
        (0x0E | 0x0F | 0x10 | 0x15, [a, b]) => {
            Message::MessageId { message_type, message_id: u16::from_be_bytes([*a, *b]) }
        }
        (0x12, [flags, a, b, topic @ ..]) => {
            let message_id = u16::from_be_bytes([*a, *b]);
            let is_legal = match flags & 3 {
                0 => is_filter(topic),
                1 => topic.len() == 2 && topic != [0xFF, 0xFF],
                2 => topic.len() == 2 && text(topic).is_some(),
                _ => false,
            };
            if flags & 0x60 == 0x60 || message_id == 0 || !is_legal {
                return None;
            }
            Message::Subscribe { flags: *flags, message_id, topic }
        }
        (0x13, [flags, a, b, c, d, return_code]) if flags & 0x60 != 0x60 => Message::SubAck {
            flags: *flags,
            topic_id: u16::from_be_bytes([*a, *b]),
            message_id: u16::from_be_bytes([*c, *d]),
            return_code: *return_code,
        },
        (0x06 | 0x08 | 0x16 | 0x17 | 0x18, []) => Message::Empty { message_type },
        _ => return None,
    })
}

/// Returns text without U+0000, or `None` if the octets are something else.
fn text(bytes: &[u8]) -> Option<&str> {
    from_utf8(bytes).ok().filter(|text| !text.bytes().any(|byte| byte == 0))
}

fn is_name(bytes: &[u8]) -> bool {
    text(bytes).is_some_and(|text| !text.is_empty() && !text.bytes().any(|byte| matches!(byte, b'+' | b'#')))
}

fn is_filter(bytes: &[u8]) -> bool {
    let Some(text) = text(bytes) else { return false };
    let mut levels = text.split('/').peekable();
    let mut is_legal = !text.is_empty();
    while let Some(level) = levels.next() {
        is_legal &= match level {
            "+" => true,
            "#" => levels.peek().is_none(),
            level => !level.bytes().any(|byte| matches!(byte, b'+' | b'#')),
        };
    }
    is_legal
}
