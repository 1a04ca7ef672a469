//! One effect, opened.

#![expect(unsafe_code, reason = "the plug-in's functions are called")]

use std::ffi::c_void;
use std::fmt;
use std::panic::resume_unwind;
use std::ptr;
use std::sync::Arc;

use diat_plugin_abi::{Growable, diat_instance, diat_job, diat_report, diat_status};

use crate::Points;
use crate::callbacks::{self, ProgressSide};
use crate::error::{Error, Status};
use crate::image::{ImageMut, ImageRef, Rect};
use crate::options::HostSide;
use crate::plugin::Message;
use crate::report::Report;

/// The plug-in's functions that take an instance.
#[derive(Clone, Copy)]
pub(crate) struct Functions {
    pub(crate) render: unsafe extern "C" fn(*mut diat_instance, *const diat_job) -> diat_status,
    pub(crate) close: unsafe extern "C" fn(*mut diat_instance),
    pub(crate) report:
        Option<unsafe extern "C" fn(*mut diat_instance, *mut *const diat_report) -> diat_status>,
    pub(crate) faces:
        Option<unsafe extern "C" fn(*mut diat_instance, *const f64, u32) -> diat_status>,
}

/// Called with a share that grows from 0 to 1 and the stage's name; false cancels.
pub type Progress<'a> = dyn FnMut(f32, &str) -> bool + 'a;

/// Where the input's pixels are.
#[derive(Debug)]
pub enum Input<'a> {
    /// In memory of their own.
    Separate(ImageRef<'a>),
    /// In the output, which is edited in place.
    InPlace,
}

/// One render.
pub struct RenderJob<'a> {
    /// The whole picture.
    pub input: Input<'a>,
    /// Where the result goes; its pixels are read as the input's are.
    pub output: ImageMut<'a>,
    /// Exactly these pixels of the output are written.
    pub roi: Rect,
    /// In the order of the effect's parameters; those left out at the end take their defaults.
    pub values: Vec<f64>,
    /// Seconds of a video; none for a still.
    pub time: Option<f64>,
    /// Called on this thread.
    pub progress: Option<&'a mut Progress<'a>>,
}

impl fmt::Debug for RenderJob<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RenderJob")
            .field("input", &self.input)
            .field("output", &self.output)
            .field("roi", &self.roi)
            .field("values", &self.values)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

/// One effect, opened; closed when dropped.
pub struct Instance {
    handle: *mut diat_instance,
    functions: Functions,
    /// The plug-in may log until the instance is closed.
    host: Arc<HostSide>,
}

// SAFETY: calls for one instance may come from any thread, one at a time, which `&mut self` sees to.
unsafe impl Send for Instance {}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Instance").field(&self.handle).finish()
    }
}

impl Instance {
    pub(crate) fn new(
        handle: *mut diat_instance,
        functions: Functions,
        host: Arc<HostSide>,
    ) -> Self {
        Self {
            handle,
            functions,
            host,
        }
    }

    /// Renders. The status is [`Status::Ok`] or [`Status::Unchanged`].
    ///
    /// # Errors
    /// [`Error::Failed`] in the plug-in's words, [`Status::Cancelled`] among them; the output's pixels in `roi` are then unspecified.
    ///
    /// # Panics
    /// Where the progress closure did.
    pub fn render(&mut self, job: RenderJob<'_>) -> Result<Status, Error> {
        let RenderJob {
            input,
            mut output,
            roi,
            values,
            time,
            progress,
        } = job;
        let n_values = u32::try_from(values.len())
            .map_err(|_| Error::Argument(format!("{} values are too many", values.len())))?;
        let out = output.describe();
        let input = match &input {
            Input::Separate(image) => image.describe(),
            Input::InPlace => out,
        };
        let mut message = Message::default();
        let mut side = progress.map(ProgressSide::new);
        let job = diat_job {
            n_values,
            values: values.as_ptr(),
            r#in: &raw const input,
            out: &raw const out,
            roi: roi.into(),
            time: time.unwrap_or(f64::NAN),
            ctx: side
                .as_mut()
                .map_or(ptr::null_mut(), |side| ptr::from_mut(side).cast::<c_void>()),
            progress: side
                .as_ref()
                .map(|_| callbacks::progress as unsafe extern "C" fn(_, _, _) -> _),
            message: message.start(),
            message_size: message.len(),
            ..diat_job::EMPTY
        };
        // SAFETY: the handle is open, and all that the job points to is good for the call: images were checked against their buffers.
        let status = unsafe { (self.functions.render)(self.handle, &raw const job) };
        if let Some(panic) = side.and_then(|side| side.panic) {
            resume_unwind(panic);
        }
        Error::check(status, message.text())
    }

    /// What the last render did; none if the plug-in does not tell.
    pub fn report(&self) -> Option<Report> {
        let last = self.functions.report?;
        let mut report: *const diat_report = ptr::null();
        // SAFETY: the handle is open and the place is good for the call.
        let status = unsafe { last(self.handle, &raw mut report) };
        if !Status::from(status).is_success() {
            return None;
        }
        // SAFETY: the report is valid until the next render or close, which `&self` keeps off.
        unsafe { Report::read(report) }
    }

    /// Gives the faces of all renders from here on, or goes back to finding them.
    ///
    /// # Errors
    /// [`Error::Failed`] if the plug-in refuses the points, [`Error::Incomplete`] if it cannot take any.
    pub fn set_points(&mut self, points: Option<&[Points]>) -> Result<(), Error> {
        let set = self
            .functions
            .faces
            .ok_or(Error::Incomplete("diat.faces/1"))?;
        let points = points.unwrap_or_default();
        let count = u32::try_from(points.len())
            .map_err(|_| Error::Argument(format!("{} faces are too many", points.len())))?;
        let numbers: Vec<f64> = points.iter().flatten().flatten().copied().collect();
        // SAFETY: the handle is open and there are ten numbers a face.
        let call = || unsafe { set(self.handle, numbers.as_ptr(), count) };
        let (status, heard) = self.host.listen(call);
        Error::check(status, heard.join("; ")).map(|_| ())
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // SAFETY: the handle is open, and nobody can use it again.
        unsafe { (self.functions.close)(self.handle) };
    }
}
