//! The connection loop of a broker.
//!
//! The codec decodes, checks and encodes single packets. The broker owns the socket, the timers and the sessions. This
//! page shows how the two work together, over any byte stream. The example `broker` in the repository is a complete
//! broker, which serves 3.1, 3.1.1 and 5.0 on one port.
//!
//! ```
//! use bytes::BytesMut;
//! use mqtt_codec::{
//!     ConnAck, ConnAckProperties, ConnectionPhase, EncodeOptions, Frame, Packet, PingResp, PubAck,
//!     Role, StreamDecoder, StreamEncoder, StreamOptions,
//! };
//! use std::io::{self, Read, Write};
//!
//! const LARGEST: u32 = 256 << 10;
//!
//! fn serve(mut stream: impl Read + Write, mut publish: impl FnMut(Frame)) -> io::Result<()> {
//!     let mut decoder = StreamDecoder::new(StreamOptions::server().with_maximum_packet_size(LARGEST));
//!     let mut encoder: Option<StreamEncoder> = None; // from the CONNECT on
//!     let mut phase = ConnectionPhase::Start;
//!     let (mut input, mut output) = (BytesMut::new(), BytesMut::new());
//!     loop {
//!         // 1. Take all complete packets.
//!         let frame = match decoder.next_frame(&mut input) {
//!             Ok(Some(item)) => item.into_frame().expect("payloads in pieces were not asked for"),
//!             Ok(None) => {
//!                 stream.write_all(&output.split())?;
//!                 let mut chunk = [0; 4096];
//!                 let len = stream.read(&mut chunk)?;
//!                 if len == 0 {
//!                     return Ok(()); // without DISCONNECT: publish the Will
//!                 }
//!                 input.extend_from_slice(&chunk[..len]);
//!                 continue;
//!             }
//!             // 2. An illegal packet: answer it if the connection allows it, and close.
//!             Err(error) => {
//!                 if let Some(answer) = error.answer(Role::Server, phase) {
//!                     output.extend_from_slice(answer.as_bytes());
//!                 }
//!                 return stream.write_all(&output);
//!             }
//!         };
//!         phase.passed(&frame.packet());
//!
//!         // 3. The first packet is a CONNECT, and no later packet is: the decoder of a server refuses anything else.
//!         let Some(encoder) = &encoder else {
//!             let Packet::Connect(connect) = frame.packet() else { return Ok(()) };
//!             let version = connect.protocol_version;
//!             let mut for_this = StreamEncoder::new(EncodeOptions::new(version));
//!             for_this.set_peer_maximum_packet_size(connect.properties.maximum_packet_size());
//!             let mut connack = ConnAck::accepted(false);
//!             if !version.is_v3() {
//!                 connack = connack.with_properties(ConnAckProperties::builder().maximum_packet_size(LARGEST).build().unwrap());
//!             }
//!             for_this.encode(&connack, &mut output).unwrap();
//!             phase.passed(&Packet::from(connack));
//!             encoder = Some(for_this);
//!             continue;
//!         };
//!
//!         // 4. Handle all other packets.
//!         match frame.packet() {
//!             Packet::Publish(received) => {
//!                 if let Some(identifier) = received.packet_identifier() {
//!                     encoder.encode(&PubAck::<&[u8]>::new(identifier), &mut output).unwrap(); // QoS 2 is left out here
//!                 }
//!                 publish(frame); // see `keeping_messages` for the next steps
//!             }
//!             Packet::PingReq(_) => drop(encoder.encode(&PingResp, &mut output)),
//!             // No Will, unless the Reason Code asks for it.
//!             Packet::Disconnect(_) => return stream.write_all(&output),
//!             packet => println!("{packet}"),
//!         }
//!     }
//! }
//!
//! # struct Line<'a>(&'a [u8], Vec<u8>);
//! # impl Read for Line<'_> { fn read(&mut self, to: &mut [u8]) -> io::Result<usize> { self.0.read(&mut to[..5]) } }
//! # impl Write for Line<'_> {
//! #     fn write(&mut self, from: &[u8]) -> io::Result<usize> { self.1.write(from) }
//! #     fn flush(&mut self) -> io::Result<()> { Ok(()) }
//! # }
//! # let run = |input: &[u8]| {
//! #     let (mut line, mut published) = (Line(input, Vec::new()), Vec::new());
//! #     serve(&mut line, |frame| published.push(frame)).unwrap();
//! #     (line.1, published.len())
//! # };
//! # let connect = b"\x10\x0D\0\x04MQTT\x05\x02\0\x3C\0\0\0";
//! # let connack = b"\x20\x08\0\0\x05\x27\0\x04\0\0";
//! # let (sent, published) = run(&[&connect[..], b"\x32\x08\0\x01a\0\x07\0hi\xC0\0\xE0\0"].concat());
//! # assert_eq!((sent, published), ([&connack[..], b"\x40\x02\0\x07\xD0\0"].concat(), 1));
//! # let (sent, _) = run(&[&connect[..], b"\x30\x04\0\x01#\0"].concat());
//! # assert_eq!(sent, [&connack[..], b"\xE0\x01\x82"].concat());
//! # assert_eq!(run(&[&connect[..], connect].concat()).0, [&connack[..], b"\xE0\x01\x82"].concat());
//! # assert_eq!(run(b"\xC0\0").0, b"");
//! ```
//!
//! # What the broker does, and what the codec provides
//!
//! | the broker | the codec |
//! | --- | --- |
//! | closes a connection that is silent for too long | [`KeepAlive::timeout`](crate::KeepAlive::timeout) returns this time |
//! | limits the memory of a connection | [`StreamOptions::with_maximum_packet_size`](crate::StreamOptions::with_maximum_packet_size), and [`with_maximum_connect_size`](crate::StreamOptions::with_maximum_connect_size) before the CONNECT |
//! | counts the messages in flight | [`ConnectProperties::receive_maximum`](crate::ConnectProperties::receive_maximum) returns the limit |
//! | finds the subscribers and forwards messages | [keeping messages](crate::guide::keeping_messages) |
//! | chooses the Reason Code of a refusal | a type for the Reason Codes of each packet; `to_return_code` of [`ConnAckReasonCode`](crate::ConnAckReasonCode) for 3.x |
//! | tells a client why it closes the connection | [`Answer::new`](crate::Answer::new), for any Reason Code, version and phase |
//! | grants subscriptions | [`Subscribe::answer`](crate::Subscribe::answer), [`RetainHandling::sends_retained`](crate::RetainHandling::sends_retained) |
//! | acknowledges messages | [`Packet::acknowledging`](crate::Packet::acknowledging) |
//! | answers clients of several versions | [`StreamEncoder::encode_converted`](crate::StreamEncoder::encode_converted) |
//! | ends a session some time after its connection | [`session_expiry_interval`](crate::Connect::session_expiry_interval) of CONNECT, and [that of DISCONNECT](crate::Disconnect::session_expiry_interval) |
//! | publishes a Will | [`Will::into_message`](crate::Will::into_message) |
