//! The kinds of text.

/// A kind of text, with what it must not contain besides ill-formed UTF-8.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextKind {
    /// A UTF-8 Encoded String, without U+0000.
    Utf8String,
    /// A Topic Name, without U+0000, `+` and `#`. The caller checks that it is not empty.
    TopicName,
}
