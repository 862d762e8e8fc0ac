//! Reads every field of a packet of the floors.

use super::{Acknowledgement, Packet};
use crate::sum::Sum;

/// Reads every field.
#[inline]
pub fn read(sum: &mut Sum, packet: &Packet<'_>) {
    match *packet {
        Packet::Connect(connect) => {
            sum.number(connect.protocol_version.level());
            sum.number(connect.flags & 0x02 != 0);
            sum.number(connect.keep_alive);
            properties(sum, connect.properties);
            sum.bytes(connect.client_identifier);
            if let Some(will) = connect.will {
                properties(sum, will.properties);
                sum.bytes(will.topic_name);
                sum.bytes(will.payload);
                sum.number(connect.flags >> 3 & 0b11);
                sum.number(connect.flags & 0x20 != 0);
            }
            sum.optional(connect.user_name);
            sum.optional(connect.password);
        }
        Packet::ConnAck { session_present, reason_code, properties: set } => {
            sum.number(session_present);
            sum.number(reason_code);
            properties(sum, set);
        }
        Packet::Publish(publish) => {
            let qos = publish.flags >> 1 & 0b11;
            sum.number(publish.flags & 0b1000 != 0 && qos != 0);
            sum.number(qos);
            sum.number(publish.flags & 1);
            sum.bytes(publish.topic_name);
            sum.number(publish.packet_identifier);
            properties(sum, publish.properties);
            sum.bytes(publish.payload);
        }
        Packet::PubAck(packet) | Packet::PubRec(packet) | Packet::PubRel(packet) | Packet::PubComp(packet) => {
            let Acknowledgement { packet_identifier, reason_code, properties: set } = packet;
            sum.number(packet_identifier);
            sum.number(reason_code);
            properties(sum, set);
        }
        Packet::Subscribe { packet_identifier, properties: set, subscriptions } => {
            sum.number(packet_identifier);
            properties(sum, set);
            let mut rest = subscriptions;
            while let Some((filter, [options, after @ ..])) = prefixed(rest) {
                sum.bytes(filter);
                sum.number(options & 0b11);
                sum.number(options & 0b100 != 0);
                sum.number(options & 0b1000 != 0);
                sum.number(options >> 4 & 0b11);
                rest = after;
            }
        }
        Packet::SubAck { packet_identifier, properties: set, reason_codes }
        | Packet::UnsubAck { packet_identifier, properties: set, reason_codes } => {
            sum.number(packet_identifier);
            properties(sum, set);
            reason_codes.iter().for_each(|code| sum.number(*code));
        }
        Packet::Unsubscribe { packet_identifier, properties: set, topic_filters } => {
            sum.number(packet_identifier);
            properties(sum, set);
            let mut rest = topic_filters;
            while let Some((filter, after)) = prefixed(rest) {
                sum.bytes(filter);
                rest = after;
            }
        }
        Packet::PingReq | Packet::PingResp => {}
        Packet::Disconnect { reason_code, properties: set } | Packet::Auth { reason_code, properties: set } => {
            sum.number(reason_code);
            properties(sum, set);
        }
    }
}

#[inline]
fn prefixed(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = input.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*len)))
}

/// Reads properties that have been checked.
#[inline]
fn properties(sum: &mut Sum, bytes: &[u8]) {
    let mut rest = bytes;
    while let Some(after) = property(sum, rest) {
        rest = after;
    }
}

#[inline]
fn property<'a>(sum: &mut Sum, bytes: &'a [u8]) -> Option<&'a [u8]> {
    let (identifier, value) = bytes.split_first()?;
    Some(match identifier {
        0x01 | 0x17 | 0x19 | 0x24 | 0x25 | 0x28..=0x2A => {
            let (value, rest) = value.split_first()?;
            sum.number(*value);
            rest
        }
        0x13 | 0x21..=0x23 => {
            let (value, rest) = value.split_first_chunk::<2>()?;
            sum.number(u16::from_be_bytes(*value));
            rest
        }
        0x02 | 0x11 | 0x18 | 0x27 => {
            let (value, rest) = value.split_first_chunk::<4>()?;
            sum.number(u32::from_be_bytes(*value));
            rest
        }
        0x0B => {
            let (value, len) = super::variable_byte_integer(value).ok()??;
            sum.number(value as u64);
            bytes.get(1 + len..)?
        }
        0x26 => {
            let (name, rest) = prefixed(value)?;
            let (value, rest) = prefixed(rest)?;
            sum.bytes(name);
            sum.bytes(value);
            rest
        }
        _ => {
            let (value, rest) = prefixed(value)?;
            sum.bytes(value);
            rest
        }
    })
}
