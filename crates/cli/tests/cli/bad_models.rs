//! Weights that are missing, others, or no network: one message that names the file, whatever the number of pictures.

use std::fs;

use diat_tests::{Painter, manifest};

use crate::support::{POINTS, User, picture};

const SIDE: usize = 64;

/// Runs an effect on two pictures, which must end in one message with these parts.
#[track_caller]
fn refused(user: &User, effect: &str, parts: &[&str]) {
    for name in ["in/a.png", "in/b.png"] {
        user.save(name, &picture().into());
    }
    let run = [
        "apply", effect, "in/a.png", "-o", "out.png", "--points", POINTS,
    ];
    let ran = user.with_resources(&run).expect(1, parts);
    let named = ran.stderr.lines().filter(|line| line.contains(parts[0]));
    assert_eq!(named.count(), 1, "{ran:?}");
    assert_eq!(user.names("."), ["in"]);
}

#[test]
fn a_file_that_is_no_network_is_refused_by_name_with_the_reason() {
    let user = User::new();
    let network = Painter::default().network();
    for (id, bytes) in [
        ("text", &b"this is no network at all"[..]),
        ("picture", b"\x89PNG\r\n\x1a\n"),
        ("cut", &network[..network.len() / 2]),
    ] {
        user.resources.add(id, &manifest(id, SIDE), bytes);
        refused(&user, id, &[&format!("{id}.toml"), "refused"]);
    }
}

#[test]
fn the_network_of_another_effect_under_this_ones_name_does_not_run() {
    let user = User::new();
    let models = user.resources.path().join("models");
    let (painter, identity) = (models.join("painter.onnx"), models.join("identity.onnx"));
    let kept = models.join("kept");
    fs::rename(&painter, &kept).unwrap();
    fs::rename(&identity, &painter).unwrap();
    fs::rename(&kept, &identity).unwrap();
    refused(&user, "painter", &["painter.onnx", "bytes"]);
    refused(&user, "identity", &["identity.onnx", "bytes"]);
    // Of the same size, so that only the digest tells.
    let red = Painter {
        colour: [1.0, 0.0, 0.0],
        ..Painter::default()
    };
    fs::write(&painter, red.network()).unwrap();
    refused(&user, "painter", &["painter.onnx", "SHA-256"]);
}

#[test]
fn a_network_with_other_inputs_than_its_manifest_says_is_refused_by_name() {
    let user = User::new();
    let small = Painter {
        side: 32,
        ..Painter::default()
    };
    user.resources
        .add("small", &manifest("small", SIDE), &small.network());
    refused(
        &user,
        "small",
        &["small.toml", "image", "correct one of the two"],
    );
}
