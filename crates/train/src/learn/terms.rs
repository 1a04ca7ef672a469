//! The numbers of a round: noted on the device as they come, read once at its end.

use burn::tensor::Tensor;

/// Name and value of each term, without its weight, in the order in which the round came to them; of a term that a round computes
/// several times, the mean.
pub type Terms = Vec<(&'static str, f64)>;

/// What a round has noted.
#[derive(Default)]
pub(super) struct Notes {
    values: Vec<(&'static str, Tensor<1>)>,
}

impl Notes {
    pub(super) fn note(&mut self, term: &'static str, value: &Tensor<1>) {
        self.values.push((term, value.clone().inner()));
    }

    /// Waits for the device; the first term that is not finite instead, if there is one. `weights` is noted last: it must be
    /// finite, and is no term.
    pub(super) fn read(self, weights: Tensor<1>) -> Result<Terms, &'static str> {
        let (names, mut values): (Vec<_>, Vec<_>) = self.values.into_iter().unzip();
        values.push(weights);
        let data = Tensor::cat(values, 0).into_data().convert::<f32>();
        let mut sums: Vec<(&'static str, f64, u32)> = Vec::new();
        for (name, value) in names.into_iter().chain(["weights"]).zip(data.iter::<f32>()) {
            if !value.is_finite() {
                return Err(name);
            }
            match sums.iter_mut().find(|(term, ..)| *term == name) {
                Some((_, sum, count)) => {
                    *sum += f64::from(value);
                    *count += 1;
                }
                None => sums.push((name, f64::from(value), 1)),
            }
        }
        sums.pop();
        let means = sums.into_iter();
        Ok(means
            .map(|(name, sum, count)| (name, sum / f64::from(count)))
            .collect())
    }
}

/// A weighted sum of terms that notes each.
pub(super) struct Objective<'a> {
    notes: &'a mut Notes,
    sum: Option<Tensor<1>>,
}

impl<'a> Objective<'a> {
    pub(super) fn new(notes: &'a mut Notes) -> Self {
        Self { notes, sum: None }
    }

    pub(super) fn add(&mut self, term: &'static str, weight: f64, value: Tensor<1>) {
        self.note(term, &value);
        let value = value * weight;
        self.sum = Some(match self.sum.take() {
            Some(sum) => sum + value,
            None => value,
        });
    }

    pub(super) fn note(&mut self, term: &'static str, value: &Tensor<1>) {
        self.notes.note(term, value);
    }

    pub(super) fn sum(self) -> Option<Tensor<1>> {
        self.sum
    }
}
