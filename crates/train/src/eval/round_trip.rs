//! There and back again (§IV-D, "Image quality").

use diat_image::crop;

use super::Error;
use super::faces::Face;
use super::judge::Trained;
use super::measure::{judged, stacked};
use super::plugin::Plugin;
use super::quality::psnr;
use super::report::RoundTrip;
use super::statistics::{Rate, mean};

/// Edits by `there`, then by `back`, both at full resolution, and compares the crop with the input's. `from` is the attribute's value in
/// the faces.
///
/// # Errors
/// The engine's, and a picture that cannot be read.
pub fn round_trip(
    there: &mut Plugin,
    back: &mut Plugin,
    faces: &mut dyn Iterator<Item = Result<Face, Error>>,
    from: bool,
    judge: &Trained,
) -> Result<RoundTrip, Error> {
    let (_, size) = there.frame()?;
    let (mut once, mut twice, mut decibels) = (Vec::new(), Vec::new(), Vec::new());
    for face in faces {
        let face = face?;
        let edited = there.edit(&face.picture, &face.points)?;
        let returned = back.edit(&edited.picture, &face.points)?;
        once.push(judged(&edited.picture, &face, &judge.plan));
        twice.push(judged(&returned.picture, &face, &judge.plan));
        let [input, output] = [face.picture.view(), returned.picture.view()]
            .map(|view| crop(&view, &edited.to_crop, size, size));
        decibels.push(psnr(&output.view(), &input.view()));
    }
    let (once, twice) = (
        judge.probabilities(&stacked(&once)),
        judge.probabilities(&stacked(&twice)),
    );
    let accepted = |(once, twice): (&f64, &f64)| (*once > 0.5) != from && (*twice > 0.5) == from;
    let both: Vec<bool> = once.iter().zip(&twice).map(accepted).collect();
    let counted = decibels.iter().zip(&both).filter(|(_, both)| **both);
    Ok(RoundTrip {
        reverse: back.manifest().id.clone(),
        psnr: mean(counted.map(|(decibels, _)| *decibels)),
        psnr_all: mean(decibels.iter().copied()),
        both_accepted: Rate::of(both),
    })
}
