//! Random numbers of tests and benches.

/// Xorshift: the same numbers everywhere, without a dependency.
pub struct Random(pub u64);

impl Random {
    /// Apart for seeds next to each other.
    pub fn seeded(seed: u64) -> Random {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        (0..8).for_each(|_| {
            random.draw();
        });
        random
    }

    pub fn draw(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.draw()
    }

    /// Below `count`.
    pub fn index(&mut self, count: usize) -> usize {
        ((self.draw() * count as f64) as usize).min(count - 1)
    }
}
