//! The table, printed and written beside the script.

use std::fs;

use crate::{Result, root};

/// Seconds of many runs; the best counts, as whatever else the machine does only makes it slower.
pub(crate) struct Times(f64);

impl Times {
    pub(crate) fn new() -> Self {
        Self(f64::INFINITY)
    }

    pub(crate) fn add(&mut self, seconds: f64) {
        self.0 = self.0.min(seconds);
    }

    pub(crate) fn best(&self) -> f64 {
        self.0
    }
}

/// One line of the table.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    /// What `ours` and `theirs` are multiples of.
    pub(crate) limit: &'static str,
    pub(crate) ours: f64,
    pub(crate) theirs: f64,
    /// Ours is to be at most this.
    pub(crate) bar: Option<f64>,
}

const HEAD: &str = "\
# Speed

Made by `cargo xtask speed`, which runs the release build of the plug-in through its C interface and [peer.py](peer.py), the tool that a
user would write with onnxruntime, OpenCV and numpy, on the same drawn pictures: 8 bits, two threads, points given, no judge, no grain, the same
ONNX Runtime library on the processor, a new picture each time. Both take turns and the best of many runs counts.
";

const NOTES: &str = "\
- The network alone is `session.run` of onnxruntime in Python, without anything around it, on the crop of the script's own edit; zeros,
  which cost it less, are told apart. Its threads wait awake for more work, ours sleep: on a processor that others use, too, waiting awake
  made our network take about twice as long.
- Ours is measured once the script's threads sleep; until then they take one of the two processors.
- A whole edit of ours has the copy from in to out, the look whether the picture is known, warp, network, gate and composite. The
  script remembers nothing, so that another strength costs it the whole edit.
- Memory is the peak of a process of its own during the edit less what it held before it, when the network was loaded, had run once and
  the host's pictures were in memory; for buffers apart one W·H·4 is added for out. The script's copy of the picture is in its figure.
- First use of ours reads and writes PNG; the script reads and writes plain bytes.
";

/// Prints the table and writes it to `crates/xtask/bench/README.md`.
pub(crate) fn write(rows: &[Row]) -> Result<()> {
    let mut table = String::from(
        "| what | in multiples of | bar | ours | script | ours over script |\n|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let bar = row.bar.map_or_else(String::new, |bar| format!("{bar}"));
        let (ours, theirs) = (row.ours, row.theirs);
        table.push_str(&format!(
            "| {} | {} | {bar} | {ours:.2} | {theirs:.2} | {:.2} |\n",
            row.what,
            row.limit,
            ours / theirs
        ));
    }
    println!("{table}");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let machine = format!("Measured on {} ({cores} processors).", processor());
    let text = format!("{HEAD}\n{machine}\n\n{table}\n{NOTES}");
    fs::write(root().join("crates/xtask/bench/README.md"), text)?;
    Ok(())
}

/// The kind of processor, as far as the system tells.
fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("model name"));
    let name = line.and_then(|line| line.split_once(':'));
    name.map_or_else(
        || "an unnamed processor".into(),
        |(_, name)| name.trim().into(),
    )
}
