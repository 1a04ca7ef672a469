//! What can be changed about a face while everything else stays.

/// The attributes that have a counterfactual, by the names of CelebA's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// Wears glasses.
    Eyeglasses,
    /// The lips are apart and show teeth.
    MouthSlightlyOpen,
    /// A man's hair, brows, jaw and lips.
    Male,
    /// Shaven.
    NoBeard,
    /// Without wrinkles and grey hair.
    Young,
}

impl Attribute {
    /// All of them, in the order of CelebA's columns.
    pub const ALL: [Self; 5] = [
        Self::Eyeglasses,
        Self::Male,
        Self::MouthSlightlyOpen,
        Self::NoBeard,
        Self::Young,
    ];

    /// The name of CelebA's column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eyeglasses => "Eyeglasses",
            Self::MouthSlightlyOpen => "Mouth_Slightly_Open",
            Self::Male => "Male",
            Self::NoBeard => "No_Beard",
            Self::Young => "Young",
        }
    }
}

/// One yes or no for each [`Attribute`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attributes {
    /// See [`Attribute::Eyeglasses`].
    pub eyeglasses: bool,
    /// See [`Attribute::MouthSlightlyOpen`].
    pub mouth_slightly_open: bool,
    /// See [`Attribute::Male`].
    pub male: bool,
    /// See [`Attribute::NoBeard`].
    pub no_beard: bool,
    /// See [`Attribute::Young`].
    pub young: bool,
}

impl Attributes {
    /// The answer for one attribute.
    pub const fn has(self, attribute: Attribute) -> bool {
        match attribute {
            Attribute::Eyeglasses => self.eyeglasses,
            Attribute::MouthSlightlyOpen => self.mouth_slightly_open,
            Attribute::Male => self.male,
            Attribute::NoBeard => self.no_beard,
            Attribute::Young => self.young,
        }
    }

    /// The same with one answer changed.
    #[must_use]
    pub const fn with(mut self, attribute: Attribute, value: bool) -> Self {
        match attribute {
            Attribute::Eyeglasses => self.eyeglasses = value,
            Attribute::MouthSlightlyOpen => self.mouth_slightly_open = value,
            Attribute::Male => self.male = value,
            Attribute::NoBeard => self.no_beard = value,
            Attribute::Young => self.young = value,
        }
        self
    }
}
