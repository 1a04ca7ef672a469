//! Installing and taking away, with wheels made here and a script for pip.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "these are tests")]

mod suite;

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::process::Command;

use diat_install::{Error, Event, Install, Kind, Library, Pin, Wheel, installed, remove};
use suite::{User, names};

#[test]
fn what_was_installed_is_found_whole_and_nothing_else_is_left() {
    let user = User::new();
    let pin = user.runtime("1.31.1", Kind::Cuda);
    let outcome = user.install(&pin).unwrap();
    assert!(user.has(&pin) && !outcome.was_there);
    assert_eq!(user.names(), ["onnxruntime-1.31.1-cuda"]);
    let unpacked = names(&outcome.installed.folder);
    let wanted = [
        "libcublas.so.13",
        "libcudart.so.13",
        "libonnxruntime.so.1.31.1",
    ];
    assert_eq!(unpacked, wanted);
    assert_eq!(outcome.installed.bytes, pin.bytes());
    assert_eq!(installed(&user.places), [outcome.installed]);
    // The wheels are of no use any more.
    assert!(
        pin.wheels
            .iter()
            .all(|wheel| !user.cache_of(wheel).exists())
    );
}

#[test]
fn pip_is_asked_for_one_wheel_by_name_platform_and_nothing_else() {
    let user = User::new();
    let pin = user.runtime("1.32.0", Kind::Cpu);
    user.install(&pin).unwrap();
    let [call] = user.calls().try_into().unwrap();
    for part in [
        "-m pip download",
        "--no-deps",
        "--only-binary=:all:",
        "--platform manylinux_2_28_x86_64",
        "--implementation cp --python-version 3.11",
    ] {
        assert!(call.contains(part), "{call}");
    }
    assert!(call.ends_with(" onnxruntime==1.32.0"), "{call}");
    assert!(!call.contains("://") && !call.contains("index"), "{call}");
}

#[test]
fn a_wheel_with_the_right_digest_is_not_fetched_again() {
    let user = User::new();
    let pin = user.runtime("1.31.1", Kind::Cuda);
    let [first, second] = [pin.wheels[0], pin.wheels[1]];
    // The first attempt gets no further than the first wheel.
    let hidden = user.registry().join("hidden");
    fs::rename(user.registry().join(second.requirement), &hidden).unwrap();
    let error = user.install(&pin).unwrap_err();
    assert!(matches!(error, Error::Pip { .. }), "{error}");
    assert_eq!(names(&user.cache_of(&first)).len(), 1);
    fs::rename(&hidden, user.registry().join(second.requirement)).unwrap();
    user.install(&pin).unwrap();
    assert!(user.has(&pin));
    let asked = |wheel: Wheel| {
        let calls = user.calls();
        calls
            .iter()
            .filter(|call| call.ends_with(wheel.requirement))
            .count()
    };
    assert_eq!((asked(first), asked(second)), (1, 2));
}

#[test]
fn a_half_download_is_fetched_anew() {
    let user = User::new();
    let pin = user.runtime("1.32.0", Kind::Cpu);
    let folder = user.cache_of(&pin.wheels[0]);
    let unfinished = folder.join("pip-unpack-k3j2");
    fs::create_dir_all(&unfinished).unwrap();
    let whole = fs::read(user.registry().join(pin.wheels[0].requirement)).unwrap();
    for file in [&unfinished, &folder] {
        fs::write(file.join("onnxruntime.whl"), &whole[..whole.len() / 2]).unwrap();
    }
    let seen = RefCell::new(Vec::new());
    let look = &mut |event: Event<'_>| {
        if let Event::Unpacking { .. } = event {
            *seen.borrow_mut() = names(&folder);
        }
    };
    user.install_and(&pin, &|_| Ok(()), look).unwrap();
    assert!(user.has(&pin));
    assert_eq!(*seen.borrow(), ["onnxruntime==1.32.0.whl"]);
}

#[test]
fn other_bytes_than_pinned_are_refused_deleted_and_named() {
    let user = User::new();
    let old = user.runtime("1.30.0", Kind::Cpu);
    user.install(&old).unwrap();
    let new = user.runtime("1.32.0", Kind::Cpu);
    let wheel = new.wheels[0];
    let mut bytes = fs::read(user.registry().join(wheel.requirement)).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(user.registry().join(wheel.requirement), bytes).unwrap();
    let error = user.install(&new).unwrap_err();
    let Error::Digest {
        requirement,
        found,
        pinned,
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!(
        (requirement.as_str(), pinned.as_str()),
        (wheel.requirement, wheel.sha256)
    );
    assert!(found.len() == 64 && found != pinned, "{found}");
    assert!(error.to_string().contains("pip config list"), "{error}");
    assert!(!user.cache_of(&wheel).exists());
    assert!(user.has(&old));
}

#[test]
fn what_pip_says_is_passed_on() {
    let user = User::new();
    let pin = user.runtime("1.32.0", Kind::Cpu);
    fs::remove_file(user.registry().join(pin.wheels[0].requirement)).unwrap();
    let mut heard = Vec::new();
    let hear = &mut |event: Event<'_>| {
        if let Event::Pip(line) = event {
            heard.push(line.to_owned());
        }
    };
    let error = user
        .install_and(&pin, &|_| Ok(()), hear)
        .unwrap_err()
        .to_string();
    let said = "ERROR: No matching distribution found for onnxruntime==1.32.0";
    assert!(
        error.contains(said) && error.contains("pip config list"),
        "{error}"
    );
    assert_eq!(heard, [said]);
}

#[test]
fn one_runtime_takes_the_place_of_the_other_whichever_is_newer() {
    let user = User::new();
    let cpu = user.runtime("1.32.0", Kind::Cpu);
    let cuda = user.runtime("1.31.1", Kind::Cuda);
    for (pin, name) in [
        (&cpu, "onnxruntime-1.32.0-cpu"),
        (&cuda, "onnxruntime-1.31.1-cuda"),
        (&cpu, "onnxruntime-1.32.0-cpu"),
    ] {
        user.install(pin).unwrap();
        assert!(user.has(pin));
        assert_eq!(user.names(), [name]);
    }
}

#[test]
fn what_is_there_and_whole_is_left_alone() {
    let user = User::new();
    let pin = user.runtime("1.32.0", Kind::Cpu);
    user.install(&pin).unwrap();
    let again = user.install(&pin).unwrap();
    assert!(again.was_there && again.replaced.is_empty());
    assert_eq!(user.calls().len(), 1);
}

#[test]
fn what_is_there_and_not_whole_or_does_not_work_is_made_anew() {
    let user = User::new();
    let pin = user.runtime("1.32.0", Kind::Cpu);
    let first = user.install(&pin).unwrap().installed.folder;
    fs::write(first.join("libonnxruntime.so.1.32.0"), "half").unwrap();
    let second = user.install(&pin).unwrap();
    assert!(user.has(&pin) && !second.was_there && second.replaced.len() == 1);
    let second = second.installed.folder;
    let works = |library: &Path| match library.starts_with(&second) {
        true => Err("broken on the disk".to_owned()),
        false => Ok(()),
    };
    user.install_and(&pin, &works, &mut |_| {}).unwrap();
    assert!(user.has(&pin) && !second.exists());
    assert_eq!(user.names().len(), 1);
}

#[test]
fn what_does_not_work_here_replaces_nothing() {
    let user = User::new();
    let old = user.runtime("1.30.0", Kind::Cpu);
    user.install(&old).unwrap();
    let new = user.runtime("1.32.0", Kind::Cpu);
    let check = |library: &Path| Err(format!("{} needs a newer system", library.display()));
    let error = user
        .install_and(&new, &check, &mut |_| {})
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("1.32.0") && error.contains("needs a newer system"),
        "{error}"
    );
    assert!(user.has(&old));
    assert_eq!(user.names(), ["onnxruntime-1.30.0-cpu"]);
}

#[test]
fn a_wheel_that_lacks_a_library_or_has_another_is_named() {
    let user = User::new();
    let good = user.runtime("1.32.0", Kind::Cpu);
    for (name, bytes, told) in [
        (
            "libonnxruntime.so.1.33.0",
            700_000,
            "it holds no libonnxruntime.so.1.33.0",
        ),
        (
            "libonnxruntime.so.1.32.0",
            700_001,
            "has 700000 bytes, pinned are 700001",
        ),
    ] {
        let libraries: &[Library] = vec![Library { name, bytes }].leak();
        let wheel = Wheel {
            libraries,
            ..good.wheels[0]
        };
        let pin = Pin {
            wheels: vec![wheel].leak(),
            ..good
        };
        let error = user.install(&pin).unwrap_err().to_string();
        assert!(error.contains(".whl") && error.contains(told), "{error}");
        assert_eq!(user.names(), [""; 0]);
    }
}

#[test]
fn too_little_room_is_told_before_anything_is_fetched() {
    let user = User::new();
    let mut pin = user.runtime("1.32.0", Kind::Cpu);
    let wheel = Wheel {
        bytes: 1 << 60,
        ..pin.wheels[0]
    };
    pin.wheels = vec![wheel].leak();
    let error = user.install(&pin).unwrap_err();
    assert!(
        matches!(error, Error::Space { needed, .. } if needed > 1 << 60),
        "{error}"
    );
    assert!(error.to_string().contains("make room"), "{error}");
    assert_eq!(user.calls(), [""; 0]);
}

/// Something mounted; unmounted at the end.
struct Mount(std::path::PathBuf);

impl Mount {
    fn new(folder: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(folder).unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(folder);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        if !mounted {
            println!("skipped: a small file system cannot be mounted here");
        }
        mounted.then(|| Self(folder.to_owned()))
    }

    fn read_only(&self) {
        let mut mount = Command::new("mount");
        mount.args(["-o", "remount,ro"]).arg(&self.0);
        assert!(mount.status().unwrap().success());
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_disk_that_fills_up_leaves_the_old_runtime_and_no_rest() {
    let user = User::new();
    let Some(_mount) = Mount::new(user.places.data_dir(), "size=64m") else {
        return;
    };
    let old = user.runtime("1.30.0", Kind::Cpu);
    user.install(&old).unwrap();
    let new = user.runtime("1.32.0", Kind::Cpu);
    let others = user.places.data_dir().join("others");
    // Somebody else takes the room after it was found to be enough.
    let fill = &mut |event: Event<'_>| {
        if let Event::Fetching { .. } = event {
            let mut file = fs::File::create(&others).unwrap();
            while std::io::Write::write(&mut file, &[1; 1 << 16]).is_ok() {}
        }
    };
    let error = user
        .install_and(&new, &|_| Ok(()), fill)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("libonnxruntime.so.1.32.0") && error.contains("make room"),
        "{error}"
    );
    assert!(user.has(&old));
    assert_eq!(user.names(), ["onnxruntime-1.30.0-cpu"]);
    fs::remove_file(&others).unwrap();
    user.install(&new).unwrap();
    assert!(user.has(&new));
    assert_eq!(user.calls().len(), 2, "the wheel was kept");
}

#[test]
fn a_folder_that_cannot_be_written_is_named_with_what_to_do() {
    let user = User::new();
    let Some(mount) = Mount::new(user.places.data_dir(), "size=1m") else {
        return;
    };
    mount.read_only();
    let pin = user.runtime("1.32.0", Kind::Cpu);
    let error = user.install(&pin).unwrap_err().to_string();
    let folder = user.places.runtime_dir().display().to_string();
    assert!(
        error.contains(&folder) && error.contains("XDG_DATA_HOME"),
        "{error}"
    );
    assert_eq!(user.calls(), [""; 0]);
}

#[test]
fn a_file_where_the_folder_should_be_is_named() {
    let user = User::new();
    fs::create_dir(user.places.data_dir()).unwrap();
    fs::write(user.places.runtime_dir(), "").unwrap();
    let pin = user.runtime("1.32.0", Kind::Cpu);
    let error = user.install(&pin).unwrap_err().to_string();
    let folder = user.places.runtime_dir().display().to_string();
    assert!(
        error.contains(&folder) && error.contains("creating it failed"),
        "{error}"
    );
}

#[test]
fn remove_takes_away_what_was_installed_and_leaves_what_was_not() {
    let user = User::new();
    let pin = user.runtime("1.32.0", Kind::Cpu);
    user.install(&pin).unwrap();
    let unfinished = user.places.runtime_dir().join(".unfinished-new");
    fs::create_dir(&unfinished).unwrap();
    let mine = user.places.runtime_dir().join("libonnxruntime.so.1.25.0");
    fs::write(&mine, "mine").unwrap();
    let removed = remove(&user.places, &user.downloads(), &mut |_| {}).unwrap();
    assert_eq!(
        (removed.runtimes.len(), removed.by_hand),
        (1, vec![mine.clone()])
    );
    assert_eq!(user.names(), ["libonnxruntime.so.1.25.0"]);
    assert_eq!(user.places.runtime_library().unwrap(), Some(mine.clone()));
    fs::remove_file(&mine).unwrap();
    let removed = remove(&user.places, &user.downloads(), &mut |_| {}).unwrap();
    assert!(removed.runtimes.is_empty() && removed.by_hand.is_empty());
    assert!(!user.places.runtime_dir().exists());
}

#[test]
fn two_at_once_take_turns_and_fetch_once() {
    let user = User::new();
    let pin = user.runtime("1.32.0", Kind::Cpu);
    std::thread::scope(|scope| {
        let one = scope.spawn(|| user.install(&pin).unwrap());
        let other = scope.spawn(|| user.install(&pin).unwrap());
        let there = [one, other].map(|thread| thread.join().unwrap().was_there);
        assert!(there.contains(&true) && there.contains(&false), "{there:?}");
    });
    assert!(user.has(&pin));
    assert_eq!((user.calls().len(), user.names().len()), (1, 1));
}

#[test]
fn wheels_that_others_use_can_be_kept() {
    let user = User::new();
    let pin = user.runtime("1.32.0", Kind::Cpu);
    let install = Install {
        places: &user.places,
        pin: &pin,
        downloads: &user.downloads(),
        keep_downloads: true,
        check: &|_| Ok(()),
    };
    install.run(&mut |_| {}).unwrap();
    assert_eq!(names(&user.cache_of(&pin.wheels[0])).len(), 1);
}

#[test]
fn any_files_of_a_wheel_come_out_where_they_are_wanted_and_never_outside() {
    let user = User::new();
    let wheel = user.wheel("torch", "2", &[("libtorch_cpu.so", 300_000)]);
    let wheels = [wheel];
    let folder = user.folder().join("tree");
    let place = |member: &str| {
        let name = member.rsplit('/').next()?;
        name.starts_with("lib").then(|| Path::new("lib").join(name))
    };
    let downloads = user.downloads();
    let unpack = |place| downloads.unpack_members(&wheels, &folder, place, &mut |_| {});
    unpack(&place).unwrap();
    assert_eq!(names(&folder), ["lib"]);
    assert_eq!(
        names(&folder.join("lib")),
        ["libother.so", "libtorch_cpu.so"]
    );
    let unpacked = fs::read(folder.join("lib/libtorch_cpu.so")).unwrap();
    assert_eq!(unpacked, suite::content("libtorch_cpu.so", "2", 300_000));

    let outside = unpack(&|_| Some(Path::new("..").join("escaped"))).unwrap_err();
    assert!(
        outside.to_string().contains("leave the folder"),
        "{outside}"
    );
    assert!(!user.folder().join("escaped").exists());
    // Fetched once, and kept.
    assert_eq!(user.calls().len(), 1);
}
