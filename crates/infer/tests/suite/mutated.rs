//! What the gate lets through, no runtime may die of: a panic or a signal inside one takes the host with it.

use diat_infer::{Port, golden};
use diat_onnx::emit::{Builder, Conv, Normalisation, Pool};
use diat_onnx::{Dim, Graph, List, TensorInfo, gate};
use diat_places::Places;

use super::{open_bytes, spec};

/// A small network with every operator that the emitter has.
fn every_operator() -> Vec<u8> {
    let mut net = Builder::new("every operator");
    let image = net.input("image", &[3, 8, 8]);
    let weights = net.constant("w", &[4, 3, 1, 1], &[0.1; 12]);
    let ones = net.constant("ones", &[4], &[1.0; 4]);
    let conv = net.conv("conv", image, weights, Some(ones), Conv::default());
    let by = Normalisation {
        scale: ones,
        bias: ones,
        mean: ones,
        variance: ones,
    };
    let normal = net.batch_normalisation("normal", conv, by, 1e-5);
    let slope = net.constant("slope", &[4, 1, 1], &[0.2; 4]);
    let bent = net.prelu("bent", normal, slope);
    let deep = net.depth_to_space("deep", bent, 2);
    let pool = Pool {
        kernel: [2, 2],
        strides: [2, 2],
        pads: [0; 4],
    };
    let small = net.max_pool("small", deep, pool);
    let half = net.constant("half", &[1], &[0.5]);
    let on = net.greater("on", small, half);
    let on = net.cast("on.f32", on);
    let big = net.resize_nearest("big", on, 2);
    let padded = net.pad_edge("padded", big, [1; 4]);
    net.output(padded);
    let leaky = net.leaky_relu("leaky", conv, 0.1);
    let both = net.concat("both", &[leaky, conv]);
    let mean = net.global_average_pool("mean", both);
    let flat = net.flatten("flat", mean);
    let matrix = net.constant("gemm.w", &[2, 8], &[0.3; 16]);
    let score = net.gemm("score", flat, matrix, None);
    let score = net.tanh("score.tanh", score);
    net.output(score);
    net.finish().unwrap()
}

/// SplitMix64: the same mutations on every machine.
fn random(state: &mut u64) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) % (1 << 40)) as usize
}

fn any_port(info: &TensorInfo) -> Port {
    let number = |dim: &Dim| match dim {
        Dim::Fixed(number) => usize::try_from(*number).ok(),
        Dim::Named(_) => None,
    };
    Port {
        dims: Some(info.dims.iter().skip(1).map(number).collect()),
        ..Port::any(&info.name)
    }
}

/// Opens and runs a file that passed; whether it runs does not matter, only that somebody is left to tell.
fn survive(places: &Places, graph: &Graph, bytes: &[u8]) -> bool {
    let inputs: Vec<_> = graph.inputs.iter().map(any_port).collect();
    let outputs = graph
        .outputs
        .iter()
        .map(|info| Port::any(&info.name))
        .collect();
    let spec = spec("mutated", inputs, outputs);
    let Ok(network) = open_bytes(places, &spec, bytes) else {
        return false;
    };
    let arrays: Vec<_> = spec
        .inputs
        .iter()
        .map(|port| {
            let behind = port.dims.iter().flatten().map(|dim| dim.unwrap_or(8));
            let shape: Vec<_> = std::iter::once(2).chain(behind).collect();
            (port.name.as_str(), golden::pattern(&shape, [-1.0, 1.0]))
        })
        .collect();
    let views: Vec<_> = arrays
        .iter()
        .map(|(name, array)| (*name, array.view()))
        .collect();
    network.run(&views).is_ok()
}

pub fn no_file_that_passes_the_gate_kills_the_process(places: &Places) {
    let original = every_operator();
    let (mut state, mut tried, mut ran) = (7, 0, 0);
    while tried < 400 {
        let mut bytes = original.clone();
        for _ in 0..=random(&mut state) % 3 {
            let at = random(&mut state) % bytes.len();
            // Small changes of small numbers: those that stay on the list and change what is computed.
            bytes[at] = match random(&mut state) % 4 {
                0 => bytes[at].wrapping_add(1),
                1 => bytes[at].wrapping_sub(1),
                2 => bytes[at] ^ (1 << (random(&mut state) % 8)),
                _ => [0, 1, 2, 3, 4, 8, 16, 0x7f][random(&mut state) % 8],
            };
        }
        if bytes == original {
            continue;
        }
        if let Ok(graph) = gate(&bytes, List::Effect) {
            tried += 1;
            ran += usize::from(survive(places, &graph, &bytes));
        }
    }
    println!("{ran} of {tried} mutated files ran, the others were refused with an error");
    assert!(ran > tried / 2);
}
