use super::*;
use crate::data::fixture::Small;

fn report(small: &Small) -> Report {
    check(&Dataset::open(small.path(), None).unwrap()).unwrap()
}

#[test]
fn a_sound_set_is_clean_and_counted() {
    let small = Small::new();
    let report = report(&small);
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.faces, [8, 2, 2]);
    let glasses = Counts {
        attribute: "Eyeglasses".to_owned(),
        yes: [4, 1, 1],
        no: [3, 1, 1],
        unknown: [1, 0, 0],
    };
    assert_eq!(report.attributes[0], glasses);
    let text = report.to_string();
    assert!(
        text.contains("Eyeglasses                       4           1       1\n"),
        "{text}"
    );
    assert!(text.contains("unreadable: none\n"), "{text}");
}

#[test]
fn everything_wrong_is_named() {
    let small = Small::new();
    let picture = |number: usize| small.path().join(format!("img_celeba/{number:06}.png"));
    fs::write(picture(1), "no picture").unwrap();
    fs::copy(picture(2), picture(9)).unwrap();
    small.replace(
        "list_landmarks_celeba.txt",
        "000003.png 41.5",
        "000003.png 75.5",
    );
    small.replace(
        "list_landmarks_celeba.txt",
        "000004.png 41.5 46.25 87.5 46.25 64",
        "000004.png 41.5 46.25 87.5 46.25 99",
    );
    small.replace(
        "list_landmarks_celeba.txt",
        "000005.png 41.5 46.25",
        "000005.png 87.5 99",
    );
    small.replace("identity_CelebA.txt", "000012.png 111", "000012.png 100");
    let report = report(&small);
    assert!(!report.is_clean());
    assert_eq!(report.unreadable[0].0, "000001.png");
    assert_eq!(report.duplicates, [["000002.png", "000009.png"]]);
    assert_eq!(report.tiny, ["000003.png"]);
    assert!(report.turned.contains(&"000004.png".to_owned()));
    assert!(report.turned.contains(&"000005.png".to_owned()));
    assert_eq!(report.shared_identities, Some(vec![100]));
    assert!(
        serde_json::to_string(&report)
            .unwrap()
            .contains("\"shared_identities\":[100]")
    );
}

#[test]
fn the_digest_tells_sets_apart_and_not_where_they_lie() {
    let [first, second] = [Small::new(), Small::new()];
    let sum = |small: &Small| digest(&Dataset::open(small.path(), None).unwrap()).unwrap();
    let before = sum(&first);
    assert_eq!(before.len(), 64);
    assert_eq!(before, sum(&second));
    assert_eq!(before, report(&first).digest);
    second.replace(
        "list_attr_celeba.txt",
        "000002.png -1 -1",
        "000002.png -1  1",
    );
    assert_ne!(before, sum(&second));
    let picture = first.path().join("img_celeba/000012.png");
    crate::data::fixture::picture(12).save(picture).unwrap();
    assert_ne!(before, sum(&first));
}

#[test]
fn without_identities_nobody_is_said_to_be_in_one_partition_only() {
    let small = Small::new();
    fs::remove_file(small.path().join("identity_CelebA.txt")).unwrap();
    let report = report(&small);
    assert_eq!(report.shared_identities, None);
    assert!(report.to_string().contains("identities: not listed"));
}
