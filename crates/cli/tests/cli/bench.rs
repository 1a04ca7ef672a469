//! `bench`.

use crate::support::User;

#[test]
fn json_has_every_stage_and_the_bare_network_beside_it() {
    let user = User::new();
    let size = ["--size", "640x800"];
    let bench = [
        &["bench", "eyeglasses-off", "--runs", "3", "--json"][..],
        &size,
    ]
    .concat();
    let ran = user.diat(&bench).expect(0, &[]);
    let figures: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let stages = figures["stages"].as_array().unwrap();
    for stage in [
        "decode",
        "detect",
        "landmarks",
        "warp",
        "network",
        "composite",
        "encode",
    ] {
        let row = stages.iter().find(|row| row["name"] == stage);
        let median =
            row.unwrap_or_else(|| panic!("{stage} is missing: {ran:?}"))["median_ms"].as_f64();
        // Nothing is remembered from the run before: the network takes its time in every one.
        assert!(
            median > Some(0.0) && (stage != "network" || median > Some(0.5)),
            "{stage}: {ran:?}"
        );
    }
    assert_eq!(figures["faces_edited"], 1);
    assert_eq!(figures["runtime"], "tract");
    assert!(figures["bare_network"]["median_ms"].as_f64() > Some(0.0));
    let ratio = figures["network_over_bare"].as_f64().unwrap();
    assert!(ratio > 0.2 && ratio < 20.0, "{ratio}");
}

#[test]
fn the_table_is_for_people() {
    let user = User::new();
    let ran = user.diat(&[
        "bench",
        "eyeglasses-off",
        "--runs",
        "1",
        "--size",
        "640x800",
    ]);
    let ran = ran.expect(0, &[]);
    for part in [
        "MEDIAN ms",
        "network",
        "bare network",
        "over the bare network",
    ] {
        assert!(ran.stdout.contains(part), "{part:?} is not in {ran:?}");
    }
}
