//! Shows what is in a stream of MQTT, packet by packet.
mod json;
use mqtt_codec::{DecodeOptions, Decoded, ProtocolVersion};
use std::io::{Read, Write};
fn main() {
    let mut input = Vec::new();
    let _ = std::io::stdin().read_to_end(&mut input);
    let mut out = std::io::stdout().lock();
    let mut version = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(ProtocolVersion::V5);
    let mut offset = 0_usize;
    while let Some(rest) = input.get(offset..).filter(|r| !r.is_empty()) {
        match mqtt_codec::decode(rest, DecodeOptions::new(version).allow_bridge_bit(true)) {
            Ok(Decoded::Complete { packet, consumed }) => {
                if let mqtt_codec::Packet::Connect(c) = &packet {
                    version = c.protocol_version;
                }
                let _ = writeln!(
                    out,
                    "{}",
                    json::packet(&packet, rest.get(..consumed).unwrap_or_default(), version, offset)
                );
                offset = offset.saturating_add(consumed);
            }
            Ok(_) => {
                let _ = writeln!(out, "{}", json::incomplete(offset, rest.len()));
                return;
            }
            Err(e) => {
                let _ = writeln!(out, "{}", json::error(&e, offset, rest.len()));
                return;
            }
        }
    }
}
