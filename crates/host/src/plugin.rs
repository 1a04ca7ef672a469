//! A library's table.

#![expect(unsafe_code, reason = "the plug-in's functions are called")]

use std::ffi::{CStr, CString, c_char, c_void};
use std::fmt;
use std::path::Path;
use std::ptr;
use std::sync::Arc;

use diat_places::Places;
use diat_plugin_abi::{
    DIAT_EXTENSION_FACES, DIAT_EXTENSION_REPORT, diat_faces_extension, diat_instance, diat_open,
    diat_plugin, diat_plugin_v1_fn, diat_report_extension,
};

use crate::effects::{self, EffectInfo};
use crate::error::Error;
use crate::instance::{Functions, Instance};
use crate::options::{HostOptions, HostSide, c_string};
use crate::{load, read};

/// What the library says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PluginInfo {
    /// Of the library.
    pub name: String,
    /// Of the library.
    pub version: String,
    /// Of the library.
    pub vendor: String,
    /// Of the library.
    pub url: String,
    /// Of the code.
    pub licence: String,
    /// Additions to the ABI that it knows.
    pub abi_minor: u32,
}

/// A plug-in that accepted this host.
pub struct Plugin {
    info: PluginInfo,
    effects: Vec<EffectInfo>,
    open: diat_open,
    functions: Functions,
    host: Arc<HostSide>,
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plugin")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

impl Plugin {
    /// Loads the library in the file `path`, for the life of the process.
    ///
    /// # Errors
    /// [`Error::Library`], [`Error::Refused`] or [`Error::Incomplete`].
    pub fn load(path: &Path, options: HostOptions) -> Result<Self, Error> {
        let entry = load::entry(path)?;
        // SAFETY: the entry of a library that says by its symbol that it keeps the contract.
        unsafe { Self::from_raw_entry(entry, options) }
    }

    /// Loads the library that is installed for bridges; `bridge` is the bridge's own library file.
    ///
    /// # Errors
    /// [`Error::NotInstalled`], else as [`Plugin::load`].
    pub fn load_installed(
        places: &Places,
        bridge: Option<&Path>,
        options: HostOptions,
    ) -> Result<Self, Error> {
        let library = places
            .plugin_library(bridge)
            .ok_or_else(|| Error::NotInstalled {
                folder: places.library_dir(),
            })?;
        Self::load(&library, options)
    }

    /// Uses a plug-in that is linked into this program. It must keep the contract of `plugin.h`; it is a Rust function, so that only
    /// the real one or one written for the purpose fits.
    ///
    /// # Errors
    /// [`Error::Refused`] or [`Error::Incomplete`].
    pub fn from_entry(
        entry: extern "C" fn(*const diat_plugin_abi::diat_host) -> *const diat_plugin,
        options: HostOptions,
    ) -> Result<Self, Error> {
        // SAFETY: a safe function takes what this host gives, a host that keeps the contract.
        unsafe { Self::from_raw_entry(entry, options) }
    }

    /// # Safety
    /// The plug-in behind `entry` keeps the contract of `plugin.h`.
    unsafe fn from_raw_entry(
        entry: diat_plugin_v1_fn,
        options: HostOptions,
    ) -> Result<Self, Error> {
        let host = HostSide::new(options)?;
        // SAFETY: the caller's promise; the host's struct is complete.
        let call = || host.with(|host| unsafe { entry(host) });
        let (table, heard) = host.listen(call);
        // SAFETY: the plug-in's table lives until the process ends.
        let Some(table) = (unsafe { read::copy(table) }) else {
            let reason = if heard.is_empty() {
                "it does not say why".to_owned()
            } else {
                heard.join("; ")
            };
            return Err(Error::Refused { reason });
        };
        Ok(Self {
            info: info(&table),
            effects: effects::all(&table),
            open: table.open.ok_or(Error::Incomplete("open"))?,
            functions: functions(&table)?,
            host,
        })
    }

    /// What the library says about itself.
    pub fn info(&self) -> &PluginInfo {
        &self.info
    }

    /// Its effects, in its order.
    pub fn effects(&self) -> &[EffectInfo] {
        &self.effects
    }

    /// One effect by its id.
    pub fn effect(&self, id: &str) -> Option<&EffectInfo> {
        self.effects.iter().find(|effect| effect.id == id)
    }

    /// Opens an instance of an effect.
    ///
    /// # Errors
    /// [`Error::Failed`] in the plug-in's words.
    pub fn open(&self, id: &str) -> Result<Instance, Error> {
        let id: CString = c_string(id)?;
        let mut instance: *mut diat_instance = ptr::null_mut();
        let mut message = Message::default();
        let status = self.host.with(|host| {
            // SAFETY: every pointer is good for the call; `host` holds functions and a context that the instance keeps alive.
            unsafe {
                (self.open)(
                    id.as_ptr(),
                    host,
                    &raw mut instance,
                    message.start(),
                    message.len(),
                )
            }
        });
        Error::check(status, message.text())?;
        if instance.is_null() {
            return Err(Error::Incomplete("an instance"));
        }
        Ok(Instance::new(instance, self.functions, self.host.clone()))
    }
}

fn info(table: &diat_plugin) -> PluginInfo {
    // SAFETY: by the contract strings, or null where the plug-in does not know the field.
    let text = |text| unsafe { read::text(text) };
    PluginInfo {
        name: text(table.name),
        version: text(table.version),
        vendor: text(table.vendor),
        url: text(table.url),
        licence: text(table.licence),
        abi_minor: table.abi_minor,
    }
}

fn functions(table: &diat_plugin) -> Result<Functions, Error> {
    let extension = |id: &CStr| -> *const c_void {
        match table.extension {
            // SAFETY: any string may be asked for.
            Some(extension) => unsafe { extension(id.as_ptr()) },
            None => ptr::null(),
        }
    };
    let report = extension(DIAT_EXTENSION_REPORT).cast::<diat_report_extension>();
    let faces = extension(DIAT_EXTENSION_FACES).cast::<diat_faces_extension>();
    // SAFETY: the id names the struct's type, and it lives until the process ends.
    let report = unsafe { read::copy(report) };
    // SAFETY: as above.
    let faces = unsafe { read::copy(faces) };
    Ok(Functions {
        render: table.render.ok_or(Error::Incomplete("render"))?,
        close: table.close.ok_or(Error::Incomplete("close"))?,
        report: report.and_then(|report| report.last),
        faces: faces.and_then(|faces| faces.set),
    })
}

/// A buffer for one line about a failure.
pub(crate) struct Message([u8; 1024]);

impl Default for Message {
    fn default() -> Self {
        Self([0; 1024])
    }
}

impl Message {
    pub(crate) fn start(&mut self) -> *mut c_char {
        self.0.as_mut_ptr().cast::<c_char>()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn text(&self) -> String {
        let end = self.0.iter().position(|&byte| byte == 0);
        let text = &self.0[..end.unwrap_or(self.0.len())];
        String::from_utf8_lossy(text).into_owned()
    }
}
