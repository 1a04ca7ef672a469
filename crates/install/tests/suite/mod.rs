//! A registry of small wheels, a script that stands for Python with pip, and a user's folders.
#![allow(dead_code, reason = "each binary uses what it needs")]
#![allow(unreachable_pub, reason = "shared by several binaries")]
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use diat_install::{Downloads, Error, Event, Install, Kind, Library, Outcome, Pin, Pip, Wheel};
use diat_places::Places;
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub struct User {
    folder: PathBuf,
    pub places: Places,
    _temporary: Option<tempfile::TempDir>,
}

impl User {
    pub fn new() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let user = Self::at(temporary.path());
        // Whoever stands for pip looks here.
        fs::create_dir(user.registry()).unwrap();
        let script = format!(
            "#!/bin/sh\n\
             echo \"$*\" >> '{folder}/calls'\n\
             while [ $# -gt 1 ]; do\n\
             if [ \"$1\" = --dest ]; then dest=$2; fi\n\
             shift\n\
             done\n\
             if [ -e \"{folder}/registry/$1\" ]; then cp \"{folder}/registry/$1\" \"$dest/$1.whl\"; exit; fi\n\
             echo \"ERROR: No matching distribution found for $1\" >&2\n\
             exit 1\n",
            folder = user.folder.display()
        );
        fs::write(user.python(), script).unwrap();
        fs::set_permissions(user.python(), fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            _temporary: Some(temporary),
            ..user
        }
    }

    /// The same folders again, for another process.
    pub fn at(folder: &Path) -> Self {
        Self {
            places: Places::with_data_dir(folder.join("data")),
            folder: folder.to_owned(),
            _temporary: None,
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn downloads(&self) -> Downloads {
        Downloads::new(self.folder.join("cache"), Pip::of(&self.python()))
    }

    /// Where a wheel is kept until it is installed.
    pub fn cache_of(&self, wheel: &Wheel) -> PathBuf {
        self.folder.join("cache").join(wheel.sha256)
    }

    /// What pip was asked for so far.
    pub fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.folder.join("calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }

    pub fn registry(&self) -> PathBuf {
        self.folder.join("registry")
    }

    fn python(&self) -> PathBuf {
        self.folder.join("python3")
    }

    /// Makes the wheels of a runtime and pins them.
    pub fn runtime(&self, version: &str, kind: Kind) -> Pin {
        let main = format!("libonnxruntime.so.{version}");
        let mut wheels = vec![self.wheel("onnxruntime", version, &[(&main, 700_000)])];
        if kind == Kind::Cuda {
            let others = [("libcudart.so.13", 300_000), ("libcublas.so.13", 600_000)];
            wheels.push(self.wheel("nvidia-cuda", version, &others));
        }
        Pin {
            version: version.to_owned().leak(),
            kind,
            system: std::env::consts::OS,
            architecture: std::env::consts::ARCH,
            wheels: wheels.leak(),
        }
    }

    /// A wheel with these libraries, and with what nobody wants.
    pub fn wheel(&self, name: &str, version: &str, libraries: &[(&str, usize)]) -> Wheel {
        let requirement = format!("{name}=={version}");
        let file = self.registry().join(&requirement);
        let mut zip = ZipWriter::new(fs::File::create(&file).unwrap());
        let mut add = |member: &str, bytes: &[u8]| {
            zip.start_file(member, SimpleFileOptions::default())
                .unwrap();
            zip.write_all(bytes).unwrap();
        };
        add("onnxruntime/capi/__init__.py", b"import ctypes");
        for (library, length) in libraries {
            add(
                &format!("onnxruntime/capi/{library}"),
                &content(library, version, *length),
            );
        }
        add("onnxruntime/capi/libother.so", b"not wanted");
        zip.finish().unwrap();
        let bytes = fs::read(&file).unwrap();
        let digest = Sha256::digest(&bytes);
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let library = |(name, length): &(&str, usize)| Library {
            name: (*name).to_owned().leak(),
            bytes: *length as u64,
        };
        Wheel {
            requirement: requirement.leak(),
            platform: "manylinux_2_28_x86_64",
            sha256: digest.leak(),
            bytes: bytes.len() as u64,
            libraries: libraries.iter().map(library).collect::<Vec<_>>().leak(),
        }
    }

    pub fn install(&self, pin: &Pin) -> Result<Outcome, Error> {
        self.install_and(pin, &|_| Ok(()), &mut |_| {})
    }

    pub fn install_and(
        &self,
        pin: &Pin,
        check: &dyn Fn(&Path) -> Result<(), String>,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Outcome, Error> {
        let install = Install {
            places: &self.places,
            pin,
            downloads: &self.downloads(),
            keep_downloads: false,
            check,
        };
        install.run(tell)
    }

    /// The runtime that whoever looks now finds is this one, to the last byte.
    pub fn has(&self, pin: &Pin) -> bool {
        let Some(library) = self.places.runtime_library().unwrap() else {
            return false;
        };
        let folder = library.parent().unwrap();
        pin.libraries().all(|library| {
            let expected = content(library.name, pin.version, library.bytes as usize);
            fs::read(folder.join(library.name)).is_ok_and(|found| found == expected)
        })
    }

    /// Everything in `runtime/`, by name.
    pub fn names(&self) -> Vec<String> {
        names(&self.places.runtime_dir())
    }
}

pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Bytes that say whose they are, and cannot be squeezed to nothing.
pub fn content(name: &str, version: &str, length: usize) -> Vec<u8> {
    let seed = Sha256::digest(format!("{name} {version}"));
    let mut bytes = Vec::new();
    let mut counter = 0_u64;
    while bytes.len() < length {
        let block = Sha256::new()
            .chain_update(seed)
            .chain_update(counter.to_le_bytes());
        bytes.extend(block.finalize());
        counter += 1;
    }
    bytes.truncate(length);
    bytes
}
