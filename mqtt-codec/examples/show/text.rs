//! The view of the fields: one line per packet, and below it every field by its name in the standard.
//!
//! The fields come from the decoded packet, in the order in which they are sent.

use crate::show::dump;
use crate::show::head::{bad, head};
use crate::show::item::{Content, Item};
use crate::show::leniencies;
use crate::show::paint::Paint;
use crate::show::rows::{self, Rows};
use crate::show::words::{
    binary, connect_flags, disconnect_reason, hidden, options, payload, quoted, suback_code, yes_or_no,
};
use core::fmt::Display;
use mqtt_codec::{Connect, Packet, Property, PropertyIter, ProtocolVersion, Publish, Sender, Will};
use std::io::{self, Write};

/// How many bytes of a packet that is not legal are shown.
const WINDOW: usize = 16;

/// Writes one item of a stream.
pub(crate) fn item(item: &Item, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    head(item, paint, output)?;
    match &item.content {
        Content::Packet(frame) => {
            let body = item.raw.get(usize::from(frame.header_len())..).unwrap_or_default();
            let packet = frame.packet();
            rows::write(output, |rows| rows.packet(&packet, body, item.version))?;
            match leniencies::deviation(frame, Sender::Either) {
                Some(error) => {
                    writeln!(
                        output,
                        "{:1$}{2}",
                        "",
                        rows::INDENT,
                        paint.dim(&format!("accepted by an option: {error}"))
                    )
                }
                None => Ok(()),
            }
        }
        Content::Bad { error, .. } => {
            bad(item, error, paint, output)?;
            let start = error.offset().saturating_sub(WINDOW / 2);
            let start = start.min(item.raw.len().saturating_sub(WINDOW));
            let label = format!("bytes {start} to {}", start.saturating_add(WINDOW).min(item.raw.len()));
            dump::around(item, start, WINDOW, &label, error.offset(), paint, output)
        }
        Content::CutOff { .. } => Ok(()),
    }
}

impl Rows<'_> {
    /// Adds the fields of a packet. `body` is what follows the fixed header.
    fn packet(&mut self, packet: &Packet<&[u8]>, body: &[u8], version: ProtocolVersion) {
        match packet {
            Packet::Connect(packet) => self.connect(packet, body),
            Packet::ConnAck(packet) => {
                self.push("Session Present", yes_or_no(packet.session_present()));
                match packet.reason_code() {
                    code if version.is_v3() => self.push(
                        "Connect Return Code",
                        format_args!("{} ({})", code.to_return_code().unwrap_or_default(), code.get().name()),
                    ),
                    code => self.push("Connect Reason Code", code),
                }
                self.section(packet.properties.iter(), version);
            }
            Packet::Publish(packet) => self.publish(packet, version),
            Packet::PubAck(packet) => {
                self.push("Packet Identifier", packet.packet_identifier);
                self.reason(packet.reason_code, body.get(2..), packet.properties.iter(), version);
            }
            Packet::PubRec(packet) => {
                self.push("Packet Identifier", packet.packet_identifier);
                self.reason(packet.reason_code, body.get(2..), packet.properties.iter(), version);
            }
            Packet::PubRel(packet) => {
                self.push("Packet Identifier", packet.packet_identifier);
                self.reason(packet.reason_code, body.get(2..), packet.properties.iter(), version);
            }
            Packet::PubComp(packet) => {
                self.push("Packet Identifier", packet.packet_identifier);
                self.reason(packet.reason_code, body.get(2..), packet.properties.iter(), version);
            }
            Packet::Subscribe(packet) => {
                self.push("Packet Identifier", packet.packet_identifier);
                self.section(packet.properties.iter(), version);
                for subscription in &packet.subscriptions {
                    self.push("Topic Filter", quoted(&subscription.topic_filter));
                    self.push("  Options", options(subscription.options, version));
                }
            }
            Packet::SubAck(packet) => {
                self.push("Packet Identifier", packet.packet_identifier);
                self.section(packet.properties.iter(), version);
                for code in packet.reason_codes() {
                    let (name, value) = suback_code(code.as_u8(), version);
                    self.push(name, value);
                }
            }
            Packet::Unsubscribe(packet) => {
                self.push("Packet Identifier", packet.packet_identifier);
                self.section(packet.properties.iter(), version);
                for topic_filter in &packet.topic_filters {
                    self.push("Topic Filter", quoted(&topic_filter));
                }
            }
            Packet::UnsubAck(packet) => {
                self.push("Packet Identifier", packet.packet_identifier);
                self.section(packet.properties.iter(), version);
                for code in &packet.reason_codes {
                    self.push("Reason Code", code);
                }
            }
            Packet::PingReq(_) | Packet::PingResp(_) => {}
            Packet::Disconnect(packet) => {
                let code = packet.reason_code.get();
                self.reason(disconnect_reason(code), Some(body), packet.properties.iter(), version);
            }
            Packet::Auth(packet) => self.reason(packet.reason_code, Some(body), packet.properties.iter(), version),
        }
    }

    fn connect(&mut self, packet: &Connect<&[u8]>, body: &[u8]) {
        let version = packet.protocol_version;
        let flags = body.get(version.protocol_name().len().saturating_add(3)).copied().unwrap_or_default();
        self.push("Protocol Name", quoted(version.protocol_name()));
        let bridge = if packet.bridge { ", sent by a bridge" } else { "" };
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
            None => self.push("Topic Name", "omitted: the Topic Alias replaces it"),
        }
        if let Some(packet_identifier) = packet.delivery.packet_identifier() {
            self.push("Packet Identifier", packet_identifier);
        }
        self.section(packet.properties().iter(), version);
        self.push("Payload", payload(packet.payload));
    }

    /// Adds Reason Code and properties of a packet that may omit them. `bytes` begins with the Reason Code.
    fn reason(
        &mut self,
        code: impl Display,
        bytes: Option<&[u8]>,
        properties: PropertyIter<'_>,
        version: ProtocolVersion,
    ) {
        match bytes.unwrap_or_default() {
            _ if version.is_v3() => {}
            [] => self.push("Reason Code", format_args!("{code}, omitted")),
            [_] => self.push("Reason Code", code),
            _ => {
                self.push("Reason Code", code);
                self.section(properties, version);
            }
        }
    }

    /// Adds the properties, if the version has them.
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
