//! Text to manifest: limits, syntax, schema, rules, in this order.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use toml::de::DeTable;

use crate::guard::{LARGEST_TEXT, guard};
use crate::node::Place;
use crate::reader::{Reader, in_order};
use crate::schema::{self, DECODERS, KINDS};
use crate::{ENGINE, Fault, Manifest, build, rules};

impl Manifest {
    /// Checks a manifest's text; `file` is named in faults, and its stem must be the id.
    ///
    /// # Errors
    /// Every fault of the text at once, by line. Only text that is no TOML, breaks a limit on its size or depth, or asks for
    /// a newer engine is refused for this alone.
    pub fn parse(text: &str, file: &Path) -> Result<Manifest, Vec<Fault>> {
        let (manifest, faults) = parse(text, file);
        manifest.filter(|_| faults.is_empty()).ok_or(faults)
    }

    /// As [`Manifest::parse`], for a manifest whose size, digest and golden vector are yet to be written: faults of these are
    /// passed over, a missing size or digest reads as zero and an unsound golden vector as none.
    ///
    /// # Errors
    /// Every other fault.
    pub fn parse_draft(text: &str, file: &Path) -> Result<Manifest, Vec<Fault>> {
        let (manifest, faults) = parse(text, file);
        let of_golden = |fault: &Fault| fault.key.split('.').next() == Some("golden");
        let written = |fault: &Fault| {
            of_golden(fault) || matches!(fault.key.as_str(), "weights.size" | "weights.sha256")
        };
        let (passed_over, faults): (Vec<_>, Vec<_>) = faults.into_iter().partition(written);
        let mut manifest = manifest.filter(|_| faults.is_empty()).ok_or(faults)?;
        if passed_over.iter().any(of_golden) {
            manifest.golden = None;
        }
        Ok(manifest)
    }

    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// Every fault of the file at once.
    pub fn read(file: &Path) -> Result<Manifest, Vec<Fault>> {
        let fault = |found, allowed: &str, advice: &str| {
            vec![Fault {
                file: file.into(),
                line: None,
                key: String::new(),
                found,
                allowed: allowed.to_owned(),
                advice: advice.to_owned(),
            }]
        };
        let bytes = read(file).map_err(|error| {
            let found = format!("no readable file ({error})");
            fault(
                found,
                "a readable text file",
                "correct its kind, its path or its permissions",
            )
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count()
                + 1;
            let found = format!("bytes that are not UTF-8 in line {line}");
            fault(found, "UTF-8 text", "save the file as UTF-8")
        })?;
        Self::parse(&text, file)
    }
}

/// No more bytes than it takes to see that there are too many; pipes and devices are not even opened.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(file)?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut bytes = Vec::new();
    File::open(file)?
        .take(LARGEST_TEXT as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The manifest as far as it could be read, with everything that is wrong with it.
fn parse(text: &str, file: &Path) -> (Option<Manifest>, Vec<Fault>) {
    let mut reader = Reader::new(text, file);
    if let Err(refusal) = guard(text) {
        let found = refusal
            .found
            .unwrap_or_else(|| reader.line_text(refusal.at));
        let line = reader.line(refusal.at);
        reader.add(line, "", found, refusal.allowed, "correct the line");
        return (None, reader.into_faults());
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        let allowed = format!("TOML (the parser says: {})", error.message());
        reader.add(
            reader.line(at),
            "",
            reader.line_text(at),
            allowed,
            "correct the line",
        );
    }
    if !errors.is_empty() {
        return (None, reader.into_faults());
    }
    let manifest = from_table(table.get_ref(), file, &mut reader);
    (manifest, reader.into_faults())
}

fn from_table(table: &DeTable<'_>, file: &Path, reader: &mut Reader<'_>) -> Option<Manifest> {
    check_first_keys(table, reader);
    let kind = word(table, "kind", KINDS);
    let decoder = table
        .get("detector")
        .and_then(|detector| detector.get_ref().as_table());
    let decoder = decoder.and_then(|detector| word(detector, "decoder", DECODERS));
    let place = Place {
        line: 1,
        ..Place::default()
    };
    let root = reader.section(table, schema::root(kind, decoder), place);
    let engine = build::engine(&root);
    if engine > ENGINE
        && let Some((place, _)) = root.at("engine")
    {
        // What a newer engine allows cannot be judged here.
        reader.faults.clear();
        let advice = "use a newer diat for this manifest".to_owned();
        let (major, minor) = ENGINE;
        reader.fault(
            &Place {
                advice,
                ..place.clone()
            },
            format!("at most {major}.{minor}"),
        );
        return None;
    }
    let manifest = build::manifest(&root, kind?, file);
    rules::check(&root, &manifest, file, reader);
    Some(manifest)
}

fn word(table: &DeTable<'_>, key: &str, words: &[&'static str]) -> Option<&'static str> {
    let found = table.get(key)?.get_ref().as_str()?;
    words.iter().find(|word| **word == found).copied()
}

/// `id` and `kind` come first, so that people and tools need not search for them.
fn check_first_keys(table: &DeTable<'_>, reader: &mut Reader<'_>) {
    for (wanted, (name, _)) in ["id", "kind"].into_iter().zip(in_order(table)) {
        if name.get_ref() != wanted && table.contains_key(wanted) {
            let found = format!("`{}` in its place", name.get_ref());
            let line = reader.line(name.span().start);
            let advice = format!("move `{wanted}` here");
            reader.add(
                line,
                wanted,
                found,
                "id as the first key, kind as the second",
                &advice,
            );
        }
    }
}
