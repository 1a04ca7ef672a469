//! What a check comes to.

use std::fmt;

/// One of five.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The promise is kept.
    Passed,
    /// It is kept, but something is worth a look.
    Warned,
    /// It is broken.
    Failed,
    /// The library ended the process, or never came back.
    Crashed,
    /// It does not apply, or cannot be tried here.
    Skipped,
}

impl Outcome {
    /// All of them, in the order in which they are counted.
    pub const ALL: [Self; 5] = [
        Self::Passed,
        Self::Warned,
        Self::Failed,
        Self::Crashed,
        Self::Skipped,
    ];

    /// One lower-case word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Warned => "warned",
            Self::Failed => "failed",
            Self::Crashed => "crashed",
            Self::Skipped => "skipped",
        }
    }

    /// The outcome of a word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }

    /// Whether a library with this outcome breaks the contract.
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Failed | Self::Crashed)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// An outcome and, in words, what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which one.
    pub outcome: Outcome,
    /// What was found; may be empty where the promise is kept.
    pub text: String,
}

impl Finding {
    /// A finding of any kind.
    pub fn new(outcome: Outcome, text: impl Into<String>) -> Self {
        Self {
            outcome,
            text: text.into(),
        }
    }

    pub(crate) fn warned(text: impl Into<String>) -> Self {
        Self::new(Outcome::Warned, text)
    }

    pub(crate) fn failed(text: impl Into<String>) -> Self {
        Self::new(Outcome::Failed, text)
    }

    pub(crate) fn skipped(text: impl Into<String>) -> Self {
        Self::new(Outcome::Skipped, text)
    }
}

/// What a check's function gives: `Ok` is passed.
pub(crate) type Verdict = Result<(), Finding>;

/// Ends a check as failed, in the words that follow, unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($text:tt)+) => {{
        let holds: bool = $condition;
        if !holds {
            return Err($crate::validate::Finding::failed(format!($($text)+)));
        }
    }};
}
pub(crate) use ensure;
