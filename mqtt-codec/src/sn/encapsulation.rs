//! The forwarder's encapsulation: section 5.5.

use super::header::length_mismatch;
use super::primitives::{Fault, fail};
use super::{DecodeError, DecodeErrorKind, Field};
use crate::wire::write::Write;
use mqtt_types::Buffer;
use mqtt_types::sn::{BroadcastRadius, Encapsulation, MessageType, WirelessNodeId};

/// The `MsgType` of an encapsulation.
pub(super) const ENCAPSULATED: u8 = MessageType::Encapsulated.as_u8();

/// The number of octets of an encapsulation without its Wireless Node Id.
const HEADER_LEN: usize = 3;

/// Splits a datagram into the encapsulation of a forwarder, if there is one, and the message.
///
/// If the message cannot be decoded, the answer needs this encapsulation to go back through the forwarder.
///
/// The message is not decoded.
///
/// ```
/// use mqtt_codec::sn::{Datagram, DecodeOptions, decode, split_encapsulation};
///
/// let received = [0x05, 0xFE, 0x00, 0x01, 0x02, /* CONNECT of another version */ 7, 4, 4, 2, 0, 60, b'c'];
/// let error = decode(&received, DecodeOptions::new()).unwrap_err();
/// let (encapsulation, _) = split_encapsulation(&received)?;
/// let answer = Datagram { encapsulation, message: error.answer().unwrap() };
/// assert_eq!(answer.to_string(), "encapsulated node=0102 radius=0: CONNACK Rejected: not supported (0x03)");
/// # Ok::<(), mqtt_codec::sn::DecodeError>(())
/// ```
///
/// # Errors
///
/// Returns an error if the datagram begins with an invalid encapsulation.
#[expect(clippy::type_complexity, reason = "a pair of an option and a slice needs no name")]
pub fn split_encapsulation(input: &[u8]) -> Result<(Option<Encapsulation<&[u8]>>, &[u8]), DecodeError> {
    split(input).map_err(|fault| DecodeError {
        kind: fault.kind,
        field: fault.field,
        message_type: Some(MessageType::Encapsulated),
        offset: input.len().saturating_sub(fault.left),
        answer: None,
    })
}

/// Returns `true` if a datagram, or the content of an encapsulation, begins with an encapsulation.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) const fn is_encapsulated(input: &[u8]) -> bool {
    matches!(input, [2..=u8::MAX, ENCAPSULATED, ..] | [1, _, _, ENCAPSULATED, ..])
}

/// Parses an encapsulation. Returns it and the octets after it.
pub(super) type Split<'a> = (Option<Encapsulation<&'a [u8]>>, &'a [u8]);

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn split(input: &[u8]) -> Result<Split<'_>, Fault> {
    match input {
        [length @ 2..=u8::MAX, ENCAPSULATED, ..] => split_short(*length, input),
        [1, _, _, ENCAPSULATED, ..] => fail(input, DecodeErrorKind::EncapsulationWithLongLength, Field::Length),
        _ => Ok((None, input)),
    }
}

/// Parses an encapsulation with a one-octet Length, which counts the encapsulation alone.
fn split_short(length: u8, input: &[u8]) -> Result<Split<'_>, Fault> {
    if usize::from(length) < HEADER_LEN {
        return fail(input, DecodeErrorKind::LengthTooSmall, Field::Length);
    }
    let Some((header, message)) = input.split_at_checked(usize::from(length)) else {
        let kind = length_mismatch(u16::from(length), input);
        return fail(input, kind, Field::Length);
    };
    let (ctrl, node) = match header {
        [_, _, ctrl, node @ ..] => (*ctrl, node),
        _ => return fail(input, DecodeErrorKind::LengthTooSmall, Field::Length),
    };
    if message.is_empty() {
        return fail(message, DecodeErrorKind::UnexpectedEnd, Field::Message);
    }
    if is_encapsulated(message) {
        return fail(message, DecodeErrorKind::NestedEncapsulation, Field::Message);
    }
    match WirelessNodeId::new(node) {
        Ok(wireless_node_id) => {
            Ok((Some(Encapsulation { radius: BroadcastRadius::from_ctrl(ctrl), wireless_node_id }), message))
        }
        Err(_) => fail(input, DecodeErrorKind::LengthTooSmall, Field::WirelessNodeId), // Length has one octet
    }
}

/// Returns the length of an encapsulation in octets: at most 255.
pub(super) fn len_of<B: Buffer>(encapsulation: &Encapsulation<B>) -> usize {
    encapsulation.wireless_node_id.as_bytes().len().saturating_add(HEADER_LEN)
}

pub(super) fn write<'p, B: Buffer>(encapsulation: &'p Encapsulation<B>, output: &mut impl Write<'p>) {
    let length = u8::try_from(len_of(encapsulation)).unwrap_or(u8::MAX); // the node has at most 252 octets
    output.put(&[length, ENCAPSULATED, encapsulation.radius.get()]);
    output.put_short_part(encapsulation.wireless_node_id.as_bytes());
}

#[cfg(test)]
mod tests {
    use crate::sn::testing::{becomes_canonical, checks, refuses};
    use crate::sn::{Datagram, DecodeErrorKind as Kind, split_encapsulation};
    use mqtt_types::sn::{BroadcastRadius, Encapsulation, PingReq, PingResp, WirelessNodeId};

    #[test]
    fn section_5_5() {
        let node = |octets: &'static [u8]| Encapsulation::new(WirelessNodeId::new(octets).unwrap());
        let datagram = |encapsulation| Datagram { encapsulation: Some(encapsulation), ..PingReq::default().into() };
        checks(&[0x05, 0xFE, 0x00, 0x01, 0x02, 0x02, 0x16], &datagram(node(&[1, 2])));
        checks(&[0x03, 0xFE, 0x00, 0x02, 0x16], &datagram(node(&[])));
        let broadcast = Encapsulation { radius: BroadcastRadius::MAX, ..node(&[1]) };
        checks(&[0x04, 0xFE, 0x03, 0x01, 0x02, 0x17], &Datagram { message: PingResp.into(), ..datagram(broadcast) });
        let mut longest = vec![0xFF, 0xFE, 0x00];
        longest.extend([7; 252]);
        longest.extend([0x02, 0x16]);
        checks(&longest, &datagram(node(&[7; 252])));
        becomes_canonical(&[0x03, 0xFE, 0xFC, 0x02, 0x16], &[0x03, 0xFE, 0x00, 0x02, 0x16]);
        becomes_canonical(&[0x03, 0xFE, 0x00, 0x01, 0x00, 0x04, 0x16], &[0x03, 0xFE, 0x00, 0x02, 0x16]);
    }

    #[test]
    fn refuses_each_fault_at_its_octet() {
        refuses(&[0x02, 0xFE], Kind::LengthTooSmall, 0);
        refuses(&[0x03, 0xFE], Kind::LengthMismatch { length: 3, datagram: 2 }, 0);
        refuses(&[0x03, 0xFE, 0x00], Kind::UnexpectedEnd, 3);
        refuses(&[0x01, 0x00, 0x07, 0xFE, 0x00, 0x01, 0x02, 0x02, 0x16], Kind::EncapsulationWithLongLength, 0);
        refuses(&[0x03, 0xFE, 0x00, 0x03, 0xFE, 0x00, 0x02, 0x16], Kind::NestedEncapsulation, 3);
        refuses(&[0x03, 0xFE, 0x00, 0x01, 0x00, 0x06, 0xFE, 0x02, 0x16], Kind::NestedEncapsulation, 3);
        refuses(&[0x03, 0xFE, 0x00, 0x03, 0x16], Kind::LengthMismatch { length: 3, datagram: 2 }, 3);
        refuses(&[0x03, 0xFE, 0x00, 0x00], Kind::LengthTooSmall, 3);
        refuses(&[0x03, 0xFE, 0x00, 0x01], Kind::UnexpectedEnd, 3);
        refuses(&[0x03, 0xFE, 0x00, 0x02, 0x03], Kind::ReservedMessageType(3), 4);
        refuses(&[0x03, 0xFE, 0x00, 0x03, 0x17, 0x00], Kind::TrailingBytes, 5);
        assert_eq!(split_encapsulation(&[0x02, 0xFE]).unwrap_err().offset(), 0);
        assert_eq!(split_encapsulation(&[0x02, 0x03]), Ok((None, &[0x02, 0x03][..])));
    }
}
