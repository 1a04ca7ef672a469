//! A host of the release build: two threads, points given.

use std::time::Instant;

use diat_host::{
    Format, HostOptions, ImageMut, ImageRef, Input, Instance, Pixels, Plugin, Rect, RenderJob,
};

use super::EFFECT;
use super::pictures::Drawn;
use crate::{Result, root};

/// One edit in seconds.
pub(crate) struct Edit {
    pub(crate) whole: f64,
    /// The stages `warp` (the gate is in it) and `composite` of the report.
    pub(crate) warp_and_composite: f64,
    pub(crate) network: f64,
}

pub(crate) struct Host {
    instance: Instance,
    rect: Rect,
    input: Vec<u8>,
    output: Vec<u8>,
}

impl Host {
    pub(crate) fn open(picture: &Drawn) -> Result<Self> {
        let library = library_name();
        let options = HostOptions {
            name: "speed".into(),
            max_threads: 2,
            resource_dirs: vec![root().join("target/speed/resources")],
            ..HostOptions::default()
        };
        let plugin = Plugin::load(&root().join("target/release").join(library), options)?;
        let mut host = Self {
            instance: plugin.open(EFFECT)?,
            rect: Rect {
                x: 0,
                y: 0,
                w: 1,
                h: 1,
            },
            input: Vec::new(),
            output: Vec::new(),
        };
        host.show(picture)?;
        Ok(host)
    }

    /// Goes on with another picture.
    pub(crate) fn show(&mut self, picture: &Drawn) -> Result<()> {
        self.instance.set_points(Some(&[picture.points]))?;
        self.rect = Rect {
            x: 0,
            y: 0,
            w: i32::try_from(picture.width)?,
            h: i32::try_from(picture.height)?,
        };
        self.input = picture.pixels.clone();
        // Touched, so that it is the host's memory from here on.
        self.output = vec![1; self.input.len()];
        Ok(())
    }

    /// Edits a picture that was not seen before.
    pub(crate) fn render(&mut self, round: usize, strength: f64) -> Result<Edit> {
        for (byte, mark) in self.input.iter_mut().zip((round as u16).to_le_bytes()) {
            *byte = mark;
        }
        let whole = self.again(strength)?;
        let report = self
            .instance
            .report()
            .ok_or("the plug-in reports nothing")?;
        if !report.runtime.contains("ONNX Runtime") || report.faces.len() != 1 {
            return Err(format!("not what was to be measured: {report:?}").into());
        }
        let took = |name: &str| -> f64 {
            let stages = report.stages.iter().filter(|stage| stage.name == name);
            stages.map(|stage| stage.seconds).sum()
        };
        Ok(Edit {
            whole,
            warp_and_composite: took("warp") + took("composite"),
            network: took("network"),
        })
    }

    /// Edits the picture of before; the seconds it took.
    pub(crate) fn again(&mut self, strength: f64) -> Result<f64> {
        let pixels = Pixels::srgb(Format::RgbaU8);
        let job = RenderJob {
            input: Input::Separate(ImageRef::packed(&self.input, self.rect, pixels)?),
            output: ImageMut::packed(&mut self.output, self.rect, pixels)?,
            roi: self.rect,
            values: vec![strength],
            time: None,
            progress: None,
        };
        let start = Instant::now();
        self.instance.render(job)?;
        Ok(start.elapsed().as_secs_f64())
    }

    /// Edits the output, which holds no face but is as large.
    pub(crate) fn render_in_place(&mut self) -> Result<()> {
        let job = RenderJob {
            input: Input::InPlace,
            output: ImageMut::packed(&mut self.output, self.rect, Pixels::srgb(Format::RgbaU8))?,
            roi: self.rect,
            values: vec![1.0],
            time: None,
            progress: None,
        };
        self.instance.render(job)?;
        Ok(())
    }
}

/// The plug-in's file name on this system.
fn library_name() -> String {
    use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
    format!("{DLL_PREFIX}diat_plugin{DLL_SUFFIX}")
}
