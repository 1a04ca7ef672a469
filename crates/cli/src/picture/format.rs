//! The formats.

use std::path::Path;

use image::ImageFormat;

use super::Depth;

/// A format of picture files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Png,
    Jpeg,
    Webp,
    Tiff,
    /// HEIC or AVIF: read, not written.
    #[cfg(feature = "heif")]
    Heif,
}

impl Format {
    /// Endings of names that are written, for messages.
    pub(crate) const ENDINGS: &'static str = ".png, .jpg, .jpeg, .webp, .tif, .tiff";
    /// Endings of names of HEIC and AVIF, which are not written.
    const ONLY_READ: [&'static str; 4] = ["heic", "heif", "hif", "avif"];

    /// By the ending of the file's name, if the format is written.
    pub(crate) fn of_name(file: &Path) -> Option<Self> {
        let ending = file.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "png" => Some(Self::Png),
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "webp" => Some(Self::Webp),
            "tif" | "tiff" => Some(Self::Tiff),
            _ => None,
        }
    }

    /// Whether the ending of the file's name is one of HEIC and AVIF.
    pub(crate) fn is_only_read(file: &Path) -> bool {
        let ending = file.extension().unwrap_or_default();
        Self::ONLY_READ
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    }

    /// By what the file holds, whatever its name.
    pub(crate) fn of_content(bytes: &[u8]) -> Option<Self> {
        #[cfg(feature = "heif")]
        if super::foreign::is_heif(bytes) {
            return Some(Self::Heif);
        }
        match image::guess_format(bytes).ok()? {
            ImageFormat::Png => Some(Self::Png),
            ImageFormat::Jpeg => Some(Self::Jpeg),
            ImageFormat::WebP => Some(Self::Webp),
            ImageFormat::Tiff => Some(Self::Tiff),
            _ => None,
        }
    }

    /// For people.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Webp => "WebP",
            Self::Tiff => "TIFF",
            #[cfg(feature = "heif")]
            Self::Heif => "HEIC/AVIF",
        }
    }

    /// The depth in which a picture of another depth is written.
    pub(crate) fn depth(self, of: Depth) -> Depth {
        match self {
            Self::Png => of.min(Depth::U16),
            Self::Jpeg | Self::Webp => Depth::U8,
            Self::Tiff => of,
            #[cfg(feature = "heif")]
            Self::Heif => of,
        }
    }

    /// Whether it has alpha.
    pub(crate) const fn has_alpha(self) -> bool {
        !matches!(self, Self::Jpeg)
    }

    /// Whether it has pictures with one channel for all colours, and with alpha beside it.
    pub(crate) fn has_grey(self, depth: Depth, alpha: bool) -> bool {
        match self {
            Self::Png => depth != Depth::F32,
            Self::Jpeg => true,
            Self::Webp => false,
            Self::Tiff => depth != Depth::F32 && !alpha,
            #[cfg(feature = "heif")]
            Self::Heif => depth != Depth::F32,
        }
    }

    /// Whether it has Photoshop's image resources, IPTC among them.
    pub(crate) const fn has_image_resources(self) -> bool {
        matches!(self, Self::Jpeg | Self::Tiff)
    }

    /// Bytes of the longest EXIF record that its writer stores.
    pub(crate) const fn longest_exif(self) -> usize {
        match self {
            Self::Jpeg => super::jpeg::longest_exif(),
            Self::Png | Self::Webp | Self::Tiff => u32::MAX as usize / 2,
            #[cfg(feature = "heif")]
            Self::Heif => u32::MAX as usize / 2,
        }
    }
}
