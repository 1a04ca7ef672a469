//! The report's tables, for text and page alike.

use super::bar::mask_bars;
use super::paper::{self, Enlarger};
use super::report::{Hallucination, Report, RoundTrip, Row, Transfers};
use super::statistics::Rate;

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// Names of the columns.
    pub head: Vec<String>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<String>>,
    /// What a reader must know: what was measured how.
    pub note: String,
}

/// Where a number is not there.
const NONE: &str = "–";
const NOT_MEASURED: &str = "not measured";

/// All tables that the report fills, the paper's first.
#[must_use]
pub fn tables(report: &Report) -> Vec<Table> {
    let mut tables = Vec::new();
    if let Some(transfers) = &report.transfer {
        tables.push(acceptance(report, transfers));
        tables.push(same_person(transfers));
        tables.push(round_trip(transfers));
        tables.push(beyond(transfers, report.data.drawn));
        if transfers.rows.iter().any(|row| row.truth.is_some()) {
            tables.push(truth(transfers));
            tables.extend(bars(transfers));
        }
    }
    tables.extend(report.hallucination.as_ref().map(hallucination));
    tables
}

/// k of n with its share and interval.
#[must_use]
pub fn rate(rate: &Rate) -> String {
    if rate.n == 0 {
        return NONE.into();
    }
    let percent = |share: f64| format!("{:.1}", 100.0 * share);
    format!(
        "{} of {} = {}% [{}, {}]",
        rate.k,
        rate.n,
        percent(rate.share),
        percent(rate.low),
        percent(rate.high)
    )
}

fn acceptance(report: &Report, transfers: &Transfers) -> Table {
    let judge = &transfers.judge;
    let reported = paper::task(&transfers.attribute, transfers.from);
    let paper = reported.map_or(NONE.into(), |task| percent(task.accepted));
    let rows = transfers.rows.iter().map(|row| {
        vec![
            row.name.clone(),
            rate(&row.before),
            rate(&row.accepted),
            paper.clone(),
        ]
    });
    let wanted = if transfers.from { "without" } else { "with" };
    let wider = if judge.wider > 1.0 {
        format!(", {} times as wide as the effect's", judge.wider)
    } else {
        String::new()
    };
    Table {
        title: "Table V · edits in which a classifier sees the wanted attribute".into(),
        head: strings(["effect", "before the edit", "after the edit", "paper"]),
        rows: rows.collect(),
        note: format!(
            "Faces of partition {} of {}, edited by the plug-in's engine at the picture's own resolution and cropped again. \
             k of n with Wilson's 95% interval; wanted: {wanted} {}. The judge (crop of {}²{wider}, {} steps on partition 0, step \
             chosen on partition 1) is right on {} of the real faces of this partition ({} with the attribute, {} without). The \
             paper's column: 2,000 pictures of CelebA, another classifier.",
            report.data.partition,
            report.data.name,
            transfers.attribute,
            judge.size,
            judge.steps,
            rate(&judge.accuracy),
            rate(&judge.on_with),
            rate(&judge.on_without),
        ),
    }
}

fn same_person(transfers: &Transfers) -> Table {
    let reported =
        paper::task(&transfers.attribute, transfers.from).and_then(|task| task.same_person);
    let paper = reported.map_or(NONE.into(), percent);
    let rows = transfers.rows.iter().map(|row| match &row.same_person {
        Some(same) => vec![
            row.name.clone(),
            rate(&same.same),
            number(same.mean_distance, 3),
            same.no_face.to_string(),
            paper.clone(),
        ],
        None => vec![
            row.name.clone(),
            NOT_MEASURED.into(),
            NONE.into(),
            NONE.into(),
            paper.clone(),
        ],
    });
    let measured = transfers
        .rows
        .iter()
        .find_map(|row| row.same_person.as_ref());
    Table {
        title: "Table VI · edits taken for the same person".into(),
        head: strings([
            "effect",
            "same person",
            "mean distance",
            "no face found",
            "paper",
        ]),
        rows: rows.collect(),
        note: match measured {
            Some(same) => format!(
                "Distance between the embeddings of {} before and after, same person up to {}; where it finds no face the edit counts \
                 as failed. The paper: OpenFace at 0.99.",
                same.network, same.threshold
            ),
            None => "Run evaluation/identity.py on the pictures this evaluation wrote and give its file as --identity. The paper: \
                     OpenFace at 0.99."
                .into(),
        },
    }
}

fn round_trip(transfers: &Transfers) -> Table {
    let paper = format!("{}", paper::ROUND_TRIP_DB);
    let row = match &transfers.round_trip {
        Some(RoundTrip {
            reverse,
            both_accepted,
            psnr,
            psnr_all,
        }) => vec![
            format!("and back by {reverse}"),
            rate(both_accepted),
            number(*psnr, 2),
            number(*psnr_all, 2),
            paper,
        ],
        None => vec![
            NOT_MEASURED.into(),
            NONE.into(),
            NONE.into(),
            NONE.into(),
            paper,
        ],
    };
    Table {
        title: "§IV-D · there and back again, PSNR in dB".into(),
        head: strings([
            "round trip",
            "both edits accepted",
            "PSNR on these",
            "on all faces",
            "paper (all, open and close)",
        ]),
        rows: vec![row],
        note: "Between the input's crop and the crop after both edits at full resolution. An edit that does nothing comes back \
               perfectly, so faces count only where the judge accepts both edits."
            .into(),
    }
}

fn beyond(transfers: &Transfers, drawn: bool) -> Table {
    let rows = transfers.rows.iter().map(|row| {
        let means = &row.means;
        vec![
            row.name.clone(),
            means.mask_ratio.map_or(NONE.into(), percent),
            percent(means.changed),
            percent(means.outside),
            number(Some(means.psnr_to_input), 2),
            number(Some(means.seconds), 3),
            number(Some(means.network_seconds), 3),
        ]
    });
    let outside = if drawn {
        "that the counterfactual leaves as it is"
    } else {
        "outside of the box that holds the attribute of a drawn face with the same points"
    };
    Table {
        title: "Beyond the paper · what else changes, and speed".into(),
        head: strings([
            "effect",
            "cells masked",
            "pixels changed",
            "changed outside the region",
            "PSNR to the input, dB",
            "s a face",
            "of it network, s",
        ]),
        rows: rows.collect(),
        note: format!(
            "Changed: a colour moves by more than 8 of 255; of the whole picture, and of the part {outside}. Seconds through the \
             engine, finding faces and opening the network apart, on {}; the paper: {} s on a GTX Titan X.",
            transfers
                .rows
                .first()
                .map_or(NONE, |row| row.runtime.as_str()),
            paper::SECONDS
        ),
    }
}

fn truth(transfers: &Transfers) -> Table {
    let cells = |row: &Row| {
        let truth = row.truth?;
        let mask = |value: fn(&super::cells::Overlap) -> f64, digits: usize| {
            number(truth.mask.as_ref().map(value), digits)
        };
        Some(vec![
            row.name.clone(),
            number(Some(truth.psnr_unedited), 2),
            number(Some(truth.psnr), 2),
            format!("{:+.2}", truth.psnr - truth.psnr_unedited),
            number(truth.ssim, 3),
            mask(super::cells::Overlap::recall, 3),
            mask(super::cells::Overlap::marked_ratio, 2),
            format!("{} of {}", truth.untouched.k, truth.untouched.n),
        ])
    };
    let mut rows: Vec<Vec<String>> = transfers.rows.iter().filter_map(cells).collect();
    if let Some(constant) = &transfers.constant {
        let mut row = vec![NONE.to_owned(); 8];
        row[0] = "best constant mask".into();
        row[5] = number(Some(constant.recall()), 3);
        row[6] = number(Some(constant.marked_ratio()), 2);
        rows.push(row);
    }
    Table {
        title: "Drawn faces · against the true counterfactual".into(),
        head: strings([
            "effect",
            "PSNR untouched, dB",
            "PSNR edited",
            "gain",
            "SSIM edited",
            "changing cells found",
            "marked for each",
            "m = 0 kept bytes",
        ]),
        rows,
        note: "On the crop after the edit at full resolution, means over faces; cells of the size/4 map, counted over all faces. A \
               cell changes where a pixel in it differs by more than 8 of 255 from the counterfactual. The best constant mask \
               marks the cells that change most often on partition 0, as many as the bar allows."
            .into(),
    }
}

fn bars(transfers: &Transfers) -> Option<Table> {
    let measured = transfers.rows.first()?;
    let line = |name: &str, bar: &super::bar::Bar| {
        vec![
            name.to_owned(),
            bar.what.clone(),
            bar.asked.clone(),
            format!("{:.3}", bar.reached),
            if bar.passed { "passed" } else { "missed" }.to_owned(),
        ]
    };
    let mut rows: Vec<Vec<String>> = measured
        .bars
        .iter()
        .map(|bar| line(&measured.name, bar))
        .collect();
    if let Some(constant) = &transfers.constant {
        rows.extend(
            mask_bars(constant)
                .iter()
                .map(|bar| line("best constant mask", bar)),
        );
    }
    Some(Table {
        title: "Drawn faces · the project's bar".into(),
        head: strings(["of", "what", "asked", "reached", ""]),
        rows,
        note: "A mask that does not look at the picture must miss one of the mask's two lines."
            .into(),
    })
}

fn hallucination(hallucination: &Hallucination) -> Table {
    let rows = Enlarger::ALL.map(|enlarger| {
        let column = hallucination
            .columns
            .iter()
            .find(|column| column.enlarger == enlarger);
        let (psnr, ssim) = enlarger.reported();
        let measured = |value: Option<f64>, digits| {
            value.map_or(NOT_MEASURED.into(), |value| number(Some(value), digits))
        };
        vec![
            enlarger.name().to_owned(),
            measured(column.map(|column| column.psnr), 2),
            measured(column.map(|column| column.ssim), 3),
            format!("{psnr:.2}"),
            format!("{ssim:.3}"),
        ]
    });
    Table {
        title: format!("Table VII · {}× face hallucination", hallucination.factor),
        head: strings(["", "PSNR, dB", "SSIM", "paper PSNR", "paper SSIM"]),
        rows: rows.into(),
        note: format!(
            "Means over {} crops of {}². U-Net: the same network trained with the reconstruction term alone. The paper does not say \
             whether its PSNR is of colours or of brightness; ours is of colours.",
            hallucination.faces, hallucination.size
        ),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or(NONE.into(), |value| format!("{value:.digits$}"))
}

fn strings<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).into()
}
