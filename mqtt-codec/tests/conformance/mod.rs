//! Code that the conformance tests of all versions share: packets that are assembled from parts, the expected results,
//! and the check that every statement of a list has a test.

use mqtt_codec::{
    DecodeErrorKind, DecodeOptions, Decoded, Encode, EncodeErrorKind, EncodeOptions, Field, Packet, PacketType,
    ReasonCode, decode,
};

/// Returns a packet from its first byte and the parts of its body. The Remaining Length is inserted between them.
pub(crate) fn packet(first_byte: u8, body: &[&[u8]]) -> Vec<u8> {
    let body = body.concat();
    [&[first_byte][..], &variable_byte_integer(body.len()), &body].concat()
}

/// A Variable Byte Integer in the fewest bytes.
pub(crate) fn variable_byte_integer(value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = value;
    loop {
        let low = u8::try_from(rest % 128).unwrap();
        rest /= 128;
        if rest == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// Returns a two-byte length and the text or data after it.
pub(crate) fn string(text: impl AsRef<[u8]>) -> Vec<u8> {
    let text = text.as_ref();
    [&u16::try_from(text.len()).unwrap().to_be_bytes(), text].concat()
}

/// Checks that the bytes are one packet, and returns it. Borrowed and shared decoding must agree.
#[track_caller]
pub(crate) fn accepts(options: impl Into<DecodeOptions>, bytes: &[u8]) -> Packet<&[u8]> {
    let options = options.into();
    let packet = match decode(bytes, options) {
        Ok(Decoded::Complete { packet, consumed }) => {
            assert_eq!(consumed, bytes.len(), "bytes of {bytes:02X?} are left over");
            packet
        }
        Ok(Decoded::Incomplete { needed }) => panic!("{bytes:02X?} wants {needed} more bytes"),
        Err(error) => panic!("{bytes:02X?} is refused: {error}"),
    };
    #[cfg(feature = "bytes")]
    {
        let shared = mqtt_codec::decode_shared(&bytes::Bytes::copy_from_slice(bytes), options);
        let (shared, _) = shared.unwrap().complete().unwrap();
        assert!(shared == packet, "{bytes:02X?}: shared {shared:?}, borrowed {packet:?}");
    }
    packet
}

/// Checks that the bytes are one packet, which encodes to `canonical`, and returns it.
#[track_caller]
pub(crate) fn rewrites<'a>(options: impl Into<DecodeOptions>, bytes: &'a [u8], canonical: &[u8]) -> Packet<&'a [u8]> {
    let options = options.into();
    let packet = accepts(options, bytes);
    writes(packet, options.version(), canonical);
    packet
}

/// Checks that the bytes are one packet, which encodes to the same bytes, and returns it.
#[track_caller]
pub(crate) fn round_trips(options: impl Into<DecodeOptions>, bytes: &[u8]) -> Packet<&[u8]> {
    rewrites(options, bytes, bytes)
}

/// Checks that the packet encodes to these bytes, that its announced length is correct, and that the bytes after them
/// are unchanged.
#[track_caller]
pub(crate) fn writes<'a>(packet: impl Into<Packet<&'a [u8]>>, options: impl Into<EncodeOptions>, bytes: &[u8]) {
    let (packet, options) = (packet.into(), options.into());
    let mut output = vec![0xAA; bytes.len() + 64];
    match packet.encode(options, &mut output) {
        Ok(len) => assert!(output.starts_with(bytes) && len == bytes.len(), "{packet:?} as {:02X?}", &output[..len]),
        Err(error) => panic!("{packet:?}, {bytes:02X?}, is not written: {error}"),
    }
    assert!(output[bytes.len()..].iter().all(|&byte| byte == 0xAA), "{packet:?}: written behind its end");
    assert_eq!(packet.encoded_len(options), Ok(bytes.len()), "{packet:?}");
}

/// Checks that the bytes are refused for this reason, at this byte, by this rule, and are answered with this Reason
/// Code.
#[track_caller]
pub(crate) fn refuses(
    options: impl Into<DecodeOptions>,
    bytes: &[u8],
    kind: DecodeErrorKind,
    field: Field,
    offset: usize,
    rule: &str,
    answer: impl Into<Option<ReasonCode>>,
) {
    let options = options.into();
    let error = match decode(bytes, options) {
        Err(error) => error,
        Ok(decoded) => panic!("{bytes:02X?} is not refused by {rule}: {decoded:?}"),
    };
    let found = (error.kind(), error.field(), error.offset(), error.rule(), error.reason_code());
    assert_eq!(found, (kind, field, offset, rule, answer.into()), "{bytes:02X?}: {error}");
    assert_eq!(error.statement(), Some(rule).filter(|rule| rule.starts_with("MQTT-")), "{bytes:02X?}");
    assert_eq!(error.packet_type(), PacketType::from_first_byte(bytes[0]), "{bytes:02X?}");
    assert!(error.to_string().ends_with(&format!("[{rule}]")), "{bytes:02X?}: {error}");
    // The next packet has no part in it.
    assert_eq!(decode(&[bytes, &[0x00]].concat(), options).err(), Some(error), "{bytes:02X?} with a byte behind it");
    #[cfg(feature = "bytes")]
    {
        let shared = mqtt_codec::decode_shared(&bytes::Bytes::copy_from_slice(bytes), options);
        assert_eq!(shared.err(), Some(error), "{bytes:02X?} shared");
    }
}

/// Checks bytes that break more than one rule. The error may name any of them, so the answer is one of these.
#[track_caller]
pub(crate) fn refuses_somehow(options: impl Into<DecodeOptions>, bytes: &[u8], answers: &[Option<ReasonCode>]) {
    match decode(bytes, options.into()) {
        Err(error) => assert!(answers.contains(&error.reason_code()), "{bytes:02X?}: {error}"),
        Ok(decoded) => panic!("{bytes:02X?} is not refused: {decoded:?}"),
    }
}

/// Checks that encoding returns this error, and that the output is unchanged.
#[track_caller]
pub(crate) fn refuses_to_write<'a>(
    packet: impl Into<Packet<&'a [u8]>>,
    options: impl Into<EncodeOptions>,
    kind: EncodeErrorKind,
    field: Field,
    rule: &str,
) {
    let (packet, options) = (packet.into(), options.into());
    let mut output = [0xAA; 256];
    let error = match packet.encode(options, &mut output) {
        Err(error) => error,
        Ok(len) => panic!("{packet:?} is written: {:02X?}", &output[..len]),
    };
    assert_eq!((error.kind(), error.field(), error.rule()), (kind, field, rule), "{packet:?}: {error}");
    assert_eq!(error.packet_type(), packet.packet_type(), "{packet:?}");
    assert_eq!(packet.encoded_len(options), Err(error), "{packet:?}");
    assert_eq!(output, [0xAA; 256], "{packet:?}: the output is touched");
}

/// Checks that every identifier of the list, one at the start of each line, has a test whose name begins with it, and
/// every test but `no_statement_is_without_a_test` belongs to an identifier of the list: to the longest that its name
/// begins with.
#[track_caller]
pub(crate) fn check_list(list: &str, source: &str) -> Vec<String> {
    let in_snake_case = |id: &str| id.to_ascii_lowercase().replace(['-', '.'], "_");
    let ids: Vec<String> = list.lines().filter_map(|line| line.split_whitespace().next()).map(in_snake_case).collect();
    let mut tested = Vec::new();
    for test in tests(source).filter(|name| *name != "no_statement_is_without_a_test") {
        let begins = |id: &&String| {
            let rest = test.strip_prefix(id.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        };
        match ids.iter().filter(begins).max_by_key(|id| id.len()) {
            Some(id) => tested.push(id),
            None => panic!("{test} is the test of no statement in the list"),
        }
    }
    for (index, id) in ids.iter().enumerate() {
        assert!(tested.contains(&id), "{id} has no test");
        assert!(!ids[..index].contains(id), "{id} is in the list twice");
    }
    ids
}

/// The names of the test functions in a source file. The name stands right behind `#[test]`: one that is ignored does not
/// count.
fn tests(source: &str) -> impl Iterator<Item = &str> {
    assert!(!source.contains(concat!("#[", "ignore")), "a test is ignored");
    let lines = source.lines().zip(source.lines().skip(1));
    lines.filter(|(line, _)| *line == "#[test]").filter_map(|(_, next)| next.strip_prefix("fn ")?.strip_suffix("() {"))
}
