//! Other protocols that peers use by mistake instead of MQTT.

use core::fmt;

/// Protocol that the peer seems to use instead of MQTT, according to its first bytes.
///
/// The usual cause is a client or server on the wrong port, or a load balancer that sends its own header first. No
/// legal MQTT packet begins with these bytes.
///
/// ```
/// use mqtt_codec::{OtherProtocol, ProtocolVersion, decode};
///
/// let error = decode(b"HTTP/1.1 400 Bad Request\r\n", ProtocolVersion::V5).unwrap_err();
/// assert_eq!(error.looks_like(), Some(OtherProtocol::Http));
/// assert!(error.to_string().starts_with("this looks like HTTP, not MQTT; "));
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OtherProtocol {
    /// HTTP: a request or a reply. A client that wants MQTT over WebSocket begins with such a request.
    Http,
    /// TLS: a handshake or an alert. The peer expects TLS on this port.
    Tls,
    /// SSH.
    Ssh,
    /// The PROXY protocol of load balancers, version 1 or 2. Remove its header before decoding MQTT.
    Proxy,
    /// Text: the first eight bytes are printable ASCII.
    Text,
}

impl OtherProtocol {
    /// Recognizes a protocol by the bytes at the start of a packet. Returns `None` if there are too few bytes.
    #[cold]
    #[inline(never)]
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        const HTTP: [&[u8]; 10] = [
            b"HTTP/",
            b"GET ",
            b"POST ",
            b"PUT ",
            b"HEAD ",
            b"DELETE ",
            b"OPTIONS ",
            b"CONNECT ",
            b"PATCH ",
            b"PRI * ",
        ];
        let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\r' | b'\n' | b'\t');
        match bytes {
            // Change of cipher, alert, handshake, data: each of SSL 3.0 to TLS 1.3.
            [0x14..=0x17, 3, 0..=4, ..] => Some(Self::Tls),
            _ if bytes.starts_with(b"SSH-") => Some(Self::Ssh),
            _ if bytes.starts_with(b"PROXY ") || bytes.starts_with(b"\r\n\r\n\0\r\nQUIT\n") => Some(Self::Proxy),
            _ if HTTP.iter().any(|start| bytes.starts_with(start)) => Some(Self::Http),
            _ if bytes.first_chunk::<8>()?.iter().all(is_text) => Some(Self::Text),
            _ => None,
        }
    }
}

impl fmt::Display for OtherProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Http => "HTTP",
            Self::Tls => "TLS",
            Self::Ssh => "SSH",
            Self::Proxy => "the PROXY protocol",
            Self::Text => "text",
        })
    }
}
