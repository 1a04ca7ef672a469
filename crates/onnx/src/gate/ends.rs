//! The inputs and outputs that a graph declares.

use std::collections::HashMap;

use super::flow::agrees;
use super::{Dim, List, Outputs, TensorInfo, at, named};
use crate::message::{Dimension, Graph, ValueInfo};
use crate::refusal::{Lie, Refusal};
use crate::shape::{Element, Value};

/// Longest side of a declared input.
const LARGEST_DIMENSION: i64 = 8192;

pub(super) fn inputs(declared: &[ValueInfo<'_>], list: List) -> Result<Vec<TensorInfo>, Refusal> {
    if declared.is_empty() {
        return Err(at("inputs")(Lie::NoEnds));
    }
    let input = |info: &ValueInfo<'_>| {
        let dims = end(info)?;
        for (index, dim) in dims.iter().enumerate() {
            let allowed = match (list, index, dim) {
                (_, 0, Dim::Named(_)) | (List::Detector, 2.., Dim::Named(_)) => continue,
                (List::Effect, 0, Dim::Fixed(_)) => "a name, for the batch is dynamic",
                (_, _, Dim::Fixed(1..=LARGEST_DIMENSION)) => continue,
                (_, _, Dim::Fixed(_)) => "1 to 8192",
                (_, _, Dim::Named(_)) => {
                    "a number; only the batch, and height and width of a detector, are dynamic"
                }
            };
            return Err(Lie::EndDimension {
                index,
                found: format!("{dim:?}"),
                allowed,
            });
        }
        Ok(TensorInfo {
            name: info.name.to_owned(),
            dims,
        })
    };
    declared
        .iter()
        .map(|info| input(info).map_err(at(&format!("input {:?}", info.name))))
        .collect()
}

/// Checks outputs against the values made with a batch of 1 and of 3.
pub(super) fn outputs(
    graph: &Graph<'_>,
    mode: Outputs,
    made: [&HashMap<&str, Value>; 2],
) -> Result<Vec<TensorInfo>, Refusal> {
    if graph.outputs.is_empty() {
        return Err(at("outputs")(Lie::NoEnds));
    }
    let mut outputs: Vec<TensorInfo> = Vec::with_capacity(graph.outputs.len());
    for info in &graph.outputs {
        let refused = at(&format!("output {:?}", info.name));
        if outputs.iter().any(|output| output.name == info.name) {
            return Err(refused(Lie::DuplicateName {
                name: info.name.to_owned(),
            }));
        }
        let output = output(graph, info, mode, made).map_err(refused)?;
        outputs.push(output);
    }
    Ok(outputs)
}

fn output(
    graph: &Graph<'_>,
    info: &ValueInfo<'_>,
    mode: Outputs,
    [single, several]: [&HashMap<&str, Value>; 2],
) -> Result<TensorInfo, Lie> {
    named(info.name)?;
    let (Some(one), Some(three)) = (single.get(info.name), several.get(info.name)) else {
        return Err(Lie::UndefinedName {
            name: info.name.to_owned(),
        });
    };
    if !graph
        .nodes
        .iter()
        .any(|node| node.outputs.contains(&info.name))
    {
        return Err(Lie::OutputNotMade);
    }
    if one.element != Element::F32 {
        return Err(Lie::EndType);
    }
    for (batch, value) in [(1, one), (3, three)] {
        if value.dims.first() != Some(&batch) || value.dims.len() < 2 {
            return Err(Lie::BatchLost {
                batch,
                made: value.describe(),
            });
        }
    }
    let computed = one.dims.iter().zip(&three.dims).map(|(one, three)| {
        if one == three {
            Dim::Fixed(i64::try_from(*one).unwrap_or(i64::MAX))
        } else {
            Dim::Named("N".to_owned())
        }
    });
    if mode == Outputs::Computed {
        return Ok(TensorInfo {
            name: info.name.to_owned(),
            dims: computed.collect(),
        });
    }
    let dims = end(info)?;
    let declared = info.dims.as_deref().unwrap_or_default();
    if !agrees(declared, &one.dims) || !matches!(dims.first(), Some(Dim::Named(_))) {
        return Err(Lie::DeclaredShape {
            declared: format!("{dims:?}"),
            made: one.describe(),
        });
    }
    Ok(TensorInfo {
        name: info.name.to_owned(),
        dims,
    })
}

/// Name, type and dimensions of an input or output.
fn end(info: &ValueInfo<'_>) -> Result<Vec<Dim>, Lie> {
    named(info.name)?;
    if info.metadata > 0 {
        return Err(Lie::Metadata {
            key: "of a value".to_owned(),
        });
    }
    if info.element != Some(Element::F32.data_type()) {
        return Err(Lie::EndType);
    }
    let dims = info.dims.as_deref().unwrap_or_default();
    if !(2..=4).contains(&dims.len()) {
        return Err(Lie::EndShape);
    }
    let dim = |(index, dim): (usize, &Dimension<'_>)| match dim {
        Dimension::Number(number) => Ok(Dim::Fixed(*number)),
        Dimension::Name(name) if !name.is_empty() => Ok(Dim::Named((*name).to_owned())),
        _ => Err(Lie::EndDimension {
            index,
            found: "nothing".to_owned(),
            allowed: "a number or a name",
        }),
    };
    dims.iter().enumerate().map(dim).collect()
}
