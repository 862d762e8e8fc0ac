//! Which features to enable.
//!
//! | you build | features |
//! | --- | --- |
//! | a broker or a client on tokio, with `Framed` | `tokio-util` |
//! | a broker or a client with a loop of your own | the default |
//! | a tool that reads files | the default, and `serde` to write packets as JSON |
//! | firmware with an allocator | `default-features = false, features = ["bytes"]` |
//! | firmware without an allocator | `default-features = false` |
//! | a gateway to a sensor network | `sn`, besides those above |
//! | a fuzzer | `arbitrary` |
//!
//! # What each adds
//!
//! | feature | adds | needs |
//! | --- | --- | --- |
//! | none | borrowed packets, [`decode`](crate::decode), [`SliceDecoder`](crate::SliceDecoder), encoding into slices | nothing |
//! | `bytes` | packets over `Bytes`, frames, [`StreamDecoder`](crate::StreamDecoder), [`Forward`](crate::Forward) over frames, [`convert`](crate::convert), builders that allocate | an allocator |
//! | `std` | `std` of the dependencies | `std` |
//! | `tokio-util` | `Codec` and `FrameCodec` | `bytes`, `std` |
//! | `sn` | the module `sn`: MQTT-SN 1.2, in the forms that the other features allow | nothing |
//! | `serde` | the traits of serde for all packets and values | nothing |
//! | `arbitrary` | legal values from the bytes of a fuzzer | `bytes`, `std` |
//!
//! Features only add. A library that forwards them writes `mqtt-codec = { …, default-features = false }` and a feature for each that
//! its users may want:
//!
//! ```toml
//! [features]
//! default = ["std"]
//! std = ["mqtt-codec/std", "mqtt-codec/bytes"]
//! ```
//!
//! The default buffer of a type is `Bytes`, with the feature `bytes`. Without this feature a type has no default buffer. A library that must
//! compile both ways names the buffer: [`borrowed::Publish`](crate::borrowed::Publish) is `Publish<&[u8]>` in both.
