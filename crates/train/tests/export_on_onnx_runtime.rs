//! Exported networks on ONNX Runtime, where `DIAT_TEST_RUNTIME` names a data folder that has it.
#![allow(clippy::print_stdout, reason = "these are tests")]

mod export;

use diat_places::Places;

/// Runs a promise of the suite on this runtime.
fn on_this_runtime(promise: fn(&Places)) {
    let Some(folder) = std::env::var_os("DIAT_TEST_RUNTIME") else {
        println!(
            "skipped: DIAT_TEST_RUNTIME names no data folder with runtime/libonnxruntime.so.VERSION"
        );
        return;
    };
    let places = Places::with_data_dir(folder.into());
    let runtime = diat_infer::runtime(&places);
    assert!(runtime.name().starts_with("ONNX Runtime"), "{runtime:?}");
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
