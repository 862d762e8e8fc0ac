//! Frames of `pcap` and `pcapng` files.

use core::time::Duration;
use pcap_parser::traits::PcapNGPacketBlock;
use pcap_parser::{Block, InterfaceDescriptionBlock, Linktype, PcapBlockOwned, PcapError, create_reader};
use std::io::Read;

/// The size of the buffer in the beginning. It grows if a frame does not fit.
const BUFFER: usize = 1 << 20;
/// No frame is longer. Larger sizes are a sign of a damaged file.
const LARGEST_BUFFER: usize = 1 << 26;

/// The first bytes of `pcap` files in both byte orders, with microseconds and nanoseconds, and of `pcapng` files. No MQTT
/// packet begins with them.
const MAGIC: [[u8; 4]; 5] = [
    [0xA1, 0xB2, 0xC3, 0xD4],
    [0xD4, 0xC3, 0xB2, 0xA1],
    [0xA1, 0xB2, 0x3C, 0x4D],
    [0x4D, 0x3C, 0xB2, 0xA1],
    [0x0A, 0x0D, 0x0D, 0x0A],
];

/// Returns `true` if a file that begins with these bytes is a capture.
pub(crate) fn is_capture(beginning: &[u8]) -> bool {
    beginning.first_chunk().is_some_and(|magic| MAGIC.contains(magic))
}

/// A frame as it was captured.
pub(crate) struct Frame<'a> {
    /// Since 1970, if it is known.
    pub(crate) time: Option<Duration>,
    pub(crate) link_type: Linktype,
    /// The bytes of the frame, or the first ones if the capture was limited.
    pub(crate) data: &'a [u8],
}

/// An interface that frames were captured on.
struct Interface {
    link_type: Linktype,
    /// Ticks in a second.
    resolution: u64,
    /// Seconds to add to the time of each frame.
    offset: i64,
}

impl Interface {
    fn of_block(block: &InterfaceDescriptionBlock<'_>) -> Self {
        // The highest bit tells whether the rest is an exponent of 10 or of 2.
        let exponent = u32::from(block.if_tsresol & 0x7F);
        let base = if block.if_tsresol & 0x80 == 0 { 10_u64 } else { 2 };
        let resolution = base.checked_pow(exponent).unwrap_or(1_000_000);
        Self { link_type: block.linktype, resolution, offset: block.if_tsoffset }
    }

    fn time(&self, high: u32, low: u32) -> Option<Duration> {
        let ticks = u64::from(high) << 32 | u64::from(low);
        let seconds = ticks.checked_div(self.resolution)?.checked_add_signed(self.offset)?;
        let rest = u128::from(ticks.checked_rem(self.resolution)?);
        let nanoseconds = rest.checked_mul(1_000_000_000)?.checked_div(self.resolution.into())?;
        Some(Duration::new(seconds, u32::try_from(nanoseconds).ok()?))
    }
}

/// Calls `visit` with each frame of a capture. Returns an error if the file is damaged or cut off, or if `visit` does.
pub(crate) fn read<E>(
    reader: impl Read + Send,
    mut visit: impl FnMut(&Frame<'_>) -> Result<(), E>,
) -> Result<Result<(), E>, String> {
    let mut reader = create_reader(BUFFER, reader).map_err(|error| describe(&error))?;
    let mut size = BUFFER;
    let mut interfaces: Vec<Interface> = Vec::new();
    let mut is_nanoseconds = false;
    loop {
        let (len, block) = match reader.next() {
            Ok(next) => next,
            Err(PcapError::Eof) => return Ok(Ok(())),
            Err(PcapError::Incomplete(_)) => {
                reader.refill().map_err(|error| describe(&error))?;
                continue;
            }
            Err(PcapError::BufferTooSmall) if size < LARGEST_BUFFER => {
                size = size.saturating_mul(2);
                reader.grow(size);
                reader.refill().map_err(|error| describe(&error))?;
                continue;
            }
            Err(error) => return Err(describe(&error)),
        };
        let result = match block {
            PcapBlockOwned::LegacyHeader(header) => {
                is_nanoseconds = header.is_nanosecond_precision();
                let interface = Interface { link_type: header.network, resolution: 1, offset: 0 };
                interfaces = vec![interface];
                Ok(())
            }
            PcapBlockOwned::Legacy(block) => {
                let factor = if is_nanoseconds { 1 } else { 1000 };
                let time = Duration::new(block.ts_sec.into(), block.ts_usec.saturating_mul(factor));
                // Some programs set bits above the 16 that are the link type.
                let link_type = interfaces.first().map_or(Linktype::ETHERNET, |it| Linktype(it.link_type.0 & 0xFFFF));
                visit(&Frame { time: Some(time), link_type, data: block.data })
            }
            // Interfaces are numbered in each section from 0.
            PcapBlockOwned::NG(Block::SectionHeader(_)) => {
                interfaces.clear();
                Ok(())
            }
            PcapBlockOwned::NG(Block::InterfaceDescription(block)) => {
                interfaces.push(Interface::of_block(&block));
                Ok(())
            }
            PcapBlockOwned::NG(Block::EnhancedPacket(block)) => {
                let interface = usize::try_from(block.if_id).ok().and_then(|id| interfaces.get(id));
                let Some(interface) = interface else { return Err("a frame of an unknown interface".to_owned()) };
                let time = interface.time(block.ts_high, block.ts_low);
                visit(&Frame { time, link_type: interface.link_type, data: block.packet_data() })
            }
            PcapBlockOwned::NG(Block::SimplePacket(block)) => {
                let Some(interface) = interfaces.first() else {
                    return Err("a frame of an unknown interface".to_owned());
                };
                visit(&Frame { time: None, link_type: interface.link_type, data: block.packet_data() })
            }
            PcapBlockOwned::NG(_) => Ok(()),
        };
        if result.is_err() {
            return Ok(result);
        }
        reader.consume(len);
    }
}

fn describe(error: &PcapError<&[u8]>) -> String {
    match error {
        PcapError::Eof | PcapError::UnexpectedEof | PcapError::Incomplete(_) => "the capture is cut off",
        PcapError::BufferTooSmall => "a frame is too long",
        PcapError::ReadError => "the file cannot be read",
        PcapError::HeaderNotRecognized | PcapError::NomError(..) | PcapError::OwnedNomError(..) => {
            "the capture is damaged"
        }
    }
    .to_owned()
}
