//! Makes packets of any length.

/// Returns a packet: its first byte, its Remaining Length, its body.
pub(crate) fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    [&header(first, body.len())[..], body].concat()
}

/// Returns the fixed header of a packet.
pub(crate) fn header(first: u8, mut remaining_length: usize) -> Vec<u8> {
    let mut header = vec![first];
    loop {
        let byte = u8::try_from(remaining_length % 128).unwrap();
        remaining_length /= 128;
        if remaining_length == 0 {
            header.push(byte);
            return header;
        }
        header.push(byte | 0x80);
    }
}

/// Returns a text or binary data with its two-byte length.
pub(crate) fn prefixed(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}
