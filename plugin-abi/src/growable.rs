//! Structs that grow at their end, and how much of one a reader may use.

/// A value of which every bit is 0: what a missing field stands for.
pub trait Zero {
    /// 0, null or none.
    const ZERO: Self;
}

macro_rules! zero {
    ($($number:ty),*) => { $(impl Zero for $number { const ZERO: Self = 0 as $number; })* };
}
zero!(i32, u16, u32, usize, isize, f64);

impl<T> Zero for *const T {
    const ZERO: Self = core::ptr::null();
}

impl<T> Zero for *mut T {
    const ZERO: Self = core::ptr::null_mut();
}

impl<T> Zero for Option<T> {
    const ZERO: Self = None;
}

impl<const N: usize> Zero for [f64; N] {
    const ZERO: Self = [0.0; N];
}

/// A struct of the ABI that starts with `size` and to which fields may be appended. All-zero bits are a valid value.
pub trait Growable: Zero + Copy {
    /// Where each field ends, in bytes, in order.
    const ENDS: &'static [usize];

    /// A struct with `size` filled in and everything else zero.
    const EMPTY: Self;

    /// The leading bytes of a struct of `size` bytes that hold whole fields known to us: the counterpart of `DIAT_HAS`. A reader
    /// copies these over [`Zero::ZERO`].
    #[must_use]
    fn whole(size: u32) -> usize {
        let known = Self::ENDS.iter().rev();
        known
            .copied()
            .find(|&end| end <= size as usize)
            .unwrap_or(0)
    }
}

/// Declares a struct of the ABI as the header does.
macro_rules! growable {
    (
        $(#[$about:meta])*
        pub struct $name:ident { $($(#[$field_about:meta])* pub $field:ident: $type:ty,)* }
    ) => {
        $(#[$about])*
        #[repr(C)]
        #[derive(Clone, Copy, Debug)]
        pub struct $name { $($(#[$field_about])* pub $field: $type,)* }

        impl $crate::Zero for $name {
            const ZERO: Self = Self { $($field: <$type as $crate::Zero>::ZERO,)* };
        }

        impl $crate::Growable for $name {
            const ENDS: &'static [usize] =
                &[$(core::mem::offset_of!($name, $field) + size_of::<$type>(),)*];
            const EMPTY: Self = Self { size: size_of::<Self>() as u32, ..<Self as $crate::Zero>::ZERO };
        }
    };
}
pub(crate) use growable;
