//! Seeded numbers for variants of a lie: the same seed throws the same numbers. Not for keys.

/// SplitMix64.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is at least 1.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.throw() % u64::try_from(end).unwrap()).unwrap()
    }

    pub(crate) fn is_even(&mut self) -> bool {
        self.throw().is_multiple_of(2)
    }

    /// Turns one bit of these bytes, from `first` on.
    pub(crate) fn turn_bit(&mut self, bytes: &mut [u8], first: usize) {
        let place = first + self.below(bytes.len() - first);
        bytes[place] ^= 1 << self.below(8);
    }
}
