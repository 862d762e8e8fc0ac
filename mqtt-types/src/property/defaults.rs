//! The values that apply if a property is absent: section 2.2.2.2 and the sections of the properties.

use crate::buffer::Buffer;
use crate::property::payload_format::PayloadFormat;
use crate::property::sets::{ConnAckProperties, ConnectProperties, PublishProperties, WillProperties};
use crate::value::QoS;
use core::num::NonZeroU16;

/// Defines a getter for each property with a default: the value of the property, or else the default.
macro_rules! defaults {
    ($($set:ident { $($property:ident $name:ident: $type:ty = $default:expr, $shown:literal;)* })*) => {$(
        impl<B: Buffer> $set<B> {$(
            #[doc = concat!("Returns [`", stringify!($property), "`](Self::", stringify!($property), "), or ", $shown, " if the property is absent.")]
            #[must_use]
            pub fn $name(&self) -> $type {
                self.$property().unwrap_or($default)
            }
        )*}

        #[cfg(test)]
        impl $set<&[u8]> {
            /// Returns the values of a set without properties, and the names of the properties.
            fn defaults() -> Vec<(&'static str, String)> {
                let set = Self::default();
                vec![$((stringify!($property), format!("{:?}", set.$name()))),*]
            }
        }
    )*};
}

defaults! {
    ConnectProperties {
        session_expiry_interval session_expiry_interval_or_default: u32 = 0, "0";
        receive_maximum receive_maximum_or_default: NonZeroU16 = NonZeroU16::MAX, "65,535";
        topic_alias_maximum topic_alias_maximum_or_default: u16 = 0, "0";
        request_response_information request_response_information_or_default: bool = false, "`false`";
        request_problem_information request_problem_information_or_default: bool = true, "`true`";
    }
    WillProperties {
        will_delay_interval will_delay_interval_or_default: u32 = 0, "0";
        payload_format_indicator payload_format_indicator_or_default: PayloadFormat = PayloadFormat::Unspecified, "unspecified";
    }
    ConnAckProperties {
        receive_maximum receive_maximum_or_default: NonZeroU16 = NonZeroU16::MAX, "65,535";
        maximum_qos maximum_qos_or_default: QoS = QoS::ExactlyOnce, "2";
        retain_available retain_available_or_default: bool = true, "`true`";
        topic_alias_maximum topic_alias_maximum_or_default: u16 = 0, "0";
        wildcard_subscription_available wildcard_subscription_available_or_default: bool = true, "`true`";
        subscription_identifier_available subscription_identifier_available_or_default: bool = true, "`true`";
        shared_subscription_available shared_subscription_available_or_default: bool = true, "`true`";
    }
    PublishProperties {
        payload_format_indicator payload_format_indicator_or_default: PayloadFormat = PayloadFormat::Unspecified, "unspecified";
    }
}

#[cfg(test)]
mod tests {
    use super::{ConnAckProperties, ConnectProperties, PublishProperties, QoS, WillProperties};

    #[test]
    fn an_absent_property_has_the_default_of_the_standard() {
        let [connect, will] = [ConnectProperties::defaults(), WillProperties::defaults()];
        let [connack, publish] = [ConnAckProperties::defaults(), PublishProperties::defaults()];
        let all: Vec<_> = [connect, will, connack, publish].concat();
        let all: Vec<_> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let expected = [
            ("session_expiry_interval", "0"),
            ("receive_maximum", "65535"),
            ("topic_alias_maximum", "0"),
            ("request_response_information", "false"),
            ("request_problem_information", "true"),
            ("will_delay_interval", "0"),
            ("payload_format_indicator", "Unspecified"),
            ("receive_maximum", "65535"),
            ("maximum_qos", "ExactlyOnce"),
            ("retain_available", "true"),
            ("topic_alias_maximum", "0"),
            ("wildcard_subscription_available", "true"),
            ("subscription_identifier_available", "true"),
            ("shared_subscription_available", "true"),
            ("payload_format_indicator", "Unspecified"),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn a_property_that_is_there_is_in_force() {
        let connack = ConnAckProperties::new(&[0x24, 1, 0x21, 0, 7, 0x25, 0]).unwrap();
        assert_eq!(connack.maximum_qos_or_default(), QoS::AtLeastOnce);
        assert_eq!((connack.receive_maximum_or_default().get(), connack.retain_available_or_default()), (7, false));
        let connect = ConnectProperties::new(&[0x11, 0, 0, 0, 9, 0x17, 0]).unwrap();
        assert_eq!(connect.session_expiry_interval_or_default(), 9);
        assert!(!connect.request_problem_information_or_default());
    }
}
