//! The implementation that PUBACK, PUBREC, PUBREL and PUBCOMP share: everything except the name and the Reason Codes.

macro_rules! acknowledgement {
    ($(#[$doc:meta])* $name:ident, $properties:ident, $reason_code:ident, $display:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name<B = crate::buffer::DefaultBuffer> {
            /// The Packet Identifier of the PUBLISH.
            pub packet_identifier: crate::value::PacketIdentifier,
            /// The result. In 3.x it is success.
            pub reason_code: crate::reason_code::$reason_code,
            /// The properties. 3.x has none.
            pub properties: crate::property::$properties<B>,
        }

        impl<B: crate::buffer::Buffer> $name<B> {
            /// Creates an acknowledgement of success, without properties.
            #[must_use]
            pub fn new(packet_identifier: crate::value::PacketIdentifier) -> Self {
                let reason_code = crate::reason_code::$reason_code::SUCCESS;
                Self { packet_identifier, reason_code, properties: crate::property::$properties::default() }
            }
        }

        crate::buffer::over_buffers!($name {
            plain: [packet_identifier, reason_code], raw: [], parts: [properties], options: []
        });

        crate::buffer::debug_fields!($name: packet_identifier reason_code properties);

        impl<B: crate::buffer::Buffer> core::fmt::Display for $name<B> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!($display, " id={} {}"), self.packet_identifier, self.reason_code)
            }
        }
    };
}
pub(crate) use acknowledgement;
