//! A profile's lookup table from pixels to the connection space (ICC.1:2022, 10.10 to 10.12), and the way back through it by
//! search: such profiles often have none of their own, and where they have one it is another table with other roundings.

use crate::colour_space::srgb_of_pcs;
use crate::curve::{CurveFault, Shape};
use crate::profile::curve;
use crate::transfer::encode;
use moxcms::{
    DataColorSpace, LutDataType, LutMultidimensionalType, LutStore, LutType, LutWarehouse,
    ToneReprCurve,
};

/// One step of the way to the connection space, in numbers from 0 to 1.
enum Stage {
    Curves([Shape; 3]),
    Grid(Grid),
    Matrix([[f64; 3]; 3], [f64; 3]),
}

/// Colours at even places of a cube.
struct Grid {
    /// Places along each channel, at least two.
    size: [usize; 3],
    /// The last channel varies fastest.
    values: Vec<[f32; 3]>,
}

/// How the connection space's numbers are written.
#[derive(Clone, Copy, PartialEq)]
enum Connection {
    Xyz,
    Lab,
    /// Lab in the 16 bits of the older tables.
    OldLab,
}

/// A table that can be taken back.
pub(crate) struct Lookup {
    stages: Vec<Stage>,
    connection: Connection,
    srgb_of_pcs: [[f32; 3]; 3],
}

/// Why a table cannot be used.
pub(crate) enum Unusable {
    /// It is not made as such tables are.
    Parts,
    Curve(CurveFault),
    /// Colours near to those in its middle are out of reach.
    NoWayBack,
}

/// As near as a search for a colour gets, in the network's numbers.
const NEAR: f32 = 1e-5;
/// Steps of a search; more help no colour that the table does not reach.
const MOST_STEPS: usize = 16;
/// How far apart samples of the table's slopes lie.
const SLOPE_STEP: f32 = 1.0 / 256.0;

impl Lookup {
    pub(crate) fn new(source: &LutWarehouse, pcs: DataColorSpace) -> Result<Self, Unusable> {
        let (stages, older) = match source {
            LutWarehouse::Lut(lut) => (old_stages(lut)?, lut.lut_type == LutType::Lut16),
            LutWarehouse::Multidimensional(lut) => (new_stages(lut)?, false),
        };
        let connection = match (pcs, older) {
            (DataColorSpace::Xyz, _) => Connection::Xyz,
            (DataColorSpace::Lab, true) => Connection::OldLab,
            (DataColorSpace::Lab, false) => Connection::Lab,
            _ => return Err(Unusable::Parts),
        };
        let lookup = Self {
            stages,
            connection,
            srgb_of_pcs: srgb_of_pcs(),
        };
        if lookup.has_a_way_back() {
            Ok(lookup)
        } else {
            Err(Unusable::NoWayBack)
        }
    }

    /// Whether colours a little off those in the middle are found from there.
    fn has_a_way_back(&self) -> bool {
        const PLACES: [f32; 3] = [0.3, 0.5, 0.7];
        const OFF: f32 = 8.0 / 255.0;
        PLACES.iter().all(|&r| {
            PLACES.iter().all(|&g| {
                PLACES.iter().all(|&b| {
                    (0..3).all(|c: usize| {
                        let mut target = self.to_network([r, g, b]);
                        target[c] += OFF;
                        let (_, left) = self.search(target, [r, g, b]);
                        left < OFF / 8.0
                    })
                })
            })
        })
    }

    /// The network's colours of straight samples; those outside of 0..1 are clamped.
    pub(crate) fn to_network(&self, own: [f32; 3]) -> [f32; 3] {
        let mut value = own.map(|c| f64::from(crate::colour::clamp(c)));
        for stage in &self.stages {
            value = match stage {
                Stage::Curves(curves) => {
                    std::array::from_fn(|c| curves[c].light(value[c].clamp(0.0, 1.0)))
                }
                Stage::Grid(grid) => grid.at(value),
                Stage::Matrix(matrix, more) => std::array::from_fn(|i| {
                    let row = matrix[i];
                    row[0] * value[0] + row[1] * value[1] + row[2] * value[2] + more[i]
                }),
            };
        }
        let xyz = self.connection.xyz(value);
        let light = self
            .srgb_of_pcs
            .map(|row| row[0] * xyz[0] + row[1] * xyz[1] + row[2] * xyz[2]);
        light.map(encode)
    }

    /// Straight samples of the network's colours, or of the nearest that the table reaches.
    pub(crate) fn of_network(&self, colours: [f32; 3]) -> [f32; 3] {
        self.find(colours, colours.map(crate::colour::clamp))
    }

    /// The same, looked for from a start. A search may come to rest where a curve is flat; then others are tried.
    fn find(&self, target: [f32; 3], start: [f32; 3]) -> [f32; 3] {
        let (mut found, mut left) = self.search(target, start);
        // Most tables are not far from sRGB, and all have a middle.
        for other in [target.map(crate::colour::clamp), [0.5; 3]] {
            if left < 0.1 / 255.0 {
                break;
            }
            let (next, less) = self.search(target, other);
            if less < left {
                (found, left) = (next, less);
            }
        }
        found
    }

    /// By how much samples move with their network colours `x`; exactly 0 where `change` is.
    pub(crate) fn move_of(&self, own: [f32; 3], x: [f32; 3], change: [f32; 3]) -> [f32; 3] {
        if change == [0.0; 3] {
            return [0.0; 3];
        }
        let from = own.map(crate::colour::clamp);
        let target = std::array::from_fn(|c| x[c] + change[c]);
        let found = self.find(target, from);
        std::array::from_fn(|c| found[c] - from[c])
    }

    /// Samples in 0..1 whose network colours are the target, and the largest difference that is left: Levenberg and Marquardt's
    /// way, from a start.
    fn search(&self, target: [f32; 3], start: [f32; 3]) -> ([f32; 3], f32) {
        let missing = |place: [f32; 3]| -> [f32; 3] {
            let reached = self.to_network(place);
            std::array::from_fn(|c| target[c] - reached[c])
        };
        let square = |v: [f32; 3]| v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
        let largest = |v: [f32; 3]| v.iter().fold(0.0, |most: f32, c| most.max(c.abs()));
        let mut place = start;
        let mut left = missing(place);
        let mut damping = 1e-4;
        let mut slopes = self.slopes(place);
        for _ in 0..MOST_STEPS {
            if largest(left) <= NEAR {
                break;
            }
            let Some(step) = damped(&slopes, left, damping) else {
                break;
            };
            let next = std::array::from_fn(|c| crate::colour::clamp(place[c] + step[c]));
            let then = missing(next);
            if square(then) < square(left) {
                (place, left) = (next, then);
                slopes = self.slopes(place);
                damping = (damping * 0.1).max(1e-6);
            } else {
                damping *= 10.0;
            }
        }
        (place, largest(left))
    }

    /// How the network's colours (rows) move with each sample (columns).
    fn slopes(&self, place: [f32; 3]) -> [[f32; 3]; 3] {
        let columns: [[f32; 3]; 3] = std::array::from_fn(|c| {
            let (mut low, mut high) = (place, place);
            low[c] = (place[c] - SLOPE_STEP).max(0.0);
            high[c] = (place[c] + SLOPE_STEP).min(1.0);
            let (from, to) = (self.to_network(low), self.to_network(high));
            std::array::from_fn(|i| (to[i] - from[i]) / (high[c] - low[c]))
        });
        std::array::from_fn(|i| std::array::from_fn(|c| columns[c][i]))
    }
}

/// The step s that makes |slopes·s − left|² + damping·|s|² least; None if there is none.
fn damped(slopes: &[[f32; 3]; 3], left: [f32; 3], damping: f32) -> Option<[f32; 3]> {
    let column = |c: usize| [slopes[0][c], slopes[1][c], slopes[2][c]].map(f64::from);
    let left = left.map(f64::from);
    let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let mut normal = [[0.0; 3]; 3];
    for (i, row) in normal.iter_mut().enumerate() {
        for (j, value) in row.iter_mut().enumerate() {
            *value = dot(column(i), column(j));
        }
        row[i] += f64::from(damping);
    }
    let right = [0, 1, 2].map(|i| dot(column(i), left));
    let matrix = moxcms::Matrix3d { v: normal };
    let determinant = matrix.determinant()?;
    if !determinant.is_finite() || determinant == 0.0 {
        return None;
    }
    let step = matrix.inverse().v.map(|row| dot(row, right) as f32);
    step.iter().all(|c| c.is_finite()).then_some(step)
}

impl Grid {
    /// Between its places: in one of the six tetrahedra into which grey's diagonal cuts a cell.
    fn at(&self, value: [f64; 3]) -> [f64; 3] {
        let (mut cell, mut rest) = ([0; 3], [0.0; 3]);
        for c in 0..3 {
            let place = value[c].clamp(0.0, 1.0) * (self.size[c] - 1) as f64;
            cell[c] = (place as usize).min(self.size[c] - 2);
            rest[c] = place - cell[c] as f64;
        }
        let mut order = [0, 1, 2];
        order.sort_by(|a: &usize, b: &usize| rest[*b].total_cmp(&rest[*a]));
        let mut corner = cell;
        let mut sum = self.corner(corner).map(|c| c * (1.0 - rest[order[0]]));
        for (i, c) in order.iter().enumerate() {
            corner[*c] += 1;
            let share = rest[*c] - order.get(i + 1).map_or(0.0, |next| rest[*next]);
            let value = self.corner(corner);
            sum = std::array::from_fn(|c| sum[c] + share * value[c]);
        }
        sum
    }

    fn corner(&self, [r, g, b]: [usize; 3]) -> [f64; 3] {
        let value = self
            .values
            .get((r * self.size[1] + g) * self.size[2] + b)
            .copied();
        value.unwrap_or_default().map(f64::from)
    }
}

impl Connection {
    /// XYZ of the table's numbers.
    fn xyz(self, value: [f64; 3]) -> [f32; 3] {
        let lab = match self {
            Self::Xyz => return value.map(|c| (c.clamp(0.0, 1.0) * 65535.0 / 32768.0) as f32),
            Self::Lab => [
                value[0] * 100.0,
                value[1] * 255.0 - 128.0,
                value[2] * 255.0 - 128.0,
            ],
            Self::OldLab => {
                let whole = 65535.0 / 256.0;
                [
                    value[0] * whole * 100.0 / 255.0,
                    value[1] * whole - 128.0,
                    value[2] * whole - 128.0,
                ]
            }
        };
        let y = (lab[0] + 16.0) / 116.0;
        [
            (0.9642 * cube(y + lab[1] / 500.0)) as f32,
            cube(y) as f32,
            (0.8249 * cube(y - lab[2] / 200.0)) as f32,
        ]
    }
}

/// Light of CIE's lightness, both 0..1.
pub(crate) fn light_of_lightness(lightness: f64) -> f64 {
    cube((lightness * 100.0 + 16.0) / 116.0)
}

/// CIE Lab's cube, a straight line for little light.
fn cube(root: f64) -> f64 {
    if root > 6.0 / 29.0 {
        root * root * root
    } else {
        (root - 4.0 / 29.0) * 108.0 / 841.0
    }
}

/// lut8Type and lut16Type. Their matrix is for tables whose input is XYZ.
fn old_stages(lut: &LutDataType) -> Result<Vec<Stage>, Unusable> {
    if (lut.num_input_channels, lut.num_output_channels) != (3, 3) {
        return Err(Unusable::Parts);
    }
    let size = [usize::from(lut.num_clut_grid_points); 3];
    Ok(vec![
        tables(&lut.input_table)?,
        grid(size, &lut.clut_table)?,
        tables(&lut.output_table)?,
    ])
}

/// lutAToBType.
fn new_stages(lut: &LutMultidimensionalType) -> Result<Vec<Stage>, Unusable> {
    if (lut.num_input_channels, lut.num_output_channels) != (3, 3) {
        return Err(Unusable::Parts);
    }
    let mut stages = Vec::new();
    if let Some(clut) = &lut.clut {
        stages.extend(curves(&lut.a_curves)?);
        let [r, g, b, ..] = lut.grid_points;
        stages.push(grid([r, g, b].map(usize::from), clut)?);
    }
    if !lut.m_curves.is_empty() {
        stages.extend(curves(&lut.m_curves)?);
        stages.push(Stage::Matrix(lut.matrix.v, lut.bias.v));
    }
    stages.extend(curves(&lut.b_curves)?);
    Ok(stages)
}

/// None where there are no curves.
fn curves(sources: &[ToneReprCurve]) -> Result<Option<Stage>, Unusable> {
    match sources {
        [] => Ok(None),
        [r, g, b] => {
            let one = |source| curve(source).map_err(Unusable::Curve);
            Ok(Some(Stage::Curves([one(r)?, one(g)?, one(b)?])))
        }
        _ => Err(Unusable::Parts),
    }
}

/// Three sampled curves of the same length, one after the other.
fn tables(store: &LutStore) -> Result<Stage, Unusable> {
    let values: Vec<f64> = numbers(store).map(f64::from).collect();
    let length = values.len() / 3;
    if length < 2 || !values.len().is_multiple_of(3) {
        return Err(Unusable::Parts);
    }
    let one = |c: usize| Shape::Sampled(values[c * length..(c + 1) * length].to_vec());
    Ok(Stage::Curves([one(0), one(1), one(2)]))
}

fn grid(size: [usize; 3], store: &LutStore) -> Result<Stage, Unusable> {
    let numbers: Vec<f32> = numbers(store).collect();
    let (values, rest) = numbers.as_chunks::<3>();
    let cells = size.iter().try_fold(1usize, |n, side| n.checked_mul(*side));
    if size.iter().any(|side| *side < 2) || cells != Some(values.len()) || !rest.is_empty() {
        return Err(Unusable::Parts);
    }
    let values = values.to_vec();
    Ok(Stage::Grid(Grid { size, values }))
}

fn numbers(store: &LutStore) -> Box<dyn Iterator<Item = f32> + '_> {
    match store {
        LutStore::Store8(values) => Box::new(values.iter().map(|v| f32::from(*v) / 255.0)),
        LutStore::Store16(values) => Box::new(values.iter().map(|v| f32::from(*v) / 65535.0)),
    }
}
