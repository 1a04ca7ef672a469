//! The portraits, where the shared data is at hand.

use super::fixture::{recipe, transfer};
use super::{Batches, Dataset, Layout, Partition, Prefetch, TrainingSet, check, held_out};
use crate::recipe::{Augment, PairSource, Pairs, Recipe};
use diat_tests::shared;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

fn folder() -> Option<PathBuf> {
    Some(shared()?.join("data/portraits"))
}

/// As `small` of the design, with glasses drawn onto half of the source.
fn glasses() -> Recipe {
    let mut recipe = recipe(transfer("Eyeglasses", true));
    recipe.schedule.batch = 12;
    recipe.augment = Augment {
        shift: 8.0,
        flip: true,
        light: 0.1,
        colour: 0.1,
    };
    recipe.loss.pairs = Some(Pairs {
        of: PairSource::DrawnGlasses,
        share: 0.5,
        result: 10.0,
        transformed: 5.0,
    });
    recipe
}

#[test]
fn both_distributions_are_read_and_nobody_is_in_two_partitions() {
    let Some(folder) = folder() else { return };
    for layout in [Layout::Wild, Layout::Aligned] {
        let dataset = Dataset::open(&folder, Some(layout)).unwrap();
        assert_eq!(dataset.faces.len(), 1026);
        let sets = |partition| {
            dataset
                .sets(&transfer("Mouth_Slightly_Open", false), partition)
                .unwrap()
        };
        let (training, test) = (sets(Partition::Training), sets(Partition::Test));
        assert_eq!((training.source.len(), training.guided.len()), (96, 551));
        assert_eq!((test.source.len(), test.guided.len()), (31, 143));
        let people = |partition| -> BTreeSet<u32> {
            let faces = dataset
                .faces
                .iter()
                .filter(|face| face.partition == partition);
            faces.filter_map(|face| face.identity).collect()
        };
        let learnt = people(Partition::Training);
        for partition in [Partition::Validation, Partition::Test] {
            assert!(people(partition).is_disjoint(&learnt), "{partition}");
        }
    }
}

#[test]
fn a_training_never_sees_a_held_out_face() {
    let Some(folder) = folder() else { return };
    let dataset = Dataset::open(&folder, None).unwrap();
    let mut recipe = recipe(transfer("Mouth_Slightly_Open", false));
    recipe.network.size = 32;
    let set = TrainingSet::open(&dataset, &recipe).unwrap();
    let (test, missed) = held_out(&dataset, &recipe, Partition::Test).unwrap();
    assert_eq!((test.len(), missed.len()), (31 + 143, 0));
    let bits = |pixel: &f32| ((pixel + 1.0) * 127.5).round() as u8;
    let unseen: BTreeSet<Vec<u8>> = test
        .iter()
        .map(|face| face.crop.iter().map(bits).collect())
        .collect();
    // 96 and 551 faces: every one of them comes.
    for step in 0..56 {
        let batch = set.batch("t", step, 10).unwrap();
        for row in batch.source.outer_iter().chain(batch.guided.outer_iter()) {
            assert!(
                !unseen.contains(&row.iter().map(bits).collect::<Vec<_>>()),
                "step {step}"
            );
        }
    }
}

#[test]
#[ignore = "a measurement: how long a trainer with 0.2 s a step waits for its batches"]
fn the_trainer_hardly_waits() {
    let Some(folder) = folder() else { return };
    let dataset = Dataset::open(&folder, None).unwrap();
    println!("{}", check(&dataset).unwrap());
    let start = Instant::now();
    let set = Arc::new(TrainingSet::open(&dataset, &glasses()).unwrap());
    println!("cut in {:?}", start.elapsed());
    let start = Instant::now();
    for step in 0..50 {
        set.batch("t", step, 12).unwrap();
    }
    println!("{:?} a batch of 12 + 12", start.elapsed() / 50);
    let ahead = Prefetch::new(set, 2);
    let start = Instant::now();
    for step in 0..50 {
        ahead.batch("t", step, 12).unwrap();
        thread::sleep(Duration::from_millis(200));
    }
    let share = ahead.waited().as_secs_f64() / start.elapsed().as_secs_f64();
    println!("{:.2}% waiting", 100.0 * share);
    assert!(share < 0.02, "{share}");
}
