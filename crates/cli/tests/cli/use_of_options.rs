//! Wrong use is told in words and touches nothing; right use does what it says.

use image::DynamicImage;

use crate::support::{INSIDE, User, picture};

#[test]
fn wrong_use_exits_2_says_what_is_allowed_and_writes_nothing() {
    let user = User::new();
    user.save("a.png", &picture().into());
    let wrong: [(&[&str], &[&str]); 12] = [
        (
            &["apply", "nose-off", "a.png", "-o", "b.png"],
            &["nose-off", "painter", "identity"],
        ),
        (
            &[
                "apply",
                "painter",
                "a.png",
                "-o",
                "b.png",
                "--strength",
                "2",
            ],
            &["\"2\"", "0 to 1"],
        ),
        (
            &[
                "apply",
                "painter",
                "a.png",
                "-o",
                "b.png",
                "--strength",
                "much",
            ],
            &["much", "0 to 1"],
        ),
        (
            &[
                "apply", "painter", "a.png", "-o", "b.png", "--faces", "both",
            ],
            &["both", "largest"],
        ),
        (
            &["apply", "painter", "a.png", "-o", "b.png", "--show", "soul"],
            &["soul", "difference"],
        ),
        (
            &[
                "apply", "painter", "a.png", "-o", "b.png", "--device", "gpu",
            ],
            &["gpu", "cuda:7"],
        ),
        (
            &["apply", "painter", "a.png", "-o", "b.png", "--at", "3,0.5"],
            &["at-x", "0 to 1"],
        ),
        (
            &["apply", "painter", "a.png", "-o", "b.png", "--set", "age=3"],
            &["age", "strength"],
        ),
        (
            &[
                "apply",
                "painter",
                "a.png",
                "-o",
                "b.png",
                "--set",
                "show=mask",
            ],
            &["--set show=mask", "--show mask"],
        ),
        (
            &[
                "apply", "painter", "a.png", "-o", "b.png", "--points", "1,2 3,4",
            ],
            &["2 points", "five"],
        ),
        (&["apply", "painter", "a.png"], &["--output"]),
        (
            &["apply", "painter", "a.png", "-o", "b.png", "--scale", "99"],
            &["99", "1..=16"],
        ),
    ];
    for (arguments, parts) in wrong {
        user.with_resources(arguments).expect(2, parts);
    }
    user.diat(&[
        "apply",
        "painter",
        "a.png",
        "-o",
        "b.png",
        "--resources",
        "none",
    ])
    .expect(2, &["none", "manifests/"]);
    user.diat(&["apply"]).expect(2, &["<EFFECT>"]);
    assert_eq!(user.names("."), ["a.png"]);
}

#[test]
fn points_are_for_one_picture() {
    let user = User::new();
    user.save("a.png", &picture().into());
    user.save("b.png", &picture().into());
    user.paint(&["a.png", "b.png", "-o", "out"])
        .expect(2, &["--points", "2 pictures"]);
}

#[test]
fn strength_is_a_share_of_the_change() {
    let user = User::new();
    user.save("a.png", &DynamicImage::from(picture()).to_rgb8().into());
    let at = |name: &str| user.open(name).to_rgb8().get_pixel(INSIDE.0, INSIDE.1).0;
    for (strength, out) in [("1", "full.png"), ("0.5", "half.png")] {
        user.paint(&["a.png", "-o", out, "--strength", strength])
            .expect(0, &["1 edited"]);
    }
    assert_eq!(at("full.png"), [0, 0, 255]);
    for ((before, full), half) in at("a.png").iter().zip(at("full.png")).zip(at("half.png")) {
        let middle = (f64::from(*before) + f64::from(full)) / 2.0;
        assert!(
            (f64::from(half) - middle).abs() <= 0.51,
            "{before}, {half}, {full}"
        );
    }
}

#[test]
fn a_parameter_of_the_effects_own_is_set_by_its_id() {
    let user = User::new();
    user.save("a.png", &picture().into());
    // The reserved ones have ids too.
    user.paint(&["a.png", "-o", "b.png", "--set", "strength=0"])
        .expect(0, &["1 untouched"]);
}

#[test]
fn at_chooses_the_nearest_face() {
    let user = User::new();
    let picture = image::imageops::resize(&picture(), 400, 200, image::imageops::Nearest);
    user.save("a.png", &picture.into());
    let right = "264,72 336,72 300,118 270,150 330,150";
    user.paint(&["a.png", "-o", "b.png", "--points", right, "--at", "0.7,0.5"])
        .expect(0, &["1 of 2 faces edited", "face not chosen"]);
    let (before, after) = (user.open("a.png").to_rgba8(), user.open("b.png").to_rgba8());
    assert_eq!(before.get_pixel(100, 150), after.get_pixel(100, 150));
    assert_eq!(after.get_pixel(300, 150).0[..3], [0, 0, 255]);
    user.paint(&["a.png", "-o", "b.png", "--faces", "all", "--at", "0.7,0.5"])
        .expect(2, &["--at", "nearest"]);
}

#[test]
fn a_device_that_is_absent_is_replaced_and_that_is_told_once_for_each_network() {
    let user = User::new();
    user.save("a.png", &picture().into());
    let ran = user.paint(&["a.png", "-o", "b.png", "--device", "cuda:3"]);
    let ran = ran.expect(0, &["cuda:3 was asked for", "tract · CPU"]);
    let notes = ran.stderr.lines().filter(|line| line.contains("cuda:3"));
    assert!(
        notes.clone().all(|line| line.contains("painter")),
        "{ran:?}"
    );
    assert_eq!(notes.count(), 1, "{ran:?}");
}

#[test]
fn another_library_gives_the_same_bytes() {
    let user = User::new();
    user.save("a.png", &picture().into());
    let library = diat_tests::plugin_library();
    user.paint(&["a.png", "-o", "b.png"])
        .expect(0, &["1 edited"]);
    user.paint(&[
        "a.png",
        "-o",
        "c.png",
        "--plugin",
        library.to_str().unwrap(),
    ])
    .expect(0, &["1 edited"]);
    assert_eq!(user.read("b.png"), user.read("c.png"));
    user.paint(&["a.png", "-o", "c.png", "--plugin", "a.png"])
        .expect(1, &["a.png", "plug-in"]);
}

#[test]
fn one_job_and_many_give_the_same_bytes() {
    let user = User::new();
    for index in 0..6 {
        user.save(&format!("in/{index}.png"), &picture().into());
    }
    for jobs in ["1", "4"] {
        user.with_resources(&["apply", "painter", "in", "-o", jobs, "--jobs", jobs])
            .expect(0, &[]);
    }
    for index in 0..6 {
        assert_eq!(
            user.read(&format!("1/{index}.png")),
            user.read(&format!("4/{index}.png"))
        );
    }
}

#[test]
fn help_is_there_for_every_command_and_has_examples() {
    let user = User::new();
    for command in ["apply", "effects", "info", "check", "bench"] {
        let ran = user.diat(&[command, "--help"]).expect(0, &[]);
        assert!(ran.stdout.contains(&format!("diat {command} ")), "{ran:?}");
        assert!(!ran.stdout.contains('\u{1b}'), "colour");
    }
    assert!(user.diat(&["--version"]).stdout.starts_with("diat "));
}
