//! The project's bars on drawn faces.

use serde::{Deserialize, Serialize};

use super::cells::Overlap;
use super::report::Row;

/// One line of the bar and what was reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Bar {
    /// What is measured.
    pub what: String,
    /// What is asked, for people.
    pub asked: String,
    /// What was reached.
    pub reached: f64,
    /// Whether that is enough.
    pub passed: bool,
}

/// Least share of the edits that the judge accepts.
pub const ACCEPTED: f64 = 0.90;
/// Least share of the changing cells that the mask finds.
pub const FOUND: f64 = 0.8;
/// Most cells that the mask marks for each changing one.
pub const MARKED: f64 = 2.0;
/// Least gain in PSNR against the counterfactual over leaving the picture alone, in dB.
pub const GAIN_DB: f64 = 6.0;

/// The bar's lines for an effect; none without counterfactuals.
#[must_use]
pub fn bars(row: &Row) -> Vec<Bar> {
    let Some(truth) = &row.truth else {
        return Vec::new();
    };
    let mut bars = vec![at_least("edits accepted", ACCEPTED, row.accepted.share)];
    // An effect without a mask has none to be measured.
    bars.extend(truth.mask.iter().flat_map(mask_bars));
    bars.push(at_least(
        "dB gained against the counterfactual",
        GAIN_DB,
        truth.psnr - truth.psnr_unedited,
    ));
    bars.push(at_least(
        "faces whose pixels with m = 0 kept their bytes",
        1.0,
        truth.untouched.share,
    ));
    bars
}

/// The mask's two lines, which a mask that does not look at the picture must not pass together.
#[must_use]
pub fn mask_bars(overlap: &Overlap) -> [Bar; 2] {
    let marked = overlap.marked_ratio();
    [
        at_least("changing cells found", FOUND, overlap.recall()),
        Bar {
            what: "cells marked for each changing one".into(),
            asked: format!("at most {MARKED}"),
            reached: marked,
            passed: marked <= MARKED,
        },
    ]
}

fn at_least(what: &str, least: f64, reached: f64) -> Bar {
    Bar {
        what: what.into(),
        asked: format!("at least {least}"),
        reached,
        passed: reached >= least,
    }
}
