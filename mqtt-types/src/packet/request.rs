//! The requests of a client that need a Packet Identifier: PUBLISH, SUBSCRIBE and UNSUBSCRIBE.

use crate::buffer::{Buffer, DefaultBuffer, Lend};
use crate::packet::application_message::ApplicationMessage;
use crate::packet::packet::Packet;
use crate::packet::subscribe::Subscribe;
use crate::packet::unsubscribe::Unsubscribe;
use crate::property::{SubscribeProperties, UnsubscribeProperties};
use crate::subscription::{Subscriptions, TopicFilters};
use crate::value::{PacketIdentifier, PacketType};
use core::fmt;

/// A PUBLISH, SUBSCRIBE or UNSUBSCRIBE whose Packet Identifier is chosen later: an item of a client's queue.
///
/// A client chooses the identifier when it sends the packet, because at that time the identifier must not be in use
/// \[MQTT-2.2.1-3\].
///
/// ```
/// use mqtt_types::{ApplicationMessage, PacketIdentifier, Request, TopicFilter, TopicFilters, TopicName};
///
/// let mut storage = [0; 32];
/// let filters = TopicFilters::builder_in(&mut storage).push(TopicFilter::new("a/#")?).build()?;
/// let message = ApplicationMessage::new(TopicName::new("kitchen/temperature")?, b"21.5");
/// let queue: [Request<&[u8]>; 2] = [filters.into(), message.into()];
///
/// // Later, when the client is connected:
/// let mut identifier = PacketIdentifier::MIN;
/// let mut next_identifier = || {
///     identifier = identifier.next(); // a client leaves out those that are in use
///     identifier
/// };
/// let packets = queue.map(|request| request.into_packet(&mut next_identifier));
/// assert_eq!(packets[0].to_string(), r#"UNSUBSCRIBE id=2 ["a/#"]"#);
/// assert_eq!(packets[1].to_string(), r#"PUBLISH "kitchen/temperature" qos=0 payload=4 bytes"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub enum Request<B = DefaultBuffer> {
    /// Publish a message.
    Publish(ApplicationMessage<B>),
    /// Make subscriptions.
    Subscribe {
        /// The properties. 3.x has none.
        properties: SubscribeProperties<B>,
        /// The Topic Filters and their options.
        subscriptions: Subscriptions<B>,
    },
    /// End subscriptions.
    Unsubscribe {
        /// The properties. 3.x has none.
        properties: UnsubscribeProperties<B>,
        /// The Topic Filters of the subscriptions.
        topic_filters: TopicFilters<B>,
    },
}

impl<B> Request<B> {
    /// Returns the type of the packet.
    #[must_use]
    pub const fn packet_type(&self) -> PacketType {
        match self {
            Self::Publish(_) => PacketType::Publish,
            Self::Subscribe { .. } => PacketType::Subscribe,
            Self::Unsubscribe { .. } => PacketType::Unsubscribe,
        }
    }
}

impl<B: Buffer> Request<B> {
    /// Converts the request into its packet.
    ///
    /// `packet_identifier` is called once, except for a message of QoS 0, which has no identifier.
    #[must_use]
    pub fn into_packet(self, packet_identifier: impl FnOnce() -> PacketIdentifier) -> Packet<B> {
        match self {
            Self::Publish(message) => message.into_publish(packet_identifier).into(),
            Self::Subscribe { properties, subscriptions } => {
                Subscribe { packet_identifier: packet_identifier(), properties, subscriptions }.into()
            }
            Self::Unsubscribe { properties, topic_filters } => {
                Unsubscribe { packet_identifier: packet_identifier(), properties, topic_filters }.into()
            }
        }
    }

    fn map_buffer<'i, C: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> C) -> Request<C> {
        match self {
            Self::Publish(message) => Request::Publish(message.map_buffer(map)),
            Self::Subscribe { properties, subscriptions } => Request::Subscribe {
                properties: properties.map_buffer(map),
                subscriptions: subscriptions.map_buffer(map),
            },
            Self::Unsubscribe { properties, topic_filters } => Request::Unsubscribe {
                properties: properties.map_buffer(map),
                topic_filters: topic_filters.map_buffer(map),
            },
        }
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> Request<B> {
    /// Returns the same request, borrowed from this one. Nothing is copied.
    #[must_use]
    pub fn as_borrowed(&'i self) -> Request<&'o [u8]> {
        self.map_buffer(&mut Lend::lend)
    }
}

#[cfg(feature = "bytes")]
impl Request<&[u8]> {
    /// Copies the request into its own buffers. Each part that is not empty is allocated and copied.
    #[must_use]
    pub fn to_shared(&self) -> Request<bytes::Bytes> {
        self.map_buffer(&mut |part| bytes::Bytes::copy_from_slice(part))
    }
}

#[cfg(feature = "bytes")]
impl<B: Buffer> Request<B> {
    crate::buffer::to_compact!(Request<bytes::Bytes>);
}

impl<B> From<ApplicationMessage<B>> for Request<B> {
    fn from(message: ApplicationMessage<B>) -> Self {
        Self::Publish(message)
    }
}

impl<B: Buffer> From<Subscriptions<B>> for Request<B> {
    fn from(subscriptions: Subscriptions<B>) -> Self {
        Self::Subscribe { properties: SubscribeProperties::default(), subscriptions }
    }
}

impl<B: Buffer> From<TopicFilters<B>> for Request<B> {
    fn from(topic_filters: TopicFilters<B>) -> Self {
        Self::Unsubscribe { properties: UnsubscribeProperties::default(), topic_filters }
    }
}

impl<B: Buffer, C: Buffer> PartialEq<Request<C>> for Request<B> {
    fn eq(&self, other: &Request<C>) -> bool {
        match (self, other) {
            (Self::Publish(one), Request::Publish(other)) => one == other,
            (
                Self::Subscribe { properties, subscriptions },
                Request::Subscribe { properties: other_properties, subscriptions: other },
            ) => properties == other_properties && subscriptions == other,
            (
                Self::Unsubscribe { properties, topic_filters },
                Request::Unsubscribe { properties: other_properties, topic_filters: other },
            ) => properties == other_properties && topic_filters == other,
            _ => false,
        }
    }
}

impl<B: Buffer> Eq for Request<B> {}

impl<B: Buffer> fmt::Debug for Request<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Publish(message) => f.debug_tuple("Publish").field(message).finish(),
            Self::Subscribe { properties, subscriptions } => f
                .debug_struct("Subscribe")
                .field("properties", properties)
                .field("subscriptions", subscriptions)
                .finish(),
            Self::Unsubscribe { properties, topic_filters } => f
                .debug_struct("Unsubscribe")
                .field("properties", properties)
                .field("topic_filters", topic_filters)
                .finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Request;
    use crate::{
        ApplicationMessage, PacketIdentifier, PacketType, ProtocolVersion, SubscribeProperties, Subscriptions,
        TopicFilters, TopicName, UnsubscribeProperties,
    };

    fn requests() -> [(Request<&'static [u8]>, &'static str); 3] {
        let subscriptions = Subscriptions::new(b"\0\x01a\x01", ProtocolVersion::V5).unwrap();
        let topic_filters = TopicFilters::new(b"\0\x01a", ProtocolVersion::V5).unwrap();
        let pair = &[0x26, 0, 1, b'k', 0, 0];
        let properties = SubscribeProperties::new(pair).unwrap();
        let subscribe = Request::Subscribe { properties, subscriptions };
        let properties = UnsubscribeProperties::new(pair).unwrap();
        let unsubscribe = Request::Unsubscribe { properties, topic_filters };
        let message = ApplicationMessage::new(TopicName::from_static("a"), b"secret");
        [
            (message.into(), r#"PUBLISH "a" qos=0 payload=6 bytes"#),
            (subscribe, r#"SUBSCRIBE id=7 ["a" qos=1]"#),
            (unsubscribe, r#"UNSUBSCRIBE id=7 ["a"]"#),
        ]
    }

    #[test]
    fn a_request_becomes_its_packet() {
        for (request, shown) in requests() {
            let packet = request.into_packet(|| PacketIdentifier::new(7).unwrap());
            assert_eq!((packet.to_string().as_str(), packet.packet_type()), (shown, request.packet_type()));
            let properties = match packet {
                crate::Packet::Subscribe(packet) => packet.properties.as_bytes(),
                crate::Packet::Unsubscribe(packet) => packet.properties.as_bytes(),
                packet => {
                    assert_eq!(packet.packet_type(), PacketType::Publish);
                    continue;
                }
            };
            assert_eq!(properties, [0x26, 0, 1, b'k', 0, 0]);
        }
    }

    #[test]
    fn requests_equal_those_with_the_same_parts() {
        for (place, (request, _)) in requests().into_iter().enumerate() {
            for (other_place, (other, _)) in requests().into_iter().enumerate() {
                assert_eq!(request == other, place == other_place, "{request:?} {other:?}");
            }
            assert_eq!(request.as_borrowed(), request);
            assert!(!format!("{request:?}").contains("115")); // the payload
        }
        let [_, (subscribe, _), (unsubscribe, _)] = requests();
        assert_ne!(Request::from(Subscriptions::new(b"\0\x01a\x01", ProtocolVersion::V5).unwrap()), subscribe);
        assert_ne!(Request::from(TopicFilters::new(b"\0\x01a", ProtocolVersion::V5).unwrap()), unsubscribe);
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn a_copy_equals_the_request() {
        for (request, _) in requests() {
            assert_eq!(request.to_shared(), request);
            assert_eq!(request.to_compact(), request);
            assert_eq!(request.to_shared().as_borrowed(), request);
        }
    }
}
