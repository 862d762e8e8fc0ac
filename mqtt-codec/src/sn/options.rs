//! Options for decoding.

use mqtt_types::sn::Sender;

/// Options for decoding datagrams: the sender, and leniencies for deviations of real software.
///
/// By default, decoding is strict and accepts messages of either sender.
///
/// | option | default | effect | deviation of |
/// | --- | --- | --- | --- |
/// | [`sender`](Self::sender) | either | refuses messages that this side does not send | none |
/// | [`allow_topic_name_without_connection`](Self::allow_topic_name_without_connection) | no | accepts a topic name before the data at QoS -1 | Paho's clients, `mqttsn` of `PyPI` |
/// | [`allow_length_two_too_small`](Self::allow_length_two_too_small) | no | accepts a three-octet Length that does not count two of its octets | Paho's gateway and clients, `mqtt-sn-12` of `PyPI` |
/// | [`allow_surplus_octet_in_will_responses`](Self::allow_surplus_octet_in_will_responses) | no | ignores an octet after the return code | RSMB |
/// | [`allow_empty_client_id`](Self::allow_empty_client_id) | no | accepts an empty client identifier; the gateway chooses one | the client of `cc_mqttsn` |
/// | [`allow_long_client_id`](Self::allow_long_client_id) | no | accepts client identifiers of more than 23 characters | Paho's samples |
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
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DecodeOptions {
    pub(crate) sender: Sender,
    pub(crate) allow_topic_name_without_connection: bool,
    pub(crate) allow_length_two_too_small: bool,
    pub(crate) allow_surplus_octet_in_will_responses: bool,
    pub(crate) allow_empty_client_id: bool,
    pub(crate) allow_long_client_id: bool,
}

impl DecodeOptions {
    /// Creates strict options for messages of either sender.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            sender: Sender::Either,
            allow_topic_name_without_connection: false,
            allow_length_two_too_small: false,
            allow_surplus_octet_in_will_responses: false,
            allow_empty_client_id: false,
            allow_long_client_id: false,
        }
    }

    /// Creates options with every leniency, for messages of either sender.
    #[must_use]
    pub const fn lenient() -> Self {
        Self {
            sender: Sender::Either,
            allow_topic_name_without_connection: true,
            allow_length_two_too_small: true,
            allow_surplus_octet_in_will_responses: true,
            allow_empty_client_id: true,
            allow_long_client_id: true,
        }
    }

    /// Sets the side that sent the datagram. Messages that only the other side sends are refused.
    #[must_use]
    pub const fn sender(self, sender: Sender) -> Self {
        Self { sender, ..self }
    }

    /// Sets whether a PUBLISH at QoS -1 with `TopicIdType` 00 may have a full topic name before the data, with its
    /// length in the `TopicId` field.
    ///
    /// Paho's clients (`MQTTSNPacket`, its `qos-1pub_extended`) and `mqttsn` of `PyPI` send it. Such a PUBLISH can be
    /// decoded but not encoded.
    #[must_use]
    pub const fn allow_topic_name_without_connection(self, allow: bool) -> Self {
        Self { allow_topic_name_without_connection: allow, ..self }
    }

    /// Sets whether a three-octet Length may be two less than the length of the datagram, because its sender has not
    /// counted the two additional octets of the longer form.
    ///
    /// Paho's library and gateway send it in messages of 257 octets, and `mqtt-sn-12` of `PyPI` in REGISTER.
    #[must_use]
    pub const fn allow_length_two_too_small(self, allow: bool) -> Self {
        Self { allow_length_two_too_small: allow, ..self }
    }

    /// Sets whether one octet after the return code of WILLTOPICRESP and WILLMSGRESP is ignored. RSMB sends it.
    #[must_use]
    pub const fn allow_surplus_octet_in_will_responses(self, allow: bool) -> Self {
        Self { allow_surplus_octet_in_will_responses: allow, ..self }
    }

    /// Sets whether a CONNECT may have an empty client identifier. The client of `cc_mqttsn` sends it by default, and
    /// the gateway of `cc_mqttsn` accepts it.
    #[must_use]
    pub const fn allow_empty_client_id(self, allow: bool) -> Self {
        Self { allow_empty_client_id: allow, ..self }
    }

    /// Sets whether CONNECT and PINGREQ may have a client identifier of more than 23 characters. Paho's samples send
    /// it, and most gateways accept it.
    #[must_use]
    pub const fn allow_long_client_id(self, allow: bool) -> Self {
        Self { allow_long_client_id: allow, ..self }
    }
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self::new()
    }
}
