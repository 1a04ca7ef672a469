//! The curve of one channel, from the picture's numbers to light and back.

use crate::transfer::{Table, curve};

/// Below this number the way to light is a straight line: a sixteenth of a step of 8 bits.
const KNEE_OF_CODE: f32 = 1.0 / 4096.0;
/// The light of that number, about, for a curve as steep as any picture's (γ = 2.8).
const KNEE_OF_LIGHT: f32 = 1.0 / 8_589_934_592.0;
/// Numbers between 0 and 1 at which a curve is looked at before it is used.
const PROBES: u16 = 1024;
/// A curve that falls by more than this somewhere cannot be taken back.
const LARGEST_FALL: f64 = 1.0 / 1024.0;
/// A curve that rises by less from 0 to 1 holds no picture.
const LEAST_RISE: f64 = 0.1;
/// Rise beyond 1 of a table that ends flat, so that there is a way back.
const LEAST_SLOPE: f64 = 0.25;
/// Light of a PQ picture that is white for the network: BT.2408's 203 cd/m² of 10,000.
const PQ_WHITE: f64 = 203.0 / 10_000.0;

/// Why a curve cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CurveFault {
    /// A brighter number stands for less light.
    #[error("falls")]
    Falls,
    /// All numbers stand for the same light, or nearly.
    #[error("is flat")]
    Flat,
    /// Its numbers leave the floats, or no curve has them.
    #[error("has numbers that no curve has")]
    Numbers,
}

/// A curve as its source states it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// ICC.1 parametricCurveType in its longest form: (a·x + b)^g + e from d on, c·x + f below.
    Parametric {
        g: f64,
        a: f64,
        b: f64,
        c: f64,
        d: f64,
        e: f64,
        f: f64,
    },
    /// Light at even steps from 0 to 1; at least two.
    Sampled(Vec<f64>),
    /// SMPTE ST 2084.
    Pq,
}

impl Shape {
    /// Light is the `gamma`th power of the number.
    pub(crate) const fn power(gamma: f64) -> Self {
        Self::Parametric {
            g: gamma,
            a: 1.0,
            b: 0.0,
            c: 0.0,
            d: 0.0,
            e: 0.0,
            f: 0.0,
        }
    }

    /// IEC 61966-2-1.
    pub(crate) const fn srgb() -> Self {
        Self::Parametric {
            g: 2.4,
            a: 1.0 / 1.055,
            b: 0.055 / 1.055,
            c: 1.0 / 12.92,
            d: 0.04045,
            e: 0.0,
            f: 0.0,
        }
    }

    /// Light of a number from 0 up, beyond 1 carried on.
    pub(crate) fn light(&self, code: f64) -> f64 {
        match self {
            Self::Parametric {
                g,
                a,
                b,
                c,
                d,
                e,
                f,
            } => {
                if code < *d {
                    c * code + f
                } else {
                    (a * code + b).max(0.0).powf(*g) + e
                }
            }
            Self::Sampled(samples) => {
                let last = samples.len().saturating_sub(1);
                let place = code * last as f64;
                let from = place.floor();
                match (samples.get(from as usize), samples.get(from as usize + 1)) {
                    (Some(low), Some(high)) => low + (high - low) * (place - from),
                    _ => samples.last().unwrap_or(&0.0) + last_slope(samples) * (code - 1.0),
                }
            }
            Self::Pq => pq_light(code),
        }
    }

    /// The number of a light; the nearest where no number has it.
    fn code(&self, light: f64) -> f64 {
        match self {
            Self::Parametric {
                g,
                a,
                b,
                c,
                d,
                e,
                f,
            } => {
                let knee = (a * d + b).max(0.0).powf(*g) + e;
                if light >= knee || *d <= 0.0 {
                    (((light - e).max(0.0).powf(1.0 / g) - b) / a).max(*d)
                } else if *c > 0.0 {
                    ((light - f) / c).min(*d)
                } else {
                    *d
                }
            }
            Self::Sampled(samples) => {
                // The first sample that is brighter; where many are equal, numbers above the last of them.
                let next = samples.partition_point(|sample| *sample <= light);
                let last = samples.len().saturating_sub(1);
                match (
                    next.checked_sub(1).and_then(|i| samples.get(i)),
                    samples.get(next),
                ) {
                    (None, _) => 0.0,
                    (Some(end), None) => 1.0 + (light - end) / last_slope(samples),
                    (Some(low), Some(high)) => {
                        ((next - 1) as f64 + (light - low) / (high - low)) / last as f64
                    }
                }
            }
            Self::Pq => pq_code(light),
        }
    }

    /// A fault that is plain from the numbers; samples that only shake a little are smoothed.
    fn checked(self) -> Result<Self, CurveFault> {
        let shape = match self {
            Self::Sampled(mut samples) => {
                let mut highest = f64::NEG_INFINITY;
                for sample in &mut samples {
                    if *sample < highest - LARGEST_FALL {
                        return Err(CurveFault::Falls);
                    }
                    highest = highest.max(*sample);
                    *sample = highest;
                }
                Self::Sampled(samples)
            }
            Self::Parametric { g, a, c, .. } if g <= 0.0 || a <= 0.0 || c < 0.0 => {
                return Err(CurveFault::Falls);
            }
            other => other,
        };
        let mut highest = shape.light(0.0);
        let rise = shape.light(1.0) - highest;
        for probe in 0..=PROBES {
            let light = shape.light(f64::from(probe) / f64::from(PROBES));
            if !light.is_finite() {
                return Err(CurveFault::Numbers);
            }
            if light < highest - LARGEST_FALL {
                return Err(CurveFault::Falls);
            }
            highest = highest.max(light);
        }
        if rise < LEAST_RISE {
            return Err(CurveFault::Flat);
        }
        Ok(shape)
    }
}

fn last_slope(samples: &[f64]) -> f64 {
    match samples {
        [.., before, last] => ((last - before) * (samples.len() - 1) as f64).max(LEAST_SLOPE),
        _ => 1.0,
    }
}

/// ST 2084's constants.
const PQ_M1: f64 = 2610.0 / 16384.0;
const PQ_M2: f64 = 2523.0 / 32.0;
const PQ_C1: f64 = 3424.0 / 4096.0;
const PQ_C2: f64 = 2413.0 / 128.0;
const PQ_C3: f64 = 2392.0 / 128.0;

fn pq_light(code: f64) -> f64 {
    // The formula ends soon after 1; light beyond is carried on in proportion.
    let power = code.min(1.0).powf(1.0 / PQ_M2);
    let light = ((power - PQ_C1).max(0.0) / (PQ_C2 - PQ_C3 * power)).powf(1.0 / PQ_M1);
    light * code.max(1.0) / PQ_WHITE
}

fn pq_code(light: f64) -> f64 {
    let absolute = light * PQ_WHITE;
    let power = absolute.clamp(0.0, 1.0).powf(PQ_M1);
    let code = ((PQ_C1 + PQ_C2 * power) / (1.0 + PQ_C3 * power)).powf(PQ_M2);
    code * absolute.max(1.0)
}

/// A curve that can be used, by table. Below 0 it is what it is above, turned around its light of 0, and it is carried on beyond
/// 1, so that it can be undone everywhere.
pub(crate) struct Curve {
    black: f32,
    to_light: Odd,
    to_code: Odd,
    /// Light of each number of 8 bits, for what is read most.
    of_bytes: [f32; 256],
}

/// An odd function.
struct Odd {
    knee: f32,
    slope: f32,
    table: Table,
}

impl Odd {
    fn new(knee: f32, function: impl Fn(f64) -> f64) -> Self {
        Self {
            knee,
            slope: (function(f64::from(knee)) / f64::from(knee)) as f32,
            table: Table::new(knee, function),
        }
    }

    #[inline]
    fn at(&self, value: f32) -> f32 {
        curve(value, self.knee, self.slope, &self.table)
    }
}

impl Curve {
    pub(crate) fn new(shape: Shape) -> Result<Self, CurveFault> {
        let shape = shape.checked()?;
        let black = shape.light(0.0);
        let to_light = Odd::new(KNEE_OF_CODE, |code| shape.light(code) - black);
        let to_code = Odd::new(KNEE_OF_LIGHT, |light| shape.code(black + light));
        if !(to_light.table.is_finite() && to_code.table.is_finite()) {
            return Err(CurveFault::Numbers);
        }
        let mut curve = Self {
            black: black as f32,
            to_light,
            to_code,
            of_bytes: [0.0; 256],
        };
        curve.of_bytes = std::array::from_fn(|byte| curve.light(byte as f32 / 255.0));
        Ok(curve)
    }

    /// As [`Curve::light`] of byte/255.
    #[inline]
    pub(crate) fn light_of_byte(&self, byte: u8) -> f32 {
        self.of_bytes[usize::from(byte)]
    }

    #[inline]
    pub(crate) fn light(&self, code: f32) -> f32 {
        self.black + self.to_light.at(code)
    }

    #[inline]
    pub(crate) fn code(&self, light: f32) -> f32 {
        self.to_code.at(light - self.black)
    }
}
