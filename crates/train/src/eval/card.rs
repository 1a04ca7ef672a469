//! The model card, from the report alone.

use super::paper;
use super::report::{Report, Row, Training, Transfers};
use super::tables::{rate, tables};
use super::text;

/// Markdown: what it does, how it was made, on what, what it is worth, what is known to be wrong with it.
#[must_use]
pub fn card(report: &Report) -> String {
    let mut parts = Vec::new();
    if let Some(training) = &report.training {
        parts.push(head(training, report));
        parts.push(made(training));
    }
    parts.push(data(report));
    parts.push(figures(report));
    parts.push(limits(report));
    if let Some(training) = &report.training {
        parts.push(format!(
            "## Recipe\n\n```toml\n{}\n```\n",
            training.recipe.trim_end()
        ));
    }
    parts.join("\n")
}

fn head(training: &Training, report: &Report) -> String {
    let row = report
        .transfer
        .as_ref()
        .and_then(|transfers| transfers.rows.first());
    let weights = row.map_or(String::new(), |row| {
        format!(" SHA-256 of the weights `{}`.", row.weights)
    });
    format!(
        "# {} {}\n\n{}\n\nWeights `{}.onnx`. Licence {}.{weights}\n\n**Tell whoever sees the picture:** {}\n",
        training.id,
        training.version,
        training.help,
        training.id,
        training.licence,
        training.disclosure
    )
}

fn made(training: &Training) -> String {
    let mut text = format!(
        "## How it was made\n\nDIAT (arXiv 1610.05586) with `diat-train`, {} rounds, seed {}. {}. The recipe stands at the end.\n",
        training.rounds, training.seed, training.data
    );
    for remark in &training.remarks {
        text += &format!("\n{remark}\n");
    }
    text
}

fn data(report: &Report) -> String {
    let data = &report.data;
    let kind = if data.drawn {
        "drawn faces, whose counterfactuals are known"
    } else {
        "photographs"
    };
    format!(
        "## Measured on\n\n{} ({kind}), digest `{}`, partition {}: no face of it was used in training or to choose anything.\n",
        data.name, data.digest, data.partition
    )
}

fn figures(report: &Report) -> String {
    let mut text = "## Figures\n".to_owned();
    if let Some(row) = report
        .transfer
        .as_ref()
        .and_then(|transfers| transfers.rows.first())
    {
        text += &format!("\n{}\n", in_a_sentence(row));
    }
    for table in tables(report) {
        text += &format!(
            "\n### {}\n\n{}\n{}\n",
            table.title,
            markdown(&table),
            text::wrapped(&table.note, "")
        );
    }
    text
}

fn in_a_sentence(row: &Row) -> String {
    format!(
        "The judge sees the wanted attribute in {} of the edits, and in {} of the same faces before.",
        rate(&row.accepted),
        rate(&row.before)
    )
}

fn markdown(table: &super::tables::Table) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(&table.head);
    text += &format!("|{}\n", " --- |".repeat(table.head.len()));
    for row in &table.rows {
        text += &line(row);
    }
    text
}

/// What the figures themselves show to be wrong, and what holds for every edit of this kind.
fn limits(report: &Report) -> String {
    let mut lines = Vec::new();
    if let Some(transfers) = &report.transfer {
        lines.extend(of_transfers(transfers));
    }
    lines.push(
        "What replaces the changed part is made up: it says nothing about the person. Do not use it to identify, judge or deceive anyone."
            .to_owned(),
    );
    let list: Vec<String> = lines.iter().map(|line| format!("- {line}\n")).collect();
    format!("## Limits\n\n{}", list.concat())
}

fn of_transfers(transfers: &Transfers) -> Vec<String> {
    let mut lines = Vec::new();
    let Some(row) = transfers.rows.first() else {
        return lines;
    };
    let accepted = &row.accepted;
    if accepted.k < accepted.n {
        lines.push(format!(
            "{} of {} edits do not show the attribute to the judge, which itself is wrong about {} of {} real faces.",
            accepted.n - accepted.k,
            accepted.n,
            transfers.judge.accuracy.n - transfers.judge.accuracy.k,
            transfers.judge.accuracy.n
        ));
    }
    if accepted.n < 100 {
        lines.push(format!(
            "{} faces are few: the true share lies between {:.0}% and {:.0}% with 95% certainty.",
            accepted.n,
            100.0 * accepted.low,
            100.0 * accepted.high
        ));
    }
    lines.push(format!(
        "{:.1}% of the pixels outside the attribute's region change visibly.",
        100.0 * row.means.outside
    ));
    match &row.same_person {
        Some(same) if same.same.k < same.same.n => lines.push(format!(
            "{} of {} edits are no longer taken for the same person by {}.",
            same.same.n - same.same.k,
            same.same.n,
            same.network
        )),
        Some(_) => {}
        None => lines.push("Whether the person stays recognisable was not measured.".to_owned()),
    }
    if let Some(task) = paper::task(&transfers.attribute, transfers.from) {
        lines.push(format!(
            "The paper's figure for {} ({:.1}%) was measured on other pictures by another classifier: the two do not compare directly.",
            task.name,
            100.0 * task.accepted
        ));
    }
    lines
}
