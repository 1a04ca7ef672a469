//! `ValueInfoProto` with the one type that is let through, a dense tensor.

use super::tensor::MOST_DIMENSIONS;
use super::{Texts, entry};
use crate::refusal::Refusal;
use crate::wire::Message;

/// `ValueInfoProto`.
#[derive(Debug, Default)]
pub(crate) struct ValueInfo<'a> {
    pub(crate) name: &'a str,
    /// `TensorProto.DataType`; nothing where it is no dense tensor.
    pub(crate) element: Option<i64>,
    /// Nothing where no shape is declared.
    pub(crate) dims: Option<Vec<Dimension<'a>>>,
    pub(crate) metadata: usize,
}

/// One dimension as it is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dimension<'a> {
    Unknown,
    Number(i64),
    Name(&'a str),
}

impl<'a> ValueInfo<'a> {
    pub(crate) fn decode(message: Message<'a>) -> Result<Self, Refusal> {
        let mut info = Self::default();
        let (mut name, mut seen) = (None, None);
        let mut ignored = Texts::default();
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => field.once(&mut name, field.text()?)?,
                2 => {
                    let value = field.message("TypeProto")?;
                    field.once(&mut seen, ())?;
                    info.read_type(value)?;
                }
                3 => ignored.read(&field)?,
                4 => {
                    entry(field.message("StringStringEntryProto")?)?;
                    info.metadata += 1;
                }
                _ => return field.unknown(),
            }
        }
        info.name = name.unwrap_or_default();
        Ok(info)
    }

    fn read_type(&mut self, message: Message<'a>) -> Result<(), Refusal> {
        let mut kind = None;
        let mut ignored = Texts::default();
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => {
                    let tensor = field.message("TypeProto.Tensor")?;
                    field.once(&mut kind, ())?;
                    self.read_tensor(tensor)?;
                }
                // Sequences, maps, optionals, opaque and sparse types leave `element` empty.
                4 | 5 | 7 | 8 | 9 => {
                    field.bytes()?;
                    field.once(&mut kind, ())?;
                }
                6 => ignored.read(&field)?,
                _ => return field.unknown(),
            }
        }
        Ok(())
    }

    fn read_tensor(&mut self, message: Message<'a>) -> Result<(), Refusal> {
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => field.once(&mut self.element, field.integer()?)?,
                2 => {
                    let mut dims = Vec::new();
                    for dim in field.message("TensorShapeProto")?.fields() {
                        let dim = dim?;
                        match dim.number {
                            1 => {
                                let value = dimension(dim.message("Dimension")?)?;
                                dim.push(&mut dims, value, MOST_DIMENSIONS)?;
                            }
                            _ => return dim.unknown(),
                        }
                    }
                    field.once(&mut self.dims, dims)?;
                }
                _ => return field.unknown(),
            }
        }
        Ok(())
    }
}

fn dimension(message: Message<'_>) -> Result<Dimension<'_>, Refusal> {
    let mut value = None;
    let mut ignored = Texts::default();
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => field.once(&mut value, Dimension::Number(field.integer()?))?,
            2 => field.once(&mut value, Dimension::Name(field.text()?))?,
            3 => ignored.read(&field)?,
            _ => return field.unknown(),
        }
    }
    Ok(value.unwrap_or(Dimension::Unknown))
}
