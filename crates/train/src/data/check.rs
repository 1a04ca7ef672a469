//! What a data set is worth before a night is spent on it.

use super::crop::decode;
use super::dataset::{Dataset, Layout};
use super::{Error, LIMITS};
use diat_face::{eye_distance, yaw_degrees};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Beyond this turn in the picture's plane a face's points are rarely trustworthy.
const LARGEST_ROLL: f64 = 45.0;
/// Names that a text lists of each kind; JSON has all.
const SHOWN: usize = 8;

/// What is in a data set, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Where it lies.
    pub folder: PathBuf,
    /// Which of its pictures are used.
    pub layout: Layout,
    /// How many faces partitions 0, 1 and 2 have.
    pub faces: [usize; 3],
    /// For each attribute how often it is what.
    pub attributes: Vec<Counts>,
    /// Pictures that cannot be read or have no face: name and why.
    pub unreadable: Vec<(String, String)>,
    /// Faces whose eyes are nearer to each other than an effect's least distance (16 pixels).
    pub tiny: Vec<String>,
    /// Faces turned further aside than an effect's limit (45°), or rolled by more than 45°.
    pub turned: Vec<String>,
    /// Files with the same bytes.
    pub duplicates: Vec<Vec<String>>,
    /// Identities with faces in two partitions: a network would be tested on people it has learnt from. None where nobody lists identities.
    pub shared_identities: Option<Vec<u32>>,
    /// SHA-256 over the lists and over every picture's name and bytes, in hexadecimal digits.
    pub digest: String,
}

/// One attribute in partitions 0, 1 and 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// The column.
    pub attribute: String,
    /// Faces that have it.
    pub yes: [usize; 3],
    /// Faces that do not.
    pub no: [usize; 3],
    /// Faces of which nobody could tell.
    pub unknown: [usize; 3],
}

impl Report {
    /// Whether nothing is wrong with the set.
    pub fn is_clean(&self) -> bool {
        let shared = self
            .shared_identities
            .as_ref()
            .is_some_and(|shared| !shared.is_empty());
        let lists = [
            self.unreadable.len(),
            self.tiny.len(),
            self.turned.len(),
            self.duplicates.len(),
        ];
        lists == [0; 4] && !shared
    }
}

/// Reads every picture of a data set, on all cores, and reports.
///
/// # Errors
/// A list that can no longer be read. Pictures that cannot be are reported.
pub fn check(dataset: &Dataset) -> Result<Report, Error> {
    let read = |face: &super::Face| (sum(&face.path), decode(&face.path).err());
    let read: Vec<_> = dataset.faces.par_iter().map(read).collect();
    let mut report = Report {
        folder: dataset.folder.clone(),
        layout: dataset.layout,
        faces: [0; 3],
        attributes: counts(dataset),
        unreadable: dataset.unusable.clone(),
        tiny: Vec::new(),
        turned: Vec::new(),
        duplicates: Vec::new(),
        shared_identities: shared_identities(dataset),
        digest: String::new(),
    };
    let mut same: BTreeMap<[u8; 32], Vec<String>> = BTreeMap::new();
    let mut sums = Vec::new();
    for (face, (sum, fault)) in dataset.faces.iter().zip(read) {
        report.faces[face.partition as usize] += 1;
        if let Some(fault) = fault {
            report
                .unreadable
                .push((face.name.clone(), fault.to_string()));
        }
        if let Some(sum) = sum {
            same.entry(sum).or_default().push(face.name.clone());
        }
        sums.push(sum);
        let [left, right, ..] = face.points;
        let roll = (right.y - left.y).atan2(right.x - left.x).to_degrees();
        if eye_distance(&face.points) < LIMITS.smallest_eye_distance {
            report.tiny.push(face.name.clone());
        }
        if yaw_degrees(&face.points).abs() > LIMITS.largest_yaw || roll.abs() > LARGEST_ROLL {
            report.turned.push(face.name.clone());
        }
    }
    report.duplicates = same.into_values().filter(|names| names.len() > 1).collect();
    report.duplicates.sort();
    report.digest = whole(dataset, &sums)?;
    Ok(report)
}

/// What tells one data set from another: SHA-256, in hexadecimal digits, over the names and bytes of its lists and then the names and bytes of
/// its pictures, in the order of the list of attributes. A picture that cannot be read counts as empty. It does not depend on where the set lies.
///
/// # Errors
/// A list that can no longer be read.
pub fn digest(dataset: &Dataset) -> Result<String, Error> {
    let sums: Vec<_> = dataset
        .faces
        .par_iter()
        .map(|face| sum(&face.path))
        .collect();
    whole(dataset, &sums)
}

fn sum(path: &Path) -> Option<[u8; 32]> {
    fs::read(path)
        .ok()
        .map(|bytes| Sha256::digest(bytes).into())
}

fn whole(dataset: &Dataset, sums: &[Option<[u8; 32]>]) -> Result<String, Error> {
    let mut digest = Sha256::new();
    let mut add = |name: &str, sum: &[u8]| {
        digest.update((name.len() as u64).to_le_bytes());
        digest.update(name);
        digest.update(sum);
    };
    for list in &dataset.lists {
        let bytes = fs::read(list).map_err(Error::io(list))?;
        let name = list.file_name().unwrap_or_default().to_string_lossy();
        add(&name, &Sha256::digest(bytes));
    }
    for (face, sum) in dataset.faces.iter().zip(sums) {
        add(&face.name, &sum.unwrap_or_default());
    }
    let digest: [u8; 32] = digest.finalize().into();
    Ok(diat_manifest::hex(&digest))
}

fn counts(dataset: &Dataset) -> Vec<Counts> {
    let named = dataset.attributes.iter().enumerate();
    named
        .map(|(column, name)| {
            let mut counts = Counts {
                attribute: name.clone(),
                yes: [0; 3],
                no: [0; 3],
                unknown: [0; 3],
            };
            for face in &dataset.faces {
                let of = match face.attributes[column] {
                    Some(true) => &mut counts.yes,
                    Some(false) => &mut counts.no,
                    None => &mut counts.unknown,
                };
                of[face.partition as usize] += 1;
            }
            counts
        })
        .collect()
}

fn shared_identities(dataset: &Dataset) -> Option<Vec<u32>> {
    let mut partitions: BTreeMap<u32, BTreeSet<_>> = BTreeMap::new();
    for face in &dataset.faces {
        partitions
            .entry(face.identity?)
            .or_default()
            .insert(face.partition);
    }
    let shared = partitions
        .into_iter()
        .filter(|(_, in_them)| in_them.len() > 1);
    Some(shared.map(|(identity, _)| identity).collect())
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pictures = match self.layout {
            Layout::Wild => "CelebA's layout, in the wild",
            Layout::Aligned => "CelebA's layout, aligned",
            Layout::Plain => "with/ and without/",
        };
        writeln!(f, "{}: {pictures}", self.folder.display())?;
        writeln!(
            f,
            "{:24}{:>10}{:>12}{:>8}",
            "", "training", "validation", "test"
        )?;
        let mut row =
            |name: &str, [a, b, c]: [usize; 3]| writeln!(f, "{name:24}{a:>10}{b:>12}{c:>8}");
        row("faces", self.faces)?;
        for counts in &self.attributes {
            row(&counts.attribute, counts.yes)?;
            row("  not", counts.no)?;
            if counts.unknown != [0; 3] {
                row("  unknown", counts.unknown)?;
            }
        }
        let why = |(name, why): &(String, String)| format!("{name} ({why})");
        kind(f, "unreadable", self.unreadable.iter().map(why))?;
        kind(
            f,
            "eyes less than 16 pixels apart",
            self.tiny.iter().cloned(),
        )?;
        kind(
            f,
            "turned or rolled by more than 45°",
            self.turned.iter().cloned(),
        )?;
        kind(
            f,
            "files with the same bytes",
            self.duplicates.iter().map(|names| names.join(" = ")),
        )?;
        match &self.shared_identities {
            Some(shared) => kind(
                f,
                "identities in two partitions",
                shared.iter().map(u32::to_string),
            )?,
            None => writeln!(
                f,
                "identities: not listed, so that nobody can tell who is in two partitions"
            )?,
        }
        write!(f, "SHA-256 {}", self.digest)
    }
}

fn kind(
    f: &mut fmt::Formatter<'_>,
    what: &str,
    names: impl ExactSizeIterator<Item = String>,
) -> fmt::Result {
    let (count, mut shown) = (
        names.len(),
        names.take(SHOWN).collect::<Vec<_>>().join(", "),
    );
    if count > SHOWN {
        shown.push_str(", …");
    }
    match count {
        0 => writeln!(f, "{what}: none"),
        _ => writeln!(f, "{what}: {count}: {shown}"),
    }
}

#[cfg(test)]
mod tests;
