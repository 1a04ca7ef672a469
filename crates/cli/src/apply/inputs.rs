//! From what was typed to picture files.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::picture::Format;

/// The pictures to work on.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// Each once, in the order in which they were named; those of a folder or pattern by name.
    pub(crate) files: Vec<PathBuf>,
    /// Whether there may be more than one, however many there are today: a folder or a pattern was named.
    pub(crate) is_open: bool,
    /// What could not be looked into, in words.
    pub(crate) problems: Vec<String>,
}

/// Folders become the pictures in them (by the endings of their names, folders in them left out), patterns what they match.
pub(crate) fn expand(named: &[PathBuf]) -> Result<Inputs, Failure> {
    let mut inputs = Inputs::default();
    let mut seen = HashSet::new();
    for path in named {
        for file in inputs.files_of(path) {
            // However often and by whatever way a picture is named, it is worked on once.
            let identity = fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
            if seen.insert(identity) {
                inputs.files.push(file);
            }
        }
    }
    if inputs.files.is_empty() {
        let why = inputs.problems.join("\n");
        let why = if why.is_empty() {
            "no pictures named".to_owned()
        } else {
            why
        };
        return Err(Failure::Usage(why));
    }
    Ok(inputs)
}

impl Inputs {
    fn files_of(&mut self, path: &Path) -> Vec<PathBuf> {
        if path.is_dir() {
            self.is_open = true;
            return self.folder(path);
        }
        match path
            .to_str()
            .filter(|text| !path.exists() && is_pattern(text))
        {
            Some(pattern) => {
                self.is_open = true;
                self.pattern(pattern)
            }
            None => vec![path.to_owned()],
        }
    }

    fn folder(&mut self, folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                let problem = format!("{}: the folder cannot be read: {error}", folder.display());
                self.problems.push(problem);
                return Vec::new();
            }
        };
        let paths = entries.into_iter().map(|entry| entry.path());
        let mut files: Vec<_> = paths.filter(|path| is_picture(path)).collect();
        files.sort();
        self.none_is_a_problem(
            &files,
            &format!("{}: no pictures in this folder", folder.display()),
        );
        files
    }

    fn pattern(&mut self, pattern: &str) -> Vec<PathBuf> {
        let matches = match glob::glob(pattern) {
            Ok(matches) => matches,
            Err(error) => {
                self.problems.push(format!(
                    "{pattern}: no file, and no pattern either: {error}"
                ));
                return Vec::new();
            }
        };
        let mut files = Vec::new();
        for entry in matches {
            match entry {
                Ok(path) if is_picture(&path) => files.push(path),
                Ok(_) => {}
                Err(error) => self.problems.push(error.to_string()),
            }
        }
        self.none_is_a_problem(&files, &format!("{pattern}: matches no pictures"));
        files
    }

    fn none_is_a_problem(&mut self, files: &[PathBuf], what: &str) {
        if files.is_empty() {
            self.problems
                .push(format!("{what} (names must end in {})", Format::ENDINGS));
        }
    }
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

fn is_picture(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    let is_read = cfg!(feature = "heif") && Format::is_only_read(path);
    (is_read || Format::of_name(path).is_some()) && !name.starts_with(b".") && !path.is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            fs::write(folder.path().join(name), "").unwrap();
        }
        folder
    }

    fn names(inputs: &Inputs) -> Vec<&str> {
        inputs
            .files
            .iter()
            .map(|file| file.file_name().unwrap().to_str().unwrap())
            .collect()
    }

    #[test]
    fn a_folder_is_its_pictures_by_name() {
        let folder = folder(&[
            "b.PNG",
            "a.jpeg",
            ".hidden.png",
            "notes.txt",
            "c.tif",
            "d.webp",
        ]);
        fs::create_dir(folder.path().join("deeper.png")).unwrap();
        let inputs = expand(&[folder.path().to_owned()]).unwrap();
        assert_eq!(names(&inputs), ["a.jpeg", "b.PNG", "c.tif", "d.webp"]);
        assert!(inputs.is_open);
    }

    #[test]
    fn a_pattern_is_what_it_matches_and_each_picture_comes_once() {
        let folder = folder(&["a1.png", "a2.png", "b.png", "a3.txt"]);
        let first = folder.path().join("a2.png");
        let inputs = expand(&[first, folder.path().join("a*")]).unwrap();
        assert_eq!(names(&inputs), ["a2.png", "a1.png"]);
    }

    #[test]
    fn a_file_whose_name_looks_like_a_pattern_is_a_file() {
        let folder = folder(&["a[1].png", "a1.png"]);
        let inputs = expand(&[folder.path().join("a[1].png")]).unwrap();
        assert_eq!(names(&inputs), ["a[1].png"]);
        assert!(!inputs.is_open);
    }

    #[test]
    fn nothing_at_all_is_wrong_use_and_something_missing_a_problem() {
        let empty = folder(&["notes.txt"]);
        let full = folder(&["a.png"]);
        let failure = expand(&[empty.path().to_owned()]).unwrap_err().to_string();
        assert!(failure.contains("no pictures in this folder"), "{failure}");
        let both = [full.path().to_owned(), empty.path().join("*.png")];
        let inputs = expand(&both).unwrap();
        assert_eq!(names(&inputs), ["a.png"]);
        assert!(
            inputs.problems[0].contains("matches no pictures"),
            "{:?}",
            inputs.problems
        );
    }
}
