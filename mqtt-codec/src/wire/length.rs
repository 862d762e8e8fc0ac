//! Sums of lengths.

/// Length of a part of a packet in bytes.
pub(crate) trait Length {
    /// Returns the sum of two lengths of parts of the same packet.
    #[must_use]
    fn plus(self, other: Self) -> Self;
}

impl Length for usize {
    /// On 64-bit processors no sum of a packet's parts overflows, even if all are the same slice: memory has at most 2<sup>57</sup>
    /// bytes, and a packet has ten parts at most. (The Subscription Identifiers of a subscriber are one part: encoded, they
    /// have less than twice their size in memory.) A check would cost two instructions for each part.
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        if cfg!(target_pointer_width = "64") { self.wrapping_add(other) } else { self.saturating_add(other) }
    }
}
