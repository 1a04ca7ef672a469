//! Operators that rearrange elements, compute with shapes, or multiply matrices.

use super::{Call, Constant, Element, MOST_CONSTANTS, Value, shape};
use crate::refusal::Lie;

/// Output dims and multiply-adds of a matrix product.
pub(super) fn gemm(call: &Call<'_, '_>) -> Result<(Value, u64), Lie> {
    let (x, weights) = (call.floats(0)?, call.floats(1)?);
    let ([rows, inner], [first, second]) = (x.dims.as_slice(), weights.dims.as_slice()) else {
        let found = format!("{} times {}", x.describe(), weights.describe());
        return Err(shape(found, "two matrices"));
    };
    let transposed = call.integer("transB").unwrap_or(0) == 1;
    let (weights_inner, columns) = if transposed {
        (second, first)
    } else {
        (first, second)
    };
    if inner != weights_inner {
        let found = format!("{} times {}", x.describe(), weights.describe());
        return Err(shape(found, "matrices whose inner sizes agree"));
    }
    if let Some(bias) = call.optional(2) {
        call.floats(2)?;
        if bias.dims != [*columns] && bias.dims != [1, *columns] {
            return Err(shape(
                format!("bias {}", bias.describe()),
                "one element per column",
            ));
        }
    }
    let value = Value::new(Element::F32, vec![*rows, *columns]);
    let work = value.elements().saturating_mul(*inner);
    Ok((value, work))
}

pub(super) fn flatten(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let x = call.floats(0)?;
    let Some((batch, rest)) = x.dims.split_first() else {
        return Err(shape(x.describe(), "at least one dimension"));
    };
    let rest = rest
        .iter()
        .fold(1_u64, |product, dim| product.saturating_mul(*dim));
    Ok(Value::new(Element::F32, vec![*batch, rest]))
}

pub(super) fn concat(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let first = call.input(0)?;
    let axis = index_of(call.integer("axis").unwrap_or(0));
    let mut joined = first.clone();
    for index in 1..call.inputs.len() {
        let next = call.input(index)?;
        let others_agree = joined.dims.len() == next.dims.len()
            && joined
                .dims
                .iter()
                .zip(&next.dims)
                .enumerate()
                .all(|(i, (a, b))| i == axis || a == b);
        let (Some(length), Some(more)) = (joined.dims.get_mut(axis), next.dims.get(axis)) else {
            return Err(shape(
                format!("axis {axis} of {}", next.describe()),
                "an axis that is there",
            ));
        };
        if !others_agree || next.element != first.element {
            let found = format!("{} with {}", first.describe(), next.describe());
            return Err(shape(found, "inputs that differ along the axis only"));
        }
        *length = length.saturating_add(*more);
        joined.constant = match (joined.constant.take(), &next.constant) {
            (Some(Constant::Integers(mut values)), Some(Constant::Integers(more)))
                if axis == 0 && values.len() + more.len() <= MOST_CONSTANTS =>
            {
                values.extend(more);
                Some(Constant::Integers(values))
            }
            _ => None,
        };
    }
    match joined.element {
        Element::F32 | Element::I64 if axis < joined.dims.len() => Ok(joined),
        _ => Err(shape(
            joined.describe(),
            "f32 or i64 with an axis that is there",
        )),
    }
}

/// `Shape`: the dimensions become known numbers.
pub(super) fn shape_of(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let dims = &call.input(0)?.dims;
    let integers = dims
        .iter()
        .map(|dim| i64::try_from(*dim).unwrap_or(i64::MAX))
        .collect::<Vec<_>>();
    integer_vector(
        vec![u64::try_from(dims.len()).unwrap_or(u64::MAX)],
        integers,
    )
}

/// `Gather` out of a vector of known integers.
pub(super) fn gather(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let (data, indices) = (call.constant_integers(0)?, call.constant_integers(1)?);
    if call.input(0)?.dims.len() != 1 {
        return Err(shape(
            call.input(0)?.describe(),
            "a vector of integers to gather from",
        ));
    }
    let pick = |index: &i64| {
        let distance = usize::try_from(index.unsigned_abs()).ok()?;
        let position = if *index < 0 {
            data.len().checked_sub(distance)?
        } else {
            distance
        };
        data.get(position).copied()
    };
    let picked: Option<Vec<_>> = indices.iter().map(pick).collect();
    let Some(picked) = picked else {
        let found = format!("indices {indices:?} into {} elements", data.len());
        return Err(shape(found, "indices that are there"));
    };
    integer_vector(call.input(1)?.dims.clone(), picked)
}

/// `Unsqueeze`: an attribute up to opset 12, an input from 13 on.
pub(super) fn unsqueeze(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let x = call.input(0)?;
    let axes = match (call.opset < 13, call.inputs.len()) {
        (true, 1) => call.integers("axes").unwrap_or_default(),
        (false, 2) if call.integers("axes").is_none() => call.constant_integers(1)?,
        _ => &[],
    };
    let [axis] = axes else {
        return Err(shape(
            format!("axes {axes:?}"),
            "one axis, given as the opset has it",
        ));
    };
    let mut value = x.clone();
    match usize::try_from(*axis) {
        Ok(axis) if axis <= value.dims.len() => value.dims.insert(axis, 1),
        _ => {
            return Err(shape(
                format!("axis {axis} of {}", x.describe()),
                "an axis that is there",
            ));
        }
    }
    Ok(value)
}

pub(super) fn transpose(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let x = call.floats(0)?;
    let order: Vec<_> = call
        .integers("perm")
        .unwrap_or_default()
        .iter()
        .map(|axis| index_of(*axis))
        .collect();
    let mut sorted = order.clone();
    sorted.sort_unstable();
    if !sorted.into_iter().eq(0..x.dims.len()) {
        return Err(shape(
            format!("order {order:?} of {}", x.describe()),
            "each axis once",
        ));
    }
    let dims = order
        .iter()
        .filter_map(|axis| x.dims.get(*axis).copied())
        .collect();
    Ok(Value::new(Element::F32, dims))
}

/// `Reshape` to dimensions that can be computed from the input's: 0 keeps one, -1 takes the rest.
pub(super) fn reshape(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let (x, target) = (call.floats(0)?, call.constant_integers(1)?);
    let refused = || Lie::Reshape {
        from: x.describe(),
        to: target.to_vec(),
    };
    if target.is_empty() || target.len() > 4 {
        return Err(refused());
    }
    let mut dims = Vec::with_capacity(target.len());
    let mut rest = None;
    for (index, dim) in target.iter().enumerate() {
        dims.push(match dim {
            -1 if rest.replace(index).is_none() => 1,
            0 => x.dims.get(index).copied().ok_or_else(refused)?,
            dim => u64::try_from(*dim).map_err(|_| refused())?,
        });
    }
    let known = dims
        .iter()
        .fold(1_u64, |product, dim| product.saturating_mul(*dim));
    if let Some(dim) = rest.and_then(|index| dims.get_mut(index)) {
        *dim = x.elements().checked_div(known).unwrap_or(0);
    }
    let value = Value::new(Element::F32, dims);
    if value.elements() == x.elements() {
        Ok(value)
    } else {
        Err(refused())
    }
}

/// A value of integers that are known.
fn integer_vector(dims: Vec<u64>, integers: Vec<i64>) -> Result<Value, Lie> {
    Ok(Value {
        element: Element::I64,
        dims,
        constant: Some(Constant::Integers(integers)),
    })
}

/// A number that its rule keeps from being negative.
fn index_of(value: i64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
