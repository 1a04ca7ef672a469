//! The C programs of this folder: each is a host that misbehaves, and must come to its end.

use std::path::Path;

use diat_tests::{Painter, Resources, plugin_library};

use crate::{as_new_user, c_program, includes, succeed};

/// Runs a program against the library, once built with today's header and once with the frozen one. The library must not print: whatever
/// appears on the error stream is its.
fn passes(name: &str) {
    let resources = Resources::new();
    Painter::default().add_to(&resources, "painter");
    let folder = tempfile::tempdir().unwrap();
    for include in includes() {
        let Some(program) = c_program(name, &include, folder.path()) else {
            return;
        };
        let data = folder.path().join("data");
        let output = succeed(
            as_new_user(&program, &data)
                .arg(plugin_library())
                .arg(resources.path()),
        );
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.trim().ends_with(" checks, 0 failures"), "{text}");
        println!("{name}, {}: {}", last(&include), text.trim());
    }
}

fn last(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn every_mistake_gets_its_status_and_the_host_lives() {
    passes("misuse");
}

#[test]
fn older_and_newer_hosts_and_pixels_at_the_end_of_memory_are_served() {
    passes("versions");
}

#[test]
fn a_panic_in_any_function_is_a_status_and_prints_nothing() {
    passes("panics");
}
