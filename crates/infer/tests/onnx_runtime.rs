//! ONNX Runtime, where `DIAT_TEST_RUNTIME` names a data folder that has it.

mod suite;

use diat_infer::runtime;
use suite::{mutated, networks, operators, sharing};

/// Runs a promise of the suite on this runtime.
fn on_this_runtime(promise: fn(&diat_places::Places)) {
    let Some(places) = suite::with_runtime() else {
        return;
    };
    promise(&places);
}

#[test]
fn it_is_the_library_of_the_data_folder_that_runs() {
    let Some(places) = suite::with_runtime() else {
        return;
    };
    let runtime = runtime(&places);
    let library = places.runtime_library().unwrap().unwrap();
    assert_eq!(runtime.library(), Some(library.as_path()));
    let version = library.to_str().unwrap().rsplit(".so.").next().unwrap();
    assert_eq!(runtime.name(), format!("ONNX Runtime {version}"));
    assert!(runtime.notes().is_empty());
}

#[test]
fn every_emitted_operator_runs() {
    on_this_runtime(operators::every_emitted_operator_runs);
}

#[test]
fn a_batch_is_the_bytes_of_its_items() {
    on_this_runtime(networks::a_batch_is_the_bytes_of_its_items);
}

#[test]
fn arrays_that_do_not_fit_are_refused() {
    on_this_runtime(networks::arrays_that_do_not_fit_are_refused);
}

#[test]
fn outputs_that_are_not_finite_are_an_error_and_the_next_run_is_not() {
    on_this_runtime(networks::outputs_that_are_not_finite_are_an_error_and_the_next_run_is_not);
}

#[test]
fn a_golden_vector_that_is_missed_keeps_the_network_shut() {
    on_this_runtime(networks::a_golden_vector_that_is_missed_keeps_the_network_shut);
}

#[test]
fn a_manifest_that_says_otherwise_than_the_graph_is_refused() {
    on_this_runtime(networks::a_manifest_that_says_otherwise_than_the_graph_is_refused);
}

#[test]
fn cuda_that_is_not_there_becomes_the_processor_with_a_note() {
    on_this_runtime(networks::cuda_that_is_not_there_becomes_the_processor_with_a_note);
}

#[test]
fn the_shared_effects_run() {
    on_this_runtime(networks::the_shared_effects_run);
}

#[test]
fn the_shared_landmark_network_runs() {
    on_this_runtime(networks::the_shared_landmark_network_runs);
}

#[test]
fn the_shared_detector_runs_at_any_size() {
    on_this_runtime(networks::the_shared_detector_runs_at_any_size);
}

#[test]
fn many_who_open_at_once_share_one_network_that_is_read_once() {
    on_this_runtime(sharing::many_who_open_at_once_share_one_network_that_is_read_once);
}

#[test]
fn another_device_or_description_is_another_network() {
    on_this_runtime(sharing::another_device_or_description_is_another_network);
}

#[test]
fn bytes_that_were_not_announced_are_refused_and_the_next_try_may_pass() {
    on_this_runtime(sharing::bytes_that_were_not_announced_are_refused_and_the_next_try_may_pass);
}

#[test]
fn the_first_sets_the_threads_and_later_wishes_are_logged() {
    on_this_runtime(sharing::the_first_sets_the_threads_and_later_wishes_are_logged);
}

#[test]
fn no_file_that_passes_the_gate_kills_the_process() {
    on_this_runtime(mutated::no_file_that_passes_the_gate_kills_the_process);
}
