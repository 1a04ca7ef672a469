//! Which packages a built file itself says are in it: the messages of panics name their source files.

use std::collections::BTreeSet;

/// The names with versions, as `NAME-VERSION`, of all packages of a registry whose source files `built` names.
pub(crate) fn packages(built: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(built).replace('\\', "/");
    let mut packages = BTreeSet::new();
    for rest in text.split("/registry/src/").skip(1) {
        // INDEX/NAME-VERSION/src/…
        let mut parts = rest.split('/').skip(1);
        let package = parts.next().filter(|part| part.len() < 100);
        if let (Some(package), Some(_)) = (package, parts.next()) {
            packages.insert(package.to_owned());
        }
    }
    packages
}

/// Those for which the notices have no line `NAME VERSION: …`.
pub(crate) fn unnamed<'a>(packages: &'a BTreeSet<String>, notices: &str) -> Vec<&'a str> {
    let named: BTreeSet<String> = notices
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(title, _)| title.replace(' ', "-"))
        .collect();
    packages
        .iter()
        .map(String::as_str)
        .filter(|package| !named.contains(*package))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{packages, unnamed};

    #[test]
    fn a_package_that_a_file_names_and_the_notices_do_not_is_told() {
        let built = b"\0\xff/home/ann/.cargo/registry/src/index.crates.io-1949cf8c/ort-2.0.0-rc.14/src/lib.rs\0\
            C:\\cargo\\registry\\src\\index.crates.io-1949cf8c\\half-2.7.1\\src\\lib.rs\0/registry/src/x";
        let found = packages(built);
        let names: Vec<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(names, ["half-2.7.1", "ort-2.0.0-rc.14"]);
        let notices = "ort 2.0.0-rc.14: MIT\nhalf 2.7.10: MIT\n";
        assert_eq!(unnamed(&found, notices), ["half-2.7.1"]);
    }
}
