//! What PUBACK, PUBREC, PUBREL and PUBCOMP have in common: all but the name and the table of Reason Codes.

macro_rules! acknowledgement {
    ($(#[$doc:meta])* $name:ident, $properties:ident, $reason_code:ident, $display:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name<B = crate::buffer::DefaultBuffer> {
            /// The identifier of the PUBLISH.
            pub packet_identifier: crate::value::PacketIdentifier,
            /// What became of it; success in 3.x.
            pub reason_code: crate::reason_code::$reason_code,
            /// Properties; none in 3.x.
            pub properties: crate::property::$properties<B>,
        }

        impl<B: crate::buffer::Buffer> $name<B> {
            /// Success, without properties.
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
