//! "DTOW", Table I.

use burn::tensor::Tensor;

/// N×4C×H×W to N×C×2H×2W: channel 4c + 2i + j becomes the pixels (2y + i, 2x + j) of channel c. ONNX calls it `DepthToSpace`
/// with block size 2 and mode CRD, PyTorch `pixel_shuffle`. The channels must be a multiple of 4.
pub fn depth_to_width(x: Tensor<4>) -> Tensor<4> {
    let [count, channels, height, width] = x.dims();
    x.reshape([count, channels / 4, 2, 2, height, width])
        .permute([0, 1, 4, 2, 5, 3])
        .reshape([count, channels / 4, 2 * height, 2 * width])
}
