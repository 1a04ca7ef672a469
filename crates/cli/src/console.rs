//! Results go to stdout, everything else to stderr, without colour.

use std::io::{self, Write};
use std::sync::OnceLock;

/// Why stdout did not take all that was printed.
static UNPRINTED: OnceLock<String> = OnceLock::new();

/// What the command was asked for.
pub(crate) fn print(text: &str) {
    let mut stdout = io::stdout().lock();
    let result = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    match result {
        // Whoever closes the pipe has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = UNPRINTED.set(error.to_string());
        }
        _ => {}
    }
}

/// Why something that was printed is missing, if so: a full disk, most often.
pub(crate) fn unprinted() -> Option<&'static str> {
    UNPRINTED.get().map(String::as_str)
}

/// A message of one or more lines.
pub(crate) fn say(text: &str) {
    let mut stderr = io::stderr().lock();
    for line in text.lines() {
        let _ = writeln!(stderr, "diat: {line}");
    }
}

/// Anything as JSON with a line's end.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<String, crate::failure::Failure> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| crate::failure::Failure::Failed(error.to_string()))
}
