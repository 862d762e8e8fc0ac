//! Files of datagrams.

use core::net::SocketAddr;
use mqtt_codec::sn::{DecodeOptions, Sender, decode};
use serde_json::{Map, Value};

/// A datagram as it is stored in a file.
pub(crate) struct Recorded {
    pub(crate) raw: Vec<u8>,
    /// Milliseconds since the first one, if the file says so.
    pub(crate) ms: Option<Value>,
    pub(crate) direction: Option<Direction>,
    /// Source and destination, in a capture.
    pub(crate) ends: Option<[SocketAddr; 2]>,
}

/// Who sent a datagram.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    ClientToGateway,
    GatewayToClient,
}

impl Direction {
    /// Returns the name that files have for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ClientToGateway => "c2g",
            Self::GatewayToClient => "g2c",
        }
    }

    pub(crate) const fn sender(self) -> Sender {
        match self {
            Self::ClientToGateway => Sender::Client,
            Self::GatewayToClient => Sender::Gateway,
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::ClientToGateway, Self::GatewayToClient].into_iter().find(|direction| direction.name() == name)
    }
}

/// Reads a file: JSON objects or hexadecimal digits, one datagram a line, or a datagram as it is.
///
/// A legal datagram is never mistaken for text, because in a text the second octet, or the fourth, would not be a
/// message type.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Recorded>, String> {
    let text = core::str::from_utf8(bytes).ok().filter(|_| decode(bytes, DecodeOptions::new().lenient()).is_err());
    let lines = || text.into_iter().flat_map(str::lines).map(str::trim);
    let first = lines().find(|line| !line.is_empty()).unwrap_or_default();
    let read_line: fn(&str) -> Option<Recorded> = if object(first).is_some() {
        |line| recorded(&object(line)?)
    } else if from_hex(first).is_some_and(|raw| !raw.is_empty()) {
        |line| from_hex(line).map(|raw| Recorded { raw, ms: None, direction: None, ends: None })
    } else if bytes.is_empty() {
        return Ok(Vec::new());
    } else {
        return Ok(vec![Recorded { raw: bytes.to_vec(), ms: None, direction: None, ends: None }]);
    };
    let numbered = (1_usize..).zip(lines()).filter(|(_, line)| !line.is_empty());
    numbered.map(|(n, line)| read_line(line).ok_or_else(|| format!("line {n} is no datagram"))).collect()
}

fn object(line: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(line).ok()
}

fn recorded(line: &Map<String, Value>) -> Option<Recorded> {
    let raw = from_hex(line.get("hex")?.as_str()?)?;
    let direction = line.get("dir").and_then(Value::as_str).and_then(Direction::from_name);
    Some(Recorded { raw, ms: line.get("ms").cloned(), direction, ends: None })
}

/// Reads pairs of hexadecimal digits, with or without blanks and colons between them.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    let mut high = None;
    for character in text.chars().filter(|character| !matches!(character, ' ' | '\t' | ':')) {
        let digit = u8::try_from(character.to_digit(16)?).ok()?;
        match high.take() {
            None => high = Some(digit),
            Some(high) => octets.push(high << 4 | digit),
        }
    }
    high.is_none().then_some(octets)
}
