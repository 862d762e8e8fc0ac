//! Control packets, one file each, and the enum of all of them.

mod acknowledgement;
mod application_message;
mod auth;
mod connack;
mod connect;
mod disconnect;
#[cfg(feature = "bytes")]
mod packed_publish;
#[expect(clippy::module_inception, reason = "the folder's main type in a file of its own")]
mod packet;
mod pingreq;
mod pingresp;
mod puback;
mod pubcomp;
mod publish;
mod pubrec;
mod pubrel;
mod request;
mod suback;
mod subscribe;
mod unsuback;
mod unsubscribe;
mod will;

pub use application_message::ApplicationMessage;
pub use auth::Auth;
pub use connack::ConnAck;
pub use connect::Connect;
pub use disconnect::Disconnect;
#[cfg(feature = "bytes")]
pub use packed_publish::PackedPublish;
pub use packet::Packet;
pub use pingreq::PingReq;
pub use pingresp::PingResp;
pub use puback::PubAck;
pub use pubcomp::PubComp;
pub use publish::{Publish, TopicAliasMissing};
pub use pubrec::PubRec;
pub use pubrel::PubRel;
pub use request::Request;
pub use suback::{ReasonCodesMissing, SubAck};
pub use subscribe::Subscribe;
pub use unsuback::UnsubAck;
pub use unsubscribe::Unsubscribe;
pub use will::Will;
