//! What one key may hold: the test, and the same in words.

use toml::de::DeValue;

use crate::schema::Section;
use crate::types;

/// What a key may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Id,
    Text {
        least: usize,
        most: usize,
        lines: bool,
    },
    FileName,
    /// Bytes of a file.
    Size,
    Digest,
    Hex,
    Version,
    Engine,
    Tensor,
    Integer {
        least: i64,
        most: i64,
    },
    Number {
        least: f64,
        most: f64,
    },
    Switch,
    Choice(&'static [&'static str]),
    Choices(&'static [&'static str]),
    /// First less than second.
    Interval {
        least: f64,
        most: f64,
    },
    Point,
    Integers {
        least: i64,
        most: i64,
        count: usize,
    },
    Samples {
        most: usize,
    },
    Table(&'static Section),
    Tables {
        of: &'static Section,
        most: usize,
    },
}

/// A value that has its key's shape. Tables are read by the section's reader.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Texts(Vec<String>),
    Integer(i64),
    Integers(Vec<i64>),
    Number(f64),
    Switch(bool),
    Numbers(Vec<f64>),
    Version(types::Version),
    Bytes(Vec<u8>),
}

/// Numbers of a template and similar coordinates cannot be larger than the largest crop.
const LARGEST_COORDINATE: f64 = 1024.0;

/// 512 MiB, in bytes.
const LARGEST_FILE: i64 = 512 << 20;

/// Names that Windows gives to devices, whatever follows the dot.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];
const NUMBERED_DEVICES: &[&str] = &["com", "lpt"];

impl Shape {
    /// What is allowed, in words.
    pub(crate) fn allowed(self) -> String {
        match self {
            Shape::Id => "1 to 64 lower-case letters, digits and single hyphens, a letter first".into(),
            Shape::Text { least, most, lines: false } => format!("one line of {least} to {most} characters"),
            Shape::Text { least, most, lines: true } => format!("text of {least} to {most} characters"),
            Shape::FileName => "a bare file name of at most 128 letters, digits, `.`, `-` and `_`, with no dot at its ends and no `..`".into(),
            Shape::Size => Shape::Integer { least: 1, most: LARGEST_FILE }.allowed(),
            Shape::Digest => "64 hexadecimal digits".into(),
            Shape::Hex => "an even number of hexadecimal digits".into(),
            Shape::Version => "three numbers joined by dots".into(),
            Shape::Engine => "two numbers joined by a dot".into(),
            Shape::Tensor => "a name of 1 to 64 printable ASCII characters".into(),
            Shape::Integer { least, most } => format!("an integer from {least} to {most}"),
            Shape::Number { least, most } => format!("a number from {least} to {most}"),
            Shape::Switch => "true or false".into(),
            Shape::Choice(words) => one_of(words),
            Shape::Choices(words) => format!("a list, each at most once, of: {}", words.join(", ")),
            Shape::Interval { least, most } => format!("two numbers from {least} to {most}, the second greater than the first"),
            Shape::Point => format!("two numbers from 0 to {LARGEST_COORDINATE}"),
            Shape::Integers { least, most, count } => format!("a list of 1 to {count} integers from {least} to {most}, rising"),
            Shape::Samples { most } => format!("a list of 1 to {most} finite numbers"),
            Shape::Table(_) => "a table".into(),
            Shape::Tables { most, .. } => format!("at most {most} tables"),
        }
    }

    pub(crate) fn is_table(self) -> bool {
        matches!(self, Shape::Table(_) | Shape::Tables { .. })
    }

    /// Whether a program writes it for the author.
    pub(crate) fn is_written(self) -> bool {
        matches!(
            self,
            Shape::Size | Shape::Digest | Shape::Hex | Shape::Samples { .. }
        )
    }

    /// The value, where it has this shape. Tables never have: they are no single values.
    pub(crate) fn check(self, value: &DeValue<'_>) -> Option<Value> {
        match self {
            Shape::Id => text(value).filter(|text| is_id(text)).map(Value::Text),
            Shape::Text { least, most, lines } => {
                let fits =
                    |text: &String| is_text(text, lines) && (least..=most).contains(&length(text));
                text(value).filter(fits).map(Value::Text)
            }
            Shape::FileName => text(value)
                .filter(|text| is_file_name(text))
                .map(Value::Text),
            Shape::Size => integer(value, 1, LARGEST_FILE).map(Value::Integer),
            Shape::Digest => bytes(&text(value)?)
                .filter(|bytes| bytes.len() == 32)
                .map(Value::Bytes),
            Shape::Hex => bytes(&text(value)?).map(Value::Bytes),
            Shape::Version => version(&text(value)?).map(Value::Version),
            Shape::Engine => version(&(text(value)? + ".0")).map(Value::Version),
            Shape::Tensor => text(value)
                .filter(|text| is_tensor_name(text))
                .map(Value::Text),
            Shape::Integer { least, most } => integer(value, least, most).map(Value::Integer),
            Shape::Number { least, most } => number(value, least, most).map(Value::Number),
            Shape::Switch => value.as_bool().map(Value::Switch),
            Shape::Choice(words) => choice(value, words).map(Value::Text),
            Shape::Choices(words) => {
                let chosen = list(value, words.len(), |item| choice(item, words))?;
                let twice = (1..chosen.len()).any(|i| chosen[..i].contains(&chosen[i]));
                (!twice).then_some(Value::Texts(chosen))
            }
            Shape::Interval { least, most } => {
                let ends = list(value, 2, |item| number(item, least, most))?;
                matches!(ends[..], [first, second] if first < second)
                    .then_some(Value::Numbers(ends))
            }
            Shape::Point => {
                let point = list(value, 2, |item| number(item, 0.0, LARGEST_COORDINATE))?;
                (point.len() == 2).then_some(Value::Numbers(point))
            }
            Shape::Integers { least, most, count } => {
                let integers = list(value, count, |item| integer(item, least, most))?;
                let rising = !integers.is_empty() && integers.is_sorted_by(|a, b| a < b);
                rising.then_some(Value::Integers(integers))
            }
            Shape::Samples { most } => {
                let samples = list(value, most, |item| number(item, f64::MIN, f64::MAX))?;
                (!samples.is_empty()).then_some(Value::Numbers(samples))
            }
            Shape::Table(_) | Shape::Tables { .. } => None,
        }
    }
}

/// `one of: a, b, c`, or the only word.
pub(crate) fn one_of(words: &[&str]) -> String {
    match words {
        [only] => format!("\"{only}\""),
        _ => format!("one of: {}", words.join(", ")),
    }
}

fn text(value: &DeValue<'_>) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn list<T>(
    value: &DeValue<'_>,
    most: usize,
    item: impl Fn(&DeValue<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    let items = value.as_array().filter(|items| items.len() <= most)?;
    items.iter().map(|value| item(value.get_ref())).collect()
}

fn integer(value: &DeValue<'_>, least: i64, most: i64) -> Option<i64> {
    let integer = value.as_integer()?;
    let integer = i64::from_str_radix(integer.as_str(), integer.radix()).ok()?;
    (least..=most).contains(&integer).then_some(integer)
}

/// NaN and infinity are in no range.
fn number(value: &DeValue<'_>, least: f64, most: f64) -> Option<f64> {
    let number: f64 = match value {
        DeValue::Integer(_) => integer(value, -(1 << 53), 1 << 53)? as f64,
        DeValue::Float(float) => float.as_str().parse().ok()?,
        _ => return None,
    };
    (least..=most).contains(&number).then_some(number)
}

fn choice(value: &DeValue<'_>, words: &[&str]) -> Option<String> {
    text(value).filter(|text| words.contains(&text.as_str()))
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || pairs.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
        .collect()
}

fn version(text: &str) -> Option<types::Version> {
    let number = |text: &str| -> Option<u32> {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        let leading_zero = text.len() > 1 && text.starts_with('0');
        if plain && !leading_zero {
            text.parse().ok()
        } else {
            None
        }
    };
    let numbers: Vec<u32> = text.split('.').map(number).collect::<Option<_>>()?;
    let [major, minor, patch] = numbers[..] else {
        return None;
    };
    Some(types::Version {
        major,
        minor,
        patch,
    })
}

fn is_id(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.len() <= 64
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.split('-').all(word)
}

/// Control characters would not survive a C string or a menu.
fn is_text(text: &str, lines: bool) -> bool {
    text.chars()
        .all(|letter| !letter.is_control() || (lines && letter == '\n'))
}

fn length(text: &str) -> usize {
    text.trim().chars().count()
}

/// A name that means the same file on every system and cannot leave its folder.
fn is_file_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let stem = text.split('.').next().unwrap_or(text).to_ascii_lowercase();
    let numbered = NUMBERED_DEVICES.iter().any(|device| {
        stem.strip_prefix(device)
            .is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']))
    });
    (1..=128).contains(&text.len())
        && text.bytes().all(allowed)
        && !text.starts_with('.')
        && !text.ends_with('.')
        && !text.contains("..")
        && !DEVICES.contains(&stem.as_str())
        && !numbered
}

fn is_tensor_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
