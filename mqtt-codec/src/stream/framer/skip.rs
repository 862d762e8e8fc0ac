//! Skipping of packets that were refused, and of payloads.

use crate::error::{DecodeError, DecodeErrorKind, Field};
use crate::stream::framer::{Framer, Skip, State};
use mqtt_types::{PacketType, VariableByteInteger, VariableByteIntegerError};

impl Framer {
    /// Skips the packet that failed, or the rest of a payload. Returns `false` if the end of the packet is unknown.
    pub(crate) fn skip(&mut self) -> bool {
        match self.state {
            State::Failed(_, Some(Skip::Header)) => self.state = State::SkipHeader,
            State::Failed(_, Some(Skip::Rest { taken, left })) => {
                self.advance(taken);
                self.state = State::Skip(left);
            }
            State::Failed(_, None) => return false,
            State::Payload(remaining) => self.state = State::Skip(remaining),
            _ => {}
        }
        true
    }

    /// After an error, returns the number of bytes of the faulty packet that have been removed from the buffer.
    pub(crate) const fn taken_of_refused(&self) -> Option<usize> {
        match self.state {
            State::Failed(_, Some(Skip::Rest { taken, .. })) => Some(taken),
            State::Failed(..) => Some(0),
            _ => None,
        }
    }

    /// Parses the length of the packet to skip. Returns how many more bytes are needed if its fixed header is incomplete.
    pub(super) fn skip_header(&mut self, input: &[u8]) -> Result<Option<usize>, DecodeError> {
        match VariableByteInteger::decode(input.get(1..).unwrap_or_default()) {
            Ok(Some(decoded)) => {
                let header_len = u32::try_from(decoded.len).unwrap_or(u32::MAX).saturating_add(1);
                self.state = State::Skip(decoded.value.get().saturating_add(header_len));
                Ok(None)
            }
            Ok(None) => Ok(Some(2_usize.saturating_sub(input.len()).max(1))),
            Err(VariableByteIntegerError::TooLong | _) => {
                let packet_type = PacketType::from_first_byte(input.first().copied().unwrap_or_default());
                let version = self.connection.packet_options().version;
                let kind = DecodeErrorKind::VariableByteIntegerTooLong;
                let sender = self.connection.options().role.peer();
                let (field, looks_like) = (Field::RemainingLength, None);
                let error = DecodeError { kind, field, packet_type, version, sender, offset: 1, looks_like };
                Err(self.fail(error, None))
            }
        }
    }
}
