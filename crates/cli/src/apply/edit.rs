//! One picture: read, edited through the plug-in, written.

use std::io::Write;
use std::path::{Path, PathBuf};

use diat_host::{
    Alpha, EffectInfo, Format, ImageMut, ImageRef, Input, Instance, Pixels, Rect, RenderJob,
    Report, Status,
};
use image::ImageError;

use super::plan::Task;
use super::settings::Settings;
use crate::interrupt;
use crate::output;
use crate::picture::{self, Depth, Lost, Picture, PictureError, PictureFile};
use crate::record::{self, Written};
use crate::words::Outcome;
use crate::xmp;

/// What became of a picture.
#[derive(Debug)]
pub(crate) struct Edited {
    pub(crate) outcome: Outcome,
    pub(crate) lost: Vec<Lost>,
    pub(crate) report: Option<Report>,
}

/// Why a picture was not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EditError {
    #[error(transparent)]
    Picture(PictureError),
    #[error("{}: {error}", file.display())]
    Plugin {
        file: PathBuf,
        error: diat_host::Error,
    },
    #[error("{0}")]
    Write(String),
    /// Something panicked.
    #[error("{}: a defect of this program, please report it; the file was not worked on", .0.display())]
    Defect(PathBuf),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

impl From<PictureError> for EditError {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::Interrupted => Self::Interrupted,
            other => Self::Picture(other),
        }
    }
}

impl EditError {
    /// What the plug-in answered, if it was the plug-in that failed.
    pub(crate) fn status(&self) -> Option<Status> {
        match self {
            Self::Plugin { error, .. } => error.status(),
            _ => None,
        }
    }
}

/// Edits one picture. `go_on` is told a share from 0 to 1 and the stage, and answers false to stop.
pub(crate) fn edit(
    task: &Task,
    instance: &mut Instance,
    effect: &EffectInfo,
    settings: &Settings,
    go_on: &mut dyn FnMut(f32, &str) -> bool,
) -> Result<Edited, EditError> {
    let mut check = |done: f32, stage: &str| {
        if go_on(done, stage) {
            Ok(())
        } else {
            Err(EditError::Interrupted)
        }
    };
    check(0.0, "read")?;
    let file = PictureFile::read(&task.input)?;
    let mut picture = picture::decode(&file)?;
    check(0.15, "read")?;
    picture.enlarge(settings.scale, &task.input)?;
    if settings.is_mask {
        picture.deepen();
    }
    let status = render(
        &mut picture,
        task,
        instance,
        effect,
        settings,
        &mut |done, stage| go_on(0.2 + 0.6 * done, stage),
    )?;
    let report = instance.report();
    let outcome = if status == Status::Unchanged && settings.is_neutral {
        // Then faces are not even looked for.
        Outcome::Untouched("strength is 0".to_owned())
    } else {
        Outcome::new(status, report.as_ref())
    };
    if !go_on(0.8, "write") {
        return Err(EditError::Interrupted);
    }
    let format = task.format.unwrap_or(file.format);
    let as_it_is = settings.is_result && settings.scale == 1 && format == file.format;
    let lost = if status == Status::Unchanged && as_it_is {
        write(task, format, |out| {
            out.write_all(&file.bytes).map_err(ImageError::IoError)
        })?;
        Vec::new()
    } else if settings.is_mask {
        write(task, picture::Format::Png, |out| {
            picture::encode_mask(&picture, out)
        })?;
        Vec::new()
    } else {
        let mut unrecorded = None;
        if matches!(outcome, Outcome::Edited(_)) {
            let bare = picture.xmp.as_deref().and_then(xmp::without_thumbnails);
            picture.xmp = bare.or(picture.xmp);
            if let Some(edit) = &settings.record {
                unrecorded = add_record(&mut picture, edit, &task.input)?;
            }
        }
        let mut lost = picture::losses(&picture, format);
        lost.extend(unrecorded);
        write(task, format, |out| picture::encode(picture, format, out))?;
        lost
    };
    Ok(Edited {
        outcome,
        lost,
        report,
    })
}

/// Into the picture's XMP packet; answers what of that could not stay.
fn add_record(
    picture: &mut Picture,
    edit: &record::Edit,
    file: &Path,
) -> Result<Option<Lost>, EditError> {
    let written = record::write(picture.xmp.as_deref(), edit)
        .map_err(|_| EditError::Defect(file.to_owned()))?;
    let (packet, lost) = match written {
        Written::Added(packet) => (packet, None),
        Written::Instead(packet, _) => (packet, Some(Lost::UnrecordableXmp)),
    };
    picture.xmp = Some(packet.into_bytes());
    Ok(lost)
}

fn write(
    task: &Task,
    format: picture::Format,
    content: impl FnOnce(&mut std::io::BufWriter<&mut std::fs::File>) -> Result<(), ImageError>,
) -> Result<(), EditError> {
    output::write(&task.output, content).map_err(|error| match error {
        output::Error::Interrupted(_) => EditError::Interrupted,
        output::Error::Content(_) if interrupt::asked() => EditError::Interrupted,
        output::Error::Write { .. } => EditError::Write(error.to_string()),
        output::Error::Content(cause) => EditError::Picture(PictureError::Unencodable {
            file: task.output.clone(),
            format,
            cause,
        }),
    })
}

fn render(
    picture: &mut Picture,
    task: &Task,
    instance: &mut Instance,
    effect: &EffectInfo,
    settings: &Settings,
    go_on: &mut dyn FnMut(f32, &str) -> bool,
) -> Result<Status, EditError> {
    let scale = f64::from(settings.scale);
    let enlarged: Vec<_> = settings
        .points
        .iter()
        .map(|face| face.map(|point| point.map(|at| at * scale)))
        .collect();
    let result = (|| {
        if !enlarged.is_empty() {
            instance.set_points(Some(&enlarged))?;
        }
        render_pixels(picture, instance, effect, settings.values.clone(), go_on)
    })();
    result.map_err(|error| match error.status() {
        Some(Status::Cancelled) => EditError::Interrupted,
        _ => EditError::Plugin {
            file: task.input.clone(),
            error,
        },
    })
}

/// Hands a picture through the door; its pixels become the result.
pub(crate) fn render_pixels(
    picture: &mut Picture,
    instance: &mut Instance,
    effect: &EffectInfo,
    values: Vec<f64>,
    go_on: &mut dyn FnMut(f32, &str) -> bool,
) -> Result<Status, diat_host::Error> {
    let rect = Rect {
        x: 0,
        y: 0,
        w: i32::try_from(picture.width).unwrap_or(0),
        h: i32::try_from(picture.height).unwrap_or(0),
    };
    let pixels = Pixels {
        alpha: match (picture.alpha, picture.premultiplied) {
            (false, _) => Alpha::Opaque,
            (true, false) => Alpha::Straight,
            (true, true) => Alpha::Premultiplied,
        },
        icc: picture.icc.as_deref(),
        ..Pixels::srgb(match picture.depth {
            Depth::U8 => Format::RgbaU8,
            Depth::U16 => Format::RgbaU16,
            Depth::F32 => Format::RgbaF32,
        })
    };
    let source = if effect.in_place {
        Vec::new()
    } else {
        picture.pixels.clone()
    };
    let input = if effect.in_place {
        Input::InPlace
    } else {
        Input::Separate(ImageRef::packed(&source, rect, pixels)?)
    };
    instance.render(RenderJob {
        input,
        output: ImageMut::packed(&mut picture.pixels, rect, pixels)?,
        roi: rect,
        values,
        time: None,
        progress: Some(go_on),
    })
}
