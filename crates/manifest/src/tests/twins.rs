//! Every key of every kind has bad twins: the good manifest with one line changed.

use std::collections::BTreeSet;

use super::{GOOD, line_of, parse, text};
use crate::schema::{Need, ROOTS, Section};
use crate::shape::Shape;

/// A line `key = value` of a text, with the key's path and the line's number.
struct Line {
    path: String,
    number: u32,
    text: &'static str,
}

/// The lines of a good manifest that give one value; inline tables count as one value.
fn lines(text: &'static str) -> Vec<Line> {
    let mut section = String::new();
    let mut lines = Vec::new();
    let mut in_text = false;
    for (at, line) in text.lines().enumerate() {
        let quotes = line.matches("\"\"\"").count();
        let inside = in_text;
        in_text ^= quotes == 1;
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']).to_owned() + ".";
        } else if let Some((key, _)) = line.split_once(" = ")
            && !inside
            && quotes == 0
        {
            let path = format!("{section}{}", key.trim_matches('"'));
            lines.push(Line {
                path,
                number: u32::try_from(at + 1).unwrap(),
                text: line,
            });
        }
    }
    lines
}

/// The text with another line in the place of the one with this number.
fn with_line(text: &str, number: u32, other: &str) -> String {
    let mut lines: Vec<_> = text.lines().collect();
    lines[number as usize - 1] = other;
    lines.join("\n")
}

/// Every key that a root allows, with its path; tables too.
fn keys(section: &'static Section, path: &str) -> Vec<(String, Need, Shape)> {
    let mut found = Vec::new();
    for key in section.keys() {
        let path = format!("{path}{}", key.name);
        found.push((path.clone(), key.need, key.shape));
        if let Shape::Table(of) | Shape::Tables { of, .. } = key.shape {
            found.extend(keys(of, &format!("{path}.")));
        }
    }
    found
}

fn root_of(id: &str) -> &'static Section {
    let roots = [
        "effect",
        "enhance",
        "judge",
        "landmarks",
        "detector `seeta`",
        "detector `yunet`",
    ];
    let at = GOOD.iter().position(|(good, _)| *good == id).unwrap();
    ROOTS.iter().find(|(name, _)| *name == roots[at]).unwrap().1
}

#[test]
fn the_good_manifests_hold_every_key_of_their_kind() {
    for (id, text) in GOOD {
        let given: BTreeSet<String> = lines(text).into_iter().map(|line| line.path).collect();
        for (path, _, shape) in keys(root_of(id), "") {
            let inline = ["compose.gate", "detector.box"]
                .iter()
                .any(|box_| path.starts_with(box_));
            // A text of several lines, and a map where there is no mask.
            let spared = path == "help" || (path == "golden.map" && id != "full-effect");
            let there = given.contains(&path) || shape.is_table() || inline || spared;
            assert!(there, "{id} lacks {path}");
        }
    }
}

#[test]
fn a_value_of_another_type_is_refused_at_its_line() {
    for (id, text) in GOOD {
        for line in lines(text) {
            // No key of the schema holds a date.
            let (key, _) = line.text.split_once(" = ").unwrap();
            let bad = with_line(text, line.number, &format!("{key} = 2000-01-01"));
            let faults = parse(id, &bad).unwrap_err();
            let fault = faults.iter().find(|fault| fault.key == line.path);
            let fault =
                fault.unwrap_or_else(|| panic!("{id}: nothing on {}: {faults:?}", line.path));
            assert_eq!(fault.line, Some(line.number), "{fault}");
            assert_eq!(fault.found, "2000-01-01", "{fault}");
        }
    }
}

#[test]
fn a_required_key_that_is_absent_is_refused_and_another_is_not() {
    for (id, text) in GOOD {
        let needs: Vec<_> = keys(root_of(id), "");
        for line in lines(text) {
            let less = with_line(text, line.number, "");
            let need = needs
                .iter()
                .find(|(path, ..)| *path == line.path)
                .map(|(_, need, _)| need);
            let result = parse(id, &less);
            // A tensor's samples and an effect's map cannot be left out alone.
            let golden = line.path.starts_with("golden.") && line.path != "golden.tolerance";
            let required = matches!(need, Some(Need::Required)) || (golden && id != "full-yunet");
            match result {
                Ok(_) => assert!(!required, "{id} needs no {}", line.path),
                Err(faults) => {
                    assert!(required, "{id} needs {}: {faults:?}", line.path);
                    let fault = faults.iter().find(|fault| fault.key == line.path).unwrap();
                    assert_eq!(fault.found, "nothing");
                }
            }
        }
    }
}

#[test]
fn an_unknown_key_is_refused_in_every_section() {
    for (id, text) in GOOD {
        let headers = text.lines().filter(|line| line.starts_with('['));
        for header in headers.filter(|header| *header != "[golden]") {
            let bad = text.replacen(header, &format!("{header}\nnonsense = 1"), 1);
            let faults = parse(id, &bad).unwrap_err();
            let key = format!("{}.nonsense", header.trim_matches(['[', ']']));
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert_eq!(
                (&faults[0].key, faults[0].line),
                (&key, Some(line_of(&bad, "nonsense")))
            );
        }
        let bad = text.replacen("label =", "nonsense = 1\nlabel =", 1);
        let faults = parse(id, &bad).unwrap_err();
        assert_eq!((faults.len(), faults[0].key.as_str()), (1, "nonsense"));
    }
}

/// Manifest, text in it, text instead, the fault's key, and a part of the fault's text.
#[rustfmt::skip] // One twin, one line.
const TWINS: &[(&str, &str, &str, &str, &str)] = &[
    // Ids.
    ("full-effect", "\"full-effect\"", "\"Full-effect\"", "id", "found \"Full-effect\", allowed: 1 to 64 lower"),
    ("full-effect", "\"full-effect\"", "\"other\"", "id", "allowed: the file's name, \"full-effect\"; name the file other.toml"),
    ("full-effect", "\"full-effect\"", "\"full--effect\"", "id", "single hyphens"),
    ("full-effect", "\"full-effect\"", "\"../full-effect\"", "id", "allowed: 1 to 64"),
    ("full-effect", "id = \"full-judge\"", "id = \"-judge\"", "judge.id", "found \"-judge\""),
    ("full-effect", "detector = \"full-yunet\"", "detector = \"a/b\"", "face.detector", "found \"a/b\""),
    ("full-effect", "landmarks = \"full-landmarks\"", "landmarks = \"9\"", "face.landmarks", "a letter first"),
    // Words.
    ("full-effect", "kind = \"effect\"", "kind = \"affect\"", "kind", "allowed: one of: effect, enhance, judge, detector, landmarks"),
    ("full-effect", "layout = \"nchw\"", "layout = \"nhwc\"", "input.layout", "allowed: \"nchw\""),
    ("full-effect", "colour = \"bgr\"", "colour = \"BGR\"", "input.colour", "allowed: one of: rgb, bgr"),
    ("full-effect", "meaning = \"keep\"", "meaning = \"mask\"", "mask.meaning", "one of: change, keep"),
    ("full-effect", "rule = \"gated-difference\"", "rule = \"replace\"", "compose.rule", "allowed: \"gated-difference\""),
    ("full-enhance", "rule = \"replace\"", "rule = \"gated-difference\"", "compose.rule", "allowed: \"replace\""),
    ("full-effect", "deny = [\"cuda\"]", "deny = [\"cpu\"]", "devices.deny", "of: cuda"),
    ("full-effect", "deny = [\"cuda\"]", "deny = [\"cuda\", \"cuda\"]", "devices.deny", "at most once"),
    ("full-seeta", "decoder = \"seeta\"", "decoder = \"haar\"", "detector.decoder", "one of: seeta, yunet"),
    // Versions.
    ("full-effect", "version = \"1.2.3\"", "version = \"1.2\"", "version", "three numbers"),
    ("full-effect", "version = \"1.2.3\"", "version = \"1.2.3-rc1\"", "version", "three numbers"),
    ("full-effect", "version = \"1.2.3\"", "version = \"1.02.3\"", "version", "three numbers"),
    ("full-effect", "version = \"1.2.3\"", "version = \"1.2.99999999999\"", "version", "three numbers"),
    ("full-effect", "engine = \"0.1\"", "engine = \"1\"", "engine", "two numbers"),
    ("full-effect", "engine = \"0.1\"", "engine = \"0.2\"", "engine", "found \"0.2\", allowed: at most 0.1; use a newer diat"),
    ("full-effect", "engine = \"0.1\"", "engine = \"7.0\"", "engine", "use a newer diat"),
    // Texts.
    ("full-effect", "label = \"Full effect\"", "label = \"\"", "label", "one line of 1 to 200"),
    ("full-effect", "label = \"Full effect\"", "label = \" \"", "label", "one line of 1 to 200"),
    ("full-effect", "label = \"Full effect\"", "label = \"a\\nb\"", "label", "one line of 1 to 200"),
    ("full-effect", "label = \"Full effect\"", "label = \"a\\u0000b\"", "label", "one line of 1 to 200"),
    ("full-effect", "that an effect may have.", "\\u001b[31m", "help", "text of 1 to 2000"),
    ("full-effect", "licence = \"MIT OR Apache-2.0\"", "licence = \"\"", "provenance.licence", "one line of 1"),
    ("full-effect", "text = \"Edited.\"", "text = \"\"", "disclosure.text", "text of 1 to 2000"),
    // Files: nothing leaves the folder, and a name means the same on every system.
    ("full-effect", "\"full-effect.onnx\"", "\"../full-effect.onnx\"", "weights.file", "a bare file name"),
    ("full-effect", "\"full-effect.onnx\"", "\"sub/full-effect.onnx\"", "weights.file", "a bare file name"),
    ("full-effect", "\"full-effect.onnx\"", "'sub\\full-effect.onnx'", "weights.file", "a bare file name"),
    ("full-effect", "\"full-effect.onnx\"", "\"/etc/passwd\"", "weights.file", "a bare file name"),
    ("full-effect", "\"full-effect.onnx\"", "\"C:full-effect.onnx\"", "weights.file", "a bare file name"),
    ("full-effect", "\"full-effect.onnx\"", "\"..\"", "weights.file", "a bare file name"),
    ("full-effect", "\"full-effect.onnx\"", "\"a..onnx\"", "weights.file", "a bare file name"),
    ("full-effect", "\"full-effect.onnx\"", "\".onnx\"", "weights.file", "a bare file name"),
    ("full-effect", "\"full-effect.onnx\"", "\"net.\"", "weights.file", "a bare file name"),
    ("full-effect", "\"full-effect.onnx\"", "\"\"", "weights.file", "a bare file name"),
    ("full-effect", "\"full-effect.onnx\"", "\"NUL.onnx\"", "weights.file", "a bare file name"),
    ("full-effect", "\"full-effect.onnx\"", "\"com1.onnx\"", "weights.file", "a bare file name"),
    ("full-effect", "\"full-effect.onnx\"", "\"net\\u0000.onnx\"", "weights.file", "a bare file name"),
    ("full-effect", "\"full-effect.onnx\"", "\"nét.onnx\"", "weights.file", "a bare file name"),
    // Sizes and digests.
    ("full-effect", "size = 1234", "size = 0", "weights.size", "found 0, allowed: an integer from 1 to 536870912; let `diat check --write-digest manifests/full-effect.toml` write it"),
    ("full-effect", "size = 1234", "size = 536870913", "weights.size", "found 536870913"),
    ("full-effect", "size = 1234", "size = \"abc\"", "weights.size", "found \"abc\", allowed: an integer from 1 to 536870912"),
    ("full-effect", "size = 1234", "size = -1", "weights.size", "found -1"),
    ("full-effect", "size = 1234", "size = 1234.0", "weights.size", "found 1234.0"),
    ("full-judge", "ccddeeff\"", "ccddeef\"", "weights.sha256", "64 hexadecimal digits"),
    ("full-judge", "ccddeeff\"", "ccddeefg\"", "weights.sha256", "64 hexadecimal digits"),
    ("full-judge", "ccddeeff\"", "ccddeeff00\"", "weights.sha256", "64 hexadecimal digits"),
    // Tensors.
    ("full-effect", "name = \"image\"", "name = \"\"", "input.name", "1 to 64 printable"),
    ("full-effect", "name = \"image\"", "name = \"my image\"", "input.name", "1 to 64 printable"),
    ("full-effect", "width = 16", "width = 15", "input.width", "an integer from 16 to 1024"),
    ("full-effect", "height = 24", "height = 1025", "input.height", "an integer from 16 to 1024"),
    ("full-landmarks", "height = 96", "height = 64", "input.height", "found 64, allowed: the width, 96"),
    ("full-effect", "range = [0, 255]", "range = [255, 0]", "input.range", "the second greater than the first"),
    ("full-effect", "range = [0, 255]", "range = [1, 1]", "input.range", "the second greater than the first"),
    ("full-effect", "range = [0, 255]", "range = [0, nan]", "input.range", "two numbers"),
    ("full-effect", "range = [0, 255]", "range = [0, inf]", "input.range", "two numbers"),
    ("full-effect", "range = [0, 255]", "range = [0, 128, 255]", "input.range", "two numbers"),
    ("full-effect", "range = [-1.0, 1.0]", "range = []", "output.range", "two numbers"),
    ("full-effect", "mask = \"mask\"", "mask = \"out:0\"", "output.mask", "a tensor other than"),
    ("full-effect", "mask = \"mask\"", "mask = \"tolerance\"", "output.mask", "a tensor other than map, tolerance"),
    ("full-effect", "input = \"amount\"", "input = \"image\"", "parameter.input", "a tensor other than image"),
    ("full-effect", "input = \"warmth\"", "input = \"amount\"", "parameter.input", "a tensor other than image, amount"),
    ("full-landmarks", "scale = 96.0", "scale = 0.0", "output.scale", "a number from 0.01 to 1024"),
    ("full-landmarks", "offset = 0.5", "offset = inf", "output.offset", "a number from -1024 to 1024"),
    // Templates.
    ("full-effect", "left-eye = [4.0, 8.0]", "left-eye = [-4.0, 8.0]", "template.left-eye", "two numbers from 0 to 1024"),
    ("full-effect", "left-eye = [4.0, 8.0]", "left-eye = [4.0]", "template.left-eye", "two numbers from 0 to 1024"),
    ("full-effect", "nose = [8.0, 12.0]", "nose = [17.0, 12.0]", "template.nose", "a point of the crop, [0, 0] to [16, 24]"),
    ("full-effect", "nose = [8.0, 12.0]", "nose = [8.0, 24.5]", "template.nose", "a point of the crop"),
    ("full-effect", "right-eye = [12, 8]", "right-eye = [4, 8]", "template.right-eye", "to the right of left-eye"),
    ("full-effect", "right-mouth = [11.0, 16.0]", "right-mouth = [3.0, 16.0]", "template.right-mouth", "to the right of left-mouth"),
    ("full-effect", "left-mouth = [5.0, 16.0]", "left-mouth = [5.0, 4.0]", "template.left-mouth", "below left-eye"),
    // Composing.
    ("full-effect", "window = 0.25", "window = 0.51", "compose.window", "a number from 0 to 0.5"),
    ("full-effect", "window = 0.25", "window = -0.1", "compose.window", "a number from 0 to 0.5"),
    ("full-effect", "window = 0.25", "window = nan", "compose.window", "a number from 0 to 0.5"),
    ("full-effect", "sigma = 2.0", "sigma = 0.0", "compose.gate.sigma", "a number from 0.1 to 16"),
    ("full-effect", "sigma = 2.0", "sigma = -2.0", "compose.gate.sigma", "a number from 0.1 to 16"),
    ("full-effect", "b = 0.5 }", "b = 0.01 }", "compose.gate.b", "a number greater than a, 0.01"),
    ("full-effect", "a = 0.01, b = 0.5", "a = 0.5", "compose.gate.b", "found nothing, which means 0.0784314"),
    ("full-effect", "grain = true", "grain = 1", "compose.grain", "true or false"),
    ("full-effect", "a = 0.01", "a = 1.5", "compose.gate.a", "a number from 0 to 1"),
    // Parameters.
    ("full-effect", "id = \"amount\"", "id = \"strength\"", "parameter.id", "an id other than strength, show, faces, at-x, at-y, device"),
    ("full-effect", "id = \"amount\"", "id = \"at-x\"", "parameter.id", "an id other than"),
    ("full-effect", "id = \"warmth\"", "id = \"amount\"", "parameter.id", "an id other than"),
    ("full-effect", "max = 100.0", "max = 0.0", "parameter.max", "a number greater than min, 0"),
    ("full-effect", "max = 100.0", "max = 1e7", "parameter.max", "a number from -1000000 to 1000000"),
    ("full-effect", "default = 50.0", "default = 101.0", "parameter.default", "a number from min to max, 0 to 100"),
    ("full-effect", "neutral = 0.0", "neutral = -1.0", "parameter.neutral", "a number from min to max"),
    ("full-effect", "min = 0.0", "min = nan", "parameter.min", "a number from"),
    // Limits and judges.
    ("full-effect", "smallest-eye-distance = 20.0", "smallest-eye-distance = 0", "limits.smallest-eye-distance", "a number from 1 to 10000"),
    ("full-effect", "largest-yaw = 30.0", "largest-yaw = 91", "limits.largest-yaw", "a number from 1 to 90"),
    ("full-effect", "lowest-confidence = 0.75", "lowest-confidence = 75", "limits.lowest-confidence", "a number from 0 to 1"),
    ("full-effect", "range = [0.5, 1.0]", "range = [0.5, 1.5]", "judge.range", "two numbers from 0 to 1"),
    ("full-effect", "range = [0.5, 1.0]", "range = [0.5, 0.5]", "judge.range", "the second greater"),
    // Detectors.
    ("full-seeta", "score = 2.5", "score = -1.0", "detector.score", "a number from 0 to 1000"),
    ("full-yunet", "score = 0.6", "score = 2.0", "detector.score", "a number from 0 to 1"),
    ("full-seeta", "smallest-face = 24", "smallest-face = 19", "detector.smallest-face", "an integer from 20 to 1024"),
    ("full-yunet", "smallest-face = 10", "smallest-face = 0", "detector.smallest-face", "an integer from 1 to 1024"),
    ("full-seeta", "largest-picture = 1000000", "largest-picture = 0", "detector.largest-picture", "an integer from 65536"),
    ("full-seeta", "scale = 1.15", "scale = 0", "detector.box.scale", "a number from 0.25 to 8"),
    ("full-seeta", "down = 0.08", "down = 3", "detector.box.down", "a number from -2 to 2"),
    ("full-yunet", "overlap = 0.3", "overlap = 1.5", "detector.overlap", "a number from 0.01 to 1"),
    ("full-yunet", "strides = [8, 16]", "strides = [16, 8]", "detector.strides", "integers from 2 to 128, rising"),
    ("full-yunet", "strides = [8, 16]", "strides = []", "detector.strides", "a list of 1 to 6"),
    ("full-yunet", "strides = [8, 16]", "strides = [8, 8]", "detector.strides", "rising"),
    ("full-yunet", "object = \"obj_\"", "object = \"cls_\"", "output.object", "a tensor other than"),
    // Golden vectors.
    ("full-effect", "tolerance = 0.001", "tolerance = 0.0", "golden.tolerance", "a number from 0.0001 to 0.1"),
    ("full-effect", "tolerance = 0.001", "tolerance = 0.2", "golden.tolerance", "a number from 0.0001 to 0.1"),
    ("full-effect", "map = \"a5f00f\"", "map = \"a5f0\"", "golden.map", "6 hexadecimal digits, a bit a cell"),
    ("full-effect", "map = \"a5f00f\"", "map = \"a5f00\"", "golden.map", "an even number of hexadecimal digits"),
    ("full-enhance", "tolerance = 0.002", "map = \"00\"", "golden.map", "only effects have a mask"),
    ("full-effect", "\"out:0\" = [0.5, -0.25, 1]", "\"out:0\" = []", "golden.out:0", "a list of 1 to 256"),
    ("full-effect", "\"out:0\" = [0.5, -0.25, 1]", "\"out:0\" = [nan]", "golden.out:0", "finite numbers"),
    ("full-effect", "\"out:0\" = [0.5, -0.25, 1]", "\"out:0\" = [1]\nother = [0.5]", "golden.other", "a tensor of [output]: out:0, mask"),
];

#[test]
fn an_impossible_value_is_refused_with_its_line_and_what_is_allowed() {
    for (id, from, to, key, part) in TWINS {
        let good = text(id);
        assert!(good.contains(from), "{id} has no {from}");
        let bad = good.replacen(from, to, 1);
        let faults = parse(id, &bad).map(|_| ()).unwrap_err();
        let fault = faults.iter().find(|fault| fault.key == *key);
        let fault = fault.unwrap_or_else(|| panic!("{to}: nothing on {key}: {faults:?}"));
        let shown = fault.to_string();
        assert!(shown.contains(part), "{shown}\nlacks {part}");
        let name = key.rsplit('.').next().unwrap();
        let line = bad.lines().nth(fault.line.unwrap() as usize - 1).unwrap();
        let given_nowhere = fault.found.starts_with("nothing");
        assert!(
            line.contains(name) || given_nowhere,
            "{shown}: the line is `{line}`"
        );
        let start = format!("manifests/{id}.toml:{}: {key}: found ", fault.line.unwrap());
        assert!(
            shown.starts_with(&start) && !shown.contains('\n'),
            "{shown}"
        );
    }
}

#[test]
fn a_change_that_breaks_one_rule_gives_one_fault() {
    for (id, from, to, key, _) in TWINS {
        let bad = text(id).replacen(from, to, 1);
        let faults = parse(id, &bad).unwrap_err();
        // The kind, the id of a judge and the names of tensors are what other rules rest on.
        let rest = [
            "input.width",
            "golden.tolerance",
            "output.mask",
            "golden.out:0",
        ];
        assert!(faults.len() == 1 || rest.contains(key), "{to}: {faults:?}");
    }
}

#[test]
fn nine_parameters_are_one_too_many() {
    let good = text("full-enhance");
    let from = good.find("[[parameter]]").unwrap();
    let to = good.find("[limits]").unwrap();
    let parameters = |count: usize| -> String {
        let one = |n: usize| good[from..to].replace("\"amount\"", &format!("\"amount-{n}\""));
        (0..count).map(one).collect()
    };
    let with = |count: usize| good.replace(&good[from..to], &parameters(count));
    assert!(parse("full-enhance", &with(8)).is_ok());
    let faults = parse("full-enhance", &with(9)).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(
        (faults[0].key.as_str(), faults[0].found.as_str()),
        ("parameter", "9 of them")
    );
}
