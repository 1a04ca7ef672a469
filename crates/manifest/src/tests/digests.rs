use std::path::Path;

use super::{parse, text};
use crate::{Golden, Manifest, sha256, write_digest};

fn golden() -> Golden {
    let samples = (0u8..64).map(|n| f32::from(n) / 32.0 - 1.0).collect();
    Golden {
        outputs: vec![("out:0".to_owned(), samples)],
        map: Some(vec![0x12, 0xab, 0x00]),
        tolerance: 0.005,
    }
}

#[test]
fn what_is_written_is_read_again() {
    let digest = sha256(b"weights");
    let written = write_digest(text("full-effect"), 7, &digest, Some(&golden())).unwrap();
    let manifest = parse("full-effect", &written).unwrap();
    assert_eq!(
        (manifest.weights.size, manifest.weights.sha256),
        (7, digest)
    );
    assert_eq!(manifest.golden, Some(golden()));
    let again = write_digest(&written, 7, &digest, Some(&golden())).unwrap();
    assert_eq!(again, written);
}

#[test]
fn a_draft_becomes_a_manifest() {
    let good = text("full-effect");
    let from = good.find("[golden]").unwrap();
    let to = good.find("[provenance]").unwrap();
    let mut draft = format!("{}{}", &good[..from], &good[to..]);
    for line in [
        "size = 1234\n",
        "sha256 = \"00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF\"\n",
    ] {
        assert!(draft.contains(line));
        draft = draft.replacen(line, "", 1);
    }
    assert!(parse("full-effect", &draft).is_err());
    assert!(Manifest::parse_draft(&draft, Path::new("full-effect.toml")).is_ok());
    let written = write_digest(&draft, 7, &sha256(b"weights"), Some(&golden())).unwrap();
    assert_eq!(
        parse("full-effect", &written).unwrap().golden,
        Some(golden())
    );
}

#[test]
fn comments_order_and_everything_else_stay() {
    let commented = "# At the top.\nid = \"x\" # the id\n\n[weights] # of the network\n# about the file\n\
                     file = 'x.onnx'\nsize = 1 # bytes\nsha256 = \"\"   # to come\n\n# last\n[a.b]\nc={d=1}\n";
    let digest = [0xab; 32];
    let written = write_digest(commented, 99, &digest, None).unwrap();
    let expected = commented.replacen("size = 1 #", "size = 99 #", 1).replacen(
        "sha256 = \"\"",
        &format!("sha256 = \"{}\"", "ab".repeat(32)),
        1,
    );
    assert_eq!(written, expected);
}

#[test]
fn a_comment_above_the_golden_vector_stays_and_old_samples_go() {
    let old = text("full-effect").replacen("[golden]", "# Once more after training.\n[golden]", 1);
    let mut new = golden();
    new.outputs[0].0 = "mask".to_owned();
    let written = write_digest(&old, 7, &[0; 32], Some(&new)).unwrap();
    assert!(written.contains("# Once more after training.\n[golden]\ntolerance = 0.005\n"));
    assert!(!written.contains("\"out:0\" ="), "{written}");
}

#[test]
fn without_a_golden_vector_the_one_that_is_there_stays() {
    let written = write_digest(text("full-effect"), 1234, &[1; 32], None).unwrap();
    assert_eq!(
        parse("full-effect", &written).unwrap().golden,
        super::good("full-effect").golden
    );
}

#[test]
fn samples_are_written_to_five_decimals_and_eight_a_line() {
    let mut golden = golden();
    golden.outputs[0].1 = vec![1.0 / 3.0, -0.000_001, 1.0, -1.0, 0.1, 0.2, 0.3, 0.4, 100.5];
    let written = write_digest(text("full-effect"), 7, &[0; 32], Some(&golden)).unwrap();
    let expected =
        "\"out:0\" = [\n    0.33333, 0.0, 1.0, -1.0, 0.1, 0.2, 0.3, 0.4,\n    100.5,\n]\n";
    assert!(written.contains(expected), "{written}");
}

#[test]
fn something_else_in_the_place_of_a_table_is_refused() {
    let error = write_digest("weights = 3\n", 1, &[0; 32], None)
        .unwrap_err()
        .to_string();
    assert!(error.contains("[weights]"), "{error}");
}
