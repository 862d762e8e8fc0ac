//! AUTH: section 3.15.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::property::AuthProperties;
use crate::reason_code::AuthReasonCode;
use core::fmt;

/// AUTH: a step of an extended authentication. Section 3.15. Only 5.0 has it.
///
/// ```text
/// variable header   Reason Code, Properties (with an Authentication Method)
/// ```
///
/// ```
/// use mqtt_types::{Auth, AuthProperties, AuthReasonCode};
///
/// let mut storage = [0; 32];
/// let properties = AuthProperties::builder_in(&mut storage, "SCRAM-SHA-1").authentication_data(b"...").build()?;
/// let auth = Auth { reason_code: AuthReasonCode::CONTINUE_AUTHENTICATION, properties };
/// assert_eq!(auth.to_string(), r#"AUTH Continue authentication (0x18) method="SCRAM-SHA-1""#);
/// # Ok::<(), mqtt_types::BuildError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Auth<B = DefaultBuffer> {
    /// The state of the authentication.
    pub reason_code: AuthReasonCode,
    /// The properties. They always contain an Authentication Method.
    pub properties: AuthProperties<B>,
}

crate::buffer::debug_fields!(Auth: reason_code properties);
crate::buffer::over_buffers!(Auth { plain: [reason_code], raw: [], parts: [properties], options: [] });

impl<B: Buffer> fmt::Display for Auth<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AUTH {}", self.reason_code)?;
        match self.properties.authentication_method() {
            Some(method) => write!(f, " method={method:?}"),
            None => Ok(()),
        }
    }
}
