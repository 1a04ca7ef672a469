//! What the colours of a host's picture stand for, and what of its description is of no use.

#![expect(unsafe_code, reason = "the profile is the host's memory")]

use std::collections::BTreeSet;

use diat_effects::{Encoding, H273Error, LARGEST_PROFILE, ProfileError, h273, profile};
use diat_plugin_abi::diat_image;

use crate::failure::Failure;

/// H.273's number for light itself.
const LINEAR: u16 = 8;

/// What an instance knows of the last picture's colours, so that a profile is read once.
#[derive(Debug, Default)]
pub(crate) struct Colours {
    last: Option<(Description, Encoding)>,
    /// Warnings that the host has had.
    told: BTreeSet<String>,
}

/// What a host says of colours.
#[derive(Debug, PartialEq)]
struct Description {
    primaries: u16,
    transfer: u16,
    /// Empty: none.
    icc: Vec<u8>,
}

impl Colours {
    /// What the picture's colours stand for. `warn` gets what is of no use, each line once.
    ///
    /// # Safety
    /// The profile's memory is there: the contract of `render`.
    pub(crate) unsafe fn of(
        &mut self,
        image: &diat_image,
        warn: impl FnOnce(&str),
    ) -> Result<Encoding, Failure> {
        let size = if image.icc.is_null() {
            0
        } else {
            image.icc_size
        };
        let icc: &[u8] = if size == 0 || size > LARGEST_PROFILE {
            &[]
        } else {
            // SAFETY: not null, and the caller's promise for so many bytes.
            unsafe { std::slice::from_raw_parts(image.icc.cast::<u8>(), size) }
        };
        let known = self.last.as_ref().filter(|(known, _)| {
            (known.primaries, known.transfer) == (image.primaries, image.transfer)
                && known.icc == icc
                && size <= LARGEST_PROFILE
        });
        if let Some((_, encoding)) = known {
            return Ok(encoding.clone());
        }
        let (encoding, line) = match size {
            0 => by_numbers(image.primaries, image.transfer)?,
            too_many if too_many > LARGEST_PROFILE => without(image, ProfileError::Size(size))?,
            _ => match profile(icc) {
                Ok(encoding) => {
                    let differ = image.transfer == LINEAR && !encoding.is_linear();
                    let line = "transfer 8 (linear) is not what the picture's profile says: the profile counts";
                    (encoding, differ.then(|| line.to_owned()))
                }
                Err(error) => without(image, error)?,
            },
        };
        if let Some(line) = line
            && !self.told.contains(&line)
        {
            warn(&line);
            self.told.insert(line);
        }
        let description = Description {
            primaries: image.primaries,
            transfer: image.transfer,
            icc: icc.to_vec(),
        };
        self.last = Some((description, encoding.clone()));
        Ok(encoding)
    }
}

/// By the two numbers, and what is to be said of them.
fn by_numbers(primaries: u16, transfer: u16) -> Result<(Encoding, Option<String>), Failure> {
    let unsupported = |error: H273Error| Failure::unsupported(error.to_string());
    match h273(primaries, transfer) {
        Ok(encoding) => Ok((encoding, None)),
        Err(error @ H273Error::Primaries(_)) => {
            let line = format!("{error}: the picture's primaries are taken for sRGB's");
            Ok((h273(0, transfer).map_err(unsupported)?, Some(line)))
        }
        Err(error) => Err(unsupported(error)),
    }
}

/// The same for a picture whose profile is of no use.
fn without(image: &diat_image, error: ProfileError) -> Result<(Encoding, Option<String>), Failure> {
    let (primaries, transfer) = (image.primaries, image.transfer);
    let (encoding, _) = by_numbers(primaries, transfer).map_err(|failure| Failure {
        text: format!("{}; and its profile is of no use: {error}", failure.text),
        ..failure
    })?;
    let instead = if encoding == Encoding::SRGB {
        "sRGB's".to_owned()
    } else {
        format!("what primaries {primaries} and transfer {transfer} say")
    };
    let line = format!(
        "the picture's colour profile is not used: {error}; its numbers are taken for {instead}"
    );
    Ok((encoding, Some(line)))
}
