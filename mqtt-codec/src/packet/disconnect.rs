//! DISCONNECT: section 3.14.
//!
//! ```text
//! [Reason Code · [Properties]]
//! ```
//!
//! 3.x has neither. In 5.0 the Property Length may be omitted if there are no properties, and the Reason Code as well if it
//! is also Normal disconnection. Encoding always writes the shortest format.

use crate::error::{DecodeErrorKind, Field};
use crate::options::{DecodeOptions, EncodeOptions};
use crate::packet::acknowledgement::{check_reason_code, reason_code, short_len, write_short};
use crate::wire::encode_body::{EncodeBody, Refusal, ShortPacket};
use crate::wire::primitives::{ParseResult, expect_end, fail};
use crate::wire::properties;
use crate::wire::write::Write;
use mqtt_types::{
    Buffer, Disconnect, DisconnectProperties, DisconnectReasonCode, Packet, PacketType, PropertyIdentifier, Sender,
};

#[inline(always)]
pub(crate) fn decode<'a>(body: &'a [u8], options: &DecodeOptions) -> ParseResult<'a, Disconnect<&'a [u8]>> {
    if options.version.is_v3() {
        expect_end(body)?;
        return Ok(Disconnect::default());
    }
    let (after_code, reason_code) = reason_code::<DisconnectReasonCode>(body, options)?;
    let (rest, properties) = if after_code.is_empty() {
        (after_code, DisconnectProperties::default())
    } else {
        properties::decode(after_code, Field::Properties, options, DisconnectProperties::new, |set| set.iter())?
    };
    // MQTT-3.14.2-2. Reason Codes of the wrong sender are accepted, because the connection ends in any case.
    let identifier = PropertyIdentifier::SessionExpiryInterval;
    if options.sender == Sender::Server && properties.contains(identifier) {
        let at = properties::find_property(properties.as_bytes(), properties.iter(), identifier).unwrap_or(after_code);
        let kind = DecodeErrorKind::PropertyFromWrongSender(Sender::Server);
        return fail(at, kind, Field::Property(identifier));
    }
    expect_end(rest)?;
    Ok(Disconnect { reason_code, properties })
}

impl<B: Buffer> EncodeBody for Disconnect<B> {
    const PACKET_TYPE: PacketType = PacketType::Disconnect;

    fn as_packet(&self) -> Packet<&[u8]> {
        self.as_borrowed().into()
    }

    #[inline]
    fn short_packet(&self) -> Option<ShortPacket> {
        let is_short = self.properties.is_empty() && self.reason_code == DisconnectReasonCode::NORMAL_DISCONNECTION;
        is_short.then(|| ShortPacket::without_body(Self::PACKET_TYPE))
    }

    #[inline]
    fn body_len(&self, options: &EncodeOptions) -> Result<usize, Refusal> {
        let code = self.reason_code.get();
        if options.version.is_v3() {
            let error = |field| Err(Refusal::NotInVersion(field));
            return match (self.properties.is_empty(), self.reason_code) {
                (true, DisconnectReasonCode::NORMAL_DISCONNECTION) => Ok(0),
                (true, _) => error(Field::ReasonCode),
                (false, _) => error(Field::Properties),
            };
        }
        check_reason_code(Self::PACKET_TYPE, code, options)?;
        let forbidden = match options.sender {
            Sender::Client => Some(PropertyIdentifier::ServerReference),
            Sender::Server => Some(PropertyIdentifier::SessionExpiryInterval),
            Sender::Either => None,
        };
        match forbidden.filter(|identifier| self.properties.contains(*identifier)) {
            Some(identifier) => Err(Refusal::NotFromSender(Field::Property(identifier))),
            None => Ok(short_len(code, self.properties.as_bytes())),
        }
    }

    #[inline]
    fn write_body<'p>(&'p self, _: &EncodeOptions, output: &mut impl Write<'p>) {
        write_short(self.reason_code.get(), self.properties.as_bytes(), output);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Vector, encodes_canonically, refuses};
    use crate::{DecodeErrorKind as Kind, DecodeOptions, Encode, EncodeErrorKind, EncodeOptions};
    use mqtt_types::ProtocolVersion::{self, V3_1_1, V5};
    use mqtt_types::{Disconnect, DisconnectProperties, DisconnectReasonCode, Sender};

    #[test]
    fn vectors() {
        let with_will = Disconnect::new(DisconnectReasonCode::DISCONNECT_WITH_WILL_MESSAGE);
        let properties = DisconnectProperties::new(&[0x11, 0, 0, 0, 9]).unwrap();
        for version in ProtocolVersion::ALL {
            Vector { version, bytes: &[&[0xE0]], packet: Disconnect::default().into() }.check();
        }
        for vector in [
            Vector { version: V5, bytes: &[&[0xE0], &[0x04]], packet: with_will.into() },
            Vector {
                version: V5,
                bytes: &[
                    &[0xE0],
                    &[0x04],             // Reason Code
                    &[5],                // Property Length
                    &[0x11, 0, 0, 0, 9], // Session Expiry Interval
                ],
                packet: Disconnect { properties, ..with_will }.into(),
            },
        ] {
            vector.check();
        }
    }

    #[test]
    fn longer_formats_are_decoded() {
        encodes_canonically(V5, &[&[0xE0], &[0]], &[&[0xE0]]);
        encodes_canonically(V5, &[&[0xE0], &[0, 0]], &[&[0xE0]]);
        encodes_canonically(V5, &[&[0xE0], &[0x8B, 0]], &[&[0xE0], &[0x8B]]);
    }

    #[test]
    fn refuses_each_fault_at_its_byte() {
        for (version, bytes, kind, offset) in [
            (V5, &[&[0xE2][..]][..], Kind::InvalidFlags, 0),
            (V5, &[&[0xE0], &[0x01]], Kind::InvalidReasonCode(1), 2),
            (V5, &[&[0xE0], &[0, 5, 0x11, 0, 0]], Kind::UnexpectedEnd, 3),
            (V5, &[&[0xE0], &[0, 0, 0]], Kind::TrailingBytes, 4),
            (V3_1_1, &[&[0xE0], &[0]], Kind::TrailingBytes, 2),
        ] {
            refuses(version, bytes, kind, offset);
        }
        let server = DecodeOptions::new(V5).with_sender(Sender::Server);
        let kind = Kind::PropertyFromWrongSender(Sender::Server);
        refuses(server, &[&[0xE0], &[0, 5, 0x11, 0, 0, 0, 9]], kind, 4);
        refuses(
            DecodeOptions::new(V3_1_1).with_sender(Sender::Server),
            &[&[0xE0]],
            Kind::WrongSender(Sender::Server),
            0,
        );
        assert!(crate::decode(&[0xE0, 1, 0x04], server).is_ok(), "codes of the other side are accepted");
    }

    #[test]
    fn codes_and_properties_of_the_other_side_are_not_encoded() {
        let expiry = DisconnectProperties::new(&[0x11, 0, 0, 0, 9]).unwrap();
        let reference = DisconnectProperties::new(&[0x1C, 0, 1, b's']).unwrap();
        let moved = Disconnect::new(DisconnectReasonCode::SERVER_MOVED);
        let normal = Disconnect::default();
        for (packet, sender) in [
            (moved, Sender::Client),
            (Disconnect::new(DisconnectReasonCode::DISCONNECT_WITH_WILL_MESSAGE), Sender::Server),
            (Disconnect { properties: expiry, ..normal }, Sender::Server),
            (Disconnect { properties: reference, ..normal }, Sender::Client),
        ] {
            let error = packet.encoded_len(EncodeOptions::new(V5).with_sender(sender)).unwrap_err();
            assert_eq!(error.kind(), EncodeErrorKind::NotFromSender(sender));
            assert!(packet.encoded_len(V5).is_ok());
        }
    }
}
