//! Which packages are in the program and the library: their code, or code that their macros wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

use crate::{Result, cargo};

/// A package as `cargo metadata` describes it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Package {
    id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    /// An SPDX expression.
    pub(crate) license: Option<String>,
    pub(crate) repository: Option<String>,
    /// Its `Cargo.toml`.
    pub(crate) manifest_path: PathBuf,
    /// None for a package of this workspace.
    source: Option<String>,
    targets: Vec<Target>,
}

#[derive(Clone, Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

impl Package {
    fn is_macro(&self) -> bool {
        let mut kinds = self.targets.iter().flat_map(|target| &target.kind);
        kinds.any(|kind| kind == "proc-macro")
    }
}

/// The packages of others that ship on `triple`, by name and version.
///
/// `cargo tree` knows the features of this very build, which `cargo metadata` mixes with those of tests and tools. Macros run
/// at build time; those that our packages and the shipped ones call are named too, because what they write is compiled in.
pub(crate) fn packages(triple: &str) -> Result<Vec<Package>> {
    let metadata: Metadata = serde_json::from_slice(&stdout(cargo("metadata").args([
        "--locked",
        "--format-version",
        "1",
        "--filter-platform",
        triple,
    ]))?)?;
    let linked = linked(triple)?;
    let by_id: BTreeMap<&str, &Package> = metadata
        .packages
        .iter()
        .map(|package| (package.id.as_str(), package))
        .collect();
    let is_linked =
        |package: &Package| linked.contains(&(package.name.clone(), package.version.clone()));

    let mut shipped: BTreeMap<(&str, &str), &Package> = BTreeMap::new();
    for node in &metadata.resolve.nodes {
        let Some(package) = by_id
            .get(node.id.as_str())
            .filter(|package| is_linked(package))
        else {
            continue;
        };
        let macros = node
            .deps
            .iter()
            .filter(|edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_none()))
            .filter_map(|edge| by_id.get(edge.pkg.as_str()))
            .filter(|package| package.is_macro());
        for package in std::iter::once(package).chain(macros) {
            if package.source.is_some() {
                shipped.insert((&package.name, &package.version), package);
            }
        }
    }
    Ok(shipped.into_values().cloned().collect())
}

/// Name and version of all that is linked in.
fn linked(triple: &str) -> Result<BTreeSet<(String, String)>> {
    let tree = stdout(cargo("tree").args([
        "--locked",
        "--package",
        "diat",
        "--package",
        "diat-plugin",
        "--edges",
        "normal,no-proc-macro",
        "--target",
        triple,
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    let text = String::from_utf8(tree)?;
    let mut packages = BTreeSet::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let mut words = line.split(' ');
        let (name, version) = match (words.next(), words.next()) {
            (Some(name), Some(version)) => (name, version.trim_start_matches('v')),
            _ => return Err(format!("cargo tree: cannot read {line:?}").into()),
        };
        packages.insert((name.to_owned(), version.to_owned()));
    }
    Ok(packages)
}

fn stdout(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{command:?}: {}", said.trim()).into());
    }
    Ok(output.stdout)
}
