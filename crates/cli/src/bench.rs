//! `diat bench`: what each stage takes, beside the network alone.

mod figures;
mod measure;

use std::path::PathBuf;
use std::process::ExitCode;

use diat_host::{EffectInfo, Plugin};
use diat_infer::Device;
use diat_places::Places;

use crate::console;
use crate::door::{self, Door};
use crate::drawn;
use crate::failure::Failure;
use crate::picture::{self, Format, Picture, PictureFile};
use crate::values;
use figures::{Bare, Figures};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without a picture a drawn portrait is used. Each run decodes, renders through the plug-in and encodes \
    (in memory); every run's picture differs in one sample, so that nothing is remembered from the one before. The first run, \
    which loads the weights, is told apart. The network alone runs on a test pattern in one loop in this process.\n\n\
    Examples:\n  \
    diat bench eyeglasses-off\n  \
    diat bench eyeglasses-off portrait.jpg --runs 50 --json"
)]
pub(crate) struct Bench {
    /// Effect to measure
    effect: String,
    /// Picture to measure it on
    #[arg(value_name = "PICTURE")]
    picture: Option<PathBuf>,
    /// How often each is measured; the median counts
    #[arg(long, value_name = "N", default_value_t = 15, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Size of the drawn portrait
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "1200x1500", value_parser = size)]
    size: (u16, u16),
    /// Where the network runs: auto, cpu, cuda:0 to cuda:7
    #[arg(long)]
    device: Option<String>,
    /// The figures as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    door: Door,
}

impl Bench {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let file = self.file()?;
        let plugin = self.door.open(0, console::say)?;
        let effect = door::effect(&plugin, &self.effect)?;
        let mut settings = effect.defaults();
        if let Some(device) = &self.device {
            values::set(&mut settings, effect, "device", device)?;
        }
        let stages = measure::stages(&file, &plugin, effect, &settings, self.runs.into())?;
        if stages.faces == 0 {
            console::say(&format!(
                "{}: no face was edited, so that no network ran; the figures are for that",
                file.path.display()
            ));
        }
        let bare = self.bare(&plugin, effect)?;
        let figures = Figures::new(&self.effect, &file, &stages, bare);
        console::print(&if self.json {
            console::json(&figures)?
        } else {
            figures.text()
        });
        Ok(ExitCode::SUCCESS)
    }

    fn file(&self) -> Result<PictureFile, Failure> {
        let failed = |error: picture::PictureError| Failure::Failed(error.to_string());
        match &self.picture {
            Some(path) => PictureFile::read(path).map_err(failed),
            None => {
                let (width, height) = self.size;
                let (picture, _) = drawn::portrait(width.into(), height.into())?;
                Ok(PictureFile {
                    path: PathBuf::from("drawn portrait"),
                    bytes: encoded(picture, Format::Png)?,
                    format: Format::Png,
                })
            }
        }
    }

    /// The network alone; none where the plug-in's manifest is not known here.
    fn bare(&self, plugin: &Plugin, effect: &EffectInfo) -> Result<Option<Bare>, Failure> {
        let places = Places::from_environment();
        let catalogue = self.door.catalogue(&places)?;
        let version = |id: &str| plugin.effect(id).map(|effect| effect.version.clone());
        let Some(manifest) = catalogue
            .get(&effect.id)
            .filter(|manifest| version(&effect.id) == Some(manifest.version.to_string()))
        else {
            return Ok(None);
        };
        let device: Device = self
            .device
            .as_deref()
            .unwrap_or("auto")
            .parse()
            .map_err(|error: diat_infer::ParseDeviceError| Failure::Usage(error.to_string()))?;
        measure::bare(manifest, &places, device, self.runs.into())
            .map(Some)
            .map_err(|error| Failure::Failed(error.to_string()))
    }
}

fn encoded(picture: Picture, format: Format) -> Result<Vec<u8>, Failure> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture::encode(picture, format, &mut bytes).map_err(|error| {
        Failure::Failed(format!("cannot be encoded as {}: {error}", format.name()))
    })?;
    Ok(bytes.into_inner())
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let side = |text: &str| text.parse().ok().filter(|side| (64..=16384).contains(side));
    text.split_once('x')
        .and_then(|(width, height)| Some((side(width)?, side(height)?)))
        .ok_or_else(|| format!("{text:?} is no size; allowed: 64x64 to 16384x16384"))
}
