//! What does not get from one file to the other, said so that nobody finds out later.

use std::fmt;

/// One thing that is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lost {
    Frames,
    Pages,
    Inks,
    Alpha,
    Depth,
    Range,
    Exif,
    Icc,
    Gamma,
    Xmp,
    Iptc,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Frames => "all frames but the first",
            Self::Pages => "all pages but the first",
            Self::Inks => "CMYK (it becomes RGB)",
            Self::Alpha => "transparency (the format has none)",
            Self::Depth => "depth (the format has fewer bits)",
            Self::Range => "values below black and above white (the format has none)",
            Self::Exif => "EXIF (not written to or read from TIFF)",
            Self::Icc => "the ICC profile (it is not for the channels that are written)",
            Self::Gamma => "the gamma value (the samples are kept as they are)",
            Self::Xmp => "XMP",
            Self::Iptc => "IPTC",
        })
    }
}
