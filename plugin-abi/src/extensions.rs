//! The header's extensions.

use core::ffi::{CStr, c_char};

use crate::growable::growable;
use crate::{diat_instance, diat_status};

/// Id of [`diat_report_extension`].
pub const DIAT_EXTENSION_REPORT: &CStr = c"diat.report/1";
/// Id of [`diat_faces_extension`].
pub const DIAT_EXTENSION_FACES: &CStr = c"diat.faces/1";

growable! {
    /// One face of the last render.
    pub struct diat_face {
        /// As its writer knew it.
        pub size: u32,
        /// `enum diat_face_code`.
        pub code: u32,
        /// Left edge of its box, in picture coordinates.
        pub x: f64,
        /// Top edge.
        pub y: f64,
        /// Width.
        pub w: f64,
        /// Height.
        pub h: f64,
        /// x, y of image-left eye, image-right eye, nose, image-left and image-right mouth corner.
        pub points: [f64; 10],
        /// 0..1.
        pub confidence: f64,
        /// 0..1, or NaN.
        pub score_before: f64,
        /// 0..1, or NaN.
        pub score_after: f64,
    }
}

growable! {
    /// What one stage of the last render took.
    pub struct diat_stage {
        /// As its writer knew it.
        pub size: u32,
        /// 0.
        pub reserved: u32,
        /// detect, landmarks, warp, network, grain, composite.
        pub name: *const c_char,
        /// How long it took.
        pub seconds: f64,
    }
}

growable! {
    /// What the last render did.
    pub struct diat_report {
        /// As its writer knew it.
        pub size: u32,
        /// How many faces.
        pub n_faces: u32,
        /// One pointer a face.
        pub faces: *const *const diat_face,
        /// That ran the network.
        pub runtime: *const c_char,
        /// Where it ran.
        pub device: *const c_char,
        /// Lines for people.
        pub notes: *const c_char,
        /// How many stages.
        pub n_stages: u32,
        /// 0.
        pub reserved: u32,
        /// One pointer a stage.
        pub stages: *const *const diat_stage,
    }
}

growable! {
    /// The extension `diat.report/1`.
    pub struct diat_report_extension {
        /// As its writer knew it.
        pub size: u32,
        /// 0.
        pub reserved: u32,
        /// \[serial\]
        pub last: Option<unsafe extern "C" fn(*mut diat_instance, *mut *const diat_report) -> diat_status>,
    }
}

growable! {
    /// The extension `diat.faces/1`.
    pub struct diat_faces_extension {
        /// As its writer knew it.
        pub size: u32,
        /// 0.
        pub reserved: u32,
        /// \[serial\]
        pub set: Option<unsafe extern "C" fn(*mut diat_instance, points: *const f64, n_faces: u32) -> diat_status>,
    }
}
