//! Makes captures: frames of any link layer in `pcap` and `pcapng` files.

use core::net::{IpAddr, SocketAddr};

/// A side of a TCP connection, to make segments of what it sends.
pub(crate) struct End {
    pub(crate) source: SocketAddr,
    pub(crate) destination: SocketAddr,
    /// The sequence number of the next byte.
    pub(crate) sequence: u32,
}

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;

/// A packet of IP.
pub(crate) type Packet = Vec<u8>;

/// Returns both ends of a connection: client and server.
pub(crate) fn ends(client: &str, server: &str) -> [End; 2] {
    let [client, server] = [client, server].map(|address| address.parse().unwrap());
    // The client's sequence numbers wrap around after 100 bytes.
    let [client_sequence, server_sequence] = [u32::MAX - 100, 1000];
    [
        End { source: client, destination: server, sequence: client_sequence },
        End { source: server, destination: client, sequence: server_sequence },
    ]
}

/// Returns the segments that open a connection.
pub(crate) fn open([client, server]: &mut [End; 2]) -> Vec<Packet> {
    vec![client.segment(SYN, b""), server.segment(SYN | ACK, b""), client.segment(ACK, b"")]
}

/// Returns the segments that close a connection.
pub(crate) fn close([client, server]: &mut [End; 2]) -> Vec<Packet> {
    vec![client.segment(FIN | ACK, b""), server.segment(FIN | ACK, b""), client.segment(ACK, b"")]
}

impl End {
    pub(crate) fn send(&mut self, payload: &[u8]) -> Packet {
        self.segment(ACK, payload)
    }

    pub(crate) fn reset(&mut self) -> Packet {
        self.segment(RST, b"")
    }

    fn segment(&mut self, flags: u8, payload: &[u8]) -> Packet {
        let mut tcp = Vec::new();
        tcp.extend_from_slice(&self.source.port().to_be_bytes());
        tcp.extend_from_slice(&self.destination.port().to_be_bytes());
        tcp.extend_from_slice(&self.sequence.to_be_bytes());
        // The acknowledgement number, a header of 24 bytes, flags, window, checksum, urgent pointer, an option.
        tcp.extend_from_slice(&[0, 0, 0, 0, 6 << 4, flags, 0xFF, 0xFF, 0, 0, 0, 0, 1, 1, 1, 0]);
        tcp.extend_from_slice(payload);
        let length = u32::try_from(payload.len()).unwrap() + u32::from(flags & (SYN | FIN) != 0);
        self.sequence = self.sequence.wrapping_add(length);
        match (self.source.ip(), self.destination.ip()) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => {
                let len = u16::try_from(tcp.len() + 20).unwrap().to_be_bytes();
                let start = [0x45, 0, len[0], len[1], 0, 0, 0x40, 0, 64, 6, 0, 0];
                [&start[..], &source.octets(), &destination.octets(), &tcp].concat()
            }
            (IpAddr::V6(source), IpAddr::V6(destination)) => {
                // An extension header of 8 bytes: hop-by-hop options, padding only.
                let len = u16::try_from(tcp.len() + 8).unwrap().to_be_bytes();
                let start = [0x60, 0, 0, 0, len[0], len[1], 0, 64];
                [&start[..], &source.octets(), &destination.octets(), &[6, 0, 1, 4, 0, 0, 0, 0], &tcp].concat()
            }
            _ => panic!("addresses of different kinds"),
        }
    }
}

/// Returns a UDP datagram of IPv4.
#[cfg(feature = "sn")]
pub(crate) fn datagram(source: &str, destination: &str, payload: &[u8]) -> Packet {
    let [source, destination] =
        [source, destination].map(|address| address.parse::<core::net::SocketAddrV4>().unwrap());
    let udp_len = u16::try_from(payload.len() + 8).unwrap();
    let len = (udp_len + 20).to_be_bytes();
    let start = [0x45, 0, len[0], len[1], 0, 0, 0x40, 0, 64, 17, 0, 0];
    let ports = [source.port().to_be_bytes(), destination.port().to_be_bytes(), udp_len.to_be_bytes(), [0, 0]].concat();
    [&start[..], &source.ip().octets(), &destination.ip().octets(), &ports, payload].concat()
}

/// Link layers, by their numbers in captures.
pub(crate) const NULL: u16 = 0;
pub(crate) const ETHERNET: u16 = 1;
pub(crate) const RAW: u16 = 101;
pub(crate) const LINUX_SLL: u16 = 113;
pub(crate) const LINUX_SLL2: u16 = 276;

/// Returns a frame of a link layer. `tags` are VLAN tags of Ethernet.
pub(crate) fn frame(link: u16, tags: &[u16], packet: &[u8]) -> Vec<u8> {
    let is_v4 = packet[0] >> 4 == 4;
    let ether_type: [u8; 2] = if is_v4 { [0x08, 0x00] } else { [0x86, 0xDD] };
    let mut frame = match link {
        NULL => vec![if is_v4 { 2 } else { 30 }, 0, 0, 0],
        RAW => Vec::new(),
        ETHERNET => {
            let mut header = vec![0x02; 12];
            for tag in tags {
                header.extend_from_slice(&[0x81, 0x00]);
                header.extend_from_slice(&tag.to_be_bytes());
            }
            header.extend_from_slice(&ether_type);
            header
        }
        LINUX_SLL => [&[0; 14][..], &ether_type].concat(),
        LINUX_SLL2 => [&ether_type[..], &[0; 18]].concat(),
        _ => panic!("link {link}"),
    };
    frame.extend_from_slice(packet);
    if link == ETHERNET && frame.len() < 60 {
        // Short frames of Ethernet are padded.
        frame.resize(60, 0xEE);
    }
    frame
}

/// Format of a capture.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Format {
    Microseconds,
    NanosecondsBigEndian,
    Ng,
    NgBigEndian,
}

impl Format {
    pub(crate) const ALL: [Self; 4] = [Self::Microseconds, Self::NanosecondsBigEndian, Self::Ng, Self::NgBigEndian];

    /// Returns a capture of frames that follow each other by one millisecond.
    pub(crate) fn file(self, link: u16, frames: &[Vec<u8>]) -> Vec<u8> {
        let is_big_endian = matches!(self, Self::NanosecondsBigEndian | Self::NgBigEndian);
        let u32 = |value: u32| if is_big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        let u16 = |value: u16| if is_big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        let block = |kind: u32, body: &[u8]| {
            let padding = vec![0; body.len().wrapping_neg() % 4];
            let len = u32(u32::try_from(body.len() + padding.len() + 12).unwrap());
            [&u32(kind)[..], &len, body, &padding, &len].concat()
        };
        let mut file = match self {
            Self::Microseconds | Self::NanosecondsBigEndian => {
                let magic = if is_big_endian { 0xA1B2_3C4D } else { 0xA1B2_C3D4 };
                let fields = [u32(0), u32(0), u32(1 << 18), u32(link.into())].concat();
                [&u32(magic)[..], &u16(2), &u16(4), &fields].concat()
            }
            Self::Ng | Self::NgBigEndian => {
                let section = [&u32(0x1A2B_3C4D)[..], &u16(1), &u16(0), &[0xFF; 8]].concat();
                let interface = [&u16(link)[..], &u16(0), &u32(0)].concat();
                [block(0x0A0D_0D0A, &section), block(1, &interface)].concat()
            }
        };
        for (n, data) in (0_u32..).zip(frames) {
            let len = u32(u32::try_from(data.len()).unwrap());
            let (seconds, milliseconds) = (1_700_000_000 + n / 1000, n % 1000);
            let record = match self {
                Self::Microseconds => [u32(seconds), u32(milliseconds * 1000), len, len].concat(),
                Self::NanosecondsBigEndian => [u32(seconds), u32(milliseconds * 1_000_000), len, len].concat(),
                Self::Ng | Self::NgBigEndian => {
                    let microseconds = u64::from(seconds) * 1_000_000 + u64::from(milliseconds) * 1000;
                    let high = u32(u32::try_from(microseconds >> 32).unwrap());
                    let low = u32(u32::try_from(microseconds & u64::from(u32::MAX)).unwrap());
                    let header = [u32(0), high, low, len, len].concat();
                    file.extend_from_slice(&block(6, &[&header[..], data].concat()));
                    continue;
                }
            };
            file.extend_from_slice(&record);
            file.extend_from_slice(data);
        }
        file
    }
}

/// Returns a `pcap` file of Ethernet frames.
pub(crate) fn ethernet(packets: &[Packet]) -> Vec<u8> {
    let frames: Vec<_> = packets.iter().map(|packet| frame(ETHERNET, &[], packet)).collect();
    Format::Microseconds.file(ETHERNET, &frames)
}
