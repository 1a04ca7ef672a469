//! The functions of the ABI. Each is one [`call`]; what a host may do with them is told by `plugin.h`.

#![expect(
    unsafe_code,
    reason = "the host's pointers are read, and one name is exported"
)]

use std::ffi::{CStr, c_char, c_void};
use std::ptr;

use diat_effects::{Instance, Job, Log, Outcome, Point, Report};
use diat_plugin_abi::{
    self as abi, DIAT_EXTENSION_FACES, DIAT_EXTENSION_REPORT, Growable, diat_faces_extension,
    diat_host, diat_instance, diat_job, diat_plugin, diat_report, diat_report_extension,
    diat_status,
};

use crate::call::call;
use crate::colours::Colours;
use crate::failure::Failure;
use crate::images::Images;
use crate::instances::{self, State};
use crate::message::Message;
use crate::progress::Progress;
use crate::report::Stored;
use crate::{host, memory, tables, values};

/// More points than any picture has faces.
const MOST_FACES: u32 = 1024;

/// The entry of `plugin.h`: the one exported symbol. A Rust program that links this crate hands it to its host's loader; whoever
/// calls it keeps the header's contract.
#[expect(
    clippy::not_unsafe_ptr_arg_deref,
    reason = "safe by its type, so that a program without unsafe code can hand it over"
)]
#[unsafe(no_mangle)]
pub extern "C" fn diat_plugin_v1(host: *const diat_host) -> *const diat_plugin {
    call("diat_plugin_v1", |context| {
        // SAFETY: the host keeps the contract.
        context.log = Some(unsafe { host::log(host) }?);
        context.ends_log = true;
        #[cfg(debug_assertions)]
        crate::faults::strike("diat_plugin_v1");
        // SAFETY: as above.
        let host = unsafe { host::read(host) }?;
        let table = tables::of(&host.resource_dirs);
        let catalogue = table.engine.catalogue();
        for fault in &catalogue.faults {
            context.tell(abi::DIAT_WARNING, &fault.to_string());
        }
        for shadowed in &catalogue.shadowed {
            let (used, ignored) = (shadowed.used.display(), shadowed.ignored.display());
            let line = format!("{ignored}: not used, {used} is: {}", shadowed.why);
            context.tell(abi::DIAT_INFO, &line);
        }
        Ok(&raw const table.plugin)
    })
}

/// `diat_plugin.open`.
pub(crate) unsafe extern "C" fn open(
    effect_id: *const c_char,
    host: *const diat_host,
    instance: *mut *mut diat_instance,
    message: *mut c_char,
    message_size: usize,
) -> diat_status {
    call("open", |context| {
        // SAFETY: the host keeps the contract.
        context.message = unsafe { Message::new(message, message_size) };
        if instance.is_null() {
            return Err(Failure::argument("there is no place for the instance"));
        }
        // SAFETY: not null, so the host wants something written there.
        unsafe { instance.write(ptr::null_mut()) };
        // SAFETY: the host keeps the contract.
        let log = unsafe { host::log(host) }?;
        context.log = Some(log.clone());
        context.ends_log = true;
        // SAFETY: as above.
        let host = unsafe { host::read(host) }?;
        // SAFETY: as above.
        let effect_id = unsafe { memory::text(effect_id, "the effect's id") }?;
        #[cfg(debug_assertions)]
        {
            crate::faults::strike("open");
            crate::faults::arm(&effect_id)?;
        }
        let engine = &tables::of(&host.resource_dirs).engine;
        let engine_log: Log = {
            let log = log.clone();
            std::sync::Arc::new(move |level, text| log.line(host::level(level), text))
        };
        let opened = Instance::open(engine, &effect_id, host.max_threads, engine_log)?;
        let info = engine
            .effects()
            .iter()
            .find(|effect| effect.id == effect_id);
        let info = info.ok_or_else(|| Failure::internal("an effect that is not listed opened"))?;
        let state = State {
            instance: opened,
            report: Stored::new(&Report::default()),
            colours: Colours::default(),
        };
        let handle = instances::add(log, info.clone(), state);
        // SAFETY: as at the first write.
        unsafe { instance.write(handle) };
        context.ends_log = false;
        Ok(abi::DIAT_OK)
    })
}

/// `diat_plugin.render`.
pub(crate) unsafe extern "C" fn render(
    instance: *mut diat_instance,
    job: *const diat_job,
) -> diat_status {
    call("render", |context| {
        // SAFETY: the host keeps the contract.
        let job = unsafe { memory::copy(job) };
        if let Ok(job) = &job {
            // SAFETY: as above.
            context.message = unsafe { Message::new(job.message, job.message_size) };
        }
        let slot = context.attach(instance)?;
        let job = job?;
        let mut working = slot.work()?;
        let state = working.state()?;
        values::check_count(&slot.effect, job.n_values as usize)?;
        // SAFETY: the host keeps the contract.
        let given = unsafe { memory::numbers(job.values, job.n_values as usize, "the values") }?;
        let values = values::values(&slot.effect, &given)?;
        // SAFETY: as above.
        let images = unsafe { Images::check(job.r#in, job.out) }?;
        let colours = &mut state.colours;
        // SAFETY: the host keeps the contract.
        let encoding =
            unsafe { colours.of(images.about(), |line| context.tell(abi::DIAT_WARNING, line)) }
                .map_err(|failure| failure.about("in"))?;
        let Some(roi) = images.region(job.roi)? else {
            state.report = Stored::new(&Report::default());
            return Ok(abi::DIAT_UNCHANGED);
        };
        // SAFETY: the pixels are ours for the call; the views end with it.
        let (input, output) = unsafe { images.views(&encoding) }?;
        let mut progress = Progress::new(&job, slot.owner());
        let outcome = state.instance.render(
            Job {
                input,
                output,
                roi,
                values: &values,
            },
            &mut |done, stage| progress.go_on(done, stage),
        );
        state.report = Stored::new(state.instance.report());
        Ok(match outcome? {
            Outcome::Changed => abi::DIAT_OK,
            Outcome::Unchanged => abi::DIAT_UNCHANGED,
        })
    })
}

/// `diat_plugin.close`.
pub(crate) unsafe extern "C" fn close(instance: *mut diat_instance) {
    call("close", |context| {
        if instance.is_null() {
            return Ok(());
        }
        let slot = context.attach_to_close(instance)?;
        slot.may_close()?;
        context.ends_log = true;
        slot.close();
        Ok(())
    });
}

/// `diat_plugin.extension`.
pub(crate) unsafe extern "C" fn extension(id: *const c_char) -> *const c_void {
    static REPORT: diat_report_extension = diat_report_extension {
        last: Some(last),
        ..diat_report_extension::EMPTY
    };
    static FACES: diat_faces_extension = diat_faces_extension {
        set: Some(set),
        ..diat_faces_extension::EMPTY
    };
    call("extension", |_| {
        #[cfg(debug_assertions)]
        crate::faults::strike("extension");
        if id.is_null() {
            return Err(Failure::argument("the id is null"));
        }
        // SAFETY: not null, so by the contract a string.
        let id = unsafe { CStr::from_ptr(id) };
        Ok(if id == DIAT_EXTENSION_REPORT {
            (&raw const REPORT).cast::<c_void>()
        } else if id == DIAT_EXTENSION_FACES {
            (&raw const FACES).cast::<c_void>()
        } else {
            ptr::null()
        })
    })
}

/// `diat_report_extension.last`.
unsafe extern "C" fn last(
    instance: *mut diat_instance,
    report: *mut *const diat_report,
) -> diat_status {
    call("last", |context| {
        if report.is_null() {
            return Err(Failure::argument("there is no place for the report"));
        }
        // SAFETY: not null, so the host wants something written there.
        unsafe { report.write(ptr::null()) };
        let slot = context.attach(instance)?;
        let mut working = slot.work()?;
        let stored = working.state()?.report.as_ptr();
        // SAFETY: as above.
        unsafe { report.write(stored) };
        Ok(abi::DIAT_OK)
    })
}

/// `diat_faces_extension.set`.
unsafe extern "C" fn set(
    instance: *mut diat_instance,
    points: *const f64,
    n_faces: u32,
) -> diat_status {
    call("set", |context| {
        let slot = context.attach(instance)?;
        let mut working = slot.work()?;
        if n_faces > MOST_FACES {
            return Err(Failure::argument(format!(
                "{n_faces} faces: at most {MOST_FACES} are taken"
            )));
        }
        // SAFETY: the host keeps the contract: ten numbers a face.
        let numbers = unsafe { memory::numbers(points, 10 * n_faces as usize, "the points") }?;
        if let Some(index) = numbers.iter().position(|number| !number.is_finite()) {
            return Err(Failure::argument(format!(
                "number {} of face {} is {}",
                index % 10,
                index / 10,
                numbers[index]
            )));
        }
        let faces = numbers.chunks_exact(10).map(|face| {
            std::array::from_fn(|point| Point {
                x: face[2 * point],
                y: face[2 * point + 1],
            })
        });
        let faces: Vec<_> = faces.collect();
        let points = (!faces.is_empty()).then_some(faces);
        working.state()?.instance.set_points(points);
        Ok(abi::DIAT_OK)
    })
}
