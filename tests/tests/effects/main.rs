//! The main job through the C ABI: where an edit lands, which bytes it leaves alone, what a render depends on, and what a
//! manifest alone decides.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy takes the helpers of tests for product code"
)]

mod bad_networks;
mod bytes;
mod cancel;
mod colour;
mod drop_in;
mod faces;
mod landing;
mod memory;
mod rules;
mod show;
mod stage;
