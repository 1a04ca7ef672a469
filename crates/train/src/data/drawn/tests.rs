use super::*;
use std::collections::BTreeMap;

/// Every file of a folder and its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    files
}

fn written(effect: Effect, seed: u64, out: &Path) {
    write(effect, 20, 64, seed, out, &|_| {}).unwrap();
}

fn read(path: PathBuf) -> image::RgbImage {
    image::open(path).unwrap().into_rgb8()
}

#[test]
fn half_of_each_partition_has_the_attribute_and_the_counterfactual_differs_only_there() {
    let folder = tempfile::tempdir().unwrap();
    written(Effect::EyeglassesOff, 3, folder.path());
    let list = fs::read_to_string(folder.path().join("list_attr_celeba.txt")).unwrap();
    let mut lines = list.lines();
    assert_eq!(lines.next(), Some("20"));
    assert_eq!(
        lines.next(),
        Some("Eyeglasses Male Mouth_Slightly_Open No_Beard Young")
    );
    for (index, line) in lines.enumerate() {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap();
        assert_eq!(words.next(), Some(if index % 2 == 0 { "1" } else { "-1" }));
        let face = read(folder.path().join("img_celeba").join(name));
        let other = read(folder.path().join(COUNTERFACTUAL).join(name));
        assert_eq!(face.dimensions(), other.dimensions());
        let (width, height) = face.dimensions();
        assert!((256..=400).contains(&width) && (256..=400).contains(&height));
        let changed = face.pixels().zip(other.pixels()).filter(|(a, b)| a != b);
        let share = changed.count() as f64 / f64::from(width * height);
        assert!((0.01..0.2).contains(&share), "{name}: {share} differs");
    }
    let partitions: Vec<u8> = (0..20).map(|index| partition(index, 20)).collect();
    assert_eq!(partitions[..16], [0; 16]);
    assert_eq!(partitions[16..], [1, 1, 2, 2]);
}

#[test]
fn the_same_seed_gives_the_same_bytes_also_after_an_interruption_and_another_seed_others() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second, third] = ["1", "2", "3"].map(|name| folder.path().join(name));
    written(Effect::MouthOpen, 5, &first);
    // As a kill leaves it: the card is not there yet, pictures are missing, one was being written.
    written(Effect::MouthOpen, 5, &second);
    fs::rename(second.join(CARD), begun(&second.join(CARD))).unwrap();
    fs::remove_file(second.join("list_attr_celeba.txt")).unwrap();
    fs::remove_file(second.join("img_celeba/000007.png")).unwrap();
    fs::write(second.join("img_celeba/000007.png.part"), "half").unwrap();
    written(Effect::MouthOpen, 5, &second);
    let relative = |folder: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        let named = files(folder).into_iter();
        named
            .map(|(path, bytes)| (path.strip_prefix(folder).unwrap().to_owned(), bytes))
            .collect()
    };
    assert!(relative(&first) == relative(&second));
    written(Effect::MouthOpen, 6, &third);
    let picture = "img_celeba/000001.png";
    assert!(fs::read(first.join(picture)).unwrap() != fs::read(third.join(picture)).unwrap());
}

#[test]
fn a_folder_with_anything_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
    let fault = write(Effect::MouthClose, 20, 64, 1, folder.path(), &|_| {}).unwrap_err();
    assert!(
        fault.to_string().contains("thesis.txt is there already"),
        "{fault}"
    );
    let set = folder.path().join("set");
    written(Effect::MouthClose, 1, &set);
    let before = files(&set);
    written(Effect::MouthClose, 1, &set);
    let fault = write(Effect::MouthClose, 20, 64, 2, &set, &|_| {}).unwrap_err();
    assert!(fault.to_string().contains("another drawn set"), "{fault}");
    assert!(before == files(&set));
}

#[test]
fn numbers_out_of_range_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let write = |count, size| write(Effect::MouthOpen, count, size, 1, folder.path(), &|_| {});
    let fault = write(19, 64).unwrap_err().to_string();
    assert_eq!(fault, "count is 19; allowed: 20 to 999999");
    let fault = write(20, 65).unwrap_err().to_string();
    assert_eq!(
        fault,
        "size is 65; allowed: multiples of 32 from 32 to 1024"
    );
}
