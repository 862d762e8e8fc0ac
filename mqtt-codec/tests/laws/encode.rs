//! For any packet, version, sender and options: encoding gives bytes that decode to an equal packet, or an error that
//! the tables of the standard justify.
//!
//! The packets include those that the version cannot express: generated for one version and encoded for another, or
//! decoded with leniencies.

use super::Rules;
use arbitrary::Unstructured;
use bytes::Bytes;
use mqtt_codec::{
    DecodeOptions, Decoded, DisconnectReasonCode, Encode, EncodeErrorKind as Kind, EncodeOptions, Field, Packet,
    PacketType, PropertyIdentifier, PropertyIter, ProtocolVersion, PubAckReasonCode, PubRelReasonCode, ReasonCode,
    ReasonCodes, Sender, SubAck, SubAckReasonCode, UnsubAck, decode,
};

pub(super) fn law(data: &[u8]) {
    let Some((rules, input)) = Rules::split(data) else { return };
    let (senders, refuses_discouraged) = ([rules.sender], [rules.refuse_discouraged_characters]);
    if let Ok(Decoded::Complete { packet, .. }) = decode(input, rules.options()) {
        is_refused_or_survives(&packet.to_shared(), &senders, &refuses_discouraged);
    }
    if let Ok(packet) = Packet::arbitrary_for(rules.version, &mut Unstructured::new(input)) {
        is_refused_or_survives(&packet, &senders, &refuses_discouraged);
    }
}

/// For a packet and its variants, in every version, from these senders, with each of these options.
pub(crate) fn is_refused_or_survives(packet: &Packet<Bytes>, senders: &[Sender], refuses_discouraged: &[bool]) {
    for packet in variants(packet) {
        for version in ProtocolVersion::ALL {
            for sender in senders {
                for refuses_discouraged in refuses_discouraged {
                    check(&packet, version, *sender, *refuses_discouraged);
                }
            }
        }
    }
}

/// The packet, and what differs from it in the fields on which the rules of a version or a sender depend.
fn variants(packet: &Packet<Bytes>) -> Vec<Packet<Bytes>> {
    let mut all = vec![packet.clone()];
    match packet.clone() {
        Packet::Connect(connect) => {
            for protocol_version in ProtocolVersion::ALL {
                for (bridge, has_user_name) in [(false, true), (true, true), (false, false), (true, false)] {
                    let mut other = connect.clone();
                    (other.protocol_version, other.bridge) = (protocol_version, bridge);
                    other.user_name = other.user_name.filter(|_| has_user_name);
                    all.push(other.into());
                }
            }
        }
        Packet::PubAck(mut ack) => {
            ack.reason_code = PubAckReasonCode::SUCCESS;
            all.push(ack.into());
        }
        Packet::PubRec(mut ack) => {
            ack.reason_code = PubAckReasonCode::SUCCESS;
            all.push(ack.into());
        }
        Packet::PubRel(mut ack) => {
            ack.reason_code = PubRelReasonCode::SUCCESS;
            all.push(ack.into());
        }
        Packet::PubComp(mut ack) => {
            ack.reason_code = PubRelReasonCode::SUCCESS;
            all.push(ack.into());
        }
        Packet::Disconnect(mut disconnect) => {
            disconnect.reason_code = DisconnectReasonCode::NORMAL_DISCONNECTION;
            all.push(disconnect.into());
        }
        Packet::SubAck(suback) => {
            // With codes that 3.1 has, and with one failure, which it does not have, at each end.
            let granted: Vec<_> = suback
                .reason_codes()
                .iter()
                .map(|code| if code.is_error() { SubAckReasonCode::GRANTED_QOS_1 } else { code })
                .collect();
            for failure in [None, Some(0), Some(granted.len() - 1)] {
                let mut codes = granted.clone();
                if let Some(place) = failure {
                    codes[place] = SubAckReasonCode::UNSPECIFIED_ERROR;
                }
                let mut other = SubAck::new(suback.packet_identifier, codes.into_iter().collect()).unwrap();
                all.push(other.clone().into());
                other.properties = suback.properties.clone();
                all.push(other.into());
            }
        }
        Packet::UnsubAck(unsuback) => {
            all.push(UnsubAck { reason_codes: ReasonCodes::default(), ..unsuback.clone() }.into());
            all.push(UnsubAck::new(unsuback.packet_identifier, ReasonCodes::default()).into());
        }
        _ => {}
    }
    all
}

fn check(packet: &Packet<Bytes>, version: ProtocolVersion, sender: Sender, refuses_discouraged: bool) {
    let options = EncodeOptions::new(version).with_sender(sender).refuse_discouraged_characters(refuses_discouraged);
    let reasons = reasons_to_refuse(&packet.as_borrowed(), version, sender, refuses_discouraged);
    let mut output = Vec::new();
    match packet.encode_to(options, &mut output) {
        Ok(len) => {
            assert!(reasons.is_empty(), "{reasons:?}, and it was encoded for {version} from {sender}: {packet:?}");
            assert_eq!((output.len(), packet.encoded_len(options)), (len, Ok(len)));
            let mut slice = vec![0xEE; len];
            assert_eq!((packet.encode(options, &mut slice), &slice), (Ok(len), &output));
            let is_bridge = matches!(packet, Packet::Connect(connect) if connect.bridge);
            let options = DecodeOptions::new(version)
                .with_sender(sender)
                .refuse_discouraged_characters(refuses_discouraged)
                .allow_bridge_bit(is_bridge);
            let (decoded, consumed) = decode(&output, options)
                .unwrap_or_else(|error| panic!("{error}: encoded for {version} from {sender}: {packet:?}"))
                .complete()
                .unwrap();
            assert_eq!((&decoded, consumed), (&packet.as_borrowed(), len));
        }
        Err(error) => {
            let reason = (error.kind(), error.field());
            assert!(reasons.contains(&reason), "{error}, not {reasons:?}: {packet:?} for {version} from {sender}");
            assert!(output.is_empty(), "the output was written to");
            assert_eq!(error.packet_type(), packet.packet_type());
            assert!(error.rule().starts_with("MQTT-") || error.rule().starts_with("section "), "{}", error.rule());
            assert_eq!(packet.encoded_len(options), Err(error));
            assert_eq!(packet.encode(options, &mut []), Err(error));
        }
    }
}

/// Returns all reasons why the packet cannot be encoded, in no particular order.
fn reasons_to_refuse(
    packet: &Packet<&[u8]>,
    version: ProtocolVersion,
    sender: Sender,
    refuses_discouraged: bool,
) -> Vec<(Kind, Field)> {
    let mut reasons = Vec::new();
    let (client, server) = (sender == Sender::Client, sender == Sender::Server);
    let is_from_other = match packet.packet_type() {
        PacketType::Connect | PacketType::Subscribe | PacketType::Unsubscribe | PacketType::PingReq => server,
        PacketType::ConnAck | PacketType::SubAck | PacketType::UnsubAck | PacketType::PingResp => client,
        PacketType::Disconnect => server && version.is_v3(),
        _ => false,
    };
    if is_from_other {
        reasons.push((Kind::NotFromSender(sender), Field::PacketType));
    }
    if refuses_discouraged {
        let discouraged = texts(packet).into_iter().filter(|(_, text)| text.chars().any(is_discouraged));
        reasons.extend(discouraged.map(|(field, _)| (Kind::DiscouragedCharacter, field)));
    }
    let version = match packet {
        Packet::Connect(connect) => connect.protocol_version,
        _ => version,
    };
    if version.is_v3() {
        reasons.extend(not_in_3(packet, version).into_iter().map(|field| (Kind::NotInVersion(version), field)));
    } else {
        reasons.extend(not_in_5(packet).into_iter().map(|field| (Kind::NotInVersion(version), field)));
        if matches!(packet, Packet::UnsubAck(unsuback) if unsuback.reason_codes.is_empty()) {
            reasons.push((Kind::ReasonCodesMissing, Field::ReasonCode));
        }
        reasons.extend(not_from(packet, sender).into_iter().map(|field| (Kind::NotFromSender(sender), field)));
    }
    if filters(packet).iter().any(|filter| !is_filter_of_3(filter)) {
        reasons.push((Kind::InvalidTopicFilter, Field::TopicFilter));
    }
    reasons
}

/// Returns the fields, or fields with values, that 3.x does not have.
fn not_in_3(packet: &Packet<&[u8]>, version: ProtocolVersion) -> Vec<Field> {
    let is_3_1 = version == ProtocolVersion::V3_1;
    let mut fields = Vec::new();
    let mut unless = |exists: bool, field| {
        if !exists {
            fields.push(field);
        }
    };
    unless(properties(packet).count() == 0, Field::Properties);
    match packet {
        Packet::Connect(connect) => {
            let identifier_exists = !connect.client_identifier.is_empty() || connect.clean_start && !is_3_1;
            unless(identifier_exists, Field::ClientIdentifier);
            unless(connect.password.is_none() || connect.user_name.is_some(), Field::Password);
            unless(connect.will.is_none_or(|will| will.properties.iter().count() == 0), Field::WillProperties);
        }
        Packet::ConnAck(connack) => {
            unless(matches!(connack.reason_code().as_u8(), 0 | 0x84..=0x88), Field::ReasonCode);
            unless(!(connack.session_present() && is_3_1), Field::SessionPresent);
        }
        Packet::Publish(publish) => unless(!publish.topic().is_empty(), Field::TopicName),
        Packet::Subscribe(subscribe) => {
            let mut options = subscribe.subscriptions.iter().map(|item| item.options.to_byte());
            unless(options.all(|options| options <= 2), Field::SubscriptionOptions);
        }
        Packet::SubAck(suback) => {
            let mut codes = suback.reason_codes().iter().map(SubAckReasonCode::as_u8);
            unless(codes.all(|code| code <= 2 || code == 0x80 && !is_3_1), Field::ReasonCode);
        }
        Packet::UnsubAck(unsuback) => unless(unsuback.reason_codes.is_empty(), Field::ReasonCode),
        Packet::PubAck(ack) => unless(ack.reason_code.as_u8() == 0, Field::ReasonCode),
        Packet::PubRec(ack) => unless(ack.reason_code.as_u8() == 0, Field::ReasonCode),
        Packet::PubRel(ack) => unless(ack.reason_code.as_u8() == 0, Field::ReasonCode),
        Packet::PubComp(ack) => unless(ack.reason_code.as_u8() == 0, Field::ReasonCode),
        Packet::Disconnect(disconnect) => unless(disconnect.reason_code.as_u8() == 0, Field::ReasonCode),
        Packet::Auth(_) => unless(false, Field::PacketType),
        Packet::Unsubscribe(_) | Packet::PingReq(_) | Packet::PingResp(_) => {}
    }
    fields
}

/// Returns the fields that a packet of 3.x may have and 5.0 does not.
fn not_in_5(packet: &Packet<&[u8]>) -> Vec<Field> {
    let mut fields = Vec::new();
    if matches!(packet, Packet::Connect(connect) if connect.bridge) {
        fields.push(Field::ProtocolVersion);
    }
    // `$share/` and what is not a shared subscription.
    let is_for_3_only = |filter: &&str| is_filter_of_3(filter) && filter.starts_with("$share/") && !is_shared(filter);
    if filters(packet).iter().any(is_for_3_only) {
        fields.push(Field::TopicFilter);
    }
    fields
}

/// Returns the properties and the Reason Code that this sender may not send in 5.0.
fn not_from(packet: &Packet<&[u8]>, sender: Sender) -> Vec<Field> {
    let property = |forbidden: PropertyIdentifier| {
        properties(packet).any(|property| property.identifier() == forbidden).then_some(Field::Property(forbidden))
    };
    let code = |code: ReasonCode| (!code.is_allowed_in(packet.packet_type(), sender)).then_some(Field::ReasonCode);
    let forbidden = match (packet, sender) {
        (Packet::Publish(_), Sender::Client) => [property(PropertyIdentifier::SubscriptionIdentifier), None],
        (Packet::Disconnect(disconnect), Sender::Client) => {
            [property(PropertyIdentifier::ServerReference), code(disconnect.reason_code.get())]
        }
        (Packet::Disconnect(disconnect), Sender::Server) => {
            [property(PropertyIdentifier::SessionExpiryInterval), code(disconnect.reason_code.get())]
        }
        (Packet::PubAck(ack), _) => [code(ack.reason_code.get()), None],
        (Packet::PubRec(ack), _) => [code(ack.reason_code.get()), None],
        (Packet::Auth(auth), _) => [code(auth.reason_code.get()), None],
        _ => [None, None],
    };
    forbidden.into_iter().flatten().collect()
}

fn properties<'a>(packet: &Packet<&'a [u8]>) -> PropertyIter<'a> {
    match packet {
        Packet::Connect(packet) => packet.properties.iter(),
        Packet::ConnAck(packet) => packet.properties.iter(),
        Packet::Publish(packet) => packet.properties().iter(),
        Packet::PubAck(packet) => packet.properties.iter(),
        Packet::PubRec(packet) => packet.properties.iter(),
        Packet::PubRel(packet) => packet.properties.iter(),
        Packet::PubComp(packet) => packet.properties.iter(),
        Packet::Subscribe(packet) => packet.properties.iter(),
        Packet::SubAck(packet) => packet.properties.iter(),
        Packet::Unsubscribe(packet) => packet.properties.iter(),
        Packet::UnsubAck(packet) => packet.properties.iter(),
        Packet::PingReq(_) | Packet::PingResp(_) => mqtt_codec::PubAckProperties::<&[u8]>::default().iter(),
        Packet::Disconnect(packet) => packet.properties.iter(),
        Packet::Auth(packet) => packet.properties.iter(),
    }
}

fn filters<'a>(packet: &Packet<&'a [u8]>) -> Vec<&'a str> {
    match packet {
        Packet::Subscribe(packet) => packet.subscriptions.iter().map(|item| item.topic_filter.as_str()).collect(),
        Packet::Unsubscribe(packet) => packet.topic_filters.iter().map(|filter| filter.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Section 4.7 of 3.1.1: `#` is the last level, and a wildcard is a level of its own.
fn is_filter_of_3(filter: &str) -> bool {
    let levels: Vec<&str> = filter.split('/').collect();
    let has_lone_wildcards = levels.iter().all(|level| level.len() == 1 || !level.contains(['+', '#']));
    !filter.is_empty() && has_lone_wildcards && !levels[..levels.len() - 1].contains(&"#")
}

/// Section 4.8.2 of 5.0: `$share/`, a name without wildcards, `/`, and a Topic Filter.
fn is_shared(filter: &str) -> bool {
    let parts = filter.strip_prefix("$share/").and_then(|rest| rest.split_once('/'));
    parts.is_some_and(|(name, filter)| !name.is_empty() && !name.contains(['+', '#']) && is_filter_of_3(filter))
}

/// Returns the strings of the packet with their fields.
fn texts<'a>(packet: &Packet<&'a [u8]>) -> Vec<(Field, &'a str)> {
    let mut texts: Vec<_> = properties(packet).flat_map(texts_of_property).collect();
    texts.extend(filters(packet).into_iter().map(|filter| (Field::TopicFilter, filter)));
    match packet {
        Packet::Connect(connect) => {
            texts.push((Field::ClientIdentifier, connect.client_identifier.as_str()));
            texts.extend(connect.user_name.iter().map(|name| (Field::UserName, name.as_str())));
            if let Some(will) = &connect.will {
                texts.push((Field::WillTopic, will.topic_name.as_str()));
                texts.extend(will.properties.iter().flat_map(texts_of_property));
            }
        }
        Packet::Publish(publish) => texts.push((Field::TopicName, publish.topic())),
        _ => {}
    }
    texts
}

fn texts_of_property(property: mqtt_codec::Property<'_>) -> Vec<(Field, &str)> {
    use mqtt_codec::Property as P;
    let field = Field::Property(property.identifier());
    match property {
        P::ContentType(text)
        | P::AssignedClientIdentifier(text)
        | P::AuthenticationMethod(text)
        | P::ResponseInformation(text)
        | P::ServerReference(text)
        | P::ReasonString(text) => vec![(field, text.as_str())],
        P::ResponseTopic(name) => vec![(field, name.as_str())],
        P::UserProperty(pair) => vec![(field, pair.name.as_str()), (field, pair.value.as_str())],
        _ => Vec::new(),
    }
}

/// Section 1.5.4: control characters, and code points that Unicode defines as non-characters.
fn is_discouraged(character: char) -> bool {
    let code = u32::from(character);
    character.is_control() || (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}
