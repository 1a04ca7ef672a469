//! The Rust mirror of `include/diat/plugin.h`: the same names, the same layouts, no logic, no dependencies, nothing to call.
//!
//! The header is the contract: what a field means and who may call what stands there. That both sides agree is checked
//! when this crate is compiled, against the frozen list in `layout/v1.0`, which the C side checks too.

#![expect(
    non_camel_case_types,
    reason = "the names are the header's, so that one search finds both sides"
)]

mod extensions;
mod growable;
mod numbers;
mod structs;

pub use extensions::*;
pub use growable::{Growable, Zero};
pub use numbers::*;
pub use structs::*;

#[cfg(target_pointer_width = "64")]
mod layout {
    use super::*;

    const fn bytes_of<S, F>(_: fn(&S) -> &F) -> usize {
        size_of::<F>()
    }

    include!(concat!(env!("OUT_DIR"), "/layout.rs"));
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: &str = include_str!("../layout/v1.0/layout.inc");

    /// Every field that lies in the frozen part of a struct is on the list, so that none can move unnoticed.
    #[test]
    fn the_frozen_list_is_complete() {
        fn check<T: Growable>() {
            let name = std::any::type_name::<T>().rsplit(':').next().unwrap();
            let size: usize = LAYOUT
                .lines()
                .find_map(|line| line.strip_prefix(&format!("SIZE({name}, ")))
                .and_then(|rest| rest.strip_suffix(')'))
                .unwrap()
                .parse()
                .unwrap();
            let prefix = format!("FIELD({name}, ");
            let listed = LAYOUT.lines().filter(|line| line.starts_with(&prefix));
            let frozen = T::ENDS.iter().filter(|&&end| end <= size);
            assert_eq!(listed.count(), frozen.count(), "{name}");
        }
        check::<diat_image>();
        check::<diat_param>();
        check::<diat_effect>();
        check::<diat_host>();
        check::<diat_job>();
        check::<diat_plugin>();
        check::<diat_face>();
        check::<diat_stage>();
        check::<diat_report>();
        check::<diat_report_extension>();
        check::<diat_faces_extension>();
    }

    /// A field that a writer knew only in part counts as missing.
    #[test]
    fn a_short_struct_ends_at_its_last_whole_field() {
        let all = size_of::<diat_host>();
        assert_eq!(diat_host::whole(all as u32), all);
        assert_eq!(diat_host::whole(all as u32 + 40), all);
        assert_eq!(diat_host::whole(23), 16);
        assert_eq!(diat_host::whole(24), 24);
        assert_eq!(diat_host::whole(3), 0);
    }
}
