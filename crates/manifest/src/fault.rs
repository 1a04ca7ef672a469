//! What is wrong with a file, said so that its author can mend it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// One thing that is wrong with one file.
///
/// Its text is one line: file and line, the key, what was found, what is allowed, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct Fault {
    /// The file that has to change.
    pub file: Arc<Path>,
    /// Line of the file, from 1; none where the whole file is meant.
    pub line: Option<u32>,
    /// The key with its section, such as `weights.size`; empty where no key is meant.
    pub key: String,
    /// What stands there, as it stands there and shortened.
    pub found: String,
    /// What may stand there.
    pub allowed: String,
    /// What to do about it.
    pub advice: String,
}

impl Fault {
    /// A fault of any file that is checked as manifests are; it concerns the whole file and gives no key.
    pub fn new(file: &Path, found: String, allowed: String, advice: String) -> Self {
        Self {
            file: file.into(),
            line: None,
            key: String::new(),
            found,
            allowed,
            advice,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line.map_or(String::new(), |line| format!("{line}:"));
        let key = if self.key.is_empty() {
            ""
        } else {
            &format!(" {}:", self.key)
        };
        let Self {
            found,
            allowed,
            advice,
            ..
        } = self;
        let file = self.file.display();
        let text = format!("{file}:{line}{key} found {found}, allowed: {allowed}; {advice}");
        // Names of files and keys may hold anything; the text stays one line.
        f.write_str(&text.replace(char::is_control, " "))
    }
}
