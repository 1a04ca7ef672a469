//! What a check's process says, as lines of JSON between whatever the library prints.

use diat_host::validate::{Finding, Outcome};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(rename = "diat-validate")]
    said: Said,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Said {
    /// What comes next.
    Step(String),
    /// What it came to.
    Finding { outcome: String, text: String },
}

/// How a line of ours begins: at the start of a line, whatever the library printed before.
const START: &str = "\n{\"diat-validate\":";

pub(super) fn step(text: &str) -> String {
    line(Said::Step(text.to_owned()))
}

pub(super) fn finding(finding: &Finding) -> String {
    let (outcome, text) = (finding.outcome.name().to_owned(), finding.text.clone());
    line(Said::Finding { outcome, text })
}

fn line(said: Said) -> String {
    // Text always has a JSON form.
    let json = serde_json::to_string(&Line { said }).unwrap_or_default();
    format!("\n{json}\n")
}

/// All that came out of a check's process.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// The last step.
    pub(super) step: Option<String>,
    pub(super) finding: Option<Finding>,
    /// All the rest.
    pub(super) printed: String,
}

pub(super) fn hear(output: &str) -> Heard {
    let mut heard = Heard::default();
    let mut rest = output;
    while let Some(at) = rest.find(START) {
        let (before, from) = rest.split_at(at);
        heard.printed.push_str(before);
        let json = &from[1..];
        let end = json.find('\n').unwrap_or(json.len());
        match serde_json::from_str::<Line>(&json[..end]).map(|line| line.said) {
            Ok(Said::Step(step)) => heard.step = Some(step),
            Ok(Said::Finding { outcome, text }) => {
                heard.finding = Outcome::named(&outcome).map(|outcome| Finding::new(outcome, text));
            }
            // Not ours; the line's end may be where a line of ours begins.
            Err(_) => {
                heard.printed.push_str(&from[..=end]);
                rest = &json[end..];
                continue;
            }
        }
        rest = json.get(end + 1..).unwrap_or_default();
    }
    heard.printed.push_str(rest);
    heard
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_library_prints_is_told_from_what_the_check_says() {
        let failed = Finding::new(Outcome::Failed, "a \"line\"\nand another");
        let output = [
            "ha",
            &step("one"),
            "llo\n",
            &step("two"),
            &finding(&failed),
            "bye",
        ]
        .concat();
        let heard = hear(&output);
        assert_eq!(heard.printed, "hallo\nbye");
        assert_eq!(heard.step.as_deref(), Some("two"));
        assert_eq!(heard.finding, Some(failed));
    }

    #[test]
    fn lines_that_only_look_alike_are_the_librarys() {
        let output = "\n{\"diat-validate\": nonsense\n";
        assert_eq!(hear(output).printed, output);
        assert_eq!(hear(output).finding, None);
    }
}
