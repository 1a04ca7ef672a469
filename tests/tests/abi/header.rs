//! The header and its frozen layout, as a C or C++ compiler sees them.

use std::fs;
use std::path::Path;
use std::process::Command;

use diat_tests::{has_program, root};

use crate::{WARNINGS, includes, run, said, succeed};

#[test]
fn the_header_alone_compiles_without_a_warning_in_three_languages() {
    let languages = [
        ("cc", "c", "-std=c99"),
        ("cc", "c", "-std=c11"),
        ("c++", "c++", "-std=c++17"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (compiler, language, standard) in languages {
        if !has_program(compiler) {
            continue;
        }
        let source = folder.path().join("header");
        fs::write(&source, "#include <diat/plugin.h>\n").unwrap();
        for include in includes() {
            succeed(
                Command::new(compiler)
                    .args(["-x", language, standard, "-fsyntax-only"])
                    .args(WARNINGS)
                    .arg("-I")
                    .arg(include)
                    .arg(&source),
            );
        }
    }
}

fn check_layout(include: &Path) -> std::process::Output {
    run(Command::new("cc")
        .args(["-std=c11", "-fsyntax-only", "-I"])
        .arg(include)
        .arg(root().join("plugin-abi/layout/check.c")))
}

#[test]
fn the_header_has_the_frozen_layout() {
    if !has_program("cc") {
        return;
    }
    for include in includes() {
        let output = check_layout(&include);
        assert!(output.status.success(), "{}", said(&output));
    }
}

/// What may not happen to the header within one major, and what may.
#[test]
fn a_header_that_drifts_from_the_frozen_layout_does_not_compile() {
    if !has_program("cc") {
        return;
    }
    let header = fs::read_to_string(root().join("plugin-abi/include/diat/plugin.h")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("diat")).unwrap();
    let compiles_with = |from: &str, to: &str| {
        assert_eq!(header.matches(from).count(), 1, "{from}");
        let file = folder.path().join("diat/plugin.h");
        fs::write(file, header.replace(from, to)).unwrap();
        check_layout(folder.path()).status.success()
    };
    assert!(!compiles_with(
        "  ptrdiff_t   stride;",
        "  int32_t     stride, more;"
    ));
    assert!(!compiles_with(
        "  double      neutral;",
        "  double      another, neutral;"
    ));
    assert!(!compiles_with(
        "DIAT_E_MEMORY      = -5",
        "DIAT_E_MEMORY      = -9"
    ));
    assert!(!compiles_with(
        "{ int32_t x, y, w, h; }",
        "{ int32_t x, y, w, h, d; }"
    ));
    assert!(compiles_with(
        "  size_t      icc_size;\n} diat_image;",
        "  size_t      icc_size;\n  double      appended;\n} diat_image;"
    ));
}
