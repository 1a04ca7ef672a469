//! The header's enumerators. Fields are plain integers: a number that we do not know is no undefined behaviour.

use core::ffi::CStr;

/// Counts additions within the major.
pub const DIAT_ABI_MINOR: u32 = 0;
/// The one exported symbol.
pub const DIAT_ENTRY: &CStr = c"diat_plugin_v1";

/// 0 and above: `out` is valid.
pub type diat_status = i32;

macro_rules! numbers {
    ($(#[$about:meta] $type:ty: $($name:ident = $number:expr),* ;)*) => {
        $($(#[$about] pub const $name: $type = $number;)*)*
    };
}

numbers! {
    /// One of `enum diat_status_code`.
    diat_status: DIAT_OK = 0, DIAT_UNCHANGED = 1, DIAT_CANCELLED = -1, DIAT_E_ARGUMENT = -2, DIAT_E_FORMAT = -3,
        DIAT_E_UNSUPPORTED = -4, DIAT_E_MEMORY = -5, DIAT_E_MODEL = -6, DIAT_E_BACKEND = -7, DIAT_E_INTERNAL = -8;
    /// One of `enum diat_format`.
    u32: DIAT_RGBA_U8 = 1, DIAT_RGBA_U16 = 2, DIAT_RGBA_F32 = 3;
    /// One of `enum diat_alpha`.
    u32: DIAT_ALPHA_STRAIGHT = 0, DIAT_ALPHA_PREMULTIPLIED = 1, DIAT_ALPHA_OPAQUE = 2;
    /// One of `enum diat_param_flag`.
    u32: DIAT_PARAM_INTEGER = 1, DIAT_PARAM_BOOL = 2, DIAT_PARAM_CHOICE = 4, DIAT_PARAM_HIDDEN = 8;
    /// One of `enum diat_effect_flag`.
    u32: DIAT_EFFECT_WHOLE_INPUT = 1, DIAT_EFFECT_IN_PLACE = 2;
    /// One of `enum diat_level`.
    i32: DIAT_DEBUG = 0, DIAT_INFO = 1, DIAT_WARNING = 2, DIAT_ERROR = 3, DIAT_HOST_MISUSE = 4;
    /// One of `enum diat_reserved_param`: an index into the parameters of every effect.
    usize: DIAT_STRENGTH = 0, DIAT_SHOW = 1, DIAT_FACES = 2, DIAT_AT_X = 3, DIAT_AT_Y = 4, DIAT_DEVICE = 5, DIAT_FIRST_OWN = 6;
    /// One of `enum diat_show`.
    u32: DIAT_SHOW_RESULT = 0, DIAT_SHOW_MASK = 1, DIAT_SHOW_TRANSFORMED = 2, DIAT_SHOW_DIFFERENCE = 3;
    /// One of `enum diat_faces`.
    u32: DIAT_FACES_ALL = 0, DIAT_FACES_LARGEST = 1, DIAT_FACES_NEAREST = 2;
    /// One of `enum diat_device`.
    u32: DIAT_DEVICE_AUTO = 0, DIAT_DEVICE_CPU = 1, DIAT_DEVICE_CUDA_0 = 2, DIAT_DEVICE_CUDA_7 = 9;
    /// One of `enum diat_face_code`.
    u32: DIAT_FACE_EDITED = 0, DIAT_FACE_NOTHING_TO_DO = 1, DIAT_FACE_TOO_SMALL = 2, DIAT_FACE_TURNED = 3,
        DIAT_FACE_LOW_CONFIDENCE = 4, DIAT_FACE_NOT_CHOSEN = 5;
}
