//! Length of the head of a PUBLISH: everything between its fixed header and its payload.

use crate::wire::fixed_header::DecodedFixedHeader;
use mqtt_types::{ProtocolVersion, VariableByteInteger};

/// Length of the head of a PUBLISH, without the fixed header, as far as the available bytes determine it.
pub(crate) enum HeadLen {
    /// The head has this many bytes.
    Known(u32),
    /// At least this many more bytes are needed to determine the length.
    Needs(usize),
    /// The available bytes break a rule.
    Faulty,
}

impl HeadLen {
    pub(crate) const fn size(&self) -> Option<u32> {
        match self {
            Self::Known(size) => Some(*size),
            Self::Needs(_) | Self::Faulty => None,
        }
    }
}

/// Returns the size of the Topic Name with its two-byte length, or `None` if that length is incomplete.
pub(crate) fn topic_size(body: &[u8]) -> Option<u32> {
    let topic_len = body.first_chunk::<2>()?;
    Some(u32::from(u16::from_be_bytes(*topic_len)).saturating_add(2))
}

/// Determines the length of the head of a PUBLISH. `body` holds the available bytes after the fixed header.
///
/// Cheap enough to call after every read: it examines only the length of the topic and the Property Length.
pub(crate) fn head_len(body: &[u8], header: &DecodedFixedHeader, version: ProtocolVersion) -> HeadLen {
    let remaining_length = header.header.remaining_length.get();
    let Some(topic_end) = topic_size(body) else {
        return if remaining_length < 2 { HeadLen::Faulty } else { HeadLen::Needs(2_usize.saturating_sub(body.len())) };
    };
    if topic_end > remaining_length {
        return HeadLen::Faulty;
    }
    let identifier_len = match header.header.flags.qos() {
        Some(mqtt_types::QoS::AtMostOnce) | None => 0,
        Some(_) => 2,
    };
    let size = topic_end.saturating_add(identifier_len);
    if size > remaining_length || (size == remaining_length && !version.is_v3()) {
        // The field after the topic is cut off. The decoder needs the whole packet, because a fault in the topic takes
        // precedence.
        return HeadLen::Known(remaining_length);
    }
    if version.is_v3() {
        return HeadLen::Known(size);
    }
    let Some(properties) = body.get(to_usize(size)..).filter(|properties| !properties.is_empty()) else {
        return HeadLen::Needs(to_usize(size).saturating_add(1).saturating_sub(body.len()));
    };
    match VariableByteInteger::decode(properties) {
        Ok(Some(decoded)) => {
            let length_len = u32::try_from(decoded.len).unwrap_or(u32::MAX);
            let size = size.saturating_add(length_len).saturating_add(decoded.value.get());
            if size > remaining_length { HeadLen::Faulty } else { HeadLen::Known(size) }
        }
        Ok(None) if body.len() < to_usize(remaining_length) => HeadLen::Needs(1),
        Ok(None) | Err(_) => HeadLen::Faulty,
    }
}

/// Converts a size to `usize`. A value that does not fit becomes `usize::MAX`.
pub(crate) fn to_usize(size: u32) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}
