//! Whatever happens to the bytes of a file, the gate answers: it never panics, and it never takes long.

use diat_onnx::emit::{Builder, Conv, Normalisation, Pool};
use diat_onnx::{List, gate};

/// SplitMix64: the same mutations on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// A small network with every operator that the emitter has.
fn valid() -> Vec<u8> {
    let mut net = Builder::new("every operator");
    let image = net.input("image", &[3, 8, 8]);
    let weights = net.weights("conv.w", &[4, 3, 3, 3], &[0.1; 108]);
    let bias = net.weights("conv.b", &[4], &[0.0; 4]);
    let conv = net.conv("conv", image, weights, Some(bias), Conv::new(1, 1));
    let ones = net.constant("ones", &[4], &[1.0; 4]);
    let by = Normalisation {
        scale: ones,
        bias,
        mean: bias,
        variance: ones,
    };
    let normal = net.batch_normalisation("normal", conv, by, 1e-5);
    let slope = net.weights("slope", &[4, 1, 1], &[0.2; 4]);
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
    let mean = net.global_average_pool("mean", conv);
    let flat = net.flatten("flat", mean);
    let matrix = net.weights("gemm.w", &[2, 4], &[0.3; 8]);
    let score = net.gemm("score", flat, matrix, None);
    let score = net.sigmoid("score.sigmoid", score);
    net.output(score);
    net.finish().unwrap()
}

#[test]
fn no_mutation_makes_the_gate_panic() {
    let original = valid();
    let mut random = Random(1);
    let (mut passed, mut refused) = (0, 0);
    for round in 0..40_000 {
        let mut bytes = original.clone();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len().max(1));
            if bytes.is_empty() {
                break;
            }
            match random.below(5) {
                0 => bytes[at] ^= 1 << random.below(8),
                1 => bytes[at] = random.next() as u8,
                2 => bytes.truncate(at.max(1)),
                3 => {
                    bytes.remove(at);
                }
                _ => bytes.insert(at, [0, 0x7f, 0x80, 0xff][random.below(4)]),
            }
        }
        let list = if round % 2 == 0 {
            List::Effect
        } else {
            List::Detector
        };
        if gate(&bytes, list).is_ok() {
            passed += 1
        } else {
            refused += 1
        }
    }
    // Mutated weights are still weights: some files must pass, or the test mutates nothing that is read.
    assert!(
        passed > 1000 && refused > 10_000,
        "{passed} passed, {refused} refused"
    );
}

#[test]
fn every_beginning_of_a_file_is_refused() {
    let original = valid();
    for length in 0..original.len() {
        assert!(
            gate(&original[..length], List::Effect).is_err(),
            "the first {length} bytes passed"
        );
    }
}

#[test]
fn random_bytes_are_refused() {
    let mut random = Random(2);
    for length in 0..4000 {
        let bytes: Vec<u8> = (0..length % 97).map(|_| random.next() as u8).collect();
        assert!(gate(&bytes, List::Detector).is_err());
    }
}
