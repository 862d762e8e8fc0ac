//! From bytes to a packet: the entry points.

use crate::error::DecodeError;
use crate::options::DecodeOptions;
use crate::packet::decode_frame::decode_frame;
#[cfg(feature = "bytes")]
use crate::wire::form::Shared;
use crate::wire::form::{Borrowed, DecodedPacket, Form};
use crate::wire::outcome::Outcome;
use crate::wire::{Decoded, fixed_header};
use mqtt_types::{Packet, Sender};

/// Decodes the packet at the start of `input`, by borrowing: nothing is allocated and nothing is copied.
///
/// Options are a [`ProtocolVersion`](mqtt_types::ProtocolVersion), or [`DecodeOptions`].
///
/// Time is linear in the length of the packet. A packet that is not all there yet is looked at as far as its fixed header;
/// in a packet that is all there, a field that is cut off is an error, never a reason to wait.
///
/// ```
/// use mqtt_codec::{Decoded, Packet, ProtocolVersion, decode};
///
/// let input = [0x30, 0x06, 0x00, 0x01, b'a', 0x00, b'h', b'i', /* the next packet */ 0xC0];
/// match decode(&input, ProtocolVersion::V5)? {
///     Decoded::Complete { packet: Packet::Publish(publish), consumed } => {
///         assert_eq!((publish.topic(), publish.payload, consumed), ("a", &b"hi"[..], 8));
///     }
///     Decoded::Complete { packet, .. } => println!("{packet}"),
///     Decoded::Incomplete { needed } => println!("at least {needed} more bytes"),
/// }
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
///
/// # Errors
///
/// The first rule that the packet breaks. A fault in the first byte is told before the packet is all there.
#[inline]
pub fn decode(input: &[u8], options: impl Into<DecodeOptions>) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    decode_borrowed(input, &options.into())
}

/// One body for all callers; it is not worth to be copied into them.
#[inline(never)]
fn decode_borrowed<'a>(input: &'a [u8], options: &DecodeOptions) -> Result<Decoded<Packet<&'a [u8]>>, DecodeError> {
    decode_as(input, options, Sender::Either, Borrowed)
}

/// Decodes what a client received: [`decode`] with [`Sender::Server`], whatever sender the options name.
///
/// It gives the same packets and errors. What differs is that the sender is known when the program is compiled, so that
/// the decoders of what only a client sends, CONNECT, SUBSCRIBE, UNSUBSCRIBE and PINGREQ, are no part of it. On a small
/// device that is a good part of the codec's flash, as long as neither `decode`, `decode_shared` nor a decoder of streams is
/// used beside it: [`Decoded::Incomplete`] says how much to read. Called in one place, with options that are constant, it
/// leaves out what those never ask for too, if the processor is a small one.
///
/// ```
/// use mqtt_codec::{DecodeErrorKind, Packet, ProtocolVersion, Sender, decode_from_server};
///
/// let input = [0x90, 0x04, 0x00, 0x0A, 0x00, 0x01, /* PINGREQ */ 0xC0, 0x00];
/// let (packet, consumed) = decode_from_server(&input, ProtocolVersion::V5)?.complete().unwrap();
/// assert!(matches!(packet, Packet::SubAck(_)));
/// let error = decode_from_server(&input[consumed..], ProtocolVersion::V5).unwrap_err();
/// assert_eq!(error.kind(), DecodeErrorKind::WrongSender(Sender::Server));
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
///
/// # Errors
///
/// As [`decode`].
#[inline]
pub fn decode_from_server(
    input: &[u8],
    options: impl Into<DecodeOptions>,
) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    decode_from::<true>(input, options.into())
}

/// Decodes what a server received: [`decode`] with [`Sender::Client`], whatever sender the options name.
///
/// It is to a server what [`decode_from_server`] is to a client: the decoders of CONNACK, SUBACK, UNSUBACK and PINGRESP
/// are no part of the program.
///
/// ```
/// use mqtt_codec::{Packet, ProtocolVersion, decode_from_client};
///
/// let (packet, _) = decode_from_client(&[0xC0, 0x00], ProtocolVersion::V5)?.complete().unwrap();
/// assert!(matches!(packet, Packet::PingReq(_)));
/// assert!(decode_from_client(&[0xD0, 0x00], ProtocolVersion::V5).is_err()); // PINGRESP
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
///
/// # Errors
///
/// As [`decode`].
#[inline]
pub fn decode_from_client(
    input: &[u8],
    options: impl Into<DecodeOptions>,
) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    decode_from::<false>(input, options.into())
}

/// Unlike [`decode_borrowed`] it may be copied into its caller: a small program has one, and its options are known there.
#[inline]
fn decode_from<const SERVER: bool>(
    input: &[u8],
    options: DecodeOptions,
) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    let sender = if SERVER { Sender::Server } else { Sender::Client };
    decode_as(input, &options.sender(sender), sender, Borrowed)
}

/// Decodes the packet at the start of `input` into shared slices of it: nothing is copied, each part that is not empty
/// counts one reference.
///
/// The packet keeps the whole buffer alive that `input` is a part of.
///
/// ```
/// use bytes::{Buf, Bytes};
/// use mqtt_codec::{Packet, ProtocolVersion, decode_shared};
///
/// let mut input = Bytes::from(vec![0x30, 0x06, 0x00, 0x01, b'a', 0x00, b'h', b'i', 0xC0, 0x00]);
/// let mut packets: Vec<Packet> = Vec::new();
/// while let Some((packet, consumed)) = decode_shared(&input, ProtocolVersion::V5)?.complete() {
///     input.advance(consumed);
///     packets.push(packet);
///     # if input.is_empty() { break; }
/// }
/// assert_eq!(packets.len(), 2);
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
///
/// # Errors
///
/// As [`decode`].
#[cfg(feature = "bytes")]
pub fn decode_shared(
    input: &bytes::Bytes,
    options: impl Into<DecodeOptions>,
) -> Result<Decoded<Packet<bytes::Bytes>>, DecodeError> {
    decode_as(input, &options.into(), Sender::Either, Shared(input))
}

/// Decodes to this form. Of `sender` see [`decode_frame`].
#[inline(always)]
fn decode_as<'a, F: Form>(
    input: &'a [u8],
    options: &DecodeOptions,
    sender: Sender,
    form: F,
) -> Result<Decoded<Packet<F::Buffer<'a>>>, DecodeError> {
    let header = match fixed_header::decode(input, options)? {
        Decoded::Complete { packet, .. } => packet,
        Decoded::Incomplete { needed } => return Ok(Decoded::Incomplete { needed }),
    };
    let consumed = header.packet_len();
    let Some(frame) = input.get(..consumed) else {
        return Ok(Decoded::missing(input.len(), consumed));
    };
    decode_frame(frame, header, options, sender, DecodedOutcome { form, consumed })
}

/// A packet by itself.
struct DecodedOutcome<F> {
    form: F,
    consumed: usize,
}

impl<'a, F: Form> Outcome<'a> for DecodedOutcome<F> {
    type Packet = Decoded<Packet<F::Buffer<'a>>>;

    #[inline(always)]
    fn decoded(self, packet: impl DecodedPacket<'a>) -> Self::Packet {
        Decoded::Complete { packet: self.form.convert(packet), consumed: self.consumed }
    }

    fn refused(self, error: DecodeError) -> DecodeError {
        error
    }
}
