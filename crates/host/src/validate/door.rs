//! A library that opened its door, and instances of one of its effects.

use std::ffi::CString;
use std::ptr;

use diat_plugin_abi::{
    self as abi, Growable, diat_host, diat_image, diat_instance, diat_job, diat_report, diat_status,
};

use super::calls::{Functions, Library};
use super::canvas::{Canvas, Shape};
use super::host::Host;
use super::progress::Recorder;
use super::scene::Scene;
use super::{Finding, Verdict, ensure};
use crate::effects::EffectInfo;
use crate::options::c_string;
use crate::plugin::Message;
use crate::{Points, Rect, Status};

/// A library and the effect that is tried.
pub(crate) struct Door {
    pub(crate) library: Library,
    pub(crate) functions: Functions,
    pub(crate) host: &'static Host,
    pub(crate) effect: EffectInfo,
    /// The defaults, on the processor.
    pub(crate) values: Vec<f64>,
}

/// What a call answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: diat_status,
    pub(crate) message: String,
}

impl Answer {
    /// Fails unless the call was a success.
    pub(crate) fn good(&self, what: &str) -> Verdict {
        ensure!(self.status >= 0, "{what}: {}", self.words());
        Ok(())
    }

    /// Fails unless the status is the one that is wanted.
    pub(crate) fn is(&self, wanted: diat_status, what: &str) -> Verdict {
        ensure!(
            self.status == wanted,
            "{what}: {}; wanted: {}",
            self.words(),
            name(wanted)
        );
        Ok(())
    }

    fn words(&self) -> String {
        let colon = if self.message.is_empty() { "" } else { ": " };
        format!("{}{colon}{}", name(self.status), self.message)
    }
}

/// A place that no library gives as an instance.
fn nowhere() -> *mut diat_instance {
    static NOWHERE: u64 = 0;
    ptr::from_ref(&NOWHERE).cast_mut().cast::<diat_instance>()
}

/// A status in words.
pub(crate) fn name(status: diat_status) -> String {
    format!("status {status} ({:?})", Status::from(status))
}

impl Door {
    pub(crate) fn effect_id(&self) -> Result<CString, Finding> {
        c_string(&self.effect.id).map_err(|error| Finding::failed(error.to_string()))
    }

    /// Calls `open`; the instance is null where it failed, or should be.
    pub(crate) fn try_open(&self, id: &CString, host: &diat_host) -> (Answer, *mut diat_instance) {
        // Not null, so that a library that leaves it as it was is found out.
        let mut instance: *mut diat_instance = nowhere();
        let mut message = Message::default();
        let (start, len) = (message.start(), message.len());
        let status = self
            .functions
            .open(id.as_ptr(), host, &raw mut instance, start, len);
        (
            Answer {
                status,
                message: message.text(),
            },
            instance,
        )
    }

    /// An instance of the effect.
    pub(crate) fn open(&self) -> Result<Opened<'_>, Finding> {
        self.open_for(self.host)
    }

    /// As [`open`](Self::open), for another host.
    pub(crate) fn open_for(&self, host: &'static Host) -> Result<Opened<'_>, Finding> {
        let (answer, handle) = self.try_open(&self.effect_id()?, &host.raw());
        answer.good("open")?;
        ensure!(
            !handle.is_null() && handle != nowhere(),
            "open gives no instance"
        );
        Ok(Opened { door: self, handle })
    }

    /// An instance that was told where the face of the scene is, if it takes that.
    pub(crate) fn ready(&self, scene: &Scene) -> Result<Opened<'_>, Finding> {
        let opened = self.open()?;
        opened.set(&[scene.points])?;
        Ok(opened)
    }

    /// What a new instance makes of the whole of a scene.
    pub(crate) fn result(&self, scene: &Scene) -> Result<Vec<u8>, Finding> {
        self.ready(scene)?.result(scene, &self.values)
    }
}

/// An instance; closed when dropped.
pub(crate) struct Opened<'a> {
    door: &'a Door,
    pub(crate) handle: *mut diat_instance,
}

impl Opened<'_> {
    /// Gives points, if the library takes them.
    pub(crate) fn set(&self, points: &[Points]) -> Verdict {
        let numbers: Vec<f64> = points.iter().flatten().flatten().copied().collect();
        let status = self
            .door
            .functions
            .set(self.handle, numbers.as_ptr(), points.len() as u32);
        let status = status.unwrap_or(abi::DIAT_OK);
        ensure!(status >= 0, "set of diat.faces/1: {}", name(status));
        Ok(())
    }

    /// Asks for the report, if the library has it.
    pub(crate) fn last(&self, report: *mut *const diat_report) -> Option<diat_status> {
        self.door.functions.last(self.handle, report)
    }

    /// Renders a job as it is, but for its message.
    pub(crate) fn render(&self, mut job: diat_job) -> Answer {
        let mut message = Message::default();
        (job.message, job.message_size) = (message.start(), message.len());
        let status = self.door.functions.render(self.handle, &raw const job);
        Answer {
            status,
            message: message.text(),
        }
    }

    /// The whole of a scene as this instance renders it into a buffer of its own.
    pub(crate) fn result(&self, scene: &Scene, values: &[f64]) -> Result<Vec<u8>, Finding> {
        let mut input = input(scene, Shape::PACKED)?;
        let mut output = Canvas::new(scene.rect, scene.pixels, Shape::PACKED)?;
        self.render_into(&mut input, &mut output, scene.rect, values)?
            .good("render")?;
        Ok(output.rows())
    }

    /// Renders from one buffer to another.
    pub(crate) fn render_into(
        &self,
        input: &mut Canvas,
        output: &mut Canvas,
        roi: Rect,
        values: &[f64],
    ) -> Result<Answer, Finding> {
        self.render_heard(input, output, roi, values, None)
    }

    /// As [`render_into`](Self::render_into), with a progress function.
    pub(crate) fn render_heard(
        &self,
        input: &mut Canvas,
        output: &mut Canvas,
        roi: Rect,
        values: &[f64],
        recorder: Option<&'static Recorder>,
    ) -> Result<Answer, Finding> {
        let (input, output) = (input.image()?, output.image()?);
        let mut job = job(&input, &output, roi, values);
        if let Some(recorder) = recorder {
            recorder.listen_to(&mut job);
        }
        Ok(self.render(job))
    }
}

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        self.door.functions.close(self.handle);
    }
}

/// A job; what it points to must outlive it.
pub(crate) fn job(input: &diat_image, output: &diat_image, roi: Rect, values: &[f64]) -> diat_job {
    diat_job {
        n_values: values.len() as u32,
        values: values.as_ptr(),
        r#in: input,
        out: output,
        roi: roi.into(),
        time: f64::NAN,
        ..diat_job::EMPTY
    }
}

/// A buffer with a scene's pixels.
pub(crate) fn input(scene: &Scene, shape: Shape) -> Result<Canvas, Finding> {
    let mut canvas = Canvas::new(scene.rect, scene.pixels, shape)?;
    canvas.put(&scene.rows);
    Ok(canvas)
}
