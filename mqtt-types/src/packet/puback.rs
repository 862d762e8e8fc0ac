//! PUBACK: section 3.4.

crate::packet::acknowledgement::acknowledgement! {
    /// PUBACK: the receiver of a PUBLISH of QoS 1 has it. Section 3.4.
    ///
    /// ```text
    /// variable header   Packet Identifier, Reason Code (5.0, may be left out), Properties (5.0, may be left out)
    /// ```
    ///
    /// In 3.x there is the Packet Identifier only, which stands for success.
    ///
    /// ```
    /// use mqtt_types::{PacketIdentifier, PubAck};
    ///
    /// let acknowledgement: PubAck<&[u8]> = PubAck::new(PacketIdentifier::new(10).unwrap());
    /// assert_eq!(acknowledgement.to_string(), "PUBACK id=10 Success (0x00)");
    /// ```
    PubAck, PubAckProperties, PubAckReasonCode, "PUBACK"
}
