//! The third-party notices: every shipped package with its licence, and every licence's text once.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::shipped::Package;
use crate::Result;

/// How the names of files with a licence or a notice begin.
const NAMES: [&str; 6] = [
    "license",
    "licence",
    "unlicense",
    "copying",
    "copyright",
    "notice",
];

/// The notices as one text.
pub(crate) fn text(packages: &[Package], triple: &str) -> Result<String> {
    let mut text = format!(
        "diat for {triple} contains code of the packages below, under the licences named with them; their texts follow. Code of the\n\
         Rust standard library is in it too: see rust-standard-library.html. Models and their licences: share/diat/models.\n\n"
    );
    // Texts that differ only in white space are one.
    let mut texts: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    for package in packages {
        let title = format!("{} {}", package.name, package.version);
        let licence = package.license.as_deref().unwrap_or("see its text");
        writeln!(text, "{title}: {licence}")?;
        for file in files(package, packages)? {
            let bytes = fs::read(&file)?;
            let licence = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            let key: Vec<&str> = licence.split_whitespace().collect();
            let (_, titles) = texts
                .entry(key.join(" "))
                .or_insert_with(|| (licence.trim().to_owned(), Vec::new()));
            titles.push(title.clone());
        }
    }
    let mut texts: Vec<_> = texts.into_values().collect();
    texts.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(&b.0)));
    for (licence, mut titles) in texts {
        titles.dedup();
        let rule = "-".repeat(80);
        write!(text, "\n{rule}\n{}:\n\n{licence}\n", titles.join(", "))?;
    }
    Ok(text)
}

/// The package's own files with licences, else those of a package from the same repository.
fn files(package: &Package, packages: &[Package]) -> Result<Vec<PathBuf>> {
    let own = in_package(package)?;
    if !own.is_empty() {
        return Ok(own);
    }
    let same_repository = packages
        .iter()
        .filter(|other| other.repository.is_some() && other.repository == package.repository);
    for other in same_repository {
        let files = in_package(other)?;
        if !files.is_empty() && other.license == package.license {
            return Ok(files);
        }
    }
    Err(format!(
        "{} {}: no file with its licence, and no other package of its repository has one",
        package.name, package.version
    )
    .into())
}

fn in_package(package: &Package) -> Result<Vec<PathBuf>> {
    let folder = package.manifest_path.parent().unwrap_or(Path::new("."));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_lowercase();
        if file.is_file() && NAMES.iter().any(|start| name.starts_with(start)) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// What the toolchain says of the standard library, which is linked in.
pub(crate) fn of_standard_library() -> Result<PathBuf> {
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--print", "sysroot"])
        .output()?;
    let sysroot = String::from_utf8(output.stdout)?;
    let file = Path::new(sysroot.trim()).join("share/doc/rust/COPYRIGHT-library.html");
    if !file.is_file() {
        return Err(format!(
            "{}: not there; a toolchain of rustup has the notices of the standard library",
            file.display()
        )
        .into());
    }
    Ok(file)
}
