use std::path::PathBuf;

use super::{GOOD, good, parse, text};
use crate::*;

#[test]
fn every_kind_parses_with_every_key() {
    let kinds: Vec<_> = GOOD.iter().map(|(id, _)| good(id).kind.name()).collect();
    let expected = [
        "effect",
        "enhance",
        "judge",
        "landmarks",
        "detector",
        "detector",
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn an_effect_says_everything_it_was_told() {
    let manifest = good("full-effect");
    let parameter = |id: &str, label: &str, help: &str, unit: &str, min, max, default, neutral| {
        let (id, label, help, unit) = (id.into(), label.into(), help.into(), unit.into());
        let input = String::clone(&id);
        Parameter {
            id,
            label,
            help,
            unit,
            min,
            max,
            default,
            neutral,
            input,
        }
    };
    let digest = [0x00112233445566778899aabbccddeeff_u128.to_be_bytes(); 2];
    let expected = Manifest {
        id: "full-effect".into(),
        kind: Kind::Effect(Effect {
            edit: Edit {
                input: Input {
                    name: "image".into(),
                    width: 16,
                    height: 24,
                    colour: Colour::Bgr,
                    range: [0.0, 255.0],
                },
                transformed: "out:0".into(),
                range: [-1.0, 1.0],
                template: [
                    [4.0, 8.0],
                    [12.0, 8.0],
                    [8.0, 12.0],
                    [5.0, 16.0],
                    [11.0, 16.0],
                ],
                window: 0.25,
                parameters: vec![
                    parameter(
                        "amount",
                        "Amount",
                        "How much.",
                        "%",
                        0.0,
                        100.0,
                        50.0,
                        Some(0.0),
                    ),
                    parameter("warmth", "Warmth", "How warm.", "", -1.0, 1.0, 0.0, None),
                ],
                limits: Limits {
                    smallest_eye_distance: 20.0,
                    largest_yaw: 30.0,
                    lowest_confidence: 0.75,
                },
                judge: Some(JudgeUse {
                    id: "full-judge".into(),
                    range: [0.5, 1.0],
                }),
                face: FaceNetworks {
                    detector: Some("full-yunet".into()),
                    landmarks: Some("full-landmarks".into()),
                },
            },
            mask: "mask".into(),
            meaning: MaskMeaning::Keep,
            gate: Gate {
                sigma: 2.0,
                a: 0.01,
                b: 0.5,
            },
            grain: true,
        }),
        version: Version {
            major: 1,
            minor: 2,
            patch: 3,
        },
        engine: (0, 1),
        label: "Full effect".into(),
        category: "Face".into(),
        help: "Has every key\nthat an effect may have.".into(),
        weights: Weights {
            file: "full-effect.onnx".into(),
            size: 1234,
            sha256: digest.concat().try_into().unwrap(),
        },
        deny: vec![Accelerator::Cuda],
        golden: Some(Golden {
            outputs: vec![("out:0".into(), vec![0.5, -0.25, 1.0])],
            map: Some(vec![0xa5, 0xf0, 0x0f]),
            tolerance: 0.001,
        }),
        provenance: Provenance {
            source: "Made up for a test".into(),
            data: "None".into(),
            licence: "MIT OR Apache-2.0".into(),
            author: "Nobody".into(),
            notes: "No such weights exist.".into(),
        },
        disclosure: Some("Edited.".into()),
        file: PathBuf::from("manifests/full-effect.toml"),
    };
    assert_eq!(manifest, expected);
}

#[test]
fn detectors_and_landmarks_say_everything_they_were_told() {
    let detector = |id: &str| match good(id).kind {
        Kind::Detector(detector) => detector,
        other => panic!("{other:?}"),
    };
    let seeta = Detector {
        decoder: Decoder::Seeta,
        score: 2.5,
        smallest_face: 24,
        largest_picture: 1_000_000,
        crop: BoxToCrop {
            scale: 1.15,
            down: 0.08,
        },
    };
    assert_eq!(detector("full-seeta"), seeta);
    let yunet = Detector {
        decoder: Decoder::Yunet(Yunet {
            input: "input".into(),
            colour: Colour::Bgr,
            range: [0.0, 255.0],
            strides: vec![8, 16],
            overlap: 0.3,
            class: "cls_".into(),
            object: "obj_".into(),
            boxes: "bbox_".into(),
            points: "kps_".into(),
        }),
        score: 0.6,
        smallest_face: 10,
        largest_picture: 1_000_000,
        crop: BoxToCrop {
            scale: 1.2,
            down: -0.1,
        },
    };
    assert_eq!(detector("full-yunet"), yunet);
    let landmarks = match good("full-landmarks").kind {
        Kind::Landmarks(landmarks) => landmarks,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        (landmarks.scale, landmarks.offset, landmarks.input.width),
        (96.0, 0.5, 96)
    );
}

#[test]
fn tensor_names_come_picture_first_and_outputs_in_order() {
    assert_eq!(
        good("full-effect").input_names(),
        ["image", "amount", "warmth"]
    );
    assert_eq!(good("full-effect").output_names(), ["out:0", "mask"]);
    assert_eq!(good("full-enhance").output_names(), ["transformed"]);
    assert_eq!(good("full-judge").output_names(), ["score"]);
    assert_eq!(
        good("full-landmarks").output_names(),
        ["points", "confidence"]
    );
    assert!(good("full-seeta").input_names().is_empty());
    assert_eq!(good("full-yunet").input_names(), ["input"]);
    let outputs = [
        "cls_8", "cls_16", "obj_8", "obj_16", "bbox_8", "bbox_16", "kps_8", "kps_16",
    ];
    assert_eq!(good("full-yunet").output_names(), outputs);
}

#[test]
fn weights_lie_in_models_beside_manifests() {
    let path = |file: &str| {
        let mut manifest = good("full-judge");
        manifest.file = PathBuf::from(file);
        manifest.weights_file()
    };
    assert_eq!(
        path("/r/manifests/full-judge.toml"),
        PathBuf::from("/r/models/full-judge.onnx")
    );
    assert_eq!(
        path("manifests/full-judge.toml"),
        PathBuf::from("models/full-judge.onnx")
    );
    assert_eq!(
        path("full-judge.toml"),
        PathBuf::from("../models/full-judge.onnx")
    );
}

#[test]
fn what_is_left_out_has_the_values_of_the_reference() {
    let short = text("full-effect");
    let from = short.find("[[parameter]]").unwrap();
    let to = short.find("[provenance]").unwrap();
    let short = short.replacen(&short[from..to], "", 1);
    let short = short.replacen(
        "gate = { sigma = 2.0, a = 0.01, b = 0.5 }\ngrain = true\n",
        "",
        1,
    );
    let short = short.replacen("window = 0.25\n", "", 1);
    let manifest = parse("full-effect", &short).unwrap();
    let Kind::Effect(effect) = &manifest.kind else {
        panic!("{manifest:?}")
    };
    assert_eq!(
        effect.gate,
        Gate {
            sigma: 1.0,
            a: 0.0235294,
            b: 0.0784314
        }
    );
    assert!(!effect.grain);
    assert_eq!(effect.edit.window, 0.1);
    assert_eq!(effect.edit.parameters, []);
    let limits = Limits {
        smallest_eye_distance: 16.0,
        largest_yaw: 45.0,
        lowest_confidence: 0.5,
    };
    assert_eq!(effect.edit.limits, limits);
    assert_eq!(effect.edit.judge, None);
    assert_eq!(effect.edit.face, FaceNetworks::default());
    assert_eq!((manifest.golden, manifest.deny), (None, Vec::new()));
}

#[test]
fn gates_default_bounds_are_six_and_twenty_grey_levels() {
    // Written to seven decimals in the schema.
    assert!((0.0235294 - 6.0 / 255.0f64).abs() < 1e-7);
    assert!((0.0784314 - 20.0 / 255.0f64).abs() < 1e-7);
}
