//! Text made to exhaust a parser. Each runs on a stack of 512 KiB: an overflow ends the whole test.

use std::fmt::Write;
use std::path::Path;
use std::thread;

use crate::{Fault, Manifest, write_digest};

const SIZE: usize = 64 * 1024;

fn on_a_small_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let small = thread::Builder::new().stack_size(512 * 1024);
        small.spawn_scoped(scope, work).unwrap().join().unwrap()
    })
}

fn refused(text: &str) -> Vec<Fault> {
    on_a_small_stack(|| {
        assert!(write_digest(text, 1, &[0; 32], None).is_err());
        Manifest::parse(text, Path::new("bomb.toml")).unwrap_err()
    })
}

/// Text of the largest size made of `head` and as many `unit`s as fit, with `middle` halfway.
fn filled(head: &str, unit: &str, middle: &str, second: &str) -> String {
    let half = (SIZE - head.len() - middle.len()) / 2;
    let first = unit.repeat(half / unit.len());
    format!(
        "{head}{first}{middle}{}",
        second.repeat(half / second.len())
    )
}

#[test]
fn deep_brackets_of_every_make_are_refused() {
    let bombs = [
        ("plain arrays", filled("x = ", "[", "", "[")),
        ("plain tables", filled("x = ", "{a=", "", "{a=")),
        ("mixed", filled("x = ", "[{a=", "", "[{a=")),
        ("closed", filled("x = ", "[", "", "]")),
        ("stray pairs, then deep", filled("x = {", "[]", "a = ", "[")),
        (
            "stray closers, then deep",
            filled("x = {", "]", "a = ", "["),
        ),
        ("stray table pairs", filled("x = {", "{}", "a = ", "{a=")),
        ("stray closers in an array", filled("x = [", "}", "", "[")),
        ("crossed closers", filled("x = ", "[}", "", "[}")),
        (
            "crossed closers in a table",
            filled("x = {a=", "{]a=", "", "["),
        ),
        ("missing commas", filled("x = [", "1 ", "", "[1 ")),
        ("on lines of their own", filled("x = [\n", "[\n", "", "[\n")),
        (
            "after broken lines",
            filled("x = [\n", "]\n=\n", "a = ", "["),
        ),
        ("headers", filled("", "[[", "", "[[")),
        ("behind strings", filled("x = [", "'[',", "", "['',")),
        ("behind comments", filled("x = [ # ]\n", "[ # ]\n", "", "[")),
    ];
    for (name, bomb) in bombs {
        assert!(bomb.len() <= SIZE, "{name}");
        let faults = refused(&bomb);
        assert_eq!(faults.len(), 1, "{name}: {faults:?}");
    }
}

/// Past the limits the text only lacks keys.
fn passes(text: &str) -> bool {
    let faults = on_a_small_stack(|| Manifest::parse(text, Path::new("a.toml")).unwrap_err());
    faults.iter().any(|fault| fault.key == "id")
}

#[test]
fn sixteen_brackets_pass_and_seventeen_do_not() {
    let nested = |depth: usize| format!("x = {}{}", "[".repeat(depth), "]".repeat(depth));
    let tables = |depth: usize| format!("x = {}1{}", "{a=".repeat(depth), "}".repeat(depth));
    for text in [nested(16), tables(16)] {
        assert!(passes(&text), "{text}");
    }
    for text in [nested(17), tables(17)] {
        let faults = refused(&text);
        assert_eq!(faults[0].found, "17 brackets in each other");
        assert_eq!(faults[0].allowed, "at most 16");
    }
}

#[test]
fn brackets_one_after_another_in_strings_and_in_comments_do_not_count() {
    let many = "[".repeat(1000);
    assert!(passes(&format!(
        "x = \"{many}\" # {many}\ny = '{many}'\nz = \'\'\'\n{many}\'\'\'\n"
    )));
    assert!(passes(&format!(
        "x = [{}]\n[y]\nz = [1]\n",
        "[],{},".repeat(200)
    )));
}

#[test]
fn long_dotted_keys_are_refused() {
    for bomb in [
        filled("", "a.", "", "a.") + "a = 1",
        format!("[{}a]", filled("", "a.", "", "a.")),
        format!("[[{}a]]", filled("", "a . ", "", "a . ")),
        format!("x = {{ {}a = 1 }}", filled("", "a.", "", "a.")),
    ] {
        let bomb = bomb
            .replacen("a.a.a.a.a.a.a.a.", "a.", 4)
            .replacen("a . a . a . ", "", 4);
        assert!(bomb.len() <= SIZE, "{}", bomb.len());
        assert_eq!(refused(&bomb)[0].found, "17 dots in a key");
    }
}

#[test]
fn too_many_keys_are_refused() {
    let mut text = String::new();
    for key in 0..1025 {
        writeln!(text, "key{key} = 1").unwrap();
    }
    assert_eq!(refused(&text)[0].found, "1025 keys");
}

#[test]
fn text_over_the_cap_is_refused_unread() {
    let text = " ".repeat(SIZE + 1);
    assert_eq!(refused(&text)[0].found, "65537 bytes");
}

/// Whatever is made of the pieces of the language, parsing ends with a result and not with the process.
#[test]
fn random_text_of_tokens_neither_overflows_nor_panics() {
    const PIECES: &[&str] = &[
        "[", "[", "[", "]", "]", "{", "{", "}", "}", "a", ".", "=", " = ", ",", "\n", "\n", "#",
        "'", "\"", "'''", "\"\"\"", "1", "[]", "{}", "a=", "a={", "[[", "]]", "\\", "\r\n", "nan",
    ];
    on_a_small_stack(|| {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 33).unwrap() % below
        };
        for round in 0..2000 {
            let length = if round % 20 == 0 { SIZE } else { 200 };
            // Few different pieces a round make deep runs likely.
            let chosen: Vec<_> = (0..4).map(|_| PIECES[random(PIECES.len())]).collect();
            let mut text = String::from("x = {");
            while text.len() < length - 4 {
                text += match random(8) {
                    0 => PIECES[random(PIECES.len())],
                    _ => chosen[random(chosen.len())],
                };
            }
            assert!(Manifest::parse(&text, Path::new("a.toml")).is_err());
            let _ = write_digest(&text, 1, &[0; 32], None);
        }
    });
}
