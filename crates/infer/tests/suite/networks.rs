//! What holds for whole networks on every runtime.

use diat_infer::{Accelerator, Device, Error, Port, Spec, golden};
use diat_onnx::List;
use diat_onnx::emit::{Builder, Conv};
use diat_places::Places;
use ndarray::{Axis, concatenate};

use super::{array, open_bytes, open_on, run, shared, spec};

/// image N×3×8×8 and amount N×1×1×1 → out = conv(image) · amount.
pub fn scaled() -> (Spec, Vec<u8>) {
    let mut net = Builder::new("scaled");
    let image = net.input("image", &[3, 8, 8]);
    let amount = net.input("amount", &[1, 1, 1]);
    let weights: Vec<f32> = (0..27 * 4).map(|index| (index as f32).cos()).collect();
    let weights = net.weights("w", &[4, 3, 3, 3], &weights);
    let conv = net.conv("conv", image, weights, None, Conv::new(1, 1));
    let out = net.mul("out", conv, amount);
    net.output(out);
    let inputs = vec![
        Port::picture("image", 3, 8, 8),
        Port::picture("amount", 1, 1, 1),
    ];
    (
        spec("scaled", inputs, vec![Port::picture("out", 4, 8, 8)]),
        net.finish().unwrap(),
    )
}

/// The spec of the two shared effects.
pub fn effect(id: &str) -> Spec {
    let outputs = vec![
        Port::picture("transformed", 3, 128, 128),
        Port::picture("mask", 1, 128, 128),
    ];
    spec(id, vec![Port::picture("image", 3, 128, 128)], outputs)
}

pub fn a_batch_is_the_bytes_of_its_items(places: &Places) {
    let (spec, bytes) = scaled();
    let network = open_bytes(places, &spec, &bytes).unwrap();
    let images = golden::pattern(&[3, 3, 8, 8], [-1.0, 1.0]);
    let amounts = array(&[3, 1, 1, 1], vec![0.5, -1.0, 3.0]);
    let batch = network
        .run(&[("amount", amounts.view()), ("image", images.view())])
        .unwrap();
    let single = |item: usize| {
        let image = images.index_axis(Axis(0), item).insert_axis(Axis(0));
        let amount = amounts.index_axis(Axis(0), item).insert_axis(Axis(0));
        network
            .run(&[("image", image), ("amount", amount)])
            .unwrap()
            .remove(0)
    };
    let items = [single(0), single(1), single(2)];
    let joined = concatenate(Axis(0), &items.each_ref().map(|item| item.view())).unwrap();
    assert_eq!(batch[0], joined);
    assert_ne!(items[0], items[1]);
}

pub fn arrays_that_do_not_fit_are_refused(places: &Places) {
    let (spec, bytes) = scaled();
    let network = open_bytes(places, &spec, &bytes).unwrap();
    let (image, amount) = (
        array(&[1, 3, 8, 8], vec![0.0; 192]),
        array(&[1, 1, 1, 1], vec![1.0]),
    );
    let small = array(&[1, 3, 4, 8], vec![0.0; 96]);
    let two = array(&[2, 1, 1, 1], vec![1.0; 2]);
    let none = array(&[0, 3, 8, 8], Vec::new());
    let attempts = [
        (vec![("image", image.view())], "amount"),
        (
            vec![("image", small.view()), ("amount", amount.view())],
            "image",
        ),
        (
            vec![("image", image.view()), ("amount", two.view())],
            "amount",
        ),
        (
            vec![("image", none.view()), ("amount", amount.view())],
            "image",
        ),
        (
            vec![
                ("image", image.view()),
                ("image", image.view()),
                ("amount", amount.view()),
            ],
            "image",
        ),
        (
            vec![
                ("image", image.view()),
                ("amount", amount.view()),
                ("x", amount.view()),
            ],
            "x",
        ),
    ];
    for (inputs, wrong) in attempts {
        let error = network.run(&inputs).unwrap_err();
        assert!(
            matches!(&error, Error::Input { name, .. } if name == wrong),
            "{error}"
        );
    }
}

pub fn outputs_that_are_not_finite_are_an_error_and_the_next_run_is_not(places: &Places) {
    let (spec, bytes) = scaled();
    let network = open_bytes(places, &spec, &bytes).unwrap();
    let image = golden::pattern(&[1, 3, 8, 8], [1e30, 2e30]);
    let with = |amount: f32| {
        let amount = array(&[1, 1, 1, 1], vec![amount]);
        network.run(&[("image", image.view()), ("amount", amount.view())])
    };
    let error = with(1e30).unwrap_err().to_string();
    assert!(
        error.contains("CPU: output \"out\" holds") && error.contains("inf"),
        "{error}"
    );
    assert!(with(1e-30).is_ok());
}

pub fn a_golden_vector_that_is_missed_keeps_the_network_shut(places: &Places) {
    let (mut spec, bytes) = scaled();
    let network = open_bytes(places, &spec, &bytes).unwrap();
    let golden = network.measure_golden(None).unwrap();
    spec.golden = Some(golden.clone());
    let proved = open_bytes(places, &spec, &bytes).unwrap();
    assert!(proved.seconds().golden > 0.0 && network.seconds().golden == 0.0);

    let mut wrong = golden;
    wrong.outputs[0].1[63] += 0.003;
    spec.golden = Some(wrong);
    let error = open_bytes(places, &spec, &bytes).unwrap_err().to_string();
    assert!(
        error.contains("CPU: it misses the golden vector: output \"out\" is off by"),
        "{error}"
    );
}

pub fn a_manifest_that_says_otherwise_than_the_graph_is_refused(places: &Places) {
    let (right, bytes) = scaled();
    let refused = |change: fn(&mut Spec), wrong: &str| {
        let mut spec = right.clone();
        change(&mut spec);
        let error = open_bytes(places, &spec, &bytes).unwrap_err();
        assert!(
            matches!(&error, Error::Port { name, .. } if name == wrong),
            "{error}"
        );
    };
    refused(
        |spec| spec.inputs[0] = Port::picture("image", 3, 16, 16),
        "image",
    );
    refused(
        |spec| spec.inputs[0] = Port::dynamic_picture("image", 3),
        "image",
    );
    refused(|spec| spec.inputs[0] = Port::vector("image", 3), "image");
    refused(|spec| spec.inputs.truncate(1), "amount");
    refused(
        |spec| spec.outputs[0] = Port::picture("mask", 4, 8, 8),
        "mask",
    );
    refused(
        |spec| spec.outputs[0] = Port::picture("out", 3, 8, 8),
        "out",
    );
    let mut detector = right.clone();
    detector.list = List::Detector;
    assert!(open_bytes(places, &detector, &bytes).is_ok());
}

pub fn cuda_that_is_not_there_becomes_the_processor_with_a_note(places: &Places) {
    let (mut spec, bytes) = scaled();
    let network = open_on(places, &spec, &bytes, Device::Cuda(0), 1).unwrap();
    let ran = network.ran();
    assert_eq!(ran.device, "CPU");
    assert!(
        ran.notes
            .iter()
            .any(|note| note.contains("cuda:0") || note.contains("CUDA:0")),
        "{ran:?}"
    );
    spec.denied.push(Accelerator::Cuda);
    let denied = open_on(places, &spec, &bytes, Device::Cuda(0), 1)
        .unwrap()
        .ran();
    assert!(
        denied.notes.iter().any(|note| note.contains("denies CUDA")),
        "{denied:?}"
    );
    let auto = open_on(places, &spec, &bytes, Device::Auto, 1)
        .unwrap()
        .ran();
    assert_eq!((auto.device.as_str(), auto.notes.len()), ("CPU", 0));
}

pub fn the_shared_effects_run(places: &Places) {
    for id in ["eyeglasses-off", "mouth-open"] {
        let Some(bytes) = shared(&format!("{id}.onnx")) else {
            return;
        };
        let network = open_bytes(places, &effect(id), &bytes).unwrap();
        let outputs = run(
            &network,
            "image",
            golden::pattern(&[1, 3, 128, 128], [-1.0, 1.0]).view(),
        );
        let in_range = |index: usize, low: f32, high: f32| {
            outputs[index]
                .iter()
                .all(|value| (low..=high).contains(value))
        };
        assert!(
            in_range(0, -1.0, 1.0) && in_range(1, -1e-6, 1.0 + 1e-6),
            "{id}"
        );
        let golden = network.measure_golden(Some("mask")).unwrap();
        assert_eq!(
            (golden.outputs.len(), golden.map.unwrap().1.len()),
            (1, 128)
        );
    }
}

pub fn the_shared_landmark_network_runs(places: &Places) {
    let Some(bytes) = shared("landmarks.onnx") else {
        return;
    };
    let outputs = vec![Port::vector("points", 10), Port::vector("confidence", 1)];
    let spec = spec(
        "landmarks",
        vec![Port::picture("image", 3, 96, 96)],
        outputs,
    );
    let network = open_bytes(places, &spec, &bytes).unwrap();
    let outputs = run(
        &network,
        "image",
        golden::pattern(&[1, 3, 96, 96], [-1.0, 1.0]).view(),
    );
    assert!(outputs[1][[0, 0]] < 0.5, "a test pattern is no face");
}

/// The spec of the shared detector.
pub fn detector() -> Spec {
    let names = ["cls", "obj", "bbox", "kps"];
    let name = |(name, stride): (&str, u32)| Port::any(&format!("{name}_{stride}"));
    let outputs = names
        .iter()
        .flat_map(|n| [(*n, 8), (*n, 16), (*n, 32)])
        .map(name)
        .collect();
    let input = Port::dynamic_picture("input", 3).range([0.0, 255.0]);
    Spec {
        list: List::Detector,
        ..spec("yunet", vec![input], outputs)
    }
}

/// Two sizes, one after the other: height and width are dynamic.
pub fn the_shared_detector_runs_at_any_size(places: &Places) {
    let Some(bytes) = shared("yunet.onnx") else {
        return;
    };
    let network = open_bytes(places, &detector(), &bytes).unwrap();
    for (height, width) in [(320, 320), (96, 160), (320, 320)] {
        let outputs = run(
            &network,
            "input",
            golden::pattern(&[1, 3, height, width], [0.0, 255.0]).view(),
        );
        let cells = |stride: usize| (height / stride) * (width / stride);
        assert_eq!(outputs[0].shape(), [1, cells(8), 1]);
        assert_eq!(outputs[11].shape(), [1, cells(32), 10]);
    }
}
