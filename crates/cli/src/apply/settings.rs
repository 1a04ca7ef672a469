//! What is the same for every picture of a run.

use diat_host::{EffectInfo, Points};

use super::Apply;
use crate::failure::Failure;
use crate::{record, values};

/// Parameters and all else that holds for every picture.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The job's numbers.
    pub(crate) values: Vec<f64>,
    /// Given faces, in pixels of the picture before it is enlarged.
    pub(crate) points: Vec<Points>,
    pub(crate) scale: u32,
    /// The picture itself is wanted, not something about it.
    pub(crate) is_result: bool,
    pub(crate) is_mask: bool,
    /// The strength is the one that does nothing.
    pub(crate) is_neutral: bool,
    /// What changed pictures shall say about their change.
    pub(crate) record: Option<record::Edit>,
}

impl Settings {
    pub(crate) fn new(args: &Apply, effect: &EffectInfo, pictures: usize) -> Result<Self, Failure> {
        let mut values = effect.defaults();
        let mut set = |id: &str, text: &str| values::set(&mut values, effect, id, text);
        for (id, text) in [
            ("strength", &args.strength),
            ("show", &args.show),
            ("faces", &args.faces),
            ("device", &args.device),
        ] {
            if let Some(text) = text {
                set(id, text)?;
            }
        }
        if let Some([x, y]) = args.at {
            if args
                .faces
                .as_deref()
                .is_some_and(|faces| faces != "nearest")
            {
                return Err(Failure::Usage(
                    "--at goes with --faces nearest; leave one of the two out".to_owned(),
                ));
            }
            set("faces", "nearest")?;
            set("at-x", &x.to_string())?;
            set("at-y", &y.to_string())?;
        }
        for (id, text) in &args.set {
            // What is shown decides the file's kind and name before the effect is looked at.
            if id == "show" {
                return Err(Failure::Usage(format!(
                    "--set {id}={text}: what is shown has an option of its own; write --show {text}"
                )));
            }
            set(id, text)?;
        }
        if !args.points.is_empty() && pictures > 1 {
            return Err(Failure::Usage(format!(
                "--points: the faces of one picture were given, and there are {pictures} pictures; name one"
            )));
        }
        let show = args.show.as_deref().unwrap_or("result");
        let strength = effect.index("strength");
        let is_neutral = strength
            .is_some_and(|index| effect.params[index].neutral == values.get(index).copied());
        Ok(Self {
            is_neutral,
            values,
            points: args.points.clone(),
            scale: args.scale,
            is_result: show == "result",
            is_mask: show == "mask",
            record: None,
        })
    }
}

/// `X,Y`.
pub(crate) fn point(text: &str) -> Result<[f64; 2], String> {
    let numbers = text.split_once(',').and_then(|(x, y)| {
        let number = |text: &str| {
            text.trim()
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
        };
        Some([number(x)?, number(y)?])
    });
    numbers.ok_or_else(|| format!("{text:?} is no point; allowed: two numbers such as 120.5,96"))
}

/// `X,Y X,Y X,Y X,Y X,Y`.
pub(crate) fn points(text: &str) -> Result<Points, String> {
    let points: Vec<[f64; 2]> = text
        .split_whitespace()
        .map(point)
        .collect::<Result<_, _>>()?;
    let count = points.len();
    points.try_into().map_err(|_| {
        format!(
            "{count} points; needed are five: the eye at the left of the picture, the other eye, nose, left and \
             right corner of the mouth"
        )
    })
}

/// `ID=VALUE`.
pub(crate) fn assignment(text: &str) -> Result<(String, String), String> {
    let (id, value) = text
        .split_once('=')
        .ok_or_else(|| format!("{text:?} sets nothing; allowed: ID=VALUE, such as amount=0.5"))?;
    Ok((id.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_points_in_pixels_are_a_face_and_nothing_else_is() {
        let face = points("1,2 3,4  5.5,6 7,8 -9,10").unwrap();
        assert_eq!(face[2], [5.5, 6.0]);
        assert_eq!(face[4], [-9.0, 10.0]);
        for text in [
            "",
            "1,2",
            "1,2 3,4 5,6 7,8 9",
            "1,2 3,4 5,6 7,8 9,inf",
            "1,2 3,4 5,6 7,8 9,10 11,12",
        ] {
            assert!(points(text).is_err(), "{text:?}");
        }
    }
}
