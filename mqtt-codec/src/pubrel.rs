//! PUBREL: section 3.6. Layout and code: see `acknowledgement.rs`.

crate::acknowledgement::acknowledgement!(PubRel, PubRelProperties, PubRelReasonCode);
