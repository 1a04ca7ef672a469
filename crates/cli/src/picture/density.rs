//! How many pixels there are to a length.

const METRES_OF_AN_INCH: f64 = 0.0254;

/// What a density counts by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Nothing: only the shape of a pixel is told.
    Ratio,
    Inch,
    Centimetre,
    Metre,
}

/// Pixels to a length, across and down, each a fraction as files have it, so that it gets back into the same format unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Density {
    x: (u32, u32),
    y: (u32, u32),
    unit: Unit,
}

impl Density {
    /// None where it says nothing: a part of it is 0, or it is the ratio of square pixels.
    pub(super) fn new(x: (u32, u32), y: (u32, u32), unit: Unit) -> Option<Self> {
        let nothing = [x.0, x.1, y.0, y.1].contains(&0) || (unit == Unit::Ratio && x == y);
        (!nothing).then_some(Self { x, y, unit })
    }

    pub(super) const fn unit(&self) -> Unit {
        self.unit
    }

    /// As it is told, across and down.
    pub(super) fn values(&self) -> [f64; 2] {
        [self.x, self.y].map(|(over, under)| f64::from(over) / f64::from(under))
    }

    /// To an inch, across and down. A ratio stays itself.
    pub(super) fn per_inch(&self) -> [f64; 2] {
        self.values().map(|value| match self.unit {
            Unit::Inch | Unit::Ratio => value,
            Unit::Centimetre => value * 100.0 * METRES_OF_AN_INCH,
            Unit::Metre => value * METRES_OF_AN_INCH,
        })
    }

    /// To a metre, across and down. A ratio stays itself.
    pub(super) fn per_metre(&self) -> [f64; 2] {
        self.values().map(|value| match self.unit {
            Unit::Metre | Unit::Ratio => value,
            Unit::Centimetre => value * 100.0,
            Unit::Inch => value / METRES_OF_AN_INCH,
        })
    }

    /// The fractions, across and down.
    pub(super) const fn fractions(&self) -> [(u32, u32); 2] {
        [self.x, self.y]
    }

    /// The same to an inch where it was to a metre, as TIFF wants it: whole where the metre's number was rounded from a whole one.
    pub(super) fn without_metres(self) -> Self {
        if self.unit != Unit::Metre {
            return self;
        }
        let [x, y] = self.per_inch().map(|value| {
            if (value - value.round()).abs() < 0.02 {
                (value.round() as u32, 1)
            } else {
                ((value * 1000.0).round() as u32, 1000)
            }
        });
        Self {
            x,
            y,
            unit: Unit::Inch,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_whole_to_an_inch_comes_back_from_metres() {
        for inches in [72, 96, 150, 240, 300, 600, 1200] {
            let density = Density::new((inches, 1), (inches, 1), Unit::Inch).unwrap();
            let metres = density.per_metre().map(|value| (value.round() as u32, 1));
            let stored = Density::new(metres[0], metres[1], Unit::Metre).unwrap();
            assert_eq!(stored.without_metres(), density);
        }
    }

    #[test]
    fn what_says_nothing_is_none() {
        assert_eq!(Density::new((1, 1), (1, 1), Unit::Ratio), None);
        assert_eq!(Density::new((300, 1), (0, 1), Unit::Inch), None);
        assert_eq!(Density::new((300, 0), (300, 1), Unit::Inch), None);
        assert!(Density::new((2, 1), (1, 1), Unit::Ratio).is_some());
    }
}
