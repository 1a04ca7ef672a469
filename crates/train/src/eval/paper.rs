//! What the paper reports (section IV), for the column beside ours.

use serde::{Deserialize, Serialize};

/// One task of Tables V and VI.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Task {
    /// The paper's name for it.
    pub name: &'static str,
    /// Column of `list_attr_celeba.txt`.
    pub attribute: &'static str,
    /// Its value in the faces that are edited.
    pub from: bool,
    /// Table V: share of the edits in which the classifier sees the wanted attribute; the text says "> 0.70 for all", which its own
    /// gender column is not.
    pub accepted: f64,
    /// Table VI: share of the edits taken for the same person by OpenFace at a threshold of 0.99; local attributes only.
    pub same_person: Option<f64>,
}

/// The columns of Table V in its order; each over 2,000 test pictures of CelebA.
pub const TASKS: [Task; 5] = [
    Task {
        name: "mouth open",
        attribute: "Mouth_Slightly_Open",
        from: false,
        accepted: 0.821,
        same_person: Some(0.912),
    },
    Task {
        name: "mouth close",
        attribute: "Mouth_Slightly_Open",
        from: true,
        accepted: 0.806,
        same_person: Some(0.903),
    },
    Task {
        name: "glasses removal",
        attribute: "Eyeglasses",
        from: true,
        accepted: 0.763,
        same_person: Some(0.872),
    },
    Task {
        name: "gender",
        attribute: "Male",
        from: true,
        accepted: 0.684,
        same_person: None,
    },
    Task {
        name: "age",
        attribute: "Young",
        from: false,
        accepted: 0.702,
        same_person: None,
    },
];

/// The paper's column for a task, if it has one.
#[must_use]
pub fn task(attribute: &str, from: bool) -> Option<&'static Task> {
    TASKS
        .iter()
        .find(|task| task.attribute == attribute && task.from == from)
}

/// §IV-D: mean PSNR, in dB, between faces with closed mouths and the same opened and closed again.
pub const ROUND_TRIP_DB: f64 = 33.27;

/// §IV-B: seconds a picture of 128² on a GTX Titan X.
pub const SECONDS: f64 = 0.0045;

/// A way to enlarge a face, Table VII.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Enlarger {
    /// Bicubic interpolation.
    Bicubic,
    /// T trained with the reconstruction term alone.
    Unet,
    /// T trained by Eq. 20.
    Diat,
}

impl Enlarger {
    /// The columns of Table VII in its order.
    pub const ALL: [Self; 3] = [Self::Bicubic, Self::Unet, Self::Diat];

    /// The paper's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bicubic => "Bicubic",
            Self::Unet => "U-Net",
            Self::Diat => "DIAT",
        }
    }

    /// Mean PSNR in dB and SSIM in Table VII.
    #[must_use]
    pub const fn reported(self) -> (f64, f64) {
        match self {
            Self::Bicubic => (29.68, 0.606),
            Self::Unet => (30.12, 0.672),
            Self::Diat => (28.85, 0.643),
        }
    }
}
