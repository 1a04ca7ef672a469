//! From sound single values to a manifest.

use std::path::{Path, PathBuf};

use crate::node::{Node, Place};
use crate::rules::POINTS;
use crate::shape::Value;
use crate::types::*;
use crate::weights::Weights;

/// The manifest that `root` tells of; a value that is absent or unsound, for which there is a fault, reads as empty.
pub(crate) fn manifest(root: &Node, kind: &str, file: &Path) -> Manifest {
    Manifest {
        id: root.text("id"),
        kind: kind_of(root, kind),
        version: version(root, "version"),
        engine: engine(root),
        label: root.text("label"),
        category: root.text("category"),
        help: root.text("help"),
        weights: weights(root.table("weights")),
        deny: deny(root.table("devices")),
        golden: root.optional_table("golden").map(golden),
        provenance: provenance(root.table("provenance")),
        disclosure: root.table("disclosure").optional_text("text"),
        file: PathBuf::from(file),
    }
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

fn kind_of(root: &Node, kind: &str) -> Kind {
    match kind {
        "effect" => Kind::Effect(effect(root)),
        "enhance" => Kind::Enhance(edit(root)),
        "judge" => Kind::Judge(Judge {
            input: input(root.table("input")),
            score: root.table("output").text("score"),
            template: template(root.table("template")),
        }),
        "landmarks" => Kind::Landmarks(landmarks(root)),
        _ => Kind::Detector(detector(root)),
    }
}

fn effect(root: &Node) -> Effect {
    let gate = root.table("compose").table("gate");
    Effect {
        edit: edit(root),
        mask: root.table("output").text("mask"),
        meaning: match root.table("mask").text("meaning").as_str() {
            "keep" => MaskMeaning::Keep,
            _ => MaskMeaning::Change,
        },
        gate: Gate {
            sigma: gate.number("sigma"),
            a: gate.number("a"),
            b: gate.number("b"),
        },
        grain: root.table("compose").switch("grain"),
    }
}

fn edit(root: &Node) -> Edit {
    let output = root.table("output");
    let limits = root.table("limits");
    let face = root.table("face");
    Edit {
        input: input(root.table("input")),
        template: template(root.table("template")),
        transformed: output.text("transformed"),
        range: output.pair("range"),
        window: root.table("compose").number("window"),
        parameters: root.tables("parameter").iter().map(parameter).collect(),
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

fn landmarks(root: &Node) -> Landmarks {
    let output = root.table("output");
    Landmarks {
        input: input(root.table("input")),
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

fn template(node: &Node) -> Template {
    POINTS.map(|name| node.pair(name))
}

fn parameter(node: &Node) -> Parameter {
    Parameter {
        id: node.text("id"),
        label: node.text("label"),
        help: node.text("help"),
        unit: node.text("unit"),
        min: node.number("min"),
        max: node.number("max"),
        default: node.number("default"),
        neutral: node.optional_number("neutral"),
        input: node.text("input"),
    }
}

fn golden(node: &Node) -> Golden {
    Golden {
        outputs: node.others.iter().filter_map(samples).collect(),
        map: node.bytes("map").map(<[u8]>::to_vec),
        tolerance: node.number("tolerance"),
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
