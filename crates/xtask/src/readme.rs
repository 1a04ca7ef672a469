//! What the README shows is what the program does: its command is run word for word, its picture is made here. Its example of a
//! training is run by `crates/train/tests/readme.rs`, with all the tests.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use image::imageops;

use crate::{Result, cargo, root};

/// Runs the README's main command, word for word, and checks that a changed picture came out. The bundle's build made what it builds.
pub(crate) fn main_job() -> Result<bool> {
    let readme = fs::read_to_string(root().join("README.md"))?;
    let line = readme
        .lines()
        .find(|line| line.starts_with("cargo run --release -- apply "))
        .ok_or("README.md: no line `cargo run --release -- apply …`")?;
    let words: Vec<&str> = line.split_whitespace().skip(1).collect();
    let output = match words.as_slice() {
        [.., "-o", output] => root().join(output),
        _ => return Err(format!("README.md: `{line}` does not end in -o FILE").into()),
    };
    let input = words
        .get(5)
        .map(|input| root().join(input))
        .ok_or("README.md: no input")?;
    if output.exists() {
        fs::remove_file(&output)?;
    }
    let ran = cargo(words[0]).args(&words[1..]).status()?;
    let written = fs::read(&output)?;
    fs::remove_file(&output)?;
    println!("{line}: {ran}, {} bytes", written.len());
    Ok(ran.success() && written != fs::read(input)?)
}

/// Remakes the README's picture: the drawn portrait, the edit and the learned mask side by side, at half size.
pub(crate) fn pictures() -> Result<()> {
    let input = root().join("tests/data/portrait.png");
    let folder = root().join("target/pictures");
    fs::create_dir_all(&folder)?;
    let mut panels = vec![image::open(&input)?.to_rgb8()];
    for show in ["result", "mask"] {
        let output = folder.join(format!("{show}.png"));
        let ran = Command::new(diat())
            .args(["apply", "eyeglasses-off", "--show", show])
            .arg(&input)
            .arg("-o")
            .arg(&output)
            .status()?;
        if !ran.success() {
            return Err(format!("diat apply --show {show}: {ran}").into());
        }
        panels.push(image::open(&output)?.to_rgb8());
    }
    let (width, height) = (panels[0].width() / 2, panels[0].height() / 2);
    let mut strip = image::RgbImage::new(3 * width, height);
    for (x, panel) in (0..).step_by(width as usize).zip(&panels) {
        let half = imageops::resize(panel, width, height, imageops::FilterType::Triangle);
        imageops::replace(&mut strip, &half, x, 0);
    }
    let target = root().join("models/before-after.png");
    strip.save(&target)?;
    println!("{}: look at it", target.display());
    Ok(())
}

fn diat() -> PathBuf {
    root()
        .join("target/ci")
        .join(format!("diat{}", std::env::consts::EXE_SUFFIX))
}
