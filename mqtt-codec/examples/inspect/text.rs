//! The view for people: one line per packet, and below it every field by its name in the standard.
//!
//! Fields stand in the order of the wire and come from the decoded packet.

use crate::head::{bad, head};
use crate::hex;
use crate::paint::Paint;
use crate::rows::Rows;
use crate::stream::{Content, Item};
use crate::words::{
    binary, connect_flags, disconnect_reason, hidden, options, payload, quoted, suback_code, yes_or_no,
};
use core::fmt::Display;
use mqtt_codec::{Connect, Packet, Property, PropertyIter, ProtocolVersion, Publish, VariableByteInteger, Will};
use std::io::{self, Write};

/// How many bytes of a bad packet are shown.
const WINDOW: usize = 16;

/// One packet, or what is there instead.
pub(crate) fn item(item: &Item<'_>, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    head(item, paint, output)?;
    match &item.content {
        Content::Packet(packet) => Rows::of(packet, item.raw, item.version).write(output),
        Content::Bad { error, .. } => {
            bad(item, error, paint, output)?;
            let start = error.offset().saturating_sub(WINDOW / 2);
            let start = start.min(item.raw.len().saturating_sub(WINDOW));
            let label = format!("bytes {start} to {}", start.saturating_add(WINDOW).min(item.raw.len()));
            hex::around(item, start, WINDOW, &label, error.offset(), paint, output)
        }
        Content::CutOff { .. } => Ok(()),
    }
}

impl Rows {
    fn of(packet: &Packet<&[u8]>, raw: &[u8], version: ProtocolVersion) -> Self {
        let mut rows = Self::default();
        let body = body(raw);
        match packet {
            Packet::Connect(packet) => rows.connect(packet, body),
            Packet::ConnAck(packet) => {
                rows.push("Session Present", yes_or_no(packet.session_present()));
                match packet.reason_code() {
                    code if version.is_v3() => rows.push(
                        "Connect Return Code",
                        format_args!("{} ({})", code.to_return_code().unwrap_or_default(), code.get().name()),
                    ),
                    code => rows.push("Connect Reason Code", code),
                }
                rows.section(packet.properties.iter(), version);
            }
            Packet::Publish(packet) => rows.publish(packet, version),
            Packet::PubAck(packet) => {
                rows.push("Packet Identifier", packet.packet_identifier);
                rows.reason(packet.reason_code, body.get(2..), packet.properties.iter(), version);
            }
            Packet::PubRec(packet) => {
                rows.push("Packet Identifier", packet.packet_identifier);
                rows.reason(packet.reason_code, body.get(2..), packet.properties.iter(), version);
            }
            Packet::PubRel(packet) => {
                rows.push("Packet Identifier", packet.packet_identifier);
                rows.reason(packet.reason_code, body.get(2..), packet.properties.iter(), version);
            }
            Packet::PubComp(packet) => {
                rows.push("Packet Identifier", packet.packet_identifier);
                rows.reason(packet.reason_code, body.get(2..), packet.properties.iter(), version);
            }
            Packet::Subscribe(packet) => {
                rows.push("Packet Identifier", packet.packet_identifier);
                rows.section(packet.properties.iter(), version);
                for subscription in &packet.subscriptions {
                    rows.push("Topic Filter", quoted(&subscription.topic_filter));
                    rows.push("  Options", options(subscription.options, version));
                }
            }
            Packet::SubAck(packet) => {
                rows.push("Packet Identifier", packet.packet_identifier);
                rows.section(packet.properties.iter(), version);
                for code in packet.reason_codes() {
                    let (name, value) = suback_code(code.as_u8(), version);
                    rows.push(name, value);
                }
            }
            Packet::Unsubscribe(packet) => {
                rows.push("Packet Identifier", packet.packet_identifier);
                rows.section(packet.properties.iter(), version);
                for topic_filter in &packet.topic_filters {
                    rows.push("Topic Filter", quoted(&topic_filter));
                }
            }
            Packet::UnsubAck(packet) => {
                rows.push("Packet Identifier", packet.packet_identifier);
                rows.section(packet.properties.iter(), version);
                for code in &packet.reason_codes {
                    rows.push("Reason Code", code);
                }
            }
            Packet::PingReq(_) | Packet::PingResp(_) => {}
            Packet::Disconnect(packet) => {
                let code = packet.reason_code.get();
                rows.reason(disconnect_reason(code), Some(body), packet.properties.iter(), version);
            }
            Packet::Auth(packet) => rows.reason(packet.reason_code, Some(body), packet.properties.iter(), version),
        }
        rows
    }

    fn connect(&mut self, packet: &Connect<&[u8]>, body: &[u8]) {
        let version = packet.protocol_version;
        let flags = body.get(version.protocol_name().len().saturating_add(3)).copied().unwrap_or_default();
        self.push("Protocol Name", quoted(version.protocol_name()));
        let bridge = if packet.bridge { ", with the mark of a bridge" } else { "" };
        self.push("Protocol Version", format_args!("{} (MQTT {version}){bridge}", version.level()));
        self.push("Connect Flags", format_args!("{flags:08b} ({})", connect_flags(flags, version)));
        match packet.keep_alive {
            keep_alive if keep_alive.is_off() => self.push("Keep Alive", "0 (off)"),
            keep_alive => self.push("Keep Alive", keep_alive),
        }
        self.section(packet.properties.iter(), version);
        self.push("Client Identifier", quoted(&packet.client_identifier));
        if let Some(packet) = &packet.will {
            self.will(packet, version);
        }
        if let Some(user_name) = &packet.user_name {
            self.push("User Name", quoted(user_name));
        }
        if let Some(password) = &packet.password {
            self.push("Password", hidden(password.len()));
        }
    }

    fn will(&mut self, will: &Will<&[u8]>, version: ProtocolVersion) {
        if !version.is_v3() {
            self.properties("Will Properties", will.properties.iter());
        }
        self.push("Will Topic", quoted(&will.topic_name));
        self.push("Will Payload", payload(will.payload.as_bytes()));
        self.push("Will QoS", will.qos.as_u8());
        self.push("Will Retain", yes_or_no(will.retain));
    }

    fn publish(&mut self, packet: &Publish<&[u8]>, version: ProtocolVersion) {
        match packet.topic_name() {
            Some(topic_name) => self.push("Topic Name", quoted(topic_name)),
            None => self.push("Topic Name", "left out: the Topic Alias stands for it"),
        }
        if let Some(packet_identifier) = packet.delivery.packet_identifier() {
            self.push("Packet Identifier", packet_identifier);
        }
        self.section(packet.properties().iter(), version);
        self.push("Payload", payload(packet.payload));
    }

    /// Reason Code and properties of a packet that may leave them out; `bytes` begin with the code.
    fn reason(
        &mut self,
        code: impl Display,
        bytes: Option<&[u8]>,
        properties: PropertyIter<'_>,
        version: ProtocolVersion,
    ) {
        match bytes.unwrap_or_default() {
            _ if version.is_v3() => {}
            [] => self.push("Reason Code", format_args!("{code}, left out")),
            [_] => self.push("Reason Code", code),
            _ => {
                self.push("Reason Code", code);
                self.section(properties, version);
            }
        }
    }

    /// Properties, if the version has them.
    fn section(&mut self, properties: PropertyIter<'_>, version: ProtocolVersion) {
        if !version.is_v3() {
            self.properties("Properties", properties);
        }
    }

    fn properties(&mut self, name: &str, properties: PropertyIter<'_>) {
        match properties.as_bytes().len() {
            0 => return self.push(name, "none"),
            1 => self.push(name, "1 byte"),
            len => self.push(name, format_args!("{len} bytes")),
        }
        self.prefix = "  ";
        for property in properties {
            self.push(property.identifier().name(), value(&property));
        }
        self.prefix = "";
    }
}

/// What follows the fixed header.
fn body(raw: &[u8]) -> &[u8] {
    let after_first = raw.get(1..).unwrap_or_default();
    let len = VariableByteInteger::decode(after_first).ok().flatten().map_or(0, |decoded| decoded.len);
    after_first.get(len..).unwrap_or_default()
}

fn value(property: &Property<'_>) -> String {
    match property {
        Property::PayloadFormatIndicator(mqtt_codec::PayloadFormat::Unspecified) => "0 (bytes)".to_owned(),
        Property::PayloadFormatIndicator(mqtt_codec::PayloadFormat::Utf8) => "1 (UTF-8)".to_owned(),
        Property::RequestProblemInformation(value)
        | Property::RequestResponseInformation(value)
        | Property::RetainAvailable(value)
        | Property::WildcardSubscriptionAvailable(value)
        | Property::SubscriptionIdentifierAvailable(value)
        | Property::SharedSubscriptionAvailable(value) => yes_or_no(*value).to_owned(),
        Property::MaximumQoS(qos) => qos.as_u8().to_string(),
        Property::ServerKeepAlive(keep_alive) => keep_alive.to_string(),
        Property::TopicAliasMaximum(value) => value.to_string(),
        Property::ReceiveMaximum(value) | Property::TopicAlias(value) => value.to_string(),
        Property::SessionExpiryInterval(u32::MAX) => "never".to_owned(),
        Property::MessageExpiryInterval(seconds)
        | Property::SessionExpiryInterval(seconds)
        | Property::WillDelayInterval(seconds) => format!("{seconds} s"),
        Property::MaximumPacketSize(bytes) => format!("{bytes} bytes"),
        Property::SubscriptionIdentifier(identifier) => identifier.to_string(),
        Property::ResponseTopic(topic_name) => quoted(topic_name),
        Property::ContentType(text)
        | Property::AssignedClientIdentifier(text)
        | Property::AuthenticationMethod(text)
        | Property::ResponseInformation(text)
        | Property::ServerReference(text)
        | Property::ReasonString(text) => quoted(text),
        Property::CorrelationData(data) => binary(data.as_bytes()),
        Property::AuthenticationData(data) => hidden(data.len()),
        Property::UserProperty(pair) => format!("{} = {}", quoted(&pair.name), quoted(&pair.value)),
    }
}
