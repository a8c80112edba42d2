//! Numbers that look like chance and can be had again.

/// A generator (PCG's multiplier), begun by a seed.
pub struct Chance(u64);

impl Chance {
    /// Begun by the number in the environment variable `name`, else by a fixed one.
    pub fn of(name: &str) -> Self {
        let seed = std::env::var(name).ok().and_then(|seed| seed.parse().ok());
        Self(seed.unwrap_or(0x9e37_79b9))
    }

    /// A number from 0 up to, not including, `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % end.max(1)
    }
}
