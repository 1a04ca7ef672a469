//! What an exported network must do on every runtime, run once per runtime by a test binary of its own: the choice lasts for
//! the process.
#![allow(dead_code, reason = "each binary uses what it needs")]
#![allow(unreachable_pub, reason = "shared by several binaries")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "these are tests")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use diat_image::{Point, crop};
use diat_infer::{Network, open};
use diat_manifest::{Manifest, sha256};
use diat_places::Places;
use diat_synth::{FaceStyle, Scene, SplitMix64, draw};
use diat_train::export::{
    self, Draft, Error, Kind, Origin, Precision, Written, judge_bytes, network_bytes,
};
use diat_train::nets::{ConvNorm, Judge, Statistics, Transfer};
use diat_train::recipe::Recipe;
use diat_train::tensor::{to_array, to_tensor};
use ndarray::{Array2, Array4, ArrayD, ArrayView4, Axis, Ix2, Ix4, s};

/// Pictures that are compared.
const INPUTS: usize = 64;
/// One in so many cells may fall to the other side of the threshold.
const CELLS_PER_DIFFERENCE: usize = 1000;

/// A recipe of the effect `example` with these values replaced.
fn recipe(sets: &[&str]) -> Recipe {
    let sets: Vec<_> = sets.iter().map(|set| (*set).to_owned()).collect();
    let text = include_str!("../../src/recipe/tests/good.toml");
    Recipe::parse(text, Path::new("good.toml"), &sets).unwrap()
}

fn origin() -> Origin {
    Origin {
        source: "Made by the tests".to_owned(),
        ..Origin::default()
    }
}

/// Drawn faces, laid on the recipe's template, and noise, in turn: N×3×S×S in \[-1, 1\].
fn inputs(recipe: &Recipe, count: usize) -> Array4<f32> {
    let size = recipe.network.size;
    let template = recipe.template.at(size).map(|[x, y]| Point { x, y });
    let mut random = SplitMix64::stream(7, "inputs");
    let mut inputs = Array4::zeros((count, 3, size, size));
    for (index, mut input) in inputs.outer_iter_mut().enumerate() {
        if index % 2 == 0 {
            let drawn = draw(&Scene::portrait(
                FaceStyle::from_seed(index as u64),
                160,
                200,
            ))
            .unwrap();
            let to_crop = diat_face::align(&drawn.points, &template).unwrap();
            let crop = crop(&drawn.picture.view(), &to_crop, size, size);
            input.assign(&(crop * 2.0 - 1.0));
        } else {
            input.mapv_inplace(|_| random.range(-1.0, 1.0) as f32);
        }
    }
    inputs
}

/// Numbers as training leaves them: factors and shifts away from 1 and 0.
struct Trained {
    random: SplitMix64,
    device: Device,
}

impl Trained {
    fn new(seed: u64) -> Self {
        Self {
            random: SplitMix64::stream(seed, "trained"),
            device: Device::flex().autodiff(),
        }
    }

    fn vector(&mut self, length: usize, low: f64, high: f64) -> Param<Tensor<1>> {
        let values: Vec<_> = (0..length)
            .map(|_| self.random.range(low, high) as f32)
            .collect();
        let data = TensorData::new(values, [length]);
        Param::from_tensor(Tensor::from_data(data, &self.device))
    }

    fn layer(&mut self, layer: &mut ConvNorm) {
        let [channels] = layer.norm.gamma.val().dims();
        layer.norm.gamma = self.vector(channels, 0.6, 1.6);
        layer.norm.beta = self.vector(channels, -0.4, 0.4);
        // Where the running variance starts still shows in what it is after a few batches.
        layer.norm.variance = Statistics::new(self.vector(channels, 0.02, 0.2).val());
    }

    fn transfer(&mut self, recipe: &Recipe) -> Transfer {
        let mut transfer = Transfer::new(&recipe.network, 3, &self.device);
        let transform = &mut transfer.transform;
        for stage in transform.encoder.iter_mut().chain(&mut transform.decoder) {
            self.layer(&mut stage.layer);
            let [channels] = stage.prelu.alpha.val().dims();
            stage.prelu.alpha = self.vector(channels, -0.1, 0.6);
        }
        if let Some(mask) = &mut transfer.mask {
            for layer in &mut mask.layers {
                self.layer(layer);
            }
            let last = mask.layers.last_mut().unwrap();
            last.norm.gamma = self.vector(1, 1.5, 2.5);
            last.norm.beta = self.vector(1, -0.1, 0.1);
        }
        self.see(recipe, |batch| drop(transfer.forward(batch)));
        transfer.valid()
    }

    fn judge(&mut self, recipe: &Recipe) -> Judge {
        let mut judge = Judge::new(recipe.network.size, 3, &self.device);
        let layers = judge.blocks.iter_mut().flat_map(|block| {
            [&mut block.first, &mut block.second]
                .into_iter()
                .chain(&mut block.past)
        });
        for layer in judge.convs.iter_mut().chain(layers) {
            self.layer(layer);
        }
        let weight = judge.last.weight.val().detach() * 6.0;
        judge.last.weight = Param::from_tensor(weight.detach());
        self.see(recipe, |batch| drop(judge.forward(batch)));
        judge.valid()
    }

    /// Batches from which the running statistics come.
    fn see(&self, recipe: &Recipe, forward: impl Fn(Tensor<4>)) {
        let batch = inputs(recipe, 8);
        for _ in 0..12 {
            forward(to_tensor(&batch, &self.device));
        }
    }
}

/// What Burn answers.
struct Answer {
    transformed: Array4<f32>,
    mask: Option<Array4<f32>>,
    result: Array4<f32>,
}

fn trained_answer(transfer: &Transfer, inputs: &Array4<f32>) -> Answer {
    let edit = transfer.forward(to_tensor(inputs, &Device::flex()));
    Answer {
        transformed: to_array(edit.transformed),
        mask: edit.mask.map(to_array),
        result: to_array(edit.result),
    }
}

/// What a runtime answers, composed by Eq. 1.
fn runtime_answer(network: &Network, inputs: &Array4<f32>) -> Answer {
    let mut outputs = network
        .run(&[("image", inputs.view().into_dyn())])
        .unwrap()
        .into_iter()
        .map(|output: ArrayD<f32>| output.into_dimensionality::<Ix4>().unwrap());
    let transformed = outputs.next().unwrap();
    let mask = outputs.next();
    let result = match &mask {
        Some(mask) => mask * &transformed + (1.0 - mask) * inputs,
        None => transformed.clone(),
    };
    Answer {
        transformed,
        mask,
        result,
    }
}

fn draft(recipe: &Recipe) -> Manifest {
    let draft = Draft::of_recipe(recipe, origin());
    let file = format!("{}.toml", draft.id);
    Manifest::parse_draft(&draft.text(), Path::new(&file)).unwrap()
}

fn open_bytes(manifest: &Manifest, bytes: &[u8], places: &Places) -> Arc<Network> {
    let read = || Ok(bytes.to_vec());
    open(
        places,
        &diat_face::spec(manifest),
        &sha256(bytes),
        &read,
        diat_infer::Device::Cpu,
        0,
        &|_, _| (),
    )
    .unwrap()
}

fn largest_difference(a: &Array4<f32>, b: &Array4<f32>) -> f32 {
    let difference = |(a, b): (&f32, &f32)| (a - b).abs();
    a.iter().zip(b).map(difference).fold(0.0, f32::max)
}

/// For each item and 4×4 cell whether the middle of the mask is another; a cell of its own holds more than half of its middle.
fn flipped(a: &Array4<f32>, b: &Array4<f32>) -> Vec<bool> {
    let middle = |mask: ArrayView4<'_, f32>| -> Array4<f32> {
        let corner = |y, x| mask.slice(s![.., .., y..;4, x..;4]).to_owned();
        (corner(1, 1) + corner(1, 2) + corner(2, 1) + corner(2, 2)) / 4.0
    };
    let difference = middle(a.view()) - middle(b.view());
    difference.iter().map(|by| by.abs() > 0.3).collect()
}

/// f32 weights: T to 1e-4, one cell of the map in a thousand.
fn agrees(name: &str, trained: &Answer, runtime: &Answer) {
    let off = largest_difference(&trained.transformed, &runtime.transformed);
    println!("measured: {name}: T differs by at most {off:.1e}");
    assert!(off <= 1e-4, "{name}: T differs by {off:e}");
    let (Some(a), Some(b)) = (&trained.mask, &runtime.mask) else {
        assert!(trained.mask.is_none() && runtime.mask.is_none());
        return;
    };
    let flipped = flipped(a, b);
    let count = flipped.iter().filter(|flipped| **flipped).count();
    let open = a.iter().filter(|value| **value > 0.5).count() as f64 / a.len() as f64;
    println!(
        "measured: {name}: {count} of {} cells differ, {:.0}% of the mask is open",
        flipped.len(),
        100.0 * open
    );
    assert!(count * CELLS_PER_DIFFERENCE <= flipped.len(), "{count}");
    assert!(
        (0.02..0.98).contains(&open),
        "a map of one value proves nothing"
    );
    if count == 0 {
        let off = largest_difference(a, b);
        assert!(off <= 1e-5, "{name}: the mask differs by {off:e}");
    }
}

/// The networks that are compared: full region and oval, both sizes, and hallucination.
fn networks() -> Vec<(&'static str, Recipe)> {
    let oval = "network.region={centre=[64,70],half-axes=[45,50],rim=8}";
    let hallucinate = [
        "task={hallucinate={factor=8}}",
        "network.mask=false",
        "loss.ratio=",
        "loss.pairs=",
        "network.width=16",
    ];
    vec![
        (
            "half width at 128",
            recipe(&["network.size=128", "network.width=32"]),
        ),
        ("with a region at 64", recipe(&[oval, "network.width=16"])),
        ("hallucination at 64", recipe(&hallucinate)),
    ]
}

pub fn f32_weights_answer_as_burn_does(places: &Places) {
    for (name, recipe) in networks() {
        let transfer = Trained::new(1).transfer(&recipe);
        let inputs = inputs(&recipe, INPUTS);
        let bytes = network_bytes(&transfer, &recipe, false).unwrap();
        let network = open_bytes(&draft(&recipe), &bytes, places);
        let trained = trained_answer(&transfer, &inputs);
        let spread = trained.transformed.std(0.0);
        assert!(spread > 0.1, "T hardly varies: {spread}");
        agrees(name, &trained, &runtime_answer(&network, &inputs));
    }
}

/// As above, for a network that was really trained.
pub fn what_was_trained_answers_as_burn_does(
    places: &Places,
    recipe: &Recipe,
    transfer: &Transfer,
) {
    let inputs = inputs(recipe, INPUTS);
    let bytes = network_bytes(transfer, recipe, false).unwrap();
    let network = open_bytes(&draft(recipe), &bytes, places);
    let trained = trained_answer(transfer, &inputs);
    agrees("trained", &trained, &runtime_answer(&network, &inputs));
}

pub fn f16_weights_differ_by_at_most_a_grey_level(places: &Places) {
    for (name, recipe) in networks() {
        let transfer = Trained::new(2).transfer(&recipe);
        let inputs = inputs(&recipe, INPUTS);
        let manifest = draft(&recipe);
        let [exact, half] = [false, true].map(|half| {
            let bytes = network_bytes(&transfer, &recipe, half).unwrap();
            runtime_answer(&open_bytes(&manifest, &bytes, places), &inputs)
        });
        // Where no cell within the Gaussian's reach has flipped.
        let same = |(n, _, y, x): (usize, usize, usize, usize)| match (&exact.mask, &half.mask) {
            (Some(exact), Some(half)) => (exact[(n, 0, y, x)] - half[(n, 0, y, x)]).abs() < 1e-6,
            _ => true,
        };
        let mut largest = 0.0_f32;
        let mut compared = 0;
        for (place, value) in exact.result.indexed_iter() {
            if same(place) {
                compared += 1;
                largest = largest.max((value - half.result[place]).abs());
            }
        }
        let share = f64::from(compared) / exact.result.len() as f64;
        let levels = largest * 255.0 / 2.0;
        println!(
            "measured: {name}: f16 differs by {levels:.2} grey levels on {:.1}%",
            100.0 * share
        );
        assert!(levels <= 1.0, "{name}: {levels}");
        assert!(share > 0.95, "{name}: the maps agree on {share}");
    }
}

pub fn a_batch_of_eight_is_eight_batches_of_one(places: &Places) {
    let recipe = recipe(&["network.width=16"]);
    let transfer = Trained::new(4).transfer(&recipe);
    let inputs = inputs(&recipe, 8);
    let bytes = network_bytes(&transfer, &recipe, true).unwrap();
    let network = open_bytes(&draft(&recipe), &bytes, places);
    let (trained, runtime) = (
        trained_answer(&transfer, &inputs),
        runtime_answer(&network, &inputs),
    );
    for item in 0..8 {
        let one = inputs
            .index_axis(Axis(0), item)
            .insert_axis(Axis(0))
            .to_owned();
        for (batch, single) in [
            (&trained, trained_answer(&transfer, &one)),
            (&runtime, runtime_answer(&network, &one)),
        ] {
            let batch = batch.result.index_axis(Axis(0), item).insert_axis(Axis(0));
            let off = largest_difference(&batch.to_owned(), &single.result);
            assert!(off <= 1e-5, "item {item} differs by {off:e}");
        }
    }
}

pub fn a_judge_answers_as_burn_does(places: &Places) {
    let recipe = recipe(&[]);
    let judge = Trained::new(5).judge(&recipe);
    let inputs = inputs(&recipe, INPUTS);
    let folder = tempfile::tempdir().unwrap();
    let draft = Draft {
        kind: Kind::Judge,
        ..Draft::of_recipe(&recipe, origin())
    };
    for (precision, allowed) in [(Precision::F32, 1e-5), (Precision::F16, 1.0 / 255.0)] {
        let written =
            export::write_judge(&judge, &draft, precision, folder.path(), places).unwrap();
        let bytes = std::fs::read(&written.weights).unwrap();
        assert_eq!(
            bytes,
            judge_bytes(&judge, recipe.network.size, precision == Precision::F16).unwrap()
        );
        let manifest = Manifest::read(&written.manifest).unwrap();
        let network = open_bytes(&manifest, &bytes, places);
        let scores = network
            .run(&[("image", inputs.view().into_dyn())])
            .unwrap()
            .remove(0);
        let scores: Array2<f32> = scores.into_dimensionality::<Ix2>().unwrap();
        let logits = judge
            .forward(to_tensor(&inputs, &Device::flex()))
            .into_data();
        let mut largest = 0.0_f32;
        let (mut low, mut high) = (1.0_f32, 0.0_f32);
        for (score, logit) in scores.iter().zip(logits.iter::<f32>()) {
            let expected = 1.0 / (1.0 + (-logit).exp());
            largest = largest.max((score - expected).abs());
            (low, high) = (low.min(*score), high.max(*score));
        }
        println!(
            "measured: judge, {precision:?}: differs by {largest:.1e} on {low:.2} to {high:.2}"
        );
        assert!(largest <= allowed, "{precision:?}: {largest}");
        assert!(
            high - low > 0.02,
            "the judge says {low} to {high} of everything"
        );
    }
}

fn export(
    transfer: &Transfer,
    recipe: &Recipe,
    folder: &Path,
    places: &Places,
) -> Result<Written, Error> {
    export::write_transfer(transfer, recipe, origin(), Precision::F16, folder, places)
}

/// Everything in a folder, by path.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for below in ["manifests", "models"] {
        for entry in std::fs::read_dir(folder.join(below)).unwrap() {
            let entry = entry.unwrap();
            let path = Path::new(below).join(entry.file_name());
            files.push((path, std::fs::read(entry.path()).unwrap()));
        }
    }
    files.sort();
    files
}

pub fn two_exports_are_the_same_bytes_and_meet_the_manifest(places: &Places) {
    let recipe = recipe(&["network.size=128", "network.width=32"]);
    let transfer = Trained::new(6).transfer(&recipe);
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let written = folders
        .each_ref()
        .map(|folder| export(&transfer, &recipe, folder.path(), places).unwrap());
    let [first, second] = folders.each_ref().map(|folder| contents(folder.path()));
    let names: Vec<_> = first
        .iter()
        .map(|(path, _)| path.to_str().unwrap())
        .collect();
    assert_eq!(names, ["manifests/example.toml", "models/example.onnx"]);
    assert!(first == second, "the second export differs");

    // The limit for half width.
    println!("measured: half width, f16: {} bytes", written[0].size);
    assert!(written[0].size <= 5_000_000);

    let manifest = Manifest::read(&written[0].manifest).unwrap();
    let golden = manifest.golden.as_ref().unwrap();
    assert_eq!(golden.tolerance, 0.002);
    assert_eq!(golden.map.as_ref().map(Vec::len), Some(128));
    // Opening holds the network to its golden vector; one that is changed is missed.
    let open = |manifest: &Manifest| {
        diat_face::open_network(manifest, places, diat_infer::Device::Cpu, 0, &|_, _| ())
    };
    assert!(open(&manifest).is_ok());
    let mut other = manifest.clone();
    other.golden.as_mut().unwrap().outputs[0].1[5] += 0.003;
    assert!(open(&other).is_err());
    // Exporting over it is no fault.
    export(&transfer, &recipe, folders[0].path(), places).unwrap();
    assert!(contents(folders[0].path()) == second);
}

pub fn what_stands_there_and_is_not_ours_stays(places: &Places) {
    let recipe = recipe(&[]);
    let transfer = Trained::new(8).transfer(&recipe);
    let bytes = network_bytes(&transfer, &recipe, true).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for below in ["manifests", "models"] {
        std::fs::create_dir(folder.path().join(below)).unwrap();
    }
    let put = |file: &str, bytes: &[u8]| std::fs::write(folder.path().join(file), bytes).unwrap();
    let refused = |file: &str| {
        let before = contents(folder.path());
        let error = export(&transfer, &recipe, folder.path(), places).unwrap_err();
        assert!(
            matches!(&error, Error::Taken { file: found, .. } if found.ends_with(file)),
            "{error}"
        );
        assert!(
            contents(folder.path()) == before,
            "{file}: something was written"
        );
    };
    put("models/example.onnx", b"somebody's weights");
    refused("models/example.onnx");
    put("manifests/example.toml", b"somebody's notes");
    refused("manifests/example.toml");

    // An export that was killed leaves the weights it wrote.
    std::fs::remove_file(folder.path().join("manifests/example.toml")).unwrap();
    put("models/example.onnx", &bytes);
    export(&transfer, &recipe, folder.path(), places).unwrap();
    assert_eq!(contents(folder.path()).len(), 2);

    // Another effect that runs the same weights would be another one afterwards.
    let manifest = std::fs::read_to_string(folder.path().join("manifests/example.toml")).unwrap();
    let other = manifest.replace("id = \"example\"", "id = \"other\"");
    put("manifests/other.toml", other.as_bytes());
    refused("models/example.onnx");
}

pub fn a_network_that_is_not_finite_or_too_large_is_refused(places: &Places) {
    let recipe = recipe(&[]);
    let sound = Trained::new(9).transfer(&recipe);
    let folder = tempfile::tempdir().unwrap();
    let refused = |value: f32, says: &str| {
        let mut transfer = sound.clone();
        let gamma = transfer.transform.encoder[1].layer.norm.gamma.val();
        let gamma = gamma.clone() * 0.0 + value;
        transfer.transform.encoder[1].layer.norm.gamma = Param::from_tensor(gamma);
        let error = export(&transfer, &recipe, folder.path(), places)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("example: ") && error.contains(says),
            "{error}"
        );
        assert!(!folder.path().join("models").exists());
    };
    refused(f32::NAN, "the network cannot be written");
    refused(f32::INFINITY, "the network cannot be written");
}
