//! Encoding of frames: the bytes of the frame are copied if encoding the packet would write the same bytes.

use crate::encode::{Encode, sealed::Sealed};
use crate::error::EncodeError;
use crate::frame::frame::Frame;
use crate::frame::publish_frame::PublishFrame;
use crate::options::EncodeOptions;
use crate::wire::Pieces;
use crate::wire::encode_body::buffer_too_small;
use bytes::{BufMut, Bytes};
use mqtt_types::{Packet, PacketType};

impl Frame {
    /// Returns the bytes of the packet if encoding it with these options would write the same bytes.
    #[inline]
    fn canonical_bytes(&self, options: &EncodeOptions) -> Option<&Bytes> {
        self.as_publish()?.canonical_bytes(options)
    }

    fn packet_to_encode(&self) -> Packet<&[u8]> {
        self.packet()
    }
}

impl PublishFrame {
    fn packet_to_encode(&self) -> mqtt_types::Publish<&[u8]> {
        self.as_borrowed()
    }
}

macro_rules! encode_frame {
    ($frame:ident) => {
        impl Sealed for $frame {
            fn packet_type(&self) -> PacketType {
                self.as_packet().packet_type()
            }

            fn as_packet(&self) -> Packet<&[u8]> {
                self.packet_to_encode().into()
            }
        }

        /// A PUBLISH of the wanted version is copied as one piece. Every other packet is encoded again, so that bytes
        /// that only a leniency accepts are not forwarded. Such a packet needs scratch of its own length.
        impl Encode for $frame {
            fn encoded_len(&self, options: impl Into<EncodeOptions>) -> Result<usize, EncodeError> {
                let options = options.into();
                match self.canonical_bytes(&options) {
                    Some(bytes) => Ok(bytes.len()),
                    None => self.packet_to_encode().encoded_len(options),
                }
            }

            fn encode(&self, options: impl Into<EncodeOptions>, output: &mut [u8]) -> Result<usize, EncodeError> {
                let options = options.into();
                let Some(bytes) = self.canonical_bytes(&options) else {
                    return self.packet_to_encode().encode(options, output);
                };
                let Some(room) = output.get_mut(..bytes.len()) else {
                    return buffer_too_small(PacketType::Publish, options.version, bytes.len());
                };
                room.copy_from_slice(bytes);
                Ok(bytes.len())
            }

            fn encode_vectored<'p>(
                &'p self,
                options: impl Into<EncodeOptions>,
                scratch: &'p mut [u8],
            ) -> Result<Pieces<'p>, EncodeError> {
                let options = options.into();
                match self.canonical_bytes(&options) {
                    Some(bytes) => Ok(Pieces::one(bytes)),
                    None => {
                        let len = self.packet_to_encode().encode(options, scratch)?;
                        Ok(Pieces::one(scratch.get(..len).unwrap_or_default()))
                    }
                }
            }

            fn encode_to(
                &self,
                options: impl Into<EncodeOptions>,
                output: &mut impl BufMut,
            ) -> Result<usize, EncodeError> {
                let options = options.into();
                let Some(bytes) = self.canonical_bytes(&options) else {
                    return self.packet_to_encode().encode_to(options, output);
                };
                if output.remaining_mut() < bytes.len() {
                    return buffer_too_small(PacketType::Publish, options.version, bytes.len());
                }
                output.put_slice(bytes);
                Ok(bytes.len())
            }
        }
    };
}

encode_frame!(Frame);
encode_frame!(PublishFrame);
