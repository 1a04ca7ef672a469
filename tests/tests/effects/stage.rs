//! The host's side of the tests: pictures, points, networks, renders.

use diat_host::{
    EffectInfo, Error, HostOptions, ImageMut, ImageRef, Input, Instance, Pixels, Plugin, Points,
    Rect, RenderJob, Status,
};
use diat_image::{Format, Layout, Picture, Point, Similarity};
use diat_onnx::emit::{Builder, Conv, Value};
use diat_tests::{Resources, TEMPLATE, plugin_library};

pub(crate) const FORMATS: [Format; 3] = [Format::RgbaU8, Format::RgbaU16, Format::RgbaF32];

/// The effects of `resources`, and those of the checkout, in a host that allows so many threads.
pub(crate) fn plugin(resources: &Resources, threads: u32) -> Plugin {
    let options = HostOptions {
        name: "the tests".into(),
        resource_dirs: vec![resources.path().to_owned()],
        max_threads: threads,
        ..HostOptions::default()
    };
    Plugin::load(&plugin_library(), options).unwrap()
}

/// One effect with these points, or with the faces that it finds.
pub(crate) fn open(plugin: &Plugin, id: &str, points: &[Points]) -> Instance {
    let mut instance = plugin.open(id).unwrap();
    if !points.is_empty() {
        instance.set_points(Some(points)).unwrap();
    }
    instance
}

/// The parameters of a render by name.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) strength: f64,
    pub(crate) show: f64,
    pub(crate) faces: f64,
    pub(crate) at: [f64; 2],
    pub(crate) extra: Vec<f64>,
}

pub(crate) const RESULT: f64 = 0.0;
pub(crate) const MASK: f64 = 1.0;
pub(crate) const TRANSFORMED: f64 = 2.0;
pub(crate) const DIFFERENCE: f64 = 3.0;

impl Default for Wish {
    fn default() -> Self {
        Self {
            strength: 1.0,
            show: RESULT,
            faces: 0.0,
            at: [0.5, 0.5],
            extra: Vec::new(),
        }
    }
}

impl Wish {
    pub(crate) fn show(show: f64) -> Self {
        Self {
            show,
            ..Self::default()
        }
    }

    pub(crate) fn strength(strength: f64) -> Self {
        Self {
            strength,
            ..Self::default()
        }
    }

    /// In the order of the ABI, on the processor.
    pub(crate) fn values(&self) -> Vec<f64> {
        let reserved = [
            self.strength,
            self.show,
            self.faces,
            self.at[0],
            self.at[1],
            1.0,
        ];
        reserved.iter().chain(&self.extra).copied().collect()
    }
}

pub(crate) fn pixels(layout: Layout) -> Pixels<'static> {
    let format = match layout.format {
        Format::RgbaU8 => diat_host::Format::RgbaU8,
        Format::RgbaU16 => diat_host::Format::RgbaU16,
        Format::RgbaF32 => diat_host::Format::RgbaF32,
    };
    let alpha = match layout.alpha {
        diat_image::Alpha::Straight => diat_host::Alpha::Straight,
        diat_image::Alpha::Premultiplied => diat_host::Alpha::Premultiplied,
        diat_image::Alpha::Opaque => diat_host::Alpha::Opaque,
    };
    let transfer = match layout.transfer {
        diat_image::Transfer::Srgb => 13,
        diat_image::Transfer::Linear => 8,
    };
    Pixels {
        alpha,
        transfer,
        primaries: 1,
        ..Pixels::srgb(format)
    }
}

pub(crate) fn rect(of: diat_image::Rect) -> Rect {
    Rect {
        x: of.x,
        y: of.y,
        w: of.w,
        h: of.h,
    }
}

/// Renders the whole of a picture into another, which first holds other bytes.
pub(crate) fn try_render(
    instance: &mut Instance,
    input: &Picture,
    wish: &Wish,
) -> Result<(Picture, Status), Error> {
    let (area, layout) = (input.rect(), input.layout());
    let mut bytes = vec![0x5A; input.bytes().len()];
    let status = instance.render(RenderJob {
        input: Input::Separate(ImageRef::packed(input.bytes(), rect(area), pixels(layout))?),
        output: ImageMut::packed(&mut bytes, rect(area), pixels(layout))?,
        roi: rect(area),
        values: wish.values(),
        time: None,
        progress: None,
    })?;
    Ok((Picture::from_bytes(area, layout, bytes).unwrap(), status))
}

pub(crate) fn render(instance: &mut Instance, input: &Picture, wish: &Wish) -> Picture {
    try_render(instance, input, wish).unwrap().0
}

/// What a render that must fail says.
pub(crate) fn failure(instance: &mut Instance, input: &Picture, wish: &Wish) -> (Status, String) {
    match try_render(instance, input, wish).map(|(_, status)| status) {
        Err(Error::Failed { status, message }) => (status, message),
        other => panic!("{other:?}"),
    }
}

/// The seconds of a stage of the last render, if it ran.
pub(crate) fn stage(instance: &mut Instance, name: &str) -> Option<f64> {
    let report = instance.report().unwrap();
    report
        .stages
        .iter()
        .find(|stage| stage.name == name)
        .map(|stage| stage.seconds)
}

pub(crate) fn info<'a>(plugin: &'a Plugin, id: &str) -> &'a EffectInfo {
    plugin
        .effect(id)
        .unwrap_or_else(|| panic!("no effect {id}"))
}

/// Numbers that are the same every time, 0..1 (Marsaglia's xorshift).
pub(crate) fn random(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// A picture whose pixel (x, y) is `f(x, y)`, stored as it is.
pub(crate) fn picture(
    width: i32,
    height: i32,
    layout: Layout,
    mut f: impl FnMut(i32, i32) -> [f32; 4],
) -> Picture {
    let area = diat_image::Rect::new(0, 0, width, height);
    let mut picture = Picture::new(area, layout).unwrap();
    let mut view = picture.view_mut();
    for y in 0..height {
        for x in 0..width {
            view.set_rgba_f32(x, y, f(x, y));
        }
    }
    picture
}

/// Noise around a slow colour, with all values of alpha.
pub(crate) fn noise(width: i32, height: i32, layout: Layout, seed: u64) -> Picture {
    let mut random = random(seed);
    picture(width, height, layout, |x, y| {
        let slow = 0.3 + 0.4 * (f64::from(x + 2 * y) / f64::from(width + 2 * height));
        std::array::from_fn(|c| match c {
            3 => random() as f32,
            _ => (slow + 0.3 * (random() - 0.5)) as f32,
        })
    })
}

/// The same picture in another format.
pub(crate) fn converted(picture: &Picture, format: Format) -> Picture {
    let layout = Layout {
        format,
        ..picture.layout()
    };
    let view = picture.view();
    self::picture(view.rect().w, view.rect().h, layout, |x, y| {
        view.rgba_f32(x, y)
    })
}

/// A face of this eye distance, rolled by `degrees`, with the middle of its crop at `middle`: the similarity from a crop of
/// `side` pixels to the picture, and the points, which fit the template exactly.
pub(crate) fn face(side: usize, eyes: f64, degrees: f64, middle: [f64; 2]) -> (Similarity, Points) {
    let side = side as f64;
    let scale = eyes / (side * (TEMPLATE[1][0] - TEMPLATE[0][0]));
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (a, b) = (scale * cos, scale * sin);
    let half = side / 2.0;
    let to_picture = Similarity {
        a,
        b,
        tx: middle[0] - a * half + b * half,
        ty: middle[1] - b * half - a * half,
    };
    let points = TEMPLATE.map(|[x, y]| {
        let p = to_picture.apply(Point {
            x: x * side,
            y: y * side,
        });
        [p.x, p.y]
    });
    (to_picture, points)
}

/// A network that looks at what it gets: its picture's negative, under a mask of these values.
pub(crate) fn negative(side: usize, mask: &dyn Fn(usize, usize) -> f32) -> Vec<u8> {
    let mut net = Builder::new("negative");
    let image = net.input("image", &[3, side, side]);
    let minus = net.constant("minus", &[1], &[-1.0]);
    let transformed = net.mul("transformed", image, minus);
    let mask = drawn(&mut net, image, side, mask);
    finish(net, &[transformed, mask])
}

/// A mask of fixed values, one for each picture of the batch.
pub(crate) fn drawn(
    net: &mut Builder,
    image: Value,
    side: usize,
    mask: &dyn Fn(usize, usize) -> f32,
) -> Value {
    let values: Vec<f32> = (0..side * side).map(|i| mask(i % side, i / side)).collect();
    let weights = net.weights("grey.weights", &[1, 3, 1, 1], &[0.0; 3]);
    let grey = net.conv("grey", image, weights, None, Conv::default());
    let values = net.constant("drawn", &[1, 1, side, side], &values);
    net.add("mask", grey, values)
}

pub(crate) fn finish(mut net: Builder, outputs: &[Value]) -> Vec<u8> {
    for output in outputs {
        net.output(*output);
    }
    net.finish().unwrap()
}
