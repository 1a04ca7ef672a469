//! What computes: `flex`, Burn's own, which is in every build; or libtorch, which a build with the feature `libtorch` has too.
//!
//! Burn's libtorch device is deprecated and gone after 0.22. Whatever takes its place comes in here: no other module names it.

use std::fmt;
use std::str::FromStr;

use burn::tensor::Device;

/// What the command line says of it.
pub const HELP: &str = "Where to compute: flex, libtorch or libtorch-cuda:N";

/// What was chosen to compute on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Choice {
    /// `flex`: the processor, in Rust.
    #[default]
    Flex,
    /// `libtorch`: the processor, with PyTorch's library.
    Libtorch,
    /// `libtorch-cuda:N`: the Nth of NVIDIA's devices, from 0, with PyTorch's library.
    LibtorchCuda(usize),
}

/// Why there is no such device.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It names no device.
    #[error("device `{found}`: there are flex, libtorch and libtorch-cuda:N (N = 0, 1, …)")]
    Unknown {
        /// What was asked for.
        found: String,
    },
    /// This build has flex alone.
    #[error(
        "device `{choice}`: this program was built without libtorch; run `cargo xtask libtorch` and build it with \
        `--features libtorch`, or use flex"
    )]
    NotBuilt {
        /// What was asked for.
        choice: Choice,
    },
    /// CUDA has no such device here.
    #[error(
        "device `libtorch-cuda:{index}`: libtorch finds {count} CUDA devices; it needs a driver, and a build against a \
        libtorch with CUDA (`cargo xtask libtorch --help`)"
    )]
    NoCuda {
        /// What was asked for.
        index: usize,
        /// How many there are.
        count: usize,
    },
}

impl Choice {
    /// The device, without automatic differentiation.
    ///
    /// # Errors
    /// This build or this machine has no such device.
    pub fn open(self) -> Result<Device, Error> {
        match self {
            Self::Flex => Ok(Device::flex()),
            Self::Libtorch | Self::LibtorchCuda(_) => libtorch(self),
        }
    }
}

#[cfg(feature = "libtorch")]
#[expect(deprecated, reason = "the module's documentation says so")]
fn libtorch(choice: Choice) -> Result<Device, Error> {
    use burn::tensor::DeviceType;

    let Choice::LibtorchCuda(index) = choice else {
        return Ok(Device::libtorch());
    };
    match Device::enumerate(DeviceType::LibTorch).into_iter().count() {
        count if index < count => Ok(Device::libtorch_cuda(index)),
        count => Err(Error::NoCuda { index, count }),
    }
}

#[cfg(not(feature = "libtorch"))]
fn libtorch(choice: Choice) -> Result<Device, Error> {
    Err(Error::NotBuilt { choice })
}

/// The devices of the unit tests that take several: every one of the processor that this build has, or the one that
/// the environment's DIAT_TEST_DEVICE names.
#[cfg(test)]
pub(crate) fn test_devices() -> Vec<Device> {
    if std::env::var_os(TEST_DEVICE).is_some() {
        return vec![test_device()];
    }
    let choices = [Choice::Flex, Choice::Libtorch].into_iter();
    choices.filter_map(|choice| choice.open().ok()).collect()
}

/// The device of the other unit tests: flex, or the one that DIAT_TEST_DEVICE names. `cargo xtask test` runs them once with each.
#[cfg(test)]
pub(crate) fn test_device() -> Device {
    let name = std::env::var(TEST_DEVICE);
    let choice: Choice = name.map_or(Choice::Flex, |name| name.parse().unwrap());
    choice.open().unwrap()
}

#[cfg(test)]
const TEST_DEVICE: &str = "DIAT_TEST_DEVICE";

impl FromStr for Choice {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let unknown = || Error::Unknown {
            found: text.to_owned(),
        };
        match text {
            "flex" => Ok(Self::Flex),
            "libtorch" => Ok(Self::Libtorch),
            _ => {
                let index = text.strip_prefix("libtorch-cuda:").ok_or_else(unknown)?;
                let digits = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
                let index = index.parse().ok().filter(|_| digits);
                index.map(Self::LibtorchCuda).ok_or_else(unknown)
            }
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flex => out.write_str("flex"),
            Self::Libtorch => out.write_str("libtorch"),
            Self::LibtorchCuda(index) => write!(out, "libtorch-cuda:{index}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use burn::tensor::Tensor;

    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for choice in [
            Choice::Flex,
            Choice::Libtorch,
            Choice::LibtorchCuda(0),
            Choice::LibtorchCuda(11),
        ] {
            assert_eq!(choice.to_string().parse::<Choice>().unwrap(), choice);
        }
        for wrong in [
            "",
            "Flex",
            "cuda",
            "libtorch-cuda",
            "libtorch-cuda:",
            "libtorch-cuda:+1",
        ] {
            let error = wrong.parse::<Choice>().unwrap_err().to_string();
            assert!(error.contains(&format!("`{wrong}`")), "{error}");
        }
    }

    #[test]
    fn a_device_that_is_not_there_says_what_to_do() {
        let error = Choice::LibtorchCuda(99).open().unwrap_err().to_string();
        assert!(error.contains("cargo xtask libtorch"), "{error}");
    }

    #[test]
    fn the_device_computes_a_gradient() {
        let device = test_device().autodiff();
        let x = Tensor::<1>::from_floats([3.0, -2.0], &device).require_grad();
        let gradients = (x.clone() * x.clone()).sum().backward();
        let gradient = x.grad(&gradients).unwrap().into_data();
        assert_eq!(gradient.try_to_vec::<f32>().unwrap(), [6.0, -4.0]);
    }

    #[test]
    fn a_build_has_the_devices_that_it_was_built_with() {
        assert!(Choice::Flex.open().is_ok());
        assert_eq!(Choice::Libtorch.open().is_ok(), cfg!(feature = "libtorch"));
    }

    /// The move to another device is a change of this file.
    #[test]
    fn no_other_module_names_the_library() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut folders: Vec<PathBuf> = vec![here.join("src")];
        let mut naming = Vec::new();
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
            {
                if path.is_dir() {
                    folders.push(path);
                } else if String::from_utf8_lossy(&fs::read(&path).unwrap())
                    .to_lowercase()
                    .contains("libtorch")
                {
                    naming.push(path);
                }
            }
        }
        assert_eq!(naming, [here.join("src/device.rs")]);
    }
}
