//! Devices: what is asked for, and in which order they are tried.

use std::fmt;
use std::str::FromStr;

/// What a user asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Device {
    /// The best that works: the first CUDA device, else the processor.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// The CUDA device of this number, else the processor.
    Cuda(u32),
}

/// A kind of device that a manifest can deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Accelerator {
    /// Every CUDA device.
    Cuda,
}

/// A text that names no device.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("device {0:?} is none; allowed: auto, cpu, cuda:N with N from 0 to 255")]
pub struct ParseDeviceError(String);

impl FromStr for Device {
    type Err = ParseDeviceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || ParseDeviceError(text.to_owned());
        match text {
            "auto" => Ok(Device::Auto),
            "cpu" => Ok(Device::Cpu),
            _ => {
                let number = text.strip_prefix("cuda:").ok_or_else(refused)?;
                let number: u8 = number.parse().map_err(|_| refused())?;
                // One device has one spelling: no sign, no leading zero.
                if text == format!("cuda:{number}") {
                    Ok(Device::Cuda(u32::from(number)))
                } else {
                    Err(refused())
                }
            }
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Device::Auto => out.write_str("auto"),
            Device::Cpu => out.write_str("cpu"),
            Device::Cuda(number) => write!(out, "cuda:{number}"),
        }
    }
}

/// A device that can be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Candidate {
    Cpu,
    Cuda(u32),
}

impl fmt::Display for Candidate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Candidate::Cpu => out.write_str("CPU"),
            Candidate::Cuda(number) => write!(out, "CUDA:{number}"),
        }
    }
}

/// The devices to try, best first, and why one that was asked for is not among them.
pub(crate) fn candidates(
    wish: Device,
    denied: &[Accelerator],
    runtime_has_cuda: bool,
) -> (Vec<Candidate>, Option<String>) {
    let cuda = match wish {
        Device::Cpu => None,
        Device::Auto => Some(0),
        Device::Cuda(number) => Some(number),
    };
    let (usable, why_not) = match cuda {
        Some(_) if denied.contains(&Accelerator::Cuda) => (None, Some("the manifest denies CUDA")),
        Some(_) if !runtime_has_cuda => (None, Some("this runtime has no CUDA")),
        usable => (usable, None),
    };
    // "auto" promises nothing, so that nothing is missed.
    let note = why_not
        .filter(|_| matches!(wish, Device::Cuda(_)))
        .map(|why| format!("{wish} was asked for, but {why}; the processor runs"));
    (
        usable
            .map(Candidate::Cuda)
            .into_iter()
            .chain([Candidate::Cpu])
            .collect(),
        note,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_and_nothing_else_is_a_device() {
        for name in ["auto", "cpu", "cuda:0", "cuda:12"] {
            assert_eq!(name.parse::<Device>().unwrap().to_string(), name);
        }
        for name in [
            "", "gpu", "cuda", "cuda:", "cuda:-1", "cuda:+1", "cuda:01", "CPU", "cuda:256",
        ] {
            assert!(name.parse::<Device>().is_err(), "{name:?} was taken");
        }
    }

    #[test]
    fn the_processor_is_always_the_last_resort() {
        let both = vec![Candidate::Cuda(1), Candidate::Cpu];
        assert_eq!(candidates(Device::Cuda(1), &[], true), (both, None));
        assert_eq!(
            candidates(Device::Cpu, &[], true),
            (vec![Candidate::Cpu], None)
        );
        let (tried, note) = candidates(Device::Cuda(0), &[Accelerator::Cuda], true);
        assert_eq!(tried, [Candidate::Cpu]);
        assert!(note.unwrap().contains("denies CUDA"));
    }

    #[test]
    fn auto_takes_cuda_where_there_is_one_and_complains_of_nothing() {
        let both = vec![Candidate::Cuda(0), Candidate::Cpu];
        assert_eq!(candidates(Device::Auto, &[], true), (both, None));
        assert_eq!(
            candidates(Device::Auto, &[], false),
            (vec![Candidate::Cpu], None)
        );
    }
}
