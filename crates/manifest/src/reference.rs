//! The schema as a person reads it.

use crate::schema::{Key, Need, Others, ROOTS, Section};
use crate::shape::Shape;

/// One section under its heading.
struct Listed {
    section: &'static Section,
    /// `[compose.gate]`; empty for the keys at the top of the file.
    heading: String,
    needed: bool,
    kinds: Vec<&'static str>,
}

/// The schema in Markdown: every key with what it may hold, what happens without it, and its meaning.
///
/// `manifests/README.md` holds it between two markers, and a test keeps it the same.
pub fn reference() -> String {
    let mut listed = Vec::new();
    for (kind, root) in ROOTS {
        list(root, "", kind, &mut listed);
    }
    let mut text = String::from("### At the top of the file (every kind)\n\n");
    if let Some((_, root)) = ROOTS.first() {
        text += &rows(root);
    }
    for Listed {
        section,
        heading,
        needed,
        kinds,
    } in &listed
    {
        let kinds = match kinds.len() == ROOTS.len() {
            true => "every kind".to_owned(),
            false => kinds.join(", "),
        };
        let needed = if *needed { "" } else { "May be left out.\n\n" };
        text += &format!("\n### `{heading}` ({kinds})\n\n{needed}{}", rows(section));
    }
    text
}

fn list(section: &'static Section, path: &str, kind: &'static str, listed: &mut Vec<Listed>) {
    for key in section.keys() {
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{}", key.name);
        let (section, heading) = match key.shape {
            Shape::Table(section) => (section, format!("[{path}]")),
            Shape::Tables { of, .. } => (of, format!("[[{path}]]")),
            _ => continue,
        };
        let same =
            |known: &&mut Listed| std::ptr::eq(known.section, section) && known.heading == heading;
        match listed.iter_mut().find(same) {
            Some(known) => known.kinds.push(kind),
            None => {
                let needed = matches!(key.need, Need::Required);
                listed.push(Listed {
                    section,
                    heading,
                    needed,
                    kinds: vec![kind],
                });
            }
        }
        list(section, &path, kind, listed);
    }
}

fn rows(section: &'static Section) -> String {
    let mut text = String::from("| key | holds | without it | meaning |\n|---|---|---|---|\n");
    let other = match &section.others {
        Others::Are(key) => Some(key),
        _ => None,
    };
    for key in section
        .keys()
        .chain(other)
        .filter(|key| !key.shape.is_table())
    {
        text += &row(key);
    }
    text
}

fn row(key: &Key) -> String {
    let without = match key.need {
        Need::Required => "refused".to_owned(),
        Need::Optional => "nothing".to_owned(),
        Need::Default(value) => format!("`{value}`"),
    };
    let written = match key.shape.is_written() {
        true => "; `diat check --write-digest` writes it",
        false => "",
    };
    let (name, holds, meaning) = (key.name, key.shape.allowed(), key.meaning);
    format!("| `{name}` | {holds} | {without} | {meaning}{written} |\n")
}
