//! Names in a record.

use crate::xmp::{Name, Namespace};

/// This program's own. A name, not an address: there is nothing to be fetched.
pub(super) const DIAT: Namespace = Namespace {
    prefix: "diat",
    uri: "urn:x-diat:record/1.0/",
};
const IPTC: Namespace = Namespace {
    prefix: "Iptc4xmpExt",
    uri: "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
};
const MEDIA: Namespace = Namespace {
    prefix: "xmpMM",
    uri: "http://ns.adobe.com/xap/1.0/mm/",
};
/// Of an event in [`HISTORY`].
pub(super) const EVENT: Namespace = Namespace {
    prefix: "stEvt",
    uri: "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
};

/// The list of edits, first one first.
pub(super) const EDITS: Name = name(DIAT, "Edits");
/// The list of what programs did.
pub(super) const HISTORY: Name = name(MEDIA, "History");
/// A term of the IPTC's NewsCodes.
pub(super) const SOURCE_TYPE: Name = name(IPTC, "DigitalSourceType");

/// "Edited using Generative AI": augmented, corrected or enhanced with a trained model. It is the term for `enhance` too, which
/// makes up detail; `algorithmicallyEnhanced` is for sharpening and the like, which make up nothing.
pub(super) const COMPOSITE: &str =
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";
/// Terms that say as much already or more: made by a trained model as a whole, or with parts that were.
pub(super) const AT_LEAST_AS_MUCH: [&str; 3] = [
    COMPOSITE,
    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic",
];

// Fields of an edit.
pub(super) const EFFECT: &str = "Effect";
pub(super) const VERSION: &str = "Version";
pub(super) const WEIGHTS: &str = "WeightsSHA256";
pub(super) const STRENGTH: &str = "Strength";
pub(super) const PARAMETERS: &str = "Parameters";
pub(super) const SHOW: &str = "Show";
pub(super) const PROGRAM: &str = "Program";
pub(super) const DISCLOSURE: &str = "Disclosure";
pub(super) const SOURCE_BEFORE: &str = "SourceTypeBefore";

const fn name(namespace: Namespace, local: &'static str) -> Name {
    Name { namespace, local }
}
