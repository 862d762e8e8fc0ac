//! PUBREL: section 3.6.

crate::packet::acknowledgement::acknowledgement! {
    /// PUBREL: acknowledges a PUBREC and releases the message of QoS 2. Section 3.6.
    ///
    /// ```text
    /// variable header   Packet Identifier, Reason Code (5.0, may be omitted), Properties (5.0, may be omitted)
    /// ```
    ///
    /// In 3.x the packet has only the Packet Identifier, which means success.
    ///
    /// ```
    /// use mqtt_types::{PacketIdentifier, PubRel};
    ///
    /// let acknowledgement: PubRel<&[u8]> = PubRel::new(PacketIdentifier::new(10).unwrap());
    /// assert_eq!(acknowledgement.to_string(), "PUBREL id=10 Success (0x00)");
    /// ```
    PubRel, PubRelProperties, PubRelReasonCode, "PUBREL"
}
