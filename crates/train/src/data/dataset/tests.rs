use super::*;
use crate::data::fixture::{Small, transfer};
use std::fs;

fn opened(small: &Small) -> Dataset {
    Dataset::open(small.path(), None).unwrap()
}

fn fault(small: &Small) -> String {
    let fault = Dataset::open(small.path(), None).unwrap_err().to_string();
    fault.replace(small.path().to_str().unwrap(), "DIR")
}

#[test]
fn everything_in_the_lists_is_read() {
    let small = Small::new();
    let dataset = opened(&small);
    assert_eq!(dataset.layout, Layout::Wild);
    assert_eq!(dataset.attributes, ["Eyeglasses", "Male"]);
    assert_eq!(dataset.faces.len(), 12);
    let face = &dataset.faces[2];
    assert_eq!(face.name, "000003.png");
    assert_eq!(face.path, small.path().join("img_celeba/000003.png"));
    assert_eq!(face.attributes, [None, Some(true)]);
    assert_eq!(face.identity, Some(102));
    assert_eq!(face.points[1], Point { x: 87.5, y: 46.25 });
    let partitions: Vec<usize> = dataset
        .faces
        .iter()
        .map(|face| face.partition as usize)
        .collect();
    assert_eq!(partitions, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2]);
}

#[test]
fn pictures_in_the_wild_win_unless_asked_otherwise_and_aligned_ones_do_alone() {
    let small = Small::new();
    small.copy_list(
        "list_landmarks_celeba.txt",
        "list_landmarks_align_celeba.txt",
    );
    fs::create_dir(small.path().join("img_align_celeba")).unwrap();
    assert_eq!(opened(&small).layout, Layout::Wild);
    let aligned = Dataset::open(small.path(), Some(Layout::Aligned)).unwrap();
    assert_eq!(
        aligned.faces[0].path,
        small.path().join("img_align_celeba/000001.png")
    );
    fs::remove_file(small.path().join("list_landmarks_celeba.txt")).unwrap();
    assert_eq!(opened(&small).layout, Layout::Aligned);
    assert!(Dataset::open(small.path(), Some(Layout::Wild)).is_err());
}

#[test]
fn celebas_own_folders_are_found() {
    let small = Small::new();
    for (part, names) in [
        (
            "Anno",
            &[
                "list_attr_celeba.txt",
                "list_landmarks_celeba.txt",
                "identity_CelebA.txt",
            ][..],
        ),
        ("Eval", &["list_eval_partition.txt"]),
        ("Img", &["img_celeba"]),
    ] {
        fs::create_dir(small.path().join(part)).unwrap();
        for name in names {
            fs::rename(small.path().join(name), small.path().join(part).join(name)).unwrap();
        }
    }
    let dataset = opened(&small);
    assert_eq!(
        dataset.faces[0].path,
        small.path().join("Img/img_celeba/000001.png")
    );
}

#[test]
fn identities_may_be_missing() {
    let small = Small::new();
    fs::remove_file(small.path().join("identity_CelebA.txt")).unwrap();
    assert!(
        opened(&small)
            .faces
            .iter()
            .all(|face| face.identity.is_none())
    );
}

#[test]
fn a_fault_names_file_and_line_what_was_found_and_what_is_allowed() {
    for (list, from, to, expected) in [
        (
            "list_attr_celeba.txt",
            "000004.png  1 -1",
            "000004.png  2 -1",
            "DIR/list_attr_celeba.txt:6: \"2\" is no value of an attribute (1, -1, or 0 for unknown)",
        ),
        (
            "list_attr_celeba.txt",
            "000004.png  1 -1",
            "000004.png  1",
            "DIR/list_attr_celeba.txt:6: \"000004.png  1\" is no line of a name and 2 values",
        ),
        (
            "list_attr_celeba.txt",
            "12\n",
            "13\n",
            "DIR/list_attr_celeba.txt:1: says 13 pictures, but 12 lines follow the names of its columns; take the list and the pictures from one place",
        ),
        (
            "list_attr_celeba.txt",
            "12\n",
            "000001.png 1 1\n",
            "DIR/list_attr_celeba.txt:1: \"000001.png 1 1\" is no number of pictures",
        ),
        (
            "list_attr_celeba.txt",
            "000004.png  1",
            "../4.png  1",
            "DIR/list_attr_celeba.txt:6: \"../4.png\" is no name of a picture in the folder",
        ),
        (
            "list_attr_celeba.txt",
            "000004.png  1",
            "000003.png  1",
            "DIR/list_attr_celeba.txt:6: \"000003.png\" is no name that is listed once",
        ),
        (
            "list_eval_partition.txt",
            "000004.png 0",
            "000004.png 3",
            "DIR/list_eval_partition.txt:4: \"000004.png\" is no partition (0, 1 or 2)",
        ),
        (
            "list_eval_partition.txt",
            "000004.png 0\n",
            "",
            "DIR/list_eval_partition.txt has no line for \"000004.png\", which DIR/list_attr_celeba.txt:6 has; take both lists from one place",
        ),
        (
            "list_landmarks_celeba.txt",
            "000002.png 41.5",
            "000002.png here",
            "DIR/list_landmarks_celeba.txt:4: \"here\" is no coordinate in pixels",
        ),
        (
            "list_landmarks_celeba.txt",
            "000002.png 41.5",
            "000002.png nan",
            "DIR/list_landmarks_celeba.txt:4: \"000002.png\" is no face with ten coordinates",
        ),
        (
            "identity_CelebA.txt",
            "000005.png 104",
            "000005.png Ada",
            "DIR/identity_CelebA.txt:5: \"Ada\" is no number of an identity",
        ),
    ] {
        let small = Small::new();
        small.replace(list, from, to);
        assert_eq!(fault(&small), expected);
    }
}

#[test]
fn what_is_no_data_set_is_told_what_one_is() {
    let small = Small::new();
    fs::remove_file(small.path().join("list_eval_partition.txt")).unwrap();
    assert!(fault(&small).starts_with("DIR: no data set: list_eval_partition.txt is not there; "));
    let empty = tempfile::tempdir().unwrap();
    let fault = Dataset::open(empty.path(), None).unwrap_err().to_string();
    assert!(fault.contains("with/ and without/"), "{fault}");
}

#[test]
fn sets_hold_known_faces_of_one_partition_that_meet_every_condition() {
    let dataset = opened(&Small::new());
    let sets = |task, partition| dataset.sets(&task, partition).unwrap();
    let glasses = sets(transfer("Eyeglasses", true), Partition::Training);
    assert_eq!(glasses.source, [0, 3, 5, 7]);
    assert_eq!(glasses.guided, [1, 4, 6]);
    assert_eq!(glasses.unknown, 1);
    let off = sets(transfer("Eyeglasses", false), Partition::Training);
    assert_eq!((off.source, off.guided), (glasses.guided, glasses.source));
    let test = sets(transfer("Eyeglasses", true), Partition::Test);
    assert_eq!((test.source, test.guided), (vec![11], vec![10]));
    let men = Task::Transfer {
        attribute: "Eyeglasses".to_owned(),
        from: true,
        only: vec![("Male".to_owned(), true)],
    };
    let men = sets(men, Partition::Training);
    assert_eq!(
        (men.source, men.guided, men.unknown),
        (vec![0], vec![4, 6], 1)
    );
    let all = sets(Task::Hallucinate { factor: 8 }, Partition::Validation);
    assert_eq!((all.source, all.guided), (vec![8, 9], vec![8, 9]));
}

#[test]
fn an_attribute_that_is_not_there_is_answered_with_those_that_are() {
    let small = Small::new();
    let task = transfer("Smiling", true);
    let fault = opened(&small).sets(&task, Partition::Training).unwrap_err();
    let fault = fault.to_string();
    assert!(
        fault.ends_with(
            "list_attr_celeba.txt: no attribute \"Smiling\"; there are: Eyeglasses, Male"
        ),
        "{fault}"
    );
}

#[test]
fn faces_that_the_plug_in_leaves_alone_are_left_out() {
    let small = Small::new();
    // Eyes of face 1 nearer than 16 pixels; the nose of face 2 far aside.
    small.replace(
        "list_landmarks_celeba.txt",
        "000001.png 41.5",
        "000001.png 75.5",
    );
    small.replace(
        "list_landmarks_celeba.txt",
        "000002.png 41.5 46.25 87.5 46.25 64",
        "000002.png 41.5 46.25 87.5 46.25 99",
    );
    let sets = opened(&small)
        .sets(&transfer("Eyeglasses", true), Partition::Training)
        .unwrap();
    assert_eq!((sets.source, sets.guided), (vec![3, 5, 7], vec![4, 6]));
    assert_eq!(sets.refused, 2);
}
