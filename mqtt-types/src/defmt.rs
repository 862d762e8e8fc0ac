//! `defmt::Format` for types that cannot derive it: those over a buffer, and those whose bytes may be secret.

use crate::buffer::{Buffer, SliceStorage};
use crate::packet::{Packet, Request};
use crate::property::{PropertyIter, Repeated, UserProperty};
use crate::reason_code::{PacketReasonCode, ReasonCode, ReasonCodeIter, ReasonCodes};
use crate::subscription::{SubscriptionIter, Subscriptions, TopicFilterIter, TopicFilters};
use crate::text::{BinaryData, Utf8String};
use crate::topic::{TopicFilter, TopicName, WildcardValues};
use crate::value::{EncodedVariableByteInteger, Flags, PacketIdentifier};
use defmt::{Format, Formatter, write};

/// Implements `Format` with a function.
macro_rules! format {
    ($([$($generics:tt)*] $type:ty: |$this:ident, $f:ident| $body:expr;)*) => {$(
        impl<$($generics)*> Format for $type {
            fn format(&self, $f: Formatter<'_>) {
                let $this = self;
                $body;
            }
        }
    )*};
}

/// A payload, which is shown as its length.
struct Len(usize);

format! {
    [] Len: |len, f| write!(f, "{=usize} bytes", len.0);
    [B: Buffer] Utf8String<B>: |text, f| write!(f, "{=str:?}", text.as_str());
    [B: Buffer] TopicName<B>: |text, f| write!(f, "{=str:?}", text.as_str());
    [B: Buffer] TopicFilter<B>: |text, f| write!(f, "{=str:?}", text.as_str());
    [B: Buffer] BinaryData<B>: |data, f| Len(data.len()).format(f);
    [] PacketIdentifier: |identifier, f| write!(f, "{=u16}", identifier.get());
    [] Flags: |flags, f| write!(f, "{=u8:#06b}", flags.bits());
    [] EncodedVariableByteInteger: |encoded, f| write!(f, "{=[u8]:#04x}", encoded.as_ref());
    [] ReasonCode: |code, f| write!(f, "{=str} ({=u8:#04X})", code.name(), code.as_u8());
    [B: Buffer] UserProperty<B>: |pair, f| write!(f, "{}: {}", pair.name, pair.value);
    [B: Buffer] Packet<B>: |packet, f| match packet {
        Packet::Connect(packet) => packet.format(f),
        Packet::ConnAck(packet) => packet.format(f),
        Packet::Publish(packet) => packet.format(f),
        Packet::PubAck(packet) => packet.format(f),
        Packet::PubRec(packet) => packet.format(f),
        Packet::PubRel(packet) => packet.format(f),
        Packet::PubComp(packet) => packet.format(f),
        Packet::Subscribe(packet) => packet.format(f),
        Packet::SubAck(packet) => packet.format(f),
        Packet::Unsubscribe(packet) => packet.format(f),
        Packet::UnsubAck(packet) => packet.format(f),
        Packet::PingReq(packet) => packet.format(f),
        Packet::PingResp(packet) => packet.format(f),
        Packet::Disconnect(packet) => packet.format(f),
        Packet::Auth(packet) => packet.format(f),
    };
    [B: Buffer] Request<B>: |request, f| match request {
        Request::Publish(message) => message.format(f),
        Request::Subscribe { properties, subscriptions } => {
            write!(f, "Subscribe {{ properties: {}, subscriptions: {} }}", properties, subscriptions);
        }
        Request::Unsubscribe { properties, topic_filters } => {
            write!(f, "Unsubscribe {{ properties: {}, topic_filters: {} }}", properties, topic_filters);
        }
    };
    ['a] PropertyIter<'a>: |properties, f| items(properties.clone(), f);
    ['a, T] Repeated<'a, T>: |values, f| write!(f, "{}", values.rest());
    [B: Buffer] Subscriptions<B>: |list, f| items(list.iter(), f);
    [B: Buffer] TopicFilters<B>: |list, f| items(list.iter(), f);
    ['a] SubscriptionIter<'a>: |list, f| items(list.clone(), f);
    ['a] TopicFilterIter<'a>: |list, f| items(list.clone(), f);
    [C: PacketReasonCode, B: Buffer] ReasonCodes<C, B>: |codes, f| items(codes.iter().map(Into::<ReasonCode>::into), f);
    ['a, C: PacketReasonCode] ReasonCodeIter<'a, C>: |codes, f| items(codes.clone().map(Into::<ReasonCode>::into), f);
    ['v] WildcardValues<'v>: |values, f| items(values.clone(), f);
    ['a] SliceStorage<'a>: |storage, f| Len(storage.len()).format(f);
}

#[cfg(feature = "bytes")]
format! {
    [] crate::buffer::SharedStorage: |storage, f| Len(storage.len()).format(f);
    [] crate::packet::PackedPublish: |publish, f| publish.as_borrowed().format(f);
}

#[cfg(feature = "sn")]
format! {
    [] crate::sn::TopicId: |id, f| write!(f, "{=u16}", id.get());
    [] crate::sn::ShortTopicName: |name, f| write!(f, "{=str:?}", name.as_str());
    [] crate::sn::ReturnCode: |code, f| write!(f, "{=u8:#04x}", code.as_u8());
    [B: Buffer] crate::sn::ClientId<B>: |id, f| write!(f, "{=str:?}", id.as_str());
    [B: Buffer] crate::sn::WirelessNodeId<B>: |id, f| write!(f, "{=[u8]:02x}", id.as_bytes());
}

/// Shows items as a list.
fn items(items: impl Iterator<Item: Format>, f: Formatter<'_>) {
    write!(f, "[");
    for (index, item) in items.enumerate() {
        if index > 0 {
            write!(f, ", ");
        }
        write!(f, "{}", item);
    }
    write!(f, "]");
}
