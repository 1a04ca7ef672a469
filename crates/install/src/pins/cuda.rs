//! The wheels of a runtime for NVIDIA's devices: ONNX Runtime's, and those that its metadata names for CUDA 13 and cuDNN 9,
//! with what they name in turn. NVIDIA's licence lies in each of theirs.

use super::{CUDA_WHEEL, Library, Wheel};

pub(super) const LINUX: &[Wheel] = &[
    Wheel {
        requirement: CUDA_WHEEL,
        platform: "manylinux_2_28_x86_64",
        sha256: "e26c475fe361b2015f45b4b824bd13f0bb20204e59b62814e6f0acd5f3d491a6",
        bytes: 255_560_985,
        libraries: &[
            Library {
                name: "libonnxruntime.so.1.31.1",
                bytes: 29_421_832,
            },
            Library {
                name: "libonnxruntime_providers_cuda.so",
                bytes: 284_014_752,
            },
            Library {
                name: "libonnxruntime_providers_shared.so",
                bytes: 14_632,
            },
        ],
    },
    Wheel {
        requirement: "nvidia-cuda-runtime==13.5.37",
        platform: "manylinux2014_x86_64",
        sha256: "df2b79a8852f10d1fef8c848489c49eebb5754051bf870202a862831412b179d",
        bytes: 2_504_024,
        libraries: &[Library {
            name: "libcudart.so.13",
            bytes: 806_720,
        }],
    },
    Wheel {
        requirement: "nvidia-cuda-nvrtc==13.5.37",
        platform: "manylinux2010_x86_64",
        sha256: "86b4d68058807988b7d9af5b44917a0601e9c337f35ccd657bfb3c759ff8d8bc",
        bytes: 58_185_930,
        libraries: &[
            Library {
                name: "libnvrtc-builtins.so.13.5",
                bytes: 7_268_296,
            },
            Library {
                name: "libnvrtc.so.13",
                bytes: 141_163_664,
            },
        ],
    },
    Wheel {
        requirement: "nvidia-nvjitlink==13.5.37",
        platform: "manylinux2010_x86_64",
        sha256: "280d7cb9649704145f074b8dbde500de04ce02d0872e066e20a83c17bcaa93eb",
        bytes: 46_642_491,
        libraries: &[Library {
            name: "libnvJitLink.so.13",
            bytes: 117_247_464,
        }],
    },
    Wheel {
        requirement: "nvidia-cublas==13.10.0.20",
        platform: "manylinux1_x86_64",
        sha256: "dcc6d63884c53d07e267ce7e6feac17b2538cebaafec5db865736c3e28e4dc84",
        bytes: 444_289_903,
        libraries: &[
            Library {
                name: "libcublas.so.13",
                bytes: 57_282_152,
            },
            Library {
                name: "libcublasLt.so.13",
                bytes: 551_653_208,
            },
        ],
    },
    Wheel {
        requirement: "nvidia-cufft==12.5.0.14",
        platform: "manylinux2014_x86_64",
        sha256: "b8be26837a5abad2b5b74f3e92dd29f622a42934b355be0961a48712cbba23ad",
        bytes: 165_072_555,
        libraries: &[Library {
            name: "libcufft.so.12",
            bytes: 236_983_152,
        }],
    },
    Wheel {
        requirement: "nvidia-curand==10.4.5.25",
        platform: "manylinux_2_27_x86_64",
        sha256: "22bb226a857e5888fe6b54ae465fc4371296bcff13a35f79e19691bcf454f529",
        bytes: 77_113_015,
        libraries: &[Library {
            name: "libcurand.so.10",
            bytes: 104_860_296,
        }],
    },
    Wheel {
        requirement: "nvidia-cudnn-cu13==9.28.1.4",
        platform: "manylinux_2_27_x86_64",
        sha256: "a54f205b1db1f2895d99f398754db1369816f0569dd459731f925635cf7b65ec",
        bytes: 516_817_937,
        libraries: &[
            Library {
                name: "libcudnn.so.9",
                bytes: 137_432,
            },
            Library {
                name: "libcudnn_adv.so.9",
                bytes: 92_392_360,
            },
            Library {
                name: "libcudnn_cnn.so.9",
                bytes: 4_204_144,
            },
            Library {
                name: "libcudnn_engines_precompiled.so.9",
                bytes: 260_072_128,
            },
            Library {
                name: "libcudnn_engines_runtime_compiled.so.9",
                bytes: 41_978_752,
            },
            Library {
                name: "libcudnn_engines_tensor_ir.so.9",
                bytes: 249_581_552,
            },
            Library {
                name: "libcudnn_ext.so.9",
                bytes: 10_492_592,
            },
            Library {
                name: "libcudnn_graph.so.9",
                bytes: 149_118_552,
            },
            Library {
                name: "libcudnn_heuristic.so.9",
                bytes: 96_473_968,
            },
            Library {
                name: "libcudnn_ops.so.9",
                bytes: 35_661_648,
            },
        ],
    },
];

pub(super) const WINDOWS: &[Wheel] = &[
    Wheel {
        requirement: CUDA_WHEEL,
        platform: "win_amd64",
        sha256: "fd98341ba71c093153f0dcfc53eb69d57f706866fb45e94e5b0cde5d97a50dbf",
        bytes: 168_096_711,
        libraries: &[
            Library {
                name: "onnxruntime.dll",
                bytes: 18_881_336,
            },
            Library {
                name: "onnxruntime_providers_cuda.dll",
                bytes: 194_397_496,
            },
            Library {
                name: "onnxruntime_providers_shared.dll",
                bytes: 21_816,
            },
        ],
    },
    Wheel {
        requirement: "nvidia-cuda-runtime==13.5.37",
        platform: "win_amd64",
        sha256: "f225d3fa5ea6bfbb58fc4979ef72375cbe661d9107f0d8a4ff22cc151525e4a9",
        bytes: 2_780_254,
        libraries: &[Library {
            name: "cudart64_13.dll",
            bytes: 551_024,
        }],
    },
    Wheel {
        requirement: "nvidia-cuda-nvrtc==13.5.37",
        platform: "win_amd64",
        sha256: "e8e6c10b251385707ae3abd7b4ee118de6736fd7678d0f0f4eab4d759f679c21",
        bytes: 49_248_991,
        libraries: &[
            Library {
                name: "nvrtc-builtins64_135.dll",
                bytes: 7_407_216,
            },
            Library {
                name: "nvrtc64_130_0.dll",
                bytes: 111_767_152,
            },
        ],
    },
    Wheel {
        requirement: "nvidia-nvjitlink==13.5.37",
        platform: "win_amd64",
        sha256: "4465d4e8f2212118220b580c82523c5654f93a62906bd51d29d79bdfc12376c1",
        bytes: 41_467_665,
        libraries: &[Library {
            name: "nvJitLink_130_0.dll",
            bytes: 103_557_232,
        }],
    },
    Wheel {
        requirement: "nvidia-cublas==13.10.0.20",
        platform: "win_amd64",
        sha256: "c310b749eea855b88fafb906de08d6819b87216c6711640771764fea5dcd8546",
        bytes: 427_284_863,
        libraries: &[
            Library {
                name: "cublas64_13.dll",
                bytes: 55_212_656,
            },
            Library {
                name: "cublasLt64_13.dll",
                bytes: 499_102_832,
            },
        ],
    },
    Wheel {
        requirement: "nvidia-cufft==12.5.0.14",
        platform: "win_amd64",
        sha256: "78e7585159ecf37d73af1ce43a5dea7fd3360e1af71cde08f070c07966a336bc",
        bytes: 164_476_208,
        libraries: &[Library {
            name: "cufft64_12.dll",
            bytes: 236_194_928,
        }],
    },
    Wheel {
        requirement: "nvidia-curand==10.4.5.25",
        platform: "win_amd64",
        sha256: "f6a02a70f5b9715235df31a164a4bf3237a45be1600a5f435f5e4a0d8682eb22",
        bytes: 77_330_709,
        libraries: &[Library {
            name: "curand64_10.dll",
            bytes: 105_042_032,
        }],
    },
    Wheel {
        requirement: "nvidia-cudnn-cu13==9.28.1.4",
        platform: "win_amd64",
        sha256: "73d874c6bd8a1c75ca040228f77c4e163efe9bab3b65bd85914e2b7334ac68ee",
        bytes: 407_065_099,
        libraries: &[
            Library {
                name: "cudnn64_9.dll",
                bytes: 272_496,
            },
            Library {
                name: "cudnn_adv64_9.dll",
                bytes: 89_196_656,
            },
            Library {
                name: "cudnn_cnn64_9.dll",
                bytes: 1_462_384,
            },
            Library {
                name: "cudnn_engines_precompiled64_9.dll",
                bytes: 219_385_456,
            },
            Library {
                name: "cudnn_engines_runtime_compiled64_9.dll",
                bytes: 38_390_896,
            },
            Library {
                name: "cudnn_engines_tensor_ir64_9.dll",
                bytes: 156_784,
            },
            Library {
                name: "cudnn_ext64_9.dll",
                bytes: 130_160,
            },
            Library {
                name: "cudnn_graph64_9.dll",
                bytes: 125_943_920,
            },
            Library {
                name: "cudnn_heuristic64_9.dll",
                bytes: 94_795_376,
            },
            Library {
                name: "cudnn_ops64_9.dll",
                bytes: 33_099_376,
            },
        ],
    },
];
