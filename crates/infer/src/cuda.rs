//! NVIDIA's libraries beside ONNX Runtime's. Its provider asks for them by soname; where they are in the process before, it
//! gets those, and no search path decides.

use std::fs;
use std::path::{Path, PathBuf};

/// NVIDIA's driver, which comes with the system.
pub(crate) const DRIVER: &str = if cfg!(windows) {
    "nvcuda.dll"
} else {
    "libcuda.so.1"
};

/// Each stands behind those that it needs, since what it needs would be searched for too.
const ORDER: &[&str] = &[
    "cudart",
    "nvrtc-builtins",
    "nvrtc",
    "nvJitLink",
    "cublasLt",
    "cublas",
    "cufft",
    "curand",
    "cudnn_graph",
    "cudnn_ops",
    "cudnn_cnn",
    "cudnn_adv",
    "cudnn_heuristic",
    "cudnn_engines_precompiled",
    "cudnn_engines_runtime_compiled",
    "cudnn_engines_tensor_ir",
    "cudnn_ext",
    "cudnn",
];

/// Those in the folder of `library`, in the order in which they are to be loaded.
pub(crate) fn libraries(library: &Path) -> Vec<PathBuf> {
    let entries = library.parent().map(fs::read_dir);
    let entries = entries.into_iter().flatten().flatten().flatten();
    let mut found: Vec<(usize, PathBuf)> = entries
        .filter_map(|entry| Some((place(entry.file_name().to_str()?)?, entry.path())))
        .collect();
    found.sort();
    found.into_iter().map(|(_, path)| path).collect()
}

/// Where a file of this name stands in the order: `libcudart.so.13`, `cudart64_13.dll`; nothing for others.
fn place(name: &str) -> Option<usize> {
    let is_version = |text: &str| {
        let mut parts = text.split(['.', '_']);
        parts.all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let linux = |stem: &&str| {
        let version = name.strip_prefix("lib")?.strip_prefix(*stem)?;
        version.strip_prefix(".so.")
    };
    let windows = |stem: &&str| {
        let version = name.strip_suffix(".dll")?.strip_prefix(*stem)?;
        version
            .strip_prefix("64")
            .unwrap_or(version)
            .strip_prefix('_')
    };
    ORDER.iter().position(|stem| {
        let version = linux(stem).or_else(|| windows(stem));
        version.is_some_and(is_version)
    })
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod search_path;

#[cfg(test)]
mod tests {
    use diat_install::{Kind, RUNTIMES};

    use super::*;

    #[test]
    fn every_library_that_is_installed_has_its_place() {
        let cuda = RUNTIMES.iter().filter(|pin| pin.kind == Kind::Cuda);
        for pin in cuda {
            let others = pin
                .libraries()
                .filter(|library| !library.name.contains("onnxruntime"));
            let mut places: Vec<usize> = others
                .map(|library| place(library.name).unwrap_or_else(|| panic!("{library:?}")))
                .collect();
            places.sort_unstable();
            assert_eq!(
                places,
                (0..ORDER.len()).collect::<Vec<_>>(),
                "{}",
                pin.system
            );
        }
    }

    #[test]
    fn other_files_are_left_alone() {
        for name in [
            "libcudart.so",
            "libcudart.so.",
            "libcudart.so.13.part",
            "libonnxruntime.so.1.31.1",
            "libonnxruntime_providers_cuda.so",
            "onnxruntime_providers_cuda.dll",
            "cudart64.dll",
            "libcuda.so.1",
        ] {
            assert_eq!(place(name), None, "{name}");
        }
    }
}
