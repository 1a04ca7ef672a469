//! Turns the frozen layout list, which C checks with `_Static_assert`, into const assertions about the Rust structs.

use std::{env, error::Error, fmt::Write, fs, path::Path};

const LAYOUT: &str = "layout/v1.0/layout.inc";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={LAYOUT}");
    let list = fs::read_to_string(LAYOUT)?;
    let mut code = String::new();
    for (index, line) in list.lines().enumerate() {
        if let Some(claim) = claim(line) {
            let place = format!("{LAYOUT}:{}: {line}", index + 1);
            writeln!(code, "const _: () = assert!({claim}, {place:?});")?;
        } else if !line.is_empty() && !line.starts_with("/*") && !line.starts_with(" *") {
            return Err(format!("{LAYOUT}:{}: cannot read {line:?}", index + 1).into());
        }
    }
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("layout.rs"), code)?;
    Ok(())
}

fn claim(line: &str) -> Option<String> {
    let (kind, rest) = line.strip_suffix(')')?.split_once('(')?;
    let words: Vec<&str> = rest.split(", ").collect();
    match (kind, words.as_slice()) {
        ("SIZE", [name, bytes]) => Some(format!("size_of::<{name}>() >= {bytes}")),
        ("FROZEN", [name, bytes]) => Some(format!("size_of::<{name}>() == {bytes}")),
        ("FIELD", [name, field, offset, bytes]) => Some(format!(
            "core::mem::offset_of!({name}, r#{field}) == {offset} && bytes_of(|it: &{name}| &it.r#{field}) == {bytes}"
        )),
        ("VALUE", [name, number]) => Some(format!("{name} as i64 == {number}")),
        _ => None,
    }
}
