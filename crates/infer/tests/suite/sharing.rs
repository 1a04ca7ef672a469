//! One process opens a network once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};

use diat_infer::{Device, Error, Level, open};
use diat_places::Places;

use super::networks::scaled;
use super::{digest, open_on, quiet};

pub fn many_who_open_at_once_share_one_network_that_is_read_once(places: &Places) {
    let (mut spec, bytes) = scaled();
    spec.id = "opened by many".to_owned();
    let (reads, start) = (AtomicUsize::new(0), Barrier::new(16));
    let read = || {
        reads.fetch_add(1, Ordering::SeqCst);
        Ok(bytes.clone())
    };
    let open = || {
        start.wait();
        open(
            places,
            &spec,
            &digest(&bytes),
            &read,
            Device::Cpu,
            1,
            &quiet,
        )
        .unwrap()
    };
    let networks: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(open)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(
        networks
            .iter()
            .all(|network| Arc::ptr_eq(network, &networks[0]))
    );
    assert_eq!(reads.load(Ordering::SeqCst), 1);
}

pub fn another_device_or_description_is_another_network(places: &Places) {
    let (mut spec, bytes) = scaled();
    spec.id = "described".to_owned();
    let first = open_on(places, &spec, &bytes, Device::Cpu, 1).unwrap();
    assert!(Arc::ptr_eq(
        &first,
        &open_on(places, &spec, &bytes, Device::Cpu, 1).unwrap()
    ));
    assert!(!Arc::ptr_eq(
        &first,
        &open_on(places, &spec, &bytes, Device::Auto, 1).unwrap()
    ));
    spec.id = "described otherwise".to_owned();
    assert!(!Arc::ptr_eq(
        &first,
        &open_on(places, &spec, &bytes, Device::Cpu, 1).unwrap()
    ));
}

pub fn bytes_that_were_not_announced_are_refused_and_the_next_try_may_pass(places: &Places) {
    let (mut spec, bytes) = scaled();
    spec.id = "announced".to_owned();
    let announced = digest(&bytes);
    let attempt = |bytes: Vec<u8>| {
        open(
            places,
            &spec,
            &announced,
            &|| Ok(bytes.clone()),
            Device::Cpu,
            1,
            &quiet,
        )
    };
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    assert!(matches!(attempt(flipped), Err(Error::Digest { .. })));
    let gone = || Err("the disk is gone".into());
    let error = open(places, &spec, &announced, &gone, Device::Cpu, 1, &quiet).unwrap_err();
    assert!(error.to_string().contains("the disk is gone"), "{error}");
    assert!(attempt(bytes).is_ok());
}

pub fn the_first_sets_the_threads_and_later_wishes_are_logged(places: &Places) {
    let (spec, bytes) = scaled();
    let lines = Mutex::new(Vec::new());
    let log = |_: Level, line: &str| lines.lock().unwrap().push(line.to_owned());
    let open = |threads| {
        open(
            places,
            &spec,
            &digest(&bytes),
            &|| Ok(bytes.clone()),
            Device::Cpu,
            threads,
            &log,
        )
        .unwrap()
    };
    // Whoever came first in this process, at least one of these two came later with another wish.
    drop((open(1), open(63)));
    let lines = lines.into_inner().unwrap();
    assert!(
        lines
            .iter()
            .any(|line| line.contains("63 threads were asked for")),
        "{lines:?}"
    );
}
