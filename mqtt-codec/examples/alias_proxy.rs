//! A proxy that replaces the Topic Aliases of a client by its own. Everything else in the messages is forwarded
//! unchanged.

use bytes::Bytes;
use core::num::NonZero;
use mqtt_codec::{Forward, ProtocolVersion::V5, PublishFrame, PushDecoder, StreamOptions, Subscriber, TopicName};
use std::collections::HashMap;

#[derive(Default)]
struct Aliases {
    received: HashMap<NonZero<u16>, TopicName>,
    sent: HashMap<TopicName, NonZero<u16>>,
}

/// Returns the message to forward, or `None` if its alias was not introduced.
fn forward(message: &PublishFrame, aliases: &mut Aliases) -> Option<Bytes> {
    let alias = message.properties().topic_alias();
    let known = || aliases.received.get(&alias?).cloned();
    let name = message.topic_name().map(|name| name.to_shared()).or_else(known)?;
    aliases.received.extend(alias.map(|alias| (alias, name.clone())));
    let forward = Forward::with_topic_name(&message.as_borrowed(), name.as_borrowed(), V5);
    let subscriber = Subscriber::new(message.delivery()).with_retain(message.retain());
    let unused = u16::try_from(aliases.sent.len()).ok()?.checked_add(1).and_then(NonZero::new)?;
    let subscriber = match aliases.sent.get(&name) {
        Some(alias) => subscriber.with_topic_alias_only(*alias),
        None => subscriber.with_topic_alias(*aliases.sent.entry(name.clone()).or_insert(unused)),
    };
    forward.to_bytes(&subscriber).ok()
}

fn main() {
    let (mut decoder, mut aliases) = (PushDecoder::new(StreamOptions::either(Some(V5))), Aliases::default());
    decoder.push(b"\x30\x08\0\x01a\x03\x23\0\x07x\x30\x07\0\0\x03\x23\0\x07y"); // `a` with alias 7, and alias 7 alone
    let mut next = || forward(&decoder.next_frame().ok()??.into_frame()?.into_publish().ok()?, &mut aliases);
    assert_eq!(next().as_deref(), Some(&b"\x30\x08\0\x01a\x03\x23\0\x01x"[..]));
    assert_eq!(next().as_deref(), Some(&b"\x30\x07\0\0\x03\x23\0\x01y"[..]));
}
