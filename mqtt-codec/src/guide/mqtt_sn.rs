//! MQTT-SN, for sensors that send datagrams: a client, and a gateway.
//!
//! Enable the feature `sn`. The messages are in [`mqtt_codec::sn`](crate::sn); names and values that both protocols share,
//! such as [`TopicName`](crate::TopicName), [`QoS`](crate::QoS) and [`PacketIdentifier`](crate::PacketIdentifier), are the
//! same types.
//!
//! # A client
//!
//! A client registers a topic name once, and then publishes to the two-octet topic id that the gateway assigned. A datagram
//! contains one message, so a receive buffer is a slice, and nothing is stored between two reads.
//!
//! ```
//! use mqtt_codec::sn::{DecodeOptions, Delivery, Encode, Message, Publish, Register, RegAck, Topic};
//! use mqtt_codec::sn::decode_from_gateway;
//! use mqtt_codec::{PacketIdentifier, TopicName};
//!
//! let mut output = [0; 64];
//! let id = PacketIdentifier::MIN;
//! let len = Register::new(id, TopicName::new("home/kitchen/temperature")?).encode(&mut output)?;
//! // socket.send(&output[..len])
//! # let _ = len;
//!
//! # let mut input = [0; 64];
//! # let received = RegAck::accepted(id, mqtt_codec::sn::TopicId::new(7).unwrap()).encode(&mut input)?;
//! // let received = socket.recv(&mut input)
//! let Message::RegAck(answer) = decode_from_gateway(&input[..received], DecodeOptions::new())? else { unreachable!() };
//! let topic = Topic::Normal(answer.accepted_topic_id().ok_or("the gateway has refused")?);
//! let publish = Publish::new(Delivery::at_least_once(id.next()), topic, b"21.5")?;
//! let len = publish.encode(&mut output)?;
//! assert_eq!(output[..len], *b"\x0B\x0C\x20\0\x07\0\x0221.5");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | the client | the codec |
//! | --- | --- |
//! | sleeps | [`Disconnect`](crate::sn::Disconnect) with a duration; later [`PingReq`](crate::sn::PingReq) with its client identifier, and messages until [`PingResp`](crate::sn::PingResp) |
//! | publishes without a connection | [`Delivery::WithoutConnection`](crate::sn::Delivery::WithoutConnection) (QoS -1), to a pre-defined topic id or a short topic name |
//! | has a Will | [`Connect::will`](crate::sn::Connect::will); the gateway then requests [`WillTopic`](crate::sn::WillTopic) and [`WillMsg`](crate::sn::WillMsg) |
//! | does not receive an answer | sends the same message again, a PUBLISH with [`Delivery::duplicate`](crate::sn::Delivery::duplicate); timers are not part of the codec |
//!
//! # A gateway
//!
//! [`decode_from_client`](crate::sn::decode_from_client) decodes what a client or a forwarder sent. A buffer of 65,535 octets has
//! room for any datagram.
//!
//! ```
//! use mqtt_codec::sn::{DecodeOptions, Message, decode_from_client};
//!
//! let received = b"\x09\x0C\x62ab\0\0hi"; // from socket.recv_from
//! let datagram = decode_from_client(received, DecodeOptions::new().lenient())?;
//! if let Message::Publish(publish) = datagram.message {
//!     // A topic id is looked up in tables of the gateway.
//!     let mqtt_codec::sn::Topic::Short(short) = publish.topic() else { unreachable!() };
//!     let mut packet = mqtt_codec::Publish::new(short.topic_name().unwrap(), publish.payload);
//!     packet.delivery = publish.delivery().to_mqtt().unwrap_or_default(); // QoS -1 becomes QoS 0
//!     packet.retain = publish.retain;
//!     assert_eq!(packet.to_string(), r#"PUBLISH "ab" qos=0 payload=2 bytes"#);
//! }
//! # Ok::<(), mqtt_codec::sn::DecodeError>(())
//! ```
//!
//! An illegal datagram is dropped, except where the specification defines an answer. The address of the sender can be forged,
//! so nothing else should be sent to it. An answer never has more than eight octets. It goes back through the forwarder that the
//! datagram came through.
//!
//! ```
//! use mqtt_codec::sn::{Datagram, DecodeOptions, Encode, decode_from_client, split_encapsulation};
//!
//! // A REGISTER of a topic name with a wildcard, from node 7 of a forwarder.
//! let received = b"\x04\xFE\0\x07\x09\x0A\0\0\0\x01a/#";
//! let error = decode_from_client(received, DecodeOptions::new()).unwrap_err();
//! let (encapsulation, _) = split_encapsulation(received)?;
//! let answer = Datagram { encapsulation, message: error.answer().unwrap() }; // a REGACK: not supported
//! let mut output = [0; 16];
//! let len = answer.encode(&mut output)?;
//! assert_eq!(output[..len], [0x04, 0xFE, 0, 0x07, 0x07, 0x0B, 0, 0, 0, 1, 0x03]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | the gateway | the codec |
//! | --- | --- |
//! | accepts what real clients send | [`DecodeOptions::lenient`](crate::sn::DecodeOptions::lenient), or one of [`Leniency`](crate::sn::Leniency) |
//! | keeps messages, or sends them to other tasks | [`decode_shared`](crate::sn::decode_shared), with the sender in the options |
//! | answers a PUBLISH to an unknown topic id | [`PubAck::answer_to`](crate::sn::PubAck::answer_to) |
//! | maps messages to packets of MQTT | the table at [`sn`](crate::sn); the example `sn_gateway` implements it |
//! | converts QoS and `MsgId` | [`Delivery::to_mqtt`](crate::sn::Delivery::to_mqtt), and `From<`[`Delivery`](crate::Delivery)`>` for [`sn::Delivery`](crate::sn::Delivery) |
//! | examines recorded datagrams | the example `inspect` with `--sn`: raw datagrams, `pcap` and `pcapng` |
