//! Whether effects work for a host, and what ran them.

use diat_host::{EffectInfo, Plugin, Points, Report, Status};

use super::Broken;
use crate::apply::render_pixels;
use crate::console;
use crate::drawn;
use crate::failure::Failure;
use crate::picture::Picture;
use crate::table::aligned;
use crate::words::{code_in_words, ran};

/// Runs every effect on a drawn face whose points are given, as a host would.
pub(super) fn through_the_door(plugin: &Plugin, broken: &mut Broken) -> Result<(), Failure> {
    let (picture, points) = drawn::portrait(320, 400)?;
    let mut rows = Vec::new();
    for effect in plugin.effects() {
        let text = match render(plugin, effect, picture.clone(), points) {
            Ok((status, report)) => {
                // Notes name what was asked for and did not do.
                rows.push(vec![
                    format!("  {}", effect.id),
                    told(status, report.as_ref()),
                ]);
                let notes = report.map(|report| report.notes).unwrap_or_default();
                rows.extend(notes.into_iter().map(|note| vec![String::new(), note]));
                continue;
            }
            Err(error) => format!("{}: {error}", effect.id),
        };
        broken.add(text);
        rows.push(vec![format!("  {}", effect.id), "broken".to_owned()]);
    }
    console::print(&format!(
        "effects through the plug-in, on a drawn face:\n{}",
        aligned(&rows)
    ));
    Ok(())
}

fn render(
    plugin: &Plugin,
    effect: &EffectInfo,
    mut picture: Picture,
    points: Points,
) -> Result<(Status, Option<Report>), diat_host::Error> {
    let mut instance = plugin.open(&effect.id)?;
    instance.set_points(Some(&[points]))?;
    let defaults = effect.defaults();
    let status = render_pixels(
        &mut picture,
        &mut instance,
        effect,
        defaults,
        &mut |_, _| true,
    )?;
    Ok((status, instance.report()))
}

fn told(status: Status, report: Option<&Report>) -> String {
    let changed = if status == Status::Unchanged {
        "unchanged"
    } else {
        "edited"
    };
    let Some(report) = report else {
        return format!("{changed}; it does not report what ran");
    };
    let codes: Vec<String> = report
        .faces
        .iter()
        .map(|face| code_in_words(face.code))
        .collect();
    let what = if status == Status::Unchanged {
        codes.join(", ")
    } else {
        changed.to_owned()
    };
    format!(
        "{what}: {}",
        ran(report).unwrap_or("no network ran".to_owned())
    )
}
