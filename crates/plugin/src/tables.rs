//! One table, one engine and one set of descriptors per distinct list of resource folders, kept until the process ends.

#![expect(
    unsafe_code,
    reason = "a table of raw pointers is shared between threads"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use diat_effects::Engine;
use diat_places::Places;
use diat_plugin_abi::{self as abi, Growable, diat_plugin};

use crate::descriptors::{effects, immortal};
use crate::{functions, own_file};

/// What belongs to one list of resource folders.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) plugin: diat_plugin,
    pub(crate) engine: Arc<Engine>,
}

// SAFETY: nothing that the pointers lead to ever changes or goes away.
unsafe impl Send for Table {}
// SAFETY: as above.
unsafe impl Sync for Table {}

/// The table of a list; the first call with it looks at the disk.
pub(crate) fn of(resource_dirs: &[PathBuf]) -> &'static Table {
    static ALL: Mutex<BTreeMap<Vec<PathBuf>, &'static Table>> = Mutex::new(BTreeMap::new());
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(table) = all.get(resource_dirs) {
        return table;
    }
    let table: &'static Table = Box::leak(Box::new(make(resource_dirs)));
    all.insert(resource_dirs.to_vec(), table);
    table
}

fn make(resource_dirs: &[PathBuf]) -> Table {
    let library = own_file::own_file();
    let engine = Engine::new(
        Places::from_environment(),
        resource_dirs,
        library.as_deref(),
    );
    let plugin = diat_plugin {
        abi_minor: abi::DIAT_ABI_MINOR,
        name: immortal("diat"),
        version: immortal(env!("CARGO_PKG_VERSION")),
        vendor: immortal("the diat project"),
        url: immortal(""),
        licence: immortal(env!("CARGO_PKG_LICENSE")),
        effects: effects(engine.effects()),
        open: Some(functions::open),
        render: Some(functions::render),
        close: Some(functions::close),
        extension: Some(functions::extension),
        ..diat_plugin::EMPTY
    };
    Table {
        plugin,
        engine: Arc::new(engine),
    }
}
