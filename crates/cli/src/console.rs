//! Results go to stdout, everything else to stderr, without colour.

use std::io::{self, Write};

/// What the command was asked for. Whoever closes the pipe has seen enough.
pub(crate) fn print(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
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
