//! Limits that hold before any parser builds a tree of the text.
//!
//! Parsers recurse on brackets and trees on dotted keys; a parser's own depth count was once led astray by stray closing
//! brackets in broken text (a stack overflow, which nothing catches). So the depth is counted here, over the same parser's
//! stream of events, where a count holds: up to the first syntax error the text is well-formed, so opened minus closed is the
//! true depth, and from the first error on nothing is entered any more.

use std::cell::Cell;

use toml_parser::decoder::Encoding;
use toml_parser::parser::{EventReceiver, parse_document};
use toml_parser::{ErrorSink, Expected, ParseError, Source, Span};

/// Most bytes of a manifest.
pub(crate) const LARGEST_TEXT: usize = 64 * 1024;
const DEEPEST: usize = 16;
const MOST_KEYS: usize = 1024;

/// The first thing that keeps the text from being parsed.
pub(crate) struct Refusal {
    /// Byte of the text.
    pub(crate) at: usize,
    /// What stands there, where the text itself does not show it.
    pub(crate) found: Option<String>,
    pub(crate) allowed: String,
}

/// Passes text that can be parsed without danger.
pub(crate) fn guard(text: &str) -> Result<(), Refusal> {
    if text.len() > LARGEST_TEXT {
        return Err(too_much(0, format!("{} bytes", text.len()), LARGEST_TEXT));
    }
    let broken = Cell::new(false);
    let mut first_error = None;
    let mut count = Count {
        broken: &broken,
        brackets: 0,
        dots: 0,
        keys: 0,
        refusal: None,
    };
    let mut errors = |error: ParseError| {
        broken.set(true);
        first_error.get_or_insert(error);
    };
    let tokens = Source::new(text).lex().into_vec();
    parse_document(&tokens, &mut count, &mut errors);
    match (count.refusal, first_error) {
        (Some(refusal), _) => Err(refusal),
        (None, Some(error)) => Err(syntax(&error)),
        (None, None) => Ok(()),
    }
}

fn too_much(at: usize, found: String, most: usize) -> Refusal {
    Refusal {
        at,
        found: Some(found),
        allowed: format!("at most {most}"),
    }
}

fn syntax(error: &ParseError) -> Refusal {
    let expected = error
        .expected()
        .unwrap_or_default()
        .iter()
        .map(|expected| match expected {
            Expected::Literal("\n") => "a new line".to_owned(),
            Expected::Literal(text) => format!("`{text}`"),
            Expected::Description(text) => (*text).to_owned(),
            _ => "something else".to_owned(),
        });
    let expected: Vec<_> = expected.collect();
    let allowed = match expected.is_empty() {
        true => format!("TOML (the parser says: {})", error.description()),
        false => format!(
            "{} (the parser says: {})",
            expected.join(" or "),
            error.description()
        ),
    };
    let at = error
        .unexpected()
        .or(error.context())
        .map_or(0, |span| span.start());
    Refusal {
        at,
        found: None,
        allowed,
    }
}

struct Count<'a> {
    broken: &'a Cell<bool>,
    brackets: usize,
    dots: usize,
    keys: usize,
    refusal: Option<Refusal>,
}

impl Count<'_> {
    fn refuse(&mut self, span: Span, found: String, most: usize) {
        self.broken.set(true);
        self.refusal
            .get_or_insert(too_much(span.start(), found, most));
    }

    fn enter(&mut self, span: Span) -> bool {
        if self.broken.get() {
            return false;
        }
        self.brackets += 1;
        if self.brackets > DEEPEST {
            self.refuse(
                span,
                format!("{} brackets in each other", self.brackets),
                DEEPEST,
            );
        }
        self.brackets <= DEEPEST
    }

    fn leave(&mut self) {
        self.brackets = self.brackets.saturating_sub(1);
    }
}

impl EventReceiver for Count<'_> {
    fn array_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        self.dots = 0;
        self.enter(span)
    }

    fn array_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.leave();
    }

    fn inline_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        self.dots = 0;
        self.enter(span)
    }

    fn inline_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.leave();
    }

    fn simple_key(&mut self, span: Span, _: Option<Encoding>, _: &mut dyn ErrorSink) {
        self.keys += 1;
        if self.keys > MOST_KEYS {
            self.refuse(span, format!("{} keys", self.keys), MOST_KEYS);
        }
    }

    fn key_sep(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.dots += 1;
        if self.dots > DEEPEST {
            self.refuse(span, format!("{} dots in a key", self.dots), DEEPEST);
        }
    }

    fn key_val_sep(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.dots = 0;
    }

    fn std_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.dots = 0;
    }

    fn array_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.dots = 0;
    }

    fn newline(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.dots = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(broken: &Cell<bool>) -> Count<'_> {
        Count {
            broken,
            brackets: 0,
            dots: 0,
            keys: 0,
            refusal: None,
        }
    }

    #[test]
    fn after_the_first_error_no_bracket_is_entered() {
        let broken = Cell::new(false);
        let mut count = count(&broken);
        let span = Span::default();
        assert!(count.array_open(span, &mut ()));
        broken.set(true);
        assert!(!count.array_open(span, &mut ()));
        assert!(!count.inline_table_open(span, &mut ()));
    }

    /// Of a parser that reports closing brackets which closed nothing the count must not go below zero.
    #[test]
    fn stray_closing_brackets_buy_no_depth() {
        let broken = Cell::new(false);
        let mut count = count(&broken);
        let span = Span::default();
        for _ in 0..1000 {
            count.array_close(span, &mut ());
            count.inline_table_close(span, &mut ());
        }
        let entered = (0..100).filter(|_| count.array_open(span, &mut ())).count();
        assert_eq!(entered, DEEPEST);
    }
}
