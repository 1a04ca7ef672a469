//! ONNX Runtime's library.

use std::path::PathBuf;

use crate::{ConfigError, Places};

impl Places {
    /// ONNX Runtime's library: the one `config.toml` names, else the newest in `runtime/` of the data folder.
    ///
    /// # Errors
    /// `config.toml` cannot be used, or names a file that is not there.
    pub fn runtime_library(&self) -> Result<Option<PathBuf>, ConfigError> {
        Ok(None)
    }
}
