//! Table VI: is the edited face the same person? Answered by a network nobody here trained, in `evaluation/identity.py`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Error;
use super::statistics::{Rate, mean};

/// What the script writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The network, for people.
    pub network: String,
    /// Two pictures whose embeddings are at most this far apart show one person.
    pub threshold: f64,
    /// For each row of the table its faces: file name to distance, null where the network found no face.
    pub rows: BTreeMap<String, BTreeMap<String, Option<f64>>>,
}

/// One cell of Table VI.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Sameness {
    /// The network, for people.
    pub network: String,
    /// Largest distance that counts as the same person.
    pub threshold: f64,
    /// Edits that stay within it; those in which no face was found do not.
    pub same: Rate,
    /// Mean distance where it was measured.
    pub mean_distance: Option<f64>,
    /// Edits in which the network found no face, before or after.
    pub no_face: usize,
}

impl Identity {
    /// Reads the script's file.
    ///
    /// # Errors
    /// [`Error::File`] and [`Error::Json`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(Error::file(path))?;
        serde_json::from_str(&text)
            .map_err(Error::json(path, "write it with evaluation/identity.py"))
    }

    /// The cell for a row, over `faces`; none if the script did not see exactly these faces.
    #[must_use]
    pub fn sameness<'a>(
        &self,
        row: &str,
        faces: impl IntoIterator<Item = &'a str>,
    ) -> Option<Sameness> {
        let measured = self.rows.get(row)?;
        let distances: Option<Vec<Option<f64>>> = faces
            .into_iter()
            .map(|face| measured.get(face).copied())
            .collect();
        let distances = distances.filter(|found| found.len() == measured.len())?;
        Some(Sameness {
            network: self.network.clone(),
            threshold: self.threshold,
            same: Rate::of(
                distances
                    .iter()
                    .map(|d| d.is_some_and(|d| d <= self.threshold)),
            ),
            mean_distance: mean(distances.iter().flatten().copied()),
            no_face: distances.iter().filter(|d| d.is_none()).count(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        serde_json::from_str(
            r#"{"network": "n", "threshold": 0.6, "rows": {"a": {"1.png": 0.2, "2.png": 0.7, "3.png": null}}}"#,
        )
        .unwrap()
    }

    #[test]
    fn a_face_that_is_not_found_is_not_the_same_person() {
        let same = identity()
            .sameness("a", ["1.png", "2.png", "3.png"])
            .unwrap();
        assert_eq!((same.same.k, same.same.n, same.no_face), (1, 3, 1));
        assert!((same.mean_distance.unwrap() - 0.45).abs() < 1e-12);
    }

    #[test]
    fn a_file_about_other_faces_says_nothing() {
        assert_eq!(identity().sameness("a", ["1.png", "2.png"]), None);
        assert_eq!(identity().sameness("a", ["1.png", "2.png", "4.png"]), None);
        assert_eq!(identity().sameness("b", ["1.png"]), None);
    }
}
