//! PUBREC: section 3.5. Layout and code: see `acknowledgement.rs`.

crate::acknowledgement::acknowledgement!(PubRec, PubRecProperties, PubAckReasonCode);
