//! `Arbitrary` for every type that owns its bytes: legal values only, made by the constructors that everybody uses.
//!
//! Most values are small, some are empty, a few are long. Where the input runs out, every choice falls on its first
//! alternative, so values end and lists stop.

use crate::buffer::{Storage, put_prefixed};
use crate::packet::{
    Auth, ConnAck, Connect, Disconnect, Packet, PingReq, PingResp, PubAck, PubComp, PubRec, PubRel, Publish, SubAck,
    Subscribe, UnsubAck, Unsubscribe, Will,
};
use crate::property::{
    AuthProperties, ConnAckProperties, ConnectProperties, DisconnectProperties, PayloadFormat, PropertyIdentifier,
    PropertyType, PubAckProperties, PubCompProperties, PubRecProperties, PubRelProperties, PublishProperties,
    SubAckProperties, SubscribeProperties, SubscriptionIdentifier, UnsubAckProperties, UnsubscribeProperties,
    UserProperty, WillProperties,
};
use crate::reason_code::{
    AuthReasonCode, ConnAckReasonCode, DisconnectReasonCode, PacketReasonCode, PubAckReasonCode, PubRelReasonCode,
    ReasonCode, ReasonCodes, SubAckReasonCode, UnsubAckReasonCode,
};
use crate::subscription::{RetainHandling, Subscription, SubscriptionOptions, Subscriptions, TopicFilters};
use crate::text::{BinaryData, Utf8String};
use crate::topic::{TopicFilter, TopicName};
use crate::value::{
    Delivery, FixedHeader, Flags, KeepAlive, PacketIdentifier, PacketType, ProtocolVersion, QoS, Sender,
    VariableByteInteger,
};
use alloc::{string::String, vec::Vec};
use arbitrary::{Arbitrary, Error, Result, Unstructured};
use bytes::{Bytes, BytesMut};

/// Gives each packet its `Arbitrary`, and [`Packet`] the choice between them. A packet's own `arbitrary_for` makes what
/// a version can say.
macro_rules! packets {
    ($($packet:ident)*) => {
        $(
            /// What 5.0 can say.
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
                    PacketType::Reserved => return Err(Error::IncorrectFormat), // no version has it, nobody asks for it
                })
            }
        }
    };
}

packets! { ConnAck Publish PubAck PubRec PubRel PubComp Subscribe SubAck Unsubscribe UnsubAck Disconnect Auth }

/// What 5.0 can say, and any CONNECT.
impl<'a> Arbitrary<'a> for Packet<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let packet_type = packet_type(ProtocolVersion::V5, u)?;
        let version = if packet_type == PacketType::Connect { u.arbitrary()? } else { ProtocolVersion::V5 };
        Self::of_type(packet_type, version, u)
    }
}

impl Packet<Bytes> {
    /// A packet that the version can say. Of 3.x: no AUTH, no properties, no code that it does not know; a CONNECT is
    /// one of this very version.
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
    /// Those of [`Unstructured`].
    pub fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        Self::of_type(packet_type(version, u)?, version, u)
    }
}

fn packet_type(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<PacketType> {
    let last = if version.is_v3() { PacketType::Disconnect } else { PacketType::Auth };
    Ok(PacketType::from_first_byte(u.int_in_range(1..=last.as_u8())? << 4))
}

/// Of any version, and what that version can say.
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
            client_identifier = Utf8String::shared_from_static("a"); // 3.1 has no empty one
        }
        // 3.1.1: without a Client Identifier there is no session to go on with.
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

/// What 5.0 can say.
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

/// The four packets that answer a PUBLISH, or an answer to it.
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
        let mut packet = Self::new(u.arbitrary()?, reason_codes).ok_or(Error::IncorrectFormat)?;
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
        let packet = Self::new(u.arbitrary()?);
        if version.is_v3() {
            return Ok(packet);
        }
        let reason_codes = many(u, Unstructured::arbitrary)?.into_iter().collect();
        Ok(Self { properties: u.arbitrary()?, reason_codes, ..packet })
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

/// 3.x has no properties.
fn properties_for<'a, P: Arbitrary<'a> + Default>(version: ProtocolVersion, u: &mut Unstructured<'a>) -> Result<P> {
    if version.is_v3() { Ok(P::default()) } else { u.arbitrary() }
}

/// Whose property set it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Packet(PacketType),
    Will,
}

macro_rules! property_sets {
    ($($set:ident $owner:expr,)*) => {$(
        /// Any choice of its properties in any order.
        impl<'a> Arbitrary<'a> for $set<Bytes> {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                legal(Self::new(property_set($owner, u)?))
            }
        }
    )*};
}

property_sets! {
    ConnectProperties Owner::Packet(PacketType::Connect),
    WillProperties Owner::Will,
    ConnAckProperties Owner::Packet(PacketType::ConnAck),
    PublishProperties Owner::Packet(PacketType::Publish),
    PubAckProperties Owner::Packet(PacketType::PubAck),
    PubRecProperties Owner::Packet(PacketType::PubRec),
    PubRelProperties Owner::Packet(PacketType::PubRel),
    PubCompProperties Owner::Packet(PacketType::PubComp),
    SubscribeProperties Owner::Packet(PacketType::Subscribe),
    SubAckProperties Owner::Packet(PacketType::SubAck),
    UnsubscribeProperties Owner::Packet(PacketType::Unsubscribe),
    UnsubAckProperties Owner::Packet(PacketType::UnsubAck),
    DisconnectProperties Owner::Packet(PacketType::Disconnect),
    AuthProperties Owner::Packet(PacketType::Auth),
}

/// The bytes of a set. They are written here rather than by the builders, which would take fourteen times the code.
fn property_set(owner: Owner, u: &mut Unstructured<'_>) -> Result<BytesMut> {
    let mut bytes = BytesMut::new();
    for identifier in property_identifiers(owner, u)? {
        put_property(identifier, u, &mut bytes)?;
    }
    Ok(bytes)
}

fn property_identifiers(owner: Owner, u: &mut Unstructured<'_>) -> Result<Vec<PropertyIdentifier>> {
    const METHOD: PropertyIdentifier = PropertyIdentifier::AuthenticationMethod;
    let is_allowed = |identifier: &PropertyIdentifier| match owner {
        Owner::Packet(packet_type) => identifier.is_allowed_in(packet_type),
        Owner::Will => identifier.is_allowed_in_will(),
    };
    let may_repeat = |identifier| match identifier {
        PropertyIdentifier::UserProperty => true,
        PropertyIdentifier::SubscriptionIdentifier => owner == Owner::Packet(PacketType::Publish),
        _ => false,
    };
    let mut left: Vec<_> = PropertyIdentifier::ALL.into_iter().filter(is_allowed).collect();
    let most = left.len().saturating_add(2);
    let count = match u.int_in_range(0..=3_u8)? {
        0 => 0,
        1 => 1,
        _ => u.int_in_range(0..=most)?,
    };
    let mut chosen = Vec::new();
    for _ in 0..count {
        let identifier = *u.choose(&left)?; // User Properties are always left
        if !may_repeat(identifier) {
            left.retain(|other| *other != identifier);
        }
        chosen.push(identifier);
    }
    let needs_method = match owner {
        Owner::Packet(PacketType::Auth) => true,
        Owner::Packet(PacketType::Connect) => chosen.contains(&PropertyIdentifier::AuthenticationData),
        _ => false,
    };
    if needs_method && !chosen.contains(&METHOD) {
        chosen.insert(u.int_in_range(0..=chosen.len())?, METHOD);
    }
    Ok(chosen)
}

fn put_property(identifier: PropertyIdentifier, u: &mut Unstructured<'_>, bytes: &mut BytesMut) -> Result<()> {
    use PropertyIdentifier as Id;
    legal(bytes.put(&[identifier.as_u8()]))?;
    let least = u32::from(matches!(identifier, Id::ReceiveMaximum | Id::TopicAlias | Id::MaximumPacketSize));
    let written = match identifier.property_type() {
        PropertyType::Byte => bytes.put(&[u8::from(u.arbitrary::<bool>()?)]),
        PropertyType::TwoByteInteger => bytes.put(&legal(u16::try_from(number(u, least, 0xFFFF)?))?.to_be_bytes()),
        PropertyType::FourByteInteger => bytes.put(&number(u, least, u32::MAX)?.to_be_bytes()),
        PropertyType::VariableByteInteger => {
            bytes.put(VariableByteInteger::from(SubscriptionIdentifier::arbitrary(u)?).encode().as_ref())
        }
        PropertyType::Utf8String if identifier == Id::ResponseTopic => {
            put_prefixed(bytes, TopicName::arbitrary(u)?.as_bytes())
        }
        PropertyType::Utf8String => put_prefixed(bytes, Utf8String::arbitrary(u)?.as_bytes()),
        PropertyType::BinaryData => put_prefixed(bytes, BinaryData::arbitrary(u)?.as_bytes()),
        PropertyType::Utf8StringPair => {
            let pair = UserProperty::arbitrary(u)?;
            legal(put_prefixed(bytes, pair.name.as_bytes()))?;
            put_prefixed(bytes, pair.value.as_bytes())
        }
    };
    legal(written)
}

impl<'a> Arbitrary<'a> for UserProperty<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { name: u.arbitrary()?, value: u.arbitrary()? })
    }
}

/// What 5.0 allows.
impl<'a> Arbitrary<'a> for Subscriptions<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::arbitrary_for(ProtocolVersion::V5, u)
    }
}

impl Subscriptions<Bytes> {
    fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        let subscriptions = many(u, |u| Subscription::arbitrary_for(version, u))?;
        let push = |builder: crate::subscription::SubscriptionsBuilder<_>, item: Subscription<Bytes>| {
            builder.push(item.topic_filter, item.options)
        };
        legal(subscriptions.into_iter().fold(Self::builder(), push).build())
    }
}

/// What 5.0 allows.
impl<'a> Arbitrary<'a> for Subscription<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::arbitrary_for(ProtocolVersion::V5, u)
    }
}

impl Subscription<Bytes> {
    fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        let topic_filter = TopicFilter::arbitrary_for(version, u)?;
        let mut options = if version.is_v3() { QoS::arbitrary(u)?.into() } else { SubscriptionOptions::arbitrary(u)? };
        options.no_local &= !topic_filter.is_shared();
        Ok(Self { topic_filter, options })
    }
}

impl<'a> Arbitrary<'a> for SubscriptionOptions {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            maximum_qos: u.arbitrary()?,
            no_local: u.arbitrary()?,
            retain_as_published: u.arbitrary()?,
            retain_handling: u.arbitrary()?,
        })
    }
}

/// What 5.0 allows.
impl<'a> Arbitrary<'a> for TopicFilters<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::arbitrary_for(ProtocolVersion::V5, u)
    }
}

impl TopicFilters<Bytes> {
    fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        let topic_filters = many(u, |u| TopicFilter::arbitrary_for(version, u))?;
        legal(topic_filters.into_iter().fold(Self::builder(), crate::subscription::TopicFiltersBuilder::push).build())
    }
}

/// Any number, none too: the UNSUBACK of 3.x has none.
impl<'a, C: PacketReasonCode + Arbitrary<'a>> Arbitrary<'a> for ReasonCodes<C, Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(if u.arbitrary()? { many(u, Unstructured::arbitrary)?.into_iter().collect() } else { Self::default() })
    }
}

/// At least one, seldom more than a few.
fn many<'a, T>(u: &mut Unstructured<'a>, mut item: impl FnMut(&mut Unstructured<'a>) -> Result<T>) -> Result<Vec<T>> {
    let most = *u.choose(&[1_u8, 1, 3, 3, 8, 40])?;
    let count = u.int_in_range(1..=most)?;
    (0..count).map(|_| item(u)).collect()
}

/// With wildcards and shared subscriptions, as 5.0 allows them.
impl<'a> Arbitrary<'a> for TopicFilter<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::arbitrary_for(ProtocolVersion::V5, u)
    }
}

impl TopicFilter<Bytes> {
    fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        match u.int_in_range(0..=15_u8)? {
            // Ordinary text before 5.0.
            14 if version.is_v3() => {
                let ordinary =
                    *u.choose(&["$share/", "$share//t", "$share/g", "$share/g/", "$share/+/t", "$share/#"])?;
                legal(Self::new_ordinary(String::from(ordinary)))
            }
            13..=15 => {
                let mut shared = String::from("$share/");
                shared.push_str(&non_empty(level(u)?));
                shared.push('/');
                shared.push_str(&topic(u, true)?);
                legal(Self::new(shared))
            }
            _ => legal(Self::new(topic(u, true)?)),
        }
    }
}

impl<'a> Arbitrary<'a> for TopicName<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        legal(Self::new(topic(u, false)?))
    }
}

impl<'a> Arbitrary<'a> for Utf8String<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        legal(Self::new(text(u, |character| if character == '\0' { '0' } else { character })?))
    }
}

/// A Topic Name, or a Topic Filter without a share name.
fn topic(u: &mut Unstructured<'_>, may_have_wildcards: bool) -> Result<String> {
    let mut topic = String::from(if u.int_in_range(0..=15_u8)? == 15 { "$SYS/" } else { "" });
    let levels = u.int_in_range(1..=4_u8)?;
    for number in 1..=levels {
        match u.int_in_range(0..=7_u8)? {
            6 if may_have_wildcards => topic.push('+'),
            7 if may_have_wildcards && number == levels => topic.push('#'),
            _ => topic.push_str(&level(u)?),
        }
        if number < levels {
            topic.push('/');
        }
    }
    Ok(non_empty(topic))
}

/// A level without a wildcard, maybe empty. It has no `$`, so that only what is meant to begins with `$share/`.
fn level(u: &mut Unstructured<'_>) -> Result<String> {
    text(u, |character| if matches!(character, '\0' | '/' | '+' | '#' | '$') { '_' } else { character })
}

fn non_empty(text: String) -> String {
    if text.is_empty() { String::from("a") } else { text }
}

/// What tells apart those who treat text with care from those who do not.
const UNUSUAL: [char; 14] =
    [' ', '"', '/', '+', '#', '$', '\u{1}', '\u{7F}', 'é', '\u{9F}', '€', '\u{FEFF}', '\u{FFFE}', '😀'];

fn text(u: &mut Unstructured<'_>, replace: impl Fn(char) -> char) -> Result<String> {
    let mut text = String::new();
    for _ in 0..length(u)? {
        let character = match u.int_in_range(0..=15_u8)? {
            0..=13 => char::from(u.int_in_range(b'a'..=b'z')?),
            14 => *u.choose(&UNUSUAL)?,
            _ => u.arbitrary()?,
        };
        text.push(replace(character));
    }
    Ok(text.repeat(repetitions(u)?.into()))
}

impl<'a> Arbitrary<'a> for BinaryData<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        legal(Self::new(octets(u)?))
    }
}

fn octets(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let length = length(u)?.min(u.len());
    Ok(u.bytes(length)?.repeat(repetitions(u)?.into()))
}

/// A payload is not bound to 65,535 bytes: now and then it takes a Remaining Length of three bytes.
fn payload(u: &mut Unstructured<'_>) -> Result<Bytes> {
    let payload = octets(u)?;
    let length = if u.int_in_range(0..=255_u8)? == 255 { u.int_in_range(0..=40_000)? } else { payload.len() };
    let repetitions = length.checked_div(payload.len()).unwrap_or_default();
    Ok(payload.repeat(repetitions).into())
}

/// Sometimes 0, mostly up to 12, at most 40.
fn length(u: &mut Unstructured<'_>) -> Result<usize> {
    match u.int_in_range(0..=15_u8)? {
        0..=2 => Ok(0),
        3..=14 => u.int_in_range(1..=12),
        _ => u.int_in_range(13..=40),
    }
}

/// Mostly 1; otherwise a few bytes of input become a length that takes its high byte.
fn repetitions(u: &mut Unstructured<'_>) -> Result<u8> {
    if u.int_in_range(0..=255_u8)? == 255 { u.int_in_range(1..=64) } else { Ok(1) }
}

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

impl<'a> Arbitrary<'a> for SubscriptionIdentifier {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let value = VariableByteInteger::arbitrary(u)?.get();
        legal(Self::try_from(value.max(1)))
    }
}

/// The extremes come up far more often than by chance.
fn number(u: &mut Unstructured<'_>, least: u32, most: u32) -> Result<u32> {
    match u.int_in_range(0..=7_u8)? {
        0 => Ok(least),
        1 => Ok(most),
        _ => u.int_in_range(least..=most),
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

/// Types whose values are a short list: each of them is as likely as the others.
macro_rules! one_of {
    ($($type:ident $all:expr,)*) => {$(
        impl<'a> Arbitrary<'a> for $type {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                u.choose(&$all).copied()
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (1, Some(1))
            }
        }
    )*};
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

/// A refusal by a constructor would be a mistake in this file; the tests would see it.
fn legal<T, E>(value: core::result::Result<T, E>) -> Result<T> {
    value.map_err(|_| Error::IncorrectFormat)
}
