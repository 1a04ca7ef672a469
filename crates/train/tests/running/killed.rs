//! A training that is killed at any moment goes on from its last checkpoint as if nothing had been.

use std::time::Duration;

use diat_synth::SplitMix64;

use crate::support::{User, ran, started, wait_for};

#[test]
fn a_training_that_is_killed_again_and_again_ends_in_the_same_bytes() {
    let user = User::new();
    ran(&mut user.run("whole", &[])).expect(0, &["finished"]);
    let mut random = SplitMix64::new(11);
    let mut kills = 0;
    let mut half = 0;
    // Until it ends before it is killed.
    loop {
        let has_begun = user.path("killed/run.json").exists();
        let mut command = match has_begun {
            true => user.resume("killed"),
            false => user.run("killed", &[]),
        };
        let mut child = started(&mut command);
        // Once it has gone on by a checkpoint, so that it comes to an end, and then at any moment.
        let before = user.checkpoints("killed");
        let mut is_over = false;
        wait_for("checkpoint", || {
            is_over = child.try_wait().unwrap().is_some();
            is_over || user.checkpoints("killed") != before
        });
        if !is_over {
            std::thread::sleep(Duration::from_micros(random.next_u64() % 150_000));
            child.kill().unwrap();
        }
        if child.wait().unwrap().success() {
            break;
        }
        kills += 1;
        let sets = std::fs::read_dir(user.path("killed/checkpoints"))
            .unwrap()
            .count();
        half += sets - user.checkpoints("killed").len();
    }
    println!("{kills} kills, {half} half sets");
    assert!(kills >= 3, "{kills}");
    assert!(user.weights("killed") == user.weights("whole"));
    assert_eq!(user.metrics("killed"), user.metrics("whole"));
    let grid = |out: &str| std::fs::read(user.path(out).join("grids/000060.png")).unwrap();
    assert!(grid("killed") == grid("whole"));
    ran(&mut user.resume("killed")).expect(0, &["goes on after round 60", "finished"]);
    assert_eq!(user.metrics("killed"), user.metrics("whole"));
}
