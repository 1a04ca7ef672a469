//! Trainings as their users run them: the built program on a small set of drawn faces, disturbed in every way.
#![cfg(unix)]
#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod disk;
mod ends;
mod killed;
mod refused;
mod support;
