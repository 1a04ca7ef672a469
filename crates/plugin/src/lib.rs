//! The plug-in behind the C ABI: the only exported symbol, and one trampoline that every call goes through.
//!
//! The contract is the header `plugin-abi/include/diat/plugin.h`. This crate checks what a host hands over, turns it into the
//! types of `diat-effects`, and turns what comes back into numbers, strings and structs of the ABI. The module `call` sees to it
//! that no panic crosses, that a failure has its number, its text and its line in the log, and that an instance in which something
//! went wrong is not used again. Nothing here knows how an effect works.
//!
//! The crate is a `cdylib` for hosts and an `rlib` for `diat`, which calls [`diat_plugin_v1`] as any host would.

mod call;
mod callbacks;
mod choices;
mod colours;
mod descriptors;
mod failure;
#[cfg(debug_assertions)]
mod faults;
mod functions;
mod host;
mod images;
mod instances;
mod layout;
mod memory;
mod message;
mod own_file;
mod panics;
mod progress;
mod report;
mod tables;
mod values;

pub use functions::diat_plugin_v1;
