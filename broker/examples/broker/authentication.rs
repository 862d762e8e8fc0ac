//! Enhanced authentication: the data of the client go to its method, and those of the method to the client.

use crate::hooks::Exchange;
use mqtt_codec::{Auth, AuthProperties, BinaryData, ReasonCode, Utf8String};

/// The method of a connection, and its exchange of data with the client.
pub(crate) struct Authentication {
    method: String,
    exchange: Box<dyn Exchange>,
}

impl Authentication {
    pub(crate) fn new(method: &str, exchange: Box<dyn Exchange>) -> Self {
        Self { method: method.to_owned(), exchange }
    }

    /// Passes the data of a CONNECT or AUTH to the method, which must be that of the CONNECT
    /// [MQTT-4.12.0-5, MQTT-4.12.1-1]. Returns the AUTH that answers them.
    pub(crate) fn next(
        &mut self,
        method: Option<Utf8String<&[u8]>>,
        data: Option<BinaryData<&[u8]>>,
    ) -> Result<Auth, ReasonCode> {
        if method.is_none_or(|method| method.as_str() != self.method) {
            return Err(ReasonCode::PROTOCOL_ERROR);
        }
        let (reason_code, data) = self.exchange.next(data.map(|data| data.as_bytes()))?;
        let properties = AuthProperties::builder(&self.method).authentication_data(&data).build();
        Ok(Auth { reason_code, properties: properties.map_err(|_| ReasonCode::IMPLEMENTATION_SPECIFIC_ERROR)? })
    }
}
