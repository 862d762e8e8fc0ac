//! Plain values.

use crate::arbitrary::choice::{legal, number, one_of};
use crate::property::{PayloadFormat, PropertyIdentifier};
use crate::reason_code::{
    AuthReasonCode, ConnAckReasonCode, DisconnectReasonCode, PubAckReasonCode, PubRelReasonCode, ReasonCode,
    SubAckReasonCode, UnsubAckReasonCode,
};
use crate::subscription::RetainHandling;
use crate::value::{
    Delivery, FixedHeader, Flags, KeepAlive, PacketIdentifier, PacketType, ProtocolVersion, QoS, Sender,
    VariableByteInteger,
};
use arbitrary::{Arbitrary, Result, Unstructured};

impl<'a> Arbitrary<'a> for Delivery {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.arbitrary()? {
            QoS::AtMostOnce => Self::AtMostOnce,
            QoS::AtLeastOnce => Self::AtLeastOnce { packet_identifier: u.arbitrary()?, dup: u.arbitrary()? },
            QoS::ExactlyOnce => Self::ExactlyOnce { packet_identifier: u.arbitrary()?, dup: u.arbitrary()? },
        })
    }
}

impl<'a> Arbitrary<'a> for PacketIdentifier {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let value = legal(u16::try_from(number(u, 1, 0xFFFF)?))?;
        legal(Self::try_from(value))
    }
}

impl<'a> Arbitrary<'a> for KeepAlive {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::from_seconds(legal(u16::try_from(number(u, 0, 0xFFFF)?))?))
    }
}

impl<'a> Arbitrary<'a> for VariableByteInteger {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (least, most) = *u.choose(&[(0, 127), (128, 16_383), (16_384, 2_097_151), (2_097_152, Self::MAX.get())])?;
        legal(Self::try_from(number(u, least, most)?))
    }
}

impl<'a> Arbitrary<'a> for FixedHeader {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { packet_type: u.arbitrary()?, flags: u.arbitrary()?, remaining_length: u.arbitrary()? })
    }
}

impl<'a> Arbitrary<'a> for Flags {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::from_first_byte(u.arbitrary()?))
    }

    fn size_hint(depth: usize) -> (usize, Option<usize>) {
        u8::size_hint(depth)
    }
}

one_of! {
    ProtocolVersion ProtocolVersion::ALL,
    QoS QoS::ALL,
    Sender [Sender::Either, Sender::Client, Sender::Server],
    PacketType PacketType::ALL,
    PayloadFormat [PayloadFormat::Unspecified, PayloadFormat::Utf8],
    RetainHandling [RetainHandling::SendAtSubscribe, RetainHandling::SendAtSubscribeIfNew, RetainHandling::DoNotSend],
    PropertyIdentifier PropertyIdentifier::ALL,
    ReasonCode ReasonCode::ALL,
    ConnAckReasonCode ConnAckReasonCode::ALL,
    PubAckReasonCode PubAckReasonCode::ALL,
    PubRelReasonCode PubRelReasonCode::ALL,
    SubAckReasonCode SubAckReasonCode::ALL,
    UnsubAckReasonCode UnsubAckReasonCode::ALL,
    DisconnectReasonCode DisconnectReasonCode::ALL,
    AuthReasonCode AuthReasonCode::ALL,
}
