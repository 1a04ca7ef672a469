//! The checks: names, promises and functions.

use super::bench::Bench;
use super::{
    Finding, Outcome, Subject, Verdict, callbacks, descriptors, equality, extensions, kept,
    listing, manners, messages, mistakes, opening, pictures, process, values, versions,
};

/// What must hold before a check can say anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Needs {
    /// The file.
    Nothing,
    /// That [`Check::LOADS`] holds.
    Loading,
    /// That [`Check::RENDERS`] holds, too.
    Rendering,
}

/// One promise of the contract and how it is tried.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Check {
    /// In kebab-case.
    pub name: &'static str,
    /// One sentence.
    pub promise: &'static str,
    /// What it takes for granted.
    pub needs: Needs,
    /// How often it may be tried, where other programs can make it look worse than it is: the best outcome counts.
    pub attempts: u32,
    run: fn(&Bench<'_>) -> Verdict,
}

impl Check {
    /// The check that all others rest on.
    pub const LOADS: &'static str = "loads";
    /// The check that those with pixels rest on.
    pub const RENDERS: &'static str = "renders";
    /// The check whose outcome is told by whoever sees what the process printed.
    pub const PRINTS_NOTHING: &'static str = "prints-nothing";

    /// All checks, in the order in which they are run.
    pub fn all() -> &'static [Self] {
        ALL
    }

    /// The check of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|check| check.name == name)
    }

    /// Runs the check in this process, which the library may change or end: run it in one that does nothing else. `step` hears
    /// what comes next, so that whoever listens knows what ended the process.
    pub fn run(&self, subject: &Subject, step: &dyn Fn(&str)) -> Finding {
        process::forbid_core_dumps();
        let bench = Bench::new(subject, self.name, step);
        match (self.run)(&bench) {
            Ok(()) => Finding::new(Outcome::Passed, bench.into_note()),
            Err(finding) => finding,
        }
    }
}

const fn check(
    needs: Needs,
    name: &'static str,
    promise: &'static str,
    run: fn(&Bench<'_>) -> Verdict,
) -> Check {
    Check {
        name,
        promise,
        needs,
        attempts: 1,
        run,
    }
}

/// A check that other programs can disturb.
const fn timed(
    needs: Needs,
    name: &'static str,
    promise: &'static str,
    run: fn(&Bench<'_>) -> Verdict,
) -> Check {
    Check {
        attempts: 5,
        ..check(needs, name, promise, run)
    }
}

use Needs::{Loading, Nothing, Rendering};

#[rustfmt::skip]
static ALL: &[Check] = &[
    check(Nothing, Check::LOADS, "The library loads, accepts this host, and lists at least one effect.", listing::loads),
    timed(Loading, "lists-quickly", "Loading the library and listing its effects takes less than 20 ms.", listing::lists_quickly),
    check(Loading, "entry-repeats", "The entry gives equal resource folders the same table every time.", listing::entry_repeats),
    check(Loading, "one-exported-symbol", "The library exports its entry and nothing else.", listing::one_exported_symbol),
    check(Loading, "stays-loaded", "Closing the library unloads nothing.", listing::stays_loaded),
    check(Loading, "table-is-complete", "The table and all descriptors have every field of version 1.0.", listing::complete),
    check(Loading, "effect-ids", "Ids of effects and parameters follow the grammar, are unique, and effects are listed by id.", descriptors::ids),
    check(Loading, "reserved-parameters", "Every effect has the reserved parameters first and exactly as the header has them.", descriptors::reserved),
    check(Loading, "parameter-numbers", "Ranges, defaults, neutral values and steps are finite and fit together.", descriptors::numbers),
    check(Loading, "parameter-choices", "Choices are pairs of id and label that end in null and match the range.", descriptors::choices),
    check(Loading, "strings", "Every string is there and is UTF-8.", descriptors::strings),

    check(Loading, "null-answers", "Every function answers null with a status or null.", opening::null_answers),
    check(Loading, "unknown-effect-fails", "Opening an effect that does not exist fails and gives no instance.", opening::unknown_id),
    check(Loading, "effect-id-with-tail-fails", "Opening an id that only begins or ends like one that exists fails.", opening::id_with_tail),
    check(Loading, "open-close-1000", "A thousand instances leave no memory, file or thread behind.", opening::open_close),
    check(Loading, "unknown-extension-is-null", "An extension that does not exist is null.", extensions::unknown),

    check(Loading, Check::RENDERS, "A picture with a face is rendered with the defaults.", pictures::renders),
    check(Rendering, "descriptors-never-change", "What a table lists stays the same until the process ends.", listing::never_changes),
    check(Rendering, "double-close", "Closing or using an instance that was closed does no harm.", opening::double_close),

    check(Rendering, "one-pixel", "A picture of one pixel is rendered.", pictures::one_pixel),
    check(Rendering, "odd-sizes", "Pictures of odd sizes are rendered.", pictures::odd_sizes),
    check(Rendering, "empty-roi", "A roi without pixels is UNCHANGED, and nothing is written.", pictures::empty_roi),
    check(Rendering, "strides", "Padded and bottom-up rows come to the same pixels, and padding is left alone.", pictures::strides),
    check(Rendering, "unaligned-pixels", "Pixels at any address come to the same pixels.", pictures::unaligned),
    check(Rendering, "formats-and-alphas", "All three formats with all three alphas are rendered, to finite numbers.", pictures::formats_and_alphas),
    check(Rendering, "guard-pages", "No byte before the first or after the last pixel is touched.", pictures::guard_pages),
    check(Rendering, "input-is-never-written", "The input's memory is never written to.", pictures::sealed_input),
    check(Rendering, "outside-roi-is-kept", "No pixel outside of the roi is written.", kept::outside_roi),
    check(Rendering, "whole-roi-is-written", "Every pixel of the roi is written, whatever was there.", kept::whole_roi),
    check(Rendering, "alpha-is-kept", "Alpha is carried along and never changed, whatever is shown.", kept::alpha),
    check(Rendering, "unchanged-means-equal", "Where render says UNCHANGED, the output equals the input.", kept::unchanged_is_equal),
    check(Rendering, "nan-and-infinite-pixels", "NaN, infinite and huge samples do no harm.", kept::nan_and_infinity),

    check(Rendering, "tiles-equal-whole", "A picture rendered roi by roi equals the picture rendered at once.", equality::tiles),
    check(Rendering, "in-place-equals-out-of-place", "A render in place comes to the same bytes as one between two buffers.", equality::in_place),
    check(Rendering, "same-input-same-bytes", "A render depends on its job and its points, and on nothing that came before.", equality::repeats),
    check(Rendering, "eight-threads", "Eight instances in eight threads come to the same bytes as one after the other.", equality::threads),
    check(Rendering, "picture-coordinates", "Where a picture lies in picture coordinates changes nothing that one could see.", equality::coordinates),
    check(Rendering, "strength-0-is-identity", "Strength 0 gives back the input, to the bit, as UNCHANGED.", equality::strength_0),

    check(Rendering, "progress", "Progress is told on render's thread, within 0 and 1, never falling, and never afterwards.", callbacks::progress),
    check(Rendering, "cancel", "Every call of progress can cancel, and the instance works on.", callbacks::cancel),
    check(Rendering, "log", "Lines of the log are single lines of UTF-8, and go to no host whose log is no longer lent.", callbacks::log),
    check(Rendering, "short-messages", "A message fits its buffer of any size, cut between characters, and ends in NUL.", messages::short_messages),
    check(Rendering, "mistakes-are-told", "A mistake of the host's is told in the message and in the log.", messages::mistakes_are_told),

    check(Rendering, "older-host", "Hosts whose structs end earlier get the same pixels, and nothing behind the end is read.", versions::older),
    check(Rendering, "newer-host", "Hosts whose structs are longer get the same pixels.", versions::newer),
    check(Rendering, "too-short-structs-fail", "Structs that are too short to mean anything are E_ARGUMENT.", versions::too_short),
    check(Rendering, "missing-values", "Values that are left out take their defaults.", values::missing),
    check(Rendering, "too-many-values-fail", "More values than parameters are E_ARGUMENT.", values::too_many),
    check(Rendering, "nan-values-fail", "A value that is NaN is E_ARGUMENT.", values::nan),
    check(Rendering, "values-are-clamped", "Values outside of their range are taken for its nearest end.", values::out_of_range),
    check(Rendering, "impossible-pictures-fail", "Rects and strides that cannot be are E_ARGUMENT.", mistakes::pictures),
    check(Rendering, "impossible-rois-fail", "A roi outside of the pictures is E_ARGUMENT.", mistakes::regions),
    check(Rendering, "overlap-fails", "Pictures that overlap and are not the same are E_ARGUMENT.", mistakes::overlap),
    check(Rendering, "unknown-formats-fail", "Unknown formats and alphas, and two that differ, are E_FORMAT.", mistakes::formats),

    check(Rendering, "report", "The report is sound, empty before the first render, and stays until the next.", extensions::reports),
    check(Rendering, "faces", "Points are taken as given, and numbers that are none are E_ARGUMENT.", extensions::faces),
    check(Rendering, "missing-weights", "Weights that are missing are E_MODEL, and other instances work on.", manners::missing_weights),

    check(Rendering, "keeps-working-directory", "No call changes the working directory.", manners::working_directory),
    check(Rendering, "keeps-locale", "No call changes the locale.", manners::locale),
    check(Rendering, "keeps-signals", "No call changes signal handlers or blocks signals.", manners::signals),
    check(Rendering, "keeps-floating-point", "No call changes rounding or the treatment of tiny numbers.", manners::floating_point),
    check(Rendering, Check::PRINTS_NOTHING, "Nothing is printed.", manners::prints_nothing),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_kebab_case_and_promises_one_sentence() {
        let mut names = BTreeSet::new();
        for Check { name, promise, .. } in ALL {
            assert!(names.insert(name), "{name} twice");
            let kebab =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            assert!(name.bytes().all(kebab), "{name}");
            assert!(
                promise.ends_with('.') && !promise.contains(". "),
                "{name}: {promise}"
            );
        }
    }
}
