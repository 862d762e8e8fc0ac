//! Each function calls one entry point, and links only if the optimiser has proved that it cannot panic for any bytes and
//! options: `no_panic` puts a value on the stack whose destructor does not exist.
//!
//! ARCHITECTURE.md lists the entry points that cannot be proved in this way, with the reason.

use mqtt_codec::{
    Answer, ConnectionPhase, DecodeError, DecodeOptions, Decoded, DecodedFixedHeader, Encode, EncodeError,
    EncodeOptions, Packet, ProtocolVersion, Publish, RefusedPacket, Role, SliceDecoder, StreamItem, StreamOptions,
    TextError, TopicFilter, TopicName, decode, decode_fixed_header, decode_from_client, decode_from_server,
    encode_publish_head,
};
use no_panic::no_panic;
use std::env;
use std::hint::black_box;

#[no_panic]
#[inline(never)]
fn decodes(input: &[u8], options: DecodeOptions) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    decode(input, options)
}

#[no_panic]
#[inline(never)]
fn decodes_from_a_client(input: &[u8], options: DecodeOptions) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    decode_from_client(input, options)
}

#[no_panic]
#[inline(never)]
fn decodes_from_a_server(input: &[u8], options: DecodeOptions) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    decode_from_server(input, options)
}

#[no_panic]
#[inline(never)]
fn decodes_a_fixed_header(input: &[u8], options: DecodeOptions) -> Result<Decoded<DecodedFixedHeader>, DecodeError> {
    decode_fixed_header(input, options)
}

#[no_panic]
#[inline(never)]
fn decodes_a_stream<'d>(decoder: &'d mut SliceDecoder<'_>) -> Result<Option<StreamItem<&'d [u8]>>, DecodeError> {
    decoder.next_item()
}

#[no_panic]
#[inline(never)]
fn answers(error: &DecodeError, role: Role, phase: ConnectionPhase) -> Option<Answer> {
    error.answer(role, phase)
}

#[no_panic]
#[inline(never)]
fn reads_a_refused_packet(input: &[u8], version: ProtocolVersion) -> Option<(Option<u16>, usize)> {
    let refused = RefusedPacket::read(input, version)?;
    let len = refused.topic().map_or(0, str::len) + refused.payload().map_or(0, <[u8]>::len);
    Some((refused.packet_identifier(), len + refused.as_bytes().len()))
}

#[no_panic]
#[inline(never)]
fn gives_refused<'d>(decoder: &'d SliceDecoder<'_>) -> &'d [u8] {
    decoder.refused()
}

#[no_panic]
#[inline(never)]
fn gives_space<'d>(decoder: &'d mut SliceDecoder<'_>) -> &'d mut [u8] {
    decoder.space()
}

#[no_panic]
#[inline(never)]
fn skips(decoder: &mut SliceDecoder<'_>) -> bool {
    decoder.skip()
}

#[no_panic]
#[inline(never)]
fn encodes(packet: &Packet<&[u8]>, options: EncodeOptions, output: &mut [u8]) -> Result<usize, EncodeError> {
    packet.encode(options, output)
}

#[no_panic]
#[inline(never)]
fn measures(packet: &Packet<&[u8]>, options: EncodeOptions) -> Result<usize, EncodeError> {
    packet.encoded_len(options)
}

#[no_panic]
#[inline(never)]
fn encodes_a_head(
    publish: &Publish<&[u8]>,
    payload_len: usize,
    options: EncodeOptions,
    output: &mut [u8],
) -> Result<usize, EncodeError> {
    encode_publish_head(publish, payload_len, options, output)
}

#[no_panic]
#[inline(never)]
fn checks_a_name(input: &[u8]) -> Result<TopicName<&[u8]>, TextError> {
    TopicName::new(input)
}

#[no_panic]
#[inline(never)]
fn checks_a_filter(input: &[u8]) -> Result<TopicFilter<&[u8]>, TextError> {
    TopicFilter::new(input)
}

#[no_panic]
#[inline(never)]
fn matches(filter: &TopicFilter<&[u8]>, name: &TopicName<&[u8]>) -> bool {
    filter.matches(name)
}

/// Reads every field of a packet.
#[no_panic]
#[inline(never)]
fn reads(packet: &Packet<&[u8]>) -> usize {
    match packet {
        Packet::Publish(publish) => {
            let properties = publish.properties();
            publish.topic().len()
                + properties.iter().count()
                + properties.user_properties().count()
                + usize::from(properties.topic_alias().is_some())
        }
        Packet::Subscribe(subscribe) => subscribe.subscriptions.iter().count(),
        Packet::Unsubscribe(unsubscribe) => unsubscribe.topic_filters.iter().count(),
        Packet::Connect(connect) => connect.properties.iter().count() + connect.client_identifier.as_str().len(),
        other => usize::from(other.packet_identifier().is_some()),
    }
}

/// The same for MQTT-SN.
mod sn {
    use super::no_panic;
    use mqtt_codec::sn::{
        Datagram, DecodeError, DecodeOptions, Encapsulation, Encode, EncodeError, Message, decode, decode_from_client,
        decode_from_gateway, split_encapsulation,
    };

    #[no_panic]
    #[inline(never)]
    pub fn decodes(input: &[u8], options: DecodeOptions) -> Result<Datagram<&[u8]>, DecodeError> {
        decode(input, options)
    }

    #[no_panic]
    #[inline(never)]
    pub fn decodes_from_a_client(input: &[u8], options: DecodeOptions) -> Result<Datagram<&[u8]>, DecodeError> {
        decode_from_client(input, options)
    }

    #[no_panic]
    #[inline(never)]
    pub fn decodes_from_a_gateway(input: &[u8], options: DecodeOptions) -> Result<Message<&[u8]>, DecodeError> {
        decode_from_gateway(input, options)
    }

    #[no_panic]
    #[inline(never)]
    pub fn splits(input: &[u8]) -> Result<(Option<Encapsulation<&[u8]>>, &[u8]), DecodeError> {
        split_encapsulation(input)
    }

    #[no_panic]
    #[inline(never)]
    pub fn encodes(datagram: &Datagram<&[u8]>, output: &mut [u8]) -> Result<usize, EncodeError> {
        datagram.encode(output)
    }

    #[no_panic]
    #[inline(never)]
    pub fn measures(datagram: &Datagram<&[u8]>) -> Result<usize, EncodeError> {
        datagram.encoded_len()
    }

    #[no_panic]
    #[inline(never)]
    pub fn answers(error: &DecodeError) -> Option<Message<&'static [u8]>> {
        error.answer()
    }
}

/// Can panic: with this function, the program must not link.
#[cfg(feature = "planted")]
#[no_panic]
#[inline(never)]
fn panics(input: &[u8]) -> Option<char> {
    char::from_digit(u32::from(input[0]), 10)
}

/// Calls everything, so that nothing is left out of the program.
fn main() {
    let input: Vec<u8> = env::args().flat_map(String::into_bytes).collect();
    for version in ProtocolVersion::ALL {
        let options = black_box(DecodeOptions::new(version));
        let _ = black_box(decodes_a_fixed_header(&input, options));
        let _ = black_box(decodes_from_a_client(&input, options));
        let _ = black_box(decodes_from_a_server(&input, options));
        let mut output = [0; 64];
        if let Ok(Decoded::Complete { packet, .. }) = decodes(&input, options) {
            let options = EncodeOptions::new(version);
            let _ = black_box((reads(&packet), measures(&packet, options), encodes(&packet, options, &mut output)));
            if let Packet::Publish(publish) = packet {
                let _ = black_box(encodes_a_head(&publish, input.len(), options, &mut output));
            }
        }
        let mut storage = [0; 64];
        let mut decoder = SliceDecoder::new(black_box(StreamOptions::server()), &mut storage);
        let len = gives_space(&mut decoder).iter_mut().zip(&input).map(|(to, from)| *to = *from).count();
        decoder.filled(len);
        if let Err(error) = decodes_a_stream(&mut decoder) {
            let _ = black_box(answers(&error, black_box(Role::Client), black_box(ConnectionPhase::Connected(version))));
        }
        let _ = black_box(reads_a_refused_packet(gives_refused(&decoder), version));
        black_box(skips(&mut decoder));
    }
    let options = black_box(mqtt_codec::sn::DecodeOptions::new().lenient());
    let _ = black_box((sn::decodes_from_a_client(&input, options), sn::decodes_from_a_gateway(&input, options)));
    let _ = black_box(sn::splits(&input));
    match sn::decodes(&input, options) {
        Ok(datagram) => {
            let mut output = [0; 64];
            let _ = black_box((sn::measures(&datagram), sn::encodes(&datagram, &mut output)));
        }
        Err(error) => _ = black_box(sn::answers(&error)),
    }
    #[cfg(feature = "planted")]
    black_box(panics(&input));
    if let (Ok(name), Ok(filter)) = (checks_a_name(&input), checks_a_filter(&input)) {
        black_box(matches(&filter, &name));
    }
    println!("linked: none of them can panic");
}
