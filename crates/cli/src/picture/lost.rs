//! What does not get from one file to the other, said so that nobody finds out later.

use std::fmt;

/// One thing that is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lost {
    Frames,
    Pages,
    Companions,
    Inks,
    InksByProfile,
    Alpha,
    Depth,
    Range,
    Exif,
    Icc,
    Gamma,
    ColourSpace,
    Xmp,
    XmpExtension,
    UnrecordableXmp,
    Iptc,
    Resources,
    Credentials,
    Density,
    Texts,
    Comment,
    Segments,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Frames => "all frames but the first",
            Self::Pages => "all pages but the first",
            Self::Companions => "pictures behind the main one (previews, a gain map)",
            Self::Inks => "CMYK (it has no profile; it becomes sRGB by the plain formula)",
            Self::InksByProfile => "CMYK (it becomes sRGB by its profile)",
            Self::Alpha => "transparency (the format has none)",
            Self::Depth => "depth (the format has fewer bits)",
            Self::Range => "values below black and above white (the format has none)",
            Self::Exif => "EXIF (too long for the format, or cannot be read)",
            Self::Icc => "the ICC profile (it is not for the channels that are written)",
            Self::Gamma => "the gamma value (the samples are kept as they are)",
            Self::ColourSpace => "the colour space by number (the samples are kept as they are)",
            Self::Xmp => "XMP (it cannot be read)",
            Self::XmpExtension => "the extension of XMP (it is not whole)",
            Self::UnrecordableXmp => {
                "XMP (it is damaged, and a record cannot be added to it; --no-record carries it over)"
            }
            Self::Iptc => "IPTC (the format has no place for it)",
            Self::Resources => "Photoshop's image resources (the format has no place for them)",
            Self::Credentials => "content credentials (they vouch for the file as it was)",
            Self::Density => "pixels per inch (the format has no place for them)",
            Self::Texts => "PNG's texts (the format has no place for them)",
            Self::Comment => "the comment (the format has no place for it)",
            Self::Segments => "segments of other programs",
        })
    }
}
