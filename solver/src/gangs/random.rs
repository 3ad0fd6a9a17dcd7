//! Chance, from a seed.

/// Xorshift: the same numbers everywhere.
pub(super) struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed | 1))
    }

    pub fn seed(&mut self) -> u64 {
        self.draw();
        self.0
    }

    pub fn draw(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.draw()
    }

    /// Below `count`, which is at least one.
    pub fn index(&mut self, count: usize) -> usize {
        ((self.draw() * count as f64) as usize).min(count - 1)
    }

    pub fn shuffle(&mut self, list: &mut [usize]) {
        for k in (1..list.len()).rev() {
            list.swap(k, self.index(k + 1));
        }
    }
}
