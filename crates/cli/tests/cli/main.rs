//! `diat` as its users run it: the built program, in folders of its own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail as tests do, and tell what they skip"
)]

mod bad_models;
mod bad_pictures;
mod bad_places;
mod bench;
mod check;
mod colour;
mod doctor;
mod effects;
mod failures;
mod foreign;
#[cfg(feature = "heif")]
mod heif;
mod info;
mod inks;
mod interrupt;
mod jpeg;
mod keeping;
mod killed;
mod masks;
mod metadata;
mod naming;
mod orientation;
mod record;
mod runtime;
mod support;
mod tiff;
mod untouched;
mod use_of_options;
mod xmp;
