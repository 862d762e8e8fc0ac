//! Datagrams of MQTT-SN in captures of a network.

use super::input::{Direction, Recorded};
use crate::capture::file;
use crate::capture::link::{self, Content, Datagram};
use crate::input::Input;
use core::convert::Infallible;
use core::time::Duration;
use serde_json::Value;

/// Ports that gateways use if they are not configured otherwise. MQTT-SN has no port of its own.
const GATEWAY_PORTS: [u16; 3] = [1883, 1884, 10_000];

/// Reads the UDP datagrams of a capture that a gateway receives or sends.
pub(crate) fn read_capture(input: Input, ports: &[u16]) -> Result<Vec<Recorded>, String> {
    let mut datagrams = Vec::new();
    let mut start = None;
    let read = file::read(input.into_reader(), |frame| {
        let time: Option<Duration> = frame.time;
        let start = *start.get_or_insert(time);
        if let Content::Datagram(datagram) = link::content(frame) {
            let is_gateway = |port| GATEWAY_PORTS.contains(&port) || ports.contains(&port);
            let Datagram { source, destination, payload } = datagram;
            let direction = match (is_gateway(source.port()), is_gateway(destination.port())) {
                (false, false) => return Ok(()),
                (false, true) => Some(Direction::ClientToGateway),
                (true, false) => Some(Direction::GatewayToClient),
                (true, true) => None,
            };
            let since_start = time.zip(start).and_then(|(time, start)| time.checked_sub(start));
            let ms = since_start.and_then(|time| u64::try_from(time.as_millis()).ok()).map(Value::from);
            datagrams.push(Recorded { raw: payload.to_vec(), ms, direction, ends: Some([source, destination]) });
        }
        Ok::<_, Infallible>(())
    });
    let Ok(()) = read?;
    Ok(datagrams)
}
