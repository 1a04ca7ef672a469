//! `doctor`.

use std::fs;

use crate::support::User;

#[test]
fn it_tells_versions_folders_runtime_and_what_ran_each_effect() {
    let user = User::new();
    let ran = user.with_resources(&["doctor"]).expect(0, &[]);
    let version = format!("diat {}", env!("CARGO_PKG_VERSION"));
    let data = user.data();
    for part in [
        version.as_str(),
        "ABI 1.0",
        data.to_str().unwrap(),
        user.resources.path().to_str().unwrap(),
        "runtime tract",
        "tract · CPU",
        "painter.toml",
        "nothing is wrong",
    ] {
        assert!(ran.stdout.contains(part), "{part:?} is not in {ran:?}");
    }
    let through = ran.stdout.split("through the plug-in").nth(1).unwrap();
    assert!(
        through.contains("painter         edited: tract · CPU"),
        "{through}"
    );
}

#[test]
fn a_runtime_that_does_not_load_is_broken_and_named() {
    let user = User::new();
    let library = user.data().join("runtime/libonnxruntime.so");
    fs::create_dir_all(library.parent().unwrap()).unwrap();
    fs::write(&library, "no library").unwrap();
    let ran = user
        .diat(&["doctor"])
        .expect(1, &["libonnxruntime.so", "tract runs"]);
    assert!(
        ran.stdout.contains("runtime tract") && ran.stdout.contains("wrong"),
        "{ran:?}"
    );
}

#[test]
fn bad_manifests_and_weights_are_broken_and_named() {
    let user = User::new();
    user.resources.write("manifests/bad.toml", b"id = \"bad\"");
    user.resources.write("models/painter.onnx", b"no network");
    user.with_resources(&["doctor"])
        .expect(1, &["bad.toml", "painter.onnx"]);
}
