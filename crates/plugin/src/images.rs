//! The host's two pictures: checked, then seen as views that never alias.

#![expect(unsafe_code, reason = "the pixels are the host's memory")]

use std::ops::Range;

use diat_effects::{Encoding, Layout, Rect, Source, View, ViewMut};
use diat_plugin_abi::{diat_image, diat_rect};

use crate::failure::Failure;
use crate::layout::layout;
use crate::memory;

/// One picture, checked but for whether the memory is there.
#[derive(Debug)]
struct Image {
    about: diat_image,
    rect: Rect,
    /// But for the colours' curve.
    layout: Layout,
    /// Of one row; that of a single row is whatever fits.
    stride: isize,
    /// All bytes from the first to the last pixel.
    bytes: Range<usize>,
    /// Where pixel (rect.x, rect.y) is in them.
    first: usize,
}

/// The two pictures of a job.
#[derive(Debug)]
pub(crate) struct Images {
    input: Image,
    output: Image,
    in_place: bool,
}

pub(crate) fn rect(from: diat_rect) -> Rect {
    let diat_rect { x, y, w, h } = from;
    Rect::new(x, y, w, h)
}

impl Images {
    /// Checks both pictures and that they go together.
    ///
    /// # Safety
    /// Both are null or structs that keep the contract.
    pub(crate) unsafe fn check(
        input: *const diat_image,
        output: *const diat_image,
    ) -> Result<Self, Failure> {
        // SAFETY: the caller's promise.
        let input = unsafe { memory::copy(input) }
            .and_then(Image::check)
            .map_err(|failure| failure.about("in"))?;
        // SAFETY: the caller's promise.
        let output = unsafe { memory::copy(output) }
            .and_then(Image::check)
            .map_err(|failure| failure.about("out"))?;
        let colours = |image: &Image| {
            let about = &image.about;
            (about.format, about.alpha, about.primaries, about.transfer)
        };
        if colours(&input) != colours(&output) {
            return Err(Failure::format(format!(
                "in and out differ in (format, alpha, primaries, transfer): {:?} and {:?}",
                colours(&input),
                colours(&output)
            )));
        }
        let place = |image: &Image| (image.about.data, image.stride, image.rect);
        let in_place = place(&input) == place(&output);
        let overlap = input.bytes.start < output.bytes.end && output.bytes.start < input.bytes.end;
        if overlap && !in_place {
            return Err(Failure::argument(
                "in and out overlap: give the same data, stride and rect for both, or buffers that share no byte",
            ));
        }
        Ok(Self {
            input,
            output,
            in_place,
        })
    }

    /// What the host says of the input.
    pub(crate) fn about(&self) -> &diat_image {
        &self.input.about
    }

    /// The region of the job, inside both pictures; none if it holds no pixel.
    pub(crate) fn region(&self, roi: diat_rect) -> Result<Option<Rect>, Failure> {
        let roi = rect(roi);
        if roi.w < 0 || roi.h < 0 {
            return Err(Failure::argument(format!(
                "the roi has {}×{} pixels",
                roi.w, roi.h
            )));
        }
        if roi.is_empty() {
            return Ok(None);
        }
        for (image, name) in [(&self.input, "in"), (&self.output, "out")] {
            if !image.rect.contains(&roi) {
                return Err(Failure::argument(format!(
                    "the roi {roi:?} is not inside {name}'s rect {:?}",
                    image.rect
                )));
            }
        }
        Ok(Some(roi))
    }

    /// The pixels, for the engine, in colours that stand for `encoding`.
    ///
    /// # Safety
    /// The host's memory is there and nobody else touches it while the views live: the contract of `render`.
    pub(crate) unsafe fn views<'a>(
        &self,
        encoding: &'a Encoding,
    ) -> Result<(Source<'a>, ViewMut<'a>), Failure> {
        let layout = Layout {
            transfer: encoding.transfer(),
            ..self.input.layout
        };
        let output = {
            let Image {
                bytes,
                first,
                stride,
                rect,
                ..
            } = &self.output;
            let start = self.output.start();
            // SAFETY: the caller's promise, for a range that `check` found neither null nor wrapping; it does not overlap the input's,
            // or is the only one made of it.
            let bytes = unsafe { std::slice::from_raw_parts_mut(start, bytes.len()) };
            ViewMut::new(bytes, *first, *stride, *rect, layout)
                .map_err(|error| Failure::argument(format!("out: {error}")))?
                .in_space(encoding.space())
        };
        if self.in_place {
            return Ok((Source::InPlace, output));
        }
        let Image {
            bytes,
            first,
            stride,
            rect,
            ..
        } = &self.input;
        let start = self.input.start();
        // SAFETY: as above, for reading alone.
        let bytes = unsafe { std::slice::from_raw_parts(start, bytes.len()) };
        let input = View::new(bytes, *first, *stride, *rect, layout)
            .map_err(|error| Failure::argument(format!("in: {error}")))?
            .in_space(encoding.space());
        Ok((Source::Separate(input), output))
    }
}

impl Image {
    fn check(about: diat_image) -> Result<Self, Failure> {
        let layout = layout(&about)?;
        let rect = rect(about.rect);
        let end = i64::from(i32::MAX);
        if rect.is_empty() || rect.right() > end || rect.bottom() > end {
            return Err(Failure::argument(format!(
                "the rect {rect:?} is empty or leaves 32 bits"
            )));
        }
        if about.data.is_null() {
            return Err(Failure::argument("data is null"));
        }
        let row = i128::from(rect.w) * layout.format.bytes_per_pixel() as i128;
        let stride = if rect.h == 1 {
            row
        } else {
            about.stride as i128
        };
        if stride.abs() < row {
            return Err(Failure::argument(format!(
                "a stride of {stride} bytes for rows of {row} bytes"
            )));
        }
        let data = about.data.addr() as i128;
        let last = data + (i128::from(rect.h) - 1) * stride;
        let (from, to) = (data.min(last), data.max(last) + row);
        let fits = to - from <= isize::MAX as i128 && from > 0 && to <= usize::MAX as i128;
        let (Ok(stride), true) = (isize::try_from(stride), fits) else {
            return Err(Failure::argument(format!(
                "{} rows with a stride of {stride} bytes leave the address space",
                rect.h
            )));
        };
        Ok(Self {
            rect,
            layout,
            stride,
            bytes: from as usize..to as usize,
            first: (data - from) as usize,
            about,
        })
    }

    fn start(&self) -> *mut u8 {
        self.about.data.cast::<u8>().wrapping_sub(self.first)
    }
}
