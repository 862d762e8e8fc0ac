//! Methods that all streaming decoders have.

/// Implements the methods that do not depend on the buffer.
macro_rules! stream_methods {
    ($decoder:ty, $($framer:ident).+) => {
        impl $decoder {
            /// Returns the version of the connection, or `None` before it is known.
            #[must_use]
            pub const fn version(&self) -> Option<ProtocolVersion> {
                self.$($framer).+.version()
            }

            /// Sets the version of the connection: that of the CONNECT which a client sent, or that of the other direction of
            /// a proxied connection.
            ///
            /// Takes effect as [`set_options`](Self::set_options) does.
            pub const fn set_version(&mut self, version: ProtocolVersion) {
                self.$($framer).+.set_version(version);
            }

            /// Returns the options.
            #[must_use]
            pub const fn options(&self) -> StreamOptions {
                self.$($framer).+.options()
            }

            /// Replaces the options, for instance to raise a limit once a client is authenticated.
            ///
            /// The new options apply to every packet that was neither returned nor refused before. A packet that is incomplete
            /// is judged by them from its first byte on. Two things stay as they are: an error, until the packet is
            /// [skipped](Self::skip), and the payload of a PUBLISH whose head was returned.
            ///
            /// A version that was taken from CONNECT is kept unless the options contain another.
            pub const fn set_options(&mut self, options: StreamOptions) {
                self.$($framer).+.set_options(options);
            }

            /// Returns the offset in the stream at which the next packet or piece of a payload begins. After an error, that is
            /// the offset of the packet that caused it.
            #[must_use]
            pub const fn position(&self) -> u64 {
                self.$($framer).+.position()
            }

            /// Skips the packet that caused the last error, or the rest of a payload that is returned in pieces. Decoding
            /// continues with the packet after it.
            ///
            /// Skips exactly one packet, even if it has not been received completely. Its bytes are dropped as they arrive,
            /// and [`position`](Self::position) advances with them.
            ///
            /// Returns `false` if the end of the packet is unknown, so that decoding cannot continue. That is the case if its
            /// Remaining Length has more than four bytes, or if the slice of a
            /// [`SliceDecoder`](crate::SliceDecoder) is too short for its fixed header.
            #[must_use = "if it is false, the stream cannot be decoded further"]
            pub fn skip(&mut self) -> bool {
                self.forget_refused();
                self.$($framer).+.skip()
            }

        }
    };
}
pub(crate) use stream_methods;
