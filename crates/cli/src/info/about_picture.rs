//! What a picture's file says, and the faces that the plug-in finds in it.

use std::path::Path;

use diat_host::{EffectInfo, Face, Plugin};

use crate::apply::render_pixels;
use crate::failure::Failure;
use crate::picture::{self, Picture, PictureFile};
use crate::record;
use crate::table::aligned;
use crate::words::code_in_words;

/// Edits of a record that are told; the others are counted.
const MOST_EDITS: usize = 100;
/// Characters of one thing that a record says.
const MOST_CHARACTERS: usize = 2000;

/// All about a picture; `effect` finds its faces.
pub(super) fn text(
    file: &Path,
    plugin: &Plugin,
    effect: Option<&EffectInfo>,
) -> Result<String, Failure> {
    let failed = |error: picture::PictureError| Failure::Failed(error.to_string());
    let file = PictureFile::read(file).map_err(failed)?;
    let mut picture = picture::decode(&file).map_err(failed)?;
    let mut text = aligned(&about_file(&file, &picture));
    let Some(effect) = effect else {
        text.push_str("faces: no effect is there to look for them\n");
        return Ok(text);
    };
    let mut instance = plugin.open(&effect.id)?;
    render_pixels(
        &mut picture,
        &mut instance,
        effect,
        effect.defaults(),
        &mut |_, _| true,
    )
    .map_err(|error| Failure::Failed(format!("{}: {error}", file.path.display())))?;
    let Some(report) = instance.report() else {
        text.push_str("faces: the plug-in does not report them\n");
        return Ok(text);
    };
    text.push_str(&format!("faces         {} found\n", report.faces.len()));
    for (number, face) in (1..).zip(&report.faces) {
        text.push_str(&about_face(number, face, &effect.id));
    }
    Ok(text)
}

fn about_file(file: &PictureFile, picture: &Picture) -> Vec<Vec<String>> {
    let row = |name: &str, text: String| vec![name.to_owned(), text];
    let orientation = match picture.orientation.to_exif() {
        1 => "1, upright".to_owned(),
        number => format!("{number}, turned upright here"),
    };
    let size = |bytes: &Option<Vec<u8>>| {
        bytes
            .as_ref()
            .map_or("none".to_owned(), |bytes| format!("{} bytes", bytes.len()))
    };
    let mut rows = vec![
        row("file", file.path.display().to_string()),
        row("format", file.format.name().to_owned()),
        row(
            "size",
            format!("{}×{} pixels", picture.width, picture.height),
        ),
        row("depth", picture.depth.name().to_owned()),
        row("channels", channels(picture).to_owned()),
        row("orientation", orientation),
        row("ICC profile", size(&picture.icc)),
        row("EXIF", size(&picture.exif)),
        row("XMP", size(&picture.xmp)),
    ];
    rows.extend(picture.xmp.as_deref().map(record).unwrap_or_default());
    for lost in &picture.lost {
        rows.push(row("not kept", lost.to_string()));
    }
    rows
}

/// What the XMP packet says about edits.
fn record(packet: &[u8]) -> Vec<Vec<String>> {
    let row = |name: &str, text: &str| vec![name.to_owned(), plain(text)];
    let record = match record::read(packet) {
        Ok(record) => record,
        Err(refused) => return vec![row("record", &format!("none to be read: {refused}"))],
    };
    let mut rows = Vec::new();
    if let Some(source_type) = &record.source_type {
        rows.push(row("source type", source_type));
    }
    for (number, edit) in (1..).zip(record.edits.iter().take(MOST_EDITS)) {
        let by = match edit.program.as_str() {
            "" => String::new(),
            program => format!("; {program}"),
        };
        let words = edit.in_words();
        rows.push(row(&format!("edit {number}"), &format!("{words}{by}")));
        for (name, text) in [
            ("  weights", &edit.weights),
            ("  was", &edit.source_before),
            ("  disclosure", &edit.disclosure),
        ] {
            if !text.is_empty() {
                rows.push(row(name, text));
            }
        }
    }
    if let Some(more) = record.edits.len().checked_sub(MOST_EDITS + 1) {
        rows.push(row("edits", &format!("{} more", more + 1)));
    }
    rows
}

/// What a terminal would take for an order is not handed to it, and nobody wants to read a novel there.
fn plain(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain = |c: char| {
        if c.is_control() || turns(c) {
            '\u{fffd}'
        } else {
            c
        }
    };
    let mut short: String = text.chars().take(MOST_CHARACTERS).map(plain).collect();
    if text.chars().nth(MOST_CHARACTERS).is_some() {
        short.push('…');
    }
    short
}

fn channels(picture: &Picture) -> &'static str {
    match (picture.grey, picture.alpha) {
        (true, false) => "grey",
        (true, true) => "grey, alpha",
        (false, false) => "RGB",
        (false, true) => "RGB, alpha",
    }
}

fn about_face(number: usize, face: &Face, effect: &str) -> String {
    let [x, y, w, h] = face.bounds.map(f64::round);
    let points = face.points.map(|[x, y]| format!("{x:.1},{y:.1}")).join(" ");
    let mut text = format!(
        "  {number}: {w}×{h} at {x},{y}, confidence {:.2}",
        face.confidence
    );
    for (when, score) in [("before", face.score_before), ("after", face.score_after)] {
        if let Some(score) = score {
            text.push_str(&format!(", score {when} {score:.2}"));
        }
    }
    text.push_str(&format!("; {effect}: {}\n", code_in_words(face.code)));
    text.push_str(&format!("     --points \"{points}\"\n"));
    text
}
