//! PUBCOMP: section 3.7. Layout and code: see `acknowledgement.rs`.

crate::acknowledgement::acknowledgement!(PubComp, PubCompProperties, PubRelReasonCode);
