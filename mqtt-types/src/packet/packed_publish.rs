//! A PUBLISH whose fields are in one shared buffer.

use crate::packet::publish::Publish;
use crate::property::PublishProperties;
use crate::topic::TopicName;
use crate::value::{Delivery, PacketIdentifier, QoS};
use bytes::Bytes;
use core::fmt;

/// A [`Publish`] whose fields are in one shared buffer: one reference count instead of one for each field.
///
/// A `Publish<Bytes>` holds a [`Bytes`] for its topic, one for its properties and one for its payload. This type holds
/// one buffer, usually the packet as it was received, and the positions of the fields in it. It takes a third of the
/// memory, and [`Clone`] costs one reference count. Its getters are those of [`Publish`]; each of them returns a slice.
///
/// ```
/// use bytes::Bytes;
/// use mqtt_types::{PackedPublish, Publish, TopicName};
///
/// let publish = Publish::new(TopicName::new("kitchen/temperature")?, b"21.5");
/// let packed = PackedPublish::copy_from(&publish).unwrap();
/// assert_eq!((packed.topic(), packed.payload()), ("kitchen/temperature", &b"21.5"[..]));
/// assert_eq!(packed.as_borrowed(), publish);
/// # Ok::<(), mqtt_types::TextError>(())
/// ```
#[derive(Clone)]
pub struct PackedPublish {
    buffer: Bytes,
    places: Places,
}

impl PackedPublish {
    /// Calls `find` to find a PUBLISH in a buffer, and takes ownership of the buffer if it contains the fields.
    ///
    /// The fields must be placed as in an encoded packet: the topic begins in the first 255 bytes, the properties end
    /// where the payload begins, and the payload ends with the buffer. Otherwise, for instance if `find` returned a
    /// packet that borrows from another buffer, this function returns `None`, and the buffer is unchanged.
    ///
    /// # Errors
    ///
    /// Returns the error of `find`. The buffer is then unchanged.
    #[inline(always)]
    pub fn take<E>(
        buffer: &mut Bytes,
        find: impl for<'a> FnOnce(&'a [u8]) -> Result<Publish<&'a [u8]>, E>,
    ) -> Result<Option<Self>, E> {
        let Some(places) = Places::of(&find(buffer)?, buffer) else {
            return Ok(None);
        };
        Ok(Some(Self { buffer: core::mem::take(buffer), places }))
    }

    /// Copies the fields of a PUBLISH into a new buffer, with one allocation.
    ///
    /// Returns `None` if the message is longer than 4 GiB, which is more than a packet can hold.
    #[must_use]
    pub fn copy_from(publish: &Publish<&[u8]>) -> Option<Self> {
        let parts = [publish.topic().as_bytes(), publish.properties().as_bytes(), publish.payload];
        let buffer = Bytes::from(parts.concat());
        let [topic, properties, _] = parts.map(<[u8]>::len);
        let properties_start = u32::try_from(topic).ok()?;
        u32::try_from(buffer.len()).ok()?;
        let places = Places {
            present: publish.properties().present(),
            properties_start,
            payload_start: properties_start.checked_add(u32::try_from(properties).ok()?)?,
            topic_len: u16::try_from(topic).ok()?,
            topic_start: 0,
            retain: publish.retain,
            delivery: publish.delivery,
        };
        Some(Self { buffer, places })
    }

    /// Returns the buffer that holds the parts. It may hold other bytes too, for instance those of a fixed header.
    #[inline]
    #[must_use]
    pub const fn buffer(&self) -> &Bytes {
        &self.buffer
    }

    /// Converts the packet into the buffer that holds the parts.
    #[inline]
    #[must_use]
    pub fn into_buffer(self) -> Bytes {
        self.buffer
    }

    /// Returns the QoS and, above QoS 0, the Packet Identifier and DUP.
    #[inline]
    #[must_use]
    pub const fn delivery(&self) -> Delivery {
        self.places.delivery
    }

    /// Returns the Quality of Service.
    #[inline]
    #[must_use]
    pub const fn qos(&self) -> QoS {
        self.places.delivery.qos()
    }

    /// Returns the Packet Identifier, or `None` at QoS 0.
    #[inline]
    #[must_use]
    pub const fn packet_identifier(&self) -> Option<PacketIdentifier> {
        self.places.delivery.packet_identifier()
    }

    /// Returns `true` if RETAIN is set: from a client, the server shall retain the message; from a server, the message
    /// was retained.
    #[inline]
    #[must_use]
    pub const fn retain(&self) -> bool {
        self.places.retain
    }

    /// Returns the Topic Name, or `None` if the packet has only a Topic Alias.
    #[inline]
    #[must_use]
    pub fn topic_name(&self) -> Option<TopicName<&[u8]>> {
        match self.topic_bytes() {
            [] => None,
            bytes => Some(TopicName::from_checked(bytes)),
        }
    }

    /// Returns the Topic Name as text, which is empty if the packet has only a Topic Alias.
    #[inline]
    #[must_use]
    pub fn topic(&self) -> &str {
        TopicName::from_checked(self.topic_bytes()).as_str()
    }

    /// Returns the properties. 3.x has none.
    #[inline]
    #[must_use]
    pub fn properties(&self) -> PublishProperties<&[u8]> {
        let bytes = self.part(index(self.places.properties_start), index(self.places.payload_start));
        PublishProperties::from_checked(bytes, self.places.present)
    }

    /// Returns the payload.
    #[inline]
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.buffer.get(index(self.places.payload_start)..).unwrap_or_default()
    }

    /// Returns the payload as a shared slice of the buffer: one reference count.
    #[must_use]
    pub fn payload_bytes(&self) -> Bytes {
        crate::buffer::share(&self.buffer, self.payload())
    }

    /// Returns the packet, borrowed from the buffer: nothing is checked again and nothing is copied.
    #[inline]
    #[must_use]
    pub fn as_borrowed(&self) -> Publish<&[u8]> {
        Publish::from_checked(
            self.places.delivery,
            self.places.retain,
            self.topic_name(),
            self.properties(),
            self.payload(),
        )
    }

    /// Returns the packet as shared slices of the buffer: one reference count for each part that is not empty.
    #[must_use]
    pub fn to_shared(&self) -> Publish<Bytes> {
        self.as_borrowed().share(&self.buffer)
    }

    #[inline]
    fn topic_bytes(&self) -> &[u8] {
        let start = usize::from(self.places.topic_start);
        self.part(start, start.saturating_add(usize::from(self.places.topic_len)))
    }

    #[inline]
    fn part(&self, start: usize, end: usize) -> &[u8] {
        self.buffer.get(start..end).unwrap_or_default()
    }
}

impl fmt::Debug for PackedPublish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_borrowed().fmt(f)
    }
}

impl fmt::Display for PackedPublish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.as_borrowed(), f)
    }
}

impl PartialEq for PackedPublish {
    fn eq(&self, other: &Self) -> bool {
        self.as_borrowed() == other.as_borrowed()
    }
}

impl Eq for PackedPublish {}

impl core::hash::Hash for PackedPublish {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.as_borrowed().hash(state);
    }
}

impl<'a> From<&'a PackedPublish> for Publish<&'a [u8]> {
    fn from(packed: &'a PackedPublish) -> Self {
        packed.as_borrowed()
    }
}

impl From<&PackedPublish> for Publish<Bytes> {
    fn from(packed: &PackedPublish) -> Self {
        packed.to_shared()
    }
}

/// The positions of the fields of a PUBLISH in a buffer, and the values that are not stored in the buffer.
#[derive(Clone, Copy)]
struct Places {
    /// The bit of each property that is present.
    present: u64,
    /// The properties are at `properties_start..payload_start`. The payload follows them and ends with the buffer.
    properties_start: u32,
    payload_start: u32,
    /// The Topic Name is at `topic_start..topic_start + topic_len`. The length is 0 if there is none.
    topic_len: u16,
    topic_start: u8,
    retain: bool,
    delivery: Delivery,
}

impl Places {
    /// Returns the positions of the fields if they are placed in this buffer as in an encoded packet.
    #[inline(always)]
    fn of(publish: &Publish<&[u8]>, buffer: &[u8]) -> Option<Self> {
        let offset = |part: &[u8]| part.as_ptr().addr().checked_sub(buffer.as_ptr().addr());
        let properties = publish.properties().as_bytes();
        // An empty slice may point anywhere.
        let payload_start = buffer.len().checked_sub(publish.payload.len())?;
        let properties_start = payload_start.checked_sub(properties.len())?;
        let (topic_start, topic_len) = match publish.topic_name() {
            Some(topic) => (offset(topic.as_bytes())?, topic.as_bytes().len()),
            None => (0, 0),
        };
        let lies_there = (publish.payload.is_empty() || offset(publish.payload)? == payload_start)
            && (properties.is_empty() || offset(properties)? == properties_start)
            && topic_start.checked_add(topic_len)? <= properties_start;
        if !lies_there {
            return None;
        }
        Some(Self {
            present: publish.properties().present(),
            properties_start: u32::try_from(properties_start).ok()?,
            payload_start: u32::try_from(payload_start).ok()?,
            topic_len: u16::try_from(topic_len).ok()?,
            topic_start: u8::try_from(topic_start).ok()?,
            retain: publish.retain,
            delivery: publish.delivery,
        })
    }
}

/// Converts a position into an index.
#[inline]
fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::PackedPublish;
    use crate::{Delivery, PacketIdentifier, Publish, PublishProperties, TextError, TopicName};
    use bytes::Bytes;

    fn message() -> Publish<&'static [u8]> {
        let properties = PublishProperties::new(&[0x26, 0, 1, b'k', 0, 1, b'v', 0x23, 0, 7]).unwrap();
        let mut publish = Publish::with_properties(TopicName::from_static("a/b"), properties, b"hi");
        publish.delivery = Delivery::exactly_once(PacketIdentifier::new(10).unwrap()).duplicate();
        publish.retain = true;
        publish
    }

    #[test]
    fn a_copy_equals_the_packet() {
        let publish = message();
        let packed = PackedPublish::copy_from(&publish).unwrap();
        assert_eq!(packed.as_borrowed(), publish);
        assert_eq!(packed.to_shared(), publish);
        assert_eq!((packed.topic(), packed.payload(), packed.retain()), ("a/b", &b"hi"[..], true));
        assert_eq!((packed.delivery(), packed.qos()), (publish.delivery, publish.qos()));
        assert_eq!(packed.packet_identifier(), publish.packet_identifier());
        assert_eq!(packed.properties(), *publish.properties());
        assert_eq!(packed.properties().topic_alias(), publish.properties().topic_alias());
        assert_eq!(packed.payload_bytes(), "hi");
        assert_eq!(packed.payload_bytes().as_ptr(), packed.payload().as_ptr());
        assert_eq!((format!("{packed}"), format!("{packed:?}")), (format!("{publish}"), format!("{publish:?}")));
        let mut alias_only = publish;
        alias_only.remove_topic_name().unwrap();
        let packed = PackedPublish::copy_from(&alias_only).unwrap();
        assert_eq!((packed.topic_name(), packed.as_borrowed()), (None, alias_only));
    }

    #[test]
    fn takes_the_buffer_over_if_the_parts_lie_in_it() {
        let mut buffer = Bytes::copy_from_slice(b"--a/b==hi");
        let start = buffer.as_ptr();
        let packed = PackedPublish::take(&mut buffer, |bytes| {
            Ok::<_, TextError>(Publish::new(TopicName::new(&bytes[2..5])?, &bytes[7..]))
        });
        let packed = packed.unwrap().unwrap();
        assert!(buffer.is_empty());
        assert_eq!((packed.topic(), packed.payload(), packed.buffer().as_ptr()), ("a/b", &b"hi"[..], start));
    }

    #[test]
    fn leaves_the_buffer_if_the_parts_do_not_lie_in_it_as_in_a_packet() {
        let long = [b'x'; 300];
        type Find = for<'a> fn(&'a [u8]) -> Publish<&'a [u8]>;
        let cases: [(&[u8], Find); 5] = [
            (b"a/bhi", |_| Publish::new(TopicName::from_static("a/b"), b"hi")),
            (b"a/bhi", |bytes| Publish::new(TopicName::new(&bytes[..3]).unwrap(), b"hi")),
            (b"a/bhi.", |bytes| Publish::new(TopicName::new(&bytes[..3]).unwrap(), &bytes[3..5])),
            (b"hi a/b", |bytes| Publish::new(TopicName::new(&bytes[3..]).unwrap(), &bytes[..2])),
            (&long, |bytes| Publish::new(TopicName::new(&bytes[256..260]).unwrap(), &bytes[260..])),
        ];
        for (bytes, find) in cases {
            let mut buffer = Bytes::copy_from_slice(bytes);
            assert_eq!(PackedPublish::take(&mut buffer, |bytes| Ok::<_, ()>(find(bytes))), Ok(None), "{bytes:?}");
            assert_eq!(buffer, bytes);
        }
        let mut buffer = Bytes::from_static(b"x");
        assert_eq!(PackedPublish::take(&mut buffer, |_| Err("no")), Err("no"));
        assert_eq!(buffer, "x");
    }

    #[test]
    fn equal_packets_are_equal_wherever_their_parts_lie() {
        let publish = message();
        let packed = PackedPublish::copy_from(&publish).unwrap();
        let again = PackedPublish::copy_from(&packed.as_borrowed()).unwrap();
        assert_eq!(packed, again);
        let mut other = publish;
        other.retain = false;
        assert_ne!(packed, PackedPublish::copy_from(&other).unwrap());
    }

    #[test]
    fn is_less_than_half_as_large_as_a_shared_packet() {
        assert_eq!(size_of::<PackedPublish>(), if cfg!(target_pointer_width = "64") { 56 } else { 40 });
        assert!(size_of::<Publish<Bytes>>() >= 2 * size_of::<PackedPublish>());
    }
}
