//! PUBACK: section 3.4. Layout and code: see `acknowledgement.rs`.

crate::acknowledgement::acknowledgement!(PubAck, PubAckProperties, PubAckReasonCode);
