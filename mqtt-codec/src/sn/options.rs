//! Options for decoding.

use crate::options::{leniencies, value_options};
use core::fmt;
use mqtt_types::sn::Sender;

/// Options for decoding datagrams: the sender, and leniencies towards what real software sends.
///
/// By default decoding is strict, and the sender may be a client or a gateway.
///
/// | option | default | effect | sent by |
/// | --- | --- | --- | --- |
/// | [`with_sender`](Self::with_sender) | either | refuses messages that this side does not send | |
/// | [`allow_topic_name_without_connection`](Self::allow_topic_name_without_connection) | no | decodes a topic name before the data at QoS -1 | Paho's clients, `mqttsn` of `PyPI` |
/// | [`allow_length_two_too_small`](Self::allow_length_two_too_small) | no | accepts a three-octet Length that is two too small | Paho's gateway and clients, `mqtt-sn-12` of `PyPI` |
/// | [`allow_surplus_octet_in_will_responses`](Self::allow_surplus_octet_in_will_responses) | no | ignores an octet after the return code | RSMB |
/// | [`allow_empty_client_id`](Self::allow_empty_client_id) | no | accepts a CONNECT without a client identifier | the client of `cc_mqttsn` |
/// | [`allow_long_client_id`](Self::allow_long_client_id) | no | accepts more than 23 characters | Paho's samples |
/// | [`strict`](Self::strict), [`lenient`](Self::lenient) | strict | refuse or accept all of these deviations | |
///
/// ```
/// use mqtt_codec::sn::{DecodeErrorKind, DecodeOptions, Message, decode};
///
/// let connect = [0x06, 0x04, 0x04, 0x01, 0x00, 0x3C]; // without a client identifier
/// assert_eq!(decode(&connect, DecodeOptions::new()).unwrap_err().kind(), DecodeErrorKind::EmptyClientId);
/// let datagram = decode(&connect, DecodeOptions::new().allow_empty_client_id(true))?;
/// assert!(matches!(datagram.message, Message::Connect(connect) if connect.client_id == ""));
/// # Ok::<(), mqtt_codec::sn::DecodeError>(())
/// ```
///
/// With the feature `serde` they are a map from the names of the options to their values, as
/// [`DecodeOptions`](crate::DecodeOptions) of MQTT are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DecodeOptions {
    pub(crate) sender: Sender,
    /// One bit for each leniency.
    bits: u32,
}

leniencies! {
    /// Deviation of real software that decoding accepts if [`DecodeOptions`] allow it.
    ///
    /// Each one has a method of `DecodeOptions`, whose name is also its [name](Self::name).
    ///
    /// ```
    /// use mqtt_codec::sn::{DecodeOptions, Leniency};
    ///
    /// let leniency: Leniency = "allow_long_client_id".parse()?;
    /// assert!(DecodeOptions::new().with_leniency(leniency, true).allows(Leniency::LongClientId));
    /// # Ok::<(), mqtt_codec::UnknownLeniency>(())
    /// ```
    DecodeOptions
    /// A PUBLISH at QoS -1 with `TopicIdType` 00 as older clients send it: the `TopicId` field contains the length of a topic
    /// name, which precedes the data. It is decoded, and cannot be encoded.
    ///
    /// Paho's clients (`MQTTSNPacket`, its `qos-1pub_extended`) and `mqttsn` of `PyPI` send it.
    TopicNameWithoutConnection allow_topic_name_without_connection = 0;
    /// A three-octet Length that is two less than the length of the datagram. Its sender has not counted the two additional
    /// octets of the longer form.
    ///
    /// Paho's library and gateway send it in messages of 257 octets, and `mqtt-sn-12` of `PyPI` in REGISTER.
    LengthTwoTooSmall allow_length_two_too_small = 1;
    /// One octet after the return code of WILLTOPICRESP and WILLMSGRESP. It is ignored.
    ///
    /// RSMB sends it.
    SurplusOctetInWillResponses allow_surplus_octet_in_will_responses = 2;
    /// A CONNECT without a client identifier.
    ///
    /// The client of `cc_mqttsn` sends it by default, and its gateway accepts it.
    EmptyClientId allow_empty_client_id = 3;
    /// A client identifier of more than 23 characters, in CONNECT and PINGREQ.
    ///
    /// Paho's samples send it, and most gateways accept it.
    LongClientId allow_long_client_id = 4;
}

impl DecodeOptions {
    /// Creates strict options, for messages of either sender.
    #[must_use]
    pub const fn new() -> Self {
        Self { sender: Sender::Either, bits: 0 }
    }
}

value_options! {
    DecodeOptions
    /// Sets the side that sent the datagram. Messages that only the other side sends are refused.
    with_sender
    /// Returns the side that sent the datagram.
    sender: Sender;
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows the sender and the leniencies that are on.
impl fmt::Debug for DecodeOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("DecodeOptions");
        fields.field("sender", &self.sender);
        for leniency in self.leniencies() {
            fields.field(leniency.name(), &true);
        }
        fields.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{DecodeOptions, Leniency};
    use mqtt_types::sn::Sender;

    #[test]
    fn each_leniency_is_a_switch_of_its_own() {
        let strict = DecodeOptions::new().with_sender(Sender::Gateway);
        for leniency in Leniency::ALL.iter().copied() {
            assert_eq!(leniency.name().parse(), Ok(leniency));
            let options = strict.with_leniency(leniency, true);
            assert!(options.leniencies().eq([leniency]) && !options.is_strict());
            assert_eq!((options.sender(), options.strict()), (Sender::Gateway, strict));
            assert!(!strict.lenient().with_leniency(leniency, false).allows(leniency));
        }
        assert!(strict.lenient().leniencies().eq(Leniency::ALL.iter().copied()) && strict.is_strict());
        let shown = format!("{:?}", strict.allow_long_client_id(true));
        assert_eq!(shown, "DecodeOptions { sender: Gateway, allow_long_client_id: true }");
    }
}
