//! Which networks a finder takes, and how it says why it does not.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use diat_face::{Error, Finder};
use diat_image::{Format, Layout, Picture, Rect};
use diat_infer::Device;
use diat_manifest::{Catalogue, Folder, sha256, write_digest};
use diat_places::Places;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder that is at once resource folder and user's data folder.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("manifests")).unwrap();
    fs::create_dir(folder.path().join("models")).unwrap();
    folder
}

/// Opens a finder among the manifests in `folder`, which win, and the shipped ones.
fn open(
    folder: &TempDir,
    detector: Option<&str>,
    landmarks: Option<&str>,
) -> Result<Finder, Error> {
    let catalogue = Catalogue::scan(&[
        Folder {
            path: folder.path().to_owned(),
            from_host: true,
        },
        Folder {
            path: checkout(),
            from_host: false,
        },
    ]);
    assert!(catalogue.faults.is_empty(), "{:?}", catalogue.faults);
    let places = Places::with_data_dir(folder.path().to_owned());
    Finder::new(
        &catalogue,
        detector,
        landmarks,
        &places,
        Device::Cpu,
        0,
        &|_, _| {},
    )
}

fn cascade() -> Vec<u8> {
    fs::read(checkout().join("models/seeta_fd_frontal_v1.0.bin")).unwrap()
}

fn cascade_manifest() -> String {
    fs::read_to_string(checkout().join("manifests/seeta.toml")).unwrap()
}

#[test]
fn without_a_name_the_shipped_networks_are_taken() {
    assert!(open(&folder(), None, None).is_ok());
}

#[test]
fn bytes_that_are_not_those_of_the_manifest_are_refused() {
    let folder = folder();
    let mut bytes = cascade();
    bytes[600_000] ^= 1;
    fs::write(
        folder.path().join("manifests/seeta.toml"),
        cascade_manifest(),
    )
    .unwrap();
    fs::write(
        folder.path().join("models/seeta_fd_frontal_v1.0.bin"),
        bytes,
    )
    .unwrap();
    let error = open(&folder, None, None).unwrap_err();
    assert!(matches!(error, Error::Weights(_)), "{error}");
    assert!(
        error.to_string().contains("seeta_fd_frontal_v1.0.bin"),
        "{error}"
    );
}

#[test]
fn a_file_that_is_no_cascade_is_refused_even_if_its_manifest_vouches_for_it() {
    let folder = folder();
    // The number of levels, which a careless reader would make room for unseen.
    let mut bytes = cascade();
    bytes[..4].copy_from_slice(&i32::MAX.to_le_bytes());
    let manifest = write_digest(
        &cascade_manifest(),
        bytes.len() as u64,
        &sha256(&bytes),
        None,
    );
    fs::write(
        folder.path().join("manifests/seeta.toml"),
        manifest.unwrap(),
    )
    .unwrap();
    fs::write(
        folder.path().join("models/seeta_fd_frontal_v1.0.bin"),
        bytes,
    )
    .unwrap();
    let error = open(&folder, None, None).unwrap_err();
    assert!(matches!(error, Error::Cascade { .. }), "{error}");
}

#[test]
fn a_name_that_is_not_there_is_answered_with_those_that_are() {
    let error = open(&folder(), Some("no-such"), None).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("no-such") && text.contains("seeta"), "{text}");
    assert!(matches!(error, Error::Missing { .. }), "{text}");
}

#[test]
fn a_network_of_another_kind_is_refused() {
    let detector = open(&folder(), Some("landmarks"), None).unwrap_err();
    assert!(
        matches!(
            detector,
            Error::Kind {
                wanted: "detector",
                ..
            }
        ),
        "{detector}"
    );
    let landmarks = open(&folder(), None, Some("seeta")).unwrap_err();
    assert!(
        matches!(
            landmarks,
            Error::Kind {
                wanted: "landmarks",
                ..
            }
        ),
        "{landmarks}"
    );
}

#[test]
fn the_users_configuration_names_the_default_and_a_caller_overrules_it() {
    let folder = folder();
    fs::write(folder.path().join("config.toml"), "detector = \"mine\"\n").unwrap();
    let error = open(&folder, None, None).unwrap_err();
    assert!(
        matches!(&error, Error::Missing { id, .. } if id == "mine"),
        "{error}"
    );
    assert!(open(&folder, Some("seeta"), None).is_ok());
}

#[test]
fn a_search_that_is_cancelled_says_so() {
    let finder = open(&folder(), None, None).unwrap();
    let rect = Rect::new(0, 0, 64, 64);
    let picture = Picture::new(rect, Layout::srgb(Format::RgbaU8)).unwrap();
    let asked = std::cell::Cell::new(0);
    for stop_at in [1, 2] {
        asked.set(0);
        let cancel = || {
            asked.set(asked.get() + 1);
            asked.get() == stop_at
        };
        let error = finder.find(&picture.view(), 16.0, &cancel).unwrap_err();
        assert!(matches!(error, Error::Cancelled), "{error}");
    }
}
