//! The decisions of the broker's owner: who may connect, publish and subscribe. Also enhanced authentication: the
//! broker transports the data, and a method interprets them.

use mqtt_codec::{AuthReasonCode, ReasonCode, TopicFilter, borrowed};

/// The decisions of a broker's owner.
pub(crate) trait Hooks: Send + Sync {
    /// Decides whether a client without enhanced authentication may connect.
    fn connect(&self, connect: &borrowed::Connect<'_>) -> Result<(), ReasonCode>;

    /// Begins enhanced authentication with this method, or returns `None` if the method is unknown.
    fn authenticate(&self, method: &str) -> Option<Box<dyn Exchange>>;

    fn may_publish(&self, client: &str, topic_name: &borrowed::TopicName<'_>) -> bool;

    fn may_subscribe(&self, client: &str, topic_filter: &borrowed::TopicFilter<'_>) -> bool;
}

/// An exchange of authentication data with one client. It may take place again on the same connection.
pub(crate) trait Exchange: Send {
    /// Handles the data of the client. Returns the data for the client, and whether the exchange continues or the client
    /// is authentic; or the reason to refuse the client.
    fn next(&mut self, data: Option<&[u8]>) -> Result<(AuthReasonCode, Vec<u8>), ReasonCode>;
}

/// The hooks that the command line can configure.
#[derive(Default)]
pub(crate) struct CommandLine {
    /// Only clients with this User Name and Password may connect.
    pub(crate) user: Option<(String, String)>,
    /// Nobody may publish or subscribe to topics that these filters match.
    pub(crate) denied: Vec<TopicFilter>,
}

impl Hooks for CommandLine {
    fn connect(&self, connect: &borrowed::Connect<'_>) -> Result<(), ReasonCode> {
        let Some((user_name, password)) = &self.user else { return Ok(()) };
        let given = (connect.user_name.as_deref(), connect.password.map(|password| password.as_bytes()));
        let wanted = (Some(user_name.as_str()), Some(password.as_bytes()));
        if given == wanted { Ok(()) } else { Err(ReasonCode::BAD_USER_NAME_OR_PASSWORD) }
    }

    fn authenticate(&self, method: &str) -> Option<Box<dyn Exchange>> {
        match method {
            "REVERSE" => Some(Box::<Reverse>::default()),
            _ => None,
        }
    }

    fn may_publish(&self, _client: &str, topic_name: &borrowed::TopicName<'_>) -> bool {
        !self.denied.iter().any(|denied| denied.matches(topic_name))
    }

    fn may_subscribe(&self, _client: &str, topic_filter: &borrowed::TopicFilter<'_>) -> bool {
        !self.denied.iter().any(|denied| denied.covers(topic_filter))
    }
}

/// The method `REVERSE`: the broker sends a word, and the client answers with the reversed word. It gives no security.
/// It shows how to add a method.
#[derive(Default)]
struct Reverse {
    is_asked: bool,
}

impl Exchange for Reverse {
    fn next(&mut self, data: Option<&[u8]>) -> Result<(AuthReasonCode, Vec<u8>), ReasonCode> {
        match (core::mem::replace(&mut self.is_asked, true), data) {
            (false, _) => Ok((AuthReasonCode::CONTINUE_AUTHENTICATION, b"stressed".to_vec())),
            (true, Some(b"desserts")) => {
                self.is_asked = false;
                Ok((AuthReasonCode::SUCCESS, b"welcome".to_vec()))
            }
            (true, _) => Err(ReasonCode::NOT_AUTHORIZED),
        }
    }
}
