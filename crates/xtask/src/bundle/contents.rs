//! Every file of a bundle.

use std::fs;
use std::path::{Path, PathBuf};

use super::platform::{Platform, System};
use super::{glibc, notices, shipped};
use crate::{Result, root};

/// One file of a bundle.
pub(crate) struct File {
    /// From the bundle's folder, with `/` on every system.
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) executable: bool,
}

/// What the build made.
pub(crate) struct Built {
    program: PathBuf,
    library: PathBuf,
}

impl Built {
    /// Where `cargo build --release` puts it, with or without `--target`.
    pub(crate) fn in_target(platform: &Platform, target: Option<&str>) -> Self {
        let folder = crate::target().join(target.unwrap_or_default());
        let folder = folder.join("release");
        Self {
            program: folder.join(platform.program()),
            library: folder.join(platform.library()),
        }
    }
}

/// All of it, ordered by path.
pub(crate) fn all(platform: &Platform, built: &Built) -> Result<Vec<File>> {
    let packages = shipped::packages(&platform.triple)?;
    let mut files = vec![
        text("README.md", readme(platform, built)?),
        text("lib/pkgconfig/diat.pc", pkg_config(platform)),
        text(
            "share/doc/diat/third-party.txt",
            notices::text(&packages, &platform.triple)?,
        ),
        copy(
            "share/doc/diat/rust-standard-library.html",
            &notices::of_standard_library()?,
        )?,
        program(&format!("bin/{}", platform.program()), &built.program)?,
        program(&format!("lib/{}", platform.library()), &built.library)?,
    ];
    for (path, source) in [
        ("include/diat/plugin.h", "plugin-abi/include/diat/plugin.h"),
        (
            "share/doc/diat/examples/minimal_host.c",
            "plugin-abi/examples/minimal_host.c",
        ),
        ("share/doc/diat/LICENSE-APACHE", "LICENSE-APACHE"),
        ("share/doc/diat/LICENSE-MIT", "LICENSE-MIT"),
    ] {
        files.push(copy(path, &root().join(source))?);
    }
    for folder in ["manifests", "models"] {
        for entry in fs::read_dir(root().join(folder))? {
            let file = entry?.path();
            let name = file.file_name().and_then(|name| name.to_str());
            // Hidden files are none of ours, and the README's picture belongs to the README.
            let name = name.filter(|name| !name.starts_with('.') && *name != "before-after.png");
            if let Some(name) = name {
                files.push(copy(&format!("share/diat/{folder}/{name}"), &file)?);
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn text(path: &str, text: String) -> File {
    File {
        path: path.to_owned(),
        bytes: text.into_bytes(),
        executable: false,
    }
}

fn copy(path: &str, source: &Path) -> Result<File> {
    Ok(File {
        path: path.to_owned(),
        bytes: fs::read(source).map_err(|error| format!("{}: {error}", source.display()))?,
        executable: false,
    })
}

fn program(path: &str, source: &Path) -> Result<File> {
    Ok(File {
        executable: true,
        ..copy(path, source)?
    })
}

/// `prefix` follows the file, wherever the tree is put; a packager's own `--define-variable=prefix=…` still wins.
fn pkg_config(platform: &Platform) -> String {
    let library = platform.library();
    let libs = match platform.system {
        System::Linux => "-ldl",
        System::Mac | System::Windows => "",
    };
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "prefix=${{pcfiledir}}/../..\n\
         includedir=${{prefix}}/include\n\
         libdir=${{prefix}}/lib\n\
         # Hosts open this file themselves; nothing is linked against it.\n\
         plugin=${{libdir}}/{library}\n\
         \n\
         Name: diat\n\
         Description: Face effects behind one C header\n\
         Version: {version}\n\
         Cflags: -I${{includedir}}\n\
         Libs: {libs}\n"
    )
}

fn readme(platform: &Platform, built: &Built) -> Result<String> {
    let needs = match platform.system {
        System::Linux => format!(
            "It needs glibc {} or newer and nothing else.",
            glibc::newest_needed(&[&built.program, &built.library])?
        ),
        System::Mac => "It is not signed. What a browser fetched is let go with `xattr -dr com.apple.quarantine` and this \
                        folder's name."
            .to_owned(),
        System::Windows => "It needs Windows 10 or newer and nothing else.".to_owned(),
    };
    let program = platform.program();
    let library = platform.library();
    let version = env!("CARGO_PKG_VERSION");
    let triple = &platform.triple;
    Ok(format!(
        "# diat {version} for {triple}\n\
         \n\
         Face effects that change only what was asked. {needs}\n\
         \n\
         ```sh\n\
         bin/{program} effects\n\
         bin/{program} apply eyeglasses-off PICTURE -o out.png\n\
         bin/{program} help\n\
         ```\n\
         \n\
         It runs from where it is unpacked. To install it, put `bin`, `include`, `lib` and `share` below one folder such as\n\
         `/usr/local`: program and library look for effects in `share/diat` beside their own folder. Effects of your own go to\n\
         your data folder, which `bin/{program} doctor` names.\n\
         \n\
         Programs that want the effects open `lib/{library}`; `include/diat/plugin.h` is the contract,\n\
         `share/doc/diat/examples/minimal_host.c` a whole host, and `lib/pkgconfig/diat.pc` tells compilers where they are.\n\
         \n\
         Licensed under MIT or Apache-2.0, at your option; `share/doc/diat` has both, and the notices of what is built in.\n"
    ))
}
