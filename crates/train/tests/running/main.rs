//! Trainings as their users run them: the built program on a small set of drawn faces, disturbed in every way.
#![cfg(unix)]

mod disk;
mod ends;
mod killed;
mod refused;
mod support;
