//! The methods that the streaming decoders share, whatever buffer they work on.

/// What a decoder knows and can be told, whatever buffer it works on.
macro_rules! stream_methods {
    ($decoder:ty) => {
        impl $decoder {
            /// The version of the connection, once it is known.
            #[must_use]
            pub const fn version(&self) -> Option<ProtocolVersion> {
                self.framer.version()
            }

            /// Takes this version for the connection's: what a client's CONNECT said, or what the other direction of a
            /// proxied connection has learnt. Of a packet that has begun, what has not been judged yet is judged by it.
            pub const fn set_version(&mut self, version: ProtocolVersion) {
                self.framer.set_version(version);
            }

            /// The options.
            #[must_use]
            pub const fn options(&self) -> StreamOptions {
                self.framer.options()
            }

            /// Changes the options: another limit, for instance, once the client is known. Of a packet that has begun, what
            /// has not been judged yet is judged by them. A version that was learnt stays unless the options name one.
            pub const fn set_options(&mut self, options: StreamOptions) {
                self.framer.set_options(options);
            }

            /// Where in the stream the next packet, or piece of a payload, begins; after an error, the packet that it is
            /// about.
            #[must_use]
            pub const fn position(&self) -> u64 {
                self.framer.position()
            }

            /// Gives up exactly the packet that the last error was about, even if it has not arrived as a whole yet, or
            /// the rest of the payload that is handed out in pieces; the next call goes on behind it.
            ///
            /// [`position`](Self::position) stays where it is until the bytes are dropped, as they come; the call that drops the
            /// last of them may give the next packet at once.
            ///
            /// False if nobody knows where it ends: its Remaining Length has more than four bytes, or the slice that it is
            /// decoded in has less than five and cannot hold its fixed header. Then there is no way to go on.
            #[must_use = "if it is false, the stream cannot go on"]
            pub fn skip(&mut self) -> bool {
                self.forget_refused();
                self.framer.skip()
            }

            /// True if no packet has begun, as far as is known: where a stream may end. What is left in the buffer has not
            /// been looked at.
            #[must_use]
            pub const fn is_between_packets(&self) -> bool {
                self.framer.is_between_packets()
            }
        }
    };
}
pub(crate) use stream_methods;
