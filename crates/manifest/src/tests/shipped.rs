//! The manifests and weights of this repository.

use std::path::{Path, PathBuf};

use crate::{Catalogue, ENGINE, Folder, Kind, Manifest, reference};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_shipped_manifests_are_sound_and_their_weights_are_theirs() {
    let catalogue = Catalogue::scan(&[Folder {
        path: root(),
        from_host: false,
    }]);
    assert_eq!(catalogue.faults, []);
    let kinds: Vec<_> = catalogue
        .manifests
        .iter()
        .map(|manifest| (&*manifest.id, manifest.kind.name()))
        .collect();
    for expected in [
        ("eyeglasses-off", "effect"),
        ("landmarks", "landmarks"),
        ("mouth-open", "effect"),
        ("seeta", "detector"),
    ] {
        assert!(
            kinds.contains(&expected),
            "{expected:?} is not in {kinds:?}"
        );
    }
    for manifest in &catalogue.manifests {
        let bytes = manifest.read_weights().unwrap();
        assert_eq!(bytes.len() as u64, manifest.weights.size);
    }
}

#[test]
fn each_shipped_manifest_has_its_model_card() {
    let catalogue = Catalogue::scan(&[Folder {
        path: root(),
        from_host: false,
    }]);
    for manifest in &catalogue.manifests {
        let card = manifest.models_dir().join(format!("{}.md", manifest.id));
        let text = std::fs::read_to_string(&card).unwrap();
        assert!(text.contains(&manifest.weights.file), "{}", card.display());
        assert!(
            text.contains(&manifest.provenance.licence),
            "{}",
            card.display()
        );
    }
}

/// The trial's templates count from the centre of the first pixel; ours do not.
#[test]
fn the_stand_ins_templates_have_their_half_pixel() {
    let catalogue = Catalogue::scan(&[Folder {
        path: root(),
        from_host: false,
    }]);
    let trial = [
        [41.0, 46.0],
        [87.0, 46.0],
        [63.6, 75.0],
        [44.4, 95.5],
        [84.5, 95.5],
    ];
    for id in ["eyeglasses-off", "mouth-open"] {
        let edit = catalogue.get(id).unwrap().edit().unwrap();
        for (ours, theirs) in edit.template.iter().zip(trial) {
            for axis in 0..2 {
                assert!(
                    (ours[axis] - theirs[axis] - 0.5).abs() < 1e-9,
                    "{id}: {ours:?}"
                );
            }
        }
    }
    let Kind::Landmarks(landmarks) = &catalogue.get("landmarks").unwrap().kind else {
        panic!()
    };
    assert_eq!((landmarks.scale, landmarks.offset), (96.0, 0.5));
}

#[test]
fn the_reference_pages_example_is_sound_but_for_what_the_program_writes() {
    let page = std::fs::read_to_string(root().join("manifests/README.md")).unwrap();
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    Manifest::parse_draft(example, Path::new("moustache.toml")).unwrap();
    let faults = Manifest::parse(example, Path::new("moustache.toml")).unwrap_err();
    let keys: Vec<_> = faults.iter().map(|fault| fault.key.as_str()).collect();
    assert_eq!(keys, ["weights.size", "weights.sha256"]);
}

#[test]
fn the_engines_version_is_that_of_the_crate() {
    let (major, minor) = ENGINE;
    assert!(env!("CARGO_PKG_VERSION").starts_with(&format!("{major}.{minor}.")));
}

/// `DIAT_BLESS=1 cargo test -p diat-manifest` writes the schema into the page anew.
#[test]
fn the_reference_page_is_what_the_schema_says() {
    let page = root().join("manifests/README.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let (begin, end) = ("<!-- schema begins -->\n", "<!-- schema ends -->");
    let from = text.find(begin).unwrap() + begin.len();
    let to = text.find(end).unwrap();
    let expected = format!("\n{}\n", reference());
    if std::env::var_os("DIAT_BLESS").is_some() {
        std::fs::write(&page, format!("{}{expected}{}", &text[..from], &text[to..])).unwrap();
        return;
    }
    assert_eq!(
        &text[from..to],
        expected,
        "see this test's comment for how to write it anew"
    );
}
