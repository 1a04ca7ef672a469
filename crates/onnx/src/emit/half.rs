//! f32 to f16 (IEEE 754 binary16), rounded to the nearest and to even in the middle.

/// The bits of the nearest f16; what is too large becomes infinity, which the gate refuses.
pub(super) fn bits(value: f32) -> u16 {
    let bits = value.to_bits();
    let sign = (bits >> 16 & 0x8000) as u16;
    let magnitude = bits & 0x7fff_ffff;
    // 65520, the middle between the largest f16 and what would come next.
    if magnitude >= 0x477f_f000 {
        return sign
            | if magnitude > 0x7f80_0000 {
                0x7e00
            } else {
                0x7c00
            };
    }
    // Below 2^-14 f16 counts in steps of 2^-24: exact products, and the addition rounds as the processor does.
    if magnitude < 0x3880_0000 {
        let steps = (f32::from_bits(magnitude) * 16_777_216.0).round_ties_even();
        return sign | steps as u16;
    }
    let rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
    sign | ((rounded - 0x3800_0000) >> 13) as u16
}

#[cfg(test)]
mod tests {
    use super::bits;

    /// The f16 with these bits, exactly, as an f32.
    fn value(bits: u16) -> f32 {
        let (exponent, mantissa) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
        let magnitude = match exponent {
            0 => mantissa * 2_f32.powi(-24),
            _ => (1024.0 + mantissa) * 2_f32.powi(exponent - 25),
        };
        if bits & 0x8000 == 0 {
            magnitude
        } else {
            -magnitude
        }
    }

    #[test]
    fn every_finite_f16_comes_back() {
        for half in (0..0x7c00).chain(0x8000..0xfc00) {
            assert_eq!(bits(value(half)), half);
        }
    }

    #[test]
    fn rounds_to_the_nearest_and_the_middle_to_even() {
        for half in 0..0x7bff_u16 {
            let (low, high) = (f64::from(value(half)), f64::from(value(half + 1)));
            let middle = ((low + high) / 2.0) as f32; // exact: f32 has 13 more bits
            let even = half + (half & 1);
            assert_eq!(bits(middle), even, "{middle}");
            assert_eq!(bits(middle.next_down()), half, "{middle}");
            assert_eq!(bits(middle.next_up()), half + 1, "{middle}");
        }
    }

    #[test]
    fn what_is_too_large_is_infinity() {
        assert_eq!(bits(65_519.0), 0x7bff);
        assert_eq!(bits(65_520.0), 0x7c00);
        assert_eq!(bits(f32::NEG_INFINITY), 0xfc00);
        assert_eq!(bits(f32::NAN) & 0x7fff, 0x7e00);
    }
}
