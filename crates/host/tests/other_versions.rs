//! Plug-ins that are older or newer than this host, or that refuse it: written here, called through their entry.

#![expect(clippy::unwrap_used, reason = "tests fail so")]
#![expect(unsafe_code, reason = "a plug-in writes to the host's pointers")]

use std::ffi::{CStr, c_char, c_void};
use std::mem::offset_of;
use std::process::abort;
use std::ptr;

use ::diat_host::{Error, HostOptions, Plugin, Status};
use diat_plugin_abi::{diat_host as abi_host, *};

fn one<T>(value: T) -> *const T {
    Box::leak(Box::new(value))
}

fn list<T>(pointers: &[*const T]) -> *const *const T {
    Vec::leak([pointers, &[ptr::null()]].concat()).as_ptr()
}

extern "C" fn open(
    _: *const c_char,
    _: *const abi_host,
    instance: *mut *mut diat_instance,
    message: *mut c_char,
    size: usize,
) -> diat_status {
    let text = c"this plug-in opens nothing";
    assert!(size > text.count_bytes());
    // SAFETY: the host's buffer is longer than the text.
    unsafe { ptr::copy_nonoverlapping(text.as_ptr(), message, text.count_bytes() + 1) };
    // SAFETY: the host's place for the instance.
    unsafe { instance.write(ptr::null_mut()) };
    DIAT_E_MODEL
}

extern "C" fn render(_: *mut diat_instance, _: *const diat_job) -> diat_status {
    abort()
}

extern "C" fn close(_: *mut diat_instance) {
    abort()
}

/// What a field holds that its writer did not know: using it ends the process.
extern "C" fn not_there(_: *const c_char) -> *const c_void {
    abort()
}

const NOWHERE: *const c_char = ptr::without_provenance(1);

fn table(size: usize, effects: &[*const diat_effect]) -> *const diat_plugin {
    one(diat_plugin {
        size: size as u32,
        name: c"older".as_ptr(),
        effects: list(effects),
        open: Some(open),
        render: Some(render),
        close: Some(close),
        extension: Some(not_there),
        ..diat_plugin::EMPTY
    })
}

extern "C" fn older(_: *const abi_host) -> *const diat_plugin {
    let param = one(diat_param {
        size: offset_of!(diat_param, choices) as u32,
        id: c"amount".as_ptr(),
        neutral: f64::NAN,
        def: 0.5,
        choices: ptr::without_provenance(8),
        ..diat_param::EMPTY
    });
    let effect = one(diat_effect {
        size: offset_of!(diat_effect, version) as u32,
        id: c"shorter".as_ptr(),
        // Bytes that are no UTF-8 are a plug-in's mistake and no reason to fail.
        label: c"Sh\xffrter".as_ptr(),
        version: NOWHERE,
        licence: NOWHERE,
        params: ptr::without_provenance(8),
        ..diat_effect::EMPTY
    });
    let whole = one(diat_effect {
        id: c"whole".as_ptr(),
        params: list(&[param]),
        ..diat_effect::EMPTY
    });
    table(offset_of!(diat_plugin, extension), &[effect, whole])
}

#[test]
fn what_an_older_plug_in_does_not_know_is_not_touched() {
    let plugin = Plugin::from_entry(older, HostOptions::default()).unwrap();
    assert_eq!(plugin.info().name, "older");
    let shorter = plugin.effect("shorter").unwrap();
    assert_eq!(shorter.label, "Sh\u{fffd}rter");
    assert_eq!(
        (shorter.version.as_str(), shorter.licence.as_str()),
        ("", "")
    );
    assert!(shorter.params.is_empty());
    let amount = &plugin.effect("whole").unwrap().params[0];
    assert_eq!((amount.default, amount.neutral), (0.5, None));
    assert!(amount.choices.is_empty());
    let error = plugin.open("shorter").unwrap_err();
    assert_eq!(error.status(), Some(Status::Model));
    assert_eq!(error.to_string(), "this plug-in opens nothing");
}

extern "C" fn newer(_: *const abi_host) -> *const diat_plugin {
    #[repr(C)]
    struct Longer {
        known: diat_effect,
        tail: [u64; 8],
    }
    let effect = one(Longer {
        known: diat_effect {
            size: size_of::<Longer>() as u32,
            flags: u32::MAX,
            id: c"longer".as_ptr(),
            ..diat_effect::EMPTY
        },
        tail: [u64::MAX; 8],
    });
    extern "C" fn no_extension(_: *const c_char) -> *const c_void {
        ptr::null()
    }
    one(diat_plugin {
        extension: Some(no_extension),
        abi_minor: 7,
        effects: list(&[effect.cast::<diat_effect>()]),
        open: Some(open),
        render: Some(render),
        close: Some(close),
        ..diat_plugin::EMPTY
    })
}

#[test]
fn what_a_newer_plug_in_knows_besides_does_not_disturb() {
    let plugin = Plugin::from_entry(newer, HostOptions::default()).unwrap();
    assert_eq!(plugin.info().abi_minor, 7);
    assert!(plugin.effect("longer").unwrap().in_place);
}

extern "C" fn too_old(_: *const abi_host) -> *const diat_plugin {
    table(offset_of!(diat_plugin, render), &[])
}

#[test]
fn a_plug_in_that_lacks_what_every_version_has_is_refused() {
    let error = Plugin::from_entry(too_old, HostOptions::default()).unwrap_err();
    assert!(matches!(error, Error::Incomplete("render")), "{error}");
}

extern "C" fn refuses(host: *const abi_host) -> *const diat_plugin {
    // SAFETY: the host gives a whole struct.
    let host = unsafe { host.read() };
    let text = |text: *const c_char| {
        // SAFETY: the host gives strings.
        unsafe { CStr::from_ptr(text) }.to_str().unwrap()
    };
    let line = format!("{} {} has no taste\0", text(host.name), text(host.version));
    let log = host.log.unwrap();
    // SAFETY: the host's own function and context.
    unsafe { log(host.ctx, DIAT_ERROR, line.as_ptr().cast()) };
    ptr::null()
}

#[test]
fn a_refusal_is_told_in_the_plug_ins_words() {
    let options = HostOptions {
        name: "viewer".into(),
        version: "2".into(),
        ..HostOptions::default()
    };
    let error = Plugin::from_entry(refuses, options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the plug-in refuses this host: viewer 2 has no taste"
    );
}

#[test]
fn text_that_cannot_cross_is_refused_before_the_call() {
    let options = HostOptions {
        name: "a\0b".into(),
        ..HostOptions::default()
    };
    let error = Plugin::from_entry(refuses, options).unwrap_err();
    assert!(matches!(error, Error::Argument(_)), "{error}");
}
