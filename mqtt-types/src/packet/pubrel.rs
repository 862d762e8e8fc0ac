//! PUBREL: section 3.6.

crate::packet::acknowledgement::acknowledgement! {
    /// PUBREL: the sender of a PUBLISH of QoS 2 has the PUBREC. Section 3.6.
    ///
    /// ```text
    /// variable header   Packet Identifier, Reason Code (5.0, may be left out), Properties (5.0, may be left out)
    /// ```
    ///
    /// In 3.x there is the Packet Identifier only, which stands for success.
    ///
    /// ```
    /// use mqtt_types::{PacketIdentifier, PubRel};
    ///
    /// let acknowledgement: PubRel<&[u8]> = PubRel::new(PacketIdentifier::new(10).unwrap());
    /// assert_eq!(acknowledgement.to_string(), "PUBREL id=10 Success (0x00)");
    /// ```
    PubRel, PubRelProperties, PubRelReasonCode, "PUBREL"
}
