//! Small data sets of tests.

use crate::recipe::{
    Algorithm, Augment, Gan, Loss, Network, Optimiser, Phase, Pretrain, Recipe, Run, Schedule,
    Solver, Task, Template,
};
use image::{Rgb, RgbImage};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Twelve pictures of 128×128 in CelebA's layout, points on [`recipe`]'s template; no two pixels of a picture are alike.
pub(crate) struct Small {
    folder: TempDir,
}

/// Eyeglasses, Male, partition.
const FACES: [(i32, i32, u8); 12] = [
    (1, 1, 0),
    (-1, -1, 0),
    (0, 1, 0),
    (1, -1, 0),
    (-1, 1, 0),
    (1, -1, 0),
    (-1, 1, 0),
    (1, -1, 0),
    (1, 1, 1),
    (-1, 1, 1),
    (-1, 1, 2),
    (1, 1, 2),
];

impl Small {
    pub(crate) fn new() -> Self {
        let small = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let mut attributes = "12\nEyeglasses Male\n".to_owned();
        let mut landmarks = "12\nlefteye_x lefteye_y righteye_x righteye_y nose_x nose_y leftmouth_x leftmouth_y rightmouth_x rightmouth_y\n".to_owned();
        let (mut partitions, mut identities) = (String::new(), String::new());
        fs::create_dir(small.path().join("img_celeba")).unwrap();
        for (index, (glasses, male, partition)) in FACES.into_iter().enumerate() {
            let name = format!("{:06}.png", index + 1);
            picture(index as u8)
                .save(small.path().join("img_celeba").join(&name))
                .unwrap();
            writeln!(attributes, "{name} {glasses:>2} {male:>2}").unwrap();
            writeln!(
                landmarks,
                "{name} 41.5 46.25 87.5 46.25 64 75.5 44.5 96 84.5 96"
            )
            .unwrap();
            writeln!(partitions, "{name} {partition}").unwrap();
            writeln!(identities, "{name} {}", 100 + index).unwrap();
        }
        for (list, text) in [
            ("list_attr_celeba.txt", attributes),
            ("list_landmarks_celeba.txt", landmarks),
            ("list_eval_partition.txt", partitions),
            ("identity_CelebA.txt", identities),
        ] {
            fs::write(small.path().join(list), text).unwrap();
        }
        small
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn replace(&self, list: &str, from: &str, to: &str) {
        let file = self.path().join(list);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{list} has no {from:?}: {text}");
        fs::write(file, text.replacen(from, to, 1)).unwrap();
    }

    pub(crate) fn copy_list(&self, from: &str, to: &str) {
        fs::copy(self.path().join(from), self.path().join(to)).unwrap();
    }
}

/// Blue tells which picture it is, red and green where.
pub(crate) fn picture(index: u8) -> RgbImage {
    RgbImage::from_fn(128, 128, |x, y| Rgb([x as u8 * 2, y as u8 * 2, 20 * index]))
}

pub(crate) fn transfer(attribute: &str, from: bool) -> Task {
    Task::Transfer {
        attribute: attribute.to_owned(),
        from,
        only: Vec::new(),
    }
}

/// A recipe at full size whose template is where [`Small`]'s faces are, without variation, in batches of 3.
pub(crate) fn recipe(task: Task) -> Recipe {
    let optimiser = Optimiser {
        solver: Solver::Adam {
            beta1: 0.5,
            beta2: 0.99,
        },
        rate: 1e-3,
    };
    let none = Phase {
        steps: 0,
        batch: 50,
        optimiser,
    };
    Recipe {
        id: "small".to_owned(),
        version: "0.1.0".to_owned(),
        label: String::new(),
        help: String::new(),
        disclosure: String::new(),
        licence: String::new(),
        author: String::new(),
        task,
        network: Network {
            size: 128,
            width: 8,
            mask: true,
            mask_bias: 0.3,
            region: None,
        },
        template: Template {
            left_eye: [41.5, 46.25],
            right_eye: [87.5, 46.25],
            nose: [64.0, 75.5],
            left_mouth: [44.5, 96.0],
            right_mouth: [84.5, 96.0],
        },
        denoiser: None,
        pretrain: Pretrain {
            transform: none.clone(),
            l1: true,
            discriminator: none,
        },
        schedule: Schedule {
            algorithm: Algorithm::Alternate,
            rounds: 1,
            batch: 3,
            transfer: optimiser,
            discriminator: optimiser,
            clip: None,
        },
        loss: Loss {
            gan: Gan::Hinge,
            adversarial: 1.0,
            perceptual: None,
            identity: None,
            ratio: None,
            smoothness: None,
            reconstruction: 0.0,
            l1: 0.0,
            pairs: None,
            map_smoothness: 0.0,
            change_smoothness: 0.0,
            oval: None,
            outside: 0.0,
            cycle: 0.0,
        },
        augment: Augment {
            shift: 0.0,
            flip: false,
            light: 0.0,
            colour: 0.0,
        },
        adaptation: Default::default(),
        average: None,
        run: Run {
            seed: 1,
            checkpoint_every: 1,
            log_every: 1,
            grid_every: 1,
        },
    }
}
