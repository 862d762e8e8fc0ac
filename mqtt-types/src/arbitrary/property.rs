//! Properties and the sets of them.

use crate::arbitrary::choice::{legal, number};
use crate::buffer::{SharedStorage, Storage, put_prefixed};
use crate::property::{
    AuthProperties, ConnAckProperties, ConnectProperties, DisconnectProperties, PropertyIdentifier, PropertyType,
    PubAckProperties, PubCompProperties, PubRecProperties, PubRelProperties, PublishProperties, SubAckProperties,
    SubscribeProperties, SubscriptionIdentifier, UnsubAckProperties, UnsubscribeProperties, UserProperty,
    WillProperties,
};
use crate::text::{BinaryData, Utf8String};
use crate::topic::TopicName;
use crate::value::{PacketType, VariableByteInteger};
use alloc::vec::Vec;
use arbitrary::{Arbitrary, Result, Unstructured};
use bytes::Bytes;

/// The packet, or the Will, that has a property set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Packet(PacketType),
    Will,
}

macro_rules! property_sets {
    ($($set:ident $owner:expr,)*) => {$(
        /// Generates sets of any allowed properties in any order.
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

/// Generates the bytes of a set. With builders, this code would be repeated for each of the fourteen sets.
fn property_set(owner: Owner, u: &mut Unstructured<'_>) -> Result<Bytes> {
    let mut bytes = SharedStorage::new();
    for identifier in property_identifiers(owner, u)? {
        put_property(identifier, u, &mut bytes)?;
    }
    Ok(bytes.finish())
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
        let identifier = *u.choose(&left)?; // not empty: User Properties may repeat
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

fn put_property(identifier: PropertyIdentifier, u: &mut Unstructured<'_>, bytes: &mut SharedStorage) -> Result<()> {
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

impl<'a> Arbitrary<'a> for SubscriptionIdentifier {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let value = VariableByteInteger::arbitrary(u)?.get();
        legal(Self::try_from(value.max(1)))
    }
}
