//! What can be installed, by digest. The one home of these versions: the tests run on the same wheels.

mod cuda;

use std::fmt;

/// What a runtime can run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The processor.
    Cpu,
    /// NVIDIA's devices, and the processor.
    Cuda,
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
        })
    }
}

/// One runtime for one platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pin {
    /// ONNX Runtime's version.
    pub version: &'static str,
    /// What it runs on.
    pub kind: Kind,
    /// As in [`std::env::consts::OS`].
    pub system: &'static str,
    /// As in [`std::env::consts::ARCH`].
    pub architecture: &'static str,
    /// Where its libraries come from; ONNX Runtime's own wheel first.
    pub wheels: &'static [Wheel],
}

/// A wheel of the Python registry, pinned by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wheel {
    /// `name==version`, as pip takes it.
    pub requirement: &'static str,
    /// One of the platform tags of its file name.
    pub platform: &'static str,
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub sha256: &'static str,
    /// Its size.
    pub bytes: u64,
    /// What is taken out of it.
    pub libraries: &'static [Library],
}

/// A file in a wheel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Library {
    /// Its bare name, there and where it is installed.
    pub name: &'static str,
    /// Its size.
    pub bytes: u64,
}

impl Pin {
    /// Everything that it consists of.
    pub fn libraries(&self) -> impl Iterator<Item = &'static Library> {
        self.wheels.iter().flat_map(|wheel| wheel.libraries)
    }

    /// Size of its libraries.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.libraries().map(|library| library.bytes).sum()
    }

    /// ONNX Runtime's own library: the first of all.
    pub(crate) fn main_library(&self) -> Option<&'static Library> {
        self.libraries().next()
    }
}

/// The runtime of that kind for this machine, if one is pinned.
#[must_use]
pub fn pinned(kind: Kind) -> Option<&'static Pin> {
    let (system, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
    RUNTIMES
        .iter()
        .find(|pin| (pin.kind, pin.system, pin.architecture) == (kind, system, architecture))
}

/// Version of the runtime for the processor.
const CPU: &str = "1.32.0";
const CPU_WHEEL: &str = "onnxruntime==1.32.0";
/// Version of the runtime for NVIDIA's devices: the last one that had been released for them.
const CUDA: &str = "1.31.1";
const CUDA_WHEEL: &str = "onnxruntime-gpu==1.31.1";

/// Everything that can be installed. Tried: Linux on x86-64, with CUDA as far as a machine without a driver goes. The others
/// are pinned, and no more.
pub const RUNTIMES: &[Pin] = &[
    Pin {
        version: CPU,
        kind: Kind::Cpu,
        system: "linux",
        architecture: "x86_64",
        wheels: &[Wheel {
            requirement: CPU_WHEEL,
            platform: "manylinux_2_28_x86_64",
            sha256: "5a34fc4dfeb5a7b4a74c95dcba1e773d722abda720b474edf1b0c419dc6d163d",
            bytes: 27_773_237,
            libraries: &[Library {
                name: "libonnxruntime.so.1.32.0",
                bytes: 34_824_680,
            }],
        }],
    },
    Pin {
        version: CPU,
        kind: Kind::Cpu,
        system: "linux",
        architecture: "aarch64",
        wheels: &[Wheel {
            requirement: CPU_WHEEL,
            platform: "manylinux_2_28_aarch64",
            sha256: "2303372a85299b6757b0e11e1cbf13e410ddf7e10c37f4b37e99d1c90e7daf7c",
            bytes: 23_195_070,
            libraries: &[Library {
                name: "libonnxruntime.so.1.32.0",
                bytes: 27_165_936,
            }],
        }],
    },
    Pin {
        version: CPU,
        kind: Kind::Cpu,
        system: "macos",
        architecture: "aarch64",
        wheels: &[Wheel {
            requirement: CPU_WHEEL,
            platform: "macosx_14_0_arm64",
            sha256: "366b9e53d07812cc5c92822cecf7563b76a8a0f32ba3bb8dd232a206ac3bcb6c",
            bytes: 22_506_162,
            libraries: &[Library {
                name: "libonnxruntime.1.32.0.dylib",
                bytes: 35_272_344,
            }],
        }],
    },
    Pin {
        version: CPU,
        kind: Kind::Cpu,
        system: "windows",
        architecture: "x86_64",
        wheels: &[Wheel {
            requirement: CPU_WHEEL,
            platform: "win_amd64",
            sha256: "d7e0c45cc5f456ad7805e6dd256a7662736cda9c2fd17becae194eb3c2f6df72",
            bytes: 16_695_880,
            libraries: &[Library {
                name: "onnxruntime.dll",
                bytes: 22_668_640,
            }],
        }],
    },
    Pin {
        version: CUDA,
        kind: Kind::Cuda,
        system: "linux",
        architecture: "x86_64",
        wheels: cuda::LINUX,
    },
    Pin {
        version: CUDA,
        kind: Kind::Cuda,
        system: "windows",
        architecture: "x86_64",
        wheels: cuda::WINDOWS,
    },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_pin_is_whole() {
        for pin in RUNTIMES {
            let main = pin.main_library().unwrap().name;
            assert!(main.contains("onnxruntime"), "{main}");
            let mut names = HashSet::new();
            for library in pin.libraries() {
                assert!(
                    library.bytes > 0 && names.insert(library.name),
                    "{library:?}"
                );
            }
            for wheel in pin.wheels {
                let digits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
                assert!(
                    wheel.sha256.len() == 64 && wheel.sha256.bytes().all(digits),
                    "{wheel:?}"
                );
                assert!(
                    wheel.requirement.contains("==") && !wheel.libraries.is_empty(),
                    "{wheel:?}"
                );
            }
        }
    }

    #[test]
    fn a_platform_has_at_most_one_runtime_of_each_kind() {
        let platforms: HashSet<_> = RUNTIMES
            .iter()
            .map(|pin| (pin.kind, pin.system, pin.architecture))
            .collect();
        assert_eq!(platforms.len(), RUNTIMES.len());
    }
}
