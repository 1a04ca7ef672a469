//! The reserved parameters' choices: ids, labels, and what each number means. Only ever appended to.

use diat_effects::{Choice, Device, Show};

/// id, label, meaning.
type Choices<T> = &'static [(&'static str, &'static str, T)];

pub(crate) const SHOW: Choices<Show> = &[
    ("result", "Result", Show::Result),
    ("mask", "Mask", Show::Mask),
    ("transformed", "Transformed", Show::Transformed),
    ("difference", "Difference", Show::Difference),
];

pub(crate) const FACES: Choices<Choice> = &[
    ("all", "All", Choice::All),
    ("largest", "Largest", Choice::Largest),
    ("nearest", "Nearest to the point", Choice::Nearest),
];

pub(crate) const DEVICE: Choices<Device> = &[
    ("auto", "Automatic", Device::Auto),
    ("cpu", "CPU", Device::Cpu),
    ("cuda:0", "CUDA 0", Device::Cuda(0)),
    ("cuda:1", "CUDA 1", Device::Cuda(1)),
    ("cuda:2", "CUDA 2", Device::Cuda(2)),
    ("cuda:3", "CUDA 3", Device::Cuda(3)),
    ("cuda:4", "CUDA 4", Device::Cuda(4)),
    ("cuda:5", "CUDA 5", Device::Cuda(5)),
    ("cuda:6", "CUDA 6", Device::Cuda(6)),
    ("cuda:7", "CUDA 7", Device::Cuda(7)),
];

/// The choice of a number: the nearest one.
pub(crate) fn chosen<T: Copy>(choices: Choices<T>, value: f64) -> Option<T> {
    let last = choices.len().saturating_sub(1) as f64;
    let index = value.round().clamp(0.0, last) as usize;
    choices.get(index).map(|choice| choice.2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use diat_plugin_abi as abi;

    #[test]
    fn every_number_of_the_header_means_what_it_says_there() {
        let show = |number: u32| chosen(SHOW, f64::from(number));
        assert_eq!(show(abi::DIAT_SHOW_RESULT), Some(Show::Result));
        assert_eq!(show(abi::DIAT_SHOW_MASK), Some(Show::Mask));
        assert_eq!(show(abi::DIAT_SHOW_TRANSFORMED), Some(Show::Transformed));
        assert_eq!(show(abi::DIAT_SHOW_DIFFERENCE), Some(Show::Difference));
        let faces = |number: u32| chosen(FACES, f64::from(number));
        assert_eq!(faces(abi::DIAT_FACES_ALL), Some(Choice::All));
        assert_eq!(faces(abi::DIAT_FACES_LARGEST), Some(Choice::Largest));
        assert_eq!(faces(abi::DIAT_FACES_NEAREST), Some(Choice::Nearest));
        let device = |number: u32| chosen(DEVICE, f64::from(number));
        assert_eq!(device(abi::DIAT_DEVICE_AUTO), Some(Device::Auto));
        assert_eq!(device(abi::DIAT_DEVICE_CPU), Some(Device::Cpu));
        for card in 0..8 {
            let number = abi::DIAT_DEVICE_CUDA_0 + card;
            assert_eq!(device(number), Some(Device::Cuda(card)));
        }
        assert_eq!(DEVICE.len() as u32, abi::DIAT_DEVICE_CUDA_7 + 1);
    }

    #[test]
    fn numbers_outside_and_between_take_the_nearest_choice() {
        assert_eq!(chosen(FACES, -7.0), Some(Choice::All));
        assert_eq!(chosen(FACES, 1.4), Some(Choice::Largest));
        assert_eq!(chosen(FACES, f64::INFINITY), Some(Choice::Nearest));
    }
}
