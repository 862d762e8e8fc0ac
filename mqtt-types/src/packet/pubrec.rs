//! PUBREC: section 3.5.

crate::packet::acknowledgement::acknowledgement! {
    /// PUBREC: the receiver of a PUBLISH of QoS 2 has it. Section 3.5.
    ///
    /// ```text
    /// variable header   Packet Identifier, Reason Code (5.0, may be left out), Properties (5.0, may be left out)
    /// ```
    ///
    /// In 3.x there is the Packet Identifier only, which stands for success.
    ///
    /// ```
    /// use mqtt_types::{PacketIdentifier, PubRec};
    ///
    /// let acknowledgement: PubRec<&[u8]> = PubRec::new(PacketIdentifier::new(10).unwrap());
    /// assert_eq!(acknowledgement.to_string(), "PUBREC id=10 Success (0x00)");
    /// ```
    PubRec, PubRecProperties, PubAckReasonCode, "PUBREC"
}
