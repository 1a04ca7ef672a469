//! Networks are opened once per process, however many ask for them and however soon.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use diat_places::Places;
use sha2::{Digest, Sha256};

use crate::device::candidates;
use crate::{Device, Error, Level, Network, Spec, runtime};

/// A place that one caller fills while others wait for it.
type Slot = Arc<Mutex<Option<Arc<Network>>>>;

struct Entry {
    digest: [u8; 32],
    device: Device,
    spec: Spec,
    slot: Slot,
}

/// A handful of networks, so that a list will do.
static ENTRIES: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// What a reader of weights may fail with.
pub type ReadError = Box<dyn std::error::Error + Send + Sync>;

/// Opens a network, or hands out the one that is open already for the same digest, spec and device. `read` is called only
/// where it is not, once; the bytes it returns are hashed, gated and handed to the runtime, so that what was checked is
/// what runs. `threads` is what the host allows, 0 for as many as there are cores; the first network of the process
/// sets it. What was not as asked for is logged, and told by [`Network::ran`].
///
/// # Errors
/// The weights cannot be read, are not those of the digest, are refused by the gate, do not fit the spec, or no device
/// runs them. A failure is not remembered: the next call tries again.
pub fn open(
    places: &Places,
    spec: &Spec,
    digest: &[u8; 32],
    read: &dyn Fn() -> Result<Vec<u8>, ReadError>,
    device: Device,
    threads: usize,
    log: &dyn Fn(Level, &str),
) -> Result<Arc<Network>, Error> {
    let runtime = runtime(places);
    let environment = runtime.environment(threads, log)?;
    let slot = slot(spec, digest, device);
    // Held while it is built: whoever asks for the same network meanwhile waits and shares it.
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(network) = slot.as_ref() {
        return Ok(Arc::clone(network));
    }
    let start = Instant::now();
    let bytes = checked(spec, digest, read)?;
    let read = start.elapsed().as_secs_f64();
    let devices = candidates(device, &spec.denied, runtime.has_cuda());
    let network = Network::new(
        spec.clone(),
        runtime,
        environment,
        bytes,
        devices,
        read,
        log,
    )?;
    let network = Arc::new(network);
    *slot = Some(Arc::clone(&network));
    Ok(network)
}

/// The bytes that everything is done with from here on.
fn checked(
    spec: &Spec,
    digest: &[u8; 32],
    read: &dyn Fn() -> Result<Vec<u8>, ReadError>,
) -> Result<Arc<[u8]>, Error> {
    let id = || spec.id.clone();
    let bytes = read().map_err(|error| Error::Read {
        id: id(),
        cause: error.to_string(),
    })?;
    let found: [u8; 32] = Sha256::digest(&bytes).into();
    if found != *digest {
        return Err(Error::Digest {
            id: id(),
            found: hex(&found),
            announced: hex(digest),
        });
    }
    let graph = diat_onnx::gate(&bytes, spec.list).map_err(|refusal| Error::Refused {
        id: id(),
        refusal: Box::new(refusal),
    })?;
    spec.check(&graph)?;
    Ok(bytes.into())
}

fn slot(spec: &Spec, digest: &[u8; 32], device: Device) -> Slot {
    let mut entries = ENTRIES.lock().unwrap_or_else(PoisonError::into_inner);
    let same =
        |entry: &&Entry| entry.digest == *digest && entry.device == device && entry.spec == *spec;
    if let Some(entry) = entries.iter().find(same) {
        return Arc::clone(&entry.slot);
    }
    let slot = Slot::default();
    entries.push(Entry {
        digest: *digest,
        device,
        spec: spec.clone(),
        slot: Arc::clone(&slot),
    });
    slot
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
