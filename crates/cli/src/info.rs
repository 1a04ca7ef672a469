//! `diat info`: all about an effect or a picture.

mod about_effect;
mod about_picture;

use std::path::Path;
use std::process::ExitCode;

use diat_places::Places;

use crate::console;
use crate::door::{self, Door};
use crate::failure::Failure;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "A name that is both is taken for the effect; ./NAME is always a picture.\n\n\
    Examples:\n  \
    diat info eyeglasses-off\n  \
    diat info portrait.jpg"
)]
pub(crate) struct Info {
    /// Effect, or picture: size, depth, metadata, the record of edits, and the faces found with their five points, as --points takes them
    #[arg(value_name = "EFFECT|PICTURE")]
    subject: String,
    /// Effect by whose rules faces of a picture are judged; without it, the first that there is
    #[arg(long, value_name = "EFFECT")]
    effect: Option<String>,
    #[command(flatten)]
    door: Door,
}

impl Info {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let plugin = self.door.open(0, console::say)?;
        let file = Path::new(&self.subject);
        let catalogue = self.door.catalogue(&Places::from_environment())?;
        if let Some(effect) = plugin.effect(&self.subject) {
            console::print(&about_effect::text(
                effect,
                catalogue.get(&effect.id).map(|found| &**found),
            ));
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(manifest) = catalogue.get(&self.subject).filter(|_| !file.exists()) {
            console::print(&about_effect::of_manifest(manifest));
            return Ok(ExitCode::SUCCESS);
        }
        if !file.exists() {
            let unknown = door::unknown(&plugin, &self.subject);
            return Err(Failure::Usage(format!(
                "{unknown}; nor is there a picture of this name"
            )));
        }
        let effect = match &self.effect {
            Some(id) => Some(door::effect(&plugin, id)?),
            None => plugin.effects().first(),
        };
        console::print(&about_picture::text(file, &plugin, effect)?);
        Ok(ExitCode::SUCCESS)
    }
}
