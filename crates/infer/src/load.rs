//! Which runtime this process got, and why; every library that is loaded is loaded here. The only unsafe place of the crate.
#![expect(
    unsafe_code,
    reason = "libraries are loaded, kept from sending telemetry, and asked for their version before `ort` would panic over it"
)]

use std::error::Error as _;
use std::ffi::CStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use diat_places::Places;
use libloading::Library;
use ort::environment::{Environment, GlobalThreadPoolOptions};
use ort::logging::LogLevel;
use ort::sys::{ORT_API_VERSION, OrtApiBase};

use crate::{Error, Level, cuda};

/// The runtime of this process; it stays to the end.
#[derive(Debug)]
pub struct Runtime {
    name: String,
    library: Option<PathBuf>,
    has_cuda: bool,
    notes: Vec<String>,
    /// The one environment and its number of threads, made by the first network.
    environment: Mutex<Option<(Environment, usize)>>,
    /// NVIDIA's libraries, loaded for the first network that wants one of their devices; or why they are not.
    cuda: OnceLock<Result<Vec<Library>, String>>,
    /// Never closed: `ort` holds pointers into it.
    _handle: Option<Library>,
}

static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// Which runtime a process is to get.
#[derive(Debug, Clone, Copy)]
pub enum Choice<'a> {
    /// ONNX Runtime if these places have one that loads, else tract.
    Installed(&'a Places),
    /// ONNX Runtime from this library, an absolute path, if it loads, else tract.
    Library(&'a Path),
    /// tract, whatever is installed.
    BuiltIn,
}

/// The runtime of this process, as [`choose`] has it for [`Choice::Installed`].
pub fn runtime(places: &Places) -> &'static Runtime {
    choose(Choice::Installed(places))
}

/// The runtime of this process. The first call decides; later calls return the same whatever they ask for. Nothing of the
/// environment (`ORT_DYLIB_PATH`, `LD_LIBRARY_PATH`) is looked at, and nothing is loaded by soname, save NVIDIA's driver,
/// which belongs to the system and is where the system says.
pub fn choose(choice: Choice<'_>) -> &'static Runtime {
    RUNTIME.get_or_init(|| {
        let library = match choice {
            Choice::Installed(places) => places.runtime_library(),
            Choice::Library(library) => Ok(Some(library.to_owned())),
            Choice::BuiltIn => Ok(None),
        };
        match library {
            Ok(None) => Runtime::tract(Vec::new()),
            Ok(Some(library)) => Runtime::onnx_runtime(&library).unwrap_or_else(|cause| {
                let note = format!(
                    "{}: not usable as ONNX Runtime: {cause}; tract runs",
                    library.display()
                );
                Runtime::tract(vec![note])
            }),
            Err(error) => Runtime::tract(vec![format!("{error}; tract runs")]),
        }
    })
}

impl Runtime {
    /// Name and version, as it stands in reports: `ONNX Runtime 1.32.0` or `tract`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The library it was loaded from; nothing for tract, which is linked in.
    #[must_use]
    pub fn library(&self) -> Option<&Path> {
        self.library.as_deref()
    }

    /// Whether it was built with CUDA. Whether a device answers shows when a network opens on it.
    #[must_use]
    pub fn has_cuda(&self) -> bool {
        self.has_cuda
    }

    /// Why it is not the runtime that was installed, if so.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    pub(crate) fn is_tract(&self) -> bool {
        self.library.is_none()
    }

    /// Has NVIDIA's libraries in the process, so that ONNX Runtime's provider, which asks for them by soname, gets these; they
    /// stay to the end. A network that opens on one of NVIDIA's devices does this itself.
    ///
    /// # Errors
    /// Why they do not load; most often there is no driver.
    pub fn load_cuda(&self) -> Result<(), String> {
        let libraries = self.cuda.get_or_init(|| {
            let library = self.library().unwrap_or(Path::new(""));
            cuda_libraries(library)
        });
        match libraries {
            Ok(_) => Ok(()),
            Err(cause) => Err(cause.clone()),
        }
    }

    fn tract(mut notes: Vec<String>) -> Self {
        let mut name = "tract";
        if !ort::set_api(ort_tract::api()) {
            // Somebody in this program used `ort` before us; what they loaded runs, and we cannot tell what.
            name = "unknown";
            notes.push("the runtime was chosen by other code of this program".to_owned());
        }
        Self {
            name: name.to_owned(),
            library: None,
            has_cuda: false,
            notes,
            environment: Mutex::new(None),
            cuda: OnceLock::new(),
            _handle: None,
        }
    }

    fn onnx_runtime(library: &Path) -> Result<Self, String> {
        if !library.is_absolute() || !library.is_file() {
            return Err("it is no file with an absolute path".to_owned());
        }
        silence_telemetry();
        let (handle, version) = inspect(library)?;
        // Only loads: the environment comes with the first network, which says how many threads it wants.
        drop(ort::init_from(library).map_err(|error| error.to_string())?);
        let has_cuda = <ort::ep::CUDA as ort::ep::ExecutionProvider>::is_available();
        Ok(Self {
            name: format!("ONNX Runtime {version}"),
            library: Some(library.to_owned()),
            has_cuda: has_cuda.unwrap_or(false),
            notes: Vec::new(),
            environment: Mutex::new(None),
            cuda: OnceLock::new(),
            _handle: Some(handle),
        })
    }

    /// The one environment. The first caller sets its threads (0: as many as there are cores); a later caller that
    /// wants another number is told in the log.
    pub(crate) fn environment(
        &self,
        threads: usize,
        log: &dyn Fn(Level, &str),
    ) -> Result<Environment, Error> {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let wanted = if threads == 0 { cores() } else { threads };
        let mut slot = self
            .environment
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some((environment, threads)) = slot.as_ref() {
            if *threads != wanted {
                let text =
                    format!("{wanted} threads were asked for; {threads} were set first and stay");
                log(Level::Info, &text);
            }
            return Ok(environment.clone());
        }
        let environment = self
            .build_environment(wanted)
            .map_err(|error| Error::Runtime {
                runtime: self.name.clone(),
                cause: error.to_string(),
            })?;
        *slot = Some((environment.clone(), wanted));
        Ok(environment)
    }

    fn build_environment(&self, threads: usize) -> ort::Result<Environment> {
        // A plug-in has no console: what ONNX Runtime would print is dropped; errors come back as results.
        let silence = Arc::new(|_: LogLevel, _: &str, _: &str, _: &str, _: &str| {});
        let builder = ort::init()
            .with_name("diat")
            .with_telemetry(false)
            .with_logger(silence);
        if self.is_tract() {
            return builder.build();
        }
        let pool = GlobalThreadPoolOptions::default()
            .with_intra_threads(threads)?
            .with_inter_threads(1)?
            .with_spin_control(false)?;
        let environment = builder.with_global_thread_pool(pool).build()?;
        environment.set_log_level(LogLevel::Fatal);
        Ok(environment)
    }
}

/// Loads NVIDIA's libraries that lie beside ONNX Runtime's, the driver first. Those that are not there are left to the system.
pub(crate) fn cuda_libraries(beside: &Path) -> Result<Vec<Library>, String> {
    let driver = Path::new(cuda::DRIVER);
    let driver = open(driver).map_err(|error| format!("there is no NVIDIA driver: {error}"))?;
    let others = cuda::libraries(beside).into_iter().map(|path| open(&path));
    std::iter::once(Ok(driver)).chain(others).collect()
}

/// Loads a library.
pub(crate) fn open(path: &Path) -> Result<Library, String> {
    // SAFETY: opening runs the library's initialisers; the user installed or named it to be run, or it is NVIDIA's driver.
    let library = unsafe { Library::new(path) };
    // What the system says is in the error behind the error.
    library.map_err(|error| {
        error
            .source()
            .map_or(error.to_string(), ToString::to_string)
    })
}

/// Official builds of ONNX Runtime from 1.29 on send events about each process to Microsoft, the first of them before any call
/// could forbid it; this variable is the one way to have none sent and no identifier of the machine kept. Whoever has set
/// it decides for themselves.
fn silence_telemetry() {
    const VARIABLE: &str = "ORT_DISABLE_TELEMETRY";
    if std::env::var_os(VARIABLE).is_none() {
        // SAFETY: changed once per process, by Rust's own locked call; only C code that reads the environment in another thread
        // at this very moment, on a system whose C library does not guard it, could see it half changed.
        unsafe { std::env::set_var(VARIABLE, "1") };
    }
}

/// Opens a library and asks it what `ort` would panic over: that it is ONNX Runtime, and not too old.
fn inspect(path: &Path) -> Result<(Library, String), String> {
    type GetApiBase = unsafe extern "system" fn() -> *const OrtApiBase;

    let library = open(path)?;
    // SAFETY: ONNX Runtime declares the function with this type in every version.
    let getter = unsafe { library.get::<GetApiBase>(b"OrtGetApiBase\0") }
        .map_err(|_| "it does not export OrtGetApiBase".to_owned())?;
    // SAFETY: the function takes nothing and returns a pointer to a static table.
    let base = unsafe { getter() };
    // SAFETY: the pointer is null or points to that table, which lives as long as the library.
    let base = unsafe { base.as_ref() }.ok_or("OrtGetApiBase returned nothing")?;
    // SAFETY: the table's functions are valid as long as the library is open.
    let text = unsafe { (base.GetVersionString)() };
    if text.is_null() {
        return Err("it does not tell its version".to_owned());
    }
    // SAFETY: not null, and ONNX Runtime returns a static text that ends with NUL.
    let version = unsafe { CStr::from_ptr(text) }
        .to_str()
        .map_err(|error| error.to_string())?;
    let mut numbers = version.split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(1)), Some(Ok(minor))) if minor >= ORT_API_VERSION => {}
        _ => {
            return Err(format!(
                "it is version {version}; 1.{ORT_API_VERSION} or newer is needed"
            ));
        }
    }
    // SAFETY: the table's functions are valid as long as the library is open.
    let api = unsafe { (base.GetApi)(ORT_API_VERSION) };
    if api.is_null() {
        return Err(format!(
            "version {version} does not offer the API {ORT_API_VERSION}"
        ));
    }
    let version = version.to_owned();
    Ok((library, version))
}
