//! The tables: every key of every section, once.

use super::Need::{Default, Optional, Required};
use super::{Key, Others, Section, key, spare, table};
use crate::shape::Shape::{self, *};

pub(crate) const KINDS: &[&str] = &["effect", "enhance", "judge", "detector", "landmarks"];
pub(crate) const DECODERS: &[&str] = &["seeta", "yunet"];

/// Parameters that every effect has without saying so.
pub(crate) const RESERVED: &[&str] = &["strength", "show", "faces", "at-x", "at-y", "device"];

/// Keys of `[golden]` that are no tensor's name.
pub(crate) const GOLDEN_WORDS: &[&str] = &["map", "tolerance"];

const LINE: Shape = Text { least: 1, most: 200, lines: false };
const PROSE: Shape = Text { least: 1, most: 2000, lines: true };
const SPARE_LINE: Shape = Text { least: 0, most: 200, lines: false };
const SPARE_PROSE: Shape = Text { least: 0, most: 2000, lines: true };

/// Sections by the name under which the reference lists them; the root has one for each kind and decoder.
pub(crate) static ROOTS: &[(&str, &Section)] = &[
    ("effect", &Section::of(&[COMMON, NETWORK, EFFECT])),
    ("enhance", &Section::of(&[COMMON, NETWORK, ENHANCE])),
    ("judge", &Section::of(&[COMMON, NETWORK, JUDGE])),
    ("landmarks", &Section::of(&[COMMON, NETWORK, LANDMARKS])),
    ("detector `seeta`", &Section::of(&[COMMON, SEETA])),
    ("detector `yunet`", &Section::of(&[COMMON, NETWORK, YUNET])),
];

/// What can be checked where the kind is unknown.
static ANY: Section = Section::part(&[COMMON]);

/// What can be checked of a detector whose decoder is unknown.
static UNDECIDED: Section = Section::part(&[COMMON, &[table("detector", &UNDECIDED_DETECTOR)]]);
static UNDECIDED_DETECTOR: Section = Section::part(&[&[DECODER]]);

/// The root of a manifest of this kind; `decoder` matters for detectors only.
pub(crate) fn root(kind: Option<&str>, decoder: Option<&str>) -> &'static Section {
    let name = match (kind, decoder) {
        (None, _) => return &ANY,
        (Some("detector"), None) => return &UNDECIDED,
        (Some("detector"), Some(decoder)) => format!("detector `{decoder}`"),
        (Some(kind), _) => kind.to_owned(),
    };
    ROOTS.iter().find(|(root, _)| **root == name).map_or(&ANY, |(_, section)| section)
}

const COMMON: &[Key] = &[
    key("id", Required, Id, "\"mouth-open\"",
        "Name for hosts and the command line; the first key, and the file's name without `.toml`"),
    key("kind", Required, Choice(KINDS), "\"effect\"",
        "What the network is for; the second key"),
    key("version", Required, Version, "\"0.1.0\"",
        "Of manifest and weights together: of two manifests with the same id the higher one is used"),
    key("engine", Required, Engine, "\"0.1\"",
        "Oldest engine that understands the manifest"),
    key("label", Required, LINE, "\"Open mouth\"",
        "Name for people"),
    key("category", Default("\"Face\""), LINE, "\"Face\"",
        "Menu in which a host may file it"),
    key("help", Required, PROSE, "\"Opens a closed mouth.\"",
        "What it does and to which faces"),
    table("weights", &WEIGHTS),
    table("provenance", &PROVENANCE),
];

static WEIGHTS: Section = Section::of(&[&[
    key("file", Required, FileName, "\"mouth-open.onnx\"",
        "Looked for in the `models/` folder beside this `manifests/` folder"),
    key("size", Required, Size, "8381317",
        "Bytes of the file"),
    key("sha256", Required, Digest, "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"",
        "Its SHA-256"),
]]);

static PROVENANCE: Section = Section::of(&[&[
    key("source", Required, PROSE, "\"Trained with recipes/mouth-open.toml\"",
        "Who or what made the weights, and where they can be had"),
    key("data", Default("\"\""), SPARE_PROSE, "\"1,200 portraits in the public domain\"",
        "What they were trained on"),
    key("licence", Required, LINE, "\"MIT OR Apache-2.0\"",
        "Of the weights, as an SPDX expression"),
    key("author", Default("\"\""), SPARE_LINE, "\"The authors of diat\"",
        "Who holds the rights"),
    key("notes", Default("\"\""), SPARE_PROSE, "\"Beards stay.\"",
        "What else a user should know"),
]]);

const NETWORK: &[Key] = &[
    spare("devices", Default("{}"), &DEVICES),
    spare("golden", Optional, &GOLDEN),
];

static DEVICES: Section = Section::of(&[&[
    key("deny", Default("[]"), Choices(&["cuda"]), "[\"cuda\"]",
        "Devices on which the network must not run"),
]]);

static GOLDEN: Section = Section {
    keys: &[&[
        key("tolerance", Default("0.002"), Number { least: 1e-4, most: 0.1 }, "0.002",
            "Largest difference allowed in a sample"),
        key("map", Optional, Hex, "\"00ff\"",
            "Effects, required: one bit for each 4×4 cell of the mask, set where its centre is over 0.5; row by row, highest bit first"),
    ]],
    others: Others::Are(key("OUTPUT", Required, Samples { most: 256 }, "[0.1, -0.2]",
        "For each output tensor but the mask, under its name: evenly spaced samples of its values; a detector may leave some out")),
};

const EFFECT: &[Key] = &[
    INPUT_TABLE,
    table("output", &EFFECT_OUTPUT),
    TEMPLATE_TABLE,
    table("mask", &MASK),
    table("compose", &EFFECT_COMPOSE),
    PARAMETERS,
    LIMITS_TABLE,
    JUDGE_TABLE,
    FACE_TABLE,
    DISCLOSURE_TABLE,
];

const ENHANCE: &[Key] = &[
    INPUT_TABLE,
    table("output", &ENHANCE_OUTPUT),
    TEMPLATE_TABLE,
    table("compose", &ENHANCE_COMPOSE),
    PARAMETERS,
    LIMITS_TABLE,
    JUDGE_TABLE,
    FACE_TABLE,
    DISCLOSURE_TABLE,
];

const JUDGE: &[Key] = &[INPUT_TABLE, table("output", &JUDGE_OUTPUT), TEMPLATE_TABLE];

const LANDMARKS: &[Key] = &[INPUT_TABLE, table("output", &LANDMARKS_OUTPUT)];

const SEETA: &[Key] = &[table("detector", &SEETA_DETECTOR)];

const YUNET: &[Key] = &[
    table("input", &YUNET_INPUT),
    table("output", &YUNET_OUTPUT),
    table("detector", &YUNET_DETECTOR),
];

const INPUT_TABLE: Key = table("input", &INPUT);
const TEMPLATE_TABLE: Key = table("template", &TEMPLATE);
const PARAMETERS: Key = key("parameter", Default("[]"), Tables { of: &PARAMETER, most: 8 }, "", "");
const LIMITS_TABLE: Key = spare("limits", Default("{}"), &LIMITS);
const JUDGE_TABLE: Key = spare("judge", Optional, &JUDGE_USE);
const FACE_TABLE: Key = spare("face", Default("{}"), &FACE);
const DISCLOSURE_TABLE: Key = spare("disclosure", Optional, &DISCLOSURE);

const COLOURS: Shape = Interval { least: -1e4, most: 1e4 };
const SIDE: Shape = Integer { least: 16, most: 1024 };
const NAME: Key = key("name", Required, Tensor, "\"image\"",
    "The picture tensor, N×3×H×W");
const LAYOUT: Key = key("layout", Required, Choice(&["nchw"]), "\"nchw\"",
    "Order of its axes");
const COLOUR: Key = key("colour", Required, Choice(&["rgb", "bgr"]), "\"rgb\"",
    "Order of its channels, which hold sRGB-encoded colours");
const RANGE: Key = key("range", Required, COLOURS, "[-1.0, 1.0]",
    "Values of black and white in the tensor");
const TRANSFORMED: Key = key("transformed", Required, Tensor, "\"transformed\"",
    "The tensor with the transformed crop, N×3×H×W");
const TRANSFORMED_RANGE: Key = key("range", Required, COLOURS, "[-1.0, 1.0]",
    "Values of black and white in the transformed crop");

static INPUT: Section = Section::of(&[&[
    NAME,
    key("width", Required, SIDE, "128",
        "Pixels across of the crop"),
    key("height", Required, SIDE, "128",
        "Pixels down of the crop; `landmarks` takes square crops only"),
    LAYOUT,
    COLOUR,
    RANGE,
]]);

static YUNET_INPUT: Section = Section::of(&[&[NAME, LAYOUT, COLOUR, RANGE]]);

static EFFECT_OUTPUT: Section = Section::of(&[&[
    TRANSFORMED,
    key("mask", Required, Tensor, "\"mask\"",
        "The tensor with the mask, N×1×H×W, 0 to 1"),
    TRANSFORMED_RANGE,
]]);

static ENHANCE_OUTPUT: Section = Section::of(&[&[TRANSFORMED, TRANSFORMED_RANGE]]);

static JUDGE_OUTPUT: Section = Section::of(&[&[
    key("score", Required, Tensor, "\"score\"",
        "The tensor with the score, N×1, 0 to 1"),
]]);

static LANDMARKS_OUTPUT: Section = Section::of(&[&[
    key("points", Required, Tensor, "\"points\"",
        "The tensor with the points, N×10: x and y of the image-left eye, the image-right eye, the nose, the image-left and the image-right corner of the mouth"),
    key("confidence", Required, Tensor, "\"confidence\"",
        "The tensor with the confidence that this is a face, N×1, 0 to 1"),
    key("scale", Required, Number { least: 0.01, most: 1024.0 }, "96.0",
        "A point in pixels of the crop is the tensor's number times `scale` plus `offset`"),
    key("offset", Default("0.0"), Number { least: -1024.0, most: 1024.0 }, "0.5",
        "See `scale`; 0.5 for networks that count from the centre of the first pixel"),
]]);

static YUNET_OUTPUT: Section = Section::of(&[&[
    key("class", Required, Tensor, "\"cls_\"",
        "Tensors with the class score: this and the stride make the name, as in `cls_8`"),
    key("object", Required, Tensor, "\"obj_\"",
        "The same for the object score"),
    key("box", Required, Tensor, "\"bbox_\"",
        "The same for the boxes"),
    key("points", Required, Tensor, "\"kps_\"",
        "The same for the five points"),
]]);

static TEMPLATE: Section = Section::of(&[&[
    key("left-eye", Required, Point, "[41.5, 46.5]",
        "The eye at the left of the picture, x and y in pixels of the crop; pixel (i, j) covers [i, i+1)×[j, j+1)"),
    key("right-eye", Required, Point, "[87.5, 46.5]",
        "The eye at the right of the picture"),
    key("nose", Required, Point, "[64.1, 75.5]",
        "The tip of the nose"),
    key("left-mouth", Required, Point, "[44.9, 96.0]",
        "The corner of the mouth at the left of the picture"),
    key("right-mouth", Required, Point, "[85.0, 96.0]",
        "The corner of the mouth at the right of the picture"),
]]);

static MASK: Section = Section::of(&[&[
    key("meaning", Required, Choice(&["change", "keep"]), "\"change\"",
        "What 1 in the mask means: take the transformed picture, or keep the original"),
]]);

const WINDOW: Key = key("window", Default("0.1"), Number { least: 0.0, most: 0.5 }, "0.1",
    "Share of the crop's side over which the edit fades out towards the crop's edge");

static EFFECT_COMPOSE: Section = Section::of(&[&[
    key("rule", Required, Choice(&["gated-difference"]), "\"gated-difference\"",
        "How the edit comes into the picture: the difference is added, and where it is large the original's fine detail goes"),
    WINDOW,
    key("gate", Default("{}"), Table(&GATE), "{ sigma = 1.0, a = 0.0235294, b = 0.0784314 }",
        "When the original's fine detail goes together with what was changed"),
    key("grain", Default("false"), Switch, "true",
        "Where it goes, noise as strong, as coarse and as coloured as that of the picture around takes its place"),
]]);

static ENHANCE_COMPOSE: Section = Section::of(&[&[
    key("rule", Required, Choice(&["replace"]), "\"replace\"",
        "How the edit comes into the picture: it takes the place of the original"),
    WINDOW,
]]);

static GATE: Section = Section::of(&[&[
    key("sigma", Default("1.0"), Number { least: 0.1, most: 16.0 }, "1.0",
        "Standard deviation, in crop pixels, of the Gaussian over the difference"),
    key("a", Default("0.0235294"), Number { least: 0.0, most: 1.0 }, "0.0235294",
        "Up to this mean difference (colours from 0 to 1) all detail stays"),
    key("b", Default("0.0784314"), Number { least: 0.0, most: 1.0 }, "0.0784314",
        "From this mean difference on it goes; greater than `a`"),
]]);

const VALUE: Shape = Number { least: -1e6, most: 1e6 };

static PARAMETER: Section = Section::of(&[&[
    key("id", Required, Id, "\"amount\"",
        "Name for hosts and the command line; not `strength`, `show`, `faces`, `at-x`, `at-y` or `device`, which every effect has"),
    key("label", Required, LINE, "\"Amount\"",
        "Name for people"),
    key("help", Required, PROSE, "\"How wide the mouth opens.\"",
        "What it does"),
    key("unit", Default("\"\""), SPARE_LINE, "\"%\"",
        "Of its value"),
    key("min", Required, VALUE, "0.0",
        "Smallest value"),
    key("max", Required, VALUE, "1.0",
        "Largest value, greater than `min`"),
    key("default", Required, VALUE, "0.5",
        "Value where none is given"),
    key("neutral", Optional, VALUE, "0.0",
        "Value that does nothing, where there is one"),
    key("input", Required, Tensor, "\"amount\"",
        "The tensor it drives, N×1×1×1, which spreads over a picture tensor"),
]]);

static LIMITS: Section = Section::of(&[&[
    key("smallest-eye-distance", Default("16.0"), Number { least: 1.0, most: 1e4 }, "16.0",
        "Faces with less between the eyes, in pixels of the picture, are left alone"),
    key("largest-yaw", Default("45.0"), Number { least: 1.0, most: 90.0 }, "45.0",
        "Faces turned further left or right, in degrees, are left alone"),
    key("lowest-confidence", Default("0.5"), Number { least: 0.0, most: 1.0 }, "0.5",
        "Faces of which the landmark network is less sure are left alone"),
]]);

static JUDGE_USE: Section = Section::of(&[&[
    key("id", Required, Id, "\"eyeglasses-judge\"",
        "A manifest of kind `judge`"),
    key("range", Required, Interval { least: 0.0, most: 1.0 }, "[0.5, 1.0]",
        "Scores for which there is something to do; other faces are left alone"),
]]);

static FACE: Section = Section::of(&[&[
    key("detector", Optional, Id, "\"seeta\"",
        "A manifest of kind `detector`, instead of the user's default"),
    key("landmarks", Optional, Id, "\"landmarks\"",
        "A manifest of kind `landmarks`, instead of the user's default"),
]]);

static DISCLOSURE: Section = Section::of(&[&[
    key("text", Required, PROSE, "\"The mouth was opened by a neural network.\"",
        "What whoever publishes an edited picture should be told"),
]]);

const DECODER: Key = key("decoder", Required, Choice(DECODERS), "\"seeta\"",
    "How its answer is read: `seeta` is the SeetaFace cascade (its file is no ONNX), `yunet` the network of that name");
const LARGEST_PICTURE: Key = key("largest-picture", Default("1500000"), Integer { least: 65_536, most: 100_000_000 }, "1500000",
    "Larger pictures, in pixels, are shrunk first, whatever faces in them become too small");
const BOX: Key = key("box", Default("{}"), Table(&BOX_TO_CROP), "{ scale = 1.15, down = 0.1 }",
    "From a box to the square crop that the landmark network sees");

static SEETA_DETECTOR: Section = Section::of(&[&[
    DECODER,
    key("score", Default("2.0"), Number { least: 0.0, most: 1000.0 }, "2.0",
        "Boxes that score less are dropped"),
    key("smallest-face", Default("20"), Integer { least: 20, most: 1024 }, "20",
        "Side of the smallest face, in pixels of the picture the detector sees"),
    LARGEST_PICTURE,
    BOX,
]]);

static YUNET_DETECTOR: Section = Section::of(&[&[
    DECODER,
    key("score", Default("0.6"), Number { least: 0.0, most: 1.0 }, "0.6",
        "Boxes that score less are dropped"),
    key("smallest-face", Default("10"), Integer { least: 1, most: 1024 }, "10",
        "Side of the smallest face, in pixels of the picture the detector sees"),
    LARGEST_PICTURE,
    BOX,
    key("overlap", Default("0.3"), Number { least: 0.01, most: 1.0 }, "0.3",
        "Of two boxes that share more than this part of their union the better one stays"),
    key("strides", Default("[8, 16, 32]"), Integers { least: 2, most: 128, count: 6 }, "[8, 16, 32]",
        "Sizes of the cells, rising, in pixels"),
]]);

static BOX_TO_CROP: Section = Section::of(&[&[
    key("scale", Default("1.0"), Number { least: 0.25, most: 8.0 }, "1.15",
        "Side of the landmark network's crop over the longer side of the box"),
    key("down", Default("0.0"), Number { least: -2.0, most: 2.0 }, "0.1",
        "The crop's centre lies below that of the box by this share of the box's longer side"),
]]);
