//! One page about a training, complete in itself: what it was, how its terms went, what held-out faces look like.

mod curve;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::metrics::{self, Last, Line};
use super::{About, Error, Folder, files};
use crate::recipe::Recipe;
use curve::Curve;

/// Grids shown: the newest one large, and as many before it.
const EARLIER_GRIDS: usize = 5;

/// Writes `report.html` from what lies in the folder. `phases` are names and rounds; `end` is how the training ended, in a word.
pub(super) fn write(
    folder: &Folder,
    recipe: &Recipe,
    about: &About,
    phases: &[(&'static str, u64)],
    end: &str,
) -> Result<(), Error> {
    let lines = metrics::read(&folder.file("metrics.jsonl"))?;
    let mut page = String::new();
    head(&mut page, recipe, end, phases, &lines);
    figures(&mut page, &lines);
    grids(&mut page, folder)?;
    curves(&mut page, phases, &lines);
    facts(&mut page, about, phases);
    let file = folder.file("recipe.toml");
    let text = fs::read_to_string(&file).map_err(Error::io(&file, "read"))?;
    let _ = write!(
        page,
        "<section><h2>Recipe</h2><details><summary>recipe.toml, every option filled in</summary><pre>{}</pre></details></section>\
         </main></body></html>",
        escaped(&text)
    );
    files::put(&folder.file("report.html"), page.as_bytes())
}

fn head(
    page: &mut String,
    recipe: &Recipe,
    end: &str,
    phases: &[(&'static str, u64)],
    lines: &[Line],
) {
    let rounds: u64 = phases.iter().map(|(_, rounds)| rounds).sum();
    let done = lines.last().map_or(0, |line| line.round);
    let _ = write!(
        page,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{id}: training</title><style>{style}</style></head><body><main>\
         <header><p class=\"kind\">Training of an effect</p><h1>{label}</h1><p class=\"help\">{help}</p>\
         <p><span class=\"end {end}\">{end}</span> <code>{id}</code> {version}, {done} of {rounds} rounds logged</p></header>",
        id = escaped(&recipe.id),
        label = escaped(&recipe.label),
        help = escaped(&recipe.help),
        version = escaped(&recipe.version),
        style = include_str!("report/style.css"),
    );
}

fn figures(page: &mut String, lines: &[Line]) {
    let last = lines.last();
    let figures = last.and_then(|line| line.last.as_ref());
    let _ = write!(page, "<section class=\"figures\">");
    if let Some(Last {
        psnr: Some(psnr),
        psnr_unedited: Some(unedited),
        faces: Some(faces),
        ..
    }) = figures
    {
        let note = format!("against the counterfactual, {faces} held-out faces");
        figure(page, &format!("{psnr:.2} dB"), "PSNR, edited", &note);
        figure(
            page,
            &format!("{unedited:.2} dB"),
            "PSNR, unedited",
            "the same faces left alone",
        );
        figure(
            page,
            &format!("{:+.2} dB", psnr - unedited),
            "gain",
            "edited less unedited",
        );
    }
    let seconds = last.map_or(0.0, |line| line.seconds);
    let per_round = last
        .filter(|line| line.round > 0)
        .map_or(String::new(), |line| {
            format!("{:.2} s a round", line.seconds / line.round as f64)
        });
    figure(page, &duration(seconds), "time of training", &per_round);
    if let Some(last) = figures {
        let share = format!("{:.1}%", 100.0 * last.waiting);
        figure(page, &share, "waiting for data", "of the time of training");
    }
    let skipped = last.map_or(0, |line| line.skipped);
    if skipped > 0 {
        figure(
            page,
            &skipped.to_string(),
            "rounds left out",
            "NaN or infinity in them",
        );
    }
    let _ = write!(page, "</section>");
}

fn facts(page: &mut String, about: &About, phases: &[(&'static str, u64)]) {
    let list = phases
        .iter()
        .filter(|(_, rounds)| *rounds > 0)
        .map(|(name, rounds)| format!("{name} {rounds}"))
        .collect::<Vec<_>>()
        .join(", ");
    let _ = write!(page, "<section><h2>What was run</h2><table>");
    for (name, value) in [
        ("Rounds", list),
        ("Device", about.device.clone()),
        ("Before", about.before.join(", ")),
        ("Data", about.data_folder.display().to_string()),
        ("Digest of the data", about.data.clone()),
        ("SHA-256 of the recipe", about.recipe.clone()),
        ("Seed", about.seed.to_string()),
        ("diat-train", about.code.clone()),
    ] {
        if !value.is_empty() {
            let value = escaped(&value);
            let _ = write!(page, "<tr><th>{name}</th><td>{value}</td></tr>");
        }
    }
    let _ = write!(page, "</table></section>");
}

fn figure(page: &mut String, value: &str, name: &str, note: &str) {
    let _ = write!(
        page,
        "<div class=\"figure\"><strong>{value}</strong><span>{name}</span><small>{note}</small></div>"
    );
}

fn grids(page: &mut String, folder: &Folder) -> Result<(), Error> {
    let path = folder.file("grids");
    let mut pictures = Vec::new();
    for entry in fs::read_dir(&path).map_err(Error::io(&path, "read"))? {
        let file = entry.map_err(Error::io(&path, "read"))?.path();
        let round = file
            .file_stem()
            .and_then(|stem| stem.to_str()?.parse::<u64>().ok());
        if let Some(round) = round.filter(|_| file.extension().is_some_and(|end| end == "png")) {
            pictures.push((round, file));
        }
    }
    pictures.sort();
    let Some(newest) = pictures.pop() else {
        return Ok(());
    };
    let _ = write!(
        page,
        "<section><h2>Held-out faces</h2><div class=\"faces\">"
    );
    picture(page, &newest, "newest")?;
    if !pictures.is_empty() {
        let _ = write!(page, "<div class=\"row\">");
        let shown = EARLIER_GRIDS.min(pictures.len());
        for index in 0..shown {
            // Spread over the whole training, the first one included.
            let at = index * pictures.len() / shown;
            if let Some(one) = pictures.get(at) {
                picture(page, one, "earlier")?;
            }
        }
        let _ = write!(page, "</div>");
    }
    let _ = write!(page, "</div></section>");
    Ok(())
}

fn picture(
    page: &mut String,
    (round, file): &(u64, std::path::PathBuf),
    class: &str,
) -> Result<(), Error> {
    let bytes = fs::read(file).map_err(Error::io(file, "read"))?;
    let _ = write!(
        page,
        "<figure class=\"{class}\"><img alt=\"Held-out faces after {round} rounds\" src=\"data:image/png;base64,{}\">\
         <figcaption>after {round} rounds</figcaption></figure>",
        STANDARD.encode(bytes)
    );
    Ok(())
}

fn curves(page: &mut String, phases: &[(&'static str, u64)], lines: &[Line]) {
    let mut first = 0;
    for (name, rounds) in phases.iter().filter(|(_, rounds)| *rounds > 0) {
        let mut terms: BTreeMap<&str, Curve> = BTreeMap::new();
        for line in lines.iter().filter(|line| line.phase == *name) {
            for (term, value) in &line.terms {
                let curve = terms.entry(term).or_default();
                curve.points.push([line.round as f64, *value]);
            }
        }
        if !terms.is_empty() {
            let last = first + rounds;
            let _ = write!(
                page,
                "<section><h2>Phase <em>{name}</em></h2><p class=\"note\">rounds {} to {last}; each point is the mean since the one \
                 before, the strong line their running mean</p><div class=\"curves\">",
                first + 1
            );
            for (term, curve) in terms {
                let _ = write!(
                    page,
                    "<figure><figcaption>{}</figcaption>{}</figure>",
                    escaped(term),
                    curve.svg()
                );
            }
            let _ = write!(page, "</div></section>");
        }
        first += rounds;
    }
}

fn duration(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, _) => format!("{seconds:.1} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_for_people() {
        assert_eq!(duration(3.06), "3.1 s");
        assert_eq!(duration(125.0), "2 min 5 s");
        assert_eq!(duration(7321.0), "2 h 2 min");
    }
}
