//! `check`.

use std::fs;

use diat_tests::Painter;

use crate::support::{Ran, User};

fn check(user: &User, id: &str) -> Ran {
    let file = user.resources.path().join(format!("manifests/{id}.toml"));
    user.diat(&["check", file.to_str().unwrap()])
}

fn edit(user: &User, id: &str, from: &str, to: &str) {
    let file = user.resources.path().join(format!("manifests/{id}.toml"));
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(from), "{from:?} is not in the manifest");
    fs::write(&file, text.replace(from, to)).unwrap();
}

#[test]
fn a_sound_manifest_passes_by_file_by_folder_and_by_resource_folder() {
    let user = User::new();
    let root = user.resources.path();
    for path in [
        root.join("manifests/painter.toml"),
        root.join("manifests"),
        root.to_owned(),
    ] {
        let ran = user.diat(&["check", path.to_str().unwrap()]).expect(0, &[]);
        assert!(
            ran.stdout
                .contains("painter.toml: ok: effect painter 0.1.0"),
            "{ran:?}"
        );
        assert_eq!(ran.stderr, "");
    }
}

#[test]
fn every_fault_of_a_manifest_is_told_at_once() {
    let user = User::new();
    edit(&user, "painter", "width = 64", "width = 7");
    edit(&user, "painter", "colour = \"rgb\"", "colour = \"cmyk\"");
    edit(
        &user,
        "painter",
        "window = 0.1",
        "window = 0.1\nwindows = 3",
    );
    check(&user, "painter").expect(
        1,
        &[
            "painter.toml:",
            "input.width",
            "cmyk",
            "windows",
            "1 of 1 manifests cannot be used",
        ],
    );
}

#[test]
fn weights_of_another_size_and_the_wrong_tensors_are_told_at_once() {
    let user = User::new();
    // A network of another size whose mask has another name.
    let other = Painter {
        side: 32,
        ..Painter::default()
    };
    user.resources
        .write("models/painter.onnx", &other.network());
    edit(&user, "painter", "mask = \"mask\"", "mask = \"matte\"");
    let ran = check(&user, "painter").expect(
        1,
        &[
            "bytes (weights.size)",
            "\"image\"",
            "\"transformed\"",
            "\"matte\"",
            "--write-digest",
        ],
    );
    assert!(
        ran.stderr.contains("64×64") && ran.stderr.contains("32"),
        "{ran:?}"
    );
}

#[test]
fn what_the_gate_refuses_is_told_with_the_reason() {
    let user = User::new();
    let mut network = Painter::default().network();
    network.truncate(network.len() / 2);
    user.resources
        .add("painter", &diat_tests::manifest("painter", 64), &network);
    check(&user, "painter").expect(1, &["models/painter.onnx: refused: "]);
}

#[test]
fn missing_weights_are_told() {
    let user = User::new();
    fs::remove_file(user.resources.path().join("models/painter.onnx")).unwrap();
    check(&user, "painter").expect(1, &["painter.onnx"]);
}

#[test]
fn a_judge_that_is_not_installed_is_told() {
    let user = User::new();
    edit(
        &user,
        "painter",
        "[limits]",
        "[judge]\nid = \"painter-judge\"\nrange = [0.5, 1.0]\n\n[limits]",
    );
    check(&user, "painter").expect(1, &["judge.id", "painter-judge", "kind judge"]);
}

#[test]
fn write_digest_fills_in_what_nobody_writes_by_hand_and_check_then_passes() {
    let user = User::new();
    let manifest = diat_tests::manifest("new", 64).replace("[weights]", "# mine\n[weights]");
    user.resources
        .write("manifests/new.toml", manifest.as_bytes());
    user.resources
        .write("models/new.onnx", &Painter::default().network());
    let file = user.resources.path().join("manifests/new.toml");
    check(&user, "new").expect(1, &["weights.size", "weights.sha256"]);

    let write = ["check", "--write-digest", file.to_str().unwrap()];
    let ran = user.diat(&write).expect(0, &[]);
    assert!(ran.stdout.contains("golden vector written"), "{ran:?}");
    let first = fs::read_to_string(&file).unwrap();
    for part in [
        "# mine",
        "[golden]",
        "transformed = [",
        "map = \"",
        "tolerance",
    ] {
        assert!(first.contains(part), "{part:?} is not in {first}");
    }
    check(&user, "new").expect(0, &[]);
    let ran = user.diat(&write).expect(0, &[]);
    assert!(ran.stdout.contains("up to date"), "{ran:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), first);
    let names: Vec<_> = fs::read_dir(file.parent().unwrap()).unwrap().collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn a_golden_vector_that_is_missed_is_told_and_written_anew() {
    let user = User::new();
    let file = user.resources.path().join("manifests/painter.toml");
    let write = ["check", "--write-digest", file.to_str().unwrap()];
    user.diat(&write).expect(0, &[]);
    // The same tensors, another colour; the digest is right, the answer is not.
    let other = Painter {
        colour: [1.0, 0.0, 0.0],
        ..Painter::default()
    };
    let text = fs::read_to_string(&file).unwrap();
    user.resources.add("painter", &text, &other.network());
    check(&user, "painter").expect(1, &["painter.onnx", "[golden]", "off by", "--write-digest"]);
    user.diat(&write).expect(0, &[]);
    check(&user, "painter").expect(0, &[]);
}

#[test]
fn a_tolerance_that_its_author_chose_stays() {
    let user = User::new();
    let file = user.resources.path().join("manifests/painter.toml");
    let write = ["check", "--write-digest", file.to_str().unwrap()];
    user.diat(&write).expect(0, &[]);
    edit(&user, "painter", "tolerance = 0.002", "tolerance = 0.01");
    user.diat(&write).expect(0, &[]);
    assert!(
        fs::read_to_string(&file)
            .unwrap()
            .contains("tolerance = 0.01")
    );
}

#[test]
fn what_is_not_there_or_holds_no_manifests_is_wrong_use() {
    let user = User::new();
    user.diat(&["check", "none.toml"]).expect(2, &["none.toml"]);
    user.diat(&["check", "."]).expect(2, &["no manifests"]);
}

#[test]
fn one_bad_manifest_among_good_ones_is_counted() {
    let user = User::new();
    user.resources.write("manifests/bad.toml", b"id = \"bad\"");
    let ran = user.diat(&["check", user.resources.path().to_str().unwrap()]);
    let ran = ran.expect(1, &["bad.toml", "1 of 3 manifests cannot be used"]);
    assert!(ran.stdout.contains("painter.toml: ok"), "{ran:?}");
}
