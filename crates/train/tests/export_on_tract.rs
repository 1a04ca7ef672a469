//! Exported networks on tract, which runs where nothing is installed.

mod export;

use std::path::PathBuf;

use diat_places::Places;

/// Runs a promise of the suite on this runtime.
fn on_this_runtime(promise: fn(&Places)) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no-runtime");
    let places = Places::with_data_dir(folder);
    assert_eq!(diat_infer::runtime(&places).name(), "tract");
    promise(&places);
}

#[test]
fn f32_weights_answer_as_burn_does() {
    on_this_runtime(export::f32_weights_answer_as_burn_does);
}

#[test]
fn f16_weights_differ_by_at_most_a_grey_level() {
    on_this_runtime(export::f16_weights_differ_by_at_most_a_grey_level);
}

#[test]
fn a_batch_of_eight_is_eight_batches_of_one() {
    on_this_runtime(export::a_batch_of_eight_is_eight_batches_of_one);
}

#[test]
fn a_judge_answers_as_burn_does() {
    on_this_runtime(export::a_judge_answers_as_burn_does);
}

#[test]
fn two_exports_are_the_same_bytes_and_meet_the_manifest() {
    on_this_runtime(export::two_exports_are_the_same_bytes_and_meet_the_manifest);
}

#[test]
fn what_stands_there_and_is_not_ours_stays() {
    on_this_runtime(export::what_stands_there_and_is_not_ours_stays);
}

#[test]
fn a_network_that_is_not_finite_or_too_large_is_refused() {
    on_this_runtime(export::a_network_that_is_not_finite_or_too_large_is_refused);
}
