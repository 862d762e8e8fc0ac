//! Encoding of the body of a message: everything after `MsgType`.

use super::header::message_len;
use super::{EncodeError, EncodeErrorKind};
use crate::wire::write::Write;
use mqtt_types::sn::MessageType;

/// A message type that can be encoded. Implemented in the file of each message.
pub(super) trait EncodeBody {
    const MESSAGE_TYPE: MessageType;

    /// Returns the number of octets after `MsgType`, or an error if the message cannot be encoded.
    fn body_len(&self) -> Result<usize, EncodeErrorKind>;

    /// Writes exactly `body_len` octets. Called only after `body_len` returned `Ok`.
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>);
}

/// Returns the length of a message in octets.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn len_of<M: EncodeBody>(message: &M) -> Result<usize, EncodeError> {
    let too_long = EncodeErrorKind::MessageTooLong;
    match message.body_len().and_then(|body_len| message_len(body_len).ok_or(too_long)) {
        Ok(len) => Ok(len),
        Err(kind) => Err(EncodeError { kind, message_type: M::MESSAGE_TYPE }),
    }
}

/// Writes a message of this length, with Length in its shortest form.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn write<'p, M: EncodeBody>(message: &'p M, len: usize, output: &mut impl Write<'p>) {
    let message_type = M::MESSAGE_TYPE.as_u8();
    match u8::try_from(len) {
        Ok(short) => output.put(&[short, message_type]),
        Err(_) => {
            let [high, low] = u16::try_from(len).unwrap_or(u16::MAX).to_be_bytes(); // `message_len` has checked it
            output.put(&[1, high, low, message_type]);
        }
    }
    message.write_body(output);
}
