//! Writing what no person should have to: size, digest and golden vector.

use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

use crate::guard::guard;
use crate::weights::hex;
use crate::{Fault, Golden};

const SAMPLES_A_LINE: usize = 8;

/// The manifest's text with its weights' size and SHA-256 and, where given, its golden vector written in, the samples to five
/// decimals. Comments and everything else stay as they are; without `golden` a golden vector that stands there stays too.
///
/// # Errors
/// A fault where the text cannot be parsed or has something else than a table in the place of `[weights]` or `[golden]`.
pub fn write_digest(
    text: &str,
    size: u64,
    sha256: &[u8; 32],
    golden: Option<&Golden>,
) -> Result<String, Fault> {
    // The same limits as for reading: `toml_edit` recurses too.
    guard(text).map_err(|refusal| fault(&refusal.found.unwrap_or_default(), refusal.allowed))?;
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| fault(error.message(), "TOML".into()))?;
    let weights = table(&mut document, "weights")?;
    set(
        weights,
        "size",
        value(i64::try_from(size).unwrap_or(i64::MAX)),
    );
    set(weights, "sha256", value(hex(sha256)));
    if let Some(golden) = golden {
        let table = table(&mut document, "golden")?;
        table.clear();
        set(table, "tolerance", value(golden.tolerance));
        if let Some(map) = &golden.map {
            set(table, "map", value(hex(map)));
        }
        for (name, samples) in &golden.outputs {
            set(table, name, value(array(samples)));
        }
    }
    Ok(document.to_string())
}

fn table<'a>(document: &'a mut DocumentMut, name: &str) -> Result<&'a mut Table, Fault> {
    let item = document
        .entry(name)
        .or_insert_with(|| Item::Table(Table::new()));
    item.as_table_mut()
        .ok_or_else(|| fault(&format!("no table [{name}]"), format!("a table [{name}]")))
}

/// Sets a value and keeps the comments around the one that stood there.
fn set(table: &mut Table, key: &str, mut item: Item) {
    if let (Some(Item::Value(old)), Item::Value(new)) = (table.get(key), &mut item) {
        *new.decor_mut() = old.decor().clone();
    }
    table.insert(key, item);
}

fn array(samples: &[f32]) -> Array {
    let mut array = Array::new();
    for (at, sample) in samples.iter().enumerate() {
        let rounded = (f64::from(*sample) * 1e5).round() / 1e5;
        let prefix = if at % SAMPLES_A_LINE == 0 {
            "\n    "
        } else {
            " "
        };
        // Adding zero turns -0 into 0.
        array.push_formatted(Value::from(rounded + 0.0).decorated(prefix, ""));
    }
    array.set_trailing_comma(true);
    array.set_trailing("\n");
    array
}

fn fault(found: &str, allowed: String) -> Fault {
    Fault {
        file: std::path::Path::new("manifest").into(),
        line: None,
        key: String::new(),
        found: found.to_owned(),
        allowed,
        advice: "run `diat check` on it first".to_owned(),
    }
}
