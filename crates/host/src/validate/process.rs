//! What a library could do to the process it is in, seen from the outside.

use std::hint::black_box;

/// What the process has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    /// Bytes that are resident.
    pub(crate) memory: u64,
    /// Open files.
    pub(crate) files: usize,
    pub(crate) threads: usize,
}

/// What the process has now; none where the system does not tell.
pub(crate) fn usage() -> Option<Usage> {
    let entries = |folder| std::fs::read_dir(folder).map(Iterator::count).ok();
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = resident.trim().trim_end_matches(" kB").parse().ok()?;
    Some(Usage {
        memory: kib << 10,
        files: entries("/proc/self/fd")?,
        threads: entries("/proc/self/task")?,
    })
}

/// Sums that come out otherwise when rounding or tiny numbers are treated otherwise on this thread.
pub(crate) fn floating_point() -> Vec<u64> {
    let (one, three) = (black_box(1.0_f64), black_box(3.0_f64));
    let tiny = black_box(f64::MIN_POSITIVE) / black_box(4.0);
    let single = black_box(1.0_f32) / black_box(3.0_f32);
    let tiny_single = black_box(f32::MIN_POSITIVE) / black_box(4.0_f32);
    vec![
        (one / three).to_bits(),
        (-one / three).to_bits(),
        tiny.to_bits(),
        (black_box(tiny) * black_box(2.0)).to_bits(),
        u64::from(single.to_bits()),
        u64::from((-single).to_bits()),
        u64::from(tiny_single.to_bits()),
    ]
}

pub(crate) use system::{forbid_core_dumps, locale, signals};

#[cfg(unix)]
#[expect(unsafe_code, reason = "the system is asked")]
mod system {
    use std::ffi::CStr;
    use std::mem::zeroed;
    use std::ptr;

    /// Real-time signals included.
    const MOST_SIGNALS: i32 = 64;

    /// A crash is an outcome; nobody looks into its remains.
    pub(crate) fn forbid_core_dumps() {
        let none = libc::rlimit {
            rlim_cur: 0,
            rlim_max: 0,
        };
        // SAFETY: the struct is there to be read.
        let _ = unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const none) };
    }

    /// The name of the process's locale.
    pub(crate) fn locale() -> Option<String> {
        // SAFETY: null asks and sets nothing.
        let name = unsafe { libc::setlocale(libc::LC_ALL, ptr::null()) };
        // SAFETY: not null, so it is a string until the next call.
        let name = (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) });
        name.map(|name| name.to_string_lossy().into_owned())
    }

    /// What each signal does, and whether this thread blocks it.
    pub(crate) fn signals() -> Option<Vec<(usize, i32, bool)>> {
        // SAFETY: all its bits may be zero.
        let mut blocked: libc::sigset_t = unsafe { zeroed() };
        // SAFETY: null sets nothing, and there is place for the answer.
        unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, ptr::null(), &raw mut blocked) };
        let one = |signal| {
            // SAFETY: all its bits may be zero.
            let mut action: libc::sigaction = unsafe { zeroed() };
            // SAFETY: null sets nothing, and there is place for the answer.
            unsafe { libc::sigaction(signal, ptr::null(), &raw mut action) };
            // SAFETY: the set was filled above.
            let blocked = unsafe { libc::sigismember(&raw const blocked, signal) } == 1;
            (action.sa_sigaction, action.sa_flags, blocked)
        };
        Some((1..=MOST_SIGNALS).map(one).collect())
    }
}

#[cfg(not(unix))]
mod system {
    pub(crate) const fn forbid_core_dumps() {}

    pub(crate) const fn locale() -> Option<String> {
        None
    }

    pub(crate) const fn signals() -> Option<Vec<(usize, i32, bool)>> {
        None
    }
}
