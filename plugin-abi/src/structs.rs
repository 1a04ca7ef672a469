//! The header's structs; what each field means stands there.

use core::ffi::{c_char, c_void};

use crate::growable::growable;
use crate::{Zero, diat_status};

/// A rectangle of pixels in picture coordinates; frozen.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct diat_rect {
    /// First column.
    pub x: i32,
    /// First row.
    pub y: i32,
    /// Columns.
    pub w: i32,
    /// Rows.
    pub h: i32,
}

impl Zero for diat_rect {
    const ZERO: Self = Self {
        x: 0,
        y: 0,
        w: 0,
        h: 0,
    };
}

growable! {
    /// Pixels in memory.
    pub struct diat_image {
        /// As its writer knew it.
        pub size: u32,
        /// `enum diat_format`.
        pub format: u32,
        /// The pixels this buffer holds.
        pub rect: diat_rect,
        /// Pixel (rect.x, rect.y).
        pub data: *mut c_void,
        /// Bytes from a row to the one below.
        pub stride: isize,
        /// `enum diat_alpha`.
        pub alpha: u32,
        /// ITU-T H.273.
        pub primaries: u16,
        /// ITU-T H.273.
        pub transfer: u16,
        /// Optional profile.
        pub icc: *const c_void,
        /// Its bytes.
        pub icc_size: usize,
    }
}

growable! {
    /// One parameter.
    pub struct diat_param {
        /// As its writer knew it.
        pub size: u32,
        /// `enum diat_param_flag`, or-ed.
        pub flags: u32,
        /// Its name for programs.
        pub id: *const c_char,
        /// For people.
        pub label: *const c_char,
        /// For people.
        pub help: *const c_char,
        /// For people.
        pub unit: *const c_char,
        /// Least value.
        pub min: f64,
        /// Greatest value.
        pub max: f64,
        /// Least value of a slider.
        pub soft_min: f64,
        /// Greatest value of a slider.
        pub soft_max: f64,
        /// Step of a slider.
        pub step: f64,
        /// The value that does nothing, or NaN.
        pub neutral: f64,
        /// The value where the host gives none.
        pub def: f64,
        /// id, label, id, label, ..., null; or null.
        pub choices: *const *const c_char,
    }
}

growable! {
    /// One effect.
    pub struct diat_effect {
        /// As its writer knew it.
        pub size: u32,
        /// `enum diat_effect_flag`, or-ed.
        pub flags: u32,
        /// Its manifest's id.
        pub id: *const c_char,
        /// For people.
        pub label: *const c_char,
        /// For people.
        pub category: *const c_char,
        /// For people.
        pub help: *const c_char,
        /// Of manifest and weights.
        pub version: *const c_char,
        /// Of the weights.
        pub licence: *const c_char,
        /// Ends in null.
        pub params: *const *const diat_param,
    }
}

growable! {
    /// What the host brings.
    pub struct diat_host {
        /// As its writer knew it.
        pub size: u32,
        /// The header's `DIAT_ABI_MINOR`.
        pub abi_minor: u32,
        /// Of the program.
        pub name: *const c_char,
        /// Of the program.
        pub version: *const c_char,
        /// Ends in null; may be null.
        pub resource_dirs: *const *const c_char,
        /// That one render may use; 0: the plug-in decides.
        pub max_threads: u32,
        /// 0.
        pub reserved: u32,
        /// Given back to the functions.
        pub ctx: *mut c_void,
        /// Takes a line for the log.
        pub log: Option<unsafe extern "C" fn(ctx: *mut c_void, level: i32, text: *const c_char)>,
        /// The host's extensions by id.
        pub extension: Option<unsafe extern "C" fn(ctx: *mut c_void, id: *const c_char) -> *const c_void>,
    }
}

growable! {
    /// One render.
    pub struct diat_job {
        /// As its writer knew it.
        pub size: u32,
        /// How many values.
        pub n_values: u32,
        /// In the descriptor's order.
        pub values: *const f64,
        /// The whole picture.
        pub r#in: *const diat_image,
        /// Where the result goes.
        pub out: *const diat_image,
        /// The pixels that are written.
        pub roi: diat_rect,
        /// Seconds, or NaN.
        pub time: f64,
        /// Given back to the function.
        pub ctx: *mut c_void,
        /// Non-zero cancels.
        pub progress: Option<unsafe extern "C" fn(ctx: *mut c_void, done: f32, stage: *const c_char) -> i32>,
        /// Takes one line about a failure.
        pub message: *mut c_char,
        /// Its bytes.
        pub message_size: usize,
    }
}

/// An instance as the other side sees it: a handle, never looked into.
#[repr(C)]
#[derive(Debug)]
pub struct diat_instance {
    _private: [u8; 0],
}

/// `diat_plugin.open`.
pub type diat_open = unsafe extern "C" fn(
    effect_id: *const c_char,
    host: *const diat_host,
    instance: *mut *mut diat_instance,
    message: *mut c_char,
    message_size: usize,
) -> diat_status;

growable! {
    /// The table of a library.
    pub struct diat_plugin {
        /// As its writer knew it.
        pub size: u32,
        /// The header's `DIAT_ABI_MINOR`.
        pub abi_minor: u32,
        /// Of the library.
        pub name: *const c_char,
        /// Of the library.
        pub version: *const c_char,
        /// Of the library.
        pub vendor: *const c_char,
        /// Of the library.
        pub url: *const c_char,
        /// Of the code.
        pub licence: *const c_char,
        /// Ends in null.
        pub effects: *const *const diat_effect,
        /// \[any\]
        pub open: Option<diat_open>,
        /// \[serial\]
        pub render: Option<unsafe extern "C" fn(*mut diat_instance, *const diat_job) -> diat_status>,
        /// \[any\]
        pub close: Option<unsafe extern "C" fn(*mut diat_instance)>,
        /// \[any\]
        pub extension: Option<unsafe extern "C" fn(id: *const c_char) -> *const c_void>,
    }
}

/// The entry's type.
pub type diat_plugin_v1_fn = unsafe extern "C" fn(*const diat_host) -> *const diat_plugin;
