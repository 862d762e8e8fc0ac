//! Compares with two codecs by other authors: for a whole packet of 3.1.1 or 5.0, verdict and fields are the same,
//! except for the known faults of these codecs.

use crate::laws::Rules;
use PacketType::*;
use What::*;
use mqtt_codec::{DecodeError, DecodeErrorKind, Decoded, Packet, PacketType, PayloadFormat, ProtocolVersion, decode};

/// A codec by other authors. Decodes a packet and encodes it again, or returns `None` if it refuses the packet. The
/// frame is complete, and its fixed header is valid if the codec requires that.
struct Rival {
    name: &'static str,
    v3: fn(&[u8]) -> Option<Vec<u8>>,
    v5: fn(&[u8]) -> Option<Vec<u8>>,
}

const MQTT_PROTO: Rival = Rival {
    name: "mqtt-proto",
    v3: |frame| Some(mqtt_proto::v3::Packet::decode(frame).ok()??.encode().ok()?.as_ref().to_vec()),
    v5: |frame| Some(mqtt_proto::v5::Packet::decode(frame).ok()??.encode().ok()?.as_ref().to_vec()),
};

/// Only the parsers of its packets are used. Its connection also handles the fixed header, but does more than decoding.
macro_rules! core_packet {
    ($frame:ident, $version:ident $(, $auth:literal $module:ident)?) => {{
        use mqtt_protocol_core::mqtt::packet::{$version as packets, GenericPacketTrait, Packet};
        let header_len = 1 + $frame[1..].iter().position(|byte| *byte < 0x80)? + 1;
        let body = &$frame[header_len..];
        let (packet, len): (Packet, usize) = (match $frame[0] >> 4 {
            1 => packets::Connect::parse(body).ok().map(|(packet, len)| (packet.into(), len)),
            2 => packets::Connack::parse(body).ok().map(|(packet, len)| (packet.into(), len)),
            3 => packets::Publish::parse($frame[0] & 0x0F, body.into()).ok().map(|(packet, len)| (packet.into(), len)),
            4 => packets::Puback::parse(body).ok().map(|(packet, len)| (packet.into(), len)),
            5 => packets::Pubrec::parse(body).ok().map(|(packet, len)| (packet.into(), len)),
            6 => packets::Pubrel::parse(body).ok().map(|(packet, len)| (packet.into(), len)),
            7 => packets::Pubcomp::parse(body).ok().map(|(packet, len)| (packet.into(), len)),
            8 => packets::Subscribe::parse(body).ok().map(|(packet, len)| (packet.into(), len)),
            9 => packets::Suback::parse(body).ok().map(|(packet, len)| (packet.into(), len)),
            10 => packets::Unsubscribe::parse(body).ok().map(|(packet, len)| (packet.into(), len)),
            11 => packets::Unsuback::parse(body).ok().map(|(packet, len)| (packet.into(), len)),
            12 => packets::Pingreq::parse(body).ok().map(|(packet, len)| (packet.into(), len)),
            13 => packets::Pingresp::parse(body).ok().map(|(packet, len)| (packet.into(), len)),
            14 => packets::Disconnect::parse(body).ok().map(|(packet, len)| (packet.into(), len)),
            $($auth => packets::$module::parse(body).ok().map(|(packet, len)| (packet.into(), len)),)?
            _ => None,
        })?;
        // Its caller must check for remaining bytes.
        let is_flagged = $frame[0] >> 4 == 3 || $frame[0] & 0x0F == if matches!($frame[0] >> 4, 6 | 8 | 10) { 2 } else { 0 };
        (len == body.len() && is_flagged).then(|| packet.to_continuous_buffer())
    }};
}
const MQTT_PROTOCOL_CORE: Rival = Rival {
    name: "mqtt-protocol-core",
    v3: |frame| core_packet!(frame, v3_1_1),
    v5: |frame| core_packet!(frame, v5_0, 15 Auth),
};

/// How a rival differs.
#[derive(Debug)]
enum Difference<'a> {
    /// It accepts a packet that breaks a rule.
    Takes(DecodeError),
    /// It refuses a packet that breaks no rule.
    Refuses(Packet<&'a [u8]>),
    /// It decodes other values, or encodes other values than it has decoded.
    Misreads(Packet<&'a [u8]>),
}

/// The packets in which it is known to differ.
enum What {
    /// It accepts packets that are this kind of error for this codec.
    Takes(&'static str),
    /// It refuses packets of which this is true.
    Refuses(fn(&Packet<&[u8]>) -> bool),
    /// It decodes or encodes these packets differently.
    Misreads(fn(&Packet<&[u8]>) -> bool),
}

/// A known fault: its description, the rule, the packets, and the shortest example in hexadecimal. A refused example is
/// legal by the rule. An accepted example breaks it.
type Fault = (What, &'static str, &'static [PacketType], &'static str);

#[rustfmt::skip]
const FAULTS: [(&str, ProtocolVersion, &[Fault]); 4] = [
    ("mqtt-proto", ProtocolVersion::V3_1_1, &[
        (Takes("DupAtQoS0"), "MQTT-3.3.1-2", &[Publish], "38020000"),
        (Takes("EmptyClientIdentifier"), "MQTT-3.1.3-8", &[Connect], "100c00044d515454040000000000"),
        (Takes("EmptyPayload"), "section 3.9.3", &[SubAck], "90027fff"),
        (Takes("EmptyTopic"), "MQTT-4.7.3-1", &[Connect, Publish], "30020000"),
        (Takes("MisplacedSingleLevelWildcard"), "MQTT-4.7.1-3", &[Subscribe, Unsubscribe], "a207010000032b1701"),
        (Takes("NulCharacter"), "MQTT-1.5.3-2", &[Connect], "100d00044d5154540402003c000100"),
        (Takes("PasswordWithoutUserName"), "MQTT-3.1.2-22", &[Connect], "101300044d5154540442003c000163000475736572"),
        (Takes("SessionPresentWithFailure"), "MQTT-3.2.2-4", &[ConnAck], "20020102"),
        (Takes("TrailingBytes"), "MQTT-3.1.2-18", &[Connect], "100d00044d5154540402003c000064"),
        (Takes("TrailingBytes"), "MQTT-3.1.2-20", &[Connect], "101000044d5154540480003c000163000077"),
        (Takes("TrailingBytes"), "section 2.2.3", &[Connect, ConnAck, PubAck, PubRec, PubRel, PubComp, UnsubAck, PingReq, PingResp, Disconnect], "e00100"),
        (Takes("WillFlagsWithoutWill"), "MQTT-3.1.2-15", &[Connect], "100c00044d51545404200000000000"),
        (Refuses(has_shared_prefix), "section 4.7.1", &[Subscribe, Unsubscribe], "820e010000092473686172652f616201"),
        (Misreads(has_failure), "section 3.9.3", &[SubAck], "9003000280"),
    ]),
    ("mqtt-proto", ProtocolVersion::V5, &[
        (Takes("AuthenticationDataWithoutMethod"), "section 3.1.2.11.10", &[Connect], "101d00044d5154540502001e07160004646174610000d100d0bed0bfd0d0ba"),
        (Takes("AuthenticationMethodMissing"), "section 3.15.2.2.2", &[Auth], "f000"),
        (Takes("DupAtQoS0"), "MQTT-3.3.1-2", &[Publish], "3803000000"),
        (Takes("EmptyPayload"), "section 3.11.3", &[UnsubAck], "b00377c600"),
        (Takes("EmptyPayload"), "section 3.9.3", &[SubAck], "9003a80000"),
        (Takes("EmptyTopic"), "MQTT-4.7.3-1", &[Connect, Publish], "300700000308000003"),
        (Takes("InvalidPropertyValue"), "section 3.1.2.11.3", &[Connect], "101000044d5154540502003c032100000000"),
        (Takes("InvalidPropertyValue"), "section 3.1.2.11.4", &[Connect], "104e00044d515454050cee6f15217fff2700000000170126000568306c7772000161000679206d30366b0c010002000100000800022f69000130001414d7222930193e454c535a61726f767d84b59209"),
        (Takes("InvalidPropertyValue"), "section 3.2.2.3.3", &[ConnAck], "203600993321000012000e356e7932673735683575626b37371f000a6d3970673737346b663126000339346e0006f0a082b7d0bc28002901"),
        (Takes("InvalidPropertyValue"), "section 3.2.2.3.6", &[ConnAck], "20080000052700000000"),
        (Takes("InvalidPropertyValue"), "section 3.3.2.3.8", &[Publish], "30050000020b00"),
        (Takes("InvalidPropertyValue"), "section 3.8.2.1.2", &[Subscribe], "82130001020b00000b622f412f34322f686f6d651c"),
        // A shared subscription in a shared subscription, which the text does not define.
        (Takes("InvalidSharedFilter"), "MQTT-4.8.2-2", &[Subscribe, Unsubscribe], "821600010000102473686172652f612f2473686172652f00"),
        (Takes("MisplacedSingleLevelWildcard"), "MQTT-4.7.1-2", &[Subscribe, Unsubscribe], "a20800010000032b1701"),
        (Takes("NoLocalOnSharedSubscription"), "MQTT-3.8.3-4", &[Subscribe], "824000ff1a0bff7f260001780011e4bfa87ae4bbb620e4bfa821e4b9a2726500162473686172652fd0832f2b2f39373539347033392f232600076278e0a0982f231a"),
        (Takes("NulCharacter"), "MQTT-1.5.4-2", &[Connect, ConnAck, Publish, PubAck, PubRec, PubRel, PubComp, Subscribe, SubAck, Unsubscribe, UnsubAck, Disconnect, Auth], "400a6c6380061f0003610062"),
        (Takes("SessionPresentWithFailure"), "MQTT-3.2.2-6", &[ConnAck], "2003018600"),
        (Takes("TopicAliasMissing"), "section 3.3.2.1", &[Publish], "3003000000"),
        (Takes("TopicAliasZero"), "MQTT-3.3.2-8", &[Publish], "3006000003230000"),
        (Takes("TrailingBytes"), "MQTT-3.1.2-16", &[Connect], "100f00044d5154540502403c0000000000"),
        (Takes("TrailingBytes"), "MQTT-3.1.2-18", &[Connect], "101e00044d515454058000000000000000f4908080a2010d8f09098f09090109"),
        (Takes("TrailingBytes"), "section 2.1.4", &[Connect, ConnAck, PubAck, PubRec, PubRel, PubComp, PingReq, PingResp, Disconnect, Auth], "c00100"),
        (Takes("VariableByteIntegerNotMinimal"), "MQTT-1.5.5-1", &[Connect, ConnAck, Publish, PubAck, PubRec, PubRel, PubComp, SubAck, Unsubscribe, UnsubAck, PingReq, PingResp, Disconnect, Auth], "f08000"),
        (Takes("WillFlagsWithoutWill"), "MQTT-3.1.2-13", &[Connect], "100d00044d5154540520000000000000"),
        (Refuses(has_two_subscriptions), "section 3.3.2.3.8", &[Publish], "3008000178040b010b02"),
        (Refuses(says_utf8), "section 3.3.2.3.2", &[Connect, Publish], "301500012f02010192929292920a9292889282922a062b"),
        (Refuses(has_bad_method), "section 2.4", &[Disconnect], "e0018c"),
    ]),
    ("mqtt-protocol-core", ProtocolVersion::V3_1_1, &[
        (Takes("DupAtQoS0"), "MQTT-3.3.1-2", &[Publish], "38020000"),
        (Takes("EmptyClientIdentifier"), "MQTT-3.1.3-8", &[Connect], "100c00044d515454040000000000"),
        (Takes("EmptyTopic"), "MQTT-4.7.3-1", &[Connect, Publish, Subscribe, Unsubscribe], "30020000"),
        (Takes("InvalidQoS"), "MQTT-3.1.2-14", &[Connect], "101300044d515454041c003c000102000225010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000225016572"),
        (Takes("MisplacedMultiLevelWildcard"), "MQTT-4.7.1-2", &[Subscribe, Unsubscribe], "820734840002232f01"),
        (Takes("MisplacedSingleLevelWildcard"), "MQTT-4.7.1-3", &[Subscribe, Unsubscribe], "a20601000002612b"),
        (Takes("NulCharacter"), "MQTT-1.5.3-2", &[Connect, Publish, Subscribe, Unsubscribe], "30030001001a"),
        (Takes("PacketIdentifierZero"), "MQTT-2.3.1-1", &[Publish, Subscribe, Unsubscribe], "a20400000000"),
        (Takes("PacketIdentifierZero"), "MQTT-2.3.1-7", &[SubAck, UnsubAck], "b0020000"),
        (Takes("ReservedAcknowledgeFlags"), "section 3.2.2.1", &[ConnAck], "20020200"),
        (Takes("ReservedConnectFlag"), "MQTT-3.1.2-3", &[Connect], "100d00044d5154540403003c000164"),
        (Takes("ReservedSubscriptionOptions"), "MQTT-3-8.3-4", &[Subscribe], "8207748400022a2f05"),
        (Takes("SessionPresentWithFailure"), "MQTT-3.2.2-4", &[ConnAck], "20020102"),
        (Takes("TrailingBytes"), "section 2.2.3", &[PubAck, PubRec, PubRel, PubComp], "4003618d00"),
        (Takes("WildcardInTopicName"), "MQTT-3.3.2-2", &[Publish], "30050003230378"),
        (Takes("WildcardInTopicName"), "MQTT-4.7.1-1", &[Connect], "101a00044d5154540404000000036369640006612bc3a92f410001fe"),
        (Takes("WillFlagsWithoutWill"), "MQTT-3.1.2-13", &[Connect], "100d00044d515454040a003c000164"),
        (Takes("WillFlagsWithoutWill"), "MQTT-3.1.2-15", &[Connect], "100c00044d51545404200000000000"),
    ]),
    ("mqtt-protocol-core", ProtocolVersion::V5, &[
        (Takes("AuthenticationDataWithoutMethod"), "section 3.1.2.11.10", &[Connect], "101e00044d5154540502001e0716000464617461000ad182d0bed0bfd0b8d0ba"),
        (Takes("AuthenticationMethodMissing"), "section 3.15.2.2.2", &[Auth], "f000"),
        (Takes("DupAtQoS0"), "MQTT-3.3.1-2", &[Publish], "38020000"),
        (Takes("DuplicateProperty"), "section 2.2.2.2", &[Subscribe], "820b0001040b010b0100016100"),
        (Takes("EmptyTopic"), "MQTT-4.7.3-1", &[Connect, Publish, Subscribe, Unsubscribe], "a2053900000000"),
        (Takes("InvalidQoS"), "MQTT-3.1.2-12", &[Connect], "104e00044d515454051cee6f15217fff2700000100170126000568306c7772000161000679206d30366b0c010002000100000800022f69000130001414d7222930193e454c535a61726f767d84b59209"),
        (Takes("InvalidSharedFilter"), "MQTT-4.8.2-2", &[Subscribe, Unsubscribe], "a20e006d0000092473686172652f722f00000062"),
        (Takes("MisplacedMultiLevelWildcard"), "MQTT-4.7.1-1", &[Subscribe, Unsubscribe], "a207b8010000026123"),
        (Takes("MisplacedSingleLevelWildcard"), "MQTT-4.7.1-2", &[Subscribe, Unsubscribe], "a207b801000002612b"),
        (Takes("NoLocalOnSharedSubscription"), "MQTT-3.8.3-4", &[Subscribe], "824000ff1a0bff7f260001780011e4bfa87ae4bbb620e4bfa821e4b9a2726500162473686172652fd0832f2b2f39373539347033392f232600076278e0a0982f231a"),
        (Takes("NulCharacter"), "MQTT-1.5.4-2", &[Connect, ConnAck, Publish, PubAck, PubRec, PubRel, PubComp, Subscribe, SubAck, Unsubscribe, UnsubAck, Disconnect, Auth], "30030001001a"),
        (Takes("PacketIdentifierZero"), "MQTT-2.2.1-3", &[Publish, Subscribe, Unsubscribe], "3a0400000000"),
        (Takes("PacketIdentifierZero"), "MQTT-2.2.1-6", &[SubAck, UnsubAck], "900400000080"),
        (Takes("ReservedAcknowledgeFlags"), "MQTT-3.2.2-1", &[ConnAck], "2003020000"),
        (Takes("ReservedConnectFlag"), "MQTT-3.1.2-3", &[Connect], "101000044d5154540503003c032100050000"),
        (Takes("SessionPresentWithFailure"), "MQTT-3.2.2-6", &[ConnAck], "2003018600"),
        (Takes("TopicAliasMissing"), "section 3.3.2.1", &[Publish], "3003000000"),
        (Takes("UnexpectedEnd"), "MQTT-2.2.2-1", &[Publish], "30020000"),
        (Takes("VariableByteIntegerNotMinimal"), "MQTT-1.5.5-1", &[Connect, ConnAck, Publish, PubAck, PubRec, PubRel, PubComp, Subscribe, SubAck, Unsubscribe, UnsubAck, PingReq, PingResp, Disconnect, Auth], "f08000"),
        (Takes("WildcardInTopicName"), "MQTT-4.7.0-1", &[Connect], "101300044d5154540504000000000000000123000078"),
        (Takes("WildcardInTopicName"), "MQTT-3.3.2-14", &[Connect, Publish], "104e00044d515454050cee6f15217fff2700000100170126000568306c7772000161000679206d30366b0c010002000100000800022b69000130001414d7222930193e454c535a61726f767d84b59209"),
        (Takes("WildcardInTopicName"), "MQTT-3.3.2-2", &[Publish], "30050003230378"),
        (Takes("WillFlagsWithoutWill"), "MQTT-3.1.2-11", &[Connect], "100e00044d5154540512003c00000163"),
        (Takes("WillFlagsWithoutWill"), "MQTT-3.1.2-13", &[Connect], "100d00044d5154540520000000000000"),
        (Refuses(has_password_alone), "section 3.1.2.9", &[Connect], "101100044d51545405423c000000014e000177"),
        (Refuses(has_bad_method), "section 2.4", &[Disconnect], "e0018c"),
    ]),
];

/// 3.1.1 has no shared subscriptions, so such a filter is an ordinary one.
fn has_shared_prefix(packet: &Packet<&[u8]>) -> bool {
    match packet {
        Packet::Subscribe(packet) => packet.subscriptions.iter().any(|item| item.topic_filter.starts_with("$share/")),
        Packet::Unsubscribe(packet) => packet.topic_filters.iter().any(|filter| filter.starts_with("$share/")),
        _ => false,
    }
}

/// It is decoded, and encoded as 3.
fn has_failure(packet: &Packet<&[u8]>) -> bool {
    matches!(packet, Packet::SubAck(packet) if packet.reason_codes().iter().any(|code| code.as_u8() == 0x80))
}

/// A receiver may check that the payload has the declared format.
fn says_utf8(packet: &Packet<&[u8]>) -> bool {
    let is_utf8 = |payload: &[u8]| core::str::from_utf8(payload).is_ok();
    match packet {
        Packet::Publish(packet) => {
            packet.properties().payload_format_indicator() == Some(PayloadFormat::Utf8) && !is_utf8(packet.payload)
        }
        Packet::Connect(packet) => packet.will.as_ref().is_some_and(|will| {
            will.properties.payload_format_indicator() == Some(PayloadFormat::Utf8) && !is_utf8(will.payload.as_bytes())
        }),
        _ => false,
    }
}

/// A message may match more than one subscription.
fn has_two_subscriptions(packet: &Packet<&[u8]>) -> bool {
    matches!(packet, Packet::Publish(packet) if packet.properties().subscription_identifiers().count() > 1)
}

/// "Bad authentication method" is in the table of all codes, but not in the table of DISCONNECT.
fn has_bad_method(packet: &Packet<&[u8]>) -> bool {
    matches!(packet, Packet::Disconnect(packet) if packet.reason_code.as_u8() == 0x8C)
}

/// 5.0 allows what 3.1.1 forbids.
fn has_password_alone(packet: &Packet<&[u8]>) -> bool {
    matches!(packet, Packet::Connect(packet) if packet.user_name.is_none() && packet.password.is_some())
}

fn is_known(rival: &str, version: ProtocolVersion, packet_type: PacketType, difference: &Difference<'_>) -> bool {
    let faults = FAULTS.iter().filter(|row| (row.0, row.1) == (rival, version)).flat_map(|row| row.2);
    faults.filter(|fault| fault.2.contains(&packet_type)).any(|(what, rule, ..)| match (what, difference) {
        (What::Takes(kind), Difference::Takes(error)) => *rule == error.rule() && *kind == name_of(error.kind()),
        (What::Refuses(is_it), Difference::Refuses(packet)) => is_it(packet),
        (What::Misreads(is_it), Difference::Misreads(packet)) => is_it(packet),
        _ => false,
    })
}

/// Removes the value: `InvalidReasonCode` from `InvalidReasonCode(85)`.
fn name_of(kind: DecodeErrorKind) -> String {
    let text = format!("{kind:?}");
    text.split(['(', ' ']).next().unwrap_or_default().to_owned()
}

/// Returns the results of the rivals for the first packet of the input that differ from those of this codec.
fn differences(input: &[u8], version: ProtocolVersion) -> Vec<(&'static str, Difference<'_>)> {
    let Some(frame) = whole_frame(input) else { return Vec::new() };
    let ours = match decode(frame, version) {
        Ok(Decoded::Complete { packet, .. }) => Ok(packet),
        Ok(Decoded::Incomplete { .. }) => panic!("the frame is whole: {frame:02x?}"),
        Err(error) => Err(error),
    };
    let judged_by = match &ours {
        Ok(Packet::Connect(connect)) => connect.protocol_version,
        Ok(_) => version,
        Err(error) => error.version(),
    };
    if judged_by != version {
        return Vec::new(); // a rival's decoder for this version need not support this CONNECT
    }
    let mut found = Vec::new();
    for rival in [MQTT_PROTO, MQTT_PROTOCOL_CORE] {
        let theirs = if version == ProtocolVersion::V5 { (rival.v5)(frame) } else { (rival.v3)(frame) };
        let difference = match (ours, theirs) {
            (Err(_), None) => None,
            (Err(error), Some(_)) => Some(Difference::Takes(error)),
            (Ok(packet), None) => Some(Difference::Refuses(packet)),
            // Their encoded packet decodes to the same packet as ours.
            (Ok(packet), Some(written)) => match decode(&written, version) {
                Ok(Decoded::Complete { packet: again, consumed }) if again == packet && consumed == written.len() => {
                    None
                }
                _ => Some(Difference::Misreads(packet)),
            },
        };
        found.extend(difference.map(|difference| (rival.name, difference)));
    }
    found
}

/// Returns the first packet if it is complete.
fn whole_frame(input: &[u8]) -> Option<&[u8]> {
    let mut len = 0;
    for place in 0..4 {
        let byte = *input.get(1 + place)?;
        len += usize::from(byte & 0x7F) << (7 * place);
        if byte < 0x80 {
            return input.get(..2 + place + len);
        }
    }
    None
}

/// The input has the form of the target `decode`. Only version and packet are used.
pub fn law(data: &[u8]) {
    let Some((rules, input)) = Rules::split(data) else { return };
    if rules.version == ProtocolVersion::V3_1 {
        return; // which they do not know, but for its CONNECT
    }
    for (rival, difference) in differences(input, rules.version) {
        let packet_type = PacketType::from_first_byte(input[0]);
        let is_known = is_known(rival, rules.version, packet_type, &difference);
        assert!(is_known, "{rival}, {:?} {packet_type}: {difference:?}, of {input:02x?}", rules.version);
    }
}

#[cfg(test)]
mod tests {
    use super::{FAULTS, PacketType, ProtocolVersion, What, differences, is_known, law};
    use std::path::{Path, PathBuf};
    use std::{fs, panic};

    fn path(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
    }

    fn from_hex(text: &str) -> Vec<u8> {
        let digit = |place: usize| u8::from_str_radix(&text[place..place + 2], 16).unwrap();
        (0..text.len()).step_by(2).map(digit).collect()
    }

    /// Returns the text after the name and its quotation marks.
    fn value<'l>(line: &'l str, name: &str) -> &'l str {
        line.split_once(&format!("\"{name}\":")).unwrap().1.trim_start_matches([' ', '"'])
    }

    /// Prints the input for which the law does not hold.
    fn holds(data: &[u8]) {
        if let Err(failure) = panic::catch_unwind(|| law(data)) {
            println!("the law does not hold for {data:02x?}");
            panic::resume_unwind(failure);
        }
    }

    /// The seeds, the findings, the vectors and the hostile inputs, in the form of the seeds.
    fn inputs() -> Vec<Vec<u8>> {
        let mut inputs = Vec::new();
        for directory in ["seeds/decode", "findings/decode", "findings/rivals"] {
            let Ok(entries) = fs::read_dir(path(directory)) else { continue };
            inputs.extend(entries.map(|entry| fs::read(entry.unwrap().path()).unwrap()));
        }
        for name in ["amqtt", "mqtt-packet", "paho", "invalid", "invalid-others", "../hostile/hostile"] {
            let text = fs::read_to_string(path("../testdata/vectors").join(name).with_extension("jsonl")).unwrap();
            for line in text.lines() {
                let hex = value(line, "hex").split('"').next().unwrap();
                let level: u8 = value(line, "version")[..1].parse().unwrap();
                inputs.push([&[level - 3, 0, 0, 0], &from_hex(hex)[..]].concat());
            }
        }
        assert!(inputs.len() > 500);
        inputs
    }

    #[test]
    fn verdicts_and_fields_are_those_of_two_others() {
        inputs().iter().for_each(|input| holds(input));
    }

    /// Changes of a packet: each bit flipped, and each byte zeroed, removed and duplicated, with a corrected Remaining
    /// Length.
    #[test]
    fn verdicts_and_fields_are_those_of_two_others_near_the_seeds() {
        for input in inputs().iter().filter(|input| (7..150).contains(&input.len())) {
            for place in 4..input.len() {
                let byte = input[place];
                for other in (0..8).map(|bit| byte ^ 1 << bit).chain([0, 0xFF]) {
                    let mut changed = input.clone();
                    changed[place] = other;
                    holds(&changed);
                }
                if place < 6 {
                    continue;
                }
                let (before, after) = input.split_at(place);
                let mut shorter = [before, &after[1..]].concat();
                shorter[5] = shorter[5].wrapping_sub(1);
                let mut longer = [before, &after[..1], after].concat();
                longer[5] = longer[5].wrapping_add(1);
                holds(&shorter);
                holds(&longer);
            }
        }
    }

    /// The bytes before and after the properties.
    const WITH_PROPERTIES: [(u8, &[u8], &[u8]); 14] = [
        (0x10, b"\0\x04MQTT\x05\x02\0\0", b"\0\0"),
        (0x10, b"\0\x04MQTT\x05\x06\0\0\0\0\0", b"\0\x01a\0\0"), // of the Will
        (0x20, &[0, 0], &[]),
        (0x30, b"\0\x01a", b"b"),
        (0x40, &[0, 1, 0], &[]),
        (0x50, &[0, 1, 0], &[]),
        (0x62, &[0, 1, 0], &[]),
        (0x70, &[0, 1, 0], &[]),
        (0x82, &[0, 1], b"\0\x01a\0"),
        (0x90, &[0, 1], &[0]),
        (0xA2, &[0, 1], b"\0\x01a"),
        (0xB0, &[0, 1], &[0]),
        (0xE0, &[0], &[]),
        (0xF0, &[0x18], &[]),
    ];

    const VALUES: [&[u8]; 24] = [
        &[],
        &[0],
        &[1],
        &[2],
        &[0xFF],
        &[0, 0],
        &[0, 1],
        &[0, 0, 0, 0],
        &[0, 0, 0, 1],
        &[0x80, 0x00],
        &[0x80, 0x01],
        &[0xFF, 0xFF, 0xFF, 0x7F],
        &[0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        b"\0\x01a",
        b"\0\x01\0",
        b"\0\x01\x01",
        b"\0\x01\xFF",
        b"\0\x01+",
        b"\0\x01#",
        b"\0\x03\xED\xA0\x80",
        b"\0\x01a\0\x01b",
        b"\0\x01\0\0\x01b",
        b"\0\x01a\0\x01\0",
        b"\0\0\0\0",
    ];

    #[test]
    fn verdicts_about_each_property_in_each_packet_are_those_of_two_others() {
        let mut unknown = Unknown::default();
        for (first_byte, before, after) in WITH_PROPERTIES {
            for identifier in 0..=0x2B {
                for value in VALUES {
                    let property = [&[identifier][..], value].concat();
                    let method = b"\x15\0\x01m";
                    for properties in
                        [property.clone(), [&property[..], &property].concat(), [&property[..], method].concat()]
                    {
                        let len = u8::try_from(properties.len()).unwrap();
                        for len in [vec![len], vec![len | 0x80, 0]] {
                            let input = packet(first_byte, &[before, &len, &properties, after]);
                            unknown.look_at(ProtocolVersion::V5, &input);
                        }
                    }
                }
            }
        }
        unknown.is_nothing();
    }

    /// The version, and the bytes before and after a text.
    const WITH_TEXT: [(ProtocolVersion, u8, &[u8], &[u8]); 17] = [
        (ProtocolVersion::V3_1_1, 0x10, b"\0\x04MQTT\x04\x02\0\0", &[]),
        (ProtocolVersion::V3_1_1, 0x10, b"\0\x04MQTT\x04\x06\0\0\0\x01c", &[0, 0]), // the Will's
        (ProtocolVersion::V3_1_1, 0x10, b"\0\x04MQTT\x04\x82\0\0\0\x01c", &[]),
        (ProtocolVersion::V3_1_1, 0x30, &[], b"b"),
        (ProtocolVersion::V3_1_1, 0x32, &[], &[0, 1]),
        (ProtocolVersion::V3_1_1, 0x82, &[0, 1], &[0]),
        (ProtocolVersion::V3_1_1, 0x82, b"\0\x01\0\x01a\0", &[0]),
        (ProtocolVersion::V3_1_1, 0xA2, &[0, 1], &[]),
        (ProtocolVersion::V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\0", &[]),
        (ProtocolVersion::V5, 0x10, b"\0\x04MQTT\x05\x06\0\0\0\0\x01c\0", &[0, 0]),
        (ProtocolVersion::V5, 0x10, b"\0\x04MQTT\x05\x82\0\0\0\0\x01c", &[]),
        (ProtocolVersion::V5, 0x30, &[], b"\0b"),
        (ProtocolVersion::V5, 0x32, &[], &[0, 1, 3, 35, 0, 1]),
        (ProtocolVersion::V5, 0x82, &[0, 1, 0], &[0]),
        (ProtocolVersion::V5, 0x82, &[0, 1, 0], &[4]), // No Local
        (ProtocolVersion::V5, 0x82, b"\0\x01\0\0\x01a\0", &[0]),
        (ProtocolVersion::V5, 0xA2, &[0, 1, 0], &[]),
    ];

    #[test]
    fn verdicts_about_texts_of_up_to_five_parts_in_each_place_are_those_of_two_others() {
        const PARTS: [&[u8]; 7] = [b"/", b"+", b"#", b"a", b"$share/", b"\0", b"\xFF"];
        let mut texts: Vec<Vec<u8>> = vec![Vec::new()];
        let mut shorter = 0;
        for _ in 0..5 {
            let longest = shorter..texts.len();
            shorter = texts.len();
            for place in longest {
                let longer = PARTS.map(|part| [&texts[place][..], part].concat());
                texts.extend(longer);
            }
        }
        assert_eq!(texts.len(), 19_608);
        let mut unknown = Unknown::default();
        for (version, first_byte, before, after) in WITH_TEXT {
            for text in &texts {
                unknown.look_at(version, &with_text(first_byte, before, text, after));
            }
        }
        unknown.is_nothing();
    }

    fn with_text(first_byte: u8, before: &[u8], text: &[u8], after: &[u8]) -> Vec<u8> {
        let len = u16::try_from(text.len()).unwrap().to_be_bytes();
        packet(first_byte, &[before, &len, text, after])
    }

    fn packet(first_byte: u8, body: &[&[u8]]) -> Vec<u8> {
        let body = body.concat();
        [&[first_byte, u8::try_from(body.len()).unwrap()][..], &body].concat()
    }

    /// The shortest packet of each type.
    fn short_packets() -> Vec<(ProtocolVersion, Vec<u8>)> {
        let mut packets = Vec::new();
        for (version, first_byte, before, after) in WITH_TEXT {
            packets.push((version, with_text(first_byte, before, b"a", after)));
        }
        for (first_byte, before, after) in WITH_PROPERTIES {
            for properties in [&b"\0"[..], b"\x07\x26\0\x01a\0\x01b"] {
                packets.push((ProtocolVersion::V5, packet(first_byte, &[before, properties, after])));
            }
        }
        for version in [ProtocolVersion::V3_1_1, ProtocolVersion::V5] {
            for body in [&[][..], &[0, 1], &[0, 1, 0], &[0, 1, 0, 0], &[0, 1, 0, 1, 2]] {
                for packet_type in 2..=15 {
                    let flags = if matches!(packet_type, 6 | 8 | 10) { 2 } else { 0 };
                    packets.push((version, packet(packet_type << 4 | flags, &[body])));
                }
            }
        }
        packets
    }

    #[test]
    fn verdicts_about_any_byte_in_each_place_are_those_of_two_others() {
        let mut unknown = Unknown::default();
        for (version, packet) in short_packets() {
            let mut changed = packet.clone();
            for place in 0..packet.len() {
                for value in 0..=u8::MAX {
                    changed[place] = value;
                    unknown.look_at(version, &changed);
                }
                changed[place] = packet[place];
            }
        }
        unknown.is_nothing();
    }

    #[test]
    fn verdicts_about_two_odd_bytes_in_any_places_are_those_of_two_others() {
        const ODD: [u8; 12] = [0, 1, 2, 3, 4, 0x10, 0x26, 0x7F, 0x80, 0x82, 0xC0, 0xFF];
        let mut unknown = Unknown::default();
        for (version, packet) in short_packets() {
            let mut changed = packet.clone();
            for second in 2..packet.len() {
                for first in 0..second {
                    for values in ODD.iter().flat_map(|one| ODD.map(|other| [*one, other])) {
                        [changed[first], changed[second]] = values;
                        unknown.look_at(version, &changed);
                    }
                    changed[first] = packet[first];
                }
                changed[second] = packet[second];
            }
        }
        unknown.is_nothing();
    }

    /// Differences that no row explains.
    #[derive(Default)]
    struct Unknown(Vec<String>);

    impl Unknown {
        fn look_at(&mut self, version: ProtocolVersion, input: &[u8]) {
            for (rival, difference) in differences(input, version) {
                let packet_type = PacketType::from_first_byte(input[0]);
                if !is_known(rival, version, packet_type, &difference) {
                    self.0.push(format!("{rival} {packet_type} {difference:?} of {input:02x?}"));
                }
            }
        }

        fn is_nothing(&self) {
            let shown = &self.0[..self.0.len().min(20)];
            assert!(self.0.is_empty(), "{} of them: {}", self.0.len(), shown.join("\n"));
        }
    }

    #[test]
    fn each_known_fault_is_shown_by_its_example() {
        for (name, version, faults) in FAULTS {
            for (what, rule, packets, example) in faults {
                let input = from_hex(example);
                let packet_type = PacketType::from_first_byte(input[0]);
                assert!(packets.contains(&packet_type) && is_legal_order(packets), "{example}");
                let found = differences(&input, version);
                let (_, difference) = found.iter().find(|(rival, _)| *rival == name).expect(example);
                assert!(is_known(name, version, packet_type, difference), "{example}");
                // The example is explained by this row and no other.
                match (what, difference) {
                    (What::Takes(kind), super::Difference::Takes(error)) => {
                        assert_eq!((super::name_of(error.kind()).as_str(), error.rule()), (*kind, *rule), "{example}");
                    }
                    (What::Refuses(is_it), super::Difference::Refuses(packet))
                    | (What::Misreads(is_it), super::Difference::Misreads(packet)) => {
                        assert!(is_it(packet), "{example}")
                    }
                    _ => panic!("{example}: {difference:?}"),
                }
            }
        }
    }

    /// In ascending order, without duplicates.
    fn is_legal_order(packets: &[PacketType]) -> bool {
        packets.windows(2).all(|pair| pair[0].as_u8() < pair[1].as_u8())
    }

    #[test]
    fn what_is_not_known_is_told() {
        let input = from_hex("9003000280");
        let version = ProtocolVersion::V3_1_1;
        let [(rival, difference)] = &differences(&input, version)[..] else { panic!("one differs") };
        assert!(is_known(rival, version, PacketType::SubAck, difference));
        assert!(!is_known(rival, ProtocolVersion::V5, PacketType::SubAck, difference), "of another version");
        assert!(!is_known(rival, version, PacketType::UnsubAck, difference), "in another packet");
        assert!(!is_known("another", version, PacketType::SubAck, difference), "of another codec");
    }
}
