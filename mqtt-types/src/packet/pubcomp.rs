//! PUBCOMP: section 3.7.

crate::packet::acknowledgement::acknowledgement! {
    /// PUBCOMP: the receiver of a PUBLISH of QoS 2 has the PUBREL. Section 3.7.
    ///
    /// ```text
    /// variable header   Packet Identifier, Reason Code (5.0, may be left out), Properties (5.0, may be left out)
    /// ```
    ///
    /// In 3.x there is the Packet Identifier only, which stands for success.
    ///
    /// ```
    /// use mqtt_types::{PacketIdentifier, PubComp};
    ///
    /// let acknowledgement: PubComp<&[u8]> = PubComp::new(PacketIdentifier::new(10).unwrap());
    /// assert_eq!(acknowledgement.to_string(), "PUBCOMP id=10 Success (0x00)");
    /// ```
    PubComp, PubCompProperties, PubRelReasonCode, "PUBCOMP"
}
