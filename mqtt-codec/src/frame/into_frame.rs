//! How bytes become a frame, received or encoded: the packet is checked once.

use crate::decode::decode;
use crate::encode::Encode;
use crate::error::{DecodeError, EncodeError};
use crate::frame::frame::{Frame, OtherBytes, OtherFrame, impossible};
use crate::frame::publish_frame::PublishFrame;
use crate::frame::short_bytes::ShortBytes;
use crate::options::{DecodeOptions, EncodeOptions};
use crate::packet::decode_frame::decode_frame;
use crate::packet::publish;
use crate::wire::fixed_header::{self, DecodedFixedHeader};
use crate::wire::form::DecodedPacket;
use crate::wire::outcome::Outcome;
use crate::wire::{Decoded, remaining_length};
use bytes::{Bytes, BytesMut};
use core::ops::Deref;
use mqtt_types::{Buffer, PackedPublish, PacketType, ProtocolVersion, Publish, Sender};

impl Frame {
    /// Decodes the packet at the start of `input`, and keeps it as a shared slice of `input`.
    ///
    /// The frame keeps the whole buffer of `input` alive, unless the packet has at most four bytes.
    ///
    /// # Errors
    ///
    /// The same as [`decode`](crate::decode()).
    pub fn decode(input: &Bytes, options: impl Into<DecodeOptions>) -> Result<Decoded<Self>, DecodeError> {
        let options = options.into();
        let header = match fixed_header::decode(input, &options)? {
            Decoded::Complete { packet, .. } => packet,
            Decoded::Incomplete { needed } => return Ok(Decoded::Incomplete { needed }),
        };
        let consumed = header.packet_len();
        if consumed > input.len() {
            remaining_length::check(input, &options)?;
            return Ok(Decoded::missing(input.len(), consumed));
        }
        let packet = match ShortBytes::copy(input, consumed) {
            Some(bytes) => bytes.into_frame(header, &options, None, Kept)?,
            None => input.slice(..consumed).into_frame(header, &options, None, Kept)?,
        };
        Ok(Decoded::Complete { packet, consumed })
    }

    /// Encodes a packet into a new buffer, with one allocation of exactly the length of the packet, and none if it has at
    /// most four bytes.
    ///
    /// ```
    /// use mqtt_codec::{Frame, PingReq, ProtocolVersion};
    ///
    /// let frame = Frame::encode(&PingReq, ProtocolVersion::V5)?;
    /// assert_eq!(frame.as_bytes(), [0xC0, 0x00]);
    /// # Ok::<(), mqtt_codec::EncodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The same as [`Encode::encode`].
    pub fn encode(packet: &impl Encode, options: impl Into<EncodeOptions>) -> Result<Self, EncodeError> {
        let options = options.into();
        let mut short = [0; ShortBytes::LONGEST];
        let len = packet.encoded_len(options)?;
        if let Some(room) = short.get_mut(..len) {
            packet.encode(options, room)?;
        }
        if let Some(bytes) = ShortBytes::copy(&short, len) {
            return Ok(Self::of_encoded(bytes, options.version));
        }
        let mut bytes = BytesMut::zeroed(len);
        packet.encode(options, &mut bytes)?;
        Ok(Self::of_encoded(bytes.freeze(), options.version))
    }

    /// Creates a frame from the bytes of an encoded packet.
    fn of_encoded(bytes: impl IntoFrame, version: ProtocolVersion) -> Self {
        // The mark of a bridge in a CONNECT is the only thing that can be encoded and is not decoded by default.
        let options = DecodeOptions::new(version).allow_bridge_bit(true);
        let header = match fixed_header::decode(&bytes, &options) {
            Ok(Decoded::Complete { packet: header, .. }) => header,
            Ok(Decoded::Incomplete { .. }) | Err(_) => impossible(),
        };
        bytes.into_frame(header, &options, None, Kept).unwrap_or_else(|_| impossible())
    }
}

impl PublishFrame {
    /// Encodes a PUBLISH into a new buffer, with one allocation of exactly the length of the packet.
    ///
    /// ```
    /// use bytes::{Bytes, BytesMut};
    /// use mqtt_codec::{Frame, ProtocolVersion, PublishFrame};
    ///
    /// // A frame of a stream keeps the whole buffer that was read. A copy keeps only its own bytes.
    /// let received = Bytes::from_static(&[0x30, 0x06, 0x00, 0x01, b'a', 0x00, b'h', b'i', 0xC0, 0x00]);
    /// let (frame, _) = Frame::decode(&received, ProtocolVersion::V5)?.complete().unwrap();
    /// let message = frame.into_publish().unwrap();
    /// let copy = PublishFrame::encode(&message.as_borrowed(), message.version())?;
    /// assert_eq!(copy, message);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The same as [`Encode::encode`](crate::Encode::encode).
    pub fn encode<B: Buffer>(publish: &Publish<B>, options: impl Into<EncodeOptions>) -> Result<Self, EncodeError> {
        Frame::encode(publish, options)?.into_publish().map_or_else(|_| impossible(), Ok)
    }
}

/// The bytes of exactly one packet, which become a frame.
pub(crate) trait IntoFrame: Deref<Target = [u8]> + Sized {
    /// Decodes the packet. The frame that keeps its bytes, or the error, is made into the result by `outcome`, which writes
    /// it in place: to move a frame costs more than to check a short packet.
    fn into_frame<O: FrameOutcome>(
        self,
        header: DecodedFixedHeader,
        options: &DecodeOptions,
        expected_version: Option<ProtocolVersion>,
        outcome: O,
    ) -> Result<O::Item, DecodeError>;

    fn into_bytes(self) -> Bytes;
}

/// Receiver of the frame or of the error.
pub(crate) trait FrameOutcome {
    type Item;

    /// Converts the frame into the result.
    fn kept(self, frame: Frame) -> Self::Item;

    /// Records the error and the bytes of the packet, and returns the error.
    fn refused(self, error: DecodeError, bytes: impl IntoFrame) -> DecodeError;
}

/// Outcome that is the frame.
struct Kept;

impl FrameOutcome for Kept {
    type Item = Frame;

    #[inline(always)]
    fn kept(self, frame: Frame) -> Frame {
        frame
    }

    fn refused(self, error: DecodeError, _: impl IntoFrame) -> DecodeError {
        error
    }
}

impl IntoFrame for Bytes {
    #[inline(always)]
    fn into_frame<O: FrameOutcome>(
        mut self,
        header: DecodedFixedHeader,
        options: &DecodeOptions,
        expected_version: Option<ProtocolVersion>,
        outcome: O,
    ) -> Result<O::Item, DecodeError> {
        if header.header.packet_type == PacketType::Publish {
            match PackedPublish::take(&mut self, |frame| publish::decode_whole(frame, header, options)) {
                Ok(Some(publish)) => {
                    let is_strict = is_strict(publish.buffer(), options);
                    let publish = PublishFrame::new(publish, options.version, header_len(header), is_strict);
                    return Ok(outcome.kept(publish.into()));
                }
                Ok(None) => {} // does not occur: the fields are where they were found
                Err(error) => return Err(outcome.refused(error, self)),
            }
        }
        keep_other(self, OtherBytes::Shared, header, options, expected_version, outcome)
    }

    fn into_bytes(self) -> Bytes {
        self
    }
}

impl IntoFrame for ShortBytes {
    #[inline(always)]
    fn into_frame<O: FrameOutcome>(
        self,
        header: DecodedFixedHeader,
        options: &DecodeOptions,
        expected_version: Option<ProtocolVersion>,
        outcome: O,
    ) -> Result<O::Item, DecodeError> {
        // No PUBLISH is so short.
        keep_other(self, OtherBytes::Short, header, options, expected_version, outcome)
    }

    #[cold]
    fn into_bytes(self) -> Bytes {
        Bytes::copy_from_slice(&self)
    }
}

/// Checks a packet, and returns the version whose rules were applied.
struct Check {
    version: ProtocolVersion,
    expected_version: Option<ProtocolVersion>,
}

impl<'a> Outcome<'a> for Check {
    type Packet = ProtocolVersion;

    fn expected_version(&self) -> Option<ProtocolVersion> {
        self.expected_version
    }

    fn connected(&mut self, version: ProtocolVersion) {
        self.version = version;
    }

    fn decoded(self, _: impl DecodedPacket<'a>) -> ProtocolVersion {
        self.version
    }

    fn refused(self, error: DecodeError) -> DecodeError {
        error
    }
}

/// Keeps a packet that is not a PUBLISH.
#[inline(always)]
fn keep_other<B: IntoFrame, O: FrameOutcome>(
    bytes: B,
    to_other: fn(B) -> OtherBytes,
    header: DecodedFixedHeader,
    options: &DecodeOptions,
    expected_version: Option<ProtocolVersion>,
    outcome: O,
) -> Result<O::Item, DecodeError> {
    let check = Check { version: options.version, expected_version };
    match decode_frame(&bytes, header, options, Sender::Either, check) {
        Ok(version) => {
            let options = options.with_version(version);
            let is_strict = is_strict(&bytes, &options);
            let bytes = to_other(bytes);
            Ok(outcome.kept(Frame::of_other(OtherFrame { bytes, options, header_len: header_len(header), is_strict })))
        }
        Err(error) => Err(outcome.refused(error, bytes)),
    }
}

#[inline]
fn header_len(header: DecodedFixedHeader) -> u8 {
    u8::try_from(header.len).unwrap_or(u8::MAX)
}

/// Returns `true` if a packet that these options accept needs no leniency.
#[inline(always)]
fn is_strict(frame: &[u8], options: &DecodeOptions) -> bool {
    #[cold]
    #[inline(never)]
    fn is_accepted_by_strict(frame: &[u8], options: &DecodeOptions) -> bool {
        matches!(decode(frame, options.strict()), Ok(Decoded::Complete { .. }))
    }
    options.is_strict() || is_accepted_by_strict(frame, options)
}
