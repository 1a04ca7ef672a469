//! `effects`, and effects that are dropped in.

use std::fs;

use crate::support::{POINTS, User, picture};

#[test]
fn one_bad_manifest_is_named_and_hides_no_other() {
    let user = User::new();
    user.resources
        .write("manifests/bad.toml", b"id = \"bad\"\nkind = \"effct\"\n");
    let ran = user
        .with_resources(&["effects"])
        .expect(0, &["bad.toml:2", "effct"]);
    for part in [
        "painter",
        "identity",
        "0.1.0",
        "manifests/painter.toml",
        "ID",
    ] {
        assert!(ran.stdout.contains(part), "{part:?} is not in {ran:?}");
    }
    assert!(!ran.stdout.contains("bad"), "{ran:?}");
}

#[test]
fn an_effect_dropped_into_the_data_folder_is_there_at_the_next_start() {
    let user = User::new();
    user.save("a.png", &picture().into());
    let apply = [
        "apply", "painter", "a.png", "-o", "b.png", "--points", POINTS,
    ];
    user.diat(&apply).expect(2, &["painter"]);
    for part in ["manifests", "models"] {
        fs::create_dir_all(user.data().join(part)).unwrap();
        for file in fs::read_dir(user.resources.path().join(part)).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), user.data().join(part).join(file.file_name())).unwrap();
        }
    }
    let ran = user.diat(&["effects"]).expect(0, &[]);
    assert!(ran.stdout.contains("painter"), "{ran:?}");
    user.diat(&apply).expect(0, &["1 edited"]);
}

#[test]
fn json_has_everything_of_every_effect() {
    let user = User::new();
    let ran = user.with_resources(&["effects", "--json"]).expect(0, &[]);
    let effects: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let effects = effects.as_array().unwrap();
    let painter = effects
        .iter()
        .find(|effect| effect["id"] == "painter")
        .unwrap();
    assert_eq!(painter["version"], "0.1.0");
    assert_eq!(painter["licence"], "MIT OR Apache-2.0");
    assert!(
        painter["manifest"]
            .as_str()
            .unwrap()
            .ends_with("manifests/painter.toml")
    );
    let ids: Vec<_> = painter["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["id"])
        .collect();
    assert_eq!(ids, ["strength", "show", "faces", "at-x", "at-y", "device"]);
    assert_eq!(painter["parameters"][2]["choices"][1], "largest");
}

#[test]
fn long_names_the_parameters_and_what_they_may_be() {
    let user = User::new();
    let ran = user.with_resources(&["effects", "--long"]).expect(0, &[]);
    for part in [
        "strength",
        "0 to 1",
        "all, largest, nearest",
        "default result",
    ] {
        assert!(ran.stdout.contains(part), "{part:?} is not in {ran:?}");
    }
}

#[test]
fn a_pipe_that_is_closed_is_nobodys_fault() {
    use std::process::Stdio;
    let user = User::new();
    let mut child = user
        .command()
        .args(["effects", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
