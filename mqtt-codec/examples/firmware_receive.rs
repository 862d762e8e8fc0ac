//! The receive loop of a client without an allocator. Decoder and transport are in one struct, and items borrow from it.

use mqtt_codec::{DecodeError, Packet, ProtocolVersion, SliceDecoder, StreamItem, StreamOptions};

struct Client<'m, R> {
    /// Reads from the UART or socket. Returns the number of bytes, or 0 if the connection was closed.
    read: R,
    decoder: SliceDecoder<'m>,
}

impl<R: FnMut(&mut [u8]) -> usize> Client<'_, R> {
    /// Waits for the next item. Returns `None` if the connection was closed.
    fn receive(&mut self) -> Result<Option<StreamItem<&[u8]>>, DecodeError> {
        // `is_ready` borrows nothing, so the item can be returned from here.
        while !self.decoder.is_ready() {
            let len = (self.read)(self.decoder.space());
            if len == 0 {
                return Ok(None);
            }
            self.decoder.filled(len);
        }
        self.decoder.next_item()
    }
}

fn main() -> Result<(), DecodeError> {
    let (mut memory, mut led) = ([0; 64], None);
    let mut recorded = &b"\x20\x03\0\0\0\x30\x07\0\x03led\x001"[..];
    let read = |space: &mut [u8]| std::io::Read::read(&mut recorded, space).unwrap_or(0);
    let decoder = SliceDecoder::new(StreamOptions::client(ProtocolVersion::V5), &mut memory);
    let mut client = Client { read, decoder };
    while let Some(item) = client.receive()? {
        let StreamItem::Packet(Packet::Publish(publish)) = item else { continue };
        led = publish.payload.first().copied();
    }
    assert_eq!(led, Some(b'1'));
    Ok(())
}
