//! Depths of samples, and samples as bytes.

/// How a sample is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Depth {
    /// 8 bits.
    U8,
    /// 16 bits.
    U16,
    /// 32-bit float, black 0 and white 1.
    F32,
}

impl Depth {
    /// Bytes of one sample.
    pub(crate) const fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 => 2,
            Self::F32 => 4,
        }
    }

    /// For people.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::U8 => "8 bits",
            Self::U16 => "16 bits",
            Self::F32 => "32-bit floats",
        }
    }

    /// The sample that stands for 1.
    pub(crate) fn white(self) -> Vec<u8> {
        match self {
            Self::U8 => vec![u8::MAX],
            Self::U16 => u16::MAX.to_ne_bytes().to_vec(),
            Self::F32 => 1.0_f32.to_ne_bytes().to_vec(),
        }
    }
}

/// Samples of 16 bits in native-endian bytes.
pub(crate) fn u16s(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|sample| u16::from_ne_bytes(*sample))
}

/// Floats in native-endian bytes.
pub(crate) fn f32s(bytes: &[u8]) -> impl Iterator<Item = f32> {
    bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|sample| f32::from_ne_bytes(*sample))
}

/// Samples of 16 bits as native-endian bytes.
pub(crate) fn from_u16s(samples: impl Iterator<Item = u16>) -> Vec<u8> {
    samples.flat_map(u16::to_ne_bytes).collect()
}

/// Floats as native-endian bytes.
pub(crate) fn from_f32s(samples: impl Iterator<Item = f32>) -> Vec<u8> {
    samples.flat_map(f32::to_ne_bytes).collect()
}
