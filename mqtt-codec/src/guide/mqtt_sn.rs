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
//! use mqtt_codec::sn::{DecodeOptions, Delivery, Encode, Message, Publish, Register, RegAck, Topic, TopicId};
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
//! # let received = RegAck::accepted(id, TopicId::new(7).unwrap()).encode(&mut input)?;
//! // let received = socket.recv(&mut input)
//! let Message::RegAck(answer) = decode_from_gateway(&input[..received], DecodeOptions::new())? else { unreachable!() };
//! let topic = Topic::Normal(TopicId::new(answer.topic_id).unwrap());
//! let publish = Publish::new(Delivery::at_least_once(id.next()), topic, b"21.5")?;
//! let len = publish.encode(&mut output)?;
//! assert_eq!(output[..len], *b"\x0B\x0C\x20\0\x07\0\x0221.5");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A gateway
//!
//! An illegal datagram is dropped, except where the specification defines an answer. The address of the sender can be forged,
//! so nothing else should be sent to it.
//!
//! ```
//! use mqtt_codec::sn::{DecodeOptions, Encode, decode_from_client};
//!
//! // A REGISTER of a topic name with a wildcard.
//! let error = decode_from_client(b"\x09\x0A\0\0\0\x01a/#", DecodeOptions::new()).unwrap_err();
//! let answer = error.answer().unwrap(); // a REGACK: not supported
//! let mut output = [0; 16];
//! let len = answer.encode(&mut output)?;
//! assert_eq!(output[..len], [0x07, 0x0B, 0, 0, 0, 1, 0x03]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | the gateway | the codec |
//! | --- | --- |
//! | accepts what real clients send | [`DecodeOptions::lenient`](crate::sn::DecodeOptions::lenient), or one of [`Leniency`](crate::sn::Leniency) |
//! | unwraps what a forwarder has wrapped | [`Datagram`](crate::sn::Datagram), [`split_encapsulation`](crate::sn::split_encapsulation) |
//! | maps messages to packets of MQTT | the table at [`sn`](crate::sn); the example `sn_gateway` implements it |
//! | takes the delivery over from MQTT | `From<`[`Delivery`](crate::Delivery)`>` for [`sn::Delivery`](crate::sn::Delivery) |
//! | looks at recorded datagrams | the example `inspect` with `--sn`: raw datagrams, `pcap` and `pcapng` |
