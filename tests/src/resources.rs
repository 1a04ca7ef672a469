//! A resource folder that goes away with the test.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

/// A temporary folder with `manifests/` and `models/`.
#[derive(Debug)]
pub struct Resources {
    folder: TempDir,
}

impl Default for Resources {
    fn default() -> Self {
        Self::new()
    }
}

impl Resources {
    /// An empty one.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["manifests", "models"] {
            fs::create_dir(folder.path().join(name)).expect("a folder in a temporary folder");
        }
        Self { folder }
    }

    /// What a host passes as a resource folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes `models/ID.onnx` and `manifests/ID.toml`; `manifest` names `ID.onnx` under `[weights]`, and its size and SHA-256 are
    /// written in here.
    pub fn add(&self, id: &str, manifest: &str, network: &[u8]) {
        let digest = diat_manifest::sha256(network);
        let text = diat_manifest::write_digest(manifest, network.len() as u64, &digest, None);
        let text = text.unwrap_or_else(|fault| panic!("{id}: {fault}"));
        self.write(&format!("models/{id}.onnx"), network);
        self.write(&format!("manifests/{id}.toml"), text.as_bytes());
    }

    /// Writes any file in it.
    pub fn write(&self, file: &str, bytes: &[u8]) {
        let file = self.path().join(file);
        fs::write(&file, bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}
