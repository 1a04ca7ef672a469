//! `--write-digest`: what no person should have to write by hand.

use std::fs;
use std::io::Write;
use std::path::Path;

use diat_face::measure_golden;
use diat_manifest::{Fault, Golden, Manifest, sha256, write_digest};
use diat_places::Places;

use crate::output;

/// Writes size, digest and golden vector of the weights into a manifest, and says what it did.
pub(super) fn write(file: &Path, places: &Places) -> Result<&'static str, Vec<String>> {
    let one = |fault: String| vec![fault];
    let text = fs::read_to_string(file)
        .map_err(|error| one(format!("{}: cannot be read: {error}", file.display())))?;
    let manifest = readable(&text, file)?;
    let weights = manifest.weights_file();
    let bytes = fs::read(&weights).map_err(|error| {
        one(format!(
            "{}: cannot be read: {error}; put the weights there first",
            weights.display()
        ))
    })?;
    let digest = sha256(&bytes);
    let golden = measure_golden(&manifest, &bytes, places)
        .map_err(|error| one(format!("{}: {error}", weights.display())))?;
    let new = with_digest(&text, file, bytes.len() as u64, &digest, golden.as_ref())?;
    if new == text {
        return Ok("digest is up to date");
    }
    output::write(file, |out| out.write_all(new.as_bytes()))
        .map_err(|error| one(error.to_string()))?;
    Ok(if golden.is_some() {
        "size, digest and golden vector written"
    } else {
        "size and digest written"
    })
}

/// The manifest, whatever stands for now where size and digest belong.
fn readable(text: &str, file: &Path) -> Result<Manifest, Vec<String>> {
    let text = with_digest(text, file, 1, &[0; 32], None)?;
    Manifest::parse(&text, file).map_err(|faults| {
        let is_golden = |fault: &Fault| fault.key.starts_with("golden");
        let mut lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        if faults.iter().all(is_golden) {
            let file = file.display();
            lines.push(format!(
                "{file}: take [golden] out; --write-digest writes it anew"
            ));
        }
        lines
    })
}

fn with_digest(
    text: &str,
    file: &Path,
    size: u64,
    digest: &[u8; 32],
    golden: Option<&Golden>,
) -> Result<String, Vec<String>> {
    write_digest(text, size, digest, golden).map_err(|mut fault| {
        fault.file = file.into();
        vec![fault.to_string()]
    })
}
