//! EXIF from a TIFF file's directories to a record of its own, and back.

use std::io::{Cursor, Seek, Write};

use tiff::encoder::{DirectoryEncoder, TiffEncoder, TiffKindStandard};
use tiff::tags::{Tag, Type};
use tiff::{Directory as Entries, TiffError};

use super::directory::{Directory, Field};

const EXIF: u16 = 0x8769;
const GPS: u16 = 0x8825;
const INTEROPERABILITY: u16 = 0xA005;

/// What a record says, by the directories in which it says it.
#[derive(Debug)]
pub(super) struct Exif {
    /// In the directory of the picture itself: what describes it, not how it is stored.
    main: Vec<Field>,
    exif: Vec<Field>,
    interoperability: Vec<Field>,
    gps: Vec<Field>,
}

impl Exif {
    /// What a file or a record says beside its picture; none where it says nothing.
    pub(super) fn of(bytes: &[u8], directory: &Directory) -> Option<Self> {
        let fields = |directory: Option<&Directory>| {
            directory.map_or_else(Vec::new, |directory| directory.fields(bytes, is_no_pointer))
        };
        let exif = directory.below(bytes, EXIF);
        let interoperability = exif
            .as_ref()
            .and_then(|exif| exif.below(bytes, INTEROPERABILITY));
        let all = Self {
            main: directory.fields(bytes, describes),
            exif: fields(exif.as_ref()),
            interoperability: fields(interoperability.as_ref()),
            gps: fields(directory.below(bytes, GPS).as_ref()),
        };
        let is_empty = all.main.is_empty() && all.exif.is_empty() && all.gps.is_empty();
        (!is_empty).then_some(all)
    }

    /// As a record of its own.
    pub(super) fn record(&self) -> Result<Vec<u8>, TiffError> {
        let mut bytes = Cursor::new(Vec::new());
        let mut file = TiffEncoder::new(&mut bytes)?;
        let below = self.write_below(&mut file)?;
        let mut main = file.image_directory()?;
        self.write_into(&mut main, &below)?;
        main.finish()?;
        Ok(bytes.into_inner())
    }

    /// Writes the directories below the picture's, and gives the entries that point to them.
    pub(super) fn write_below<W: Write + Seek>(
        &self,
        file: &mut TiffEncoder<W>,
    ) -> Result<Vec<(u16, u32)>, TiffError> {
        let mut pointers = Vec::new();
        let mut interoperability = Vec::new();
        if !self.interoperability.is_empty() {
            let offset = write_directory(file, &self.interoperability, &[])?;
            interoperability.push((INTEROPERABILITY, offset));
        }
        if !self.exif.is_empty() || !interoperability.is_empty() {
            pointers.push((EXIF, write_directory(file, &self.exif, &interoperability)?));
        }
        if !self.gps.is_empty() {
            pointers.push((GPS, write_directory(file, &self.gps, &[])?));
        }
        Ok(pointers)
    }

    /// Writes what belongs into the directory of the picture.
    pub(super) fn write_into<W: Write + Seek>(
        &self,
        directory: &mut DirectoryEncoder<'_, W, TiffKindStandard>,
        below: &[(u16, u32)],
    ) -> Result<(), TiffError> {
        write_entries(directory, &self.main, below)
    }
}

fn write_directory<W: Write + Seek>(
    file: &mut TiffEncoder<W>,
    fields: &[Field],
    pointers: &[(u16, u32)],
) -> Result<u32, TiffError> {
    let mut directory = file.extra_directory()?;
    write_entries(&mut directory, fields, pointers)?;
    Ok(directory.finish_with_offsets()?.offset)
}

fn write_entries<W: Write + Seek>(
    directory: &mut DirectoryEncoder<'_, W, TiffKindStandard>,
    fields: &[Field],
    pointers: &[(u16, u32)],
) -> Result<(), TiffError> {
    for field in fields {
        let Some(kind) = Type::from_u16(field.kind) else {
            continue;
        };
        let entry = directory.write_entry_bytes(kind, &field.value)?;
        let tag = Tag::from_u16_exhaustive(field.tag);
        directory.extend_from(&Entries::from_iter([(tag, entry)]));
    }
    for (tag, offset) in pointers {
        directory.write_tag(Tag::from_u16_exhaustive(*tag), *offset)?;
    }
    Ok(())
}

fn is_no_pointer(tag: u16) -> bool {
    !matches!(tag, EXIF | GPS | INTEROPERABILITY)
}

/// Tags of a picture's directory that say what it is and where it comes from (TIFF 6.0, EXIF 3.0 table 3, Microsoft's titles and
/// ratings). The orientation is not among them: TIFF is written upright.
fn describes(tag: u16) -> bool {
    matches!(
        tag,
        0x010D..=0x0110 // DocumentName, ImageDescription, Make, Model
            | 0x011A | 0x011B | 0x0128 // XResolution, YResolution, ResolutionUnit
            | 0x0131 | 0x0132 // Software, DateTime
            | 0x013B | 0x013C // Artist, HostComputer
            | 0x4746 | 0x4749 // Rating, RatingPercent
            | 0x8298 // Copyright
            | 0x9C9B..=0x9C9F // XPTitle to XPSubject
            | 0xA436..=0xA43C // ImageTitle to MetadataEditingSoftware
            | 0xC614 // UniqueCameraModel
    )
}
