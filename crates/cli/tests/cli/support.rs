//! A user with an empty home, a folder to work in, and an effect whose answer is known.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use diat_tests::{Identity, Painter, Resources};
use image::{DynamicImage, ImageBuffer, ImageEncoder, Rgba, RgbaImage};
use tempfile::TempDir;

/// Five points of a face in a picture of [`SIDE`]: the painter's disc covers its mouth.
pub(crate) const POINTS: &str = "64,72 136,72 100,118 70,150 130,150";
/// Side of the pictures that [`picture`] draws.
pub(crate) const SIDE: u32 = 200;

/// What a run of `diat` came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    fn new(output: &Output) -> Self {
        Self {
            code: output.status.code().expect("an exit code"),
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// Asserts the exit code and that stderr has all these parts, every line of it by `diat: `.
    #[track_caller]
    pub(crate) fn expect(self, code: i32, parts: &[&str]) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        for part in parts {
            assert!(self.stderr.contains(part), "{part:?} is not in {self:#?}");
        }
        self
    }
}

/// A user.
pub(crate) struct User {
    folder: TempDir,
    home: TempDir,
    pub(crate) resources: Resources,
}

impl User {
    /// With the effects `painter` and `identity` in [`User::resources`].
    pub(crate) fn new() -> Self {
        let resources = Resources::new();
        Painter::default().add_to(&resources, "painter");
        Identity::default().add_to(&resources, "identity");
        Self {
            folder: tempfile::tempdir().unwrap(),
            home: tempfile::tempdir().unwrap(),
            resources,
        }
    }

    /// A path in the folder to work in.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The data folder of `diat`.
    pub(crate) fn data(&self) -> PathBuf {
        self.home.path().join("diat")
    }

    /// The home, which holds the data folder.
    #[cfg(unix)]
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Names in a folder, hidden ones too.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<_> = entries
            .map(|entry| name(entry).into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let file = self.path(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, bytes).unwrap();
        file
    }

    /// Writes a picture in the format of its name.
    pub(crate) fn save(&self, name: &str, picture: &DynamicImage) -> PathBuf {
        let file = self.path(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        picture.save(&file).unwrap();
        file
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Decodes a picture by its content.
    pub(crate) fn open(&self, name: &str) -> DynamicImage {
        image::load_from_memory(&self.read(name)).unwrap()
    }

    /// The program, to be run by this user.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_diat"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.home.path());
        command
    }

    /// The program without a superuser's right to go where permissions do not let others: as [`User::command`] where nobody has it.
    /// Nothing where that right cannot be given up, which is told.
    #[cfg(unix)]
    pub(crate) fn without_privilege(&self) -> Option<Command> {
        use std::os::unix::fs::MetadataExt;
        if fs::metadata(self.folder.path()).unwrap().uid() != 0 {
            return Some(self.command());
        }
        if !diat_tests::has_program("setpriv") {
            return None;
        }
        let drop = "--bounding-set=-dac_override,-dac_read_search";
        let works = Command::new("setpriv").args([drop, "true"]).status();
        if !works.unwrap().success() {
            println!("skipped: a superuser who may not give up privileges");
            return None;
        }
        let mut command = self.through("setpriv");
        command.arg(drop).arg(env!("CARGO_BIN_EXE_diat"));
        Some(command)
    }

    /// Another program in the environment of [`User::command`].
    #[cfg(unix)]
    pub(crate) fn through(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let environment = [("PATH", std::env::var_os("PATH").unwrap_or_default())];
        command
            .current_dir(self.folder.path())
            .env_clear()
            .envs(environment)
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.home.path());
        command
    }

    /// Runs it.
    pub(crate) fn diat(&self, arguments: &[&str]) -> Ran {
        self.run(self.command().args(arguments))
    }

    /// Runs what [`User::command`] made.
    pub(crate) fn run(&self, command: &mut Command) -> Ran {
        Ran::new(&command.output().unwrap())
    }

    /// Runs it with the effects of [`User::resources`].
    pub(crate) fn with_resources(&self, arguments: &[&str]) -> Ran {
        let folder = self.resources.path().to_str().unwrap();
        self.diat(&[arguments, &["--resources", folder]].concat())
    }

    /// Paints the mouth of a picture's given face.
    pub(crate) fn paint(&self, arguments: &[&str]) -> Ran {
        self.with_resources(&[&["apply", "painter", "--points", POINTS], arguments].concat())
    }
}

/// A picture without a face, every pixel of which has another colour and alpha than its neighbours.
pub(crate) fn picture() -> RgbaImage {
    ImageBuffer::from_fn(SIDE, SIDE, |x, y| {
        let byte = |value: u32| (value % 256) as u8;
        Rgba([
            byte(x * 5 + y),
            byte(y * 3 + x / 2),
            byte(x + y * 7),
            byte(255 - x - y / 4),
        ])
    })
}

/// The same with 16 bits that 8 bits cannot say.
pub(crate) fn deep_picture() -> ImageBuffer<Rgba<u16>, Vec<u16>> {
    ImageBuffer::from_fn(SIDE, SIDE, |x, y| {
        let value = |value: u32| (value * 251 % 65536) as u16;
        Rgba([
            value(x * 5 + y),
            value(y * 3 + x),
            value(x + y * 7),
            value(255 + x + y),
        ])
    })
}

/// Where the painter's disc is not, by a margin.
pub(crate) fn is_outside(x: u32, y: u32) -> bool {
    let (x, y) = (f64::from(x) - 100.0, f64::from(y) - 150.0);
    x.hypot(y) > 32.0
}

/// The middle of the disc.
pub(crate) const INSIDE: (u32, u32) = (100, 150);

/// Encodes with metadata, by an encoder of `image`.
pub(crate) fn encode(
    name: &str,
    picture: &DynamicImage,
    exif: Option<&[u8]>,
    icc: Option<&[u8]>,
) -> Vec<u8> {
    use image::codecs::{jpeg::JpegEncoder, png::PngEncoder, tiff::TiffEncoder, webp::WebPEncoder};
    let mut bytes = std::io::Cursor::new(Vec::new());
    match Path::new(name)
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap()
    {
        "png" => finish(PngEncoder::new(&mut bytes), picture, exif, icc),
        "jpg" => finish(
            JpegEncoder::new_with_quality(&mut bytes, 95),
            picture,
            exif,
            icc,
        ),
        "webp" => finish(WebPEncoder::new_lossless(&mut bytes), picture, exif, icc),
        "tif" => finish(TiffEncoder::new(&mut bytes), picture, exif, icc),
        other => panic!("{other}"),
    }
    bytes.into_inner()
}

fn finish(
    mut encoder: impl ImageEncoder,
    picture: &DynamicImage,
    exif: Option<&[u8]>,
    icc: Option<&[u8]>,
) {
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif.to_vec()).unwrap();
    }
    if let Some(icc) = icc {
        encoder.set_icc_profile(icc.to_vec()).unwrap();
    }
    let colour = picture.color().into();
    encoder
        .write_image(
            picture.as_bytes(),
            picture.width(),
            picture.height(),
            colour,
        )
        .unwrap();
}

/// The XMP packet of a file, as the decoders of `image` find it.
pub(crate) fn packet_of(bytes: &[u8]) -> Option<Vec<u8>> {
    use image::ImageDecoder;
    decoder(bytes).xmp_metadata().unwrap()
}

/// What reads a file's metadata, by the decoders of `image`.
fn decoder(bytes: &[u8]) -> impl image::ImageDecoder + '_ {
    let reader = image::ImageReader::new(std::io::Cursor::new(bytes));
    reader
        .with_guessed_format()
        .unwrap()
        .into_decoder()
        .unwrap()
}

/// EXIF record and ICC profile of a file.
pub(crate) fn metadata(bytes: &[u8]) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    use image::ImageDecoder;
    let mut decoder = decoder(bytes);
    (
        decoder.exif_metadata().unwrap(),
        decoder.icc_profile().unwrap(),
    )
}

/// A small EXIF record: an orientation and a maker.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0\x02\0".to_vec();
    bytes.extend(b"\x0f\x01\x02\0\x04\0\0\0ann\0"); // Make
    bytes.extend(b"\x12\x01\x03\0\x01\0\0\0");
    bytes.extend([orientation, 0, 0, 0]);
    bytes.extend([0; 4]);
    bytes
}

/// The head of an ICC profile for these channels, `RGB ` or `GRAY`, and some content.
pub(crate) fn icc(channels: &[u8; 4]) -> Vec<u8> {
    let mut bytes = vec![0; 200];
    bytes[16..20].copy_from_slice(channels);
    bytes[36..40].copy_from_slice(b"acsp");
    bytes[150] = 77;
    bytes
}
