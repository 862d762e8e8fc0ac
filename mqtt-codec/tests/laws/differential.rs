//! For any bytes and any options: the verdict and the fields are those of the plain decoder.

use super::plain::{self, Fact, Value, Verdict};
use super::{Rules, decode::accepted_packet};
use mqtt_codec::{DecodeErrorKind, Decoded, Packet, Property, PropertyIter, decode};

pub(super) fn law(data: &[u8]) {
    let Some((rules, input)) = Rules::split(data) else { return };
    judged(input, &rules);
}

/// The verdict and the fields are those of the plain decoder; what is accepted can be written again, and an error lies in
/// the input. True if it was accepted.
pub(crate) fn judged(input: &[u8], rules: &Rules) -> bool {
    let decoded = decode(input, rules.options());
    let verdict = match &decoded {
        Ok(Decoded::Complete { packet, consumed }) => Verdict::Accept(*consumed, facts(packet)),
        Ok(Decoded::Incomplete { needed }) => Verdict::Incomplete(needed.get()),
        Err(_) => Verdict::Reject,
    };
    assert_eq!(verdict, plain::decode(input, rules), "{decoded:?} of {input:02x?}, {rules:?}");
    match decoded {
        Ok(Decoded::Complete { packet, consumed }) => accepted_packet(&input[..consumed], rules, &packet),
        Ok(Decoded::Incomplete { .. }) => {}
        // Missing fields are reported at the end of the input.
        // A byte too many is reported before it has arrived: the Remaining Length announces it.
        Err(error) if error.kind() == DecodeErrorKind::TrailingBytes => {
            let header_len = input.iter().skip(1).take_while(|byte| **byte & 0x80 != 0).count() + 2;
            assert!(error.offset() <= input.len().max(header_len + 2), "{error}");
        }
        Err(error) => assert!(error.offset() <= input.len(), "{error}"),
    }
    matches!(verdict, Verdict::Accept(..))
}

fn number(name: &'static str, value: impl Into<u32>) -> Fact {
    Fact::Field(name, Value::Number(value.into()))
}

fn bytes(name: &'static str, value: &[u8]) -> Fact {
    Fact::Field(name, Value::Bytes(value.to_vec()))
}

/// The fields of a packet, in the form of the plain decoder.
fn facts(packet: &Packet<&[u8]>) -> Vec<Fact> {
    let mut facts = Vec::new();
    match packet {
        Packet::Connect(packet) => {
            facts.push(number("level", packet.protocol_version.level()));
            facts.push(number("bridge", packet.bridge));
            facts.push(number("clean start", packet.clean_start));
            facts.push(number("keep alive", packet.keep_alive.as_seconds()));
            facts.extend(properties(packet.properties.iter()));
            facts.push(bytes("client identifier", packet.client_identifier.as_bytes()));
            if let Some(will) = &packet.will {
                facts.push(number("will qos", will.qos.as_u8()));
                facts.push(number("will retain", will.retain));
                facts.extend(properties(will.properties.iter()));
                facts.push(bytes("will topic", will.topic_name.as_bytes()));
                facts.push(bytes("will payload", will.payload.as_bytes()));
            }
            facts.extend(packet.user_name.map(|user_name| bytes("user name", user_name.as_bytes())));
            facts.extend(packet.password.map(|password| bytes("password", password.as_bytes())));
        }
        Packet::ConnAck(packet) => {
            facts.push(number("session present", packet.session_present()));
            facts.push(number("reason code", packet.reason_code().as_u8()));
            facts.extend(properties(packet.properties.iter()));
        }
        Packet::Publish(packet) => {
            facts.push(number("qos", packet.delivery.qos().as_u8()));
            facts.push(number("dup", packet.delivery.dup()));
            facts.push(number("retain", packet.retain));
            facts.extend(packet.delivery.packet_identifier().map(|identifier| identifier_fact(identifier.get())));
            facts.extend(properties(packet.properties().iter()));
            assert_eq!(packet.topic_name().map(|name| name.as_str()).unwrap_or_default(), packet.topic());
            facts.push(bytes("topic name", packet.topic().as_bytes()));
            facts.push(bytes("payload", packet.payload));
        }
        Packet::PubAck(packet) => {
            let code = packet.reason_code.as_u8();
            facts = acknowledgement(packet.packet_identifier.get(), code, packet.properties.iter());
        }
        Packet::PubRec(packet) => {
            let code = packet.reason_code.as_u8();
            facts = acknowledgement(packet.packet_identifier.get(), code, packet.properties.iter());
        }
        Packet::PubRel(packet) => {
            let code = packet.reason_code.as_u8();
            facts = acknowledgement(packet.packet_identifier.get(), code, packet.properties.iter());
        }
        Packet::PubComp(packet) => {
            let code = packet.reason_code.as_u8();
            facts = acknowledgement(packet.packet_identifier.get(), code, packet.properties.iter());
        }
        Packet::Subscribe(packet) => {
            facts.push(identifier_fact(packet.packet_identifier.get()));
            facts.extend(properties(packet.properties.iter()));
            assert_eq!(packet.subscriptions.len(), packet.subscriptions.iter().count());
            for subscription in &packet.subscriptions {
                facts.push(bytes("topic filter", subscription.topic_filter.as_bytes()));
                facts.push(number("options", subscription.options.to_byte()));
            }
        }
        Packet::SubAck(packet) => {
            facts.push(identifier_fact(packet.packet_identifier.get()));
            facts.extend(properties(packet.properties.iter()));
            facts.extend(packet.reason_codes().iter().map(|code| number("reason code", code.as_u8())));
        }
        Packet::Unsubscribe(packet) => {
            facts.push(identifier_fact(packet.packet_identifier.get()));
            facts.extend(properties(packet.properties.iter()));
            assert_eq!(packet.topic_filters.len(), packet.topic_filters.iter().count());
            facts.extend(packet.topic_filters.iter().map(|filter| bytes("topic filter", filter.as_bytes())));
        }
        Packet::UnsubAck(packet) => {
            facts.push(identifier_fact(packet.packet_identifier.get()));
            facts.extend(properties(packet.properties.iter()));
            facts.extend(packet.reason_codes.iter().map(|code| number("reason code", code.as_u8())));
        }
        Packet::PingReq(_) | Packet::PingResp(_) => {}
        Packet::Disconnect(packet) => {
            facts.push(number("reason code", packet.reason_code.as_u8()));
            facts.extend(properties(packet.properties.iter()));
        }
        Packet::Auth(packet) => {
            facts.push(number("reason code", packet.reason_code.as_u8()));
            facts.extend(properties(packet.properties.iter()));
        }
    }
    facts
}

fn identifier_fact(identifier: u16) -> Fact {
    number("packet identifier", identifier)
}

fn acknowledgement(identifier: u16, code: u8, set: PropertyIter<'_>) -> Vec<Fact> {
    let mut facts = vec![identifier_fact(identifier), number("reason code", code)];
    facts.extend(properties(set));
    facts
}

fn properties(set: PropertyIter<'_>) -> Vec<Fact> {
    set.map(|property| Fact::Property(property.identifier().as_u8(), value(&property))).collect()
}

fn value(property: &Property<'_>) -> Value {
    Value::Number(match property {
        Property::PayloadFormatIndicator(format) => u32::from(*format == mqtt_codec::PayloadFormat::Utf8),
        Property::RequestProblemInformation(flag)
        | Property::RequestResponseInformation(flag)
        | Property::RetainAvailable(flag)
        | Property::WildcardSubscriptionAvailable(flag)
        | Property::SubscriptionIdentifierAvailable(flag)
        | Property::SharedSubscriptionAvailable(flag) => u32::from(*flag),
        Property::MaximumQoS(qos) => qos.as_u8().into(),
        Property::ServerKeepAlive(keep_alive) => keep_alive.as_seconds().into(),
        Property::TopicAliasMaximum(number) => u32::from(*number),
        Property::ReceiveMaximum(number) | Property::TopicAlias(number) => number.get().into(),
        Property::MessageExpiryInterval(seconds)
        | Property::SessionExpiryInterval(seconds)
        | Property::WillDelayInterval(seconds) => *seconds,
        Property::MaximumPacketSize(size) => size.get(),
        Property::SubscriptionIdentifier(identifier) => identifier.get(),
        Property::ContentType(text)
        | Property::AssignedClientIdentifier(text)
        | Property::AuthenticationMethod(text)
        | Property::ResponseInformation(text)
        | Property::ServerReference(text)
        | Property::ReasonString(text) => return Value::Bytes(text.as_bytes().to_vec()),
        Property::ResponseTopic(name) => return Value::Bytes(name.as_bytes().to_vec()),
        Property::CorrelationData(data) | Property::AuthenticationData(data) => {
            return Value::Bytes(data.as_bytes().to_vec());
        }
        Property::UserProperty(pair) => {
            return Value::Pair(pair.name.as_bytes().to_vec(), pair.value.as_bytes().to_vec());
        }
    })
}
