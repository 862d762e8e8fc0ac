//! Inputs for generators.

/// A generator of pseudo-random numbers that are the same in every run.
struct XorShift(u64);

impl XorShift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Returns inputs of many lengths below `limit`. The first one is empty.
pub(crate) fn inputs(count: u64, limit: u64) -> impl Iterator<Item = Vec<u8>> {
    (0..count).map(move |seed| {
        let mut random = XorShift(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let length = if seed == 0 { 0 } else { random.next().checked_rem(limit).unwrap_or_default() };
        (0..length).map(|_| random.next().to_be_bytes()[0]).collect()
    })
}
