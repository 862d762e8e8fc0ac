//! Options for encoding.

use crate::options::values::{options_of_a_version, value_options};
use mqtt_types::{ProtocolVersion, Sender};

/// Options for encoding: protocol version and sender.
///
/// A [`ProtocolVersion`] converts into options with that version and any sender. A CONNECT is always encoded in its own
/// [version](mqtt_types::Connect::protocol_version).
///
/// ```
/// use mqtt_codec::{Encode, EncodeErrorKind, EncodeOptions, PingReq, ProtocolVersion, Sender};
///
/// let server = EncodeOptions::new(ProtocolVersion::V5).with_sender(Sender::Server);
/// let error = PingReq.encode(server, &mut [0; 2]).unwrap_err();
/// assert_eq!(error.kind(), EncodeErrorKind::NotFromSender(Sender::Server));
/// ```
///
/// With the feature `serde` they are a map from the names of the options to their values, as
/// [`DecodeOptions`](crate::DecodeOptions) are.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EncodeOptions {
    pub(crate) version: ProtocolVersion,
    pub(crate) sender: Sender,
    pub(crate) refuse_discouraged_characters: bool,
}

impl EncodeOptions {
    /// Creates options with a version. The sender may be a client or a server.
    #[must_use]
    pub const fn new(version: ProtocolVersion) -> Self {
        Self { version, sender: Sender::Either, refuse_discouraged_characters: false }
    }

    /// Sets whether strings with control characters or non-characters are refused. The default is `false`.
    ///
    /// A sender should not send these characters, and a receiver may close the connection because of them (section 1.5.4).
    /// The check examines every character of every string.
    #[must_use]
    pub const fn refuse_discouraged_characters(self, refuse: bool) -> Self {
        Self { refuse_discouraged_characters: refuse, ..self }
    }

    /// Returns `true` if strings with control characters or non-characters are refused.
    #[inline]
    #[must_use]
    pub const fn refuses_discouraged_characters(&self) -> bool {
        self.refuse_discouraged_characters
    }
}

value_options! {
    EncodeOptions
    /// Sets the version for packets other than CONNECT.
    with_version
    /// Returns the version for packets other than CONNECT.
    version: ProtocolVersion;
    /// Sets the side that sends the packets. Packets, properties and Reason Codes that only the other side may send are
    /// refused.
    with_sender
    /// Returns the side that sends the packets.
    sender: Sender;
}

options_of_a_version! { EncodeOptions }
