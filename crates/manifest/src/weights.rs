//! Reading weights: what was checked is what runs.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::Fault;

/// The network's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights {
    /// Bare file name in `models/`.
    pub file: String,
    /// Bytes, 1 to 536870912.
    pub size: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
}

impl Weights {
    /// The file's bytes, read once from `models_dir`, with their size and SHA-256 checked.
    ///
    /// # Errors
    /// One [`Fault`] that names the file, what was found there and what the manifest asks for.
    pub fn read(&self, models_dir: &Path) -> Result<Vec<u8>, Fault> {
        self.read_advising(models_dir, "diat check --write-digest MANIFEST")
    }

    /// `command` accepts the file as it is.
    pub(crate) fn read_advising(&self, models_dir: &Path, command: &str) -> Result<Vec<u8>, Fault> {
        let path = models_dir.join(&self.file);
        let fault = |found: String, allowed: String, advice: String| Fault {
            file: path.as_path().into(),
            line: None,
            key: String::new(),
            found,
            allowed,
            advice,
        };
        let other = || format!("put the right file there, or, if this is the one, run `{command}`");
        let unreadable = |error: io::Error| {
            let found = format!("no readable file ({error})");
            fault(
                found,
                "the weights".to_owned(),
                "put the file there".to_owned(),
            )
        };
        let metadata = fs::metadata(&path).map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(unreadable(io::Error::other("it is no regular file")));
        }
        if metadata.len() != self.size {
            let expected = format!("{} bytes (weights.size)", self.size);
            return Err(fault(
                format!("{} bytes", metadata.len()),
                expected,
                other(),
            ));
        }
        let mut bytes = Vec::new();
        let file = File::open(&path).map_err(unreadable)?;
        // The file may grow meanwhile; the digest tells, and no more is read than was asked for.
        file.take(self.size)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        let found = sha256(&bytes);
        if found != self.sha256 {
            let expected = format!("{} (weights.sha256)", hex(&self.sha256));
            return Err(fault(format!("SHA-256 {}", hex(&found)), expected, other()));
        }
        Ok(bytes)
    }
}

/// SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Bytes as lower-case hexadecimal digits, as manifests have them.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(folder: &Path, bytes: &[u8]) -> Weights {
        fs::write(folder.join("net.onnx"), bytes).unwrap();
        Weights {
            file: "net.onnx".to_owned(),
            size: bytes.len() as u64,
            sha256: sha256(bytes),
        }
    }

    #[test]
    fn the_bytes_come_back_when_size_and_digest_agree() {
        let folder = tempfile::tempdir().unwrap();
        let weights = weights(folder.path(), b"a network");
        assert_eq!(weights.read(folder.path()).unwrap(), b"a network");
    }

    #[test]
    fn a_digest_is_that_of_the_standard() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&sha256(b"abc")), expected);
    }

    #[test]
    fn another_size_is_refused_with_both_sizes_and_the_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let weights = weights(folder.path(), b"a network");
        for bytes in [&b"a networ"[..], b"a network!", b"a network and more", b""] {
            fs::write(folder.path().join("net.onnx"), bytes).unwrap();
            let text = weights.read(folder.path()).unwrap_err().to_string();
            for part in [
                "net.onnx",
                &format!("found {} bytes", bytes.len()),
                "9 bytes",
                "--write-digest",
            ] {
                assert!(text.contains(part), "{text} lacks {part}");
            }
        }
    }

    #[test]
    fn one_changed_byte_is_refused_with_both_digests_and_the_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let weights = weights(folder.path(), b"a network");
        fs::write(folder.path().join("net.onnx"), b"a netw0rk").unwrap();
        let text = weights.read(folder.path()).unwrap_err().to_string();
        for part in [
            "net.onnx",
            &hex(&sha256(b"a netw0rk")),
            &hex(&weights.sha256),
            "diat check --write-digest",
        ] {
            assert!(text.contains(part), "{text} lacks {part}");
        }
    }

    #[test]
    fn a_missing_file_or_a_folder_in_its_place_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let weights = weights(folder.path(), b"a network");
        fs::remove_file(folder.path().join("net.onnx")).unwrap();
        let missing = weights.read(folder.path()).unwrap_err().to_string();
        assert!(
            missing.contains("net.onnx: found no readable file"),
            "{missing}"
        );
        fs::create_dir(folder.path().join("net.onnx")).unwrap();
        let directory = weights.read(folder.path()).unwrap_err().to_string();
        assert!(directory.contains("no regular file"), "{directory}");
    }
}
