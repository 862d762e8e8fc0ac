//! Every public type that `api/*.txt` lists is `#[non_exhaustive]`, has private fields, or is exhaustive on purpose. A later
//! release can add to types of the first two kinds.

#![cfg(test)]

extern crate alloc;

use alloc::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Types that are exhaustive on purpose: callers can construct them, and match them without a wildcard.
const EXHAUSTIVE: &[(&str, &[&str])] = &[
    (
        "a packet or message, whose fields the standard fixes",
        &[
            "ApplicationMessage",
            "Auth",
            "ConnAck",
            "Connect",
            "Disconnect",
            "Packet",
            "PingReq",
            "PingResp",
            "PubAck",
            "PubComp",
            "PubRec",
            "PubRel",
            "Publish",
            "Request",
            "SubAck",
            "Subscribe",
            "UnsubAck",
            "Unsubscribe",
            "Will",
            "sn::Advertise",
            "sn::ConnAck",
            "sn::Connect",
            "sn::Datagram",
            "sn::Disconnect",
            "sn::Encapsulation",
            "sn::GwInfo",
            "sn::Message",
            "sn::PingReq",
            "sn::PingResp",
            "sn::PubAck",
            "sn::PubComp",
            "sn::PubRec",
            "sn::PubRel",
            "sn::Publish",
            "sn::RegAck",
            "sn::Register",
            "sn::SearchGw",
            "sn::SubAck",
            "sn::Subscribe",
            "sn::UnsubAck",
            "sn::Unsubscribe",
            "sn::WillMsg",
            "sn::WillMsgReq",
            "sn::WillMsgResp",
            "sn::WillMsgUpd",
            "sn::WillTarget",
            "sn::WillTopic",
            "sn::WillTopicReq",
            "sn::WillTopicResp",
            "sn::WillTopicUpd",
        ],
    ),
    (
        "a value, whose members the standard fixes",
        &[
            "Delivery",
            "FixedHeader",
            "PacketType",
            "PayloadFormat",
            "Property",
            "PropertyIdentifier",
            "PropertyType",
            "ProtocolVersion",
            "QoS",
            "RetainHandling",
            "SharedSubscription",
            "Subscription",
            "SubscriptionOptions",
            "UserProperty",
            "sn::Delivery",
            "sn::MessageType",
            "sn::Topic",
            "sn::TopicIdType",
        ],
    ),
    ("a side or a phase of a connection: there are no others", &["ConnectionPhase", "Role", "Sender", "sn::Sender"]),
    ("an item of decoding: a caller must handle every kind", &["Decoded", "FrameItem", "StreamItem"]),
    ("a value and its length", &["DecodedFixedHeader", "DecodedVariableByteInteger"]),
    (
        "an error with one cause, and at most the value that caused it",
        &[
            "BinaryDataTooLong",
            "InvalidPayloadFormat",
            "InvalidQoS",
            "InvalidSubscriptionIdentifier",
            "KeepAliveTooLong",
            "PacketIdentifierZero",
            "ReasonCodesMissing",
            "TopicAliasMissing",
            "UnknownLeniency",
            "UnknownProtocolVersion",
            "UnknownReasonCode",
            "sn::ReservedTopicId",
            "sn::WirelessNodeIdTooLong",
        ],
    ),
];

/// A public type, as far as this test needs to know it.
struct PublicType {
    /// The name, with `sn::` in front of the types of that module.
    name: String,
    is_enum: bool,
    is_non_exhaustive: bool,
    has_private_fields: bool,
}

/// Returns all public types of both crates.
fn public_types() -> Vec<PublicType> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut types = Vec::new();
    for name in ["mqtt-types", "mqtt-codec"] {
        let units = unit_structs(&workspace.join(name).join("src"));
        let items = fs::read_to_string(workspace.join(format!("api/{name}.txt"))).unwrap();
        for line in items.lines() {
            let Some((attributes, item)) = line.split_once("pub ").filter(|(before, _)| is_attributes(before)) else {
                continue;
            };
            let Some((kind @ ("struct" | "enum" | "union"), rest)) = item.split_once(' ') else { continue };
            let path = rest.split(['<', '(', ' ']).next().unwrap();
            let name = path.split_once("::").unwrap().1.to_owned();
            let has_public_field = items.lines().any(|line| is_field_of(line, path)) || rest.contains("(pub ");
            types.push(PublicType {
                is_enum: kind == "enum",
                is_non_exhaustive: attributes.contains("#[non_exhaustive]"),
                has_private_fields: kind != "enum" && !has_public_field && !units.contains(&name),
                name,
            });
        }
    }
    types
}

fn is_attributes(text: &str) -> bool {
    text.is_empty() || (text.starts_with("#[") && text.ends_with("] "))
}

/// Returns `true` for `pub PATH::field: Type`, where parameters may follow the path.
fn is_field_of(line: &str, path: &str) -> bool {
    let Some(rest) = line.strip_prefix("pub ").and_then(|line| line.strip_prefix(path)) else { return false };
    let field =
        if rest.starts_with('<') { rest.split_once(">::").map(|(_, field)| field) } else { rest.strip_prefix("::") };
    field.and_then(|field| field.split_once(": ")).is_some_and(|(name, _)| !name.contains(['(', ':', ' ']))
}

/// Returns the names of all structs without fields, which the lists of public items do not tell from those with private
/// fields.
fn unit_structs(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let module = if path.components().any(|part| part.as_os_str() == "sn") { "sn::" } else { "" };
            let text = fs::read_to_string(path).unwrap();
            let names = text.lines().filter_map(|line| line.strip_prefix("pub struct ")?.strip_suffix(';'));
            found.extend(names.map(|name| format!("{module}{name}")));
        }
    }
    found
}

#[test]
fn a_type_is_exhaustive_only_on_purpose() {
    let types = public_types();
    assert!(types.len() > 180, "{} types", types.len());
    let listed: Vec<_> = EXHAUSTIVE.iter().flat_map(|(_, names)| *names).copied().collect();
    let expected: BTreeSet<_> = listed.iter().copied().collect();
    assert_eq!(listed.len(), expected.len(), "a type is listed twice");
    let is_exhaustive = |public_type: &&PublicType| !public_type.is_non_exhaustive && !public_type.has_private_fields;
    let found: BTreeSet<_> = types.iter().filter(is_exhaustive).map(|public_type| public_type.name.as_str()).collect();
    let new: Vec<_> = found.difference(&expected).collect();
    assert!(new.is_empty(), "{new:?}: make them #[non_exhaustive], or list them with a reason");
    let gone: Vec<_> = expected.difference(&found).collect();
    assert!(gone.is_empty(), "{gone:?} are not exhaustive types");
}

/// Each of these gains variants with almost every release.
#[test]
fn errors_fields_and_leniencies_are_non_exhaustive() {
    let mut count = 0;
    for public_type in public_types() {
        let grows = ["Error", "ErrorKind", "Field", "Leniency"].iter().any(|end| public_type.name.ends_with(end));
        if public_type.is_enum && grows {
            assert!(public_type.is_non_exhaustive, "{}", public_type.name);
            count += 1;
        }
    }
    assert!(count > 10, "{count} types");
}
