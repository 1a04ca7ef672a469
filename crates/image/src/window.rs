//! Lets the change die away towards the crop's edge, where a straight seam would show.

use ndarray::Array2;

/// The window of a crop, `height`×`width` in 0..1: 0 at the outermost pixels' centres (so that beyond them there is no change
/// at all), 1 inside, smoothstep between them over `border`, a share of the side, but at least one pixel.
pub fn window(width: usize, height: usize, border: f64) -> Array2<f32> {
    let side = |n: usize| -> Vec<f64> {
        let over = (border * n as f64).max(1.0);
        (0..n)
            .map(|i| smoothstep(0.0, over, i.min(n - 1 - i) as f64))
            .collect()
    };
    let (across, down) = (side(width), side(height));
    Array2::from_shape_fn((height, width), |(y, x)| (across[x] * down[y]) as f32)
}

/// 0 up to `a`, 1 from `b` on, 3t² − 2t³ between them.
pub(crate) fn smoothstep(a: f64, b: f64, value: f64) -> f64 {
    let t = ((value - a) / (b - a)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::window;

    #[test]
    fn the_window_is_nothing_at_the_edge_and_whole_inside() {
        let w = window(20, 40, 0.2);
        for x in 0..20 {
            assert_eq!((w[(0, x)], w[(39, x)]), (0.0, 0.0));
        }
        for y in 0..40 {
            assert_eq!((w[(y, 0)], w[(y, 19)]), (0.0, 0.0));
        }
        // 4 pixels across, 8 down; half way through it stands at 1/2, and it is symmetric.
        assert_eq!(w[(20, 2)], 0.5);
        assert_eq!(w[(4, 10)], 0.5);
        assert_eq!(w[(8, 4)], 1.0);
        assert_eq!(w[(20, 10)], 1.0);
        assert_eq!(w[(2, 3)], w[(37, 16)]);
        // However narrow, the outermost pixels are out.
        let narrow = window(16, 16, 0.0);
        assert_eq!((narrow[(0, 8)], narrow[(1, 8)]), (0.0, 1.0));
    }
}
