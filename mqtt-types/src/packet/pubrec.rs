//! PUBREC: section 3.5.

crate::packet::acknowledgement::acknowledgement! {
    /// PUBREC: acknowledges a PUBLISH of QoS 2, which the receiver stores until PUBREL. Section 3.5.
    ///
    /// ```text
    /// variable header   Packet Identifier, Reason Code (5.0, may be omitted), Properties (5.0, may be omitted)
    /// ```
    ///
    /// In 3.x the packet has only the Packet Identifier, which means success.
    ///
    /// ```
    /// use mqtt_types::{PacketIdentifier, PubRec};
    ///
    /// let acknowledgement: PubRec<&[u8]> = PubRec::new(PacketIdentifier::new(10).unwrap());
    /// assert_eq!(acknowledgement.to_string(), "PUBREC id=10 Success (0x00)");
    /// ```
    PubRec, PubRecProperties, PubRecReasonCode, "PUBREC"
}
