//! What each leniency accepts, written without the decoder of the codec: a datagram with the deviation is replaced by a
//! legal one.

use crate::sn_support::plain::{decode, is_name};
use crate::sn_support::{Fields, write};
use mqtt_codec::sn::Leniency;
use serde_json::Value;

/// Returns the fields of a datagram that is legal, or has the one deviation that this leniency accepts.
pub(crate) fn decode_leniently(datagram: &[u8], leniency: Leniency) -> Option<Fields> {
    if let Some(fields) = decode(datagram) {
        return Some(fields);
    }
    let node = match datagram {
        [length @ 3..=u8::MAX, 0xFE, ..] => usize::from(*length),
        _ => 0,
    };
    let (encapsulation, message) = datagram.split_at_checked(node)?;
    let (repaired, field) = repair(message, leniency)?;
    let mut fields = decode(&[encapsulation, &repaired].concat())?;
    let inner = if node == 0 { &mut fields } else { fields.get_mut("message")?.as_object_mut()? };
    for (name, value) in field {
        inner.insert(name.to_owned(), value);
    }
    Some(fields)
}

type Repaired = (Vec<u8>, Vec<(&'static str, Value)>);

/// Returns a legal message in place of one with this deviation, and the fields that it has instead.
fn repair(message: &[u8], leniency: Leniency) -> Option<Repaired> {
    if leniency == Leniency::LengthTwoTooSmall {
        let [1, high, low, ..] = message else { return None };
        let length = u16::from_be_bytes([*high, *low]);
        let is_deviation = length >= 4 && usize::from(length) + 2 == message.len();
        let mut repaired = message.to_vec();
        repaired[1..3].copy_from_slice(&length.checked_add(2)?.to_be_bytes());
        return is_deviation.then_some((repaired, Vec::new()));
    }
    let head = if message.first() == Some(&1) { 3 } else { 1 };
    let length =
        if head == 3 { u16::from_be_bytes([*message.get(1)?, *message.get(2)?]) } else { u16::from(*message.first()?) };
    if usize::from(length) != message.len() {
        return None;
    }
    let (message_type, body) = message.get(head..)?.split_first()?;
    let text = |text: &[u8]| String::from_utf8(text.to_vec()).ok().filter(|text| !text.contains('\0'));
    match (leniency, *message_type, body) {
        (Leniency::TopicNameWithoutConnection, 0x0C, [flags, high, low, _, _, rest @ ..]) if flags & 0x63 == 0x60 => {
            let (name, data) = rest.split_at_checked(usize::from(*high) * 256 + usize::from(*low))?;
            let name = text(name).filter(|name| is_name(name))?;
            // The same with a short name.
            let repaired = [&[*flags | 2, b'a', b'b', 0, 0][..], data].concat();
            let fields = vec![("topic_id_type", "normal".into()), ("topic_name", name.into())];
            Some((write(0x0C, &repaired), fields))
        }
        (Leniency::SurplusOctetInWillResponses, 0x1B | 0x1D, [code, _]) => {
            Some((write(*message_type, &[*code]), Vec::new()))
        }
        (Leniency::EmptyClientId, 0x04, [_, _, _, _]) => {
            Some((write(0x04, &[body, b"c"].concat()), vec![("client_id", "".into())]))
        }
        (Leniency::LongClientId, 0x04, [flags, protocol, high, low, client_id @ ..]) => {
            let client_id = text(client_id).filter(|text| text.chars().count() > 23)?;
            Some((write(0x04, &[*flags, *protocol, *high, *low, b'c']), vec![("client_id", client_id.into())]))
        }
        (Leniency::LongClientId, 0x16, client_id) => {
            let client_id = text(client_id).filter(|text| text.chars().count() > 23)?;
            Some((write(0x16, b"c"), vec![("client_id", client_id.into())]))
        }
        _ => None,
    }
}
