//! What the tests across crates share: the built library, the optional data, and tiny effects whose answers are known exactly.
//!
//! ```no_run
//! let resources = diat_tests::Resources::new();
//! diat_tests::Painter::default().add_to(&resources, "painter");
//! // A host that passes `resources.path()` as its resource folder now has the effect `painter`.
//! ```

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail and report as tests do"
)]

mod library;
mod networks;
mod resources;

pub use library::{plugin_library, program, root};
pub use networks::{Identity, Painter, TEMPLATE, manifest};
pub use resources::Resources;

use std::path::PathBuf;

/// The folder of optional test data: `DIAT_SHARED`, else `shared` beside the checkout. Where neither is there, says so in a line that
/// starts with `skipped: ` and gives none: the test returns.
pub fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("DIAT_SHARED").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root().join("../shared"));
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no folder of test data: set DIAT_SHARED");
    None
}

/// Whether a program is installed. Where it is not, says so in a line that starts with `skipped: `.
pub fn has_program(name: &str) -> bool {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()));
    if !found {
        println!("skipped: {name} is not installed");
    }
    found
}
