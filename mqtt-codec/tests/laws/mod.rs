//! Laws that hold for all inputs. Each fuzz target checks one law, a function of arbitrary bytes that panics if the law
//! does not hold.
//!
//! `tests/laws.rs` runs them over the committed seeds and findings, and `fuzz/` over generated inputs. Both include
//! this module by its path.

pub(crate) mod answer;
mod codec;
pub(crate) mod convert;
mod decode;
pub(crate) mod differential;
pub(crate) mod encode;
pub(crate) mod encode_into_short_buffer;
pub(crate) mod forward;
pub(crate) mod frames;
pub(crate) mod plain;
mod properties;
pub(crate) mod roundtrip;
pub(crate) mod send;
mod stream;
mod topics;

use core::hash::{Hash, Hasher};
use mqtt_codec::{DecodeOptions, ProtocolVersion, Sender};

/// A fuzz target: its name, its law, and the directory of `fuzz/seeds` whose seeds have its form.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) law: fn(&[u8]),
    pub(crate) seeds: &'static str,
}

/// All of them.
pub(crate) const TARGETS: [Target; 14] = [
    Target { name: "decode", law: decode::law, seeds: "decode" },
    Target { name: "stream", law: stream::law, seeds: "stream" },
    Target { name: "roundtrip", law: roundtrip::law, seeds: "roundtrip" },
    Target { name: "encode_into_short_buffer", law: encode_into_short_buffer::law, seeds: "encode_into_short_buffer" },
    Target { name: "properties", law: properties::law, seeds: "properties" },
    Target { name: "changed_options", law: stream::changed_options, seeds: "changed_options" },
    Target { name: "codec", law: codec::law, seeds: "codec" },
    Target { name: "send", law: send::law, seeds: "send" },
    Target { name: "topics", law: topics::law, seeds: "topics" },
    Target { name: "frames", law: frames::law, seeds: "decode" },
    Target { name: "forward", law: forward::law, seeds: "forward" },
    Target { name: "convert", law: convert::law, seeds: "roundtrip" },
    Target { name: "encode", law: encode::law, seeds: "decode" },
    Target { name: "differential", law: differential::law, seeds: "decode" },
];

/// What `plain` calls the packets of the fourteen sets of properties, in the order of the target's first byte.
pub(crate) const LETTERS: [char; 14] = ['c', 'w', 'C', 'p', 'a', 'a', 'a', 'a', 's', 'S', 'u', 'U', 'd', 'A'];

/// How a packet is to be judged, in a form that the plain decoder can read too: `DecodeOptions` does not tell what it was
/// given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) version: ProtocolVersion,
    pub(crate) sender: Sender,
    pub(crate) limit: u32,
    pub(crate) refuse_discouraged_characters: bool,
    pub(crate) refuse_long_client_identifiers: bool,
    pub(crate) check_payload_format: bool,
    pub(crate) allow_bridge_bit: bool,
    pub(crate) allow_dup_at_qos_0: bool,
    pub(crate) allow_empty_client_identifier: bool,
    pub(crate) allow_longer_lengths: bool,
    pub(crate) allow_invalid_topic_filters: bool,
    pub(crate) allow_subscription_identifier_from_client: bool,
    pub(crate) allow_mqtt_level_3: bool,
    pub(crate) allow_connack_of_other_version: bool,
    pub(crate) allow_password_without_user_name: bool,
    pub(crate) allow_reserved_flags: bool,
    pub(crate) allow_will_flags_without_will: bool,
    pub(crate) allow_session_present_with_failure: bool,
    pub(crate) allow_disconnect_from_server: bool,
    pub(crate) allow_pingreq_from_server: bool,
    pub(crate) allow_unsuback_of_other_version: bool,
    pub(crate) allow_reserved_subscription_bits: bool,
    pub(crate) allow_placeholder_values: bool,
    pub(crate) allow_reason_codes_of_other_packets: bool,
    pub(crate) allow_suback_without_property_length: bool,
    pub(crate) allow_requests_without_property_length: bool,
}

/// Sets of the leniencies for which no bit is left in the first four bytes: none, each, some pairs, all, and all without one.
/// The first byte selects one of them.
const MORE_LENIENCIES: [u8; 28] =
    [0, 1, 2, 4, 8, 16, 32, 3, 5, 9, 17, 33, 6, 10, 18, 34, 12, 20, 36, 64, 63, 95, 127, 126, 125, 123, 119, 111];

/// What to add to the first byte for every leniency of [`MORE_LENIENCIES`].
pub(crate) const ALL_OF_MORE: u8 = 9 * 22;

impl Rules {
    /// The rules that the first four bytes choose, and what follows them. All zero is 3.1, either sender, strict, no limit.
    pub(crate) fn split(data: &[u8]) -> Option<(Self, &[u8])> {
        let ([who, strict, lenient, limit], input) = data.split_first_chunk::<4>()?;
        let has = |byte: &u8, bit: u8| byte >> bit & 1 == 1;
        let more = MORE_LENIENCIES[usize::from(*who / 9) % MORE_LENIENCIES.len()];
        let rules = Self {
            version: version(*who),
            sender: [Sender::Either, Sender::Client, Sender::Server][usize::from(*who / 3 % 3)],
            limit: limit_of(*limit, DecodeOptions::LARGEST_PACKET),
            refuse_discouraged_characters: has(strict, 0),
            refuse_long_client_identifiers: has(strict, 1),
            check_payload_format: has(strict, 2),
            allow_bridge_bit: has(lenient, 0),
            allow_dup_at_qos_0: has(lenient, 1),
            allow_empty_client_identifier: has(lenient, 2),
            allow_longer_lengths: has(lenient, 3),
            allow_invalid_topic_filters: has(lenient, 4),
            allow_subscription_identifier_from_client: has(lenient, 5),
            allow_mqtt_level_3: has(lenient, 6),
            allow_connack_of_other_version: has(lenient, 7),
            // The byte of the leniencies is full.
            allow_password_without_user_name: has(strict, 7),
            allow_placeholder_values: has(strict, 3),
            allow_reserved_flags: has(strict, 4),
            allow_reason_codes_of_other_packets: has(strict, 5),
            allow_suback_without_property_length: has(strict, 6),
            allow_will_flags_without_will: has(&more, 0),
            allow_session_present_with_failure: has(&more, 1),
            allow_disconnect_from_server: has(&more, 2),
            allow_pingreq_from_server: has(&more, 3),
            allow_unsuback_of_other_version: has(&more, 4),
            allow_reserved_subscription_bits: has(&more, 5),
            allow_requests_without_property_length: has(&more, 6),
        };
        Some((rules, input))
    }

    pub(crate) const fn options(&self) -> DecodeOptions {
        self.change(DecodeOptions::new(self.version).with_sender(self.sender).with_maximum_packet_size(self.limit))
    }

    /// All options except version, sender and limit, which a stream has itself.
    pub(crate) const fn change(&self, options: DecodeOptions) -> DecodeOptions {
        options
            .refuse_discouraged_characters(self.refuse_discouraged_characters)
            .refuse_long_client_identifiers(self.refuse_long_client_identifiers)
            .check_payload_format(self.check_payload_format)
            .allow_bridge_bit(self.allow_bridge_bit)
            .allow_dup_at_qos_0(self.allow_dup_at_qos_0)
            .allow_empty_client_identifier(self.allow_empty_client_identifier)
            .allow_longer_lengths(self.allow_longer_lengths)
            .allow_invalid_topic_filters(self.allow_invalid_topic_filters)
            .allow_subscription_identifier_from_client(self.allow_subscription_identifier_from_client)
            .allow_mqtt_level_3(self.allow_mqtt_level_3)
            .allow_connack_of_other_version(self.allow_connack_of_other_version)
            .allow_password_without_user_name(self.allow_password_without_user_name)
            .allow_reserved_flags(self.allow_reserved_flags)
            .allow_will_flags_without_will(self.allow_will_flags_without_will)
            .allow_session_present_with_failure(self.allow_session_present_with_failure)
            .allow_disconnect_from_server(self.allow_disconnect_from_server)
            .allow_pingreq_from_server(self.allow_pingreq_from_server)
            .allow_unsuback_of_other_version(self.allow_unsuback_of_other_version)
            .allow_reserved_subscription_bits(self.allow_reserved_subscription_bits)
            .allow_placeholder_values(self.allow_placeholder_values)
            .allow_reason_codes_of_other_packets(self.allow_reason_codes_of_other_packets)
            .allow_suback_without_property_length(self.allow_suback_without_property_length)
            .allow_requests_without_property_length(self.allow_requests_without_property_length)
    }
}

fn version(byte: u8) -> ProtocolVersion {
    ProtocolVersion::ALL[usize::from(byte % 3)]
}

/// Converts a byte into a limit: 0 is the default, small values are literal, large ones go up to 32,640.
fn limit_of(byte: u8, none: u32) -> u32 {
    match byte {
        0 => none,
        1..128 => byte.into(),
        128.. => u32::from(byte) * u32::from(byte - 127),
    }
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
