//! Plain values: versions, packet types, flags and numbers.

mod keep_alive;
mod packet_type;
mod protocol_version;
mod qos;
mod variable_byte_integer;

pub use keep_alive::KeepAlive;
pub use packet_type::{FixedHeader, Flags, PacketType, Sender};
pub use protocol_version::{ProtocolVersion, UnknownProtocolVersion};
pub use qos::{Delivery, InvalidQoS, PacketIdentifier, PacketIdentifierZero, QoS};
pub use variable_byte_integer::{
    DecodedVariableByteInteger, EncodedVariableByteInteger, VariableByteInteger, VariableByteIntegerError,
};
