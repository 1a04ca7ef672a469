//! What the library tells: effects, parameters, reports, and what is wrong.

use std::path::Path;
use std::sync::{Arc, Mutex};

use diat_host::{FaceCode, Format, HostOptions, Level, Pixels, Plugin, Status};
use diat_tests::{Painter, Resources, plugin_library};
use moxcms::ColorProfile;

use crate::bench::{POINTS, bench, noise, render};

#[test]
fn effects_and_their_reserved_parameters_are_described_as_promised() {
    let bench = bench();
    assert_eq!(bench.plugin.info().name, "diat");
    let effects = bench.plugin.effects();
    let ids: Vec<&str> = effects.iter().map(|effect| effect.id.as_str()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    assert!(
        ids.contains(&"painter") && ids.contains(&"eyeglasses-off"),
        "{ids:?}"
    );
    for effect in effects {
        assert!(effect.whole_input && effect.in_place);
        let reserved: Vec<_> = effect.params[..6]
            .iter()
            .map(|param| {
                let choices: Vec<&str> = param
                    .choices
                    .iter()
                    .map(|choice| choice.id.as_str())
                    .collect();
                (
                    param.id.as_str(),
                    param.min,
                    param.max,
                    param.default,
                    param.neutral,
                    choices.join(" "),
                )
            })
            .collect();
        let devices = "auto cpu cuda:0 cuda:1 cuda:2 cuda:3 cuda:4 cuda:5 cuda:6 cuda:7";
        let wanted = [
            ("strength", 0.0, 1.0, 1.0, Some(0.0), ""),
            (
                "show",
                0.0,
                3.0,
                0.0,
                None,
                "result mask transformed difference",
            ),
            ("faces", 0.0, 2.0, 0.0, None, "all largest nearest"),
            ("at-x", 0.0, 1.0, 0.5, None, ""),
            ("at-y", 0.0, 1.0, 0.5, None, ""),
            ("device", 0.0, 9.0, 0.0, None, devices),
        ]
        .map(|(id, min, max, default, neutral, choices)| {
            (id, min, max, default, neutral, choices.to_owned())
        });
        assert_eq!(reserved, wanted, "{}", effect.id);
    }
}

#[test]
fn a_manifest_that_is_bad_is_told_and_hides_no_other() {
    let resources = Resources::new();
    Painter::default().add_to(&resources, "painter");
    resources.write(
        "manifests/broken.toml",
        b"id = \"broken\"\nkind = \"nonsense\"\n",
    );
    let log: Arc<Mutex<Vec<String>>> = Arc::default();
    let heard = log.clone();
    let options = HostOptions {
        resource_dirs: vec![resources.path().to_owned()],
        log: Some(Arc::new(move |level, line| {
            if level == Level::Warning {
                heard.lock().unwrap().push(line.to_owned());
            }
        })),
        ..HostOptions::default()
    };
    // Every host hears of it, not only the first one.
    for _ in 0..2 {
        log.lock().unwrap().clear();
        let plugin = Plugin::load(&plugin_library(), options.clone()).unwrap();
        assert!(plugin.effect("painter").is_some());
        assert!(plugin.effect("broken").is_none());
        let lines = log.lock().unwrap();
        assert!(
            lines.iter().any(|line| line.contains("broken.toml")),
            "{lines:?}"
        );
    }
}

#[test]
fn the_report_tells_what_was_given_and_what_ran() {
    let bench = bench();
    let mut instance = bench.open("painter");
    assert_eq!(
        instance.report().unwrap(),
        Default::default(),
        "before the first render"
    );
    let picture = noise(Format::RgbaU8, 1);
    let (status, _) = render(&mut instance, &picture, Pixels::srgb(Format::RgbaU8), &[]);
    assert_eq!(status, Status::Ok);
    let report = instance.report().unwrap();
    assert_eq!(report.faces.len(), 1);
    let face = &report.faces[0];
    assert_eq!(face.points, POINTS);
    assert_eq!(face.code, FaceCode::Edited);
    assert_eq!((face.score_before, face.score_after), (None, None));
    assert!(
        !report.runtime.is_empty() && report.device.starts_with("CPU"),
        "{report:?}"
    );
    let stages: Vec<&str> = report
        .stages
        .iter()
        .map(|stage| stage.name.as_str())
        .collect();
    assert!(
        stages.contains(&"network") && stages.contains(&"composite"),
        "{stages:?}"
    );
    assert!(report.stages.iter().all(|stage| stage.seconds >= 0.0));
}

#[test]
fn points_are_taken_until_they_are_taken_back() {
    let bench = bench();
    let mut instance = bench.open("painter");
    let refused = instance
        .set_points(Some(&[[[f64::NAN; 2]; 5]]))
        .unwrap_err();
    assert_eq!(refused.status(), Some(Status::Argument));
    assert!(refused.to_string().contains("NaN"), "{refused}");
    let picture = noise(Format::RgbaU8, 2);
    let pixels = Pixels::srgb(Format::RgbaU8);
    assert_eq!(render(&mut instance, &picture, pixels, &[]).0, Status::Ok);
    // There is no face in noise.
    instance.set_points(None).unwrap();
    let (status, out) = render(&mut instance, &picture, pixels, &[]);
    assert_eq!(status, Status::Unchanged);
    assert_eq!(out, picture);
    assert!(instance.report().unwrap().faces.is_empty());
}

#[test]
fn a_profile_that_cannot_be_used_is_told_once_with_the_reason_and_others_not_at_all() {
    let bench = bench();
    let mut instance = bench.open("painter");
    let picture = noise(Format::RgbaU8, 10);
    let plain = Pixels::srgb(Format::RgbaU8);
    let profiles = [
        ColorProfile::new_srgb(),
        ColorProfile::new_display_p3(),
        ColorProfile::new_adobe_rgb(),
        ColorProfile::new_gray_with_gamma(2.2),
    ]
    .map(|profile| profile.encode().unwrap());
    let mut cmyk = profiles[1].clone();
    cmyk[16..20].copy_from_slice(b"CMYK");
    let told = || -> Vec<String> {
        let log = bench.log.lock().unwrap();
        let warnings = log.iter().filter(|(level, _)| *level == Level::Warning);
        warnings.map(|(_, line)| line.clone()).collect()
    };
    let srgb = render(&mut instance, &picture, plain, &[]).1;
    for (profile, is_srgb) in profiles.iter().zip([true, false, false, false]) {
        let icc = Some(profile.as_slice());
        let pixels = Pixels { icc, ..plain };
        let out = render(&mut instance, &picture, pixels, &[]).1;
        assert_eq!(out == srgb, is_srgb);
    }
    assert_eq!(told(), Vec::<String>::new());
    for _ in 0..3 {
        for bad in [&[1, 2, 3][..], &cmyk, &profiles[1][..400], &profiles[1]] {
            let icc = Some(bad);
            let out = render(&mut instance, &picture, Pixels { icc, ..plain }, &[]).1;
            assert_eq!(out == srgb, bad != profiles[1]);
        }
        let pixels = Pixels {
            primaries: 3,
            ..plain
        };
        assert_eq!(render(&mut instance, &picture, pixels, &[]).1, srgb);
    }
    let told = told();
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told[0].contains("damaged") && told[0].contains("taken for sRGB's"));
    assert!(told[1].contains("CMYK pixels"), "{told:?}");
    assert!(told[2].contains("ends after 400 of"), "{told:?}");
    assert!(told[3].contains("primaries 3"), "{told:?}");
}

#[test]
fn the_profile_counts_where_the_numbers_say_something_else() {
    let bench = bench();
    let mut instance = bench.open("painter");
    let picture = noise(Format::RgbaF32, 11);
    let p3 = ColorProfile::new_display_p3().encode().unwrap();
    let plain = Pixels::srgb(Format::RgbaF32);
    let icc = Some(p3.as_slice());
    let by_profile = render(&mut instance, &picture, Pixels { icc, ..plain }, &[]).1;
    assert!(bench.log.lock().unwrap().is_empty());
    // A transfer that alone is refused does no harm beside a profile.
    let pixels = Pixels {
        transfer: 18,
        icc,
        ..plain
    };
    assert_eq!(render(&mut instance, &picture, pixels, &[]).1, by_profile);
    for _ in 0..2 {
        let pixels = Pixels {
            transfer: 8,
            icc,
            ..plain
        };
        assert_eq!(render(&mut instance, &picture, pixels, &[]).1, by_profile);
    }
    let log = bench.log.lock().unwrap();
    let told: Vec<_> = log
        .iter()
        .filter(|(level, _)| *level == Level::Warning)
        .collect();
    assert_eq!(told.len(), 1, "{log:?}");
    assert!(told[0].1.contains("transfer 8 (linear) is not"), "{log:?}");
}

#[test]
fn a_library_that_is_none_and_an_effect_that_is_none_are_named() {
    let missing = Plugin::load("no/such/library.so".as_ref(), HostOptions::default()).unwrap_err();
    assert!(
        missing.to_string().contains("no/such/library.so"),
        "{missing}"
    );
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let other = Plugin::load(&source, HostOptions::default()).unwrap_err();
    assert!(other.to_string().contains("Cargo.toml"), "{other}");
    let unknown = bench().plugin.open("moustache-on").unwrap_err();
    assert_eq!(unknown.status(), Some(Status::Argument));
    assert!(unknown.to_string().contains("moustache-on"), "{unknown}");
}
