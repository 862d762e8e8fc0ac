//! CONNECT: section 3.1.
//!
//! ```text
//! Protocol Name · Protocol Version · Connect Flags · Keep Alive · [Properties]   variable header
//! Client Identifier · [Will] · [User Name] · [Password]                          payload
//! Will: [Will Properties] · Will Topic · Will Payload
//! Connect Flags: User Name, Password, Will Retain, Will QoS (2 bits), Will Flag, Clean Start, 0
//! ```

use crate::error::{DecodeError, DecodeErrorKind, Field};
use crate::options::{DecodeOptions, EncodeOptions, Leniency};
use crate::packet::publish;
use crate::wire::encode_body::{EncodeBody, Refusal};
use crate::wire::fixed_header::{check_fixed_flags, check_minimal};
use crate::wire::length::Length as _;
use crate::wire::outcome::{Outcome, refuse};
use crate::wire::primitives::{
    ParseResult, Parsed, binary_data, byte, fail, length_prefixed, topic_name, two_byte_integer, utf8_string,
};
use crate::wire::properties;
use crate::wire::write::Write;
use mqtt_types::{
    Buffer, Connect, ConnectProperties, DecodedVariableByteInteger, Flags, KeepAlive, Packet, PacketType,
    ProtocolVersion, QoS, VariableByteInteger, Will, WillProperties,
};

const USER_NAME: u8 = 0b1000_0000;
const PASSWORD: u8 = 0b0100_0000;
const WILL_RETAIN: u8 = 0b0010_0000;
const WILL_QOS: u8 = 0b0001_1000;
const WILL: u8 = 0b0000_0100;
const CLEAN_START: u8 = 0b0000_0010;
const RESERVED: u8 = 0b0000_0001;

/// Decodes a CONNECT.
///
/// An error has the version of the packet once that is known, and the version of the options before.
///
/// Takes the header without its length, which fits into a register: decoders of all types would pay for one in memory.
#[inline(never)]
pub(crate) fn decode<'a, O: Outcome<'a>>(
    frame: &'a [u8],
    header_len: usize,
    options: &DecodeOptions,
    mut outcome: O,
) -> Result<O::Packet, DecodeError> {
    let body = frame.get(header_len..).unwrap_or_default();
    let (error, options) = match protocol(body, options) {
        Ok((rest, (version, bridge))) => {
            let options = options.with_version(version);
            let checked = check_version(body, rest, version, outcome.expected_version())
                .and_then(|()| check_header(frame, header_len, &options))
                .and_then(|()| after_protocol(rest, bridge, &options));
            match checked {
                Ok(connect) => {
                    outcome.connected(version);
                    return Ok(outcome.decoded(connect));
                }
                Err(error) => (error, options),
            }
        }
        Err(error) => (error, *options),
    };
    refuse(outcome, error, options, frame, PacketType::Connect)
}

/// Checks that the version is that of the connection. `after_level` is the rest of the body after the Protocol Version.
#[inline(always)]
fn check_version<'a>(
    body: &'a [u8],
    after_level: &[u8],
    version: ProtocolVersion,
    expected: Option<ProtocolVersion>,
) -> ParseResult<'a, ()> {
    if expected.is_none_or(|expected| expected == version) {
        return Ok(());
    }
    let level = body.len().saturating_sub(after_level.len()).saturating_sub(1);
    fail(body.get(level..).unwrap_or_default(), DecodeErrorKind::UnsupportedProtocolVersion, Field::ProtocolVersion)
}

/// Checks the parts of the fixed header whose rules depend on the version.
#[inline(always)]
fn check_header<'a>(frame: &'a [u8], header_len: usize, options: &DecodeOptions) -> ParseResult<'a, ()> {
    let flags = Flags::from_first_byte(frame.first().copied().unwrap_or_default());
    if let Some(kind) = check_fixed_flags(PacketType::Connect, flags, options.version) {
        return fail(frame, kind, Field::Flags);
    }
    let remaining_length = DecodedVariableByteInteger {
        value: VariableByteInteger::try_from(frame.len().saturating_sub(header_len)).unwrap_or_default(),
        len: header_len.saturating_sub(1),
    };
    if let Some(kind) = check_minimal(remaining_length, options) {
        return fail(frame.get(1..).unwrap_or_default(), kind, Field::RemainingLength);
    }
    Ok(())
}

/// Parses Protocol Name and Protocol Version. Returns the version and whether it has the mark of a bridge.
#[inline(always)]
fn protocol<'a>(input: &'a [u8], options: &DecodeOptions) -> Parsed<'a, (ProtocolVersion, bool)> {
    let (rest, name) = length_prefixed(input, Field::ProtocolName)?;
    if !matches!(name, b"MQTT" | b"MQIsdp") {
        // MQTT-3.1.2-1. The fault of an empty name is at its length, because the name has no byte.
        let at = if name.is_empty() { input } else { name };
        return fail(at, DecodeErrorKind::InvalidProtocolName, Field::ProtocolName);
    }
    let (after_level, level) = byte(rest, Field::ProtocolVersion)?;
    let bridge = options.allows(Leniency::BridgeBit) && level & ProtocolVersion::BRIDGE_BIT != 0;
    let plain_level = if bridge { level & !ProtocolVersion::BRIDGE_BIT } else { level };
    let version = match (name, plain_level) {
        (b"MQTT", 3) if options.allows(Leniency::MqttLevel3) => Some(ProtocolVersion::V3_1),
        _ => ProtocolVersion::from_name_and_level(name, plain_level),
    };
    match version {
        // Bridges do not send the mark in 5.0, where Subscription Options replace it.
        Some(version) if !(bridge && version == ProtocolVersion::V5) => Ok((after_level, (version, bridge))),
        _ => fail(rest, DecodeErrorKind::UnsupportedProtocolVersion, Field::ProtocolVersion), // MQTT-3.1.2-2
    }
}

/// Parses everything after the Protocol Version.
#[inline(always)]
fn after_protocol<'a>(input: &'a [u8], bridge: bool, options: &DecodeOptions) -> ParseResult<'a, Connect<&'a [u8]>> {
    let (rest, flags) = connect_flags(input, options)?;
    let (rest, keep_alive) = two_byte_integer(rest, Field::KeepAlive)?;
    let (rest, properties) = if options.version.is_v3() {
        (rest, ConnectProperties::default())
    } else {
        properties::decode_with_placeholders(
            rest,
            options,
            ConnectProperties::new,
            ConnectProperties::new_skipping_placeholders,
            |set| set.iter(),
        )?
    };
    let (rest, client_identifier) = client_identifier(rest, flags, options)?;
    let (rest, will) = if flags & WILL == 0 {
        (rest, None)
    } else {
        let (rest, will) = will(rest, flags, options)?;
        (rest, Some(will))
    };
    let (rest, user_name) = if is_present(flags & USER_NAME != 0, rest, options) {
        let (rest, user_name) = utf8_string(rest, Field::UserName, options)?;
        (rest, Some(user_name))
    } else {
        (rest, None)
    };
    let (rest, password) = if is_present(flags & PASSWORD != 0, rest, options) {
        let (rest, password) = binary_data(rest, Field::Password)?;
        (rest, Some(password))
    } else {
        (rest, None)
    };
    if !rest.is_empty() {
        // The bytes that are left are attributed to the first field whose flag is not set.
        let field = match (&user_name, &password) {
            (None, _) => Field::UserName,
            (_, None) => Field::Password,
            _ => Field::Payload,
        };
        return fail(rest, DecodeErrorKind::TrailingBytes, field);
    }
    Ok(Connect {
        protocol_version: options.version,
        bridge,
        clean_start: flags & CLEAN_START != 0,
        keep_alive: KeepAlive::from_seconds(keep_alive),
        properties,
        client_identifier,
        will,
        user_name,
        password,
    })
}

/// Returns `true` if a User Name or Password is present.
///
/// In 3.1 the Remaining Length takes precedence over the flags: both fields may be missing although their flag is set.
const fn is_present(flag: bool, rest: &[u8], options: &DecodeOptions) -> bool {
    flag && !(matches!(options.version, ProtocolVersion::V3_1) && rest.is_empty())
}

#[inline(always)]
fn connect_flags<'a>(input: &'a [u8], options: &DecodeOptions) -> Parsed<'a, u8> {
    let (rest, flags) = byte(input, Field::ConnectFlags)?;
    // 3.1 ignores the reserved bit, and the flags of the Will if there is no Will.
    let is_checked = options.version != ProtocolVersion::V3_1;
    if is_checked && flags & RESERVED != 0 {
        return fail(input, DecodeErrorKind::ReservedConnectFlag, Field::ConnectFlags); // MQTT-3.1.2-3
    }
    if flags & WILL == 0 {
        let is_checked = is_checked && !options.allows(Leniency::WillFlagsWithoutWill);
        if is_checked && flags & WILL_QOS != 0 {
            return fail(input, DecodeErrorKind::WillFlagsWithoutWill, Field::WillQoS); // MQTT-3.1.2-11
        }
        if is_checked && flags & WILL_RETAIN != 0 {
            return fail(input, DecodeErrorKind::WillFlagsWithoutWill, Field::WillRetain); // MQTT-3.1.2-13
        }
    } else if flags & WILL_QOS == WILL_QOS {
        return fail(input, DecodeErrorKind::InvalidQoS, Field::WillQoS); // MQTT-3.1.2-12
    }
    let needs_user_name = options.version.is_v3() && !options.allows(Leniency::PasswordWithoutUserName);
    if needs_user_name && flags & (USER_NAME | PASSWORD) == PASSWORD {
        return fail(input, DecodeErrorKind::PasswordWithoutUserName, Field::Password); // 3.1.1: MQTT-3.1.2-22
    }
    Ok((rest, flags))
}

#[inline(always)]
fn client_identifier<'a>(
    input: &'a [u8],
    flags: u8,
    options: &DecodeOptions,
) -> Parsed<'a, mqtt_types::Utf8String<&'a [u8]>> {
    let (rest, identifier) = utf8_string(input, Field::ClientIdentifier, options)?;
    let must_not_be_empty = match options.version {
        ProtocolVersion::V3_1 => true,                       // 1 to 23 characters
        ProtocolVersion::V3_1_1 => flags & CLEAN_START == 0, // MQTT-3.1.3-8
        ProtocolVersion::V5 => false,
    };
    if must_not_be_empty && identifier.is_empty() && !options.allows(Leniency::EmptyClientIdentifier) {
        return fail(input, DecodeErrorKind::EmptyClientIdentifier, Field::ClientIdentifier);
    }
    if options.refuses_long_client_identifiers()
        && options.version == ProtocolVersion::V3_1
        && identifier.chars().count() > 23
    {
        return fail(input, DecodeErrorKind::ClientIdentifierTooLong, Field::ClientIdentifier);
    }
    Ok((rest, identifier))
}

#[inline(always)]
fn will<'a>(input: &'a [u8], flags: u8, options: &DecodeOptions) -> Parsed<'a, Will<&'a [u8]>> {
    let (rest, properties) =
        properties::decode_in_version(input, Field::WillProperties, options, WillProperties::new, |set| set.iter())?;
    let (rest, topic_name) = topic_name(rest, Field::WillTopic, options)?;
    let (rest, payload) = binary_data(rest, Field::WillPayload)?;
    if options.checks_payload_format() {
        publish::check_payload_format(properties.payload_format_indicator(), payload.as_bytes(), Field::WillPayload)?;
    }
    // `connect_flags` has refused QoS 3.
    let qos = QoS::from_u8((flags & WILL_QOS) >> 3).unwrap_or_default();
    Ok((rest, Will { topic_name, payload, qos, retain: flags & WILL_RETAIN != 0, properties }))
}

/// The version in the options is ignored: a CONNECT is encoded in its own.
impl<B: Buffer> EncodeBody for Connect<B> {
    const PACKET_TYPE: PacketType = PacketType::Connect;

    #[inline]
    fn has_placeholders(&self) -> bool {
        self.properties.has_placeholders()
    }

    fn as_packet(&self) -> Packet<&[u8]> {
        self.as_borrowed().into()
    }

    #[inline(always)]
    fn own_options(&self, options: EncodeOptions) -> EncodeOptions {
        EncodeOptions { version: self.protocol_version, ..options }
    }

    #[inline(always)]
    fn body_len(&self, _: &EncodeOptions) -> Result<usize, Refusal> {
        let version = self.protocol_version;
        let error = |field| Err(Refusal::NotInVersion(field));
        let is_v3 = version.is_v3();
        if self.bridge && !is_v3 {
            return error(Field::ProtocolVersion);
        }
        if is_v3 && !self.properties.is_empty() {
            return error(Field::Properties);
        }
        if is_v3 && self.password.is_some() && self.user_name.is_none() {
            return error(Field::Password);
        }
        let may_be_empty = match version {
            ProtocolVersion::V3_1 => false,
            ProtocolVersion::V3_1_1 => self.clean_start,
            ProtocolVersion::V5 => true,
        };
        if self.client_identifier.is_empty() && !may_be_empty {
            return error(Field::ClientIdentifier);
        }
        // The lengths of two strings, the Protocol Version, the Connect Flags and the Keep Alive.
        let mut len = 8_usize.plus(version.protocol_name().len()).plus(self.client_identifier.len());
        if !is_v3 {
            len = len.plus(properties::encoded_len(self.properties.as_bytes()));
        }
        if let Some(will) = &self.will {
            if !is_v3 {
                len = len.plus(properties::encoded_len(will.properties.as_bytes()));
            } else if !will.properties.is_empty() {
                return error(Field::WillProperties);
            }
            len = len.plus(4).plus(will.topic_name.len()).plus(will.payload.len());
        }
        if let Some(user_name) = &self.user_name {
            len = len.plus(2).plus(user_name.len());
        }
        if let Some(password) = &self.password {
            len = len.plus(2).plus(password.len());
        }
        Ok(len)
    }

    #[inline]
    fn write_body<'p>(&'p self, _: &EncodeOptions, output: &mut impl Write<'p>) {
        let bridge = if self.bridge { ProtocolVersion::BRIDGE_BIT } else { 0 };
        let mut flags = if self.clean_start { CLEAN_START } else { 0 };
        if let Some(will) = &self.will {
            flags |= WILL | will.qos.as_u8() << 3 | if will.retain { WILL_RETAIN } else { 0 };
        }
        flags |= if self.user_name.is_some() { USER_NAME } else { 0 };
        flags |= if self.password.is_some() { PASSWORD } else { 0 };
        let level = self.protocol_version.level() | bridge;
        let [high, low] = self.keep_alive.as_seconds().to_be_bytes();
        // In one step each. The level tells 3.1.1 and 5.0 apart.
        match self.protocol_version {
            ProtocolVersion::V3_1 => output.put(&[0, 6, b'M', b'Q', b'I', b's', b'd', b'p', level, flags, high, low]),
            _ => output.put(&[0, 4, b'M', b'Q', b'T', b'T', level, flags, high, low]),
        }
        if !self.protocol_version.is_v3() {
            output.put_properties(None, self.properties.iter());
        }
        output.put_prefixed(self.client_identifier.as_bytes());
        if let Some(will) = &self.will {
            properties::write_in_version(will.properties.as_bytes(), self.protocol_version, output);
            output.put_prefixed(will.topic_name.as_bytes());
            output.put_prefixed(will.payload.as_bytes());
        }
        if let Some(user_name) = &self.user_name {
            output.put_prefixed(user_name.as_bytes());
        }
        if let Some(password) = &self.password {
            output.put_prefixed(password.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Vector, refuses};
    use crate::{DecodeErrorKind as Kind, DecodeOptions};
    use mqtt_types::ProtocolVersion::{V3_1, V3_1_1, V5};
    use mqtt_types::{
        BinaryData, Connect, ConnectProperties, KeepAlive, QoS, TopicName, Utf8String, Will, WillProperties,
    };

    const NAME: &[u8] = &[0x00, 0x04, b'M', b'Q', b'T', b'T'];
    const OLD_NAME: &[u8] = &[0x00, 0x06, b'M', b'Q', b'I', b's', b'd', b'p'];

    fn minimal(identifier: &'static str) -> Connect<&'static [u8]> {
        let keep_alive = KeepAlive::from_seconds(60);
        Connect { keep_alive, ..Connect::new(Utf8String::from_static(identifier)) }
    }

    #[test]
    fn vectors() {
        let properties = ConnectProperties::new(&[0x21, 0x00, 0x14, 0x26, 0, 1, b'k', 0, 1, b'v']).unwrap();
        let will_properties = WillProperties::new(&[0x18, 0, 0, 0, 5]).unwrap();
        let will = Will::new(TopicName::from_static("w"), BinaryData::new(b"").unwrap());
        let full = Connect {
            clean_start: false,
            will: Some(Will { qos: QoS::AtLeastOnce, retain: true, properties: will_properties, ..will }),
            user_name: Some(Utf8String::from_static("u")),
            password: Some(BinaryData::new(&[0xFF]).unwrap()),
            properties,
            ..minimal("c")
        };
        let without_properties = |connect: Connect<&'static [u8]>| Connect {
            properties: ConnectProperties::default(),
            will: connect.will.map(|will| Will { properties: WillProperties::default(), ..will }),
            ..connect
        };
        for vector in [
            Vector {
                version: V5,
                bytes: &[
                    &[0x10],
                    NAME,
                    &[5],           // Protocol Version
                    &[0b0000_0010], // Clean Start
                    &[0, 60],       // Keep Alive
                    &[0],           // Property Length
                    &[0, 0],        // Client Identifier
                ],
                packet: minimal("").into(),
            },
            Vector {
                version: V5,
                bytes: &[
                    &[0x10],
                    NAME,
                    &[5],
                    &[0b1110_1100], // User Name, Password, Will Retain, Will QoS 1, Will
                    &[0, 60],
                    &[10],                                             // Property Length
                    &[0x21, 0x00, 0x14, 0x26, 0, 1, b'k', 0, 1, b'v'], // Receive Maximum, User Property
                    &[0, 1, b'c'],
                    &[5], // Will Property Length
                    &[0x18, 0, 0, 0, 5],
                    &[0, 1, b'w'], // Will Topic
                    &[0, 0],       // Will Payload
                    &[0, 1, b'u'], // User Name
                    &[0, 1, 0xFF], // Password
                ],
                packet: full.into(),
            },
            Vector {
                version: V3_1_1,
                bytes: &[
                    &[0x10],
                    NAME,
                    &[4],
                    &[0b1110_1100],
                    &[0, 60],
                    &[0, 1, b'c'],
                    &[0, 1, b'w'],
                    &[0, 0],
                    &[0, 1, b'u'],
                    &[0, 1, 0xFF],
                ],
                packet: without_properties(Connect { protocol_version: V3_1_1, ..full }).into(),
            },
            Vector {
                version: V3_1_1,
                bytes: &[&[0x10], NAME, &[4], &[0b0000_0010], &[0, 60], &[0, 0]],
                packet: Connect { protocol_version: V3_1_1, ..minimal("") }.into(),
            },
            Vector {
                version: V3_1,
                bytes: &[&[0x10], OLD_NAME, &[3], &[0b0000_0010], &[0, 60], &[0, 1, b'c']],
                packet: Connect { protocol_version: V3_1, ..minimal("c") }.into(),
            },
        ] {
            vector.check();
        }
    }

    #[test]
    fn uses_its_own_version_instead_of_that_of_the_options() {
        let bytes: &[&[u8]] = &[&[0x10], NAME, &[4], &[0b0000_0010], &[0, 60], &[0, 0]];
        let packet = Connect { protocol_version: V3_1_1, ..minimal("") }.into();
        for version in [V3_1, V5] {
            Vector { version, bytes, packet }.check();
        }
        // A Remaining Length may have more bytes than necessary in 3.1.1 but not in 5.0.
        let bytes = [&[0x10, 0x8C, 0x00], NAME, &[4, 2, 0, 60, 0, 0]].concat();
        assert!(crate::decode(&bytes, V5).is_ok());
        let bytes = [&[0x10, 0x8D, 0x00], NAME, &[5, 2, 0, 60, 0, 0, 0]].concat();
        let error = crate::decode(&bytes, V3_1_1).unwrap_err();
        assert_eq!((error.kind(), error.offset(), error.version()), (Kind::VariableByteIntegerNotMinimal, 1, V5));
    }

    #[test]
    fn bridge_bit_is_separate_from_the_version() {
        let bytes: &[&[u8]] = &[&[0x10], NAME, &[0x84], &[0b0000_0010], &[0, 60], &[0, 1, b'c']];
        refuses(V3_1_1, bytes, Kind::UnsupportedProtocolVersion, 8);
        let options = DecodeOptions::new(V5).allow_bridge_bit(true);
        let frame = crate::testing::frame(bytes);
        let (packet, _) = crate::decode(&frame, options).unwrap().complete().unwrap();
        assert_eq!(packet, Connect { protocol_version: V3_1_1, bridge: true, ..minimal("c") }.into());
        let mut output = [0; 64];
        let len = crate::Encode::encode(&packet, V3_1_1, &mut output).unwrap();
        assert_eq!(output[..len], frame);
        refuses(options, &[&[0x10], NAME, &[0x85], &[2, 0, 60, 0, 0, 0]], Kind::UnsupportedProtocolVersion, 8);
    }

    #[test]
    fn refuses_each_fault_at_its_byte() {
        for (bytes, kind, offset) in [
            (
                &[&[0x10][..], &[0x00, 0x04, b'm', b'q', b't', b't'], &[4, 2, 0, 60, 0, 0]][..],
                Kind::InvalidProtocolName,
                4,
            ),
            (&[&[0x10], &[0, 0, 4, 2, 0, 60, 0, 0]], Kind::InvalidProtocolName, 2),
            (&[&[0x10], NAME, &[6, 2, 0, 60, 0, 0]], Kind::UnsupportedProtocolVersion, 8),
            (&[&[0x11], NAME, &[5, 2, 0, 60, 0, 0, 0]], Kind::InvalidFlags, 0),
            (&[&[0x10], NAME, &[5, 3, 0, 60, 0, 0, 0]], Kind::ReservedConnectFlag, 9),
            (&[&[0x10], NAME, &[5, 0b0000_1010, 0, 60, 0, 0, 0]], Kind::WillFlagsWithoutWill, 9),
            (&[&[0x10], NAME, &[5, 0b0010_0010, 0, 60, 0, 0, 0]], Kind::WillFlagsWithoutWill, 9),
            (&[&[0x10], NAME, &[5, 0b0001_1110, 0, 60, 0, 0, 0]], Kind::InvalidQoS, 9),
            (&[&[0x10], NAME, &[4, 0b0100_0010, 0, 60, 0, 0, 0, 0]], Kind::PasswordWithoutUserName, 9),
            (&[&[0x10], NAME, &[4, 0, 0, 60, 0, 0]], Kind::EmptyClientIdentifier, 12),
            (&[&[0x10], NAME, &[5, 2, 0, 60]], Kind::UnexpectedEnd, 12),
            (&[&[0x10], NAME, &[5, 2, 0, 60, 3, 0x21, 0, 0, 0, 0]], Kind::InvalidPropertyValue, 14),
            (&[&[0x10], NAME, &[5, 2, 0, 60, 0, 0, 1, 0]], Kind::NulCharacter, 15),
            (&[&[0x10], NAME, &[5, 6, 0, 60, 0, 0, 0, 0, 0, 2, b'a', b'+', 0, 0]], Kind::WildcardInTopicName, 19),
            (&[&[0x10], NAME, &[5, 2, 0, 60, 0, 0, 0, 0]], Kind::TrailingBytes, 15),
            (&[&[0x10], NAME, &[5, 0b1000_0010, 0, 60, 0, 0, 0]], Kind::UnexpectedEnd, 15),
        ] {
            refuses(V5, bytes, kind, offset);
        }
    }

    #[test]
    fn in_3_1_unused_bits_are_ignored_and_the_length_takes_precedence_over_the_flags() {
        // Every flag of the fixed header is set, and so are the reserved Connect Flag, Will QoS and Will Retain without a Will,
        // and the flags of User Name and Password, which are missing.
        let bytes: &[&[u8]] = &[&[0x1F], OLD_NAME, &[3], &[0b1111_1011], &[0, 60], &[0, 1, b'c']];
        let frame = crate::testing::frame(bytes);
        let (packet, _) = crate::decode(&frame, V3_1).unwrap().complete().unwrap();
        assert_eq!(packet, Connect { protocol_version: V3_1, ..minimal("c") }.into());
        refuses(V3_1, &[&[0x10], OLD_NAME, &[3, 2, 0, 60, 0, 0]], Kind::EmptyClientIdentifier, 14);
        let long = &[&[0x10], OLD_NAME, &[3, 2, 0, 60, 0, 24], &b"abcdefghijklmnopqrstuvwx"[..]][..];
        assert!(crate::decode(&crate::testing::frame(long), V3_1).is_ok());
        let options = DecodeOptions::new(V3_1).refuse_long_client_identifiers(true);
        refuses(options, long, Kind::ClientIdentifierTooLong, 14);
    }
}
