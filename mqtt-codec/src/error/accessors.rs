//! Methods that several errors have.

/// Implements the methods of an error that names a field and a packet.
macro_rules! field_accessors {
    ($error:ident) => {
        impl $error {
            /// Returns the field that caused the error.
            #[must_use]
            pub const fn field(&self) -> Field {
                self.field
            }

            /// Returns the type of the packet.
            #[must_use]
            pub const fn packet_type(&self) -> PacketType {
                self.packet_type
            }
        }

        impl core::error::Error for $error {}
    };
}
pub(crate) use field_accessors;

/// Implements the methods of an error that also names a rule.
macro_rules! error_accessors {
    ($error:ident) => {
        crate::error::accessors::field_accessors!($error);

        impl $error {
            /// Returns the number of the normative statement, for instance `MQTT-1.5.4-2`, or `None` if the
            /// [rule](Self::rule) is a section.
            #[must_use]
            pub fn statement(&self) -> Option<&'static str> {
                Some(self.rule()).filter(|rule| rule.starts_with("MQTT-"))
            }
        }
    };
}
pub(crate) use error_accessors;
