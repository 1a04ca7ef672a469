//! `cargo xtask test`: formatting, lints, every test on every runtime at hand, the bundle, the README's command, documentation,
//! licences.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::stages::{Stages, logged, succeeds};
use crate::{Result, bundle, cargo, fetch, libtorch, readme, root};

/// One build of everything has both devices of the trainer: a second one would compile half of the dependencies again.
/// That the trainer compiles without libtorch is for the lints to see.
const WITH_LIBTORCH: [&str; 2] = ["--features", "diat-train/libtorch"];

/// Runs everything; true if all of it passed.
pub(crate) fn run(quick: bool, long: bool) -> Result<bool> {
    let mut stages = Stages::default();
    let mut tools = None;
    stages.run("fetch", || {
        tools = Some(fetch::all()?);
        Ok(true)
    });
    let runtime = tools
        .as_ref()
        .and_then(|tools| tools.runtime_data.as_deref());
    let cargo_deny = tools.as_ref().and_then(|tools| tools.cargo_deny.as_deref());
    let mut counts = Counts::default();
    let features = if libtorch::is_laid_out() {
        &WITH_LIBTORCH[..]
    } else if !libtorch::is_pinned() {
        counts.skip("the trainer on libtorch: no pinned wheel for this platform");
        &[]
    } else if quick {
        counts.skip("the trainer on libtorch: it is not laid out (`cargo xtask libtorch`)");
        &[]
    } else {
        stages.run("libtorch", || libtorch::lay_out_default().map(|()| true));
        &WITH_LIBTORCH[..]
    };

    if !quick {
        stages.run("formatting", || {
            succeeds(cargo("fmt").args(["--all", "--check"]))
        });
        stages.run("lints", || {
            succeeds(
                cargo("clippy")
                    .args([
                        "--locked",
                        "--workspace",
                        "--all-targets",
                        "--profile",
                        "ci",
                    ])
                    .args(["--", "--deny", "warnings"]),
            )
        });
    }
    stages.run("build", || {
        succeeds(
            cargo("build")
                .args([
                    "--locked",
                    "--workspace",
                    "--all-targets",
                    "--profile",
                    "ci",
                ])
                .args(features),
        )
    });
    stages.run("tests", || counts.cargo_test(features, runtime, long));
    if !features.is_empty() {
        stages.run("the trainer on libtorch", || counts.trainer_on_libtorch());
    }
    if !quick {
        stages.run("bundle", || {
            bundle::run(&bundle::Options::of_the_tests(), &mut |reason| {
                counts.skip(reason);
            })
        });
        stages.run("README's command", readme::main_job);
        stages.run("documentation", || {
            succeeds(
                cargo("doc")
                    .args(["--locked", "--workspace", "--no-deps", "--profile", "ci"])
                    .env("RUSTDOCFLAGS", "--deny warnings"),
            )
        });
        stages.run("licences", || match cargo_deny {
            Some(program) => succeeds(
                Command::new(program)
                    .current_dir(root())
                    .args(["--locked", "check", "bans", "licenses", "sources"]),
            ),
            None => {
                counts.skip("licences: no pinned cargo-deny for this platform");
                Ok(true)
            }
        });
    }
    stages.print();
    counts.print();
    Ok(stages.passed() && counts.failed == 0)
}

/// What the test binaries said of themselves.
#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
    skipped: Vec<String>,
    /// The trainer's unit tests, once they have run.
    trainer: Option<PathBuf>,
}

impl Counts {
    fn cargo_test(
        &mut self,
        features: &[&str],
        runtime: Option<&Path>,
        long: bool,
    ) -> Result<bool> {
        let mut command = cargo("test");
        command
            .args([
                "--locked",
                "--workspace",
                "--profile",
                "ci",
                "--no-fail-fast",
            ])
            .args(features)
            .arg("--");
        // A test that finds something missing says so in a line of its own, which must be seen although it passes.
        command.arg("--show-output");
        command.env("DIAT_TEST_BUILT", "1");
        if !features.is_empty() {
            // The other device's turn comes.
            command.env("DIAT_TEST_DEVICE", "flex");
        }
        match runtime {
            Some(data) => {
                command.env("DIAT_TEST_RUNTIME", data);
            }
            None => self.skip("ONNX Runtime: no pinned library for this platform"),
        }
        if long {
            command.env("DIAT_TEST_LONG", "1");
        }
        let log = root().join("target/test.log");
        let passed = logged(&mut command, &log, |line| self.read(line))?;
        println!("the whole output is in {}", log.display());
        Ok(passed)
    }

    /// Its unit tests once more, in the same program on the other device.
    fn trainer_on_libtorch(&mut self) -> Result<bool> {
        let program = self
            .trainer
            .clone()
            .ok_or("the trainer's unit tests were not run")?;
        let mut command = Command::new(root().join(program));
        command
            .arg("--show-output")
            .current_dir(root().join("crates/train"))
            .env("DIAT_TEST_DEVICE", "libtorch");
        logged(
            &mut command,
            &root().join("target/test-libtorch.log"),
            |line| self.read(line),
        )
    }

    fn read(&mut self, line: &str) {
        // `Running unittests src/lib.rs (target/ci/deps/diat_train-0123456789abcdef)`
        if let Some((_, path)) = line.split_once("Running unittests src/lib.rs (")
            && let Some(path) = path.strip_suffix(')')
            && path.contains("diat_train-")
        {
            self.trainer = Some(path.into());
        }
        if let Some(reason) = line.trim_start().strip_prefix("skipped: ") {
            self.skip(reason);
        } else if let Some(rest) = line.strip_prefix("test result: ") {
            let number = |word: &str| -> usize {
                let before = rest.split(word).next().unwrap_or_default().trim_end();
                before
                    .rsplit(' ')
                    .next()
                    .and_then(|text| text.parse().ok())
                    .unwrap_or(0)
            };
            self.passed += number("passed");
            self.failed += number("failed");
            println!("{line}");
        } else if line.ends_with("FAILED")
            || line.contains("panicked at")
            || line.starts_with("error")
            || line.starts_with("measured: ")
            || line.trim_start().starts_with("Running ")
        {
            println!("{line}");
        }
    }

    fn skip(&mut self, reason: &str) {
        if !self.skipped.iter().any(|known| known == reason) {
            self.skipped.push(reason.to_owned());
        }
    }

    fn print(&self) {
        println!();
        for reason in &self.skipped {
            println!("skipped: {reason}");
        }
        println!(
            "{} passed, {} failed, {} skipped",
            self.passed,
            self.failed,
            self.skipped.len()
        );
    }
}
