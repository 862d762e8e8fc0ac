//! The features of this crate, and which of them to enable.
//!
//! | you build | features |
//! | --- | --- |
//! | a broker or a client on tokio, with `Framed` | `tokio-util` |
//! | a broker or a client with your own read loop | the default features |
//! | a tool that reads files | the default features, and `serde` to write packets as JSON |
//! | firmware with an allocator | `default-features = false, features = ["bytes"]` |
//! | firmware without an allocator | `default-features = false` |
//! | a gateway to a sensor network | `sn`, in addition to those above |
//! | a fuzzer | `arbitrary` |
//!
//! # What each feature adds
//!
//! | feature | adds | needs |
//! | --- | --- | --- |
//! | none | borrowed packets, [`decode`](crate::decode), [`SliceDecoder`](crate::SliceDecoder), encoding into slices | nothing |
//! | `bytes` | packets over `Bytes`, frames, [`StreamDecoder`](crate::StreamDecoder), [`Forward`](crate::Forward) over frames, [`convert`](crate::convert), builders that allocate | an allocator |
//! | `std` | `std` of the dependencies | `std` |
//! | `tokio-util` | `Codec` | `bytes`, `std` |
//! | `sn` | the module `sn`: MQTT-SN 1.2, in the forms that the other features allow | nothing |
//! | `serde` | the traits of serde for all packets and values, and for options | nothing |
//! | `defmt` | `defmt::Format`, to log on microcontrollers | nothing |
//! | `arbitrary` | legal values from the bytes of a fuzzer | `bytes`, `std` |
//!
//! Features only add items. A library that forwards them writes `mqtt-codec = { …, default-features = false }` and a
//! feature for each that its users may want:
//!
//! ```toml
//! [features]
//! default = ["std"]
//! std = ["mqtt-codec/std", "mqtt-codec/bytes"]
//! ```
//!
//! The default buffer of a type is `Bytes`, with the feature `bytes`. Without this feature, a type has no default
//! buffer. A library that must compile with and without the feature names the buffer:
//! [`borrowed::Publish`](crate::borrowed::Publish) is `Publish<&[u8]>` in both.
