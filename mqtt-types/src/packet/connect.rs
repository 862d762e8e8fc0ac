//! CONNECT: section 3.1.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::packet::will::Will;
use crate::property::ConnectProperties;
use crate::text::{BinaryData, Utf8String};
use crate::value::{KeepAlive, ProtocolVersion};
use core::fmt;

/// CONNECT: a client asks for a connection. Section 3.1.
///
/// ```text
/// variable header   Protocol Name, Protocol Version, Connect Flags, Keep Alive, Properties (5.0)
/// payload           Client Identifier, Will (if any), User Name (if any), Password (if any)
/// ```
///
/// Every value of this type is legal in 5.0. 3.x cannot express some of them: properties, a Password without a User
/// Name, and an empty Client Identifier without Clean Session. 3.1 cannot express an empty Client Identifier at all. To
/// encode such a packet is an error.
///
/// ```
/// use mqtt_types::{Connect, KeepAlive, Utf8String};
///
/// let connect = Connect {
///     keep_alive: KeepAlive::from_seconds(60),
///     user_name: Some(Utf8String::new("user")?),
///     ..Connect::new(Utf8String::new("sensor-1")?)
/// };
/// assert_eq!(connect.to_string(), r#"CONNECT 5.0 client="sensor-1" clean keep_alive=60 s user="user""#);
/// # Ok::<(), mqtt_types::TextError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Connect<B = DefaultBuffer> {
    /// The version of the client. It determines the format of this packet and of all later packets on the connection.
    pub protocol_version: ProtocolVersion,
    /// Whether the client is a bridge. A bridge sets bit 7 of the Protocol Level. No standard defines this bit, and it
    /// is used only with 3.1 and 3.1.1.
    pub bridge: bool,
    /// Whether the client wants a new session instead of an earlier one. 3.x calls it Clean Session.
    #[doc(alias = "clean_session")]
    pub clean_start: bool,
    /// The longest time between two packets of the client.
    pub keep_alive: KeepAlive,
    /// The properties. 3.x has none.
    pub properties: ConnectProperties<B>,
    /// The Client Identifier. If it is empty, the server assigns one.
    pub client_identifier: Utf8String<B>,
    /// The message that the server publishes if the connection ends without a DISCONNECT.
    pub will: Option<Will<B>>,
    /// The User Name.
    pub user_name: Option<Utf8String<B>>,
    /// The Password: any bytes. `Debug` and `Display` never show it.
    pub password: Option<BinaryData<B>>,
}

impl<B: Buffer> Connect<B> {
    /// Creates a CONNECT of 5.0 with a Client Identifier and Clean Start, and nothing else.
    #[must_use]
    pub fn new(client_identifier: Utf8String<B>) -> Self {
        Self {
            protocol_version: ProtocolVersion::V5,
            bridge: false,
            clean_start: true,
            keep_alive: KeepAlive::OFF,
            properties: ConnectProperties::default(),
            client_identifier,
            will: None,
            user_name: None,
            password: None,
        }
    }

    /// Returns for how many seconds the session remains after the connection ends, in any version. [`u32::MAX`] means that
    /// it does not end.
    ///
    /// In 5.0, this is the Session Expiry Interval, or 0 if it is absent. A session of 3.x ends with its connection if
    /// Clean Session is set, and otherwise it does not end.
    ///
    /// ```
    /// use mqtt_types::{Connect, ConnectProperties, ProtocolVersion, Utf8String};
    ///
    /// let connect = Connect { clean_start: false, ..Connect::new(Utf8String::from_static("sensor-1")) };
    /// assert_eq!(connect.session_expiry_interval(), 0);
    /// let of_v3 = Connect { protocol_version: ProtocolVersion::V3_1_1, ..connect };
    /// assert_eq!(of_v3.session_expiry_interval(), u32::MAX);
    /// assert_eq!(Connect { clean_start: true, ..of_v3 }.session_expiry_interval(), 0);
    /// ```
    #[must_use]
    pub fn session_expiry_interval(&self) -> u32 {
        match (self.protocol_version.is_v3(), self.clean_start) {
            (false, _) => self.properties.session_expiry_interval().unwrap_or(0),
            (true, true) => 0,
            (true, false) => u32::MAX,
        }
    }
}

crate::buffer::over_buffers!(Connect {
    plain: [protocol_version, bridge, clean_start, keep_alive],
    raw: [],
    parts: [properties, client_identifier],
    options: [will, user_name, password]
});

crate::buffer::format_fields! { Connect:
    protocol_version = |this| this.protocol_version;
    bridge = |this| this.bridge;
    clean_start = |this| this.clean_start;
    keep_alive = |this| this.keep_alive;
    properties = |this| this.properties;
    client_identifier = |this| this.client_identifier;
    will = |this| this.will;
    user_name = |this| this.user_name;
    password = |this| this.password.as_ref().map_or("none", |_| "hidden");
}

impl<B: Buffer> fmt::Debug for Connect<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect")
            .field("protocol_version", &self.protocol_version)
            .field("bridge", &self.bridge)
            .field("clean_start", &self.clean_start)
            .field("keep_alive", &self.keep_alive)
            .field("properties", &self.properties)
            .field("client_identifier", &self.client_identifier)
            .field("will", &self.will)
            .field("user_name", &self.user_name)
            .field("password", &self.password.as_ref().map(|_| format_args!("<hidden>")))
            .finish()
    }
}

impl<B: Buffer> fmt::Display for Connect<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CONNECT {} client={:?}", self.protocol_version, self.client_identifier)?;
        if self.bridge {
            f.write_str(" bridge")?;
        }
        if self.clean_start {
            f.write_str(" clean")?;
        }
        write!(f, " keep_alive={}", self.keep_alive)?;
        if let Some(will) = &self.will {
            write!(f, " will={:?}", will.topic_name)?;
        }
        if let Some(user_name) = &self.user_name {
            write!(f, " user={user_name:?}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Connect;
    use crate::{BinaryData, ConnectProperties, ProtocolVersion, Utf8String};

    #[test]
    fn a_session_expires_by_the_property_or_by_clean_session() {
        let properties = ConnectProperties::new(b"\x11\0\0\0\x07").unwrap();
        let with_property = Connect { properties, ..Connect::new(Utf8String::from_static("c")) };
        for (version, clean_start, expected) in [
            (ProtocolVersion::V3_1, true, 0),
            (ProtocolVersion::V3_1, false, u32::MAX),
            (ProtocolVersion::V3_1_1, true, 0),
            (ProtocolVersion::V3_1_1, false, u32::MAX),
            (ProtocolVersion::V5, true, 7),
            (ProtocolVersion::V5, false, 7),
        ] {
            let connect = Connect { protocol_version: version, clean_start, ..with_property };
            assert_eq!(connect.session_expiry_interval(), expected, "{version}");
        }
    }

    #[test]
    fn the_password_is_never_shown() {
        let connect = Connect {
            password: Some(BinaryData::new(b"secret").unwrap()),
            ..Connect::new(Utf8String::new("c").unwrap())
        };
        let shown = format!("{connect:?} {connect:#?} {connect}");
        assert!(!shown.contains("secret") && !shown.contains("115") && !shown.contains("6 bytes"), "{shown}");
        assert!(shown.contains("<hidden>"));
    }
}
