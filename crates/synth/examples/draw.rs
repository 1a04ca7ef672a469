//! Draws a face into a PNG file. `tests/data/portrait.png` is
//! `cargo run --profile ci -p diat-synth --example draw -- --seed 195 --glasses true --mouth-open false tests/data/portrait.png`.
#![allow(clippy::print_stdout, reason = "a program says where the points are")]

use clap::Parser;
use diat_image::Picture;
use diat_synth::{Attribute, FaceStyle, Scene, draw, texture};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// Draws faces and says where their points are.
#[derive(Parser)]
struct Arguments {
    /// The PNG file to write; `{}` stands for the seed.
    output: String,
    /// The face.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// How many seeds from there on.
    #[arg(long, default_value_t = 1)]
    count: u64,
    /// Columns.
    #[arg(long, default_value_t = 640)]
    width: usize,
    /// Rows.
    #[arg(long, default_value_t = 800)]
    height: usize,
    /// Put glasses on or take them off.
    #[arg(long)]
    glasses: Option<bool>,
    /// Open or close the mouth.
    #[arg(long)]
    mouth_open: Option<bool>,
    /// A man's or a woman's face.
    #[arg(long)]
    male: Option<bool>,
    /// Shaven or not.
    #[arg(long)]
    no_beard: Option<bool>,
    /// Young or old.
    #[arg(long)]
    young: Option<bool>,
    /// Size and pose by chance, instead of an upright portrait.
    #[arg(long)]
    snapshot: bool,
    /// No face, only a texture.
    #[arg(long)]
    texture: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    for seed in arguments.seed..arguments.seed + arguments.count {
        let path = PathBuf::from(arguments.output.replace("{}", &seed.to_string()));
        if arguments.texture {
            write(&path, &texture(seed, arguments.width, arguments.height)?)?;
            continue;
        }
        let scene = scene(&arguments, seed);
        let drawn = draw(&scene)?;
        write(&path, &drawn.picture)?;
        let points = drawn.points.map(|p| format!("{:.3} {:.3}", p.x, p.y));
        println!("{}\t{}", path.display(), points.join(" "));
    }
    Ok(())
}

fn scene(arguments: &Arguments, seed: u64) -> Scene {
    let wishes = [
        (Attribute::Eyeglasses, arguments.glasses),
        (Attribute::MouthSlightlyOpen, arguments.mouth_open),
        (Attribute::Male, arguments.male),
        (Attribute::NoBeard, arguments.no_beard),
        (Attribute::Young, arguments.young),
    ];
    let style = wishes
        .iter()
        .filter_map(|&(attribute, wish)| wish.map(|value| (attribute, value)))
        .fold(FaceStyle::from_seed(seed), |style, (attribute, value)| {
            style.with(attribute, value)
        });
    if arguments.snapshot {
        let mut scene = Scene::from_seed(seed);
        scene.style = style;
        scene
    } else {
        Scene::portrait(style, arguments.width, arguments.height)
    }
}

/// Drawings are opaque, so the file holds no alpha.
fn write(path: &Path, picture: &Picture) -> Result<(), Box<dyn Error>> {
    let rect = picture.rect();
    let rgb: Vec<u8> = picture
        .bytes()
        .chunks_exact(4)
        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect();
    let (w, h) = (u32::try_from(rect.w)?, u32::try_from(rect.h)?);
    let file = BufWriter::new(File::create(path)?);
    PngEncoder::new_with_quality(file, CompressionType::Best, FilterType::Adaptive).write_image(
        &rgb,
        w,
        h,
        ExtendedColorType::Rgb8,
    )?;
    Ok(())
}
