//! Rules that concern several values at once. Each holds where the values it rests on are sound: one slip, one fault.

use std::path::Path;

use crate::node::{Node, Place};
use crate::reader::Reader;
use crate::schema::{GOLDEN_WORDS, RESERVED};
use crate::shape::Value;
use crate::types::*;

/// The keys of a template, in the order of [`Template`].
pub(crate) const POINTS: [&str; 5] = ["left-eye", "right-eye", "nose", "left-mouth", "right-mouth"];

/// Points of a template that are nearer than this share of the crop's width carry no direction.
const APART: f64 = 1.0 / 32.0;

/// The keys of `[output]` that name no tensor.
const OTHER_OUTPUT_KEYS: [&str; 3] = ["range", "scale", "offset"];

/// Adds a fault for each rule that `manifest`, built from `root`, breaks.
pub(crate) fn check(root: &Node, manifest: &Manifest, file: &Path, reader: &mut Reader<'_>) {
    check_id(root, file, reader);
    check_tensor_names(root, manifest, reader);
    check_parameters(root.tables("parameter"), reader);
    check_rising(root.table("compose").table("gate"), "a", "b", reader);
    if let Some(input) = manifest.input() {
        if matches!(manifest.kind, Kind::Landmarks(_)) {
            check_square(root.table("input"), input, reader);
        }
        if !reader.has_faults_in("input") {
            check_points_inside(root.table("template"), input, reader);
            check_points_apart(root.table("template"), input, reader);
        }
    }
    // Golden vectors can be held against sound tensors only.
    let rests_on = ["input", "output", "detector"];
    if let Some(golden) = root.optional_table("golden")
        && !rests_on.iter().any(|section| reader.has_faults_in(section))
    {
        check_golden_outputs(golden, manifest, reader);
        check_golden_map(golden, manifest, reader);
    }
}

fn check_id(root: &Node, file: &Path, reader: &mut Reader<'_>) {
    let Some((place, Value::Text(id))) = root.at("id") else {
        return;
    };
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    if *id != stem {
        let advice = format!("name the file {id}.toml, or write `id = \"{stem}\"`");
        let place = Place {
            advice,
            ..place.clone()
        };
        reader.fault(&place, format!("the file's name, \"{stem}\""));
    }
}

/// Each tensor has its own name, and none reads as another key of `[golden]`.
fn check_tensor_names(root: &Node, manifest: &Manifest, reader: &mut Reader<'_>) {
    let picture = manifest.input_names().into_iter().take(1).collect();
    let inputs = root.tables("parameter").iter().map(|node| (node, "input"));
    check_distinct(inputs, picture, "a tensor", reader);
    let output = root.table("output");
    let outputs = output
        .names()
        .into_iter()
        .filter(|name| !OTHER_OUTPUT_KEYS.contains(name));
    let words = GOLDEN_WORDS.iter().map(|word| (*word).to_owned()).collect();
    check_distinct(
        outputs.map(|name| (output, name)),
        words,
        "a tensor",
        reader,
    );
}

fn check_distinct<'n>(
    texts: impl Iterator<Item = (&'n Node, &'n str)>,
    mut taken: Vec<String>,
    what: &str,
    reader: &mut Reader<'_>,
) {
    for (node, name) in texts {
        let Some((place, Value::Text(text))) = node.at(name) else {
            continue;
        };
        if taken.contains(text) {
            reader.fault(place, format!("{what} other than {}", taken.join(", ")));
        }
        taken.push(text.clone());
    }
}

fn check_parameters(nodes: &[Node], reader: &mut Reader<'_>) {
    let reserved = RESERVED.iter().map(|id| (*id).to_owned()).collect();
    check_distinct(
        nodes.iter().map(|node| (node, "id")),
        reserved,
        "an id",
        reader,
    );
    for node in nodes {
        check_rising(node, "min", "max", reader);
        check_between(node, "default", reader);
        check_between(node, "neutral", reader);
    }
}

fn check_rising(node: &Node, low: &str, high: &str, reader: &mut Reader<'_>) {
    if let (Some((_, least)), Some((place, most))) = (node.number_at(low), node.number_at(high))
        && least >= most
    {
        reader.fault(place, format!("a number greater than {low}, {least}"));
    }
}

fn check_between(node: &Node, name: &str, reader: &mut Reader<'_>) {
    if let (Some((place, value)), Some((_, min)), Some((_, max))) = (
        node.number_at(name),
        node.number_at("min"),
        node.number_at("max"),
    ) && min < max
        && !(min..=max).contains(&value)
    {
        reader.fault(place, format!("a number from min to max, {min} to {max}"));
    }
}

fn check_square(node: &Node, input: &Input, reader: &mut Reader<'_>) {
    if let Some((place, _)) = node.at("height")
        && node.at("width").is_some()
        && input.width != input.height
    {
        reader.fault(
            place,
            format!("the width, {}: the crop is square", input.width),
        );
    }
}

fn check_points_inside(template: &Node, input: &Input, reader: &mut Reader<'_>) {
    let (width, height) = (input.width as f64, input.height as f64);
    for (place, [x, y]) in POINTS.iter().filter_map(|name| template.pair_at(name)) {
        if x > width || y > height {
            reader.fault(
                place,
                format!("a point of the crop, [0, 0] to [{width}, {height}]"),
            );
        }
    }
}

/// Upright and apart, or no face could be laid onto the points.
fn check_points_apart(template: &Node, input: &Input, reader: &mut Reader<'_>) {
    let apart = APART * input.width as f64;
    for (left, right) in [("left-eye", "right-eye"), ("left-mouth", "right-mouth")] {
        if let (Some((_, [left_x, _])), Some((place, [right_x, _]))) =
            (template.pair_at(left), template.pair_at(right))
            && right_x < left_x + apart
        {
            let least = left_x + apart;
            reader.fault(
                place,
                format!("an x of at least {least}, to the right of {left}"),
            );
        }
    }
    for (eye, mouth) in [("left-eye", "left-mouth"), ("right-eye", "right-mouth")] {
        if let (Some((_, [_, eye_y])), Some((place, [_, mouth_y]))) =
            (template.pair_at(eye), template.pair_at(mouth))
            && mouth_y < eye_y + apart
        {
            let least = eye_y + apart;
            reader.fault(place, format!("a y of at least {least}, below {eye}"));
        }
    }
}

fn check_golden_outputs(golden: &Node, manifest: &Manifest, reader: &mut Reader<'_>) {
    let names = manifest.output_names();
    for (name, place, _) in &golden.others {
        if !names.contains(name) {
            reader.fault(place, format!("a tensor of [output]: {}", names.join(", ")));
        }
    }
    // One bit a cell says more of a mask than samples do; a detector's tensors are too many to ask for all.
    let asked = match &manifest.kind {
        Kind::Effect(effect) => vec![effect.edit.transformed.clone()],
        Kind::Detector(_) => Vec::new(),
        _ => names,
    };
    for name in asked {
        if !golden.others.iter().any(|(other, ..)| *other == name) {
            missing(golden, &name, "samples of that tensor", manifest, reader);
        }
    }
}

fn check_golden_map(golden: &Node, manifest: &Manifest, reader: &mut Reader<'_>) {
    let map = golden.at("map").map(|(place, _)| place);
    let Kind::Effect(effect) = &manifest.kind else {
        if let Some(place) = map {
            reader.fault(place, "no map: only effects have a mask");
        }
        return;
    };
    let input = &effect.edit.input;
    let bytes = ((input.width / 4) * (input.height / 4)).div_ceil(8);
    match map {
        None => missing(
            golden,
            "map",
            "one bit a cell of the mask",
            manifest,
            reader,
        ),
        Some(place) if golden.bytes("map").is_some_and(|map| map.len() != bytes) => {
            let digits = bytes * 2;
            reader.fault(place, format!("{digits} hexadecimal digits, a bit a cell"));
        }
        Some(_) => {}
    }
}

/// A fault where the key is not there; one that is there and unsound has a fault already.
fn missing(node: &Node, name: &str, allowed: &str, manifest: &Manifest, reader: &mut Reader<'_>) {
    let path = format!("golden.{name}");
    if !reader.has_faults_in(&path) {
        let place = Place {
            path,
            line: node.place.line,
            found: "nothing".to_owned(),
            advice: format!(
                "let `diat check --write-digest {}` write it",
                manifest.file.display()
            ),
        };
        reader.fault(&place, allowed);
    }
}
