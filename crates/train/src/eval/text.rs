//! The report as text.

use super::report::Report;
use super::tables::{Table, tables};

/// Widest line of a note.
const WIDTH: usize = 110;

/// All tables, columns aligned.
#[must_use]
pub fn text(report: &Report) -> String {
    let tables: Vec<String> = tables(report).iter().map(table).collect();
    tables.join("\n")
}

/// One table: title, aligned columns, note.
#[must_use]
pub fn table(table: &Table) -> String {
    let lines: Vec<&Vec<String>> = std::iter::once(&table.head).chain(&table.rows).collect();
    let columns = table.head.len();
    let wide = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(wide).collect();
    let mut text = format!("{}\n", table.title);
    for (index, line) in lines.iter().enumerate() {
        let cells: Vec<String> = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        text += &format!("  {}\n", cells.join("  ").trim_end());
        if index == 0 {
            let rules: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
            text += &format!("  {}\n", rules.join("  "));
        }
    }
    text + &wrapped(&table.note, "  ")
}

/// Lines of at most [`WIDTH`] characters, each after `indent`.
pub(super) fn wrapped(note: &str, indent: &str) -> String {
    let mut text = String::new();
    let mut line = String::new();
    for word in note.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
            text += &format!("{indent}{line}\n");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    if !line.is_empty() {
        text += &format!("{indent}{line}\n");
    }
    text
}
