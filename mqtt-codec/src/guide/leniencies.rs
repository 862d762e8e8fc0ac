//! Accepting deviations of real peers.
//!
//! Decoding is strict: a packet that breaks a rule of its version is an error. Some devices and servers break a rule and cannot
//! be changed. A [`Leniency`](crate::Leniency) accepts one such deviation and no other. All are off by default.
//!
//! | leniency | accepts | sent by |
//! | --- | --- | --- |
//! | `allow_bridge_bit` | bit 7 of the Protocol Version in 3.x | bridges of Mosquitto, `NanoMQ`, `VerneMQ` |
//! | `allow_dup_at_qos_0` | DUP in a PUBLISH of QoS 0 | |
//! | `allow_empty_client_identifier` | an empty Client Identifier where 3.x forbids it | |
//! | `allow_longer_lengths` | lengths in more bytes than necessary in 5.0 | encoders that reserve space for a length |
//! | `allow_invalid_topic_filters` | strings that are not Topic Filters | clients whose users type the filter |
//! | `allow_subscription_identifier_from_client` | Subscription Identifiers in a PUBLISH from a client | bridges that forward packets unchanged |
//! | `allow_mqtt_level_3` | Protocol Name `MQTT` with version 3 | clients in devices |
//! | `allow_connack_of_other_version` | a CONNACK in the format of another version | aedes, amqtt, Mosquitto |
//! | `allow_password_without_user_name` | a Password without a User Name in 3.x | clients that authenticate with a token |
//! | `allow_reserved_flags` | any flags in acknowledgements and requests | servers on old releases of Netty, Mongoose, phpMQTT, tsung |
//! | `allow_will_flags_without_will` | Will QoS and Will Retain without the Will Flag | old releases of Mongoose, of the Dart client, of the AWS SDK for embedded C |
//! | `allow_session_present_with_failure` | Session Present in a CONNACK that refuses | |
//! | `allow_disconnect_from_server` | a DISCONNECT from a server in 3.x | old releases of `MQTTnet` |
//! | `allow_pingreq_from_server` | a PINGREQ from a server in 3.x | |
//! | `allow_unsuback_of_other_version` | an UNSUBACK in the format of another version | Mochi |
//! | `allow_reserved_subscription_bits` | bits beside the requested QoS in 3.1.1 | a library for GSM modems |
//! | `allow_placeholder_values` | Maximum QoS 2, and 0 for Maximum Packet Size, Receive Maximum, Subscription Identifier and Topic Alias | old releases of EMQX, servers that write what is not set as 0 |
//! | `allow_reason_codes_of_other_packets` | codes of failures that the packet lacks, as Unspecified error | Mosquitto: PUBACK and PUBREC 0x95 |
//! | `allow_suback_without_property_length` | a SUBACK of 5.0 in the format of 3.1.1 | servers that answer a client of 5.0 as one of 3.1.1 |
//! | `allow_requests_without_property_length` | a SUBSCRIBE or UNSUBSCRIBE of 5.0 in the format of 3.1.1 | clients that connect with 5.0 and then write 3.1.1 |
//!
//! # Choosing
//!
//! Options are set by method or by name. The names are the same in files, if the feature `serde` is on.
//!
//! ```
//! use mqtt_codec::{DecodeOptions, Leniency, Packet, ProtocolVersion, StreamOptions, UnknownLeniency, decode};
//!
//! let mut options = DecodeOptions::new(ProtocolVersion::V3_1_1);
//! for name in "allow_reserved_flags,allow_mqtt_level_3".split(',') {
//!     options = options.with_leniency(name.parse()?, true);
//! }
//! assert!(options.allows(Leniency::ReservedFlags));
//!
//! let puback = [0x42, 0x02, 0x00, 0x05]; // its flags should be 0
//! let (packet, _) = decode(&puback, options).unwrap().complete().unwrap();
//! assert!(matches!(packet, Packet::PubAck(puback) if puback.packet_identifier.get() == 5));
//! assert!(decode(&puback, options.strict()).is_err());
//!
//! // All leniencies at once, for a server.
//! let server = StreamOptions::server().with_decode_options(DecodeOptions::lenient);
//! # Ok::<(), UnknownLeniency>(())
//! ```
//!
//! # What is accepted is not sent on
//!
//! A bit or value that breaks a rule is ignored, and the packet is encoded in the strict form. If no strict packet has the same
//! meaning, as for an invalid Topic Filter, encoding is an error. [`Frame::is_strict`](crate::Frame::is_strict) returns whether
//! a frame was accepted without a leniency.
//!
//! ```
//! use bytes::Bytes;
//! use mqtt_codec::{DecodeOptions, Encode, Frame, ProtocolVersion};
//!
//! let received = Bytes::from_static(&[0x60, 0x02, 0x00, 0x01]); // a PUBREL, whose flags should be 2
//! let options = DecodeOptions::new(ProtocolVersion::V5).allow_reserved_flags(true);
//! let (frame, _) = Frame::decode(&received, options).unwrap().complete().unwrap();
//! assert!(!frame.is_strict());
//! let mut output = [0; 4];
//! frame.encode(ProtocolVersion::V5, &mut output).unwrap();
//! assert_eq!(output, [0x62, 0x02, 0x00, 0x01]);
//! ```
//!
//! No leniency accepts a value that a type cannot hold, such as Packet Identifier 0.
