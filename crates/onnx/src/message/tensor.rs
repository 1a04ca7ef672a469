//! `TensorProto` and `SparseTensorProto`.

use super::{MOST_INTEGERS, Texts, entry};
use crate::refusal::{Lie, Refusal};
use crate::wire::Message;

/// Dimensions that are read of a tensor or shape; what we accept has 4.
pub(super) const MOST_DIMENSIONS: usize = 8;

/// `TensorProto`.
#[derive(Debug, Default)]
pub(crate) struct Tensor<'a> {
    pub(crate) name: &'a str,
    pub(crate) dims: Vec<i64>,
    /// `TensorProto.DataType`.
    pub(crate) element: i64,
    /// Every way in which elements are given; one is allowed.
    pub(crate) data: Vec<Data<'a>>,
    pub(crate) segmented: bool,
    pub(crate) metadata: usize,
}

/// One of the fields in which a tensor's elements can stand.
#[derive(Debug)]
pub(crate) enum Data<'a> {
    Raw(&'a [u8]),
    Floats(Vec<f32>),
    Integers(Vec<i64>),
    /// Fields for elements that are never let through (texts, doubles, narrow and unsigned integers).
    Other,
}

impl<'a> Tensor<'a> {
    pub(crate) fn decode(message: Message<'a>) -> Result<Self, Refusal> {
        let mut tensor = Self::default();
        let (mut name, mut element, mut location, mut raw) = (None, None, None, None);
        let (mut floats, mut integers, mut other) = (Vec::new(), Vec::new(), false);
        let (mut outside, mut memory) = (false, false);
        let mut ignored = Texts::default();
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => field.integers(&mut tensor.dims, MOST_DIMENSIONS)?,
                2 => field.once(&mut element, field.integer()?)?,
                3 => tensor.segmented = field.bytes().map(|_| true)?,
                4 => field.floats(&mut floats)?,
                5 | 6 | 10 | 11 => other = true,
                7 => field.integers(&mut integers, MOST_INTEGERS)?,
                8 => field.once(&mut name, field.text()?)?,
                9 => field.once(&mut raw, field.bytes()?)?,
                12 => ignored.read(&field)?,
                13 => {
                    let (_, value) = entry(field.message("StringStringEntryProto")?)?;
                    memory |= value.contains("ORT_MEM_ADDR");
                    outside = true;
                }
                14 => field.once(&mut location, field.integer()?)?,
                16 => tensor.metadata += field.bytes().map(|_| 1)?,
                _ => return field.unknown(),
            }
        }
        tensor.name = name.unwrap_or_default();
        tensor.element = element.unwrap_or_default();
        tensor.data.extend(raw.map(Data::Raw));
        tensor
            .data
            .extend((!floats.is_empty()).then_some(Data::Floats(floats)));
        tensor
            .data
            .extend((!integers.is_empty()).then_some(Data::Integers(integers)));
        tensor.data.extend(other.then_some(Data::Other));
        let location = location.unwrap_or_default();
        let lie = match (memory, outside, location) {
            (true, _, _) => Lie::MemoryAddress,
            (_, true, _) => Lie::ExternalData,
            (_, _, 0) => return Ok(tensor),
            _ => Lie::DataLocation { found: location },
        };
        Err(Refusal {
            place: tensor.place(),
            lie,
        })
    }

    /// What error texts call this tensor.
    pub(crate) fn place(&self) -> String {
        format!("tensor {:?}", self.name)
    }
}

/// Reads all that can hide in a `SparseTensorProto`.
pub(super) fn read_sparse(message: Message<'_>) -> Result<(), Refusal> {
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 | 2 => Tensor::decode(field.message("TensorProto")?).map(|_| ())?,
            3 => field.integers(&mut Vec::new(), MOST_DIMENSIONS)?,
            _ => return field.unknown(),
        }
    }
    Ok(())
}
