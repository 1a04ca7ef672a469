//! An initialiser: size, storage and every element.

use crate::message::{Data, Tensor};
use crate::refusal::Lie;
use crate::shape::{Constant, Element, MOST_CONSTANTS, Value};

/// Checks an initialiser and returns its shape, with its values where they are few, and its size in bytes.
pub(crate) fn check(tensor: &Tensor<'_>) -> Result<(Value, usize), Lie> {
    if tensor.metadata > 0 {
        return Err(Lie::Metadata {
            key: "of a tensor".to_owned(),
        });
    }
    if tensor.segmented {
        return Err(Lie::Segment);
    }
    let element = match tensor.element {
        1 => Element::F32,
        7 => Element::I64,
        10 => Element::F16,
        8 => return Err(Lie::StringTensor),
        found => return Err(Lie::ElementType { found }),
    };
    let bytes = stored_bytes(tensor, element)?;
    let dims = dimensions(tensor)?;
    let needed = dims
        .iter()
        .try_fold(element.size(), |product, dim| product.checked_mul(*dim))
        .filter(|needed| usize::try_from(*needed) == Ok(bytes));
    if needed.is_none() {
        let product = tensor
            .dims
            .iter()
            .map(|dim| i128::from(*dim))
            .fold(i128::from(element.size()), i128::saturating_mul);
        let dims = tensor.dims.clone();
        return Err(Lie::TensorSize {
            dims,
            needed: product.to_string(),
            found: bytes,
        });
    }
    check_finite(tensor, element)?;
    Ok((
        Value {
            element,
            dims,
            constant: constant(tensor, element),
        },
        bytes,
    ))
}

fn dimensions(tensor: &Tensor<'_>) -> Result<Vec<u64>, Lie> {
    let dimension =
        |dim: &i64| u64::try_from(*dim).map_err(|_| Lie::NegativeDimension { found: *dim });
    tensor.dims.iter().map(dimension).collect()
}

/// How many bytes of elements the one allowed field holds.
fn stored_bytes(tensor: &Tensor<'_>, element: Element) -> Result<usize, Lie> {
    match (tensor.data.as_slice(), element) {
        ([], _) => Ok(0),
        ([Data::Raw(bytes)], _) => Ok(bytes.len()),
        ([Data::Floats(floats)], Element::F32) => Ok(size_of_val(floats.as_slice())),
        ([Data::Integers(integers)], Element::I64) => Ok(size_of_val(integers.as_slice())),
        _ => Err(Lie::TensorStorage),
    }
}

fn check_finite(tensor: &Tensor<'_>, element: Element) -> Result<(), Lie> {
    let found = match (tensor.data.as_slice(), element) {
        ([Data::Raw(bytes)], Element::F32) => {
            let elements = bytes.as_chunks::<4>().0;
            elements
                .iter()
                .map(|bytes| f32::from_le_bytes(*bytes))
                .enumerate()
                .find(not_finite)
        }
        ([Data::Raw(bytes)], Element::F16) => {
            let elements = bytes.as_chunks::<2>().0;
            elements
                .iter()
                .map(|bytes| half_kind(*bytes))
                .enumerate()
                .find(not_finite)
        }
        ([Data::Floats(floats)], _) => floats.iter().copied().enumerate().find(not_finite),
        _ => None,
    };
    found.map_or(Ok(()), |(index, found)| {
        Err(Lie::NotFinite { index, found })
    })
}

fn not_finite(element: &(usize, f32)) -> bool {
    !element.1.is_finite()
}

/// 0 for a finite f16, else the NaN or infinity that it is.
fn half_kind(bytes: [u8; 2]) -> f32 {
    let bits = u16::from_le_bytes(bytes);
    match (bits & 0x7c00, bits & 0x03ff, bits & 0x8000) {
        (0x7c00, 0, 0) => f32::INFINITY,
        (0x7c00, 0, _) => f32::NEG_INFINITY,
        (0x7c00, _, _) => f32::NAN,
        _ => 0.0,
    }
}

fn constant(tensor: &Tensor<'_>, element: Element) -> Option<Constant> {
    let constant = match (tensor.data.as_slice(), element) {
        ([], Element::I64) => Constant::Integers(Vec::new()),
        ([], Element::F32) => Constant::Floats(Vec::new()),
        ([Data::Raw(bytes)], _) if bytes.len() > 8 * MOST_CONSTANTS => return None,
        ([Data::Raw(bytes)], Element::I64) => Constant::Integers(
            bytes
                .as_chunks::<8>()
                .0
                .iter()
                .map(|bytes| i64::from_le_bytes(*bytes))
                .collect(),
        ),
        ([Data::Raw(bytes)], Element::F32) => Constant::Floats(
            bytes
                .as_chunks::<4>()
                .0
                .iter()
                .map(|bytes| f32::from_le_bytes(*bytes))
                .collect(),
        ),
        ([Data::Integers(integers)], _) => Constant::Integers(integers.clone()),
        ([Data::Floats(floats)], _) => Constant::Floats(floats.clone()),
        _ => return None,
    };
    let length = match &constant {
        Constant::Integers(integers) => integers.len(),
        Constant::Floats(floats) => floats.len(),
    };
    (length <= MOST_CONSTANTS).then_some(constant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_f16_that_are_not_finite() {
        assert_eq!(half_kind(0x7c00_u16.to_le_bytes()), f32::INFINITY);
        assert_eq!(half_kind(0xfc00_u16.to_le_bytes()), f32::NEG_INFINITY);
        assert!(half_kind(0x7e01_u16.to_le_bytes()).is_nan());
        assert_eq!(half_kind(0x7bff_u16.to_le_bytes()), 0.0); // 65504, the largest
    }
}
