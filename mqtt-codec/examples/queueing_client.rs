//! A client that queues messages and requests before it is connected, and chooses Packet Identifiers when it sends them.

use bytes::BytesMut;
use core::error::Error;
use mqtt_codec::{ApplicationMessage, EncodeError, EncodeOptions, Packet, PacketIdentifier, ProtocolVersion};
use mqtt_codec::{QoS, Request, StreamEncoder};

/// Sends the queue after CONNACK has arrived. Returns the packets, which are sent again if they are not acknowledged.
fn flush(queue: Vec<Request>, encoder: &StreamEncoder, output: &mut BytesMut) -> Result<Vec<Packet>, EncodeError> {
    let mut next = PacketIdentifier::MIN;
    let mut in_flight = Vec::new();
    for request in queue {
        // Called only if the packet has a Packet Identifier.
        let packet = request.into_packet(|| {
            let identifier = next;
            next = next.next();
            identifier
        });
        encoder.encode(&packet, output)?;
        in_flight.push(packet);
    }
    Ok(in_flight)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut queue = Vec::new();
    for (reading, qos) in [("21.5", QoS::AtLeastOnce), ("21.6", QoS::AtMostOnce), ("21.7", QoS::ExactlyOnce)] {
        let message = ApplicationMessage::new("room".parse()?, reading.to_owned());
        queue.push(ApplicationMessage { qos, ..message }.into());
    }
    let mut output = BytesMut::new();
    flush(queue, &StreamEncoder::new(EncodeOptions::new(ProtocolVersion::V3_1_1)), &mut output)?;
    assert_eq!(output[..], *b"\x32\x0C\0\x04room\0\x0121.5\x30\x0A\0\x04room21.6\x34\x0C\0\x04room\0\x0221.7");
    Ok(())
}
