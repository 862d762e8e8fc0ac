//! PUBREC: section 3.5. See `acknowledgement.rs` for the layout and the code.

crate::packet::acknowledgement::acknowledgement!(PubRec, PubRecProperties, PubAckReasonCode);

#[cfg(test)]
mod tests {
    use crate::DecodeErrorKind as Kind;
    use crate::testing::{Vector, encodes_canonically, refuses};
    use mqtt_types::ProtocolVersion::{V3_1, V3_1_1, V5};
    use mqtt_types::{PacketIdentifier, PubAckReasonCode, PubRec, PubRecProperties};

    #[test]
    fn vectors() {
        let success = PubRec::new(PacketIdentifier::new(10).unwrap());
        let failure = PubRec { reason_code: PubAckReasonCode::QUOTA_EXCEEDED, ..success };
        let properties = PubRecProperties::new(&[0x1F, 0, 2, b'n', b'o']).unwrap();
        for version in [V3_1, V3_1_1, V5] {
            Vector { version, bytes: &[&[0x50], &[0, 10]], packet: success.into() }.check();
        }
        for vector in [
            Vector { version: V5, bytes: &[&[0x50], &[0, 10], &[0x97]], packet: failure.into() },
            Vector {
                version: V5,
                bytes: &[
                    &[0x50],
                    &[0, 10], // Packet Identifier
                    &[0x97],  // Reason Code
                    &[5],     // Property Length
                    &[0x1F, 0, 2, b'n', b'o'],
                ],
                packet: PubRec { properties, ..failure }.into(),
            },
            Vector {
                version: V5,
                bytes: &[&[0x50], &[0, 10], &[0], &[5], &[0x1F, 0, 2, b'n', b'o']],
                packet: PubRec { properties, ..success }.into(),
            },
        ] {
            vector.check();
        }
    }

    #[test]
    fn longer_formats_are_decoded() {
        encodes_canonically(V5, &[&[0x50], &[0, 10, 0]], &[&[0x50], &[0, 10]]);
        encodes_canonically(V5, &[&[0x50], &[0, 10, 0, 0]], &[&[0x50], &[0, 10]]);
        encodes_canonically(V5, &[&[0x50], &[0, 10, 0x97, 0]], &[&[0x50], &[0, 10, 0x97]]);
    }

    #[test]
    fn refuses_each_fault_at_its_byte() {
        for (version, bytes, kind, offset) in [
            (V5, &[&[0x50][..], &[0]][..], Kind::UnexpectedEnd, 2),
            (V5, &[&[0x50], &[0, 0]], Kind::PacketIdentifierZero, 2),
            (V5, &[&[0x50], &[0, 10, 0x92]], Kind::InvalidReasonCode(0x92), 4),
            (V5, &[&[0x50], &[0, 10, 0, 1]], Kind::UnexpectedEnd, 5),
            (V5, &[&[0x50], &[0, 10, 0, 2, 0x01, 1]], Kind::PropertyNotAllowed, 6),
            (V5, &[&[0x50], &[0, 10, 0, 0, 0]], Kind::TrailingBytes, 6),
            (V5, &[&[0x50 ^ 0x01], &[0, 10]], Kind::InvalidFlags, 0),
            (V3_1_1, &[&[0x50], &[0, 10, 0]], Kind::TrailingBytes, 4),
        ] {
            refuses(version, bytes, kind, offset);
        }
    }
}
