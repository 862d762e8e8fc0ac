//! Options for encoding.

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

    /// Sets the version for packets other than CONNECT.
    #[must_use]
    pub const fn with_version(self, version: ProtocolVersion) -> Self {
        Self { version, ..self }
    }

    /// Sets the side that sends the packets. Packets, properties and Reason Codes that only the other side may send are
    /// refused.
    #[must_use]
    pub const fn with_sender(self, sender: Sender) -> Self {
        Self { sender, ..self }
    }

    /// Sets whether strings with control characters or non-characters are refused. The default is `false`.
    ///
    /// A sender should not send these characters, and a receiver may close the connection because of them (section 1.5.4).
    /// The check examines every character of every string.
    #[must_use]
    pub const fn refuse_discouraged_characters(self, refuse: bool) -> Self {
        Self { refuse_discouraged_characters: refuse, ..self }
    }

    /// Returns the version for packets other than CONNECT.
    #[inline]
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// Returns the side that sends the packets.
    #[inline]
    #[must_use]
    pub const fn sender(&self) -> Sender {
        self.sender
    }

    /// Returns `true` if strings with control characters or non-characters are refused.
    #[inline]
    #[must_use]
    pub const fn refuses_discouraged_characters(&self) -> bool {
        self.refuse_discouraged_characters
    }
}

/// Options with the version 5.0 and any sender.
impl Default for EncodeOptions {
    fn default() -> Self {
        Self::new(ProtocolVersion::V5)
    }
}

impl From<ProtocolVersion> for EncodeOptions {
    fn from(version: ProtocolVersion) -> Self {
        Self::new(version)
    }
}
