//! Operators on N×C×H×W that slide, stretch or pad.

use super::{Call, Element, Value, shape};
use crate::refusal::Lie;

/// Largest whole factor of a Resize.
const LARGEST_SCALE: u8 = 16;
/// Most cells that Pad adds at one side.
const LARGEST_PAD: i64 = 256;

/// Output dims and multiply-adds of a convolution.
pub(super) fn conv(call: &Call<'_, '_>) -> Result<(Value, u64), Lie> {
    let [batch, channels, height, width] = call.pictures(0)?;
    let [out, per_group, kernel_height, kernel_width] = call.pictures(1)?;
    let group = unsigned(call.integer("group").unwrap_or(1));
    if channels != per_group.saturating_mul(group) || out % group.max(1) != 0 {
        let found = format!(
            "{channels} channels, {group} groups, weights {:?}",
            [out, per_group]
        );
        return Err(shape(found, "weights of outputs × channels ÷ groups"));
    }
    let kernel = [kernel_height, kernel_width];
    let declared = call.integers("kernel_shape");
    if declared.is_some_and(|declared| declared.iter().map(|k| unsigned(*k)).ne(kernel)) {
        let found = format!("kernel_shape {declared:?} for weights of {kernel:?}");
        return Err(shape(found, "the same two numbers"));
    }
    if let Some(bias) = call.optional(2) {
        call.floats(2)?;
        if bias.dims != [out] {
            return Err(shape(
                format!("bias {}", bias.describe()),
                "one element per output channel",
            ));
        }
    }
    let [height, width] = slide(call, [height, width], kernel)?;
    let value = Value::new(Element::F32, vec![batch, out, height, width]);
    let each = per_group
        .saturating_mul(kernel_height)
        .saturating_mul(kernel_width);
    let work = value.elements().saturating_mul(each);
    Ok((value, work))
}

pub(super) fn max_pool(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let [batch, channels, height, width] = call.pictures(0)?;
    let (kernel, pads) = (call.integers("kernel_shape"), call.integers("pads"));
    let [kernel_height, kernel_width] = match kernel {
        Some([height, width]) => [*height, *width],
        _ => [1, 1],
    };
    // A window that lies in the padding alone has no largest element.
    if let Some([top, left, bottom, right]) = pads
        && ((*top).max(*bottom) >= kernel_height || (*left).max(*right) >= kernel_width)
    {
        let found = format!("pads {pads:?} for a window of {kernel:?}");
        return Err(shape(found, "pads smaller than the window"));
    }
    let kernel = [unsigned(kernel_height), unsigned(kernel_width)];
    let [height, width] = slide(call, [height, width], kernel)?;
    Ok(Value::new(
        Element::F32,
        vec![batch, channels, height, width],
    ))
}

/// Height and width after a window slid over the padded picture.
fn slide(call: &Call<'_, '_>, size: [u64; 2], kernel: [u64; 2]) -> Result<[u64; 2], Lie> {
    let [top, left, bottom, right] = match call.integers("pads") {
        Some([top, left, bottom, right]) => [*top, *left, *bottom, *right].map(unsigned),
        _ => [0; 4],
    };
    let [down, across] = match call.integers("strides") {
        Some([down, across]) => [*down, *across].map(unsigned),
        _ => [1; 2],
    };
    let [height, width] = size;
    let [kernel_height, kernel_width] = kernel;
    let steps = |size: u64, before: u64, after: u64, kernel: u64, stride: u64| {
        let room = size
            .saturating_add(before)
            .saturating_add(after)
            .checked_sub(kernel)?;
        (kernel > 0).then_some(room / stride.max(1) + 1)
    };
    steps(height, top, bottom, kernel_height, down)
        .zip(steps(width, left, right, kernel_width, across))
        .map(|(height, width)| [height, width])
        .ok_or_else(|| {
            let found = format!("a window of {kernel:?} on a picture of {size:?}");
            shape(found, "a window within the padded picture")
        })
}

pub(super) fn global_average_pool(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let [batch, channels, ..] = call.pictures(0)?;
    Ok(Value::new(Element::F32, vec![batch, channels, 1, 1]))
}

pub(super) fn depth_to_space(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let [batch, channels, height, width] = call.pictures(0)?;
    let block = unsigned(call.integer("blocksize").unwrap_or(1)).max(1);
    if channels % (block * block) != 0 {
        let found = format!("{channels} channels for blocks of {block}×{block}");
        return Err(shape(found, "channels that the block's area divides"));
    }
    let dims = vec![
        batch,
        channels / (block * block),
        height.saturating_mul(block),
        width.saturating_mul(block),
    ];
    Ok(Value::new(Element::F32, dims))
}

pub(super) fn resize(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let [batch, channels, height, width] = call.pictures(0)?;
    if let Some(region) = call.optional(1).filter(|region| region.elements() != 0) {
        return Err(shape(
            format!("input 1 is {}", region.describe()),
            "no region of interest",
        ));
    }
    let scales = call.constant_floats(2)?;
    match scales {
        [1.0, 1.0, down, across] => whole(*down).zip(whole(*across)),
        _ => None,
    }
    .map(|(down, across)| {
        let dims = vec![
            batch,
            channels,
            height.saturating_mul(down),
            width.saturating_mul(across),
        ];
        Value::new(Element::F32, dims)
    })
    .ok_or_else(|| Lie::Scales {
        found: scales.to_vec(),
    })
}

/// A scale that is one of the whole numbers allowed.
fn whole(scale: f32) -> Option<u64> {
    (1..=LARGEST_SCALE)
        .find(|number| f32::from(*number) == scale)
        .map(u64::from)
}

pub(super) fn pad(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let [batch, channels, height, width] = call.pictures(0)?;
    let pads = call.constant_integers(1)?;
    match pads {
        [0, 0, top, left, 0, 0, bottom, right]
            if pads.iter().all(|pad| (0..=LARGEST_PAD).contains(pad)) =>
        {
            let add = |size: u64, before: i64, after: i64| {
                size.saturating_add(unsigned(before))
                    .saturating_add(unsigned(after))
            };
            let dims = vec![
                batch,
                channels,
                add(height, *top, *bottom),
                add(width, *left, *right),
            ];
            Ok(Value::new(Element::F32, dims))
        }
        _ => Err(Lie::Pads {
            found: pads.to_vec(),
        }),
    }
}

/// A number that its rule keeps from being negative.
fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
