use std::path::Path;

use super::*;

/// A recipe without a fault; a test changes lines of it.
const GOOD: &str = include_str!("tests/good.toml");

fn parse(text: &str, sets: &[&str]) -> Result<Recipe, Vec<String>> {
    let sets: Vec<_> = sets.iter().map(|set| (*set).to_owned()).collect();
    Recipe::parse(text, Path::new("r.toml"), &sets)
        .map_err(|faults| faults.iter().map(Fault::to_string).collect())
}

fn good() -> Recipe {
    parse(GOOD, &[]).unwrap()
}

/// The faults of the good recipe with a line replaced, each with the line's number.
fn faults(old: &str, new: &str) -> (usize, Vec<String>) {
    assert_eq!(GOOD.matches(old).count(), 1, "{old}");
    let line = GOOD[..GOOD.find(old).unwrap()].matches('\n').count() + 1;
    let faults = parse(&GOOD.replace(old, new), &[]).expect_err(new);
    (line, faults)
}

#[test]
fn a_resolved_recipe_reads_as_the_same() {
    for sets in [
        &[][..],
        &["schedule.algorithm=alternate", "average=", "adaptation="],
        &[
            "loss.perceptual.on={vgg-face='a b.pth'}",
            "loss.smoothness={tv={weight=1}}",
        ],
    ] {
        let recipe = parse(GOOD, sets).unwrap();
        let text = recipe.to_toml().unwrap();
        assert_eq!(parse(&text, &[]).unwrap(), recipe, "{text}");
    }
}

#[test]
fn serde_alone_reads_the_same() {
    assert_eq!(toml::from_str::<Recipe>(GOOD).unwrap(), good());
}

#[test]
fn each_fault_names_its_line_its_key_what_was_found_and_what_is_allowed() {
    for (old, new, key, says) in [
        (
            "size = 64",
            "size = 100",
            "network.size",
            "found 100, allowed: a multiple of 32",
        ),
        (
            "size = 64",
            "size = \"big\"",
            "network.size",
            "found \"big\", allowed: a whole number",
        ),
        (
            "size = 64",
            "size = -32",
            "network.size",
            "found -32, allowed: a whole number",
        ),
        (
            "size = 64",
            "sise = 64",
            "network.sise",
            "write `size` if that is meant",
        ),
        (
            "mask-bias = 0.3",
            "mask-bias = nan",
            "network.mask-bias",
            "allowed: a finite number",
        ),
        (
            "l1 = true",
            "l1 = 1",
            "pretrain.l1",
            "found 1, allowed: true or false",
        ),
        (
            "label = \"Example\"",
            "label = 3",
            "label",
            "found 3, allowed: text in quotes",
        ),
        (
            "id = \"example\"",
            "id = \"No Id\"",
            "id",
            "lower-case letters",
        ),
        (
            "version = \"0.1.0\"",
            "version = \"1\"",
            "version",
            "three numbers",
        ),
        (
            "disclosure = \"Made.\"",
            "disclosure = \"\"",
            "disclosure",
            "characters",
        ),
        (
            "nose = [64, 75]",
            "nose = [64]",
            "template.nose",
            "found [64], allowed: a list of 2",
        ),
        (
            "nose = [64, 75]",
            "nose = [64, 1000]",
            "template.nose",
            "a point of the crop",
        ),
        (
            "right-eye = [88, 46]",
            "right-eye = [42, 46]",
            "template.right-eye",
            "to the right of",
        ),
        (
            "share = 0.3 #",
            "share = 1.2 #",
            "loss.ratio.share",
            "between 0 and 1",
        ),
        (
            "gan = \"hinge\"",
            "gan = \"wgan\"",
            "schedule.clip",
            "since loss.gan is wgan",
        ),
        (
            "gan = \"hinge\"",
            "gan = \"gan\"",
            "loss.gan",
            "one of: wgan, original, hinge",
        ),
        (
            "rounds = 7",
            "rounds = 7\nclip = 0.1",
            "schedule.clip",
            "since loss.gan is not wgan",
        ),
        (
            "l1 = 1.0",
            "reconstruction = 0.01",
            "loss.reconstruction",
            "only hallucination",
        ),
        ("l1 = 1.0", "l1 = -1", "loss.l1", "a weight, 0 or more"),
        (
            "l1 = 1.0",
            "outside = 1",
            "loss.outside",
            "no [network.region]",
        ),
        (
            "adversarial = 1.0",
            "adversarial = 0",
            "loss.perceptual.on",
            "there is no D",
        ),
        (
            "on = \"discriminator\"",
            "on = \"vgg-face\"",
            "loss.perceptual.on.vgg-face",
            "found nothing",
        ),
        (
            "on = \"discriminator\"",
            "on = { judge = 0 }",
            "loss.perceptual.on.judge",
            "from 1",
        ),
        (
            "mask = true",
            "mask = false",
            "loss.ratio",
            "since network.mask is false",
        ),
        (
            "d-steps = 12",
            "d-steps = 0",
            "schedule.algorithm.paper.d-steps",
            "from 1 to",
        ),
        (
            "d-steps = 12",
            "d_steps = 12",
            "schedule.algorithm.paper.d_steps",
            "write `d-steps`",
        ),
        (
            "beta1 = 0.25,",
            "beta1 = 1,",
            "pretrain.transform.optimiser.solver.adam.beta1",
            "below 1",
        ),
        (
            "beta1 = 0.25,",
            "",
            "pretrain.transform.optimiser.solver.adam.beta1",
            "found nothing, allowed: a finite",
        ),
        (
            "decay = 0.995",
            "decay = 1",
            "average.decay",
            "between 0 and 1",
        ),
        (
            "log-every = 2",
            "log-every = 0",
            "run.log-every",
            "from 1 to",
        ),
        (
            "attribute = \"Eyeglasses\"",
            "attribute = \"Young\"",
            "loss.pairs.of",
            "Eyeglasses go from true",
        ),
        (
            "attribute = \"Eyeglasses\"",
            "attribute = \"\"",
            "task.transfer",
            "names of columns",
        ),
    ] {
        let (line, faults) = faults(old, new);
        let told = |fault: &String| fault.contains(&format!(" {key}: ")) && fault.contains(says);
        assert!(faults.iter().any(told), "{new}: {faults:#?}");
        let place = format!("r.toml:{line}:");
        let at_line = |fault: &String| told(fault) && fault.starts_with(&place);
        // What is missing, or does not go with what was changed, has its fault elsewhere.
        let elsewhere = [
            "since",
            "no D",
            "found nothing",
            "go from true",
            "names of columns",
        ];
        let is_elsewhere = elsewhere.iter().any(|word| says.contains(word));
        assert!(
            is_elsewhere || faults.iter().any(at_line),
            "{place} {faults:#?}"
        );
    }
}

#[test]
fn a_denoiser_term_needs_a_denoiser() {
    let start = GOOD.find("[denoiser]").unwrap();
    let end = GOOD.find("[pretrain]").unwrap();
    let text = format!("{}{}", &GOOD[..start], &GOOD[end..]);
    let faults = parse(&text, &[]).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].contains("loss.smoothness: ") && faults[0].contains("[denoiser]"));
}

#[test]
fn all_faults_are_told_at_once_and_by_line() {
    let text = GOOD
        .replace("version = \"0.1.0\"\n", "")
        .replace("size = 64", "size = 65")
        .replace("gan = \"hinge\"", "gun = \"hinge\"")
        .replace("[run]", "[run]\nseeed = 3");
    let faults = parse(&text, &["average.decay=2", "nonsense"]).unwrap_err();
    let keys: Vec<_> = faults
        .iter()
        .map(|fault| fault.split(": found").next().unwrap())
        .collect();
    let line = |word: &str| text[..text.find(word).unwrap()].matches('\n').count() + 1;
    let expected = [
        "r.toml:1: version".to_owned(),
        format!("r.toml:{}: network.size", line("size = 65")),
        format!("r.toml:{}: loss.gan", line("[loss]")),
        format!("r.toml:{}: loss.gun", line("gun")),
        format!("r.toml:{}: run.seeed", line("seeed")),
        "--set average.decay=2: average.decay".to_owned(),
        "--set nonsense".to_owned(),
    ];
    assert_eq!(keys, expected, "{faults:#?}");
}

#[test]
fn what_is_no_toml_has_a_line() {
    let (line, faults) = faults("size = 64", "size 64");
    assert!(
        faults[0].starts_with(&format!("r.toml:{line}: ")),
        "{faults:?}"
    );
    assert!(
        faults[0].contains("`size 64`") || faults[0].contains("size 64"),
        "{faults:?}"
    );
}

#[test]
fn set_replaces_adds_and_takes_away() {
    let recipe = parse(
        GOOD,
        &[
            "network.size=128",
            "label=Two words",
            "average=",
            "loss.cycle=2",
            "schedule.algorithm.paper.n-steps=1",
        ],
    )
    .unwrap();
    let mut expected = good();
    expected.network.size = 128;
    expected.label = "Two words".into();
    expected.average = None;
    expected.loss.cycle = 2.0;
    expected.schedule.algorithm = Algorithm::Paper {
        d_steps: 12,
        t_steps: 12,
        n_steps: 1,
    };
    assert_eq!(recipe, expected);
}

#[test]
fn a_wrong_set_is_named() {
    for (set, says) in [
        ("netwrk.size=128", "netwrk"),
        ("network.size=big", "found big"),
        ("network.size.x=1", "set `network.size` as a whole"),
        ("=1", "KEY=VALUE"),
    ] {
        let faults = parse(GOOD, &[set]).unwrap_err().join("\n");
        assert!(
            faults.contains(&format!("--set {set}")) && faults.contains(says),
            "{faults}"
        );
    }
}

#[test]
fn every_recipe_that_is_shipped_is_sound() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes");
    let files = std::fs::read_dir(&folder).into_iter().flatten();
    for file in files.map(|entry| entry.unwrap().path()) {
        let recipe = Recipe::read(&file, &[]);
        assert!(recipe.is_ok(), "{recipe:#?}");
    }
}
