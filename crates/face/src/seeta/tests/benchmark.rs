//! Speed, by hand, in one run: `cargo test -p diat-face --release benchmark -- --ignored --nocapture`.

use super::*;

/// The best of some runs, the two in turns.
fn best(rounds: usize, mut first: impl FnMut(), mut second: impl FnMut()) -> [f64; 2] {
    let mut best = [f64::INFINITY; 2];
    for _ in 0..rounds {
        let start = Instant::now();
        first();
        let middle = Instant::now();
        second();
        let taken = [middle - start, middle.elapsed()];
        for (best, taken) in best.iter_mut().zip(taken) {
            *best = best.min(taken.as_secs_f64());
        }
    }
    best
}

#[test]
#[ignore = "a benchmark"]
fn benchmark_against_rustface() {
    let (seeta, oracle) = (seeta(), Oracle::new());
    for (what, picture) in [
        ("drawn face 335x410", drawn(3, 335, 410)),
        ("drawn face 1 MP", drawn(3, 900, 1100)),
        ("texture 1 MP", grey(&texture(2, 1224, 816).unwrap())),
    ] {
        for threads in [1, 2] {
            let [theirs, ours] = best(
                9,
                || drop(oracle.boxes(&picture)),
                || drop(seeta.propose(&picture, threads, &|| false)),
            );
            println!(
                "{what}, {threads} threads: {:.2} ms, rustface {:.2} ms, {:.2} times as fast",
                ours * 1e3,
                theirs * 1e3,
                theirs / ours
            );
        }
    }
}
