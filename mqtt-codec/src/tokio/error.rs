//! Error of a connection.

use crate::error::{DecodeError, EncodeError};
use std::io;

/// Error of a connection that uses [`Codec`](crate::Codec).
///
/// ```
/// use bytes::BytesMut;
/// use mqtt_codec::{Codec, CodecError};
/// use tokio_util::codec::Decoder;
///
/// let mut codec = Codec::server();
/// let mut received = BytesMut::from(&b"\x10\x0F\0\x04MQTT\x05\x02\0\0\0\0\x02\xC0\x80"[..]);
/// match codec.decode(&mut received) {
///     Ok(packet) => unreachable!("its Client Identifier is not UTF-8: {packet:?}"),
///     // Answer, if the version has an answer, and close the connection.
///     Err(CodecError::Decode(error)) => {
///         let answer = codec.answer(&error).unwrap();
///         assert_eq!(answer.as_bytes(), [0x20, 3, 0, 0x81, 0]); // CONNACK, Malformed Packet
///     }
///     // The packet was not sent. The connection is still usable.
///     Err(CodecError::Encode(error)) => println!("{error}"),
///     Err(error) => return Err(error.into()),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The transport failed, or was closed in the middle of a packet ([`UnexpectedEof`](io::ErrorKind::UnexpectedEof)).
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The peer sent an invalid packet. [`Codec::answer`](crate::Codec::answer) returns the packet to answer with.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A packet cannot be encoded. No byte of it was sent, so the connection is still usable.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// Returns the error of a connection that ends in the middle of a packet.
pub(crate) fn cut_off() -> CodecError {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the connection was closed in the middle of a packet").into()
}
