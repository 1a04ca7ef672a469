//! What is random about a batch, each as a function of where it is asked.

use super::crop::Window;
use crate::recipe::{Augment, UNIT_SIDE};
use diat_synth::SplitMix64;
use ndarray::Array3;

/// An order of `count` things that is another for every key, without a list of them: a Feistel network over the next power of 4, walked
/// until it lands on one of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    count: u64,
    half: u32,
    keys: [u64; 4],
}

impl Order {
    pub(crate) fn new(seed: u64, purpose: &str, count: usize) -> Self {
        let mut random = SplitMix64::stream(seed, purpose);
        let count = count.max(1) as u64;
        let bits = u64::BITS - (count - 1).leading_zeros();
        Self {
            count,
            half: bits.div_ceil(2).max(1),
            keys: [(); 4].map(|()| random.next_u64()),
        }
    }

    /// The thing at a place below `count`.
    pub(crate) fn at(&self, place: u64) -> usize {
        let mask = (1_u64 << self.half) - 1;
        let mut value = place % self.count;
        loop {
            for key in self.keys {
                let (high, low) = (value >> self.half, value & mask);
                let mixed = SplitMix64::new(key ^ low).next_u64() & mask;
                value = (low << self.half) | (high ^ mixed);
            }
            if value < self.count {
                return value as usize;
            }
        }
    }
}

/// Which of `count` faces the rows of a batch are: every face once before any comes again. `purpose` tells orders apart.
pub(crate) fn rows(seed: u64, purpose: &str, step: u64, rows: usize, count: usize) -> Vec<usize> {
    let mut order: Option<(u64, Order)> = None;
    (0..rows as u64)
        .map(|row| {
            let place = step.wrapping_mul(rows as u64).wrapping_add(row);
            let (round, place) = (place / count as u64, place % count as u64);
            let at = match order {
                Some((known, order)) if known == round => order,
                _ => Order::new(seed, &format!("{purpose} round {round}"), count),
            };
            order = Some((round, at));
            at.at(place)
        })
        .collect()
}

/// How one picture is varied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Variation {
    pub(crate) window: Window,
    /// Of each colour, contrast included.
    gains: [f32; 3],
    contrast: f32,
    light: f32,
}

impl Variation {
    /// Shifts are whole pixels: a fraction of one would blur what is shown in training and not what the plug-in shows.
    pub(crate) fn pick(random: &mut SplitMix64, augment: &Augment, margin: usize) -> Self {
        let across = (2 * margin + 1) as f64;
        let mut shift = || (random.unit() * across) as i32 - margin as i32;
        let (dx, dy) = (shift(), shift());
        let flip = random.chance(0.5) && augment.flip;
        let light = random.range(-augment.light, augment.light) as f32;
        let mut gain = || (1.0 + random.range(-augment.colour, augment.colour)) as f32;
        Self {
            window: Window { dx, dy, flip },
            contrast: gain(),
            gains: [gain(), gain(), gain()],
            light,
        }
    }

    /// Contrast about middle grey, then light, then each colour's gain above black.
    pub(crate) fn colour(&self, picture: &mut Array3<f32>) {
        for (mut plane, gain) in picture.outer_iter_mut().zip(self.gains) {
            plane.mapv_inplace(|value| {
                ((value * self.contrast + self.light + 1.0) * gain - 1.0).clamp(-1.0, 1.0)
            });
        }
    }
}

/// The widest shift in pixels of a crop of `size`.
pub(crate) fn margin(augment: &Augment, size: usize) -> usize {
    (augment.shift * size as f64 / UNIT_SIDE).round().max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn an_order_has_everything_once_and_differs_between_keys() {
        for count in [1, 2, 3, 4, 5, 17, 64, 152, 1000] {
            let order = |purpose| -> Vec<usize> {
                let order = Order::new(9, purpose, count);
                (0..count as u64).map(|place| order.at(place)).collect()
            };
            let (first, second) = (order("a"), order("b"));
            assert_eq!(first.iter().collect::<HashSet<_>>().len(), count);
            assert!(first.iter().all(|&at| at < count));
            assert!(count < 10 || first != second, "{count}");
        }
    }

    #[test]
    fn faces_come_again_only_after_all_have_come_and_in_another_order() {
        let count = 30;
        let all: Vec<usize> = (0..12)
            .flat_map(|step| rows(1, "x", step, 5, count))
            .collect();
        let (first, second) = all.split_at(count);
        for round in [first, second] {
            assert_eq!(round.iter().collect::<HashSet<_>>().len(), count);
        }
        assert_ne!(first, second);
    }

    #[test]
    fn variations_stay_within_the_recipe_and_use_all_of_it() {
        let augment = Augment {
            shift: 8.0,
            flip: true,
            light: 0.1,
            colour: 0.05,
        };
        let mut random = SplitMix64::new(4);
        let all: Vec<_> = (0..4000)
            .map(|_| Variation::pick(&mut random, &augment, 8))
            .collect();
        for wanted in -8..=8 {
            assert!(all.iter().any(|v| v.window.dx == wanted));
            assert!(all.iter().any(|v| v.window.dy == wanted));
        }
        assert!(
            all.iter()
                .all(|v| v.window.dx.abs() <= 8 && v.window.dy.abs() <= 8)
        );
        let flipped = all.iter().filter(|v| v.window.flip).count();
        assert!((1800..2200).contains(&flipped), "{flipped}");
        let most = all.iter().map(|v| v.light).fold(0.0, f32::max);
        assert!((0.095..=0.1).contains(&most), "{most}");
        let most = all.iter().flat_map(|v| v.gains).fold(0.0, f32::max);
        assert!((1.045..=1.0501).contains(&most), "{most}");
    }

    #[test]
    fn colour_does_what_it_says() {
        let variation = Variation {
            window: Window::default(),
            gains: [1.0, 1.1, 0.5],
            contrast: 0.5,
            light: 0.25,
        };
        let mut picture = Array3::from_elem((3, 1, 1), 0.5);
        variation.colour(&mut picture);
        let expected = [0.5, 0.65, -0.25];
        for (found, expected) in picture.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{picture}");
        }
        let mut white = Array3::from_elem((3, 1, 1), 1.0);
        Variation {
            light: 3.0,
            ..variation
        }
        .colour(&mut white);
        assert_eq!(white[(0, 0, 0)], 1.0);
    }
}
