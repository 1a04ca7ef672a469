//! `diat validate` on our own library, which keeps every promise, and on plug-ins each of which breaks one.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail and report so"
)]

mod broken;
mod good;
mod program;
