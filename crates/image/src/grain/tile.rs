//! A field of noise without end, woven from a few small pieces.

use super::blocks::{Residual, SIDE};
use crate::plane::Cell;

/// Pixels along the side of the square that repeats; noise shows no repetition over that length.
const PERIOD: usize = 128;
/// Pixels from a piece to the next, so that four cover each pixel.
const STEP: usize = SIDE / 2;

/// A square of noise that goes on at its edges as it began.
#[derive(Clone, Debug)]
pub(super) struct Tile {
    cells: Vec<Cell>,
    origin: (i32, i32),
}

impl Tile {
    /// Lays pieces chosen by chance, turned over by chance, half over each other: with weights whose squares sum to 1 the
    /// sum of four that know nothing of each other is as strong as each. `gain` times that; `origin` is where it begins.
    pub(super) fn weave(pieces: &[Residual], gain: f32, origin: (i32, i32)) -> Self {
        let mut cells = vec![Cell::ZERO; PERIOD * PERIOD];
        let weights = weights();
        let across = PERIOD / STEP;
        for place in 0..across * across {
            let chance = scramble(place as u64);
            let Some(piece) = pieces.get((chance >> 32) as usize % pieces.len().max(1)) else {
                break;
            };
            let sign = if chance & 1 == 0 { gain } else { -gain };
            let turned = |i: usize, bit: u64| if chance & bit == 0 { i } else { SIDE - 1 - i };
            let (left, top) = (place % across * STEP, place / across * STEP);
            for (j, down) in weights.iter().enumerate() {
                let row = (top + j) % PERIOD * PERIOD;
                for (i, along) in weights.iter().enumerate() {
                    let value = &piece[turned(j, 2) * SIDE + turned(i, 4)];
                    cells[row + (left + i) % PERIOD] += *value * Cell::splat(sign * down * along);
                }
            }
        }
        Self { cells, origin }
    }

    #[inline]
    pub(super) fn at(&self, x: i32, y: i32) -> Cell {
        let along = x.wrapping_sub(self.origin.0) as u32 as usize % PERIOD;
        let down = y.wrapping_sub(self.origin.1) as u32 as usize % PERIOD;
        self.cells[down * PERIOD + along]
    }
}

/// A quarter wave up and one down: where two overlap by half, their squares sum to 1.
fn weights() -> [f32; SIDE] {
    std::array::from_fn(|i| {
        let way = (i as f64 + 0.5) / SIDE as f64;
        (std::f64::consts::PI * way).sin() as f32
    })
}

/// Bits by chance, the same for the same number (the finisher of SplitMix64).
fn scramble(number: u64) -> u64 {
    let mut bits = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}
