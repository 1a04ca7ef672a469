//! Every operator that the emitter writes, against sums done here in the plainest way.

use diat_infer::{Port, golden};
use diat_onnx::emit::{Builder, Conv, Normalisation, Pool, Value};
use diat_places::Places;
use ndarray::{ArrayD, ArrayView4, ArrayViewD, Ix4, IxDyn};

use super::{open_bytes, run, spec};

/// Channels, height and width of the input.
const SIZE: [usize; 3] = [4, 6, 8];

/// What is to be computed, as a network and as a function of one value: its index and the input.
struct Case {
    name: &'static str,
    build: fn(&mut Builder, Value) -> Value,
    /// Dims of the output behind the batch.
    dims: &'static [usize],
    expected: fn(&[usize], &ArrayView4<'_, f32>) -> f32,
}

fn ramp(count: usize, scale: f32) -> Vec<f32> {
    (0..count)
        .map(|index| (index as f32 * 0.37).sin() * scale)
        .collect()
}

fn per_channel(channel: usize) -> f32 {
    ramp(4, 1.0)[channel]
}

/// The value at a place, 0 outside.
fn padded(x: &ArrayView4<'_, f32>, channel: usize, y: isize, x_: isize) -> f32 {
    match (usize::try_from(y), usize::try_from(x_)) {
        (Ok(y), Ok(x_)) => x.get((0, channel, y, x_)).copied().unwrap_or(0.0),
        _ => 0.0,
    }
}

fn weights_of(net: &mut Builder, dims: &[usize]) -> Value {
    let values = ramp(dims.iter().product(), 0.5);
    net.weights("w", dims, &values)
}

fn convolution(at: &[usize], x: &ArrayView4<'_, f32>) -> f32 {
    let w = ArrayD::from_shape_vec(IxDyn(&[2, 4, 3, 3]), ramp(72, 0.5)).unwrap();
    let mut sum = 0.0;
    for c in 0..4 {
        for ky in 0..3 {
            for kx in 0..3 {
                let (y, x_) = ((2 * at[1] + ky) as isize - 1, (2 * at[2] + kx) as isize);
                sum += w[[at[0], c, ky, kx]] * padded(x, c, y, x_);
            }
        }
    }
    sum + [0.25, -0.5][at[0]]
}

fn grouped(at: &[usize], x: &ArrayView4<'_, f32>) -> f32 {
    let w = ArrayD::from_shape_vec(IxDyn(&[4, 1, 3, 3]), ramp(36, 0.5)).unwrap();
    let taps = (0..9).map(|tap| (tap / 3, tap % 3));
    taps.map(|(ky, kx)| w[[at[0], 0, ky, kx]] * x[[0, at[0], at[1] + ky, at[2] + kx]])
        .sum()
}

fn matrix(at: &[usize], x: &ArrayView4<'_, f32>) -> f32 {
    let w = ramp(3 * 192, 0.5);
    x.iter()
        .zip(&w[192 * at[0]..])
        .map(|(x, w)| x * w)
        .sum::<f32>()
        + [1.0, 2.0, 3.0][at[0]]
}

fn two(net: &mut Builder) -> Value {
    net.constant("two", &[1, 4, 1, 1], &ramp(4, 1.0))
}

const CASES: &[Case] = &[
    Case {
        name: "Conv with pads, strides and bias",
        build: |net, x| {
            let w = weights_of(net, &[2, 4, 3, 3]);
            let b = net.weights("b", &[2], &[0.25, -0.5]);
            net.conv(
                "out",
                x,
                w,
                Some(b),
                Conv {
                    pads: [1, 0, 1, 1],
                    strides: [2, 2],
                    group: 1,
                },
            )
        },
        dims: &[2, 3, 4],
        expected: convolution,
    },
    Case {
        name: "Conv in groups",
        build: |net, x| {
            let w = weights_of(net, &[4, 1, 3, 3]);
            net.conv(
                "out",
                x,
                w,
                None,
                Conv {
                    group: 4,
                    ..Conv::default()
                },
            )
        },
        dims: &[4, 4, 6],
        expected: grouped,
    },
    Case {
        name: "PRelu",
        build: |net, x| {
            let slope = net.weights("slope", &[4, 1, 1], &ramp(4, 1.0));
            net.prelu("out", x, slope)
        },
        dims: &SIZE,
        expected: |at, x| {
            let x = x[[0, at[0], at[1], at[2]]];
            if x > 0.0 { x } else { per_channel(at[0]) * x }
        },
    },
    Case {
        name: "LeakyRelu",
        build: |net, x| net.leaky_relu("out", x, 0.2),
        dims: &SIZE,
        expected: |at, x| {
            let x = x[[0, at[0], at[1], at[2]]];
            if x > 0.0 { x } else { 0.2 * x }
        },
    },
    Case {
        name: "Relu",
        build: |net, x| net.relu("out", x),
        dims: &SIZE,
        expected: |at, x| x[[0, at[0], at[1], at[2]]].max(0.0),
    },
    Case {
        name: "Sigmoid",
        build: |net, x| net.sigmoid("out", x),
        dims: &SIZE,
        expected: |at, x| 1.0 / (1.0 + (-x[[0, at[0], at[1], at[2]]]).exp()),
    },
    Case {
        name: "Tanh",
        build: |net, x| net.tanh("out", x),
        dims: &SIZE,
        expected: |at, x| x[[0, at[0], at[1], at[2]]].tanh(),
    },
    Case {
        name: "Add that spreads",
        build: |net, x| {
            let two = two(net);
            net.add("out", x, two)
        },
        dims: &SIZE,
        expected: |at, x| x[[0, at[0], at[1], at[2]]] + per_channel(at[0]),
    },
    Case {
        name: "Sub that spreads",
        build: |net, x| {
            let two = two(net);
            net.sub("out", x, two)
        },
        dims: &SIZE,
        expected: |at, x| x[[0, at[0], at[1], at[2]]] - per_channel(at[0]),
    },
    Case {
        name: "Mul that spreads",
        build: |net, x| {
            let two = two(net);
            net.mul("out", x, two)
        },
        dims: &SIZE,
        expected: |at, x| x[[0, at[0], at[1], at[2]]] * per_channel(at[0]),
    },
    Case {
        name: "Greater and Cast",
        build: |net, x| {
            let two = two(net);
            let on = net.greater("on", x, two);
            net.cast("out", on)
        },
        dims: &SIZE,
        expected: |at, x| f32::from(x[[0, at[0], at[1], at[2]]] > per_channel(at[0])),
    },
    Case {
        name: "Concat",
        build: |net, x| {
            let y = net.tanh("y", x);
            net.concat("out", &[x, y])
        },
        dims: &[8, 6, 8],
        expected: |at, x| {
            let value = x[[0, at[0] % 4, at[1], at[2]]];
            if at[0] < 4 { value } else { value.tanh() }
        },
    },
    Case {
        name: "DepthToSpace in the order CRD",
        build: |net, x| net.depth_to_space("out", x, 2),
        dims: &[1, 12, 16],
        expected: |at, x| x[[0, at[1] % 2 * 2 + at[2] % 2, at[1] / 2, at[2] / 2]],
    },
    Case {
        name: "Resize to the nearest",
        build: |net, x| net.resize_nearest("out", x, 3),
        dims: &[4, 18, 24],
        expected: |at, x| x[[0, at[0], at[1] / 3, at[2] / 3]],
    },
    Case {
        name: "Pad with the edge",
        build: |net, x| net.pad_edge("out", x, [1, 2, 3, 0]),
        dims: &[4, 10, 10],
        expected: |at, x| {
            x[[
                0,
                at[0],
                at[1].saturating_sub(1).min(5),
                at[2].saturating_sub(2).min(7),
            ]]
        },
    },
    Case {
        name: "MaxPool with pads",
        build: |net, x| {
            net.max_pool(
                "out",
                x,
                Pool {
                    kernel: [3, 2],
                    strides: [2, 2],
                    pads: [1, 0, 0, 0],
                },
            )
        },
        dims: &[4, 3, 4],
        expected: |at, x| {
            let rows = (2 * at[1]).saturating_sub(1)..2 * at[1] + 2;
            let cells = rows.flat_map(|y| [(y, 2 * at[2]), (y, 2 * at[2] + 1)]);
            cells
                .map(|(y, x_)| x[[0, at[0], y, x_]])
                .fold(f32::MIN, f32::max)
        },
    },
    Case {
        name: "GlobalAveragePool",
        build: |net, x| net.global_average_pool("out", x),
        dims: &[4, 1, 1],
        expected: |at, x| x.slice(ndarray::s![0, at[0], .., ..]).mean().unwrap(),
    },
    Case {
        name: "Flatten and Gemm",
        build: |net, x| {
            let flat = net.flatten("flat", x);
            let w = weights_of(net, &[3, 192]);
            let b = net.weights("b", &[3], &[1.0, 2.0, 3.0]);
            net.gemm("out", flat, w, Some(b))
        },
        dims: &[3],
        expected: matrix,
    },
    Case {
        name: "BatchNormalization",
        build: |net, x| {
            let vector = |net: &mut Builder, name: &str, plus: f32| {
                let values: Vec<f32> = ramp(4, 0.5).iter().map(|value| value + plus).collect();
                net.weights(name, &[4], &values)
            };
            let by = Normalisation {
                scale: vector(net, "scale", 1.0),
                bias: vector(net, "bias", 2.0),
                mean: vector(net, "mean", 0.0),
                variance: vector(net, "variance", 3.0),
            };
            net.batch_normalisation("out", x, by, 0.5)
        },
        dims: &SIZE,
        expected: |at, x| {
            let half = per_channel(at[0]) * 0.5;
            (x[[0, at[0], at[1], at[2]]] - half) / (half + 3.5).sqrt() * (half + 1.0) + half + 2.0
        },
    },
];

/// Largest difference between a network's answer and the sums done here.
fn difference(case: &Case, made: ArrayViewD<'_, f32>, input: &ArrayView4<'_, f32>) -> f32 {
    let dims = [&[1], case.dims].concat();
    assert_eq!(made.shape(), dims, "{}", case.name);
    let one = |(at, made): (IxDyn, &f32)| {
        (made - (case.expected)(&ndarray::Dimension::slice(&at)[1..], input)).abs()
    };
    made.indexed_iter().map(one).fold(0.0, f32::max)
}

/// Builds, opens and runs each case, with f32 weights and with f16 weights (whose rounding is part of the answer).
pub fn every_emitted_operator_runs(places: &Places) {
    let input = golden::pattern(&[1, SIZE[0], SIZE[1], SIZE[2]], [-2.0, 2.0]);
    for (half, allowed) in [(false, 2e-5), (true, 2e-2)] {
        for case in CASES {
            let mut net = Builder::new("case");
            if half {
                net.half_weights();
            }
            let x = net.input("x", &SIZE);
            let out = (case.build)(&mut net, x);
            net.output(out);
            let bytes = net.finish().unwrap();
            let [c, h, w] = SIZE;
            let spec = spec(
                case.name,
                vec![Port::picture("x", c, h, w)],
                vec![Port::any("out")],
            );
            let network = open_bytes(places, &spec, &bytes).unwrap();
            let made = run(&network, "x", input.view());
            let four = input.view().into_dimensionality::<Ix4>().unwrap();
            let difference = difference(case, made[0].view(), &four);
            assert!(difference <= allowed, "{}: off by {difference}", case.name);
        }
    }
}
