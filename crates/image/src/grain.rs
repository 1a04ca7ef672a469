//! Grain: where the gate lets new content in, the picture's own noise goes with the old detail. It is measured around the
//! change and laid over it again.

mod blocks;
mod made;
mod tile;

use crate::layout::Format;
use crate::line::Line;
use crate::patch::Patch;
use crate::plane::Cell;
use crate::view::View;
use blocks::{Block, Residual, SIDE, Shading, candidates, read};
use made::Made;
use std::ops::Range;
use tile::Tile;

/// Blocks without which nothing is known of a picture's noise.
const FEWEST: usize = 8;
/// Noise depends on brightness, and on what cameras take for skin: of the blocks around the change one in so many is taken,
/// those whose colour is nearest to that of the new content.
const ALIKE: usize = 2;
/// Of these again one in so many, the flattest, to hold noise and nothing else,
const FLAT: usize = 2;
/// but none with so many times the power of the flattest.
const MOST_UNEVEN: f32 = 2.0;
/// Of noise without any coarseness, [`fine_power`] over [`power`].
const FINE_GAIN: f32 = 1.0 + 4.0 / 16.0;
/// Of strength times m, below which a change is none.
const LEAST: f32 = 1e-6;
/// Standard deviation below which noise is left out: half a step of eight bits, which nobody sees.
const INVISIBLE: f32 = 0.5 / 255.0;

/// The noise that goes with the detail that a patch takes away: a field over the whole picture, in the network's colours,
/// zero on average.
///
/// It is woven from what the flattest blocks around the change deviate from smooth shading, so that its strength, its
/// coarseness and its colour are theirs. The same picture and patch give the same field, whichever part of it is asked for.
#[derive(Clone, Debug)]
pub struct Grain {
    tile: Tile,
    level: f32,
}

impl Grain {
    /// Measures the noise of `view`, the picture that `patch` was made for, inside the patch's crop where its gate is shut.
    /// None if there is none to be seen, if what the network made has as much, or if too little of the picture is left to tell.
    pub fn measure(view: &View, patch: &Patch) -> Option<Self> {
        let (height, width) = patch.gate.dim();
        if patch.weight.dim() != (height, width) || patch.transformed.dim() != (3, height, width) {
            return None;
        }
        let shading = Shading::new();
        let mut pieces: Vec<Piece> = candidates(view, patch)
            .filter_map(|place| Some(Piece::of(&shading, place, read(view, place)?)))
            .collect();
        keep_least(&mut pieces, ALIKE, {
            let inside = colour_inside(patch);
            move |piece| {
                let apart = piece.colour - inside;
                (apart * apart).reduce_add()
            }
        });
        keep_least(&mut pieces, FLAT, |piece| piece.power);
        let most = MOST_UNEVEN * pieces.get(FEWEST / 2)?.power;
        let even = pieces
            .iter()
            .take_while(|piece| piece.power <= most)
            .count();
        pieces.truncate(even.max(FEWEST));
        if pieces.len() < FEWEST {
            return None;
        }
        let made = Made::new(patch)?;
        let (mut own, mut fine, mut kept) = (0.0, 0.0, 0.0);
        for piece in &pieces {
            own += piece.power;
            fine += fine_power(&piece.residual);
            kept += fine_power(&shading.residual(made.block(piece.place)));
        }
        let rounding = rounding(view.layout().format) * pieces.len() as f32;
        // What the network keeps of the noise shows where it is finest: coarser, its own content looks like noise.
        let share = (1.0 - kept / (fine - FINE_GAIN * rounding).max(0.0)).clamp(0.0, 1.0);
        let missing = share * (own - rounding);
        let level = (missing / pieces.len() as f32).sqrt();
        (level > INVISIBLE).then(|| {
            let residuals: Vec<Residual> = pieces.into_iter().map(|piece| piece.residual).collect();
            let origin = (view.rect().x, view.rect().y);
            Self {
                tile: Tile::weave(&residuals, (missing / own).sqrt(), origin),
                level,
            }
        })
    }

    /// Its standard deviation, root of the mean over the three colours, which go from 0 to 1.
    pub fn level(&self) -> f32 {
        self.level
    }

    /// Adds to the changes of a line, which a face has drawn and which come in with `strength` times m. What is left of the
    /// old noise where a share a = strength·m·g of it goes, and √(a·(2 − a)) times the new, which know nothing of each other,
    /// are together as strong as the old was.
    pub(crate) fn draw(
        &self,
        y: i32,
        columns: Range<i32>,
        from: usize,
        line: &mut Line,
        strength: f32,
    ) {
        for (x, i) in columns.zip(from..) {
            let amount = strength * line.m[i];
            let gone = amount * line.gate[i];
            if amount > LEAST && gone > 0.0 {
                let share = (gone * (2.0 - gone)).max(0.0).sqrt() / amount;
                line.change[i] += Cell::splat(share) * self.tile.at(x, y);
            }
        }
    }
}

/// A block around the change.
struct Piece {
    place: (i32, i32),
    /// The mean over pixels.
    colour: Cell,
    residual: Residual,
    /// The residual's [`power`].
    power: f32,
}

impl Piece {
    fn of(shading: &Shading, place: (i32, i32), block: Block) -> Self {
        let colour = block.iter().sum::<Cell>() * Cell::splat(1.0 / block.len() as f32);
        let residual = shading.residual(block);
        Self {
            place,
            colour,
            power: power(&residual),
            residual,
        }
    }
}

/// Keeps one piece in so many, those of which `of` is least, in that order.
fn keep_least(pieces: &mut Vec<Piece>, one_in: usize, of: impl Fn(&Piece) -> f32) {
    pieces.sort_by(|a, b| of(a).total_cmp(&of(b)).then(a.place.cmp(&b.place)));
    pieces.truncate(pieces.len() / one_in);
}

/// The mean colour of the new content; black if there is none.
fn colour_inside(patch: &Patch) -> Cell {
    let share = &patch.gate * &patch.weight;
    let total = share.sum().max(f32::MIN_POSITIVE);
    let mut colour = [0.0; 4];
    for (colour, plane) in colour.iter_mut().zip(patch.transformed.outer_iter()) {
        *colour = (&plane * &share).sum() / total;
    }
    Cell::new(colour)
}

/// The mean square over pixels and colours.
fn power(residual: &Residual) -> f32 {
    let squares: Cell = residual.iter().map(|value| value * value).sum();
    squares.reduce_add() / (3 * residual.len()) as f32
}

/// As [`power`], of what a pixel differs from the mean of the four beside it.
fn fine_power(residual: &Residual) -> f32 {
    let mut squares = Cell::ZERO;
    for y in 1..SIDE - 1 {
        for i in y * SIDE + 1..(y + 1) * SIDE - 1 {
            let beside =
                (residual[i - SIDE] + residual[i + SIDE]) + (residual[i - 1] + residual[i + 1]);
            let fine = residual[i] - beside * Cell::splat(0.25);
            squares += fine * fine;
        }
    }
    squares.reduce_add() / (3 * (SIDE - 2) * (SIDE - 2)) as f32
}

/// The power of what rounding to a format's numbers adds, which comes back by itself.
fn rounding(format: Format) -> f32 {
    match format {
        Format::RgbaU8 => 1.0 / (12.0 * 255.0 * 255.0),
        Format::RgbaU16 | Format::RgbaF32 => 0.0,
    }
}
