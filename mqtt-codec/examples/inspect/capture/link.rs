//! TCP segments and UDP datagrams in captured frames.

use super::file::Frame;
use core::net::{IpAddr, SocketAddr};
use etherparse::{EtherType, LaxNetSlice, LaxSlicedPacket, TransportSlice};
use pcap_parser::Linktype;

/// A TCP segment.
pub(crate) struct Segment<'a> {
    pub(crate) source: SocketAddr,
    pub(crate) destination: SocketAddr,
    pub(crate) sequence: u32,
    pub(crate) is_syn: bool,
    pub(crate) is_ack: bool,
    pub(crate) is_fin: bool,
    pub(crate) is_reset: bool,
    pub(crate) payload: &'a [u8],
}

/// A UDP datagram, which MQTT-SN uses.
#[cfg(feature = "sn")]
pub(crate) struct Datagram<'a> {
    pub(crate) source: SocketAddr,
    pub(crate) destination: SocketAddr,
    pub(crate) payload: &'a [u8],
}

/// What a frame contains.
pub(crate) enum Content<'a> {
    Segment(Segment<'a>),
    #[cfg(feature = "sn")]
    Datagram(Datagram<'a>),
    /// A part of an IP packet: fragments are not put together.
    Fragment,
    /// A link layer that is not known.
    UnknownLink,
    /// Neither TCP nor UDP, or not complete enough to tell.
    Other,
}

/// Finds the TCP segment or the UDP datagram in a frame, through VLAN tags and the extension headers of IPv6.
pub(crate) fn content<'a>(frame: &Frame<'a>) -> Content<'a> {
    let data = frame.data;
    let packet = match frame.link_type {
        Linktype::ETHERNET => LaxSlicedPacket::from_ethernet(data).ok(),
        Linktype::RAW | Linktype::IPV4 | Linktype::IPV6 => LaxSlicedPacket::from_ip(data).ok(),
        // Four bytes name the address family. The version of IP is also in its own header.
        Linktype::NULL | Linktype::LOOP => data.get(4..).and_then(|data| LaxSlicedPacket::from_ip(data).ok()),
        Linktype::LINUX_SLL => cooked(data, 14, 16),
        Linktype::LINUX_SLL2 => cooked(data, 0, 20),
        _ => return Content::UnknownLink,
    };
    let Some(packet) = packet else { return Content::Other };
    let (source, destination): (IpAddr, IpAddr) = match &packet.net {
        Some(LaxNetSlice::Ipv4(ip)) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
        Some(LaxNetSlice::Ipv6(ip)) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
        Some(LaxNetSlice::Arp(_)) | None => return Content::Other,
    };
    match packet.transport {
        Some(TransportSlice::Tcp(tcp)) => Content::Segment(Segment {
            source: SocketAddr::new(source, tcp.source_port()),
            destination: SocketAddr::new(destination, tcp.destination_port()),
            sequence: tcp.sequence_number(),
            is_syn: tcp.syn(),
            is_ack: tcp.ack(),
            is_fin: tcp.fin(),
            is_reset: tcp.rst(),
            payload: tcp.payload(),
        }),
        // A first fragment has the header of UDP too, and not the whole datagram.
        #[cfg(feature = "sn")]
        Some(TransportSlice::Udp(udp)) if packet.ip_payload().is_none_or(|payload| !payload.fragmented) => {
            Content::Datagram(Datagram {
                source: SocketAddr::new(source, udp.source_port()),
                destination: SocketAddr::new(destination, udp.destination_port()),
                payload: udp.payload(),
            })
        }
        _ if packet.ip_payload().is_some_and(|payload| payload.fragmented) => Content::Fragment,
        _ => Content::Other,
    }
}

/// Reads the header that Linux writes when it captures on all interfaces: the type of the content is at `at`.
fn cooked(data: &[u8], at: usize, header_len: usize) -> Option<LaxSlicedPacket<'_>> {
    let ether_type = u16::from_be_bytes(*data.get(at..)?.first_chunk()?);
    Some(LaxSlicedPacket::from_ether_type(EtherType(ether_type), data.get(header_len..)?))
}
