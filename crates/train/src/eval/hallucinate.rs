//! Table VII: faces that were shrunk and are enlarged again.

use diat_image::crop;
use diat_places::Places;
use ndarray::Array3;

use super::evaluate::{Place, Progress, Request};
use super::paper::Enlarger;
use super::plugin::Plugin;
use super::quality::{psnr, ssim};
use super::report::{Column, Hallucination};
use super::statistics::mean;
use super::{Error, source};
use crate::data::{Shrink, decode};

/// Cuts every face out at the network's size, shrinks it and enlarges it bicubically, then by U-Net and by DIAT where they are
/// given; each against the crop. On the crop, since there is nothing at full resolution to compare with.
///
/// # Errors
/// The engine's, and a picture that cannot be read.
pub(super) fn hallucination(
    request: &Request<'_>,
    factor: usize,
    places: &Places,
    progress: &mut Progress<'_>,
) -> Result<Hallucination, Error> {
    let open = |place: &Place| Plugin::open(&place.folder, place.id.as_deref(), places);
    let diat = open(&request.subject)?;
    let unet = request.unet.as_ref().map(open).transpose()?;
    let (template, size) = diat.frame()?;
    let at = template.map(|[x, y]| diat_image::Point { x, y });
    let chosen = source::chosen(
        request.data,
        &request.task,
        request.partition,
        request.limit,
    )?;
    let shrink = Shrink { factor };
    let mut measured: Vec<(Enlarger, [Vec<f64>; 2])> = Enlarger::ALL
        .map(|which| (which, Default::default()))
        .into();
    for (done, place) in chosen.iter().enumerate() {
        progress("enlarging", done as u64, chosen.len() as u64);
        let face = &request.data.faces[*place];
        let to_crop = diat_face::align(&face.points, &at)
            .ok_or_else(|| super::pictures::fault(&face.name, "its points lie in one place"))?;
        let truth = crop(&decode(&face.path)?.view(), &to_crop, size, size);
        let bicubic = shrink.and_enlarge(&truth.mapv(|value| 2.0 * value - 1.0));
        let bicubic = bicubic.mapv_into(|value| 0.5 * value + 0.5);
        for (which, [decibels, similar]) in &mut measured {
            let made: Option<Array3<f32>> = match which {
                // As a picture would hold it.
                Enlarger::Bicubic => Some(bicubic.mapv(|value| value.clamp(0.0, 1.0))),
                Enlarger::Unet => unet
                    .as_ref()
                    .map(|unet| unet.transformed(bicubic.clone()))
                    .transpose()?,
                Enlarger::Diat => Some(diat.transformed(bicubic.clone())?),
            };
            if let Some(made) = made {
                decibels.push(psnr(&made.view(), &truth.view()));
                similar.extend(ssim(&made.view(), &truth.view()));
            }
        }
    }
    let column = |(enlarger, [decibels, similar]): (Enlarger, [Vec<f64>; 2])| {
        Some(Column {
            enlarger,
            psnr: mean(decibels)?,
            ssim: mean(similar)?,
        })
    };
    Ok(Hallucination {
        factor,
        size,
        faces: chosen.len(),
        columns: measured.into_iter().filter_map(column).collect(),
    })
}
