//! Text and binary data.

use crate::buffer::Buffer;
use crate::text::{BinaryData, Utf8String};
use crate::topic::{SharedSubscription, TopicFilter, TopicName};
#[cfg(feature = "bytes")]
use alloc::string::String;
#[cfg(feature = "bytes")]
use bytes::Bytes;
#[cfg(feature = "bytes")]
use core::fmt;
#[cfg(feature = "bytes")]
use serde::de::{self, Deserialize, Deserializer, Error as _, Visitor};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

macro_rules! texts {
    ($($type:ident $new:ident $expecting:literal;)*) => {$(
        /// Serializes as text.
        impl<B: Buffer> Serialize for $type<B> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[doc = concat!("Deserializes from text, checked by [`", stringify!($new), "`](Self::", stringify!($new), ").")]
        #[cfg(feature = "bytes")]
        impl<'de> Deserialize<'de> for $type<Bytes> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct TextVisitor;

                impl Visitor<'_> for TextVisitor {
                    type Value = $type<Bytes>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expecting)
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                        Ok($type::$new(text).map_err(E::custom)?.to_shared())
                    }

                    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
                        $type::$new(text).map_err(E::custom)
                    }
                }

                deserializer.deserialize_string(TextVisitor)
            }
        }
    )*};
}

texts! {
    Utf8String new "a string";
    TopicName new "a topic name";
    TopicFilter new_ordinary "a topic filter";
}

/// Serializes as its two parts.
impl Serialize for SharedSubscription<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("SharedSubscription", 2)?;
        fields.serialize_field("share_name", self.share_name)?;
        fields.serialize_field("topic_filter", &self.topic_filter)?;
        fields.end()
    }
}

/// Serializes as bytes. A format without bytes, such as JSON, has a sequence of numbers instead.
impl<B: Buffer> Serialize for BinaryData<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.as_bytes())
    }
}

/// Deserializes from bytes, a sequence of numbers, or text.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for BinaryData<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Bytes::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
