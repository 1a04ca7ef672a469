use super::pictures::Pictures;
use super::*;
use crate::data::Batch;
use crate::device::test_device;
use crate::tensor::to_array;
use diat_synth::SplitMix64;
use ndarray::{Array4, s};
use std::collections::BTreeMap;
use std::sync::Mutex;

const TINY: &str = include_str!("tests/tiny.toml");
const PAPER: [&str; 5] = [
    "schedule.algorithm={paper={d-steps=3, t-steps=2, n-steps=2}}",
    "schedule.clip=0.031",
    "loss.gan=\"wgan\"",
    "loss.ratio.band=false",
    "loss.perceptual.relative=false",
];

fn recipe(sets: &[&str]) -> Recipe {
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    Recipe::parse(TINY, Path::new("tiny.toml"), &sets).unwrap_or_else(|faults| {
        panic!(
            "{}",
            faults
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        )
    })
}

fn learner(recipe: &Recipe) -> Learner {
    Learner::new(recipe, &test_device()).unwrap()
}

/// Pale pictures of soft stripes; in the source set with a dark spot at about the same place.
#[derive(Default)]
struct Spots {
    /// Knows the pictures without spots.
    truth: bool,
    /// Batches that hold a NaN.
    poison: Option<(&'static str, u64)>,
    asked: Mutex<Vec<(String, u64, usize)>>,
}

impl Spots {
    fn asked(&self) -> Vec<(String, u64, usize)> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl Batches for Spots {
    fn batch(&self, stage: &str, step: u64, count: usize) -> Result<Batch, crate::data::Error> {
        self.asked
            .lock()
            .unwrap()
            .push((stage.to_owned(), step, count));
        let mut random = SplitMix64::stream(step, stage);
        let mut plain = || {
            let mut all = Array4::zeros((count, 3, 32, 32));
            for mut one in all.outer_iter_mut() {
                let [a, b, c] = core::array::from_fn(|_| random.range(-0.2, 0.2) as f32);
                for ((k, y, x), v) in one.indexed_iter_mut() {
                    *v = 0.4 + a * (x as f32 / 31.0) + b * (y as f32 / 31.0) + c * (k as f32 - 1.0);
                }
            }
            all
        };
        let (truth, guided) = (plain(), plain());
        let mut source = truth.clone();
        for mut one in source.outer_iter_mut() {
            let [x, y] = core::array::from_fn(|_| random.range(9.0, 12.0) as usize);
            one.slice_mut(s![.., y..y + 10, x..x + 10]).fill(-0.7);
        }
        if self.poison == Some((stage, step)) {
            source[[0, 0, 0, 0]] = f32::NAN;
        }
        Ok(Batch {
            source,
            guided,
            truth: self.truth.then_some(truth),
            known: vec![self.truth; count],
        })
    }
}

/// Takes rounds of all phases, from the given one on of the last.
fn train(learner: &mut Learner, data: &Spots, from: u64, to: u64) {
    for (index, phase) in learner.phases().into_iter().enumerate() {
        let (first, last) = match phase.name {
            ADVERSARIAL => (from, to),
            _ if from > 0 => continue,
            _ => (0, phase.rounds),
        };
        for round in first..last {
            learner.round(index, round, data).unwrap();
        }
    }
}

/// The files that a learner writes.
fn files(learner: &Learner) -> BTreeMap<String, Vec<u8>> {
    let dir = tempfile::tempdir().unwrap();
    learner.save(dir.path()).unwrap();
    let entries = std::fs::read_dir(dir.path()).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Says which file differs, instead of its bytes.
fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    assert!(
        one.keys().eq(other.keys()),
        "{:?} {:?}",
        one.keys(),
        other.keys()
    );
    let differ: Vec<_> = one
        .iter()
        .filter(|(name, bytes)| other[*name] != **bytes)
        .map(|(name, _)| name)
        .collect();
    assert!(differ.is_empty(), "{differ:?} differ");
}

fn value(terms: &Terms, name: &str) -> f64 {
    let found = terms.iter().find(|(term, _)| *term == name);
    found.unwrap_or_else(|| panic!("no {name} in {terms:?}")).1
}

#[test]
fn phases_come_in_order_and_those_without_rounds_are_left_out() {
    let names = |sets: &[&str]| {
        let phases = learner(&recipe(sets)).phases();
        phases
            .into_iter()
            .map(|phase| phase.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(&[]),
        [DENOISER, TRANSFORM, DISCRIMINATOR, ADVERSARIAL]
    );
    assert_eq!(
        names(&["pretrain.transform.steps=0"]),
        [DENOISER, DISCRIMINATOR, ADVERSARIAL]
    );
    let diat1 = ["loss.perceptual.on={judge=3}", "loss.adversarial=0"];
    assert_eq!(names(&diat1), [DENOISER, JUDGE, TRANSFORM, ADVERSARIAL]);
    let error = learner(&recipe(&[]))
        .round(9, 0, &Spots::default())
        .unwrap_err();
    assert!(
        matches!(error, Error::NoPhase { phase: 9, count: 4 }),
        "{error}"
    );
}

#[test]
fn pre_training_lowers_its_losses() {
    let recipe = recipe(&[
        "loss.perceptual.on={judge=30}",
        "denoiser.phase.steps=300",
        "denoiser.phase.optimiser.rate=5e-3",
        "pretrain.transform.steps=30",
        "pretrain.discriminator.steps=30",
    ]);
    let (mut learner, data) = (learner(&recipe), Spots::default());
    for (index, (phase, term)) in [
        (DENOISER, "denoising"),
        (JUDGE, "judge"),
        (TRANSFORM, "reconstruction"),
        (DISCRIMINATOR, "regression"),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(learner.phases()[index].name, phase);
        let losses: Vec<f64> = (0..learner.phases()[index].rounds)
            .map(|round| value(&learner.round(index, round, &data).unwrap(), term))
            .collect();
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        let (first, last) = (mean(&losses[..3]), mean(&losses[losses.len() - 3..]));
        assert!(last > 0.0 && last < 0.7 * first, "{phase}: {losses:?}");
    }
}

#[test]
fn every_form_of_both_objectives_falls_by_its_own_steps() {
    for sets in [&[] as &[&str], &["loss.gan=\"original\""], &PAPER] {
        let mut learner = learner(&recipe(sets));
        let pictures = Pictures::new(&Spots::default(), ("x", 0, 4), &learner.device).unwrap();
        let made = learner
            .state
            .transfer
            .forward(pictures.source.clone())
            .result
            .detach();
        let mut of_d = Vec::new();
        let mut of_f = Vec::new();
        for _ in 0..12 {
            let real = pictures.guided.clone();
            let mut notes = Notes::default();
            let loss = learner
                .discriminator_objective(real, made.clone(), 0, &mut notes)
                .unwrap();
            of_d.push(loss.clone().into_scalar::<f32>());
            let critic = learner.state.discriminator.as_mut().unwrap();
            learner.state.solvers.discriminator.step(critic, loss);
        }
        for _ in 0..12 {
            let mut notes = Notes::default();
            let loss = learner
                .transfer_objective(&pictures, 0, true, &mut notes)
                .unwrap();
            of_f.push(loss.clone().unwrap().into_scalar::<f32>());
            learner.state.step_transfer(loss);
        }
        for losses in [of_d, of_f] {
            let least = losses.iter().copied().fold(f32::MAX, f32::min);
            assert!(
                least == losses[11] || losses[11] < losses[0] - 0.1 * losses[0].abs(),
                "{sets:?}: {losses:?}"
            );
        }
    }
}

/// How much nearer F brings the sources to what they are without spots, as a factor of the mean square.
fn improvement(learner: &Learner) -> f32 {
    let data = Spots {
        truth: true,
        ..Spots::default()
    };
    let batch = data.batch("test", 0, 16).unwrap();
    let result = learner
        .transfer()
        .forward(to_tensor(&batch.source, &test_device()))
        .result;
    let truth = batch.truth.unwrap();
    let distance = |x: &Array4<f32>| (x - &truth).mapv(|d| d * d).mean().unwrap();
    distance(&batch.source) / distance(&to_array(result))
}

#[test]
fn a_spot_is_taken_off_though_nobody_shows_what_is_under_it() {
    let recipe = recipe(&[
        "denoiser=",
        "loss.smoothness=",
        "adaptation=",
        "schedule.batch=4",
        "pretrain.l1=true",
        "pretrain.transform.batch=4",
        "pretrain.transform.steps=40",
        "pretrain.discriminator.steps=0",
        "schedule.rounds=150",
    ]);
    let mut learner = learner(&recipe);
    train(&mut learner, &Spots::default(), 0, 150);
    let improvement = improvement(&learner);
    assert!(improvement > 2.0, "{improvement}");
}

#[test]
fn equal_trainings_write_equal_bytes_whatever_the_number_of_threads() {
    for sets in [&[] as &[&str], &PAPER] {
        let bytes = [1, 2, 3].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| {
                let mut learner = learner(&recipe(sets));
                train(&mut learner, &Spots::default(), 0, 3);
                files(&learner)
            })
        });
        assert_same(&bytes[0], &bytes[1]);
        assert_same(&bytes[0], &bytes[2]);
        let mut other = learner(&recipe(&[sets, &["run.seed=2"]].concat()));
        train(&mut other, &Spots::default(), 0, 3);
        let other = files(&other);
        assert!(
            bytes[0]
                .iter()
                .all(|(name, of)| other[name] != *of || of.len() < 100)
        );
    }
}

#[test]
fn what_was_saved_goes_on_as_if_it_had_never_stopped() {
    for sets in [&[] as &[&str], &PAPER, &["loss.perceptual.on={judge=2}"]] {
        let recipe = recipe(sets);
        let data = Spots::default();
        let mut whole = learner(&recipe);
        train(&mut whole, &data, 0, 2);
        let dir = tempfile::tempdir().unwrap();
        whole.save(dir.path()).unwrap();
        train(&mut whole, &data, 2, 4);
        let mut resumed = learner(&recipe);
        resumed.load(dir.path()).unwrap();
        train(&mut resumed, &data, 2, 4);
        assert_same(&files(&whole), &files(&resumed));
    }
}

#[test]
fn what_is_exported_is_read_without_the_rest() {
    for sets in [&["average={decay=0.5}"] as &[&str], &["average="]] {
        let recipe = recipe(sets);
        let mut learner = learner(&recipe);
        train(&mut learner, &Spots::default(), 0, 3);
        let dir = tempfile::tempdir().unwrap();
        learner.save(dir.path()).unwrap();
        for solver in ["transfer-solver", "discriminator"] {
            std::fs::remove_file(dir.path().join(format!("{solver}.safetensors"))).unwrap();
        }
        let read = saved_transfer(&recipe, dir.path(), &Device::flex()).unwrap();
        let [read, ours] = [&read, &learner.transfer()].map(crate::weights::weights);
        assert!(read == ours, "{sets:?}");
    }
}

#[test]
fn what_belongs_to_another_recipe_is_refused_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let wider = learner(&recipe(&["network.width=16"]));
    wider.save(dir.path()).unwrap();
    let mut other = learner(&recipe(&[]));
    let before = files(&other);
    let error = other.load(dir.path()).unwrap_err();
    assert!(
        error.to_string().contains("transfer.safetensors"),
        "{error}"
    );
    assert_same(&before, &files(&other));
    // Also where the first file would fit: D's is missing.
    let narrow = learner(&recipe(&["run.seed=5"]));
    narrow.save(dir.path()).unwrap();
    std::fs::remove_file(dir.path().join("discriminator.safetensors")).unwrap();
    other.load(dir.path()).unwrap_err();
    assert_same(&before, &files(&other));
}

#[test]
fn a_round_that_is_not_finite_changes_nothing() {
    let mut learner = learner(&recipe(&[]));
    let data = Spots {
        poison: Some((ADVERSARIAL, 3)),
        ..Spots::default()
    };
    train(&mut learner, &data, 0, 1);
    let before = files(&learner);
    // Of the second round's two batches the second, after D's step.
    let error = learner.round(3, 1, &data).unwrap_err();
    let Error::NotFinite { phase, round, .. } = error else {
        panic!("{error}")
    };
    assert_eq!((phase, round), (ADVERSARIAL, 1));
    assert_same(&before, &files(&learner));
    // And in the first, which is D's.
    let data = Spots {
        poison: Some((ADVERSARIAL, 2)),
        ..Spots::default()
    };
    learner.round(3, 1, &data).unwrap_err();
    assert_same(&before, &files(&learner));
    learner.round(3, 1, &Spots::default()).unwrap();
    assert!(files(&learner)["transfer.safetensors"] != before["transfer.safetensors"]);
}

#[test]
fn weights_that_are_not_finite_count_as_well() {
    let mut recipe = recipe(&["pretrain.transform.steps=1"]);
    recipe.pretrain.transform.optimiser.rate = 1e39;
    let mut learner = learner(&recipe);
    let before = files(&learner);
    let error = learner.round(1, 0, &Spots::default()).unwrap_err();
    assert!(
        matches!(
            error,
            Error::NotFinite {
                term: "weights",
                ..
            }
        ),
        "{error}"
    );
    assert_same(&before, &files(&learner));
}

#[test]
fn algorithm_1_reuses_one_mini_batch_and_clips_d() {
    let (mut learner, data) = (learner(&recipe(&PAPER)), Spots::default());
    train(&mut learner, &data, 0, 1);
    data.asked();
    let terms = learner.round(3, 1, &data).unwrap();
    assert_eq!(data.asked(), [(ADVERSARIAL.to_owned(), 1, 2)]);
    for term in [
        "discriminator",
        "adversarial",
        "perceptual",
        "ratio",
        "smoothness",
        "share",
    ] {
        value(&terms, term);
    }
    let critic = learner.state.discriminator.as_ref().unwrap();
    let largest = |values: &[f32]| values.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    let all: Vec<f32> = crate::weights::weights(critic)
        .into_values()
        .map(|w| largest(&w.values))
        .collect();
    // To the bound, and not beyond it.
    assert_eq!(largest(&all), 0.031);
}

#[test]
fn one_step_each_in_turn_takes_two_mini_batches() {
    let (mut learner, data) = (learner(&recipe(&[])), Spots::default());
    learner.round(3, 5, &data).unwrap();
    let of = |step| (ADVERSARIAL.to_owned(), step, 2);
    assert_eq!(data.asked(), [of(10), of(11)]);
}

#[test]
fn switches_choose_the_terms() {
    let names = |sets: &[&str], data: &Spots| {
        let mut learner = learner(&recipe(sets));
        let last = learner.phases().len() - 1;
        let terms = learner.round(last, 0, data).unwrap();
        terms.into_iter().map(|(term, _)| term).collect::<Vec<_>>()
    };
    let plain = Spots::default();
    let all = [
        "discriminator",
        "adversarial",
        "perceptual",
        "share",
        "ratio",
        "map-smoothness",
        "l1",
        "change-smoothness",
        "smoothness",
    ];
    assert_eq!(names(&[], &plain), all);
    let tv = ["denoiser=", "loss.smoothness={tv={weight=1}}"];
    assert_eq!(names(&tv, &plain), all);
    // DIAT-1 without an adversary.
    let diat1 = ["loss.perceptual.on={judge=3}", "loss.adversarial=0"];
    assert_eq!(names(&diat1, &plain), all[2..]);
    let no_mask = ["network.mask=false", "loss.ratio=", "loss.map-smoothness=0"];
    let without: Vec<_> = all
        .into_iter()
        .filter(|term| !["share", "ratio", "map-smoothness"].contains(term))
        .collect();
    assert_eq!(names(&no_mask, &plain), without);
    let known = Spots {
        truth: true,
        ..Spots::default()
    };
    let hallucinate = [
        &no_mask[..],
        &["task={hallucinate={factor=8}}", "loss.reconstruction=0.01"],
    ]
    .concat();
    let mut with = without;
    with.insert(3, "reconstruction");
    assert_eq!(names(&hallucinate, &known), with);
    let pairs = ["loss.pairs={of=\"counterfactual\", share=0.5, result=10, transformed=5}"];
    assert!(names(&pairs, &known).ends_with(&[
        "pairs-result",
        "pairs-transformed",
        "l1",
        "change-smoothness",
        "smoothness"
    ]));
    let oval = "{centre=[64, 76], half-axes=[40, 45], rim=8}";
    let ovals = [
        format!("network.region={oval}"),
        format!("loss.oval={oval}"),
        "loss.outside=5".to_owned(),
    ];
    let ovals: Vec<&str> = ovals.iter().map(String::as_str).collect();
    assert!(names(&ovals, &plain).contains(&"outside"));
}

#[test]
fn a_term_that_needs_the_truth_says_so() {
    let mut learner = learner(&recipe(&[
        "loss.pairs={of=\"counterfactual\", share=0.5, result=10, transformed=5}",
    ]));
    let error = learner.round(3, 0, &Spots::default()).unwrap_err();
    assert!(matches!(error, Error::NoTruth { term: "pairs" }), "{error}");
}

#[test]
fn what_is_not_built_is_refused() {
    let refused = Learner::new(&recipe(&["loss.cycle=1"]), &Device::flex());
    assert!(matches!(refused.err(), Some(Error::Cycle { .. })));
}

#[test]
fn what_is_exported_is_the_moving_average_once_there_is_one() {
    let weights = |of: &Transfer| crate::weights::weights(of);
    let (mut learner, data) = (learner(&recipe(&[])), Spots::default());
    train(&mut learner, &data, 0, 0);
    let before = weights(&learner.transfer());
    assert_eq!(before, weights(&learner.state.transfer));
    learner.round(3, 0, &data).unwrap();
    let (after, average) = (
        weights(&learner.state.transfer),
        weights(&learner.transfer()),
    );
    for (name, of) in &average {
        for ((found, old), new) in of
            .values
            .iter()
            .zip(&before[name].values)
            .zip(&after[name].values)
        {
            assert!((found - (0.9 * old + 0.1 * new)).abs() < 1e-5, "{name}");
        }
    }
    assert_ne!(average, after);
}

#[test]
fn d_s_steps_leave_f_as_it_is() {
    // Its running statistics too.
    let mut learner = learner(&recipe(&PAPER));
    let before = crate::weights::weights(&learner.state.transfer);
    let data = Spots::default();
    let pictures = Pictures::new(&data, ("x", 0, 2), &learner.device).unwrap();
    let mut notes = Notes::default();
    let mut round = adversarial::Round::new(
        &mut learner,
        Phase {
            name: ADVERSARIAL,
            rounds: 1,
            batch: 2,
        },
        0,
        &data,
        &mut notes,
    );
    round.pictures = Some(pictures);
    algorithm::Steps::make(&mut round).unwrap();
    algorithm::Steps::discriminate(&mut round).unwrap();
    assert_eq!(before, crate::weights::weights(&learner.state.transfer));
}

#[test]
fn what_perceives_is_held_still_and_sees_each_picture_alone() {
    let mut learner = learner(&recipe(&["loss.perceptual.on={judge=2}"]));
    let data = Spots::default();
    learner.round(1, 0, &data).unwrap();
    let judge = |learner: &Learner| crate::weights::weights(learner.state.judge.as_ref().unwrap());
    let before = judge(&learner);
    learner.round(4, 0, &data).unwrap();
    assert_eq!(before, judge(&learner));
    let x = to_tensor(&data.batch("x", 0, 2).unwrap().source, &learner.device);
    let on = Perceiver::Judge(2);
    let both = learner
        .features(&on, x.clone())
        .remove(0)
        .narrow(0, 0, 1)
        .inner();
    let alone = learner.features(&on, x.narrow(0, 0, 1)).remove(0).inner();
    assert!(both.all_close(alone, None, Some(1e-5)));
}

/// Every recipe that comes with the trainer is sound, and the ones for drawn faces see no counterfactual.
#[test]
fn shipped_recipes_are_sound() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes");
    let files = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut ids = Vec::new();
    for file in files.filter(|file| file.extension().is_some_and(|e| e == "toml")) {
        let recipe = Recipe::read(&file, &[]).unwrap_or_else(|faults| {
            panic!(
                "{}",
                faults
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("\n")
            )
        });
        let stem = file.file_stem().unwrap().to_str().unwrap();
        if stem.starts_with("drawn") || stem == "example" {
            assert!(
                recipe.loss.pairs.is_none() && recipe.loss.reconstruction == 0.0,
                "{stem}"
            );
        }
        assert!(
            recipe.id == stem || ["example", "paper"].contains(&stem),
            "{stem}: {}",
            recipe.id
        );
        ids.push(recipe.id);
    }
    ids.sort();
    let count = ids.len();
    ids.dedup();
    assert_eq!((ids.len(), count), (10, 10));
}
