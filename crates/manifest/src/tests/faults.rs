use std::fs;
use std::path::Path;

use super::{line_of, parse, text};
use crate::schema::{Need, ROOTS, Section};
use crate::shape::Shape;
use crate::{Fault, Manifest};

fn keys_of(faults: &[Fault]) -> Vec<&str> {
    faults.iter().map(|fault| fault.key.as_str()).collect()
}

#[test]
fn all_faults_come_at_once_and_by_line() {
    let mut bad = text("full-effect").to_owned();
    for (from, to) in [
        ("version = \"1.2.3\"", "version = \"one\""),
        ("size = 1234\n", ""),
        ("width = 16", "width = \"16\""),
        ("meaning = \"keep\"", "maening = \"keep\""),
        ("b = 0.5", "b = 0.0"),
        ("id = \"warmth\"", "id = \"device\""),
        ("[disclosure]\ntext = \"Edited.\"", "[disclosures]"),
    ] {
        assert!(bad.contains(from));
        bad = bad.replacen(from, to, 1);
    }
    let faults = parse("full-effect", &bad).unwrap_err();
    let expected = [
        "version",
        "weights.size",
        "input.width",
        "mask.meaning",
        "mask.maening",
        "compose.gate.b",
        "parameter.id",
        "disclosures",
    ];
    assert_eq!(keys_of(&faults), expected, "{faults:#?}");
    let lines: Vec<_> = faults.iter().map(|fault| fault.line.unwrap()).collect();
    assert!(lines.is_sorted(), "{lines:?}");
    assert_eq!(lines[6], line_of(&bad, "id = \"device\""));
}

#[test]
fn a_fault_is_one_line_with_file_line_key_found_allowed_and_advice() {
    let bad = text("full-effect").replacen("width = 16", "width = \"abc\"", 1);
    let faults = parse("full-effect", &bad).unwrap_err();
    assert_eq!(
        faults[0].to_string(),
        "manifests/full-effect.toml:18: input.width: found \"abc\", allowed: an integer from 16 to 1024; \
         write for example `width = 128`"
    );
}

#[test]
fn a_fault_stays_one_line_whatever_names_hold() {
    let text = "\"a\\nb\" = 1\n";
    for fault in Manifest::parse(text, Path::new("manifests/c\nd\u{1b}.toml")).unwrap_err() {
        assert!(!fault.to_string().contains(char::is_control), "{fault}");
    }
}

#[test]
fn a_misspelt_key_is_told_its_nearest_neighbour() {
    let bad = text("full-effect").replacen("colour = \"bgr\"", "color = \"bgr\"", 1);
    let faults = parse("full-effect", &bad).unwrap_err();
    assert_eq!(keys_of(&faults), ["input.colour", "input.color"]);
    assert!(
        faults[1]
            .to_string()
            .contains("write `colour` if that is meant"),
        "{}",
        faults[1]
    );
    let far = text("full-effect").replacen("[judge]", "[zzzzzzzz]", 1);
    let faults = parse("full-effect", &far).unwrap_err();
    assert!(
        faults[0].to_string().ends_with("; remove the key"),
        "{}",
        faults[0]
    );
}

#[test]
fn a_key_of_another_kind_is_refused() {
    let bad = text("full-seeta").to_owned() + "\n[mask]\nmeaning = \"change\"\n";
    assert_eq!(keys_of(&parse("full-seeta", &bad).unwrap_err()), ["mask"]);
    let bad = text("full-seeta").replacen("score = 2.5", "score = 2.5\noverlap = 0.3", 1);
    assert_eq!(
        keys_of(&parse("full-seeta", &bad).unwrap_err()),
        ["detector.overlap"]
    );
    let bad = text("full-yunet").replacen("layout =", "width = 128\nlayout =", 1);
    assert_eq!(
        keys_of(&parse("full-yunet", &bad).unwrap_err()),
        ["input.width"]
    );
}

#[test]
fn an_unknown_kind_or_decoder_blames_no_other_key() {
    let bad = text("full-effect").replacen("kind = \"effect\"", "kind = \"x\"", 1);
    assert_eq!(keys_of(&parse("full-effect", &bad).unwrap_err()), ["kind"]);
    let bad = text("full-yunet").replacen("decoder = \"yunet\"", "decoder = \"x\"", 1);
    assert_eq!(
        keys_of(&parse("full-yunet", &bad).unwrap_err()),
        ["detector.decoder"]
    );
    let bad = text("full-yunet").replacen("decoder = \"yunet\"\n", "", 1);
    assert_eq!(
        keys_of(&parse("full-yunet", &bad).unwrap_err()),
        ["detector.decoder"]
    );
}

#[test]
fn id_and_kind_are_the_first_two_keys() {
    let good = text("full-judge");
    let id = "id = \"full-judge\"\n";
    let kind = "kind = \"judge\"\n";
    let swapped = good.replacen(&format!("{id}{kind}"), &format!("{kind}{id}"), 1);
    let faults = parse("full-judge", &swapped).unwrap_err();
    assert_eq!(keys_of(&faults), ["id", "kind"]);
    assert_eq!(faults[0].found, "`kind` in its place");
    let late = good
        .replacen(kind, "", 1)
        .replacen("[weights]", &format!("{kind}[weights]"), 1);
    let faults = parse("full-judge", &late).unwrap_err();
    assert_eq!((keys_of(&faults), faults[0].line), (vec!["kind"], Some(2)));
    let commented = format!("# A judge.\n\n{good}");
    assert!(parse("full-judge", &commented).is_ok());
}

#[test]
fn a_newer_engines_manifest_is_refused_for_this_alone() {
    let newer = text("full-judge").replacen("engine = \"0.1\"", "engine = \"0.2\"\nnews = 1", 1);
    let faults = parse("full-judge", &newer).unwrap_err();
    assert_eq!(keys_of(&faults), ["engine"]);
}

#[test]
fn what_is_no_toml_is_refused_at_its_line() {
    let good = text("full-judge");
    for (from, to) in [
        ("label = \"Full judge\"", "label = Full judge"),
        ("label = \"Full judge\"", "label \"Full judge\""),
        ("label = \"Full judge\"", "label = \"Full judge"),
        ("label = \"Full judge\"", "label = \"Full judge\" \"\""),
        ("label = \"Full judge\"", "label = [1, 2"),
        ("label = \"Full judge\"", "label = "),
        ("label = \"Full judge\"", "engine = \"0.1\""),
    ] {
        let bad = good.replacen(from, to, 1);
        let faults = parse("full-judge", &bad).unwrap_err();
        let line = faults[0].line.unwrap();
        // A list that does not end is seen at the next thing that fits into none.
        assert!((5..=6).contains(&line), "{to}: {}", faults[0]);
        assert!(
            faults[0].to_string().contains("the parser says"),
            "{}",
            faults[0]
        );
    }
}

#[test]
fn a_draft_may_lack_what_the_program_writes_and_nothing_else() {
    let file = Path::new("manifests/full-effect.toml");
    let draft = text("full-effect")
        .replacen("size = 1234\n", "", 1)
        .replacen("sha256 = \"00", "sha256 = \"xx", 1)
        .replacen("map = \"a5f00f\"", "map = \"\"", 1);
    assert_eq!(Manifest::parse(&draft, file).unwrap_err().len(), 3);
    let manifest = Manifest::parse_draft(&draft, file).unwrap();
    assert_eq!(
        (manifest.weights.size, manifest.weights.sha256),
        (0, [0; 32])
    );
    assert_eq!(manifest.golden, None);
    let bad = draft.replacen("window = 0.25", "window = 2", 1);
    let faults = Manifest::parse_draft(&bad, file).unwrap_err();
    assert_eq!(keys_of(&faults), ["compose.window"]);
    let whole = Manifest::parse_draft(text("full-effect"), file).unwrap();
    assert_eq!(whole, super::good("full-effect"));
}

#[test]
fn files_that_are_no_text_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("full-judge.toml");
    fs::write(&file, text("full-judge")).unwrap();
    assert_eq!(Manifest::read(&file).unwrap().file, file);
    let refused = |part: &str| {
        let faults = Manifest::read(&file).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert!(
            faults[0].to_string().contains(part),
            "{} lacks {part}",
            faults[0]
        );
    };
    fs::write(&file, b"id = \"full-judge\"\nkind = \"\xff\"\n").unwrap();
    refused("bytes that are not UTF-8 in line 2");
    fs::write(&file, [0xff, 0xfe, b'i', 0]).unwrap();
    refused("bytes that are not UTF-8 in line 1");
    fs::write(&file, " ".repeat(64 * 1024 + 1)).unwrap();
    refused("found 65537 bytes, allowed: at most 65536");
    fs::write(&file, "").unwrap();
    assert!(keys_of(&Manifest::read(&file).unwrap_err()).contains(&"id"));
    fs::remove_file(&file).unwrap();
    refused("no readable file");
    fs::create_dir(&file).unwrap();
    refused("no regular file");
}

#[test]
fn the_schemas_own_defaults_and_examples_are_sound() {
    fn check(section: &'static Section) {
        for key in section.keys() {
            let mut texts = vec![];
            if let Need::Default(default) = key.need {
                texts.push(default);
            }
            if !key.example.is_empty() {
                texts.push(key.example);
            }
            for text in texts {
                let value = toml::de::DeValue::parse(text).unwrap();
                let sound = match key.shape {
                    Shape::Table(_) => value.get_ref().is_table(),
                    Shape::Tables { .. } => value.get_ref().is_array(),
                    shape => shape.check(value.get_ref()).is_some(),
                };
                assert!(sound, "{} = {text}", key.name);
            }
            match key.shape {
                Shape::Table(section) | Shape::Tables { of: section, .. } => check(section),
                _ => assert!(
                    !key.example.is_empty() && !key.meaning.is_empty(),
                    "{}",
                    key.name
                ),
            }
        }
    }
    for (_, root) in ROOTS {
        check(root);
    }
}
