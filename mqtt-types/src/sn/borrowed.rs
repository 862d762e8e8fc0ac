//! Aliases of the messages over `&[u8]`, for programs without an allocator.
//!
//! ```
//! use mqtt_types::sn::borrowed::PingReq;
//!
//! let ping = PingReq::default(); // PingReq<'_>, which is mqtt_types::sn::PingReq<&[u8]>
//! assert_eq!(ping.client_id, None);
//! ```

macro_rules! aliases {
    ($($name:ident)*) => {$(
        #[doc = concat!("[`", stringify!($name), "`](crate::sn::", stringify!($name), ") over a slice.")]
        pub type $name<'a> = crate::sn::$name<&'a [u8]>;
    )*};
}

aliases! {
    Datagram Encapsulation WirelessNodeId Message ClientId GwInfo Connect WillTarget WillTopic WillMsg Register Publish
    Subscribe Unsubscribe PingReq WillTopicUpd WillMsgUpd
}
