//! Options for decoding.

use mqtt_types::sn::Sender;

/// Options for decoding datagrams: the sender, and leniencies towards what real software sends.
///
/// By default decoding is strict, and knows nothing of the sender.
///
/// | option | default | what it does | sent by |
/// | --- | --- | --- | --- |
/// | [`sender`](Self::sender) | either | refuses messages that this side does not send | |
/// | [`allow_topic_name_without_connection`](Self::allow_topic_name_without_connection) | no | reads a topic name in front of the data at QoS -1 | Paho's clients, `mqttsn` of `PyPI` |
/// | [`allow_length_two_too_small`](Self::allow_length_two_too_small) | no | reads a three-octet Length that does not count two of its octets | Paho's gateway and clients, `mqtt-sn-12` of `PyPI` |
/// | [`allow_surplus_octet_in_will_responses`](Self::allow_surplus_octet_in_will_responses) | no | ignores an octet behind the return code | RSMB |
/// | [`allow_empty_client_id`](Self::allow_empty_client_id) | no | leaves the name to the gateway | the client of `cc_mqttsn` |
/// | [`allow_long_client_id`](Self::allow_long_client_id) | no | takes more than 23 characters | Paho's samples |
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
    /// Returns strict options, for messages of either sender.
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

    /// Returns options with every leniency, for messages of either sender.
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

    /// Sets who sent the datagram: what only the other side sends is refused.
    #[must_use]
    pub const fn sender(self, sender: Sender) -> Self {
        Self { sender, ..self }
    }

    /// Reads a PUBLISH at QoS -1 with `TopicIdType` 00 as older clients send it: the `TopicId` field holds the length of
    /// a topic name, which stands in front of the data. Sent by Paho's clients (`MQTTSNPacket`, its
    /// `qos-1pub_extended`) and by `mqttsn` of `PyPI`. Such a PUBLISH is read and not written.
    #[must_use]
    pub const fn allow_topic_name_without_connection(self, allow: bool) -> Self {
        Self { allow_topic_name_without_connection: allow, ..self }
    }

    /// Reads a three-octet Length that is two less than the datagram: its sender has not counted the two octets that the
    /// longer form has more. Sent by Paho's library and gateway in messages of 257 octets, and by `mqtt-sn-12` of `PyPI`
    /// in REGISTER.
    #[must_use]
    pub const fn allow_length_two_too_small(self, allow: bool) -> Self {
        Self { allow_length_two_too_small: allow, ..self }
    }

    /// Ignores one octet behind the return code of WILLTOPICRESP and WILLMSGRESP. Sent by RSMB.
    #[must_use]
    pub const fn allow_surplus_octet_in_will_responses(self, allow: bool) -> Self {
        Self { allow_surplus_octet_in_will_responses: allow, ..self }
    }

    /// Takes a CONNECT without a client identifier. Sent by the client of `cc_mqttsn` by default; taken by its gateway.
    #[must_use]
    pub const fn allow_empty_client_id(self, allow: bool) -> Self {
        Self { allow_empty_client_id: allow, ..self }
    }

    /// Takes a client identifier of more than 23 characters, in CONNECT and PINGREQ. Sent by Paho's samples; taken by
    /// most gateways.
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
