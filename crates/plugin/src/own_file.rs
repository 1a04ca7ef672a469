//! Which file this code was loaded from: resource folders lie beside it.

#![expect(unsafe_code, reason = "only the system's loader knows")]

use std::path::PathBuf;
use std::sync::OnceLock;

/// The library, or the program that holds this code; none if the system does not tell.
pub(crate) fn own_file() -> Option<PathBuf> {
    static FILE: OnceLock<Option<PathBuf>> = OnceLock::new();
    FILE.get_or_init(system::own_file).clone()
}

/// Whether this code is part of the program and not of a library that a program loaded.
pub(crate) fn is_program() -> bool {
    let canonical = |file: PathBuf| file.canonicalize().ok();
    let program = std::env::current_exe().ok().and_then(canonical);
    program.is_some() && own_file().and_then(canonical) == program
}

#[cfg(unix)]
mod system {
    use std::ffi::{CStr, OsStr};
    use std::os::unix::ffi::OsStrExt;
    use std::path::PathBuf;

    pub(super) fn own_file() -> Option<PathBuf> {
        let about = about(own_file as *const ())?;
        // The program's own name is whatever it was started by, "diat" for one.
        if is_program(&about) {
            return std::env::current_exe().ok();
        }
        // SAFETY: the loader's own string, which lives as long as the file is loaded: as long as this code runs.
        let name = unsafe { CStr::from_ptr(about.dli_fname) };
        // The name is what was handed to dlopen, so a relative one is relative to the working directory of then; ours is the first
        // call of all.
        std::path::absolute(OsStr::from_bytes(name.to_bytes())).ok()
    }

    fn about(address: *const ()) -> Option<libc::Dl_info> {
        let mut about = libc::Dl_info {
            dli_fname: std::ptr::null(),
            dli_fbase: std::ptr::null_mut(),
            dli_sname: std::ptr::null(),
            dli_saddr: std::ptr::null_mut(),
        };
        // SAFETY: any address may be asked for, and the struct is there to be filled.
        let found = unsafe { libc::dladdr(address.cast(), &raw mut about) };
        (found != 0 && !about.dli_fname.is_null()).then_some(about)
    }

    #[cfg(target_os = "linux")]
    fn is_program(ours: &libc::Dl_info) -> bool {
        // SAFETY: any number may be asked for; unknown ones give 0.
        let program = unsafe { libc::getauxval(libc::AT_PHDR) };
        about(program as *const ()).is_some_and(|program| program.dli_fbase == ours.dli_fbase)
    }

    #[cfg(not(target_os = "linux"))]
    fn is_program(ours: &libc::Dl_info) -> bool {
        // SAFETY: the loader's own string.
        let name = unsafe { CStr::from_ptr(ours.dli_fname) };
        !OsStr::from_bytes(name.to_bytes())
            .as_bytes()
            .contains(&b'/')
    }
}

#[cfg(windows)]
mod system {
    use std::ffi::{OsString, c_void};
    use std::os::windows::ffi::OsStringExt;
    use std::path::PathBuf;

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetModuleHandleExW(flags: u32, address: *const c_void, module: *mut *mut c_void) -> i32;
        fn GetModuleFileNameW(module: *mut c_void, name: *mut u16, size: u32) -> u32;
    }

    const FROM_ADDRESS: u32 = 4;
    const UNCHANGED_REFERENCE_COUNT: u32 = 2;
    const LONGEST_PATH: usize = 32_768;

    pub(super) fn own_file() -> Option<PathBuf> {
        let mut module = std::ptr::null_mut();
        let flags = FROM_ADDRESS | UNCHANGED_REFERENCE_COUNT;
        let address = own_file as *const c_void;
        // SAFETY: with these flags any address may be asked for, and the place is there to be filled.
        let found = unsafe { GetModuleHandleExW(flags, address, &raw mut module) };
        if found == 0 {
            return None;
        }
        let mut name = vec![0_u16; LONGEST_PATH];
        // SAFETY: the module holds this code, and the buffer has as many places as it says.
        let len = unsafe { GetModuleFileNameW(module, name.as_mut_ptr(), LONGEST_PATH as u32) };
        let len = Some(len as usize).filter(|&len| len > 0 && len < LONGEST_PATH)?;
        Some(PathBuf::from(OsString::from_wide(&name[..len])))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn linked_into_a_program_it_is_the_programs_file() {
        assert!(super::is_program());
    }
}
