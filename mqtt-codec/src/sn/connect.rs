//! CONNECT and CONNACK: sections 5.4.4 and 5.4.5. CONNACK is decoded in `will.rs`.

use super::encode_body::EncodeBody;
use super::primitives::{Fault, client_id, fail, number, octet};
use super::{DecodeErrorKind, DecodeOptions, EncodeErrorKind, Field};
use crate::wire::write::Write;
use mqtt_types::sn::{ConnAck, Connect, Flags, MessageType};
use mqtt_types::{Buffer, KeepAlive};

/// The only `ProtocolId`: section 5.3.8.
const PROTOCOL_ID: u8 = 0x01;

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_connect<'a>(body: &'a [u8], options: &DecodeOptions) -> Result<Connect<&'a [u8]>, Fault> {
    let (rest, flags) = octet(body, Field::Flags)?;
    let flags = Flags::from_bits(flags);
    let (after_protocol_id, protocol_id) = octet(rest, Field::ProtocolId)?;
    if protocol_id != PROTOCOL_ID {
        return fail(rest, DecodeErrorKind::UnsupportedProtocolId(protocol_id), Field::ProtocolId);
    }
    let (rest, duration) = number(after_protocol_id, Field::Duration)?;
    let client_id = client_id(rest, options)?;
    let keep_alive = KeepAlive::from_seconds(duration);
    Ok(Connect { will: flags.will(), clean_session: flags.clean_session(), keep_alive, client_id })
}

impl<B: Buffer> EncodeBody for Connect<B> {
    const MESSAGE_TYPE: MessageType = MessageType::Connect;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        Ok(self.client_id.len().saturating_add(4))
    }

    #[inline]
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
        let flags = Flags::NONE.with_will(self.will).with_clean_session(self.clean_session);
        let [high, low] = self.keep_alive.as_seconds().to_be_bytes();
        output.put(&[flags.bits(), PROTOCOL_ID, high, low]);
        output.put_short_part(self.client_id.text().as_bytes());
    }
}

impl EncodeBody for ConnAck {
    const MESSAGE_TYPE: MessageType = MessageType::ConnAck;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        Ok(1)
    }

    #[inline]
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
        output.put_byte(self.return_code.as_u8());
    }
}

#[cfg(test)]
mod tests {
    use crate::sn::testing::{becomes_canonical, refuses, refuses_unless, vectors};
    use crate::sn::{DecodeErrorKind as Kind, DecodeOptions};
    use mqtt_types::KeepAlive;
    use mqtt_types::sn::{ClientId, ConnAck, Connect, ReturnCode};

    #[test]
    fn sections_5_4_4_and_5_4_5() {
        let connect = Connect { keep_alive: KeepAlive::from_seconds(60), ..Connect::new(ClientId::new("c").unwrap()) };
        vectors(&[
            (&[0x07, 0x04, 0x04, 0x01, 0x00, 0x3C, b'c'], connect.into()),
            (&[0x07, 0x04, 0x0C, 0x01, 0x00, 0x3C, b'c'], Connect { will: true, ..connect }.into()),
            (&[0x07, 0x04, 0x00, 0x01, 0x00, 0x3C, b'c'], Connect { clean_session: false, ..connect }.into()),
            (&[0x03, 0x05, 0x00], ConnAck { return_code: ReturnCode::ACCEPTED }.into()),
            (&[0x03, 0x05, 0x4D], ConnAck { return_code: ReturnCode::from_u8(0x4D) }.into()),
        ]);
        becomes_canonical(&[0x07, 0x04, 0xF7, 0x01, 0x00, 0x3C, b'c'], &[0x07, 0x04, 0x04, 0x01, 0x00, 0x3C, b'c']);
    }

    #[test]
    fn refuses_each_fault_at_its_octet() {
        refuses(&[0x02, 0x04], Kind::UnexpectedEnd, 2);
        refuses(&[0x03, 0x04, 0x04], Kind::UnexpectedEnd, 3);
        refuses(&[0x05, 0x04, 0x04, 0x01, 0x00], Kind::UnexpectedEnd, 4);
        refuses(&[0x07, 0x04, 0x04, 0x02, 0x00, 0x3C, b'c'], Kind::UnsupportedProtocolId(2), 3);
        refuses(&[0x08, 0x04, 0x04, 0x01, 0x00, 0x3C, b'c', 0xFF], Kind::IllFormedUtf8, 7);
        refuses(&[0x08, 0x04, 0x04, 0x01, 0x00, 0x3C, b'c', 0x00], Kind::NulCharacter, 7);
        refuses(&[0x02, 0x05], Kind::UnexpectedEnd, 2);
        refuses(&[0x04, 0x05, 0x00, 0x00], Kind::TrailingBytes, 3);
    }

    /// Section 5.3.1, and the identifiers that real software sends.
    #[test]
    fn a_client_identifier_has_1_to_23_characters_unless_allowed() {
        let strict = DecodeOptions::new();
        let empty = [0x06, 0x04, 0x04, 0x01, 0x00, 0x3C];
        refuses_unless(&empty, Kind::EmptyClientId, 6, strict.allow_empty_client_id(true));
        let mut long = vec![0x1E, 0x04, 0x04, 0x01, 0x00, 0x3C];
        long.extend([b'a'; 24]);
        refuses_unless(&long, Kind::ClientIdTooLong, 6, strict.allow_long_client_id(true));
    }
}
