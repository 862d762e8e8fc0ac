//! Entry points of encoding.

use super::encode_body::{EncodeBody, len_of, write};
use super::{EncodeError, EncodeErrorKind, encapsulation};
#[cfg(feature = "bytes")]
use crate::wire::write::BufMutWriter;
use crate::wire::write::{SliceWriter, Write};
use mqtt_types::Buffer;
use mqtt_types::sn::{Datagram, Message, MessageType};

/// Encoding of messages and datagrams: into a slice, which needs no allocator, or into any
/// [`bytes::BufMut`](https://docs.rs/bytes).
///
/// Length is written in the shorter of its two forms. After an error the output is unchanged.
///
/// ```
/// use mqtt_codec::sn::{Encode, PingReq};
///
/// let mut output = [0; 8];
/// let ping: PingReq<&[u8]> = PingReq::default();
/// assert_eq!(ping.encode(&mut output)?, 2);
/// assert_eq!(output[..2], [0x02, 0x16]);
/// # Ok::<(), mqtt_codec::sn::EncodeError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a message of MQTT-SN that can be encoded",
    label = "expected a message, for instance `sn::Publish`, `sn::Message` or `sn::Datagram`",
    note = "packets of MQTT implement the other trait, `mqtt_codec::Encode`"
)]
pub trait Encode: sealed::Sealed {
    /// Returns the length of the datagram in octets. `encode` writes exactly this many.
    ///
    /// # Errors
    ///
    /// Returns an error if the message is longer than 65,535 octets, or is a PUBLISH to a full topic name.
    fn encoded_len(&self) -> Result<usize, EncodeError>;

    /// Encodes the datagram into the start of `output`. Returns its length in octets. The octets after it are
    /// unchanged.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`encoded_len`](Self::encoded_len), and an error if the output is shorter than the
    /// message. After an error the output is unchanged.
    fn encode(&self, output: &mut [u8]) -> Result<usize, EncodeError>;

    /// Appends the datagram to `output`. Returns its length in octets.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use mqtt_codec::sn::{Encode, PingResp};
    ///
    /// let mut output = BytesMut::new();
    /// PingResp.encode_to(&mut output)?;
    /// assert_eq!(output[..], [0x02, 0x17]);
    /// # Ok::<(), mqtt_codec::sn::EncodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The same as [`encode`](Self::encode). After an error the output is unchanged.
    #[cfg(feature = "bytes")]
    fn encode_to(&self, output: &mut impl bytes::BufMut) -> Result<usize, EncodeError>;
}

/// The private part of [`Encode`]: the length of a datagram, and the function that writes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a message of MQTT-SN that can be encoded",
    label = "expected a message, for instance `sn::Publish`, `sn::Message` or `sn::Datagram`",
    note = "packets of MQTT implement the other trait, `mqtt_codec::Encode`"
)]
trait Parts {
    fn message_type(&self) -> MessageType;
    fn len(&self) -> Result<usize, EncodeError>;
    fn write<'p>(&'p self, len: usize, output: &mut impl Write<'p>);
}

#[cold]
const fn buffer_too_small(message_type: MessageType, needed: usize) -> EncodeError {
    EncodeError { kind: EncodeErrorKind::BufferTooSmall { needed }, message_type }
}

impl<P: Parts> Encode for P {
    #[inline]
    fn encoded_len(&self) -> Result<usize, EncodeError> {
        self.len()
    }

    #[inline]
    fn encode(&self, output: &mut [u8]) -> Result<usize, EncodeError> {
        let len = self.len()?;
        let Some(room) = output.get_mut(..len) else {
            return Err(buffer_too_small(self.message_type(), len));
        };
        let mut writer = SliceWriter { free: room };
        self.write(len, &mut writer);
        debug_assert!(writer.free.is_empty(), "body_len is more than write_body writes");
        Ok(len)
    }

    #[cfg(feature = "bytes")]
    #[inline]
    fn encode_to(&self, output: &mut impl bytes::BufMut) -> Result<usize, EncodeError> {
        let len = self.len()?;
        if output.remaining_mut() < len {
            return Err(buffer_too_small(self.message_type(), len));
        }
        self.write(len, &mut BufMutWriter::new(output));
        Ok(len)
    }
}

macro_rules! messages {
    (plain: $($plain:ident)*; over_buffer: $($message:ident)*;) => {
        $(
            impl Parts for mqtt_types::sn::$plain {
                messages!(@parts);
            }
        )*

        $(
            impl<B: Buffer> Parts for mqtt_types::sn::$message<B> {
                messages!(@parts);
            }
        )*

        impl<B: Buffer> Parts for Message<B> {
            fn message_type(&self) -> MessageType {
                Self::message_type(self)
            }

            fn len(&self) -> Result<usize, EncodeError> {
                match self {
                    $(Self::$plain(message) => len_of(message),)*
                    $(Self::$message(message) => len_of(message),)*
                }
            }

            fn write<'p>(&'p self, len: usize, output: &mut impl Write<'p>) {
                match self {
                    $(Self::$plain(message) => write(message, len, output),)*
                    $(Self::$message(message) => write(message, len, output),)*
                }
            }
        }
    };
    (@parts) => {
        #[inline]
        fn message_type(&self) -> MessageType {
            Self::MESSAGE_TYPE
        }

        #[cfg_attr(target_pointer_width = "64", inline(always))]
        fn len(&self) -> Result<usize, EncodeError> {
            len_of(self)
        }

        #[cfg_attr(target_pointer_width = "64", inline(always))]
        fn write<'p>(&'p self, len: usize, output: &mut impl Write<'p>) {
            write(self, len, output);
        }
    };
}

messages! {
    plain: Advertise SearchGw ConnAck WillTopicReq WillMsgReq RegAck PubAck PubComp PubRec PubRel SubAck UnsubAck
        PingResp Disconnect WillTopicResp WillMsgResp;
    over_buffer: GwInfo Connect WillTopic WillMsg Register Publish Subscribe Unsubscribe PingReq WillTopicUpd
        WillMsgUpd;
}

impl<B: Buffer> Parts for Datagram<B> {
    fn message_type(&self) -> MessageType {
        self.message.message_type()
    }

    fn len(&self) -> Result<usize, EncodeError> {
        let len = Parts::len(&self.message)?;
        Ok(self.encapsulation.as_ref().map_or(0, encapsulation::len_of).saturating_add(len))
    }

    fn write<'p>(&'p self, len: usize, output: &mut impl Write<'p>) {
        let mut len = len;
        if let Some(encapsulation) = &self.encapsulation {
            encapsulation::write(encapsulation, output);
            len = len.saturating_sub(encapsulation::len_of(encapsulation));
        }
        Parts::write(&self.message, len, output);
    }
}

mod sealed {
    #[expect(unnameable_types, reason = "that is what seals")]
    pub trait Sealed {}
    impl<P: super::Parts> Sealed for P {}
}

#[cfg(test)]
mod tests {
    use super::Encode;
    use crate::sn::{DecodeOptions, EncodeErrorKind, decode};
    use mqtt_types::sn::{MessageType, Publish, TopicId, WillMsg};

    /// Section 5.2.1.
    #[test]
    fn the_longest_messages_of_each_form() {
        let data = vec![7; 65_536];
        for (len, total, first) in
            [(0, 7, [7, 0x0C, 0]), (248, 255, [255, 0x0C, 0]), (249, 258, [1, 1, 2]), (65_526, 65_535, [1, 0xFF, 0xFF])]
        {
            let publish = Publish::to_topic_id(TopicId::MIN, &data[..len]);
            let mut output = vec![0; total];
            assert_eq!((publish.encoded_len(), publish.encode(&mut output)), (Ok(total), Ok(total)));
            assert_eq!(output[..3], first);
            assert_eq!(decode(&output, DecodeOptions::new()).unwrap(), publish.into());
        }
        let error = Publish::to_topic_id(TopicId::MIN, &data[..65_527]).encoded_len().unwrap_err();
        assert_eq!((error.kind(), error.message_type()), (EncodeErrorKind::MessageTooLong, MessageType::Publish));
        assert_eq!(error.to_string(), "PUBLISH: longer than 65,535 octets [section 5.2.1]");
        assert!(WillMsg::new(&data[..65_531]).encoded_len().is_ok());
        assert!(WillMsg::new(&data[..65_532]).encoded_len().is_err());
    }
}
