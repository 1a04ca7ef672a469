//! A bundle's files as a folder and as an archive. The same files give the same bytes: order, times, owners and modes are fixed.

use std::fs::{self, File as Output};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;

use super::contents::File;
use super::platform::{Platform, System};
use crate::Result;

/// Every file's time: the first second that a zip can tell, 1980-01-01 00:00 UTC.
const TIME: u64 = 315_532_800;

/// Writes the files into a folder.
pub(crate) fn write_folder(files: &[File], folder: &Path) -> Result<()> {
    for file in files {
        let path = folder.join(&file.path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(&path, &file.bytes)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(mode(file)))?;
        }
    }
    Ok(())
}

/// Writes `NAME.tar.gz`, for Windows `NAME.zip`, with all files below a folder `name`, and beside it `….sha256`, as
/// `sha256sum --check` reads it.
pub(crate) fn write(
    platform: &Platform,
    files: &[File],
    name: &str,
    out: &Path,
) -> Result<PathBuf> {
    let suffix = match platform.system {
        System::Windows => "zip",
        System::Linux | System::Mac => "tar.gz",
    };
    let archive = out.join(format!("{name}.{suffix}"));
    match platform.system {
        System::Windows => write_zip(files, name, &archive)?,
        System::Linux | System::Mac => write_tar(files, name, &archive)?,
    }
    let digest = Sha256::digest(fs::read(&archive)?);
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(
        out.join(format!("{name}.{suffix}.sha256")),
        format!("{digits}  {name}.{suffix}\n"),
    )?;
    Ok(archive)
}

fn write_tar(files: &[File], name: &str, archive: &Path) -> Result<()> {
    let output = BufWriter::new(Output::create(archive)?);
    // A gzip header without time and name.
    let mut tar = tar::Builder::new(GzBuilder::new().write(output, Compression::best()));
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(file.bytes.len() as u64);
        header.set_mode(mode(file));
        header.set_mtime(TIME);
        header.set_uid(0);
        header.set_gid(0);
        tar.append_data(
            &mut header,
            format!("{name}/{}", file.path),
            file.bytes.as_slice(),
        )?;
    }
    tar.into_inner()?.finish()?.flush()?;
    Ok(())
}

fn write_zip(files: &[File], name: &str, archive: &Path) -> Result<()> {
    let mut zip = zip::ZipWriter::new(BufWriter::new(Output::create(archive)?));
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::DEFAULT);
    for file in files {
        zip.start_file(
            format!("{name}/{}", file.path),
            options.unix_permissions(mode(file)),
        )?;
        zip.write_all(&file.bytes)?;
    }
    zip.finish()?.flush()?;
    Ok(())
}

fn mode(file: &File) -> u32 {
    if file.executable { 0o755 } else { 0o644 }
}
