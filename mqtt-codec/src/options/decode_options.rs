//! Options for decoding.

use crate::options::leniency::Leniency;
use core::fmt;
use mqtt_types::{ProtocolVersion, Sender};

/// Options for decoding: protocol version, sender, limits and leniencies.
///
/// A [`ProtocolVersion`] converts into options with that version, in which every other option has its default: every rule
/// of the standard is enforced, and the sender may be a client or a server. A CONNECT contains its own version and is always
/// decoded with that.
///
/// | option | default | effect |
/// | --- | --- | --- |
/// | [`with_sender`](Self::with_sender) | either | refuses packets and properties that this side does not send |
/// | [`with_maximum_packet_size`](Self::with_maximum_packet_size) | 268,435,460 | refuses larger packets as soon as their fixed header is complete |
/// | [`refuse_discouraged_characters`](Self::refuse_discouraged_characters) | no | refuses control characters and non-characters in strings |
/// | [`refuse_long_client_identifiers`](Self::refuse_long_client_identifiers) | no | refuses Client Identifiers of more than 23 characters in 3.1 |
/// | [`check_payload_format`](Self::check_payload_format) | no | refuses payloads that are declared to be UTF-8 and are not |
/// | `allow_…` | no | accept a deviation of real peers, see [`Leniency`] |
/// | [`strict`](Self::strict), [`lenient`](Self::lenient) | strict | refuse or accept all of these deviations |
///
/// ```
/// use mqtt_codec::{DecodeErrorKind, DecodeOptions, ProtocolVersion, Sender, decode};
///
/// let server = DecodeOptions::new(ProtocolVersion::V5).with_sender(Sender::Client).with_maximum_packet_size(1 << 20);
/// let error = decode(&[0xD0, 0x00], server).unwrap_err(); // PINGRESP
/// assert_eq!(error.kind(), DecodeErrorKind::WrongSender(Sender::Client));
/// ```
///
/// # Serde
///
/// With the feature `serde`, options are a map from the names of the options to their values. Missing options have
/// their default, and unknown names are an error. Serialization writes the version, and the options that differ from
/// their default.
#[cfg_attr(feature = "serde", doc = "```")]
#[cfg_attr(not(feature = "serde"), doc = "```ignore")]
/// use mqtt_codec::{DecodeOptions, ProtocolVersion};
///
/// let configuration = r#"{"version": "3.1.1", "maximum_packet_size": 65536, "allow_bridge_bit": true}"#;
/// let options: DecodeOptions = serde_json::from_str(configuration)?;
/// let expected = DecodeOptions::new(ProtocolVersion::V3_1_1).with_maximum_packet_size(65_536).allow_bridge_bit(true);
/// assert_eq!(options, expected);
/// assert!(serde_json::from_str::<DecodeOptions>(r#"{"allow_everything": true}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DecodeOptions {
    pub(crate) version: ProtocolVersion,
    pub(crate) sender: Sender,
    /// One bit for each option that is on or off: leniencies from the lowest bit on, stricter rules from the highest.
    pub(crate) bits: u32,
    pub(crate) maximum_packet_size: u32,
}

const REFUSE_DISCOURAGED_CHARACTERS: u32 = 1 << 31;
const REFUSE_LONG_CLIENT_IDENTIFIERS: u32 = 1 << 30;
const CHECK_PAYLOAD_FORMAT: u32 = 1 << 29;

impl DecodeOptions {
    /// Size in bytes of the largest packet that MQTT allows: a fixed header of five bytes and the largest Remaining Length.
    pub const LARGEST_PACKET: u32 = 268_435_460;

    /// Creates options with a version and the default of every other option.
    #[must_use]
    pub const fn new(version: ProtocolVersion) -> Self {
        Self { version, sender: Sender::Either, bits: 0, maximum_packet_size: Self::LARGEST_PACKET }
    }

    /// Sets the version for packets other than CONNECT.
    #[must_use]
    pub const fn with_version(self, version: ProtocolVersion) -> Self {
        Self { version, ..self }
    }

    /// Sets the side that sent the packets. Packets and properties that only the other side sends are refused.
    ///
    /// Reason Codes of DISCONNECT and AUTH are not checked against the sender. To check them, call
    /// [`ReasonCode::is_allowed_in`](mqtt_types::ReasonCode::is_allowed_in).
    #[must_use]
    pub const fn with_sender(self, sender: Sender) -> Self {
        Self { sender, ..self }
    }

    /// Sets the largest accepted packet in bytes, fixed header included. Maximum Packet Size counts the same bytes.
    #[must_use]
    pub const fn with_maximum_packet_size(self, bytes: u32) -> Self {
        Self { maximum_packet_size: bytes, ..self }
    }

    /// Sets whether strings with control characters or non-characters are refused, as section 1.5.4 allows.
    ///
    /// A server that refuses them protects its subscribers. A client should not: every publisher could then force it to
    /// disconnect.
    #[must_use]
    pub const fn refuse_discouraged_characters(self, refuse: bool) -> Self {
        self.with_bits(REFUSE_DISCOURAGED_CHARACTERS, refuse)
    }

    /// Sets whether Client Identifiers of more than 23 characters are refused in 3.1.
    ///
    /// The text of 3.1 demands it. The widely used servers accept longer ones.
    #[must_use]
    pub const fn refuse_long_client_identifiers(self, refuse: bool) -> Self {
        self.with_bits(REFUSE_LONG_CLIENT_IDENTIFIERS, refuse)
    }

    /// Sets whether payloads with Payload Format Indicator 1 must be UTF-8 (5.0). This includes Will Payloads.
    #[must_use]
    pub const fn check_payload_format(self, check: bool) -> Self {
        self.with_bits(CHECK_PAYLOAD_FORMAT, check)
    }

    /// Accepts every deviation of [`Leniency`]. The other options are unchanged.
    ///
    /// Later versions of this crate may have more leniencies. To accept the same deviations with every version, set
    /// each leniency by its own method.
    ///
    /// ```
    /// use mqtt_codec::{DecodeOptions, ProtocolVersion, StreamOptions, decode};
    ///
    /// let dup_at_qos_0 = [0x38, 0x04, 0x00, 0x01, b'a', 0x00];
    /// let options = DecodeOptions::new(ProtocolVersion::V5);
    /// assert!(decode(&dup_at_qos_0, options).is_err());
    /// assert!(decode(&dup_at_qos_0, options.lenient()).is_ok());
    /// assert_eq!(options.lenient().strict(), options);
    ///
    /// let server = StreamOptions::server().with_decode_options(DecodeOptions::lenient);
    /// ```
    #[must_use]
    pub const fn lenient(self) -> Self {
        self.with_bits(Self::LENIENCIES, true)
    }

    pub(crate) const fn with_bits(self, bits: u32, on: bool) -> Self {
        Self { bits: if on { self.bits | bits } else { self.bits & !bits }, ..self }
    }
}

impl DecodeOptions {
    /// Returns the version for packets other than CONNECT.
    #[inline]
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// Returns the side that sent the packets.
    #[inline]
    #[must_use]
    pub const fn sender(&self) -> Sender {
        self.sender
    }

    /// Returns the largest accepted packet in bytes.
    #[inline]
    #[must_use]
    pub const fn maximum_packet_size(&self) -> u32 {
        self.maximum_packet_size
    }

    /// Returns `true` if strings with control characters or non-characters are refused.
    #[inline]
    #[must_use]
    pub const fn refuses_discouraged_characters(&self) -> bool {
        self.bits & REFUSE_DISCOURAGED_CHARACTERS != 0
    }

    /// Returns `true` if Client Identifiers of more than 23 characters are refused in 3.1.
    #[inline]
    #[must_use]
    pub const fn refuses_long_client_identifiers(&self) -> bool {
        self.bits & REFUSE_LONG_CLIENT_IDENTIFIERS != 0
    }

    /// Returns `true` if payloads with Payload Format Indicator 1 must be UTF-8.
    #[inline]
    #[must_use]
    pub const fn checks_payload_format(&self) -> bool {
        self.bits & CHECK_PAYLOAD_FORMAT != 0
    }

    /// Returns each option that is on or off: its name, and whether it is on.
    pub(crate) fn switches(self) -> impl Iterator<Item = (&'static str, bool)> {
        let stricter = [
            ("refuse_discouraged_characters", self.refuses_discouraged_characters()),
            ("refuse_long_client_identifiers", self.refuses_long_client_identifiers()),
            ("check_payload_format", self.checks_payload_format()),
        ];
        let leniencies = Leniency::ALL.iter().map(move |leniency| (leniency.name(), self.allows(*leniency)));
        stricter.into_iter().chain(leniencies)
    }

    /// Returns the names of all options that are on.
    pub(crate) fn names_of_what_is_on(self) -> impl Iterator<Item = &'static str> {
        self.switches().filter(|(_, is_on)| *is_on).map(|(name, _)| name)
    }
}

/// Returns options with the version 5.0 and the default of every other option.
impl Default for DecodeOptions {
    fn default() -> Self {
        Self::new(ProtocolVersion::V5)
    }
}

impl From<ProtocolVersion> for DecodeOptions {
    fn from(version: ProtocolVersion) -> Self {
        Self::new(version)
    }
}

/// Shows version, sender and limit, and the names of all other options that are on.
impl fmt::Debug for DecodeOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("DecodeOptions");
        fields.field("version", &self.version);
        fields.field("sender", &self.sender);
        fields.field("maximum_packet_size", &self.maximum_packet_size);
        for name in self.names_of_what_is_on() {
            fields.field(name, &true);
        }
        fields.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::DecodeOptions;
    use crate::Leniency;
    use mqtt_types::{ProtocolVersion, Sender};

    const STRICT: DecodeOptions = DecodeOptions::new(ProtocolVersion::V3_1_1);

    #[test]
    fn each_option_can_be_read_back_and_changes_no_other() {
        let changed = [
            STRICT.with_version(ProtocolVersion::V5),
            STRICT.with_sender(Sender::Client),
            STRICT.with_maximum_packet_size(7),
            STRICT.refuse_discouraged_characters(true),
            STRICT.refuse_long_client_identifiers(true),
            STRICT.check_payload_format(true),
            STRICT.with_leniency(Leniency::BridgeBit, true),
        ];
        let read = |options: DecodeOptions| {
            [
                options.version() == ProtocolVersion::V5,
                options.sender() == Sender::Client,
                options.maximum_packet_size() == 7,
                options.refuses_discouraged_characters(),
                options.refuses_long_client_identifiers(),
                options.checks_payload_format(),
                options.allows(Leniency::BridgeBit),
            ]
        };
        for (index, options) in changed.into_iter().enumerate() {
            assert_eq!(read(options), core::array::from_fn(|other| other == index), "{options:?}");
        }
        let all = STRICT.refuse_discouraged_characters(true).check_payload_format(true).lenient();
        assert_eq!(all.refuse_discouraged_characters(false).check_payload_format(false).strict(), STRICT);
    }

    #[test]
    fn each_leniency_is_a_switch_of_its_own() {
        for leniency in Leniency::ALL.iter().copied() {
            let options = STRICT.with_leniency(leniency, true);
            assert!(options.leniencies().eq([leniency]) && !options.is_strict());
            assert_eq!(options.with_leniency(leniency, false), STRICT);
            assert!(!STRICT.lenient().with_leniency(leniency, false).allows(leniency));
        }
        assert!(STRICT.lenient().leniencies().eq(Leniency::ALL.iter().copied()));
        assert!(STRICT.is_strict() && STRICT.leniencies().next().is_none());
    }

    #[test]
    fn debug_shows_what_is_on() {
        let options = STRICT.check_payload_format(true).allow_bridge_bit(true);
        assert_eq!(
            format!("{options:?}"),
            "DecodeOptions { version: V3_1_1, sender: Either, maximum_packet_size: 268435460, \
             check_payload_format: true, allow_bridge_bit: true }"
        );
    }
}
