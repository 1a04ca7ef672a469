//! From sound single values to a manifest, with the rules that concern several of them.

use std::path::{Path, PathBuf};

use crate::reader::{Node, Place, Reader};
use crate::schema::{GOLDEN_WORDS, RESERVED};
use crate::shape::Value;
use crate::types::*;
use crate::weights::Weights;

/// Builds the manifest that `root` tells of. Faults go to `reader`; where it holds any, the result is of no use.
pub(crate) fn manifest(root: &Node, kind: &str, file: &Path, reader: &mut Reader<'_>) -> Manifest {
    check_id(root, file, reader);
    let mut manifest = Manifest {
        id: root.text("id"),
        kind: kind_of(root, kind, reader),
        version: version(root, "version"),
        engine: engine(root),
        label: root.text("label"),
        category: root.text("category"),
        help: root.text("help"),
        weights: weights(root.table("weights")),
        deny: deny(root.table("devices")),
        golden: None,
        provenance: provenance(root.table("provenance")),
        disclosure: root.table("disclosure").optional_text("text"),
        file: PathBuf::from(file),
    };
    check_tensor_names(root, &manifest, reader);
    manifest.golden = root
        .optional_table("golden")
        .map(|node| golden(node, &manifest, reader));
    manifest
}

pub(crate) fn engine(root: &Node) -> (u32, u32) {
    let Version { major, minor, .. } = version(root, "engine");
    (major, minor)
}

fn version(node: &Node, name: &str) -> Version {
    match node.at(name) {
        Some((_, Value::Version(version))) => *version,
        _ => Version::default(),
    }
}

fn check_id(root: &Node, file: &Path, reader: &mut Reader<'_>) {
    let Some((place, Value::Text(id))) = root.at("id") else {
        return;
    };
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    if *id != stem {
        let advice = format!("name the file {id}.toml, or write `id = \"{stem}\"`");
        reader.fault(
            &Place {
                advice,
                ..place.clone()
            },
            format!("the file's name, \"{stem}\""),
        );
    }
}

fn weights(node: &Node) -> Weights {
    Weights {
        file: node.text("file"),
        size: node.integer("size"),
        sha256: node
            .bytes("sha256")
            .and_then(|bytes| bytes.try_into().ok())
            .unwrap_or_default(),
    }
}

fn deny(devices: &Node) -> Vec<Accelerator> {
    match devices.at("deny") {
        Some((_, Value::Texts(words))) => words.iter().map(|_| Accelerator::Cuda).collect(),
        _ => Vec::new(),
    }
}

fn provenance(node: &Node) -> Provenance {
    Provenance {
        source: node.text("source"),
        data: node.text("data"),
        licence: node.text("licence"),
        author: node.text("author"),
        notes: node.text("notes"),
    }
}

fn kind_of(root: &Node, kind: &str, reader: &mut Reader<'_>) -> Kind {
    let output = root.table("output");
    match kind {
        "effect" => {
            let gate = root.table("compose").table("gate");
            check_rising(gate, "a", "b", reader);
            Kind::Effect(Effect {
                edit: edit(root, reader),
                mask: output.text("mask"),
                meaning: match root.table("mask").text("meaning").as_str() {
                    "keep" => MaskMeaning::Keep,
                    _ => MaskMeaning::Change,
                },
                gate: Gate {
                    sigma: gate.number("sigma"),
                    a: gate.number("a"),
                    b: gate.number("b"),
                },
            })
        }
        "enhance" => Kind::Enhance(edit(root, reader)),
        "judge" => {
            let input = input(root.table("input"));
            let template = template(root.table("template"), &input, reader);
            Kind::Judge(Judge {
                score: output.text("score"),
                template,
                input,
            })
        }
        "landmarks" => Kind::Landmarks(landmarks(root, reader)),
        _ => Kind::Detector(detector(root)),
    }
}

fn edit(root: &Node, reader: &mut Reader<'_>) -> Edit {
    let output = root.table("output");
    let input = input(root.table("input"));
    let limits = root.table("limits");
    let face = root.table("face");
    Edit {
        template: template(root.table("template"), &input, reader),
        input,
        transformed: output.text("transformed"),
        range: output.pair("range"),
        window: root.table("compose").number("window"),
        parameters: parameters(root.tables("parameter"), reader),
        limits: Limits {
            smallest_eye_distance: limits.number("smallest-eye-distance"),
            largest_yaw: limits.number("largest-yaw"),
            lowest_confidence: limits.number("lowest-confidence"),
        },
        judge: root.optional_table("judge").map(|judge| JudgeUse {
            id: judge.text("id"),
            range: judge.pair("range"),
        }),
        face: FaceNetworks {
            detector: face.optional_text("detector"),
            landmarks: face.optional_text("landmarks"),
        },
    }
}

fn landmarks(root: &Node, reader: &mut Reader<'_>) -> Landmarks {
    let (node, output) = (root.table("input"), root.table("output"));
    let input = input(node);
    if let Some((place, _)) = node.at("height")
        && node.at("width").is_some()
        && input.width != input.height
    {
        reader.fault(
            place,
            format!("the width, {}: the crop is square", input.width),
        );
    }
    Landmarks {
        input,
        points: output.text("points"),
        confidence: output.text("confidence"),
        scale: output.number("scale"),
        offset: output.number("offset"),
    }
}

fn detector(root: &Node) -> Detector {
    let node = root.table("detector");
    let crop = node.table("box");
    Detector {
        decoder: match node.text("decoder").as_str() {
            "yunet" => Decoder::Yunet(yunet(root)),
            _ => Decoder::Seeta,
        },
        score: node.number("score"),
        smallest_face: node.integer("smallest-face"),
        largest_picture: node.integer("largest-picture"),
        crop: BoxToCrop {
            scale: crop.number("scale"),
            down: crop.number("down"),
        },
    }
}

fn yunet(root: &Node) -> Yunet {
    let (input, output) = (root.table("input"), root.table("output"));
    let node = root.table("detector");
    Yunet {
        input: input.text("name"),
        colour: colour(input),
        range: input.pair("range"),
        strides: match node.at("strides") {
            Some((_, Value::Integers(strides))) => strides
                .iter()
                .filter_map(|stride| u32::try_from(*stride).ok())
                .collect(),
            _ => Vec::new(),
        },
        overlap: node.number("overlap"),
        class: output.text("class"),
        object: output.text("object"),
        boxes: output.text("box"),
        points: output.text("points"),
    }
}

fn input(node: &Node) -> Input {
    Input {
        name: node.text("name"),
        width: node.integer("width"),
        height: node.integer("height"),
        colour: colour(node),
        range: node.pair("range"),
    }
}

fn colour(node: &Node) -> Colour {
    match node.text("colour").as_str() {
        "bgr" => Colour::Bgr,
        _ => Colour::Rgb,
    }
}

/// The five points must lie in the crop, upright and apart, or no face could be aligned to them.
fn template(node: &Node, input: &Input, reader: &mut Reader<'_>) -> Template {
    const NAMES: [&str; 5] = ["left-eye", "right-eye", "nose", "left-mouth", "right-mouth"];
    /// Nearer points than this, as a share of the crop's width, carry no direction.
    const APART: f64 = 1.0 / 32.0;
    let (width, height) = (input.width as f64, input.height as f64);
    for name in NAMES {
        if let (Some((place, _)), Some([x, y])) = (node.at(name), node.optional_pair(name))
            && (width > 0.0 && height > 0.0)
            && (x > width || y > height)
        {
            reader.fault(
                place,
                format!("a point of the crop, [0, 0] to [{width}, {height}]"),
            );
        }
    }
    for (left, right, above) in [
        ("left-eye", "right-eye", None),
        ("left-mouth", "right-mouth", Some("left-eye")),
    ] {
        let (Some([left_x, y]), Some([right_x, _]), Some((place, _))) = (
            node.optional_pair(left),
            node.optional_pair(right),
            node.at(right),
        ) else {
            continue;
        };
        if right_x < left_x + APART * width {
            let least = left_x + APART * width;
            reader.fault(
                place,
                format!("an x of at least {least}, to the right of {left}"),
            );
        }
        if let (Some([_, above_y]), Some((place, _))) = (
            above.and_then(|above| node.optional_pair(above)),
            node.at(left),
        ) && y < above_y + APART * width
        {
            reader.fault(place, "a point below the eyes: the template is upright");
        }
    }
    NAMES.map(|name| node.pair(name))
}

fn parameters(nodes: &[Node], reader: &mut Reader<'_>) -> Vec<Parameter> {
    let mut known: Vec<String> = RESERVED.iter().map(|id| (*id).to_owned()).collect();
    for node in nodes {
        check_rising(node, "min", "max", reader);
        check_between(node, "default", reader);
        check_between(node, "neutral", reader);
        if let Some((place, Value::Text(id))) = node.at("id") {
            if known.contains(id) {
                reader.fault(place, format!("an id other than {}", known.join(", ")));
            }
            known.push(id.clone());
        }
    }
    let parameter = |node: &Node| Parameter {
        id: node.text("id"),
        label: node.text("label"),
        help: node.text("help"),
        unit: node.text("unit"),
        min: node.number("min"),
        max: node.number("max"),
        default: node.number("default"),
        neutral: node.optional_number("neutral"),
        input: node.text("input"),
    };
    nodes.iter().map(parameter).collect()
}

fn check_rising(node: &Node, low: &str, high: &str, reader: &mut Reader<'_>) {
    if let (Some(least), Some(most), Some((place, _))) = (
        node.optional_number(low),
        node.optional_number(high),
        node.at(high),
    ) && least >= most
    {
        reader.fault(place, format!("a number greater than {low}, {least}"));
    }
}

fn check_between(node: &Node, name: &str, reader: &mut Reader<'_>) {
    if let (Some(value), Some(min), Some(max), Some((place, _))) = (
        node.optional_number(name),
        node.optional_number("min"),
        node.optional_number("max"),
        node.at(name),
    ) && min < max
        && !(min..=max).contains(&value)
    {
        reader.fault(place, format!("a number from min to max, {min} to {max}"));
    }
}

/// Each tensor has its own name, and none reads as another key of `[golden]`.
fn check_tensor_names(root: &Node, manifest: &Manifest, reader: &mut Reader<'_>) {
    let mut inputs = vec![manifest.input_names().first().cloned().unwrap_or_default()];
    for node in root.tables("parameter") {
        let Some((place, Value::Text(name))) = node.at("input") else {
            continue;
        };
        if inputs.contains(name) {
            reader.fault(place, format!("a tensor other than {}", inputs.join(", ")));
        }
        inputs.push(name.clone());
    }
    let output = root.table("output");
    let names = [
        "transformed",
        "mask",
        "score",
        "points",
        "confidence",
        "class",
        "object",
        "box",
    ];
    let mut outputs: Vec<String> = GOLDEN_WORDS.iter().map(|word| (*word).to_owned()).collect();
    for name in names {
        let Some((place, Value::Text(name))) = output.at(name) else {
            continue;
        };
        if outputs.contains(name) {
            reader.fault(place, format!("a tensor other than {}", outputs.join(", ")));
        }
        outputs.push(name.clone());
    }
}

/// Golden vectors can be held against sound tensors only.
fn golden(node: &Node, manifest: &Manifest, reader: &mut Reader<'_>) -> Golden {
    let rests_on = ["input", "output", "detector"];
    if !rests_on.iter().any(|section| reader.has_faults_in(section)) {
        check_golden_outputs(node, manifest, reader);
        check_golden_map(node, manifest, reader);
    }
    Golden {
        outputs: node.others.iter().filter_map(samples).collect(),
        map: node.bytes("map").map(<[u8]>::to_vec),
        tolerance: node.number("tolerance"),
    }
}

fn check_golden_outputs(node: &Node, manifest: &Manifest, reader: &mut Reader<'_>) {
    let names = manifest.output_names();
    for (name, place, _) in &node.others {
        if !names.contains(name) {
            reader.fault(place, format!("a tensor of [output]: {}", names.join(", ")));
        }
    }
    // One bit a cell says more of a mask than samples do; a detector's tensors are too many to ask for all.
    let asked: Vec<_> = match &manifest.kind {
        Kind::Effect(effect) => vec![effect.edit.transformed.clone()],
        Kind::Detector(_) => Vec::new(),
        _ => names,
    };
    for name in asked {
        if !node.others.iter().any(|(other, ..)| *other == name) {
            missing(node, &name, "samples of that tensor", manifest, reader);
        }
    }
}

fn check_golden_map(node: &Node, manifest: &Manifest, reader: &mut Reader<'_>) {
    let map = node.at("map").map(|(place, _)| place);
    let Kind::Effect(effect) = &manifest.kind else {
        if let Some(place) = map {
            reader.fault(place, "no map: only effects have a mask");
        }
        return;
    };
    let input = &effect.edit.input;
    let bytes = ((input.width / 4) * (input.height / 4)).div_ceil(8);
    match map {
        None => missing(node, "map", "one bit a cell of the mask", manifest, reader),
        Some(place) if node.bytes("map").is_some_and(|map| map.len() != bytes) => {
            reader.fault(
                place,
                format!("{} hexadecimal digits, a bit a cell", bytes * 2),
            );
        }
        Some(_) => {}
    }
}

/// A fault where the key is not there; one that is there and unsound has a fault already.
fn missing(node: &Node, name: &str, allowed: &str, manifest: &Manifest, reader: &mut Reader<'_>) {
    let path = format!("golden.{name}");
    if !reader.has_faults_in(&path) {
        let file = manifest.file.display();
        let advice = format!("let `diat check --write-digest {file}` write it");
        reader.add(
            node.place.line,
            &path,
            "nothing".to_owned(),
            allowed,
            &advice,
        );
    }
}

fn samples((name, _, value): &(String, Place, Value)) -> Option<(String, Vec<f32>)> {
    match value {
        Value::Numbers(numbers) => Some((
            name.clone(),
            numbers.iter().map(|number| *number as f32).collect(),
        )),
        _ => None,
    }
}
