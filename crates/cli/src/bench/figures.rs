//! The figures, for people and for programs.

use serde::Serialize;

use super::measure::Stages;
use crate::picture::PictureFile;
use crate::table::aligned;

/// The network alone.
#[derive(Debug)]
pub(super) struct Bare {
    pub(super) seconds: Vec<f64>,
    pub(super) runtime: String,
    pub(super) device: String,
}

/// All that was measured, in milliseconds.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    effect: String,
    picture: String,
    format: &'static str,
    width: u32,
    height: u32,
    depth: &'static str,
    faces_edited: usize,
    runs: usize,
    runtime: String,
    device: String,
    notes: Vec<String>,
    stages: Vec<Row>,
    /// The plug-in's call as a whole.
    render: Row,
    /// Decoding to encoding the first time, with loading.
    first_ms: f64,
    bare_network: Option<BareRow>,
    /// The stage `network` over the bare network, for each face.
    network_over_bare: Option<f64>,
    /// The plug-in's whole call over the bare network, for each face.
    render_over_bare: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    median_ms: f64,
    least_ms: f64,
    most_ms: f64,
}

#[derive(Debug, Serialize)]
struct BareRow {
    #[serde(flatten)]
    row: Row,
    runtime: String,
    device: String,
}

impl Row {
    fn new(name: &str, seconds: &[f64]) -> Self {
        let mut sorted: Vec<f64> = seconds.iter().map(|seconds| seconds * 1000.0).collect();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or(0.0);
        let (low, high) = (sorted.len().saturating_sub(1) / 2, sorted.len() / 2);
        Self {
            name: name.to_owned(),
            median_ms: 0.5 * (at(low) + at(high)),
            least_ms: at(0),
            most_ms: at(sorted.len().saturating_sub(1)),
        }
    }

    fn cells(&self) -> Vec<String> {
        let number = |value: f64| format!("{value:9.2}");
        let numbers = [self.median_ms, self.least_ms, self.most_ms];
        [self.name.clone()]
            .into_iter()
            .chain(numbers.map(number))
            .collect()
    }
}

impl Figures {
    pub(super) fn new(
        effect: &str,
        file: &PictureFile,
        stages: &Stages,
        bare: Option<Bare>,
    ) -> Self {
        let rows: Vec<Row> = stages
            .stages
            .iter()
            .map(|(name, seconds)| Row::new(name, seconds))
            .collect();
        let render = Row::new("render", &stages.render);
        let bare = bare.map(|bare| BareRow {
            row: Row::new("bare network", &bare.seconds),
            runtime: bare.runtime,
            device: bare.device,
        });
        let over = |milliseconds: Option<f64>| {
            let alone = bare.as_ref()?.row.median_ms * stages.faces as f64;
            (alone > 0.0).then_some(milliseconds? / alone)
        };
        let network = rows
            .iter()
            .find(|row| row.name == "network")
            .map(|row| row.median_ms);
        Self {
            effect: effect.to_owned(),
            picture: file.path.display().to_string(),
            format: file.format.name(),
            width: stages.size.0,
            height: stages.size.1,
            depth: stages.depth,
            faces_edited: stages.faces,
            runs: stages.render.len(),
            runtime: stages.runtime.clone(),
            device: stages.device.clone(),
            notes: stages.notes.clone(),
            first_ms: stages.first * 1000.0,
            network_over_bare: over(network),
            render_over_bare: over(Some(render.median_ms)),
            stages: rows,
            render,
            bare_network: bare,
        }
    }

    pub(super) fn text(&self) -> String {
        let mut text = format!(
            "{}: {}, {} {}×{}, {}; faces edited: {}; {} runs; {} · {}\n",
            self.effect,
            self.picture,
            self.format,
            self.width,
            self.height,
            self.depth,
            self.faces_edited,
            self.runs,
            self.runtime,
            self.device
        );
        for note in &self.notes {
            text.push_str(&format!("{note}\n"));
        }
        let header = ["STAGE", "MEDIAN ms", "LEAST ms", "MOST ms"]
            .map(str::to_owned)
            .to_vec();
        let mut rows = vec![header];
        rows.extend(self.stages.iter().map(Row::cells));
        rows.push(self.render.cells());
        rows.extend(self.bare_network.as_ref().map(|bare| bare.row.cells()));
        text.push_str(&aligned(&rows));
        text.push_str(&format!(
            "first run, with loading: {:.1} ms\n",
            self.first_ms
        ));
        if let (Some(network), Some(render)) = (self.network_over_bare, self.render_over_bare) {
            text.push_str(&format!(
                "for each face, over the bare network: network stage {network:.2}, whole render {render:.2}\n"
            ));
        }
        text
    }
}
