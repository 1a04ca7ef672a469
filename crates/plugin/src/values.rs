//! A job's numbers as the engine wants them.

use diat_effects::{EffectInfo, Values};
use diat_plugin_abi as abi;

use crate::choices::{DEVICE, FACES, SHOW, chosen};
use crate::failure::Failure;

/// Refuses more values than `effect` has parameters.
pub(crate) fn check_count(effect: &EffectInfo, given: usize) -> Result<(), Failure> {
    let count = abi::DIAT_FIRST_OWN + effect.parameters.len();
    if given > count {
        return Err(Failure::argument(format!(
            "{given} values: {} has {count} parameters",
            effect.id
        )));
    }
    Ok(())
}

/// The values of a render of `effect`: missing ones take their default, others are clamped to their range.
pub(crate) fn values(effect: &EffectInfo, given: &[f64]) -> Result<Values, Failure> {
    if let Some(index) = given.iter().position(|value| value.is_nan()) {
        return Err(Failure::argument(format!("value {index} is NaN")));
    }
    let defaults = Values::default();
    let share = |index: usize, default: f64| given.get(index).unwrap_or(&default).clamp(0.0, 1.0);
    let number = |index: usize| given.get(index).copied();
    Ok(Values {
        strength: share(abi::DIAT_STRENGTH, defaults.strength),
        show: number(abi::DIAT_SHOW)
            .and_then(|value| chosen(SHOW, value))
            .unwrap_or(defaults.show),
        faces: number(abi::DIAT_FACES)
            .and_then(|value| chosen(FACES, value))
            .unwrap_or(defaults.faces),
        at_x: share(abi::DIAT_AT_X, defaults.at_x),
        at_y: share(abi::DIAT_AT_Y, defaults.at_y),
        device: number(abi::DIAT_DEVICE)
            .and_then(|value| chosen(DEVICE, value))
            .unwrap_or(defaults.device),
        extra: effect
            .parameters
            .iter()
            .zip(abi::DIAT_FIRST_OWN..)
            .map(|(own, index)| {
                let value = number(index).unwrap_or(own.default);
                value.max(own.min).min(own.max)
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use diat_effects::{Choice, Device, ParameterInfo, Show};

    fn effect() -> EffectInfo {
        EffectInfo {
            id: "test".into(),
            label: String::new(),
            category: String::new(),
            help: String::new(),
            version: String::new(),
            licence: String::new(),
            parameters: vec![ParameterInfo {
                id: "amount".into(),
                label: String::new(),
                help: String::new(),
                unit: String::new(),
                min: -2.0,
                max: 3.0,
                default: 1.5,
                neutral: None,
            }],
        }
    }

    #[test]
    fn missing_values_take_their_defaults() {
        let values = values(&effect(), &[0.25]).unwrap();
        assert_eq!(values.strength, 0.25);
        assert_eq!(values.show, Show::Result);
        assert_eq!((values.at_x, values.at_y), (0.5, 0.5));
        assert_eq!(values.extra, [1.5]);
    }

    #[test]
    fn values_out_of_range_are_clamped() {
        let given = [7.0, 9.0, f64::NEG_INFINITY, -0.5, f64::INFINITY, 3.0, -9.0];
        let values = values(&effect(), &given).unwrap();
        assert_eq!(values.strength, 1.0);
        assert_eq!(values.show, Show::Difference);
        assert_eq!(values.faces, Choice::All);
        assert_eq!((values.at_x, values.at_y), (0.0, 1.0));
        assert_eq!(values.device, Device::Cuda(1));
        assert_eq!(values.extra, [-2.0]);
    }

    #[test]
    fn nan_and_too_many_values_are_the_hosts_mistakes() {
        let nan = values(&effect(), &[0.5, f64::NAN]).unwrap_err();
        let surplus = check_count(&effect(), 8).unwrap_err();
        assert_eq!(nan.status, abi::DIAT_E_ARGUMENT);
        assert_eq!(surplus.status, abi::DIAT_E_ARGUMENT);
        assert_eq!(check_count(&effect(), 7), Ok(()));
    }
}
