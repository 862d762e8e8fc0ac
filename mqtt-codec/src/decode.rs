//! Entry points of decoding.

use crate::error::DecodeError;
use crate::options::DecodeOptions;
use crate::packet::decode_frame::decode_frame;
#[cfg(feature = "bytes")]
use crate::wire::form::Shared;
use crate::wire::form::{Borrowed, DecodedPacket, Form};
use crate::wire::outcome::Outcome;
use crate::wire::{Decoded, fixed_header, remaining_length};
use mqtt_types::{Packet, Sender};

/// Decodes the packet at the start of `input`. The packet borrows from `input`: nothing is allocated or copied.
///
/// `options` is a [`ProtocolVersion`](mqtt_types::ProtocolVersion) or [`DecodeOptions`].
///
/// Takes time linear in the length of the packet. In an incomplete packet, only the fixed header is examined. In a
/// complete packet, a field that is cut off is an error.
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
/// Returns an error if the packet breaks a rule. Errors in the fixed header are returned even if the packet is incomplete.
#[inline]
pub fn decode(input: &[u8], options: impl Into<DecodeOptions>) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    decode_borrowed(input, &options.into())
}

/// Kept out of line: all callers share one copy.
#[inline(never)]
fn decode_borrowed<'a>(input: &'a [u8], options: &DecodeOptions) -> Result<Decoded<Packet<&'a [u8]>>, DecodeError> {
    decode_as(input, options, Sender::Either, Borrowed)
}

/// Decodes a packet that a server sent: [`decode`] with the sender [`Sender::Server`], regardless of that in the options.
///
/// Returns the same packets and errors as [`decode`] with these options. The sender is a constant, so the compiler removes the
/// decoders of packets that only a client sends: CONNECT, SUBSCRIBE and UNSUBSCRIBE. On a small device this saves a
/// considerable part of the flash that the codec uses.
///
/// The decoders remain in the program if it also calls `decode` or `decode_shared`, or uses a streaming decoder. To read from
/// a stream without one, read as many bytes as [`Decoded::Incomplete`] asks for.
///
/// On 32-bit processors, if the function is called in one place with constant options, the compiler also removes the code for
/// options that are off.
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
/// The same as [`decode`].
#[inline]
pub fn decode_from_server(
    input: &[u8],
    options: impl Into<DecodeOptions>,
) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    decode_from::<true>(input, options.into())
}

/// Decodes a packet that a client sent: [`decode`] with the sender [`Sender::Client`], regardless of that in the options.
///
/// The counterpart of [`decode_from_server`] for a server: the compiler removes the decoders of CONNACK, SUBACK, UNSUBACK and
/// PINGRESP.
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
/// The same as [`decode`].
#[inline]
pub fn decode_from_client(
    input: &[u8],
    options: impl Into<DecodeOptions>,
) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    decode_from::<false>(input, options.into())
}

/// Decodes a packet from a constant sender.
///
/// Unlike [`decode_borrowed`] it may be inlined: a small program calls it once, with options that are constant there.
#[inline]
fn decode_from<const SERVER: bool>(
    input: &[u8],
    options: DecodeOptions,
) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    let sender = if SERVER { Sender::Server } else { Sender::Client };
    decode_as(input, &options.with_sender(sender), sender, Borrowed)
}

/// Decodes the packet at the start of `input`. The packet owns slices of `input`: nothing is copied, and each field that is
/// not empty adds a reference to the buffer.
///
/// The packet keeps the whole buffer of `input` alive.
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
/// The same as [`decode`].
#[cfg(feature = "bytes")]
pub fn decode_shared(
    input: &bytes::Bytes,
    options: impl Into<DecodeOptions>,
) -> Result<Decoded<Packet<bytes::Bytes>>, DecodeError> {
    decode_as(input, &options.into(), Sender::Either, Shared(input))
}

/// Returns how many bytes are missing, or the error of a packet that is too long for its type.
///
/// Kept out of line and called last, so that the decoder needs no registers for it.
#[cold]
#[inline(never)]
fn incomplete<T>(input: &[u8], packet_len: usize, options: &DecodeOptions) -> Result<Decoded<T>, DecodeError> {
    remaining_length::check(input, options)?;
    Ok(Decoded::missing(input.len(), packet_len))
}

/// Decodes the packet at the start of `input` in the given form. See [`decode_frame`] for `sender`.
///
/// A short cut on 64-bit processors: a packet that is complete and has a valid fixed header is decoded without saving the
/// registers that other input needs.
#[inline(always)]
fn decode_as<'a, F: Form>(
    input: &'a [u8],
    options: &DecodeOptions,
    sender: Sender,
    form: F,
) -> Result<Decoded<Packet<F::Buffer<'a>>>, DecodeError> {
    if cfg!(target_pointer_width = "64") {
        if let Some((header, frame)) = fixed_header::decode_usual(input, options) {
            return decode_frame(frame, header, options, sender, DecodedOutcome { form, consumed: frame.len() });
        }
    }
    decode_any(input, options, sender, form)
}

/// Decodes what [`decode_as`] does, whatever the input is.
#[cfg_attr(target_pointer_width = "64", inline(never))]
fn decode_any<'a, F: Form>(
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
        return incomplete(input, consumed, options);
    };
    decode_frame(frame, header, options, sender, DecodedOutcome { form, consumed })
}

/// Outcome that returns the packet as [`Decoded::Complete`].
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
