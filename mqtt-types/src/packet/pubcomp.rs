//! PUBCOMP: section 3.7.

crate::packet::acknowledgement::acknowledgement! {
    /// PUBCOMP: acknowledges a PUBREL and completes the delivery at QoS 2. Section 3.7.
    ///
    /// ```text
    /// variable header   Packet Identifier, Reason Code (5.0, may be omitted), Properties (5.0, may be omitted)
    /// ```
    ///
    /// In 3.x the packet has only the Packet Identifier, which means success.
    ///
    /// ```
    /// use mqtt_types::{PacketIdentifier, PubComp};
    ///
    /// let acknowledgement: PubComp<&[u8]> = PubComp::new(PacketIdentifier::new(10).unwrap());
    /// assert_eq!(acknowledgement.to_string(), "PUBCOMP id=10 Success (0x00)");
    /// ```
    PubComp, PubCompProperties, PubCompReasonCode, "PUBCOMP"
}
