use super::*;
use crate::data::drawn::{self, Effect};
use crate::data::fixture::{Small, recipe, transfer};
use ndarray::s;
use std::collections::BTreeSet;
use std::fs;

fn set(small: &Small, recipe: &Recipe) -> TrainingSet {
    TrainingSet::open(&Dataset::open(small.path(), None).unwrap(), recipe).unwrap()
}

/// Which pictures of [`Small`] these rows are, by their blue.
fn who(rows: &Array4<f32>) -> Vec<usize> {
    let rows = rows.outer_iter();
    rows.map(|row| ((row[(2, 64, 64)] + 1.0) * 255.0 / 40.0).round() as usize)
        .collect()
}

fn varied() -> Augment {
    Augment {
        shift: 8.0,
        flip: true,
        light: 0.1,
        colour: 0.1,
    }
}

fn pairs(of: PairSource) -> Option<Pairs> {
    Some(Pairs {
        of,
        share: 0.5,
        result: 10.0,
        transformed: 5.0,
    })
}

#[test]
fn batches_come_from_partition_0_alone_and_from_the_right_set() {
    let small = Small::new();
    let set = set(&small, &recipe(transfer("Eyeglasses", true)));
    let (mut source, mut guided) = (BTreeSet::new(), BTreeSet::new());
    for step in 0..8 {
        let batch = set.batch("t", step, 3).unwrap();
        assert_eq!(batch.source.dim(), (3, 3, 128, 128));
        assert_eq!((batch.truth, batch.known), (None, vec![false; 3]));
        source.extend(who(&batch.source));
        guided.extend(who(&batch.guided));
    }
    assert_eq!(source, BTreeSet::from([0, 3, 5, 7]));
    assert_eq!(guided, BTreeSet::from([1, 4, 6]));
    assert_eq!(
        (set.used().source, set.used().guided, set.used().unknown),
        (4, 3, 1)
    );
}

#[test]
fn no_row_is_twice_in_a_batch_and_all_come_equally_often() {
    let small = Small::new();
    let set = set(&small, &recipe(transfer("Eyeglasses", true)));
    let mut times = [0; 12];
    for step in 0..40 {
        let rows = who(&set.batch("t", step, 2).unwrap().source);
        assert!(step % 2 == 1 || rows[0] != rows[1]);
        rows.iter().for_each(|&row| times[row] += 1);
    }
    assert_eq!([times[0], times[3], times[5], times[7]], [20; 4]);
}

#[test]
fn a_batch_is_a_function_of_seed_stage_and_step() {
    let small = Small::new();
    let mut recipe = recipe(transfer("Eyeglasses", true));
    recipe.augment = varied();
    recipe.loss.pairs = pairs(PairSource::DrawnGlasses);
    let first = set(&small, &recipe);
    let second = set(&small, &recipe);
    first.batch("t", 7, 3).unwrap();
    let batch = first.batch("t", 3, 3).unwrap();
    assert_eq!(batch, second.batch("t", 3, 3).unwrap());
    assert_ne!(batch, second.batch("t", 4, 3).unwrap());
    assert_ne!(batch, second.batch("d", 3, 3).unwrap());
    recipe.run.seed = 2;
    assert_ne!(batch, set(&small, &recipe).batch("t", 3, 3).unwrap());
    assert!(
        batch
            .source
            .iter()
            .all(|value| (-1.0..=1.0).contains(value))
    );
}

#[test]
fn crops_that_are_not_kept_give_the_same_batches() {
    let small = Small::new();
    let mut recipe = recipe(transfer("Eyeglasses", true));
    recipe.augment = varied();
    let kept = set(&small, &recipe);
    let mut later = set(&small, &recipe);
    for pool in [&mut later.source, &mut later.guided] {
        let pool = Arc::get_mut(pool).unwrap();
        pool.slots.iter_mut().for_each(|slot| slot.kept = None);
    }
    assert_eq!(
        kept.batch("t", 5, 3).unwrap(),
        later.batch("t", 5, 3).unwrap()
    );
}

#[test]
fn glasses_are_drawn_onto_half_of_the_source_and_the_bare_face_is_the_truth() {
    let small = Small::new();
    let mut recipe = recipe(transfer("Eyeglasses", true));
    recipe.augment = varied();
    recipe.loss.pairs = pairs(PairSource::DrawnGlasses);
    let batch = set(&small, &recipe).batch("t", 1, 4).unwrap();
    assert_eq!(batch.known, [true, true, false, false]);
    let truth = batch.truth.unwrap();
    for row in 0..4 {
        let (source, truth) = (
            batch.source.slice(s![row, .., .., ..]),
            truth.slice(s![row, .., .., ..]),
        );
        let apart = (&source - &truth)
            .mapv(|value| f32::from(value.abs() > 0.02))
            .sum();
        assert_eq!(apart > 100.0, row < 2, "row {row}: {apart} differ");
    }
    let bare = who(&truth.slice(s![..2, .., .., ..]).to_owned());
    let light = |who: &usize| [1_usize, 4, 6].iter().any(|bare| bare.abs_diff(*who) <= 1);
    assert!(bare.iter().all(light), "{bare:?}");
}

#[test]
fn a_drawn_faces_truth_is_its_counterfactual_under_the_same_variation() {
    let folder = tempfile::tempdir().unwrap();
    drawn::write(Effect::EyeglassesOff, 20, 64, 1, folder.path(), &|_| {}).unwrap();
    let dataset = Dataset::open(folder.path(), None).unwrap();
    let mut recipe = recipe(transfer("Eyeglasses", true));
    recipe.network.size = 64;
    recipe.augment = varied();
    recipe.loss.pairs = pairs(PairSource::Counterfactual);
    recipe.loss.pairs.as_mut().unwrap().share = 1.0;
    let batch = TrainingSet::open(&dataset, &recipe)
        .unwrap()
        .batch("t", 0, 8)
        .unwrap();
    assert_eq!(batch.known, [true; 8]);
    let apart = (&batch.source - &batch.truth.unwrap()).mapv(f32::abs);
    for row in apart.outer_iter() {
        let changed = row.iter().filter(|&&value| value > 0.06).count() as f64 / row.len() as f64;
        assert!((0.02..0.35).contains(&changed), "{changed}");
    }
    let (held_out, missed) = held_out(&dataset, &recipe, Partition::Test).unwrap();
    assert_eq!((held_out.len(), missed.len()), (2, 0));
    assert!(held_out[0].source && !held_out[1].source);
    assert!(
        held_out
            .iter()
            .all(|face| face.truth.as_ref().is_some_and(|truth| truth != face.crop))
    );
}

#[test]
fn only_drawn_sets_have_counterfactuals() {
    let small = Small::new();
    let mut recipe = recipe(transfer("Eyeglasses", true));
    recipe.loss.pairs = pairs(PairSource::Counterfactual);
    let dataset = Dataset::open(small.path(), None).unwrap();
    let fault = TrainingSet::open(&dataset, &recipe)
        .unwrap_err()
        .to_string();
    assert!(fault.ends_with("only drawn sets have it"), "{fault}");
}

#[test]
fn hallucination_starts_from_what_shrinking_leaves() {
    let small = Small::new();
    let set = set(&small, &recipe(Task::Hallucinate { factor: 8 }));
    let batch = set.batch("t", 0, 3).unwrap();
    let truth = batch.truth.unwrap();
    assert_eq!(batch.known, [true; 3]);
    let shrink = Shrink { factor: 8 };
    for (source, truth) in batch.source.outer_iter().zip(truth.outer_iter()) {
        assert_eq!(source, shrink.and_enlarge(&truth.to_owned()));
    }
    let all: BTreeSet<usize> = (0..8)
        .flat_map(|step| who(&set.batch("t", step, 3).unwrap().guided))
        .collect();
    assert_eq!(all, (0..8).collect());
}

#[test]
fn an_unreadable_picture_is_named_and_the_rest_go_on() {
    let small = Small::new();
    fs::write(small.path().join("img_celeba/000004.png"), "no picture").unwrap();
    fs::remove_file(small.path().join("img_celeba/000011.png")).unwrap();
    let recipe = recipe(transfer("Eyeglasses", true));
    let set = set(&small, &recipe);
    assert_eq!(set.used().source, 3);
    let unreadable = &set.used().unreadable;
    assert_eq!(unreadable.len(), 1);
    assert_eq!(unreadable[0].0, "000004.png");
    let dataset = Dataset::open(small.path(), None).unwrap();
    let (faces, missed) = held_out(&dataset, &recipe, Partition::Test).unwrap();
    assert_eq!(
        (faces.len(), faces[0].face.name.as_str()),
        (1, "000012.png")
    );
    assert_eq!(missed[0].0, "000011.png");
}

#[test]
fn too_few_faces_are_told_how_many_are_needed() {
    let small = Small::new();
    let mut recipe = recipe(transfer("Eyeglasses", true));
    recipe.schedule.batch = 4;
    let dataset = Dataset::open(small.path(), None).unwrap();
    let fault = TrainingSet::open(&dataset, &recipe)
        .unwrap_err()
        .to_string();
    assert!(
        fault.contains(
            "3 usable faces in partition 0 (training) with Eyeglasses = false, but 4 are needed"
        ),
        "{fault}"
    );
}
