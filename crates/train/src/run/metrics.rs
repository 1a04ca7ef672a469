//! `metrics.jsonl`: one JSON a line, each on the way to the disk before the next round begins.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Error;
use crate::learn::Terms;

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Line {
    /// Rounds done, over all phases.
    pub(super) round: u64,
    /// The phase of the last of them.
    pub(super) phase: String,
    /// Seconds of training.
    pub(super) seconds: f64,
    /// Rounds left out so far.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) skipped: u64,
    /// Mean of each term since the line before.
    pub(super) terms: BTreeMap<String, f64>,
    /// What the last line has beside.
    #[serde(flatten)]
    pub(super) last: Option<Last>,
}

/// Final figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Last {
    /// Share of the time in which data was waited for.
    pub(super) waiting: f64,
    /// Mean PSNR in dB of F(x) against the counterfactual, over held-out faces of the source set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) psnr: Option<f64>,
    /// The same of x itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) psnr_unedited: Option<f64>,
    /// Number of these faces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) faces: Option<usize>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Sums since the last line, in bits, since a number's decimals need not read as the same number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums(BTreeMap<String, (u64, u64)>);

impl Sums {
    pub(super) fn add(&mut self, terms: &Terms) {
        for (name, value) in terms {
            let (sum, count) = self.0.entry((*name).to_owned()).or_default();
            *sum = (f64::from_bits(*sum) + value).to_bits();
            *count += 1;
        }
    }

    pub(super) fn take_means(&mut self) -> BTreeMap<String, f64> {
        let mean =
            |(name, (sum, count)): (String, (u64, u64))| (name, f64::from_bits(sum) / count as f64);
        std::mem::take(&mut self.0).into_iter().map(mean).collect()
    }
}

/// A file that only grows, and is cut back where a training goes on.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: File,
    length: u64,
}

impl Log {
    /// The file at a length it has had.
    pub(super) fn open(path: &Path, length: u64) -> Result<Self, Error> {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(Error::io(path, "opened"))?;
        let found = file.metadata().map_err(Error::io(path, "read"))?.len();
        if found < length {
            return Err(Error::Changed {
                path: path.to_owned(),
                found: format!("{found} bytes"),
                allowed: format!("at least the {length} bytes of the last checkpoint"),
                advice: "restore the file, or begin a new training".to_owned(),
            });
        }
        file.set_len(length)
            .and_then(|()| file.seek(SeekFrom::End(0)))
            .map_err(Error::io(path, "cut back"))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            length,
        })
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file
            .write_all(bytes)
            .map_err(Error::io(&self.path, "written"))?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    pub(super) fn line(&mut self, line: &Line) -> Result<(), Error> {
        let text = serde_json::to_string(line)
            .map_err(|error| Error::io(&self.path, "written")(error.into()))?;
        self.append(format!("{text}\n").as_bytes())
    }

    /// The length, once all of it is on the disk.
    pub(super) fn sync(&mut self) -> Result<u64, Error> {
        self.file
            .sync_all()
            .map_err(Error::io(&self.path, "written"))?;
        Ok(self.length)
    }
}

/// The lines of a file; one that is no such line is left out.
pub(super) fn read(path: &Path) -> Result<Vec<Line>, Error> {
    let text = std::fs::read_to_string(path).map_err(Error::io(path, "read"))?;
    Ok(text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect())
}
