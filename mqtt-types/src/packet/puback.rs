//! PUBACK: section 3.4.

crate::packet::acknowledgement::acknowledgement! {
    /// PUBACK: acknowledges a PUBLISH of QoS 1. Section 3.4.
    ///
    /// ```text
    /// variable header   Packet Identifier, Reason Code (5.0, may be omitted), Properties (5.0, may be omitted)
    /// ```
    ///
    /// In 3.x the packet has only the Packet Identifier, which means success.
    ///
    /// ```
    /// use mqtt_types::{PacketIdentifier, PubAck};
    ///
    /// let acknowledgement: PubAck<&[u8]> = PubAck::new(PacketIdentifier::new(10).unwrap());
    /// assert_eq!(acknowledgement.to_string(), "PUBACK id=10 Success (0x00)");
    /// ```
    PubAck, PubAckProperties, PubAckReasonCode, "PUBACK"
}
