//! Who may connect: the decision of the broker's owner, or enhanced authentication, which passes data between the client and
//! a method.

use crate::hooks::{Exchange, Hooks};
use mqtt_codec::{Auth, AuthProperties, BinaryData, Connect, ReasonCode};

/// The method of a connection, and its exchange of data with the client.
pub(crate) struct Authentication {
    method: String,
    exchange: Box<dyn Exchange>,
}

impl Authentication {
    /// Begins with the method and the data in a CONNECT, and returns the AUTH that answers them. Returns `None` if the
    /// client has no method, and may connect without.
    pub(crate) fn begin(hooks: &dyn Hooks, connect: &Connect<&[u8]>) -> Result<Option<(Self, Auth)>, ReasonCode> {
        let Some(method) = connect.properties.authentication_method() else {
            return hooks.connect(connect).map(|()| None);
        };
        let exchange = hooks.authenticate(&method).ok_or(ReasonCode::BAD_AUTHENTICATION_METHOD)?;
        let mut authentication = Self { method: method.to_string(), exchange };
        let auth = authentication.step(connect.properties.authentication_data())?;
        Ok(Some((authentication, auth)))
    }

    /// Passes the data of an AUTH to the method, which must be that of the CONNECT [MQTT-4.12.0-5, MQTT-4.12.1-1]. Returns
    /// the AUTH that answers them.
    pub(crate) fn answer(&mut self, auth: &Auth<&[u8]>) -> Result<Auth, ReasonCode> {
        if auth.properties.authentication_method().is_none_or(|method| method.as_str() != self.method) {
            return Err(ReasonCode::PROTOCOL_ERROR);
        }
        self.step(auth.properties.authentication_data())
    }

    fn step(&mut self, data: Option<BinaryData<&[u8]>>) -> Result<Auth, ReasonCode> {
        let (reason_code, data) = self.exchange.next(data.map(|data| data.as_bytes()))?;
        let properties = AuthProperties::builder(&self.method).authentication_data(&data).build();
        Ok(Auth { reason_code, properties: properties.map_err(|_| ReasonCode::IMPLEMENTATION_SPECIFIC_ERROR)? })
    }
}
