//! The values of fields in words.

use crate::show::escape;
use mqtt_codec::{ProtocolVersion, ReasonCode, RetainHandling, SubscriptionOptions};

/// How many characters of a text are shown.
const LONGEST_TEXT: usize = 64;
/// How many bytes of binary data are shown.
const LONGEST_BINARY: usize = 20;

/// Returns the flags of a CONNECT, highest bit first.
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

/// Returns the options of a subscription.
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

/// Returns the name of the field that holds a code of a SUBACK, and the meaning of the code.
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

/// Returns the name of a Reason Code of DISCONNECT, where 0x00 has another name.
pub(crate) fn disconnect_reason(code: ReasonCode) -> String {
    if code == ReasonCode::SUCCESS { "Normal disconnection (0x00)".to_owned() } else { code.to_string() }
}

/// Returns the length of a value that must not be shown.
pub(crate) fn hidden(len: usize) -> String {
    format!("{}, not shown", bytes(len))
}

/// Returns a payload as text if it is valid UTF-8, else in hexadecimal.
pub(crate) fn payload(payload: &[u8]) -> String {
    match core::str::from_utf8(payload) {
        _ if payload.is_empty() => "empty".to_owned(),
        Ok(text) => format!("{}, {}", bytes(payload.len()), beginning(text).0),
        Err(_) => binary(payload),
    }
}

/// Returns binary data in hexadecimal, shortened if it is long.
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

/// Returns a text in quotes. A long text is shortened, and its length added.
pub(crate) fn quoted(text: &str) -> String {
    let (shown, is_all) = beginning(text);
    if is_all { shown } else { format!("{shown} ({})", bytes(text.len())) }
}

/// Returns the beginning of a text in quotes, and whether that is the whole text.
fn beginning(text: &str) -> (String, bool) {
    let mut shown = String::from('"');
    let mut characters = text.chars();
    for character in characters.by_ref().take(LONGEST_TEXT) {
        if escape::is_active(character) || matches!(character, '"' | '\\') {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    let is_all = characters.as_str().is_empty();
    shown.push_str(if is_all { "\"" } else { "\"…" });
    (shown, is_all)
}

fn bytes(len: usize) -> String {
    if len == 1 { "1 byte".to_owned() } else { format!("{len} bytes") }
}

pub(crate) const fn yes_or_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}
