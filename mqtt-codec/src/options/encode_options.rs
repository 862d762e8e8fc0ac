//! Options for encoding.

use mqtt_types::{ProtocolVersion, Sender};

/// How packets are encoded: the version, and who sends them.
///
/// A [`ProtocolVersion`] becomes options that know nothing of the sender. CONNECT brings its own version.
///
/// ```
/// use mqtt_codec::{Encode, EncodeErrorKind, EncodeOptions, PingReq, ProtocolVersion, Sender};
///
/// let server = EncodeOptions::new(ProtocolVersion::V5).sender(Sender::Server);
/// let error = PingReq.encode(server, &mut [0; 2]).unwrap_err();
/// assert_eq!(error.kind(), EncodeErrorKind::NotFromSender(Sender::Server));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EncodeOptions {
    pub(crate) version: ProtocolVersion,
    pub(crate) sender: Sender,
    pub(crate) refuse_discouraged_characters: bool,
}

impl EncodeOptions {
    /// The version for packets other than CONNECT.
    #[must_use]
    pub const fn version(self) -> ProtocolVersion {
        self.version
    }

    /// For a version; the sender may be either.
    #[must_use]
    pub const fn new(version: ProtocolVersion) -> Self {
        Self { version, sender: Sender::Either, refuse_discouraged_characters: false }
    }

    /// Who sends the packet: what only the other side may send is refused, down to the "sent by" columns of the Reason
    /// Codes of DISCONNECT and AUTH.
    #[must_use]
    pub const fn sender(self, sender: Sender) -> Self {
        Self { sender, ..self }
    }

    /// Refuse strings with control characters or non-characters, which a sender should not send (section 1.5.4) and a
    /// receiver may close the connection for. Costs a look at every character.
    #[must_use]
    pub const fn refuse_discouraged_characters(self, refuse: bool) -> Self {
        Self { refuse_discouraged_characters: refuse, ..self }
    }
}

impl From<ProtocolVersion> for EncodeOptions {
    fn from(version: ProtocolVersion) -> Self {
        Self::new(version)
    }
}
