//! The plug-in linked into a program, as `diat` has it: it shares the program's panic hook.

use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};

use diat_host::{HostOptions, Plugin, Status};

#[test]
fn panics_inside_calls_are_told_and_all_others_stay_the_programs() {
    static PRINTED: AtomicUsize = AtomicUsize::new(0);
    panic::set_hook(Box::new(|_| {
        PRINTED.fetch_add(1, Ordering::SeqCst);
    }));
    let plugin = Plugin::from_entry(diat_plugin::diat_plugin_v1, HostOptions::default()).unwrap();

    assert!(panic::catch_unwind(|| panic!("the program's")).is_err());
    let thread = std::thread::spawn(|| panic!("the program's"));
    assert!(thread.join().is_err());
    assert_eq!(PRINTED.load(Ordering::SeqCst), 2);

    let armed = plugin.open("diat-test-panic:open").unwrap_err();
    assert_eq!(armed.status(), Some(Status::Unsupported));
    let caught = plugin.open("eyeglasses-off").unwrap_err();
    assert_eq!(caught.status(), Some(Status::Internal));
    assert!(
        caught.to_string().contains("asked for by a test"),
        "{caught}"
    );
    assert_eq!(PRINTED.load(Ordering::SeqCst), 2);
}

/// A program in a checkout's `target/` finds the checkout's effects, as the library does.
#[test]
fn the_checkouts_effects_are_found() {
    let plugin = Plugin::from_entry(diat_plugin::diat_plugin_v1, HostOptions::default()).unwrap();
    assert!(plugin.effect("eyeglasses-off").is_some());
}
