//! Plain values: versions, packet types, flags and numbers.

mod delivery;
mod fixed_header;
mod keep_alive;
mod packet_identifier;
mod packet_type;
mod protocol_version;
mod qos;
mod sender;
mod variable_byte_integer;

pub use delivery::{Delivery, DeliveryError};
pub use fixed_header::{FixedHeader, Flags};
pub use keep_alive::{KeepAlive, KeepAliveTooLong};
pub use packet_identifier::{PacketIdentifier, PacketIdentifierZero};
pub use packet_type::PacketType;
pub use protocol_version::{ProtocolVersion, UnknownProtocolVersion};
pub use qos::{InvalidQoS, QoS};
pub use sender::Sender;
pub use variable_byte_integer::{
    DecodedVariableByteInteger, EncodedVariableByteInteger, VariableByteInteger, VariableByteIntegerError,
};
