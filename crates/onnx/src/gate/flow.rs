//! Follows every value through the graph for one size of batch: names, order, shapes, memory and work.

use std::collections::{HashMap, HashSet};

use super::{Dim, TensorInfo, at, define};
use crate::message::{Dimension, Graph, Node};
use crate::refusal::{Lie, Refusal};
use crate::shape::{self, Call, Element, Value};

/// Stands for a dynamic height or width: 1.6 million pixels, a multiple of every detector's stride.
const DYNAMIC_SIDE: u64 = 1280;
/// Elements of all values that are alive at the same time, with a batch of 1 (1 GiB of f32).
const MOST_ALIVE: u64 = 1 << 28;
/// Multiply-adds of one run with a batch of 1: some ten seconds on a desktop's processor.
const MOST_WORK: u64 = 1 << 39;

/// What is followed.
pub(super) struct Flow<'g, 'a> {
    pub(super) graph: &'g Graph<'a>,
    pub(super) constants: &'g HashMap<&'a str, Value>,
    pub(super) inputs: &'g [TensorInfo],
    pub(super) opset: i64,
}

/// Every value of the graph by name.
pub(super) struct Followed<'a> {
    pub(super) values: HashMap<&'a str, Value>,
    pub(super) multiply_adds: u64,
}

impl<'g, 'a> Flow<'g, 'a> {
    pub(super) fn run(&self, batch: u64) -> Result<Followed<'a>, Refusal> {
        let mut values = self.constants.clone();
        let mut alive = 0;
        for (info, input) in self.inputs.iter().zip(&self.graph.inputs) {
            let value = Value::new(Element::F32, bind(&info.dims, batch));
            alive += value.elements();
            define(&mut values, input.name, value)
                .map_err(at(&format!("input {:?}", info.name)))?;
        }
        let last_use = self.last_use();
        let mut multiply_adds = 0_u64;
        for (index, node) in self.graph.nodes.iter().enumerate() {
            let (value, work) = self
                .infer(node, index, &values)
                .map_err(at(&node.place()))?;
            multiply_adds = multiply_adds.saturating_add(work);
            alive = alive.saturating_add(value.elements());
            within(alive, batch, multiply_adds).map_err(at(&node.place()))?;
            for name in node.outputs.iter().copied() {
                define(&mut values, name, value.clone()).map_err(at(&node.place()))?;
            }
            let done: HashSet<_> = node.inputs.iter().copied().collect();
            let ends = |name: &&&str| last_use.get(**name) == Some(&index);
            let freed = done
                .iter()
                .filter(ends)
                .filter(|name| !self.constants.contains_key(**name));
            for name in freed {
                alive = alive.saturating_sub(values.get(name).map_or(0, Value::elements));
            }
        }
        Ok(Followed {
            values,
            multiply_adds,
        })
    }

    fn infer(
        &self,
        node: &Node<'a>,
        index: usize,
        values: &HashMap<&'a str, Value>,
    ) -> Result<(Value, u64), Lie> {
        let mut inputs = Vec::with_capacity(node.inputs.len());
        for name in node.inputs.iter().copied() {
            inputs.push(match (name, values.get(name)) {
                ("", _) => None,
                (_, Some(value)) => Some(value),
                (_, None) => return Err(self.missing(name, index)),
            });
        }
        shape::infer(&Call {
            node,
            inputs: &inputs,
            opset: self.opset,
        })
    }

    /// A name that is not defined yet: made later, or never.
    fn missing(&self, name: &str, index: usize) -> Lie {
        let name = name.to_owned();
        let later = self.graph.nodes.iter().skip(index);
        if later
            .flat_map(|node| &node.outputs)
            .any(|output| *output == name)
        {
            Lie::Order { name }
        } else {
            Lie::UndefinedName { name }
        }
    }

    /// The last node that reads each value; outputs of the graph live to the end.
    fn last_use(&self) -> HashMap<&'a str, usize> {
        let mut last = HashMap::new();
        for (index, node) in self.graph.nodes.iter().enumerate() {
            last.extend(node.inputs.iter().map(|name| (*name, index)));
        }
        for output in &self.graph.outputs {
            last.remove(output.name);
        }
        last
    }

    /// `value_info` adds nothing to what was computed, so it must agree with it.
    pub(super) fn check_declared_values(
        &self,
        values: &HashMap<&'a str, Value>,
    ) -> Result<(), Refusal> {
        for info in &self.graph.values {
            let refused = at(&format!("value_info {:?}", info.name));
            if info.metadata > 0 {
                return Err(refused(Lie::Metadata {
                    key: "of a value".to_owned(),
                }));
            }
            let Some(value) = values.get(info.name) else {
                return Err(refused(Lie::UndefinedName {
                    name: info.name.to_owned(),
                }));
            };
            let same_element = info.element == Some(value.element.data_type());
            let same_dims = info
                .dims
                .as_ref()
                .is_none_or(|dims| agrees(dims, &value.dims));
            if !same_element || !same_dims {
                let declared = format!("data type {:?} {:?}", info.element, info.dims);
                return Err(refused(Lie::DeclaredShape {
                    declared,
                    made: value.describe(),
                }));
            }
        }
        Ok(())
    }
}

/// Whether declared dimensions agree with computed ones; names stand for any number.
pub(super) fn agrees(declared: &[Dimension<'_>], computed: &[u64]) -> bool {
    let same = |(declared, computed): (&Dimension<'_>, &u64)| match declared {
        Dimension::Number(number) => u64::try_from(*number) == Ok(*computed),
        Dimension::Name(_) | Dimension::Unknown => true,
    };
    declared.len() == computed.len() && declared.iter().zip(computed).all(same)
}

fn bind(dims: &[Dim], batch: u64) -> Vec<u64> {
    let bind = |(index, dim): (usize, &Dim)| match (index, dim) {
        (_, Dim::Fixed(number)) => u64::try_from(*number).unwrap_or(0),
        (0, Dim::Named(_)) => batch,
        (_, Dim::Named(_)) => DYNAMIC_SIDE,
    };
    dims.iter().enumerate().map(bind).collect()
}

fn within(alive: u64, batch: u64, work: u64) -> Result<(), Lie> {
    let (most_alive, most_work) = (MOST_ALIVE * batch, MOST_WORK * batch);
    if alive > most_alive {
        return Err(Lie::Memory {
            found: alive,
            allowed: most_alive,
        });
    }
    if work > most_work {
        return Err(Lie::Work {
            found: work,
            allowed: most_work,
        });
    }
    Ok(())
}
