//! The view for people: one line per packet, and below it every field by its name in the standard.
//!
//! Fields stand in the order of the wire and come from the decoded packet.

use crate::stream::{Content, Item};
use crate::version::Known;
use core::fmt::{self, Display};
use mqtt_codec::{
    ConnAckReasonCode, Connect, DecodeError, Packet, PacketType, Property, PropertyIter, ProtocolVersion, Publish,
    ReasonCode, RetainHandling, SubscriptionOptions, VariableByteInteger, Will,
};
use std::io::{self, Write};

/// The first column of everything that belongs to a packet.
pub(crate) const INDENT: usize = 10;
/// How many characters or bytes of a value are shown.
const LONGEST_TEXT: usize = 64;
const LONGEST_BINARY: usize = 20;
/// How many bytes of a bad packet are shown.
const WINDOW: usize = 16;

/// What a stream is, before its packets.
pub(crate) fn heading(name: &str, len: usize, known: &Known, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let direction = match name {
        _ if name.ends_with(".c2s.bin") => "client to server, ",
        _ if name.ends_with(".s2c.bin") => "server to client, ",
        _ => "",
    };
    writeln!(output, "{} {direction}{len} bytes, {known}", paint.bold(&format!("{name}:")))?;
    writeln!(output, "{}", paint.dim("  offset  length  packet"))
}

/// What became of a stream, behind its packets.
pub(crate) fn footing(tally: &Tally, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let text = tally.to_string();
    writeln!(output, "{}", if tally.is_well() { text } else { paint.red(&text) })
}

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
            crate::hex::around(item, start, WINDOW, &label, error.offset(), paint, output)
        }
        Content::CutOff { .. } => Ok(()),
    }
}

/// The line that a packet begins with: place, length, type, flags.
pub(crate) fn head(item: &Item<'_>, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let first = item.raw.first().copied().unwrap_or_default();
    let place = format!("{:>8} {:>7}", item.offset, format!("+{}", item.raw.len()));
    let name = format!("{:<11}", PacketType::from_first_byte(first).name());
    write!(output, "{}  {} ", paint.dim(&place), paint.bold(&name))?;
    match &item.content {
        Content::Packet(Packet::Publish(publish)) => {
            let dup = if publish.delivery.dup() { " dup" } else { "" };
            let retain = if publish.retain { " retain" } else { "" };
            writeln!(output, "flags {:04b}  qos={}{dup}{retain}", first & 0x0F, publish.delivery.qos().as_u8())
        }
        Content::Packet(_) => writeln!(output, "flags {:04b}", first & 0x0F),
        Content::Bad { .. } => writeln!(output, "flags {:04b}  {}", first & 0x0F, paint.red("not a legal packet")),
        Content::CutOff { needed } => {
            let s = if *needed == 1 { "" } else { "s" };
            let text = format!("cut off: at least {needed} more byte{s} needed");
            writeln!(output, "flags {:04b}  {}", first & 0x0F, paint.red(&text))
        }
    }
}

/// What is wrong with a packet, and what to do about it.
pub(crate) fn bad(item: &Item<'_>, error: &DecodeError, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let mut rows = Rows::default();
    rows.push("Error", paint.red(&error.to_string()));
    rows.push("Field", error.field());
    rows.push("Rule", format_args!("{} of MQTT {}", error.rule(), error.version()));
    rows.push("Answer", answer(error));
    if let Content::Bad { is_end_known: false, .. } = item.content {
        rows.push("Then", "nothing: where the next packet begins is not known");
    }
    rows.write(output)
}

/// How to answer to a bad packet.
fn answer(error: &DecodeError) -> String {
    let packet = if error.packet_type() == PacketType::Connect { "CONNACK" } else { "DISCONNECT" };
    match error.reason_code() {
        None => "none, close the connection".to_owned(),
        Some(code) if error.version().is_v3() => {
            let return_code = ConnAckReasonCode::new(code).and_then(ConnAckReasonCode::to_return_code);
            format!("{packet} with return code {}, {}", return_code.unwrap_or_default(), code.name())
        }
        Some(code) => format!("{packet} with {code}"),
    }
}

/// Names and values of one packet, to be written with the values below each other.
#[derive(Default)]
struct Rows {
    rows: Vec<(String, String)>,
    /// Before names: properties stand further in.
    prefix: &'static str,
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

    fn push(&mut self, name: &str, value: impl Display) {
        self.rows.push((format!("{}{name}", self.prefix), value.to_string()));
    }

    fn write(&self, output: &mut impl Write) -> io::Result<()> {
        let width = self.rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        for (name, value) in &self.rows {
            writeln!(output, "{:INDENT$}{name:<width$}  {value}", "")?;
        }
        Ok(())
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

/// The flags of a CONNECT in words, highest first.
pub(crate) fn connect_flags(flags: u8, version: ProtocolVersion) -> String {
    let clean = if version.is_v3() { "Clean Session" } else { "Clean Start" };
    let qos = match flags >> 3 & 0b11 {
        0 => "",
        1 => "Will QoS 1",
        2 => "Will QoS 2",
        _ => "Will QoS 3",
    };
    let names = [(7, "User Name"), (6, "Password"), (5, "Will Retain"), (2, "Will"), (1, clean), (0, "reserved")];
    let mut words: Vec<_> = names.into_iter().filter(|(bit, _)| flags >> bit & 1 != 0).map(|(_, name)| name).collect();
    if !qos.is_empty() {
        let before = words.iter().take_while(|word| ["User Name", "Password", "Will Retain"].contains(*word)).count();
        words.insert(before, qos);
    }
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

/// The options of a subscription in words.
pub(crate) fn options(options: SubscriptionOptions, version: ProtocolVersion) -> String {
    if version.is_v3() {
        return format!("QoS {}", options.maximum_qos.as_u8());
    }
    let no_local = if options.no_local { ", No Local" } else { "" };
    let as_published = if options.retain_as_published { ", Retain As Published" } else { "" };
    let handling = match options.retain_handling {
        RetainHandling::SendAtSubscribe => "send retained messages",
        RetainHandling::SendAtSubscribeIfNew => "send retained messages if the subscription is new",
        RetainHandling::DoNotSend => "do not send retained messages",
    };
    format!("Maximum QoS {}{no_local}{as_published}, {handling}", options.maximum_qos.as_u8())
}

/// What a code of a SUBACK is called, and what it means.
pub(crate) fn suback_code(code: u8, version: ProtocolVersion) -> (&'static str, String) {
    let name = if version.is_v3() { "Return Code" } else { "Reason Code" };
    let value = match (code, ReasonCode::from_u8(code)) {
        (0, _) => "Granted QoS 0 (0x00)".to_owned(),
        (0x80, _) if version.is_v3() => "Failure (0x80)".to_owned(),
        (_, Some(code)) => code.to_string(),
        (_, None) => format!("0x{code:02X}"),
    };
    (name, value)
}

/// 0x00 has a name of its own in DISCONNECT.
pub(crate) fn disconnect_reason(code: ReasonCode) -> String {
    if code == ReasonCode::SUCCESS { "Normal disconnection (0x00)".to_owned() } else { code.to_string() }
}

/// What is there and must not be shown.
pub(crate) fn hidden(len: usize) -> String {
    format!("{}, not shown", bytes(len))
}

/// A payload: text if it is text.
pub(crate) fn payload(payload: &[u8]) -> String {
    match core::str::from_utf8(payload) {
        _ if payload.is_empty() => "empty".to_owned(),
        Ok(text) => format!("{}, {}", bytes(payload.len()), beginning(text).0),
        Err(_) => binary(payload),
    }
}

pub(crate) fn binary(data: &[u8]) -> String {
    if data.is_empty() {
        return "empty".to_owned();
    }
    let mut text = format!("{},", bytes(data.len()));
    for byte in data.iter().take(LONGEST_BINARY) {
        text.push_str(&format!(" {byte:02X}"));
    }
    if data.len() > LONGEST_BINARY {
        text.push_str(" …");
    }
    text
}

/// A text in quotes; of a long one the beginning, and its length.
pub(crate) fn quoted(text: &str) -> String {
    let (shown, is_all) = beginning(text);
    if is_all { shown } else { format!("{shown} ({})", bytes(text.len())) }
}

/// The beginning of a text in quotes, and whether it is all of it.
fn beginning(text: &str) -> (String, bool) {
    let mut shown = String::from('"');
    let mut characters = text.chars();
    for character in characters.by_ref().take(LONGEST_TEXT) {
        if acts_on_terminals(character) || matches!(character, '"' | '\\') {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    let is_all = characters.as_str().is_empty();
    shown.push_str(if is_all { "\"" } else { "\"…" });
    (shown, is_all)
}

/// Control characters, and those that change the direction of what follows.
fn acts_on_terminals(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061C}' | '\u{200E}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
        )
}

fn bytes(len: usize) -> String {
    if len == 1 { "1 byte".to_owned() } else { format!("{len} bytes") }
}

pub(crate) const fn yes_or_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// How many packets of which kind were seen.
#[derive(Default)]
pub(crate) struct Tally {
    items: usize,
    bad: usize,
    is_cut_off: bool,
}

impl Tally {
    pub(crate) fn count(&mut self, item: &Item<'_>) {
        self.items = self.items.saturating_add(1);
        match item.content {
            Content::Packet(_) => {}
            Content::Bad { .. } => self.bad = self.bad.saturating_add(1),
            Content::CutOff { .. } => self.is_cut_off = true,
        }
    }

    pub(crate) const fn items(&self) -> usize {
        self.items
    }

    pub(crate) const fn is_well(&self) -> bool {
        self.bad == 0 && !self.is_cut_off
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} packet{}", self.items, if self.items == 1 { "" } else { "s" })?;
        match self.bad {
            0 if self.is_cut_off => {}
            0 => f.write_str(", all legal")?,
            bad => write!(f, ", {bad} not legal")?,
        }
        if self.is_cut_off { f.write_str(", the last one cut off") } else { Ok(()) }
    }
}

/// Colours, or none.
#[derive(Clone, Copy)]
pub(crate) struct Paint {
    is_on: bool,
}

impl Paint {
    pub(crate) const fn new(is_on: bool) -> Self {
        Self { is_on }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.code("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.code("2", text)
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.code("31", text)
    }

    fn code(self, code: &str, text: &str) -> String {
        if self.is_on { format!("\x1B[{code}m{text}\x1B[0m") } else { text.to_owned() }
    }
}
