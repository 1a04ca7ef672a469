use super::*;
use crate::data::drawn::{self, Effect};
use crate::data::fixture::{recipe, transfer};
use crate::data::{Error, TrainingSet};
use diat_face::eye_distance;

#[test]
fn drawn_faces_in_two_folders_are_found_with_their_points_and_the_rest_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let set = folder.path().join("set");
    drawn::write(Effect::EyeglassesOff, 20, 64, 4, &set, &|_| {}).unwrap();
    let drawn = Dataset::open(&set, None).unwrap();
    let pair = folder.path().join("pair");
    for (name, _) in FOLDERS {
        fs::create_dir_all(pair.join(name)).unwrap();
    }
    for face in &drawn.faces[..6] {
        let part = if face.attributes[0] == Some(true) {
            "with"
        } else {
            "without"
        };
        fs::copy(&face.path, pair.join(part).join(&face.name)).unwrap();
    }
    fs::write(pair.join("with/broken.jpg"), "no picture").unwrap();
    fs::write(pair.join("with/notes.txt"), "no picture either").unwrap();
    image::RgbImage::new(300, 300)
        .save(pair.join("without/black.png"))
        .unwrap();

    let dataset = Dataset::open(&pair, None).unwrap();
    assert_eq!(dataset.layout, Layout::Plain);
    let names: Vec<_> = dataset
        .faces
        .iter()
        .map(|face| face.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "with/000001.png",
            "with/000003.png",
            "with/000005.png",
            "without/000002.png",
            "without/000004.png",
            "without/000006.png"
        ]
    );
    for face in &dataset.faces {
        let (_, name) = face.name.split_once('/').unwrap();
        let truth = drawn.faces.iter().find(|face| face.name == name).unwrap();
        assert_eq!(face.attributes[0], truth.attributes[0]);
        for (found, expected) in face.points.iter().zip(&truth.points) {
            let apart = (found.x - expected.x).hypot(found.y - expected.y);
            assert!(
                apart < 0.2 * eye_distance(&truth.points),
                "{name}: {apart} pixels off"
            );
        }
    }
    let unusable: Vec<_> = dataset
        .unusable
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(unusable, ["with/broken.jpg", "without/black.png"]);

    // Any attribute is what the two folders tell apart; a second one is nowhere.
    let sets = dataset
        .sets(&transfer("Spectacles", true), Partition::Training)
        .unwrap();
    assert!(
        sets.source.iter().all(|&place| place < 3) && sets.guided.iter().all(|&place| place >= 3)
    );
    let mut two = recipe(transfer("Spectacles", true));
    if let crate::recipe::Task::Transfer { only, .. } = &mut two.task {
        only.push(("Male".to_owned(), true));
    }
    let fault = TrainingSet::open(&dataset, &two).unwrap_err();
    assert!(matches!(fault, Error::Attribute { .. }), "{fault}");
}
