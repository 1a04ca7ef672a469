//! The parts of a portrait. Each file has the part's numbers, how chance picks them, and how it is painted.

pub(crate) mod beard;
pub(crate) mod brows;
pub(crate) mod clothes;
pub(crate) mod ears;
pub(crate) mod eyes;
pub(crate) mod glasses;
pub(crate) mod hair;
pub(crate) mod head;
pub(crate) mod mouth;
pub(crate) mod nose;
pub(crate) mod skin;
pub(crate) mod strands;
pub(crate) mod suit;
