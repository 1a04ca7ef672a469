//! Every call of the library under examination. Pointers go through as they are: good ones, null ones and wrong ones.

#![expect(unsafe_code, reason = "the library's functions are called")]

use std::ffi::{CStr, c_char, c_void};
use std::path::Path;

use diat_plugin_abi::{
    DIAT_EXTENSION_FACES, DIAT_EXTENSION_REPORT, diat_faces_extension, diat_host, diat_instance,
    diat_job, diat_open, diat_plugin, diat_plugin_v1_fn, diat_report, diat_report_extension,
    diat_status,
};

use super::{Finding, look};
use crate::load;

/// A library that has the entry's symbol.
#[derive(Clone, Copy)]
pub(crate) struct Library {
    entry: diat_plugin_v1_fn,
}

impl Library {
    pub(crate) fn load(file: &Path) -> Result<Self, Finding> {
        let entry = load::entry(file).map_err(|error| Finding::failed(error.to_string()))?;
        Ok(Self { entry })
    }

    /// As [`load`](Self::load), but closed again.
    #[cfg(unix)]
    pub(crate) fn load_and_close(file: &Path) -> Result<Self, Finding> {
        use libloading::os::unix::Library;
        let failed = |error: String| Finding::failed(error);
        let file = file
            .canonicalize()
            .map_err(|error| failed(error.to_string()))?;
        // SAFETY: running its initialisers is part of what is examined.
        let library = unsafe { Library::new(file) }.map_err(|error| failed(error.to_string()))?;
        // SAFETY: the symbol's name holds the ABI's major, which fixes its type.
        let entry = unsafe {
            library.get::<diat_plugin_v1_fn>(diat_plugin_abi::DIAT_ENTRY.to_bytes_with_nul())
        };
        let entry = *entry.map_err(|error| failed(error.to_string()))?;
        library.close().map_err(|error| failed(error.to_string()))?;
        Ok(Self { entry })
    }

    pub(crate) fn enter(&self, host: *const diat_host) -> *const diat_plugin {
        // SAFETY: what the library makes of the pointer is what is examined, in a process of its own.
        unsafe { (self.entry)(host) }
    }
}

/// The functions of a table and of its extensions.
#[derive(Clone, Copy)]
pub(crate) struct Functions {
    open: diat_open,
    render: unsafe extern "C" fn(*mut diat_instance, *const diat_job) -> diat_status,
    close: unsafe extern "C" fn(*mut diat_instance),
    extension: unsafe extern "C" fn(*const c_char) -> *const c_void,
    last: Option<unsafe extern "C" fn(*mut diat_instance, *mut *const diat_report) -> diat_status>,
    set: Option<unsafe extern "C" fn(*mut diat_instance, *const f64, u32) -> diat_status>,
}

impl Functions {
    pub(crate) fn of(table: &diat_plugin) -> Result<Self, Finding> {
        let lacks = |name| Finding::failed(format!("the table lacks `{name}`"));
        let functions = Self {
            open: table.open.ok_or_else(|| lacks("open"))?,
            render: table.render.ok_or_else(|| lacks("render"))?,
            close: table.close.ok_or_else(|| lacks("close"))?,
            extension: table.extension.ok_or_else(|| lacks("extension"))?,
            last: None,
            set: None,
        };
        let report = functions
            .extension(DIAT_EXTENSION_REPORT)
            .cast::<diat_report_extension>();
        let faces = functions
            .extension(DIAT_EXTENSION_FACES)
            .cast::<diat_faces_extension>();
        Ok(Self {
            last: look::copy(report).and_then(|report| report.last),
            set: look::copy(faces).and_then(|faces| faces.set),
            ..functions
        })
    }

    pub(crate) fn open(
        &self,
        effect: *const c_char,
        host: *const diat_host,
        instance: *mut *mut diat_instance,
        message: *mut c_char,
        message_size: usize,
    ) -> diat_status {
        // SAFETY: as in `Library::enter`.
        unsafe { (self.open)(effect, host, instance, message, message_size) }
    }

    pub(crate) fn render(&self, instance: *mut diat_instance, job: *const diat_job) -> diat_status {
        // SAFETY: as in `Library::enter`.
        unsafe { (self.render)(instance, job) }
    }

    pub(crate) fn close(&self, instance: *mut diat_instance) {
        // SAFETY: as in `Library::enter`.
        unsafe { (self.close)(instance) }
    }

    pub(crate) fn extension(&self, id: &CStr) -> *const c_void {
        self.extension_raw(id.as_ptr())
    }

    pub(crate) fn extension_raw(&self, id: *const c_char) -> *const c_void {
        // SAFETY: as in `Library::enter`.
        unsafe { (self.extension)(id) }
    }

    /// Whether the library has `diat.report/1`.
    pub(crate) fn reports(&self) -> bool {
        self.last.is_some()
    }

    /// `diat.report/1`, if the library has it.
    pub(crate) fn last(
        &self,
        instance: *mut diat_instance,
        report: *mut *const diat_report,
    ) -> Option<diat_status> {
        // SAFETY: as in `Library::enter`.
        self.last.map(|last| unsafe { last(instance, report) })
    }

    /// `diat.faces/1`, if the library has it.
    pub(crate) fn set(
        &self,
        instance: *mut diat_instance,
        points: *const f64,
        faces: u32,
    ) -> Option<diat_status> {
        // SAFETY: as in `Library::enter`.
        self.set.map(|set| unsafe { set(instance, points, faces) })
    }
}
