//! Control packets.

use crate::arbitrary::choice::{legal, many};
use crate::arbitrary::text::payload;
use crate::packet::{
    ApplicationMessage, Auth, ConnAck, Connect, Disconnect, Packet, PingReq, PingResp, PubAck, PubComp, PubRec, PubRel,
    Publish, Request, SubAck, Subscribe, UnsubAck, Unsubscribe, Will,
};
use crate::property::{PayloadFormat, PropertyIdentifier, PublishProperties, WillProperties};
use crate::reason_code::{ConnAckReasonCode, ReasonCode, ReasonCodes, SubAckReasonCode};
use crate::subscription::{Subscriptions, TopicFilters};
use crate::text::{BinaryData, Utf8String};
use crate::value::{PacketType, ProtocolVersion};
use arbitrary::{Arbitrary, Error, Result, Unstructured};
use bytes::Bytes;

/// Implements `Arbitrary` for each packet, and the choice between them for [`Packet`]. The function `arbitrary_for` of a
/// packet makes what a version can express.
macro_rules! packets {
    ($($packet:ident)*) => {
        $(
            /// Generates packets that 5.0 can express.
            impl<'a> Arbitrary<'a> for $packet<Bytes> {
                fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                    Self::arbitrary_for(ProtocolVersion::V5, u)
                }
            }
        )*

        impl Packet<Bytes> {
            fn of_type(packet_type: PacketType, version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
                Ok(match packet_type {
                    PacketType::Connect => Connect::arbitrary_for(version, u)?.into(),
                    $(PacketType::$packet => $packet::arbitrary_for(version, u)?.into(),)*
                    PacketType::PingReq => PingReq.into(),
                    PacketType::PingResp => PingResp.into(),
                    PacketType::Reserved => return Err(Error::IncorrectFormat), // no version has it, and no caller asks for it
                })
            }
        }
    };
}

packets! { ConnAck Publish PubAck PubRec PubRel PubComp Subscribe SubAck Unsubscribe UnsubAck Disconnect Auth }

/// Generates packets that 5.0 can express, and CONNECT of every version.
impl<'a> Arbitrary<'a> for Packet<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let packet_type = packet_type(ProtocolVersion::V5, u)?;
        let version = if packet_type == PacketType::Connect { u.arbitrary()? } else { ProtocolVersion::V5 };
        Self::of_type(packet_type, version, u)
    }
}

impl Packet<Bytes> {
    /// Generates a packet that the version can express.
    ///
    /// For 3.x there is no AUTH, and packets have no properties and only the codes of 3.x. A CONNECT names this
    /// version.
    ///
    /// ```
    /// use mqtt_types::{Packet, ProtocolVersion};
    ///
    /// let mut input = arbitrary::Unstructured::new(b"any bytes will do");
    /// let packet = Packet::arbitrary_for(ProtocolVersion::V3_1_1, &mut input)?;
    /// assert!(packet.packet_type().exists_in(ProtocolVersion::V3_1_1));
    /// # Ok::<(), arbitrary::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Unstructured`].
    pub fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        Self::of_type(packet_type(version, u)?, version, u)
    }
}

fn packet_type(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<PacketType> {
    let last = if version.is_v3() { PacketType::Disconnect } else { PacketType::Auth };
    Ok(PacketType::from_first_byte(u.int_in_range(1..=last.as_u8())? << 4))
}

/// Generates a CONNECT of any version, which that version can express.
impl<'a> Arbitrary<'a> for Connect<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::arbitrary_for(u.arbitrary()?, u)
    }
}

impl Connect<Bytes> {
    fn arbitrary_for(protocol_version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        let is_v3 = protocol_version.is_v3();
        let mut client_identifier: Utf8String<Bytes> = u.arbitrary()?;
        if protocol_version == ProtocolVersion::V3_1 && client_identifier.is_empty() {
            client_identifier = Utf8String::shared_from_static("a"); // 3.1 does not allow an empty one
        }
        // 3.1.1: without a Client Identifier the server cannot find an earlier session.
        let needs_clean_start = is_v3 && client_identifier.is_empty();
        let user_name = u.arbitrary()?;
        let may_have_password = !is_v3 || Option::is_some(&user_name);
        Ok(Self {
            protocol_version,
            bridge: is_v3 && u.arbitrary()?,
            clean_start: needs_clean_start || u.arbitrary()?,
            keep_alive: u.arbitrary()?,
            properties: properties_for(protocol_version, u)?,
            client_identifier,
            will: if u.arbitrary()? { Some(Will::arbitrary_for(protocol_version, u)?) } else { None },
            user_name,
            password: if may_have_password { u.arbitrary()? } else { None },
        })
    }
}

/// Generates what 5.0 can express.
impl<'a> Arbitrary<'a> for Will<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::arbitrary_for(ProtocolVersion::V5, u)
    }
}

impl Will<Bytes> {
    fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        let properties: WillProperties<Bytes> = properties_for(version, u)?;
        let payload = if properties.payload_format_indicator() == Some(PayloadFormat::Utf8) {
            legal(BinaryData::new(Utf8String::arbitrary(u)?.into_buffer()))?
        } else {
            u.arbitrary()?
        };
        Ok(Self { topic_name: u.arbitrary()?, payload, qos: u.arbitrary()?, retain: u.arbitrary()?, properties })
    }
}

/// Generates messages that 5.0 can express.
impl<'a> Arbitrary<'a> for ApplicationMessage<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut publish = Publish::arbitrary(u)?;
        if publish.topic_name().is_none() {
            publish.set_topic_name(u.arbitrary()?);
        }
        publish.into_message().ok_or(Error::IncorrectFormat)
    }
}

/// Generates requests that 5.0 can express.
impl<'a> Arbitrary<'a> for Request<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=2)? {
            0 => ApplicationMessage::arbitrary(u)?.into(),
            1 => Self::Subscribe { properties: u.arbitrary()?, subscriptions: u.arbitrary()? },
            _ => Self::Unsubscribe { properties: u.arbitrary()?, topic_filters: u.arbitrary()? },
        })
    }
}

impl ConnAck<Bytes> {
    fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        let reason_code = if version.is_v3() {
            let return_code = u.int_in_range(0..=5)?;
            ReasonCode::from_connack_return_code(return_code).ok_or(Error::IncorrectFormat)?
        } else {
            u.arbitrary()?
        };
        let may_have_session = version != ProtocolVersion::V3_1; // 3.1 has no Session Present
        let packet = match reason_code {
            ConnAckReasonCode::SUCCESS => Self::accepted(may_have_session && u.arbitrary()?),
            refusal => Self::refused(refusal),
        };
        Ok(packet.with_properties(properties_for(version, u)?))
    }
}

impl Publish<Bytes> {
    fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        let properties: PublishProperties<Bytes> = properties_for(version, u)?;
        let payload = if properties.payload_format_indicator() == Some(PayloadFormat::Utf8) {
            Utf8String::arbitrary(u)?.into_buffer()
        } else {
            payload(u)?
        };
        let is_alias_enough = properties.contains(PropertyIdentifier::TopicAlias) && u.arbitrary()?;
        let mut packet = if is_alias_enough {
            legal(Self::with_alias_only(properties, payload))?
        } else {
            Self::with_properties(u.arbitrary()?, properties, payload)
        };
        packet.delivery = u.arbitrary()?;
        packet.retain = u.arbitrary()?;
        Ok(packet)
    }
}

/// Implements `arbitrary_for` for the four acknowledgements.
macro_rules! acknowledgements {
    ($($packet:ident)*) => {$(
        impl $packet<Bytes> {
            fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
                let success = Self::new(u.arbitrary()?);
                if version.is_v3() {
                    return Ok(success);
                }
                Ok(Self { reason_code: u.arbitrary()?, properties: u.arbitrary()?, ..success })
            }
        }
    )*};
}

acknowledgements! { PubAck PubRec PubRel PubComp }

impl Subscribe<Bytes> {
    fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        let packet = Self::new(u.arbitrary()?, Subscriptions::arbitrary_for(version, u)?);
        Ok(Self { properties: properties_for(version, u)?, ..packet })
    }
}

impl SubAck<Bytes> {
    fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        use SubAckReasonCode as Code;
        let known: &[Code] = match version {
            ProtocolVersion::V3_1 => &[Code::GRANTED_QOS_0, Code::GRANTED_QOS_1, Code::GRANTED_QOS_2],
            ProtocolVersion::V3_1_1 => {
                &[Code::GRANTED_QOS_0, Code::GRANTED_QOS_1, Code::GRANTED_QOS_2, Code::UNSPECIFIED_ERROR]
            }
            ProtocolVersion::V5 => &Code::ALL,
        };
        let reason_codes = many(u, |u| u.choose(known).copied())?.into_iter().collect();
        let mut packet = legal(Self::new(u.arbitrary()?, reason_codes))?;
        packet.properties = properties_for(version, u)?;
        Ok(packet)
    }
}

impl Unsubscribe<Bytes> {
    fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        let packet = Self::new(u.arbitrary()?, TopicFilters::arbitrary_for(version, u)?);
        Ok(Self { properties: properties_for(version, u)?, ..packet })
    }
}

impl UnsubAck<Bytes> {
    fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        let packet_identifier = u.arbitrary()?;
        if version.is_v3() {
            return Ok(Self::new(packet_identifier, ReasonCodes::default()));
        }
        let reason_codes = many(u, Unstructured::arbitrary)?.into_iter().collect();
        Ok(Self { properties: u.arbitrary()?, ..Self::new(packet_identifier, reason_codes) })
    }
}

impl Disconnect<Bytes> {
    fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        if version.is_v3() {
            return Ok(Self::default());
        }
        Ok(Self { reason_code: u.arbitrary()?, properties: u.arbitrary()? })
    }
}

impl Auth<Bytes> {
    fn arbitrary_for(_: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        Ok(Self { reason_code: u.arbitrary()?, properties: u.arbitrary()? })
    }
}

impl<'a> Arbitrary<'a> for PingReq {
    fn arbitrary(_: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (0, Some(0))
    }
}

impl<'a> Arbitrary<'a> for PingResp {
    fn arbitrary(_: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (0, Some(0))
    }
}

/// Generates properties, or none for 3.x, which does not have them.
fn properties_for<'a, P: Arbitrary<'a> + Default>(version: ProtocolVersion, u: &mut Unstructured<'a>) -> Result<P> {
    if version.is_v3() { Ok(P::default()) } else { u.arbitrary() }
}
