//! `config.toml` in the user's data folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use crate::Places;

const LARGEST: u64 = 16 * 1024;
const KEYS: &str = "runtime, detector, landmarks";

/// What the user has settled in `config.toml`; every key may be absent.
///
/// ```toml
/// runtime = "/opt/onnxruntime/libonnxruntime.so.1.32.0"   # ONNX Runtime's library, an absolute path
/// detector = "yunet"                                      # id of the default detector
/// landmarks = "landmarks"                                 # id of the default landmark network
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// ONNX Runtime's library, an absolute path.
    pub runtime: Option<PathBuf>,
    /// Id of the detector to use by default.
    pub detector: Option<String>,
    /// Id of the landmark network to use by default.
    pub landmarks: Option<String>,
}

/// Why `config.toml` cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// It is there and cannot be read.
    #[error("{}: cannot be read: {source}; mend or remove it", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It says something that is not allowed.
    #[error("{}:{line}: found {found}, allowed: {allowed}; correct or remove the line", file.display())]
    NotAllowed {
        /// The file.
        file: PathBuf,
        /// Line of the file, from 1.
        line: usize,
        /// What stands there.
        found: String,
        /// What may stand there.
        allowed: &'static str,
    },
    /// It names a runtime that is not there.
    #[error("{}: runtime: found no file {}, allowed: the path of ONNX Runtime's library; correct the path, or remove the key to use the data folder's own", file.display(), library.display())]
    NoSuchRuntime {
        /// The file.
        file: PathBuf,
        /// What it names.
        library: PathBuf,
    },
}

impl Places {
    /// The user's `config.toml`; the empty one where there is none.
    ///
    /// # Errors
    /// The file cannot be read or says something that is not allowed.
    pub fn config(&self) -> Result<Config, ConfigError> {
        let file = self.config_file();
        match read(&file) {
            Ok(text) => parse(&text, &file),
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(Config::default()),
            Err(source) => Err(ConfigError::Unreadable { file, source }),
        }
    }
}

fn read(file: &Path) -> io::Result<String> {
    let metadata = fs::metadata(file)?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return Err(io::Error::other("it is no file of at most 16 KiB"));
    }
    fs::read_to_string(file)
}

fn parse(text: &str, file: &Path) -> Result<Config, ConfigError> {
    let not_allowed = |at: usize, found: String, allowed| ConfigError::NotAllowed {
        file: file.to_owned(),
        line: 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count(),
        found,
        allowed,
    };
    // First of all no nesting: the parser recurses on it without a limit that holds, and no key needs any.
    if let Some(token) = Source::new(text).lex().find(|token| nests(token.kind())) {
        let found = format!("a {}", token.kind().description());
        let allowed = "key = \"value\", no tables, lists or dotted keys";
        return Err(not_allowed(token.span().start(), found, allowed));
    }
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        not_allowed(
            at,
            error.message().to_owned(),
            "key = \"value\" on each line",
        )
    })?;
    let mut config = Config::default();
    for (key, value) in table.get_ref() {
        let at = key.span().start;
        let text = || text_of(value).ok_or_else(|| not_allowed(at, shown(value), "a string"));
        match key.get_ref().as_ref() {
            "runtime" => {
                let path = PathBuf::from(text()?);
                if !path.is_absolute() {
                    return Err(not_allowed(at, shown(value), "an absolute path"));
                }
                config.runtime = Some(path);
            }
            "detector" => config.detector = Some(text()?),
            "landmarks" => config.landmarks = Some(text()?),
            other => return Err(not_allowed(at, format!("the key `{other}`"), KEYS)),
        }
    }
    Ok(config)
}

fn nests(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Dot
            | TokenKind::LeftSquareBracket
            | TokenKind::RightSquareBracket
            | TokenKind::LeftCurlyBracket
            | TokenKind::RightCurlyBracket
    )
}

fn text_of(value: &Spanned<DeValue<'_>>) -> Option<String> {
    value.get_ref().as_str().map(str::to_owned)
}

fn shown(value: &Spanned<DeValue<'_>>) -> String {
    match value.get_ref() {
        DeValue::String(text) => format!("{text:?}"),
        other => format!("a value of type {}", other.type_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::with_data_dir(folder.path().to_owned());
        fs::write(places.config_file(), text).unwrap();
        places.config().map_err(|error| error.to_string())
    }

    #[test]
    fn no_file_is_the_empty_configuration() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::with_data_dir(folder.path().to_owned());
        assert_eq!(places.config().unwrap(), Config::default());
    }

    #[test]
    fn all_keys_are_read() {
        let path = if cfg!(windows) {
            r"C:\lib[1]\ort.dll"
        } else {
            "/lib[1]/ort.so"
        };
        let text = format!("# mine\nruntime = '{path}'\ndetector = \"yunet\"\nlandmarks = 'lm'\n");
        let expected = Config {
            runtime: Some(PathBuf::from(path)),
            detector: Some("yunet".to_owned()),
            landmarks: Some("lm".to_owned()),
        };
        assert_eq!(config(&text), Ok(expected));
    }

    #[test]
    fn faults_name_line_found_and_allowed() {
        for (text, expected) in [
            (
                "\nrun-time = '/x'",
                ":2: found the key `run-time`, allowed: runtime, detector, landm",
            ),
            (
                "detector = 3",
                ":1: found a value of type integer, allowed: a string",
            ),
            (
                "runtime = 'lib/ort.so'",
                ":1: found \"lib/ort.so\", allowed: an absolute path",
            ),
            (
                "detector = 'a'\n\ndetector = 'b'",
                ":3: found duplicate key",
            ),
            ("detector = ", ":1: found "),
            (
                "# ok\n[runtime]\npath = '/x'",
                ":2: found a `[`, allowed: key = \"value\"",
            ),
        ] {
            let error = config(text).unwrap_err();
            assert!(
                error.contains(expected),
                "{error}\nshould contain {expected}"
            );
            assert!(error.contains("config.toml"), "{error}");
        }
    }

    #[test]
    fn bombs_of_nesting_are_refused_on_a_small_stack() {
        let brackets = format!("x = {{{}a = {}", "[]".repeat(3000), "[".repeat(9000));
        let dots = format!("{}a = 1", "a.".repeat(8000));
        for bomb in [brackets, dots] {
            let small = std::thread::Builder::new().stack_size(512 * 1024);
            let error = small
                .spawn(move || config(&bomb).unwrap_err())
                .unwrap()
                .join()
                .unwrap();
            assert!(error.contains("no tables, lists or dotted keys"), "{error}");
        }
    }

    #[test]
    fn what_is_no_text_file_is_unreadable() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::with_data_dir(folder.path().to_owned());
        fs::write(places.config_file(), b"detector = '\xff'").unwrap();
        assert!(matches!(
            places.config(),
            Err(ConfigError::Unreadable { .. })
        ));
        fs::write(places.config_file(), " ".repeat(LARGEST as usize + 1)).unwrap();
        assert!(matches!(
            places.config(),
            Err(ConfigError::Unreadable { .. })
        ));
        fs::remove_file(places.config_file()).unwrap();
        fs::create_dir(places.config_file()).unwrap();
        assert!(matches!(
            places.config(),
            Err(ConfigError::Unreadable { .. })
        ));
    }
}
