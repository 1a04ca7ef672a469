//! CelebA's lists: one line a picture, its name first.

use super::Error;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A list that was read.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) file: PathBuf,
    /// Names of its columns; none in lists without a head.
    pub(crate) columns: Vec<String>,
    /// In the order of the file.
    pub(crate) rows: Vec<Row>,
    places: HashMap<String, usize>,
}

/// A line of a list.
#[derive(Debug)]
pub(crate) struct Row {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) name: String,
    words: Vec<String>,
}

impl List {
    /// A list whose first line counts its pictures and whose second names its columns: attributes and landmarks.
    pub(crate) fn with_head(file: &Path) -> Result<Self, Error> {
        let text = read(file)?;
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default().trim();
        let said = first
            .parse()
            .map_err(|_| fault(file, 1, first, "number of pictures"))?;
        let columns: Vec<String> = words(lines.next().unwrap_or_default()).collect();
        let list = Self::rows(file, &text, 2, columns.len(), columns)?;
        if list.rows.len() == said {
            Ok(list)
        } else {
            let (file, found) = (file.to_owned(), list.rows.len());
            Err(Error::Length { file, said, found })
        }
    }

    /// A list of names with one word each: partitions and identities.
    pub(crate) fn without_head(file: &Path) -> Result<Self, Error> {
        Self::rows(file, &read(file)?, 0, 1, Vec::new())
    }

    fn rows(
        file: &Path,
        text: &str,
        skip: usize,
        count: usize,
        columns: Vec<String>,
    ) -> Result<Self, Error> {
        let (mut rows, mut places) = (Vec::new(), HashMap::new());
        let lines = text.lines().enumerate().skip(skip);
        for (index, text) in lines.filter(|(_, text)| !text.trim().is_empty()) {
            let line = index + 1;
            let mut words = words(text);
            let name = words.next().unwrap_or_default();
            let words: Vec<String> = words.collect();
            if words.len() != count {
                let wanted = format!("line of a name and {count} values");
                return Err(fault(file, line, text, &wanted));
            }
            if name.contains(['/', '\\']) || name.starts_with('.') {
                return Err(fault(file, line, &name, "name of a picture in the folder"));
            }
            if places.insert(name.clone(), rows.len()).is_some() {
                return Err(fault(file, line, &name, "name that is listed once"));
            }
            rows.push(Row { line, name, words });
        }
        Ok(Self {
            file: file.to_owned(),
            columns,
            rows,
            places,
        })
    }

    /// The line for a picture that another list has.
    pub(crate) fn row(&self, other: &Self, row: &Row) -> Result<&Row, Error> {
        let place = self.places.get(&row.name);
        place
            .map(|&place| &self.rows[place])
            .ok_or_else(|| Error::Unlisted {
                file: self.file.clone(),
                name: row.name.clone(),
                other: other.file.clone(),
                line: row.line,
            })
    }

    /// A row's words as what they are; `wanted` says what that is.
    pub(crate) fn values<T: FromStr>(&self, row: &Row, wanted: &str) -> Result<Vec<T>, Error> {
        let parse = |word: &String| {
            word.parse()
                .map_err(|_| fault(&self.file, row.line, word, wanted))
        };
        row.words.iter().map(parse).collect()
    }

    /// A fault in a row.
    pub(crate) fn fault(&self, row: &Row, found: impl ToString, wanted: &str) -> Error {
        fault(&self.file, row.line, &found.to_string(), wanted)
    }
}

fn words(line: &str) -> impl Iterator<Item = String> {
    line.split_whitespace().map(str::to_owned)
}

fn read(file: &Path) -> Result<String, Error> {
    fs::read_to_string(file).map_err(Error::io(file))
}

fn fault(file: &Path, line: usize, found: &str, wanted: &str) -> Error {
    Error::Line {
        file: file.to_owned(),
        line,
        found: found.to_owned(),
        wanted: wanted.to_owned(),
    }
}
