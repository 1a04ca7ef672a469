//! The runner with networks that are a few numbers: what a training leaves, and what becomes of it when it is disturbed.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ndarray::Array4;
use tempfile::TempDir;

use super::*;
use crate::data::{self, Batch, Batches};
use crate::learn::{Phase, Terms};
use crate::recipe::Recipe;

struct Noise;

impl Batches for Noise {
    fn batch(&self, stage: &str, step: u64, count: usize) -> Result<Batch, data::Error> {
        let mut random = diat_synth::SplitMix64::stream(step, stage);
        let source = Array4::from_shape_fn((count, 3, 32, 32), |_| random.unit() as f32);
        Ok(Batch {
            guided: -&source,
            source,
            truth: None,
            known: vec![false; count],
        })
    }
}

/// One weight, drawn towards the mean of each batch; rounds named in `nan` fail.
#[derive(Default)]
struct Weight {
    weight: f64,
    nan: Vec<u64>,
    full: bool,
}

const ROUNDS: [u64; 2] = [5, 17];

impl Trainee for Weight {
    fn phases(&self) -> Vec<Phase> {
        let phase = |(name, rounds)| Phase {
            name,
            rounds,
            batch: 2,
        };
        ["transform", "adversarial"]
            .into_iter()
            .zip(ROUNDS)
            .map(phase)
            .collect()
    }

    fn round(&mut self, phase: usize, round: u64, data: &dyn Batches) -> Result<Terms, Stop> {
        if phase == 1 && self.nan.contains(&round) {
            return Err(Stop::NotFinite("the weight is NaN".to_owned()));
        }
        let stage = ["transform", "adversarial"][phase];
        let batch = data.batch(stage, round, 2).unwrap();
        let mean = f64::from(batch.source.mean().unwrap());
        self.weight = self.weight * 0.9 + mean * 0.1;
        Ok(vec![("weight", self.weight), ("mean", mean)])
    }

    fn save(&self, folder: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        fs::write(
            folder.join("weight.bin"),
            self.weight.to_bits().to_le_bytes(),
        )?;
        match self.full {
            true => Err("weight.bin: no space left".into()),
            false => Ok(()),
        }
    }

    fn load(&mut self, folder: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let bytes = fs::read(folder.join("weight.bin"))?;
        self.weight = f64::from_bits(u64::from_le_bytes(bytes.try_into().unwrap()));
        Ok(())
    }

    fn edit(
        &self,
        faces: &Array4<f32>,
    ) -> Result<Edited, Box<dyn std::error::Error + Send + Sync>> {
        let result = faces + self.weight as f32;
        Ok(Edited {
            transformed: result.clone(),
            mask: None,
            result,
        })
    }
}

/// Remembers what was said.
#[derive(Default)]
struct Told(Vec<String>);

impl Observer for Told {
    fn begin(&mut self, done: u64, rounds: u64) {
        self.0.push(format!("begin {done} of {rounds}"));
    }

    fn round(&mut self, _: u64, _: &'static str) {}

    fn tick(&mut self, tick: &Tick<'_>) {
        self.0
            .push(format!("{} of {} {}", tick.round, tick.rounds, tick.phase));
    }

    fn say(&mut self, text: &str) {
        self.0.push(text.to_owned());
    }
}

fn recipe() -> Recipe {
    let text = include_str!("../recipe/tests/good.toml");
    Recipe::parse(text, Path::new("good.toml"), &[]).unwrap()
}

fn create(path: &Path) -> Result<Folder, Error> {
    let folder = Folder::create(path)?;
    let about = About::new(&recipe(), "flex", "digest", Path::new("data"))?;
    folder.describe(&recipe(), &about, &BTreeMap::from([("digest", "digest")]))?;
    Ok(folder)
}

/// Goes on with what lies in the folder until `rounds` more are done or all are; gives the trainee.
fn go_on(
    folder: &Folder,
    mut trainee: Weight,
    rounds: u64,
) -> (Result<End, Error>, Weight, Vec<String>) {
    let (recipe, about) = folder.begun_with().unwrap();
    let mut from = Checkpoint::default();
    if let Some((path, checkpoint)) = Found::look(folder).unwrap().newest {
        trainee.load(&path).unwrap();
        from = checkpoint;
    }
    let shown = Noise.batch("shown", 0, 2).unwrap().source;
    let truth = &shown + 1.0;
    let left = Cell::new(rounds);
    let mut told = Told::default();
    let end = train(Job {
        folder,
        recipe: &recipe,
        about: &about,
        from,
        trainee: &mut trainee,
        data: Data {
            batches: &Noise,
            waited: &|| 0.0,
            shown: shown.clone(),
            shown_truth: Some(truth.clone()),
            measured: Some([shown, truth]),
        },
        stop: &|| {
            left.set(left.get() - 1);
            left.get() == 0
        },
        observer: &mut told,
    });
    (end, trainee, told.0)
}

const ALL: u64 = u64::MAX;

fn run(path: &Path) -> Weight {
    let folder = create(path).unwrap();
    let (end, trainee, _) = go_on(&folder, Weight::default(), ALL);
    assert_eq!(end.unwrap(), End::Finished);
    trainee
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The lines of `metrics.jsonl` without what depends on the clock.
fn metrics(path: &Path) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(path.join("metrics.jsonl")).unwrap();
    let line = |line: &str| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        let object = line.as_object_mut().unwrap();
        object.remove("seconds").unwrap();
        object.remove("waiting");
        line
    };
    text.lines().map(line).collect()
}

fn sets(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path.join("checkpoints")).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_training_leaves_logs_grids_checkpoints_and_a_report() {
    let path = folder();
    let weight = run(path.path()).weight;
    let lines = metrics(path.path());
    let rounds: Vec<_> = lines
        .iter()
        .map(|line| line["round"].as_u64().unwrap())
        .collect();
    assert_eq!(rounds, [2, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
    assert_eq!(lines[2]["phase"], "transform");
    assert_eq!(lines[3]["phase"], "adversarial");
    let last = lines.last().unwrap();
    assert_eq!(last["phase"], "adversarial");
    // F(x) is off by 1 - weight, x by 1, on a scale from -1 to 1.
    let psnr = |off: f64| 20.0 * (2.0 / off).log10();
    for (key, expected) in [("psnr", psnr(1.0 - weight)), ("psnr_unedited", psnr(1.0))] {
        let found = last[key].as_f64().unwrap();
        assert!((found - expected).abs() < 1e-3, "{key} {found} {expected}");
    }
    assert_eq!(last["faces"], 2);
    assert_eq!(sets(path.path()), ["000021", "000022"]);
    for round in [5, 10, 15, 20, 22] {
        let grid = path.path().join(format!("grids/{round:06}.png"));
        assert!(image::open(&grid).is_ok(), "{}", grid.display());
    }
    let page = fs::read_to_string(path.path().join("report.html")).unwrap();
    assert!(page.contains(">finished<") && page.contains("<polyline") && page.contains(" dB<"));
    assert_eq!(page.matches("data:image/png;base64,").count(), 5);
    // Nothing is fetched.
    assert!(!page.contains("http") && !page.contains("<script") && !page.contains("<link"));
}

#[test]
fn a_training_that_is_stopped_again_and_again_ends_as_one_that_was_not() {
    let (whole, pieces) = (folder(), folder());
    let expected = run(whole.path());
    let opened = create(pieces.path()).unwrap();
    let mut random = diat_synth::SplitMix64::new(7);
    let mut stops = 0;
    let weight = loop {
        // A new trainee each time, as in a new process.
        let rounds = 1 + random.next_u64() % 4;
        let (end, trainee, _) = go_on(&opened, Weight::default(), rounds);
        match end.unwrap() {
            End::Finished => break trainee.weight,
            End::Stopped { round } => {
                stops += 1;
                let page = fs::read_to_string(pieces.path().join("report.html")).unwrap();
                assert!(page.contains(">interrupted<"));
                assert!(sets(pieces.path()).contains(&format!("{round:06}")));
            }
        }
    };
    assert!(stops > 4, "{stops}");
    assert_eq!(weight.to_bits(), expected.weight.to_bits());
    assert_eq!(metrics(pieces.path()), metrics(whole.path()));
    let grid = |path: &TempDir| fs::read(path.path().join("grids/000022.png")).unwrap();
    assert_eq!(grid(&pieces), grid(&whole));
}

#[test]
fn what_came_after_the_checkpoint_is_cut_from_the_logs() {
    let (whole, killed) = (folder(), folder());
    run(whole.path());
    let opened = create(killed.path()).unwrap();
    let (_, _, _) = go_on(&opened, Weight::default(), 9);
    // As a killed process would leave them.
    for (name, more) in [
        ("metrics.jsonl", "{\"round\":10"),
        (events::FILE, "half a record"),
    ] {
        let file = killed.path().join(name);
        let mut bytes = fs::read(&file).unwrap();
        bytes.extend(more.as_bytes());
        fs::write(file, bytes).unwrap();
    }
    let (end, _, told) = go_on(&opened, Weight::default(), ALL);
    assert_eq!(end.unwrap(), End::Finished);
    assert_eq!(told[0], "begin 9 of 22");
    assert_eq!(metrics(killed.path()), metrics(whole.path()));
    let length = |path: &TempDir| fs::read(path.path().join(events::FILE)).unwrap().len();
    assert_eq!(length(&killed), length(&whole));
}

#[test]
fn a_set_that_is_not_complete_is_passed_over() {
    let path = folder();
    let opened = create(path.path()).unwrap();
    let (_, _, _) = go_on(&opened, Weight::default(), 8);
    assert_eq!(sets(path.path()), ["000006", "000008"]);
    let newest = || {
        let found = Found::look(&opened).unwrap();
        (found.newest.map(|(_, set)| set.round), found.passed_over)
    };
    assert_eq!(newest(), (Some(8), vec![]));
    let half = path.path().join("checkpoints/000009");
    fs::create_dir(&half).unwrap();
    fs::write(half.join("weight.bin"), "half").unwrap();
    let (round, why) = newest();
    assert_eq!((round, why.len()), (Some(8), 1));
    assert!(
        why[0].contains("000009") && why[0].contains("half written"),
        "{why:?}"
    );
    // A bit that turned over on the disk.
    let file = path.path().join("checkpoints/000008/weight.bin");
    let mut bytes = fs::read(&file).unwrap();
    bytes[3] ^= 1;
    fs::write(&file, bytes).unwrap();
    let (round, why) = newest();
    assert_eq!(round, Some(6));
    assert!(
        why[1].contains("weight.bin is not what was saved"),
        "{why:?}"
    );
    let (end, trainee, _) = go_on(&opened, Weight::default(), ALL);
    assert_eq!(end.unwrap(), End::Finished);
    assert_eq!(
        trainee.weight.to_bits(),
        run(folder().path()).weight.to_bits()
    );
    assert_eq!(sets(path.path()), ["000021", "000022"]);
}

#[test]
fn a_finished_training_has_nothing_to_go_on_with() {
    let path = folder();
    run(path.path());
    let before = metrics(path.path());
    let opened = Folder::open(path.path()).unwrap();
    let (end, _, told) = go_on(&opened, Weight::default(), ALL);
    assert_eq!(end.unwrap(), End::Finished);
    assert_eq!(told, ["begin 22 of 22"]);
    assert_eq!(metrics(path.path()), before);
}

#[test]
fn three_rounds_with_nan_are_left_out_and_the_fourth_ends_it() {
    let path = folder();
    let opened = create(path.path()).unwrap();
    let nan = |rounds: &[u64]| Weight {
        nan: rounds.to_vec(),
        ..Weight::default()
    };
    let (end, _, told) = go_on(&opened, nan(&[1, 3, 4, 5, 9]), ALL);
    assert_eq!(end.unwrap(), End::Finished);
    let left_out = told.iter().filter(|text| text.contains("left out")).count();
    assert_eq!(left_out, 5, "{told:?}");
    assert_eq!(metrics(path.path()).last().unwrap()["skipped"], 5);

    let path = folder();
    let opened = create(path.path()).unwrap();
    let bad = [6, 7, 8, 9];
    // In pieces, so that the count has to outlive the process.
    let (end, _, _) = go_on(&opened, nan(&bad), 13);
    assert_eq!(end.unwrap(), End::Stopped { round: 13 });
    let (end, _, _) = go_on(&opened, nan(&bad), ALL);
    let error = end.unwrap_err().to_string();
    for word in [
        "round 15",
        "the weight is NaN",
        "4th round in a row",
        "000013 is complete and kept",
    ] {
        assert!(error.contains(word), "{error}");
    }
    assert_eq!(Found::look(&opened).unwrap().newest.unwrap().1.round, 13);
}

#[test]
fn a_set_that_cannot_be_written_leaves_the_last_one() {
    let path = folder();
    let opened = create(path.path()).unwrap();
    let (_, _, _) = go_on(&opened, Weight::default(), 7);
    let full = Weight {
        full: true,
        ..Weight::default()
    };
    let (end, _, _) = go_on(&opened, full, ALL);
    let error = end.unwrap_err().to_string();
    for word in [
        "round 9 ",
        "weight.bin: no space",
        "000007 is complete",
        "resume",
    ] {
        assert!(error.contains(word), "{error}");
    }
    assert_eq!(sets(path.path()), ["000006", "000007"]);
}

#[test]
fn a_folder_that_is_not_free_is_refused() {
    let path = folder();
    let opened = create(path.path()).unwrap();
    let used = create(path.path()).unwrap_err().to_string();
    assert!(used.contains("resume") && used.contains("--out"), "{used}");
    let locked = Folder::open(path.path()).unwrap_err().to_string();
    assert!(
        locked.contains("another diat-train works there"),
        "{locked}"
    );
    drop(opened);
    assert!(Folder::open(path.path()).is_ok());

    let foreign = folder();
    fs::write(foreign.path().join("thesis.txt"), "x").unwrap();
    let error = create(foreign.path()).unwrap_err().to_string();
    assert!(error.contains("thesis.txt"), "{error}");
    assert_eq!(fs::read_dir(foreign.path()).unwrap().count(), 1);
    let error = Folder::open(foreign.path()).unwrap_err().to_string();
    assert!(error.contains("no training lies there"), "{error}");
}

#[test]
fn a_beginning_that_was_cut_off_is_no_training() {
    let path = folder();
    drop(create(path.path()).unwrap());
    fs::rename(path.path().join("run.json"), path.path().join("run.part")).unwrap();
    let error = Folder::open(path.path()).unwrap_err().to_string();
    assert!(error.contains("no training lies there"), "{error}");
    drop(create(path.path()).unwrap());
    assert!(Folder::open(path.path()).is_ok());
}

#[test]
fn other_data_are_refused_and_another_device_is_told() {
    let mut about = About::new(&recipe(), "flex", "digest", Path::new("data")).unwrap();
    let error = about
        .go_on("flex", "other", Path::new("moved"))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("moved: found other data") && error.contains("--data"),
        "{error}"
    );
    assert_eq!(
        about.go_on("flex", "digest", Path::new("moved")).unwrap(),
        [""; 0]
    );
    assert!(about.data_folder.ends_with("moved"));
    let told = about.go_on("other", "digest", Path::new("data")).unwrap();
    assert!(
        told.len() == 1 && told[0].contains("flex and goes on with other"),
        "{told:?}"
    );
    assert_eq!(
        (about.device.as_str(), &about.before[..]),
        ("other", &["device flex".to_owned()][..])
    );
}

#[test]
fn a_recipe_that_was_changed_is_refused() {
    let path = folder();
    run(path.path());
    let file = path.path().join("recipe.toml");
    let text = fs::read_to_string(&file)
        .unwrap()
        .replace("rounds = 7", "rounds = 8");
    fs::write(&file, text).unwrap();
    let opened = Folder::open(path.path()).unwrap();
    let error = opened.begun_with().unwrap_err().to_string();
    assert!(
        error.contains("recipe.toml") && error.contains("undo the change"),
        "{error}"
    );
}
