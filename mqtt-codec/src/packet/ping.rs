//! Shared implementation of PINGREQ and PINGRESP, which consist only of a fixed header.

macro_rules! without_body {
    ($name:ident) => {
        impl crate::wire::encode_body::EncodeBody for mqtt_types::$name {
            const PACKET_TYPE: mqtt_types::PacketType = mqtt_types::PacketType::$name;

            fn as_packet(&self) -> mqtt_types::Packet<&[u8]> {
                (*self).into()
            }

            #[inline]
            fn short_packet(&self) -> Option<crate::wire::encode_body::ShortPacket> {
                Some(crate::wire::encode_body::ShortPacket::without_body(Self::PACKET_TYPE))
            }

            fn body_len(&self, _: &crate::options::EncodeOptions) -> Result<usize, crate::wire::encode_body::Refusal> {
                Ok(0)
            }

            fn write_body<'p>(&'p self, _: &crate::options::EncodeOptions, _: &mut impl crate::wire::write::Write<'p>) {
            }
        }
    };
}
pub(crate) use without_body;
