//! The test data, and code that the tests of packets share.

use alloc::collections::BTreeSet;
use mqtt_codec::{DecodeErrorKind, DecodeOptions, Decoded, Encode, EncodeErrorKind, Packet, ProtocolVersion, decode};
use std::{fs, path::Path, path::PathBuf};

const TESTDATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata");

fn path(name: &str) -> PathBuf {
    Path::new(TESTDATA).join(name)
}

pub(crate) fn read(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn read_text(name: &str) -> String {
    String::from_utf8(read(name)).unwrap()
}

/// Returns the names of all files of a directory.
pub(crate) fn file_names(directory: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(path(directory)).unwrap_or_else(|error| panic!("{directory}: {error}"));
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// One JSON object per line.
pub(crate) fn json_lines(name: &str) -> Vec<serde_json::Value> {
    read_text(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Returns the rows below the header, split at tabs.
pub(crate) fn table(name: &str) -> Vec<Vec<String>> {
    read_text(name).lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

pub(crate) fn from_hex(text: &str) -> Vec<u8> {
    let digit = |character: char| character.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap();
    let digits: Vec<u8> = text.chars().map(digit).collect();
    assert_eq!(digits.len() % 2, 0, "an odd number of digits");
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

pub(crate) fn version_of_level(level: &serde_json::Value) -> ProtocolVersion {
    let version = ProtocolVersion::ALL.into_iter().find(|version| Some(u64::from(version.level())) == level.as_u64());
    version.unwrap_or_else(|| panic!("level {level}"))
}

/// Returns the name of the kind without its value: `InvalidReasonCode` for `InvalidReasonCode(85)`.
pub(crate) fn kind_name(kind: DecodeErrorKind) -> String {
    let text = format!("{kind:?}");
    text.split(['(', ' ']).next().unwrap_or_default().to_owned()
}

/// Everything that holds of a packet of `raw` bytes that decodes: every way to decode it gives the same, no cut of it
/// is a packet or an error, and it has no other packet's bytes. Gives it.
pub(crate) fn decode_every_way<'a>(raw: &'a [u8], options: DecodeOptions, context: &str) -> Packet<&'a [u8]> {
    let decoded = decode(raw, options).unwrap_or_else(|error| panic!("{context}: {error}"));
    let Decoded::Complete { packet, consumed } = decoded else { panic!("{context}: {decoded:?}") };
    assert_eq!(consumed, raw.len(), "{context}");

    let with_next = [raw, &[0x00]].concat();
    let (again, consumed) = decode(&with_next, options).unwrap().complete().unwrap();
    assert_eq!((&again, consumed), (&packet, raw.len()), "{context}: what follows takes no part in it");

    for cut in 0..raw.len() {
        match decode(&raw[..cut], options) {
            Ok(Decoded::Incomplete { needed }) => {
                let reaches = needed.get().checked_add(cut).unwrap();
                assert!(reaches <= raw.len(), "{context}: {needed} more asked for at byte {cut}");
                assert!(cut < 5 || reaches == raw.len(), "{context}: the length is known at byte {cut}");
            }
            other => panic!("{context}: cut at byte {cut}: {other:?}"),
        }
    }

    #[cfg(feature = "bytes")]
    {
        let frame = bytes::Bytes::copy_from_slice(raw);
        let (shared, consumed) = mqtt_codec::decode_shared(&frame, options).unwrap().complete().unwrap();
        assert_eq!(consumed, raw.len(), "{context}");
        assert_eq!(shared.as_borrowed(), packet, "{context}: shared");
        assert_eq!(format!("{shared:?} {shared}"), format!("{packet:?} {packet}"), "{context}: shared");
    }
    packet
}

/// Encodes in every way, all of which must give the same bytes, and decodes those again. Gives the bytes.
pub(crate) fn encode_every_way(packet: &Packet<&[u8]>, options: DecodeOptions, context: &str) -> Vec<u8> {
    const UNTOUCHED: u8 = 0xA5;
    let version = options.version();
    let len = packet.encoded_len(version).unwrap_or_else(|error| panic!("{context}: {error}"));

    let mut output = vec![UNTOUCHED; len.checked_add(1).unwrap()];
    assert_eq!(packet.encode(version, &mut output), Ok(len), "{context}");
    assert_eq!(output.pop(), Some(UNTOUCHED), "{context}: more than encoded_len");

    let mut too_short = vec![UNTOUCHED; len.checked_sub(1).unwrap()];
    let error = packet.encode(version, &mut too_short).unwrap_err();
    assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: len }, "{context}");
    assert!(too_short.iter().all(|&byte| byte == UNTOUCHED), "{context}: written to before it was refused");

    #[cfg(feature = "bytes")]
    {
        let mut appended = bytes::BytesMut::from(&[UNTOUCHED][..]);
        assert_eq!(packet.encode_to(version, &mut appended), Ok(len), "{context}");
        assert_eq!(appended[1..], output, "{context}: encode_to");
        assert_eq!(packet.to_shared().encoded_len(version), Ok(len), "{context}: shared");
        let mut too_short = &mut too_short[..];
        assert!(packet.encode_to(version, &mut too_short).is_err(), "{context}");
    }

    let again = decode(&output, options).unwrap_or_else(|error| panic!("{context}: encoded: {error}"));
    assert_eq!(again, Decoded::Complete { packet: *packet, consumed: len }, "{context}: encoded");
    output
}

/// What the packet itself says where its JSON says what is on the wire: codes and flags.
pub(crate) fn check_model(packet: &Packet<&[u8]>, fields: &serde_json::Value, version: ProtocolVersion, context: &str) {
    // A code that is left out is success.
    let code = u8::try_from(fields["reason_code"].as_u64().unwrap_or_default()).unwrap();
    let found = match packet {
        Packet::ConnAck(packet) => {
            // In 3.1 the byte of the flags means nothing.
            let session_present = fields["session_present"] == true && version != ProtocolVersion::V3_1;
            assert_eq!(packet.session_present(), session_present, "{context}");
            let code = packet.reason_code();
            if version.is_v3() { code.to_return_code().unwrap() } else { code.as_u8() }
        }
        Packet::PubAck(packet) => packet.reason_code.as_u8(),
        Packet::PubRec(packet) => packet.reason_code.as_u8(),
        Packet::PubRel(packet) => packet.reason_code.as_u8(),
        Packet::PubComp(packet) => packet.reason_code.as_u8(),
        Packet::Disconnect(packet) => packet.reason_code.as_u8(),
        Packet::Auth(packet) => packet.reason_code.as_u8(),
        Packet::SubAck(packet) => {
            let codes = packet.reason_codes().iter().map(|code| code.as_u8());
            assert_eq!(codes.collect::<serde_json::Value>(), fields["reason_codes"], "{context}");
            return;
        }
        Packet::UnsubAck(packet) => {
            let codes = packet.reason_codes.iter().map(|code| code.as_u8());
            assert_eq!(codes.collect::<serde_json::Value>(), fields["reason_codes"], "{context}");
            return;
        }
        Packet::Subscribe(packet) => {
            let filters = fields["filters"].as_array().unwrap();
            assert_eq!(packet.subscriptions.len(), filters.len(), "{context}");
            for (subscription, filter) in packet.subscriptions.iter().zip(filters) {
                assert_eq!(filter["options"], subscription.options.to_byte(), "{context}");
            }
            return;
        }
        _ => return,
    };
    assert_eq!(found, code, "{context}");
}

/// The one form in which the codec writes what these bytes say: in 5.0 an acknowledgement or DISCONNECT has no empty
/// properties, and no success without properties. All else has a single form.
pub(crate) fn canonical(raw: &[u8], version: ProtocolVersion) -> Vec<u8> {
    let reason_code_at = match raw[0] >> 4 {
        4..=7 => 4,
        14 => 2,
        _ => return raw.to_vec(),
    };
    if version.is_v3() || raw[1] >= 0x80 {
        return raw.to_vec(); // a length of two bytes: there are properties
    }
    let mut canonical = raw.to_vec();
    if canonical.get(reason_code_at..).is_some_and(|rest| rest.len() == 2 && rest[1] == 0) {
        canonical.pop();
    }
    if canonical.get(reason_code_at..) == Some(&[0]) {
        canonical.pop();
    }
    canonical[1] = u8::try_from(canonical.len().saturating_sub(2)).unwrap();
    canonical
}
