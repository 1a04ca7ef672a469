//! What the tests by the Rust host share.

use std::sync::{Arc, Mutex};

use diat_host::{
    Format, HostOptions, ImageMut, ImageRef, Input, Instance, Level, Pixels, Plugin, Points, Rect,
    RenderJob, Status,
};
use diat_tests::{Identity, Painter, Resources, plugin_library};

pub(crate) const SIZE: Rect = Rect {
    x: 0,
    y: 0,
    w: 120,
    h: 100,
};

/// A face that fills the picture.
pub(crate) const POINTS: Points = [
    [40.0, 36.0],
    [80.0, 36.0],
    [60.0, 58.0],
    [42.0, 74.0],
    [78.0, 74.0],
];

pub(crate) struct Bench {
    pub(crate) resources: Resources,
    pub(crate) log: Arc<Mutex<Vec<(Level, String)>>>,
    pub(crate) plugin: Plugin,
}

pub(crate) fn bench() -> Bench {
    let resources = Resources::new();
    Painter::default().add_to(&resources, "painter");
    Identity::default().add_to(&resources, "identity");
    let log: Arc<Mutex<Vec<(Level, String)>>> = Arc::default();
    let heard = log.clone();
    let options = HostOptions {
        name: "diat-tests".into(),
        version: "1".into(),
        resource_dirs: vec![resources.path().to_owned()],
        max_threads: 2,
        log: Some(Arc::new(move |level, line| {
            heard.lock().unwrap().push((level, line.to_owned()));
        })),
    };
    let plugin = Plugin::load(&plugin_library(), options).unwrap();
    Bench {
        resources,
        log,
        plugin,
    }
}

impl Bench {
    pub(crate) fn open(&self, effect: &str) -> Instance {
        let mut instance = self.plugin.open(effect).unwrap();
        instance.set_points(Some(&[POINTS])).unwrap();
        instance
    }
}

/// A picture of noise that is the same every time.
pub(crate) fn noise(format: Format, seed: u32) -> Vec<u8> {
    let samples = (4 * SIZE.w * SIZE.h) as u32;
    let sample = |index: u32| (index ^ seed).wrapping_mul(2_654_435_761) >> 16;
    match format {
        Format::RgbaU8 => (0..samples).map(|index| sample(index) as u8).collect(),
        Format::RgbaU16 => (0..samples)
            .flat_map(|index| (sample(index) as u16).to_ne_bytes())
            .collect(),
        Format::RgbaF32 => (0..samples)
            .flat_map(|index| (sample(index) as f32 / 65536.0).to_ne_bytes())
            .collect(),
    }
}

/// Renders the whole of a packed picture.
pub(crate) fn render(
    instance: &mut Instance,
    picture: &[u8],
    pixels: Pixels<'_>,
    values: &[f64],
) -> (Status, Vec<u8>) {
    let mut out = vec![0; picture.len()];
    let status = instance.render(RenderJob {
        input: Input::Separate(ImageRef::packed(picture, SIZE, pixels).unwrap()),
        output: ImageMut::packed(&mut out, SIZE, pixels).unwrap(),
        roi: SIZE,
        values: values.to_vec(),
        time: None,
        progress: None,
    });
    (status.unwrap(), out)
}
