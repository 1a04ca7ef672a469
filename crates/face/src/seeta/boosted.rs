//! Boosted classifiers on locally assembled binary codes (S. Yan, S. Shan, X. Chen, W. Gao: Locally assembled binary (LAB)
//! feature with feature-centric cascade for fast and accurate face detection. CVPR 2008).

use super::WINDOW;
use super::codes::{BLOCK, Codes};

/// The farthest that a feature lies from its window's corner.
pub(super) const REACH: usize = WINDOW - BLOCK;

/// Features between two looks at the score.
const GROUP: usize = 10;

/// Windows whose scores are added up side by side.
const LANES: usize = 8;

/// Where in its window a feature's code is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Feature {
    pub(super) x: usize,
    pub(super) y: usize,
}

/// A weighted vote of codes, left as soon as it falls below a group's threshold.
#[derive(Debug)]
pub(super) struct Boosted {
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Group {
    features: Vec<Feature>,
    /// What each code adds to the score, a table a feature.
    weights: Vec<[f32; 256]>,
    threshold: f32,
}

/// A window that may hold a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Vote {
    /// Index of the window's first code.
    pub(super) at: usize,
    pub(super) score: f32,
}

impl Boosted {
    /// One threshold a feature, of which the last of every group counts; one table a feature.
    pub(super) fn new(
        features: Vec<Feature>,
        thresholds: &[f32],
        weights: Vec<[f32; 256]>,
    ) -> Self {
        let groups = features
            .chunks(GROUP)
            .zip(weights.chunks(GROUP))
            .zip(thresholds.chunks(GROUP))
            .map(|((features, weights), thresholds)| Group {
                features: features.to_vec(),
                weights: weights.to_vec(),
                threshold: thresholds.last().copied().unwrap_or_default(),
            })
            .collect();
        Self { groups }
    }

    /// Those of the windows that pass, in their order. Scores are added up feature after feature, whatever the windows beside.
    pub(super) fn votes(&self, codes: &Codes, windows: &[usize]) -> Vec<Vote> {
        let mut alive: Vec<Vote> = windows
            .iter()
            .map(|at| Vote {
                at: *at,
                score: 0.0,
            })
            .collect();
        for group in &self.groups {
            for votes in alive.chunks_mut(LANES) {
                match votes.first_chunk_mut::<LANES>() {
                    Some(votes) => group.add(codes, votes),
                    None => votes.iter_mut().for_each(|vote| {
                        group.add(codes, std::array::from_mut(vote));
                    }),
                }
            }
            alive.retain(|vote| vote.score >= group.threshold);
        }
        alive
    }
}

impl Group {
    fn add<const N: usize>(&self, codes: &Codes, votes: &mut [Vote; N]) {
        let mut scores = votes.map(|vote| vote.score);
        for (feature, weights) in self.features.iter().zip(&self.weights) {
            let seen = codes.from(feature.x, feature.y);
            for (score, vote) in scores.iter_mut().zip(votes.iter()) {
                *score += weights[usize::from(seen[vote.at])];
            }
        }
        for (vote, score) in votes.iter_mut().zip(scores) {
            vote.score = score;
        }
    }
}
