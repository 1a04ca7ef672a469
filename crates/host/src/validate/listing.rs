//! Loading the library and what it lists.

use std::fs;
use std::mem::offset_of;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use diat_plugin_abi::{diat_effect, diat_host, diat_param, diat_plugin};

use super::bench::Bench;
use super::host::Host;
use super::{Finding, Verdict, elf, ensure, look};
use crate::effects;

/// What the contract of this project's own library promises.
const QUICK: Duration = Duration::from_millis(20);
/// What a host can live with.
const SLOW: Duration = Duration::from_millis(100);

pub(crate) fn loads(bench: &Bench<'_>) -> Verdict {
    let all = effects::all(&bench.table()?);
    let ids: Vec<&str> = all.iter().map(|effect| effect.id.as_str()).collect();
    if ids.is_empty() {
        return Err(Finding::warned(
            "it lists no effect; --resources gives it some",
        ));
    }
    bench.note(ids.join(", "));
    bench.door().map(|_| ())
}

pub(crate) fn lists_quickly(bench: &Bench<'_>) -> Verdict {
    // Reading from a cold disk is not the library's time.
    let _ = fs::read(&bench.subject.library);
    let host = bench.host()?;
    let start = Instant::now();
    let table = bench.library()?.enter(&host.raw());
    let count = look::copy(table).map_or(0, |table| effects::all(&table).len());
    let took = start.elapsed();
    let text = format!("{:.1} ms for {count} effects", took.as_secs_f64() * 1e3);
    if took >= SLOW {
        return Err(Finding::failed(text));
    }
    if took >= QUICK {
        return Err(Finding::warned(text));
    }
    bench.note(text);
    Ok(())
}

pub(crate) fn entry_repeats(bench: &Bench<'_>) -> Verdict {
    let (library, host) = (bench.library()?, bench.host()?);
    let first = library.enter(&host.raw());
    ensure!(
        !first.is_null(),
        "it refuses this host: {}",
        host.last_line()
    );
    let other = bench.host()?;
    let changed = diat_host {
        name: std::ptr::null(),
        version: c"7".as_ptr(),
        max_threads: 5,
        log: None,
        ..other.raw()
    };
    let again = [
        ("the same host", library.enter(&host.raw())),
        (
            "another host with equal folders",
            library.enter(&other.raw()),
        ),
        (
            "one that has another name, thread count and log",
            library.enter(&raw const changed),
        ),
    ];
    for (what, table) in again {
        ensure!(
            table == first,
            "{what} gets another table than the first call"
        );
    }
    let elsewhere = Host::new(&[PathBuf::from("there-is-no-such-folder")])?;
    let tables = [(); 2].map(|()| library.enter(&elsewhere.raw()));
    ensure!(
        tables[0] == tables[1],
        "a host with other folders gets two tables"
    );
    Ok(())
}

pub(crate) fn one_exported_symbol(bench: &Bench<'_>) -> Verdict {
    let file = &bench.subject.library;
    let bytes = fs::read(file).map_err(|error| Finding::skipped(error.to_string()))?;
    let skipped = || Finding::skipped("not a 64-bit little-endian ELF file");
    let names = elf::exported(&bytes).ok_or_else(skipped)?;
    ensure!(
        names == ["diat_plugin_v1"],
        "it exports {}",
        names.join(", ")
    );
    Ok(())
}

/// The last field of version 1.0 of each struct ends here.
macro_rules! least {
    ($type:ty, $last:ident) => {
        (offset_of!($type, $last) + 8) as u32
    };
}

pub(crate) fn complete(bench: &Bench<'_>) -> Verdict {
    let table = bench.table()?;
    let least = least!(diat_plugin, extension);
    ensure!(
        table.size >= least,
        "the table's size is {}: at least {least}",
        table.size
    );
    let functions = [
        ("open", table.open.is_some()),
        ("render", table.render.is_some()),
        ("close", table.close.is_some()),
        ("extension", table.extension.is_some()),
    ];
    for (name, there) in functions {
        ensure!(there, "the table's `{name}` is null");
    }
    ensure!(
        !table.effects.is_null(),
        "the table's list of effects is null"
    );
    for described in look::effects(&table) {
        let id = look::words(described.effect.id);
        let (size, least) = (described.effect.size, least!(diat_effect, params));
        ensure!(size >= least, "{id}: its size is {size}: at least {least}");
        ensure!(
            !described.effect.params.is_null(),
            "{id}: its list of parameters is null"
        );
        let least = least!(diat_param, choices);
        for param in described.params {
            let name = look::words(param.id);
            ensure!(
                param.size >= least,
                "{id}, {name}: size {}: at least {least}",
                param.size
            );
        }
    }
    Ok(())
}

pub(crate) fn never_changes(bench: &Bench<'_>) -> Verdict {
    let (library, host) = (bench.library()?, bench.host()?);
    let table = library.enter(&host.raw());
    let read = || look::copy(table).map(|table| format!("{:?}", effects::all(&table)));
    let before = read();
    bench.step("opening, rendering, making mistakes, closing");
    super::manners::exercise(bench)?;
    ensure!(
        read() == before,
        "what the first table lists reads otherwise after a render"
    );
    Ok(())
}

#[cfg(unix)]
pub(crate) fn stays_loaded(bench: &Bench<'_>) -> Verdict {
    use super::calls::Library;
    let host = bench.host()?;
    bench.step("loading the library, closing it, and calling it");
    let library = Library::load_and_close(&bench.subject.library)?;
    let table = library.enter(&host.raw());
    ensure!(
        look::copy(table).is_some(),
        "after it was closed it refuses this host"
    );
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn stays_loaded(_: &Bench<'_>) -> Verdict {
    Err(Finding::skipped("tried on Unix alone"))
}
