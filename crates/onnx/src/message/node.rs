//! `NodeProto` and `AttributeProto`.

use super::tensor::read_sparse;
use super::{Graph, MOST_ENTRIES, Tensor, Texts, entry};
use crate::refusal::Refusal;
use crate::wire::Message;

/// `NodeProto`.
#[derive(Debug, Default)]
pub(crate) struct Node<'a> {
    pub(crate) name: &'a str,
    pub(crate) operator: &'a str,
    pub(crate) domain: &'a str,
    pub(crate) overload: &'a str,
    /// An empty name stands for an optional input that is not given.
    pub(crate) inputs: Vec<&'a str>,
    pub(crate) outputs: Vec<&'a str>,
    pub(crate) attributes: Vec<Attribute<'a>>,
    pub(crate) metadata: usize,
    pub(crate) configurations: usize,
}

impl<'a> Node<'a> {
    pub(crate) fn decode(message: Message<'a>) -> Result<Self, Refusal> {
        let mut node = Self::default();
        let (mut name, mut operator, mut domain, mut overload) = (None, None, None, None);
        let mut ignored = Texts::default();
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => field.push(&mut node.inputs, field.text()?, MOST_ENTRIES)?,
                2 => field.push(&mut node.outputs, field.text()?, MOST_ENTRIES)?,
                3 => field.once(&mut name, field.text()?)?,
                4 => field.once(&mut operator, field.text()?)?,
                5 => {
                    let attribute = Attribute::decode(field.message("AttributeProto")?)?;
                    field.push(&mut node.attributes, attribute, MOST_ENTRIES)?;
                }
                6 => ignored.read(&field)?,
                7 => field.once(&mut domain, field.text()?)?,
                8 => field.once(&mut overload, field.text()?)?,
                9 => {
                    entry(field.message("StringStringEntryProto")?)?;
                    node.metadata += 1;
                }
                10 => node.configurations += field.bytes().map(|_| 1)?,
                _ => return field.unknown(),
            }
        }
        node.name = name.unwrap_or_default();
        node.operator = operator.unwrap_or_default();
        node.domain = domain.unwrap_or_default();
        node.overload = overload.unwrap_or_default();
        Ok(node)
    }

    /// What error texts call this node.
    pub(crate) fn place(&self) -> String {
        let name = if self.name.is_empty() {
            self.outputs.first()
        } else {
            Some(&self.name)
        };
        format!(
            "node {:?} ({})",
            name.unwrap_or(&"without a name"),
            self.operator
        )
    }
}

/// `AttributeProto`: its name, what it says it is, and all it holds.
#[derive(Debug, Default)]
pub(crate) struct Attribute<'a> {
    pub(crate) name: &'a str,
    pub(crate) reference: &'a str,
    pub(crate) contents: Vec<Content<'a>>,
    /// The declared type; 0 where none is declared.
    pub(crate) declared: i64,
}

/// One kind of value inside an attribute; those that are never let through are only named.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content<'a> {
    Float(f32),
    Integer(i64),
    Text(&'a [u8]),
    Integers(Vec<i64>),
    Floats,
    Texts,
    Tensor,
    SparseTensor,
    Graph,
    Type,
}

impl<'a> Attribute<'a> {
    pub(crate) fn decode(message: Message<'a>) -> Result<Self, Refusal> {
        let mut attribute = Self::default();
        let (mut name, mut reference, mut declared) = (None, None, None);
        let (mut float, mut integer, mut text) = (None, None, None);
        let mut integers = Vec::new();
        let mut refused = Vec::new();
        let mut ignored = Texts::default();
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => field.once(&mut name, field.text()?)?,
                2 => field.once(&mut float, field.float()?)?,
                3 => field.once(&mut integer, field.integer()?)?,
                4 => field.once(&mut text, field.bytes()?)?,
                5 | 10 => {
                    Tensor::decode(field.message("TensorProto")?)?;
                    field.push(&mut refused, Content::Tensor, MOST_ENTRIES)?;
                }
                6 | 11 => {
                    Graph::decode(field.message("GraphProto")?)?;
                    field.push(&mut refused, Content::Graph, MOST_ENTRIES)?;
                }
                7 => field.push(&mut refused, Content::Floats, MOST_ENTRIES)?,
                8 => field.integers(&mut integers, MOST_ENTRIES)?,
                9 => field.push(&mut refused, Content::Texts, MOST_ENTRIES)?,
                13 => ignored.read(&field)?,
                14 | 15 => field.push(&mut refused, Content::Type, MOST_ENTRIES)?,
                20 => field.once(&mut declared, field.integer()?)?,
                21 => field.once(&mut reference, field.text()?)?,
                22 | 23 => {
                    read_sparse(field.message("SparseTensorProto")?)?;
                    field.push(&mut refused, Content::SparseTensor, MOST_ENTRIES)?;
                }
                _ => return field.unknown(),
            }
        }
        attribute.name = name.unwrap_or_default();
        attribute.reference = reference.unwrap_or_default();
        attribute.declared = declared.unwrap_or_default();
        attribute.contents = refused;
        attribute.contents.extend(float.map(Content::Float));
        attribute.contents.extend(integer.map(Content::Integer));
        attribute.contents.extend(text.map(Content::Text));
        attribute
            .contents
            .extend((!integers.is_empty()).then_some(Content::Integers(integers)));
        Ok(attribute)
    }
}
