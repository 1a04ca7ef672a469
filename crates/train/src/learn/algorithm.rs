//! The order of the steps of a round.

use crate::recipe::Algorithm;

/// What a round is made of.
pub(super) trait Steps {
    /// Why a step cannot be taken.
    type Error;

    /// The next mini-batch, for all steps until another is asked for.
    fn next_batch(&mut self) -> Result<(), Self::Error>;
    /// F(x) of the mini-batch, for D's steps until this is asked for again.
    fn make(&mut self) -> Result<(), Self::Error>;
    /// A step of D with Eq. 16.
    fn discriminate(&mut self) -> Result<(), Self::Error>;
    /// D ← clip(D, −c, c).
    fn clip(&mut self);
    /// A step of F with Eq. 15, or 20; with the smoothness term in it, or not.
    fn transfer(&mut self, smooth: bool) -> Result<(), Self::Error>;
    /// A step of F with Eq. 13.
    fn smooth(&mut self) -> Result<(), Self::Error>;
}

/// One round.
///
/// `paper` is lines 4 to 14 of Algorithm 1. `alternate` is not in the paper: one step of D, one of F, a fresh mini-batch each.
pub(super) fn round<S: Steps>(algorithm: Algorithm, steps: &mut S) -> Result<(), S::Error> {
    steps.next_batch()?;
    steps.make()?;
    match algorithm {
        Algorithm::Paper {
            d_steps,
            t_steps,
            n_steps,
        } => {
            for _ in 0..d_steps {
                steps.discriminate()?;
            }
            steps.clip();
            for _ in 0..t_steps {
                steps.transfer(false)?;
            }
            for _ in 0..n_steps {
                steps.smooth()?;
            }
        }
        Algorithm::Alternate => {
            steps.discriminate()?;
            steps.clip();
            steps.next_batch()?;
            steps.transfer(true)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Steps, round};
    use crate::recipe::Algorithm;

    #[derive(Default)]
    struct Written(String);

    impl Steps for Written {
        type Error = std::convert::Infallible;

        fn next_batch(&mut self) -> Result<(), Self::Error> {
            self.0.push('b');
            Ok(())
        }
        fn make(&mut self) -> Result<(), Self::Error> {
            self.0.push('m');
            Ok(())
        }
        fn discriminate(&mut self) -> Result<(), Self::Error> {
            self.0.push('D');
            Ok(())
        }
        fn clip(&mut self) {
            self.0.push('c');
        }
        fn transfer(&mut self, smooth: bool) -> Result<(), Self::Error> {
            self.0.push(if smooth { 'S' } else { 'F' });
            Ok(())
        }
        fn smooth(&mut self) -> Result<(), Self::Error> {
            self.0.push('N');
            Ok(())
        }
    }

    #[test]
    fn algorithm_1_in_its_order_and_the_one_in_turn() {
        let paper = Algorithm::Paper {
            d_steps: 12,
            t_steps: 12,
            n_steps: 6,
        };
        for (algorithm, order) in [
            (paper, "bmDDDDDDDDDDDDcFFFFFFFFFFFFNNNNNN"),
            (Algorithm::Alternate, "bmDcbS"),
        ] {
            let mut written = Written::default();
            let Ok(()) = round(algorithm, &mut written);
            assert_eq!(written.0, order);
        }
    }
}
