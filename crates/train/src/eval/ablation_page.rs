//! An ablation as one HTML page.

use super::ablate::{Ablation, AblationRow, table};
use super::page::{self, Strips, escaped};

/// Width and height of the curves' drawing, and the space around for its labels.
const SIZE: (f64, f64) = (760.0, 260.0);
const LEFT: f64 = 48.0;
const BELOW: f64 = 28.0;

/// Curves, the table, and a grid for each variant.
pub(super) fn page(found: &Ablation, grids: &Strips) -> String {
    let title = format!("Ablation of {}", found.recipe);
    let mut body = format!("<header>\n<h1>{}</h1>\n</header>\n", escaped(&title));
    body += "<section>\n<h2>Edits accepted against rounds</h2>\n";
    body += &curves(found);
    body += "</section>\n";
    page::table_html(&mut body, &table(found));
    for row in &found.rows {
        if let Some(jpeg) = grids.get(&row.grid) {
            body += &format!(
                "<section>\n<h2>{name}</h2>\n<p class=\"note\">Before, after each of the {} points, the last mask.</p>\n<img class=\"grid\" \
                 alt=\"{name}: faces after each point\" src=\"{}\">\n</section>\n",
                found.rounds.len(),
                page::inlined(jpeg),
                name = row.variant.name()
            );
        }
    }
    page::document(&title, &body)
}

fn curves(found: &Ablation) -> String {
    let (width, height) = SIZE;
    let most = found.rounds.last().copied().unwrap_or(1).max(1) as f64;
    let at = |rounds: u64, share: f64| {
        let x = LEFT + (width - LEFT) * rounds as f64 / most;
        (x, (height - BELOW) * (1.0 - share) + 6.0)
    };
    let mut svg = format!(
        "<svg class=\"curves\" viewBox=\"0 0 {} {height}\" role=\"img\">\n",
        width + 90.0
    );
    for tenth in [0, 5, 10] {
        let share = f64::from(tenth) / 10.0;
        let (_, y) = at(0, share);
        svg += &format!(
            "<line class=\"rule\" x1=\"{LEFT}\" x2=\"{width}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text x=\"{}\" y=\"{:.1}\" \
             text-anchor=\"end\">{}%</text>\n",
            LEFT - 8.0,
            y + 4.0,
            tenth * 10
        );
    }
    for rounds in &found.rounds {
        let (x, _) = at(*rounds, 0.0);
        svg += &format!(
            "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{rounds}</text>\n",
            height - 4.0
        );
    }
    for (index, row) in found.rows.iter().enumerate() {
        svg += &curve(row, index, &found.rounds, &at);
    }
    svg + "</svg>\n"
}

fn curve(
    row: &AblationRow,
    index: usize,
    rounds: &[u64],
    at: &dyn Fn(u64, f64) -> (f64, f64),
) -> String {
    let points: Vec<(f64, f64)> = rounds
        .iter()
        .zip(&row.accepted)
        .map(|(rounds, rate)| at(*rounds, rate.share))
        .collect();
    let line: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    let dots: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>"))
        .collect();
    let (x, y) = points.last().copied().unwrap_or_default();
    format!(
        "<g class=\"curve c{index}\"><polyline points=\"{}\"/>{}<text x=\"{:.1}\" y=\"{:.1}\">{}</text></g>\n",
        line.join(" "),
        dots.concat(),
        x + 10.0,
        y + 4.0,
        row.variant.name()
    )
}
