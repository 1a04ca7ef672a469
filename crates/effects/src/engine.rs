//! Which effects there are and where things lie.

/// One of an effect's own parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterInfo {
    /// As in the manifest; unique in its effect.
    pub id: String,
    /// For people.
    pub label: String,
    /// For people.
    pub help: String,
    /// For people; may be empty.
    pub unit: String,
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
    /// What a host starts with.
    pub default: f64,
    /// The value that does nothing, if there is one.
    pub neutral: Option<f64>,
}

/// What a host is told about an effect.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectInfo {
    /// Its manifest's id.
    pub id: String,
    /// For people.
    pub label: String,
    /// For people, groups effects in menus.
    pub category: String,
    /// For people.
    pub help: String,
    /// The manifest's version.
    pub version: String,
    /// SPDX expression of the weights.
    pub licence: String,
    /// Its own parameters, after the reserved ones.
    pub parameters: Vec<ParameterInfo>,
}

/// The effects of one list of resource folders.
#[derive(Debug)]
pub struct Engine {
    effects: Vec<EffectInfo>,
}

impl Engine {
    /// The effects, in the order of their ids.
    pub fn effects(&self) -> &[EffectInfo] {
        &self.effects
    }
}
