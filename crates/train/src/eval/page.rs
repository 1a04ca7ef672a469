//! The report as one HTML page that needs nothing beside it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::paper;
use super::report::{Report, Row, Transfers};
use super::tables::{Table, rate, tables};

/// Strips of a report by their file names, as JPEG.
pub type Strips = BTreeMap<String, Vec<u8>>;

const STYLE: &str = include_str!("page.css");

/// The page: acceptance as a picture, every table, every strip.
#[must_use]
pub fn page(report: &Report, strips: &Strips) -> String {
    let title = match (&report.training, &report.transfer) {
        (Some(training), _) => format!("{} {}", training.label, training.version),
        (None, Some(transfers)) => transfers.attribute.replace('_', " "),
        (None, None) => "Evaluation".to_owned(),
    };
    let mut body = String::new();
    header(&mut body, report, &title);
    if let Some(transfers) = &report.transfer {
        chart(&mut body, transfers);
    }
    for table in tables(report) {
        table_html(&mut body, &table);
    }
    if let Some(transfers) = &report.transfer {
        for row in &transfers.rows {
            gallery(&mut body, row, strips);
        }
    }
    recipe(&mut body, report);
    document(&title, &body)
}

/// A page with this body.
pub(super) fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escaped(title)
    )
}

/// A JPEG in the page itself.
pub(super) fn inlined(jpeg: &[u8]) -> String {
    format!("data:image/jpeg;base64,{}", STANDARD.encode(jpeg))
}

fn header(body: &mut String, report: &Report, title: &str) {
    let data = &report.data;
    let kind = if data.drawn {
        "drawn faces"
    } else {
        "photographs"
    };
    *body += &format!("<header>\n<h1>{}</h1>\n", escaped(title));
    if let Some(training) = &report.training {
        *body += &format!("<p class=\"lead\">{}</p>\n", escaped(&training.help));
    }
    *body += "<dl>\n";
    let mut fact = |name: &str, value: &str| {
        *body += &format!("<div><dt>{name}</dt><dd>{}</dd></div>\n", escaped(value));
    };
    fact(
        "Measured on",
        &format!("{}, partition {}, {kind}", data.name, data.partition),
    );
    fact("Digest of the data", short(&data.digest));
    if let Some(training) = &report.training {
        fact(
            "Trained",
            &format!("{} rounds, seed {}", training.rounds, training.seed),
        );
    }
    if let Some(row) = report
        .transfer
        .as_ref()
        .and_then(|transfers| transfers.rows.first())
    {
        fact("Weights", short(&row.weights));
        fact("Run by", &row.runtime);
    }
    fact("Trainer", &report.code);
    *body += "</dl>\n</header>\n";
}

/// The first digits of a digest: enough to tell two apart.
fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

/// Shares before and after with their intervals, and the paper's, on one scale.
fn chart(body: &mut String, transfers: &Transfers) {
    *body += "<section>\n<h2>Edits accepted</h2>\n<div class=\"chart\">\n";
    let mut line = |name: &str, class: &str, share: f64, ends: Option<[f64; 2]>, said: &str| {
        let percent = |share: f64| 100.0 * share;
        let whisker = ends.map_or(String::new(), |[low, high]| {
            format!(
                "<i class=\"whisker\" style=\"left:{:.1}%;width:{:.1}%\"></i>",
                percent(low),
                percent(high - low)
            )
        });
        *body += &format!(
            "<div class=\"line\"><span class=\"name\">{}</span><span class=\"track\"><b class=\"{class}\" \
             style=\"width:{:.1}%\"></b>{whisker}</span><span class=\"said\">{}</span></div>\n",
            escaped(name),
            percent(share),
            escaped(said)
        );
    };
    for row in &transfers.rows {
        for (name, class, rated) in [
            (row.name.clone(), "after", &row.accepted),
            ("before the edit".to_owned(), "before", &row.before),
        ] {
            line(
                &name,
                class,
                rated.share,
                Some([rated.low, rated.high]),
                &rate(rated),
            );
        }
    }
    if let Some(task) = paper::task(&transfers.attribute, transfers.from) {
        let said = format!("{:.1}% of 2,000", 100.0 * task.accepted);
        line("the paper, on CelebA", "paper", task.accepted, None, &said);
    }
    *body += "</div>\n</section>\n";
}

pub(super) fn table_html(body: &mut String, table: &Table) {
    *body += &format!(
        "<section>\n<h2>{}</h2>\n<div class=\"wide\"><table>\n<tr>",
        escaped(&table.title)
    );
    for cell in &table.head {
        *body += &format!("<th>{}</th>", escaped(cell));
    }
    *body += "</tr>\n";
    for row in &table.rows {
        *body += "<tr>";
        for cell in row {
            let class = match cell.as_str() {
                "passed" => " class=\"passed\"",
                "missed" => " class=\"missed\"",
                "not measured" | "–" => " class=\"none\"",
                _ => "",
            };
            *body += &format!("<td{class}>{}</td>", escaped(cell));
        }
        *body += "</tr>\n";
    }
    *body += &format!(
        "</table></div>\n<p class=\"note\">{}</p>\n</section>\n",
        escaped(&table.note)
    );
}

fn gallery(body: &mut String, row: &Row, strips: &Strips) {
    let shown: Vec<_> = row
        .faces
        .iter()
        .filter_map(|face| Some((face, strips.get(&face.strip)?)))
        .collect();
    if shown.is_empty() {
        return;
    }
    *body += &format!(
        "<section>\n<h2>{}: before, after, mask</h2>\n<p class=\"note\">Cut from the pictures at their own resolution. The numbers are \
         the judge's probability of the wanted attribute before and after.</p>\n<div class=\"gallery\">\n",
        escaped(&row.name)
    );
    for (face, jpeg) in shown {
        let class = if face.after > 0.5 { "yes" } else { "no" };
        *body += &format!(
            "<figure class=\"{class}\"><img alt=\"{name}: before, after, mask\" src=\"{}\"><figcaption><span>{name}\
             </span><span>{:.2} → <strong>{:.2}</strong></span></figcaption></figure>\n",
            inlined(jpeg),
            face.before,
            face.after,
            name = escaped(&face.name),
        );
    }
    *body += "</div>\n</section>\n";
}

fn recipe(body: &mut String, report: &Report) {
    if let Some(training) = &report.training {
        let _ = write!(
            body,
            "<section>\n<details><summary>The recipe</summary>\n<pre>{}</pre>\n</details>\n</section>\n",
            escaped(&training.recipe)
        );
    }
}

pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            _ => escaped.push(letter),
        }
    }
    escaped
}
