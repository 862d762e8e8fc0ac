//! Arguments of setters, which may be absent.

use crate::buffer::Buffer;
use crate::text::{BinaryData, Utf8String};
use crate::topic::TopicName;
#[cfg(feature = "bytes")]
use alloc::{string::String, vec::Vec};
#[cfg(feature = "bytes")]
use bytes::Bytes;
use core::num::{NonZeroU16, NonZeroU32};

/// An argument of a builder's setter: a value of type `T`, an `Option<T>`, or a value that borrows as `T`.
///
/// `None` leaves the property out. Setters accept what the getters of the same property return.
///
/// ```
/// use mqtt_types::{ConnAckProperties, PublishProperties};
///
/// let mut storage = [0; 32];
/// let received = PublishProperties::builder_in(&mut storage).content_type("text/plain").build()?;
/// let mut storage = [0; 32];
/// let properties = PublishProperties::builder_in(&mut storage)
///     .content_type(received.content_type())
///     .message_expiry_interval(received.message_expiry_interval()) // None
///     .correlation_data(b"7")
///     .build()?;
/// assert_eq!(properties.as_bytes(), b"\x03\0\x0Atext/plain\x09\0\x017");
/// # Ok::<(), mqtt_types::BuildError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `{T}` or an `Option<{T}>`",
    label = "the property is a `{T}`",
    note = "a string is passed as `&str`, bytes as `&[u8]`"
)]
pub trait Optional<T> {
    /// Converts into the value, or into `None` to leave the property out.
    fn into_option(self) -> Option<T>;
}

impl<T> Optional<T> for T {
    #[inline]
    fn into_option(self) -> Option<T> {
        Some(self)
    }
}

impl<T> Optional<T> for Option<T> {
    #[inline]
    fn into_option(self) -> Self {
        self
    }
}

macro_rules! optional {
    ($([$($generics:tt)*] $from:ty => $to:ty: |$value:ident| $convert:expr;)*) => {$(
        impl<$($generics)*> Optional<$to> for $from {
            #[inline]
            fn into_option(self) -> Option<$to> {
                let $value = self;
                Some($convert)
            }
        }

        impl<$($generics)*> Optional<$to> for Option<$from> {
            #[inline]
            fn into_option(self) -> Option<$to> {
                let $value = self?;
                Some($convert)
            }
        }
    )*};
}

optional! {
    [] NonZeroU16 => u16: |value| value.get();
    [] NonZeroU32 => u32: |value| value.get();
    ['a] Utf8String<&'a [u8]> => &'a str: |value| value.as_str();
    ['a, B: Buffer] &'a Utf8String<B> => &'a str: |value| value;
    ['a] TopicName<&'a [u8]> => &'a str: |value| value.as_str();
    ['a, B: Buffer] &'a TopicName<B> => &'a str: |value| value;
    ['a] BinaryData<&'a [u8]> => &'a [u8]: |value| value.as_bytes();
    ['a, B: Buffer] &'a BinaryData<B> => &'a [u8]: |value| value.as_ref();
    ['a, const N: usize] &'a [u8; N] => &'a [u8]: |value| value;
}

#[cfg(feature = "bytes")]
optional! {
    ['a] &'a String => &'a str: |value| value;
    ['a] &'a Vec<u8> => &'a [u8]: |value| value;
    ['a] &'a Bytes => &'a [u8]: |value| value;
}

#[cfg(test)]
mod tests {
    use crate::{BinaryData, ConnAckProperties, PublishProperties, SubscriptionIdentifier, TopicName, Utf8String};
    use core::num::{NonZeroU16, NonZeroU32};

    #[test]
    fn none_leaves_the_property_out() {
        let mut storage = [0; 32];
        let none = PublishProperties::builder_in(&mut storage)
            .message_expiry_interval(None::<u32>)
            .topic_alias(None::<u16>)
            .content_type(None::<&str>)
            .correlation_data(None::<&[u8]>)
            .subscription_identifier(None::<SubscriptionIdentifier>);
        assert!(none.build().unwrap().is_empty());
        let some = PublishProperties::builder_in(&mut storage)
            .message_expiry_interval(Some(60))
            .topic_alias(Some(7_u16))
            .content_type(Some("a"))
            .correlation_data(Some(&b"b"[..]));
        let bytes = [0x02, 0, 0, 0, 60, 0x23, 0, 7, 0x03, 0, 1, b'a', 0x09, 0, 1, b'b'];
        assert_eq!(some.build().unwrap().as_bytes(), bytes);
    }

    #[test]
    fn a_setter_takes_what_the_getter_returns() {
        let bytes = [0x23, 0, 7, 0x08, 0, 1, b'a', 0x09, 0, 1, b'b', 0x03, 0, 1, b'c', 0x01, 1];
        let set = PublishProperties::new(&bytes).unwrap();
        let mut storage = [0; 32];
        let again = PublishProperties::builder_in(&mut storage)
            .topic_alias(set.topic_alias())
            .response_topic(set.response_topic())
            .correlation_data(set.correlation_data())
            .content_type(set.content_type())
            .payload_format_indicator(set.payload_format_indicator())
            .message_expiry_interval(set.message_expiry_interval());
        assert_eq!(again.build().unwrap().as_bytes(), bytes);
        let sizes = ConnAckProperties::builder_in(&mut storage)
            .maximum_packet_size(NonZeroU32::new(9))
            .receive_maximum(NonZeroU16::MIN);
        assert_eq!(sizes.build().unwrap().as_bytes(), [0x27, 0, 0, 0, 9, 0x21, 0, 1]);
    }

    #[test]
    fn a_setter_takes_what_borrows_as_text_or_bytes() {
        let text = Utf8String::new("a").unwrap();
        let topic_name = TopicName::new("a").unwrap();
        let data = BinaryData::new(b"a").unwrap();
        let mut storage = [0; 32];
        let (text, topic_name, data) = (&text, &topic_name, &data);
        let set = PublishProperties::builder_in(&mut storage)
            .content_type(text)
            .response_topic(Some(topic_name))
            .correlation_data(data);
        let bytes = [0x03, 0, 1, b'a', 0x08, 0, 1, b'a', 0x09, 0, 1, b'a'];
        assert_eq!(set.build().unwrap().as_bytes(), bytes);
        #[cfg(feature = "bytes")]
        {
            let (string, vector, bytes) = ("a".to_owned(), vec![b'a'], bytes::Bytes::from_static(b"a"));
            let set =
                |data: crate::PublishPropertiesBuilder<_>| data.content_type(&string).response_topic(Some(&string));
            let one = set(PublishProperties::builder()).correlation_data(&vector).build().unwrap();
            let other = set(PublishProperties::builder()).correlation_data(Some(&bytes)).build().unwrap();
            assert_eq!(one.as_bytes(), [0x03, 0, 1, b'a', 0x08, 0, 1, b'a', 0x09, 0, 1, b'a']);
            assert_eq!(one, other);
        }
    }
}
