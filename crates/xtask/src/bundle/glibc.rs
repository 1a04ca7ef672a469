//! The C library that a Linux build asks for.

use std::path::Path;
use std::process::Command;

use crate::Result;

/// The newest version of glibc, such as `2.34`, of which one of these programs or libraries needs a symbol.
pub(crate) fn newest_needed(files: &[&Path]) -> Result<String> {
    let output = Command::new("readelf")
        .args(["--version-info", "--wide"])
        .args(files)
        .output()
        .map_err(|error| format!("readelf: {error}; it is part of binutils"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    newest(&text).ok_or_else(|| format!("readelf names no version of glibc in {files:?}").into())
}

fn newest(text: &str) -> Option<String> {
    let versions = text
        .split("Name: GLIBC_")
        .skip(1)
        .filter_map(|rest| rest.split_whitespace().next());
    let numbers = versions.filter_map(|version| {
        version
            .split('.')
            .map(|number| number.parse().ok())
            .collect::<Option<Vec<u32>>>()
    });
    let newest = numbers.max()?;
    let words: Vec<String> = newest.iter().map(u32::to_string).collect();
    Some(words.join("."))
}

#[cfg(test)]
mod tests {
    use super::newest;

    #[test]
    fn the_newest_by_number_counts() {
        let text = "  0x0010:   Name: GLIBC_2.3.4  Flags: none  Version: 17\n  \
                    0x0020:   Name: GLIBC_2.34  Flags: none  Version: 3\n  \
                    0x0030:   Name: GLIBC_2.4  Flags: none  Version: 16\n  \
                    0x0040:   Name: GCC_4.2.0  Flags: none  Version: 5\n";
        assert_eq!(newest(text).as_deref(), Some("2.34"));
        assert_eq!(newest("Name: GCC_4.2.0"), None);
    }
}
