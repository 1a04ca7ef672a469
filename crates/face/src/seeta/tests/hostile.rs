//! Files that lie and pictures that nobody took.

use super::*;

#[test]
fn a_file_that_ends_early_is_refused_where_it_ends() {
    let bytes = bytes();
    for length in (0..bytes.len())
        .step_by(997)
        .chain([1, 2, 3, bytes.len() - 1])
    {
        let damage = Cascade::read(&bytes[..length]).unwrap_err().to_string();
        assert!(damage.contains("at byte "), "{length}: {damage}");
    }
    let mut long = bytes.clone();
    long.push(0);
    let damage = Cascade::read(&long).unwrap_err();
    assert_eq!(
        damage.to_string(),
        format!(
            "at byte {}, end of the cascade: found 1 more bytes, allowed none",
            bytes.len()
        )
    );
}

#[test]
fn a_count_a_place_or_a_number_that_cannot_be_is_refused_and_named() {
    // The offsets of the first words, by the format.
    let cases: [(usize, [u8; 4], &str); 8] = [
        (
            0,
            i32::MAX.to_le_bytes(),
            "at byte 0, levels: found 2147483647, allowed 2 to 8",
        ),
        (
            4,
            (-1_i32).to_le_bytes(),
            "at byte 4, models of the first level",
        ),
        (
            12,
            1_i32.to_le_bytes(),
            "kind of a stage of the first level: found 1, allowed 0",
        ),
        (16, 4096_i32.to_le_bytes(), "at byte "),
        (
            20,
            256_i32.to_le_bytes(),
            "bins of a boosted classifier: found 256, allowed 255",
        ),
        (
            24,
            32_i32.to_le_bytes(),
            "x of a feature: found 32, allowed 0 to 31",
        ),
        (
            28,
            (-3_i32).to_le_bytes(),
            "y of a feature: found -3, allowed 0 to 31",
        ),
        (
            24 + 150 * 8,
            f32::NAN.to_le_bytes(),
            "thresholds of a boosted classifier: found NaN, allowed finite numbers",
        ),
    ];
    for (at, word, expected) in cases {
        let mut bytes = bytes();
        bytes[at..at + 4].copy_from_slice(&word);
        let damage = Cascade::read(&bytes).unwrap_err().to_string();
        assert!(damage.contains(expected), "{at}: {damage}");
    }
}

/// Words of chance, of the extremes, and of what is somewhere else in the file.
fn mutated(bytes: &[u8], random: &mut SplitMix64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let words = bytes.len() / 4;
    // Half of the changes hit the counts at the front or between the models, where structure is.
    for _ in 0..=random.next_u64() % 4 {
        let at = match random.next_u64() % 4 {
            0 => random.next_u64() as usize % 16,
            1 => {
                155_400 / 4 * (1 + random.next_u64() as usize % 3) + random.next_u64() as usize % 40
            }
            _ => random.next_u64() as usize % words,
        };
        let word = match random.next_u64() % 5 {
            0 => (random.next_u64() % 64) as i32,
            1 => [i32::MIN, -1, 0, 1, i32::MAX][random.next_u64() as usize % 5],
            2 => (f32::MAX * (random.next_u64() % 3) as f32 - f32::MAX).to_bits() as i32,
            _ => random.next_u64() as i32,
        };
        bytes[at * 4..at * 4 + 4].copy_from_slice(&word.to_le_bytes());
    }
    if random.next_u64().is_multiple_of(8) {
        bytes.truncate(random.next_u64() as usize % bytes.len());
    }
    bytes
}

/// A mutated file is refused, or is a cascade that only finds other things.
#[test]
fn no_change_of_the_file_brings_a_search_down() {
    fuzz(300);
}

#[test]
#[ignore = "thousands of files"]
fn no_change_of_the_file_brings_a_search_down_thousands_of_times() {
    fuzz(5000);
}

fn fuzz(count: usize) {
    let whole = bytes();
    let picture = drawn(5, 90, 110);
    let mut random = SplitMix64::stream(1, "fuzz");
    let (mut refused, mut read) = (0, 0);
    for _ in 0..count {
        match Cascade::read(&mutated(&whole, &mut random)) {
            Err(damage) => {
                assert!(damage.to_string().contains("at byte "));
                refused += 1;
            }
            Ok(cascade) => {
                let seeta = Seeta {
                    cascade,
                    score: 0.0,
                };
                for candidate in seeta.propose(&picture, 1, &|| false).unwrap() {
                    assert!(
                        candidate.bounds.iter().all(|v| v.is_finite()),
                        "{candidate:?}"
                    );
                }
                read += 1;
            }
        }
    }
    println!("{refused} files refused, {read} searched with");
    assert!(
        refused * 5 > count && read * 5 > count,
        "{refused} refused, {read} read"
    );
}

#[test]
fn noise_of_any_size_is_searched_to_the_end() {
    let seeta = seeta();
    let mut random = SplitMix64::stream(2, "noise");
    for _ in 0..300 {
        let mut side = || 1 + random.next_u64() as usize % 160;
        let (width, height) = (side(), side());
        let depth = random.next_u64() % 8;
        let mut pixel = || (random.next_u64() >> depth) as u8;
        let picture = Array2::from_shape_simple_fn((height, width), &mut pixel);
        seeta.propose(&picture, 1, &|| false).unwrap();
    }
}

/// Stripes of black and white have the steepest gradients there are; `rustface` overflows on them.
#[test]
fn the_steepest_gradients_are_added_up_exactly() {
    let mut pixels = [0; WINDOW * WINDOW];
    for (at, pixel) in pixels.iter_mut().enumerate() {
        *pixel = if at % 4 < 2 { 255 } else { 0 };
    }
    let mut surf = Surf::default();
    surf.take(&pixels);
    let whole = *surf::patches()
        .iter()
        .rfind(|patch| patch.is_whole())
        .unwrap();
    let mut values = [0.0; surf::PATCH_VALUES];
    surf.values(&whole, &mut values);
    let length: f32 = values.iter().map(|value| value * value).sum();
    assert!((length - 1.0).abs() < 1e-5, "{length}");
    // Only the gradients across are there, as steep to the left as to the right.
    assert!(values[1] > 0.4 && values[0].abs() < 0.1, "{values:?}");
}
