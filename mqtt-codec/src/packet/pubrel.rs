//! PUBREL: section 3.6. See `acknowledgement.rs` for the layout and the code.

crate::packet::acknowledgement::acknowledgement!(PubRel, PubRelProperties, PubRelReasonCode);

#[cfg(test)]
mod tests {
    use crate::DecodeErrorKind as Kind;
    use crate::testing::{Vector, encodes_canonically, refuses};
    use mqtt_types::ProtocolVersion::{V3_1, V3_1_1, V5};
    use mqtt_types::{PacketIdentifier, PubRel, PubRelProperties, PubRelReasonCode};

    #[test]
    fn vectors() {
        let success = PubRel::new(PacketIdentifier::new(10).unwrap());
        let failure = PubRel { reason_code: PubRelReasonCode::PACKET_IDENTIFIER_NOT_FOUND, ..success };
        let properties = PubRelProperties::new(&[0x1F, 0, 2, b'n', b'o']).unwrap();
        for version in [V3_1, V3_1_1, V5] {
            Vector { version, bytes: &[&[0x62], &[0, 10]], packet: success.into() }.check();
        }
        for vector in [
            Vector { version: V5, bytes: &[&[0x62], &[0, 10], &[0x92]], packet: failure.into() },
            Vector {
                version: V5,
                bytes: &[
                    &[0x62],
                    &[0, 10], // Packet Identifier
                    &[0x92],  // Reason Code
                    &[5],     // Property Length
                    &[0x1F, 0, 2, b'n', b'o'],
                ],
                packet: PubRel { properties, ..failure }.into(),
            },
            Vector {
                version: V5,
                bytes: &[&[0x62], &[0, 10], &[0], &[5], &[0x1F, 0, 2, b'n', b'o']],
                packet: PubRel { properties, ..success }.into(),
            },
        ] {
            vector.check();
        }
    }

    #[test]
    fn longer_formats_are_decoded() {
        encodes_canonically(V5, &[&[0x62], &[0, 10, 0]], &[&[0x62], &[0, 10]]);
        encodes_canonically(V5, &[&[0x62], &[0, 10, 0, 0]], &[&[0x62], &[0, 10]]);
        encodes_canonically(V5, &[&[0x62], &[0, 10, 0x92, 0]], &[&[0x62], &[0, 10, 0x92]]);
    }

    #[test]
    fn refuses_each_fault_at_its_byte() {
        for (version, bytes, kind, offset) in [
            (V5, &[&[0x62][..], &[0]][..], Kind::UnexpectedEnd, 2),
            (V5, &[&[0x62], &[0, 0]], Kind::PacketIdentifierZero, 2),
            (V5, &[&[0x62], &[0, 10, 0x10]], Kind::InvalidReasonCode(0x10), 4),
            (V5, &[&[0x62], &[0, 10, 0, 1]], Kind::UnexpectedEnd, 5),
            (V5, &[&[0x62], &[0, 10, 0, 2, 0x01, 1]], Kind::PropertyNotAllowed, 6),
            (V5, &[&[0x62], &[0, 10, 0, 0, 0]], Kind::TrailingBytes, 6),
            (V5, &[&[0x62 ^ 0x01], &[0, 10]], Kind::InvalidFlags, 0),
            (V3_1_1, &[&[0x62], &[0, 10, 0]], Kind::TrailingBytes, 4),
        ] {
            refuses(version, bytes, kind, offset);
        }
    }
}
