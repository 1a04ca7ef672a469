//! The plug-in behind the C ABI.

use diat_plugin_abi::{diat_host, diat_plugin};

/// The entry of `plugin.h`.
pub extern "C" fn diat_plugin_v1(_host: *const diat_host) -> *const diat_plugin {
    std::ptr::null()
}
