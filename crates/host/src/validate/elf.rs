//! Which names an ELF library exports, read from its file.

const DYNAMIC_SYMBOLS: u64 = 11;
const SYMBOL_BYTES: usize = 24;

/// Names that linkers add of themselves.
const OF_LINKERS: [&str; 5] = ["_init", "_fini", "__bss_start", "_edata", "_end"];

/// The exported names of a 64-bit little-endian ELF file, without those that linkers add; none if it is no such file or says nothing
/// of its symbols.
pub(crate) fn exported(file: &[u8]) -> Option<Vec<String>> {
    if !file.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let sections = number(file, 0, 0x28, 8)?;
    let (bytes, count) = (number(file, 0, 0x3a, 2)?, number(file, 0, 0x3c, 2)?);
    let section = |index: u64| usize::try_from(sections.checked_add(index * bytes)?).ok();
    let dynamic = (0..count)
        .filter_map(section)
        .find(|&place| number(file, place, 4, 4) == Some(DYNAMIC_SYMBOLS))?;
    let symbols = contents(file, dynamic)?;
    let names = contents(file, section(number(file, dynamic, 0x28, 4)?)?)?;
    let exported = symbols
        .chunks_exact(SYMBOL_BYTES)
        .filter(|symbol| is_exported(symbol));
    let name = |symbol: &[u8]| {
        let start = usize::try_from(number(symbol, 0, 0, 4)?).ok()?;
        let name = names.get(start..)?.split(|&byte| byte == 0).next()?;
        Some(String::from_utf8_lossy(name).into_owned())
    };
    let names: Vec<String> = exported.map(name).collect::<Option<_>>()?;
    Some(
        names
            .into_iter()
            .filter(|name| !OF_LINKERS.contains(&name.as_str()))
            .collect(),
    )
}

/// Defined here, not local, and not hidden.
fn is_exported(symbol: &[u8]) -> bool {
    let (binding, visibility) = (symbol[4] >> 4, symbol[5] & 3);
    let defined = symbol[6] != 0 || symbol[7] != 0;
    defined && binding != 0 && (visibility == 0 || visibility == 3)
}

fn contents(file: &[u8], section: usize) -> Option<&[u8]> {
    let start = usize::try_from(number(file, section, 0x18, 8)?).ok()?;
    let len = usize::try_from(number(file, section, 0x20, 8)?).ok()?;
    file.get(start..start.checked_add(len)?)
}

fn number(bytes: &[u8], base: usize, offset: usize, len: usize) -> Option<u64> {
    let place = base.checked_add(offset)?;
    let bytes = bytes.get(place..place.checked_add(len)?)?;
    Some(
        bytes
            .iter()
            .rev()
            .fold(0, |number, &byte| number << 8 | u64::from(byte)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_elf_file_or_is_cut_says_nothing() {
        assert_eq!(exported(b"MZ"), None);
        assert_eq!(exported(b"\x7fELF\x02\x01"), None);
        let mut lying = vec![0xff; 256];
        lying[..6].copy_from_slice(b"\x7fELF\x02\x01");
        assert_eq!(exported(&lying), None);
    }
}
