//! A network that is open: on the best device that answers as it should.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use ndarray::{ArrayD, ArrayViewD};
use ort::environment::Environment;

use crate::device::Candidate;
use crate::error::Failure;
use crate::session::Session;
use crate::{Error, Golden, Level, Runtime, Spec, golden};

/// Side of the test pattern where height or width is dynamic.
const DYNAMIC_SIDE: usize = 320;

/// A network that can run. Shared by all who opened the same bytes on the same device; runs wait for each other.
#[derive(Debug)]
pub struct Network {
    spec: Spec,
    runtime: &'static Runtime,
    environment: Environment,
    state: Mutex<State>,
    read_seconds: f64,
}

#[derive(Debug, Default)]
struct State {
    session: Option<Session>,
    /// Devices not tried yet, best first.
    left: Vec<Candidate>,
    /// Kept as long as another device may need them.
    bytes: Option<Arc<[u8]>>,
    notes: Vec<String>,
    seconds: Seconds,
}

/// What really runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// `ONNX Runtime 1.32.0` or `tract`.
    pub runtime: String,
    /// `CPU` or `CUDA:0`.
    pub device: String,
    /// What was asked for and did not do, and why.
    pub notes: Vec<String>,
}

impl Ran {
    /// Items to give to one run. On the processor each runs alone whatever is asked for, so that one at a time costs nothing and
    /// lets whoever cancels stop sooner.
    #[must_use]
    pub fn batch(&self) -> usize {
        if self.device.starts_with("CUDA") {
            16
        } else {
            1
        }
    }
}

/// What opening took, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct Seconds {
    /// Reading, hashing and gating the weights.
    pub read: f64,
    /// Building sessions, failed ones too.
    pub build: f64,
    /// Running the test pattern.
    pub golden: f64,
}

impl Network {
    /// Takes bytes that were hashed and gated and opens them on the first of the devices that does.
    pub(crate) fn new(
        spec: Spec,
        runtime: &'static Runtime,
        environment: Environment,
        bytes: Arc<[u8]>,
        (left, note): (Vec<Candidate>, Option<String>),
        read_seconds: f64,
        log: &dyn Fn(Level, &str),
    ) -> Result<Self, Error> {
        let notes: Vec<String> = note.into_iter().collect();
        let state = State {
            left,
            bytes: Some(bytes),
            notes,
            ..State::default()
        };
        let state = Mutex::new(state);
        let network = Self {
            spec,
            runtime,
            environment,
            state,
            read_seconds,
        };
        let mut state = network.lock();
        let opened = network.next_device(&mut state, &mut Vec::new());
        for note in &state.notes {
            log(Level::Warning, &format!("{}: {note}", network.spec.id));
        }
        drop(state);
        opened.map(|()| network)
    }

    /// Runs the network on one array per input of its [`Spec`], all with the same batch, and returns the spec's outputs
    /// in the spec's order. On the processor a batch is run one item at a time.
    ///
    /// # Errors
    /// An array that does not fit, or no device left that runs it.
    pub fn run(&self, inputs: &[(&str, ArrayViewD<'_, f32>)]) -> Result<Vec<ArrayD<f32>>, Error> {
        let batch = self.check_inputs(inputs)?;
        let mut state = self.lock();
        let mut tried = Vec::new();
        loop {
            let Some(session) = state.session.as_mut() else {
                return Err(self.no_device(tried));
            };
            let device = session.device;
            match session.run(inputs, batch, &self.spec.outputs) {
                Ok(outputs) => return Ok(outputs),
                Err(failure) => {
                    tried.push(format!("{device}: {failure}"));
                    if state.left.is_empty() {
                        // The next picture may run where this one did not.
                        return Err(self.no_device(tried));
                    }
                    state
                        .notes
                        .push(format!("{device} failed while it ran: {failure}"));
                    state.session = None;
                    self.next_device(&mut state, &mut tried)?;
                }
            }
        }
    }

    /// What really runs now, and what was tried before.
    pub fn ran(&self) -> Ran {
        let state = self.lock();
        let device = state
            .session
            .as_ref()
            .map_or("none".to_owned(), |session| session.device.to_string());
        let notes = self
            .runtime
            .notes()
            .iter()
            .chain(&state.notes)
            .cloned()
            .collect();
        Ran {
            runtime: self.runtime.name().to_owned(),
            device,
            notes,
        }
    }

    /// What opening took.
    pub fn seconds(&self) -> Seconds {
        Seconds {
            read: self.read_seconds,
            ..self.lock().seconds
        }
    }

    /// What it answers to the test pattern here; `map` names the output that is a mask.
    ///
    /// # Errors
    /// It does not run.
    pub fn measure_golden(&self, map: Option<&str>) -> Result<Golden, Error> {
        let outputs = self.run(&views(&self.pattern()))?;
        Ok(Golden::measure(&named(&self.spec, &outputs), map))
    }

    /// Seconds of `runs` runs on the test pattern in one tight loop, for comparing with what surrounds the network.
    ///
    /// # Errors
    /// It does not run.
    pub fn time_bare(&self, runs: usize) -> Result<Vec<f64>, Error> {
        let pattern = self.pattern();
        let inputs = views(&pattern);
        let run = |_| {
            let start = Instant::now();
            self.run(&inputs).map(|_| start.elapsed().as_secs_f64())
        };
        (0..runs).map(run).collect()
    }

    /// Opens the next device that builds and answers the golden vector.
    fn next_device(&self, state: &mut State, tried: &mut Vec<String>) -> Result<(), Error> {
        let Some(bytes) = state.bytes.clone() else {
            return Err(self.no_device(tried.clone()));
        };
        while !state.left.is_empty() {
            let device = state.left.remove(0);
            match self.open(&bytes, device, &mut state.seconds) {
                Ok(session) => {
                    state.session = Some(session);
                    if state.left.is_empty() {
                        state.bytes = None;
                    }
                    return Ok(());
                }
                Err(failure) => {
                    tried.push(format!("{device}: {failure}"));
                    state.notes.push(format!("{device} does not do: {failure}"));
                }
            }
        }
        Err(self.no_device(tried.clone()))
    }

    fn open(
        &self,
        bytes: &[u8],
        device: Candidate,
        seconds: &mut Seconds,
    ) -> Result<Session, Failure> {
        let start = Instant::now();
        let session = Session::new(self.runtime, &self.environment, bytes, device);
        seconds.build += start.elapsed().as_secs_f64();
        let mut session = session?;
        if let Some(golden) = &self.spec.golden {
            let start = Instant::now();
            let outputs = session.run(&views(&self.pattern()), 1, &self.spec.outputs)?;
            golden
                .check(&named(&self.spec, &outputs))
                .map_err(Failure::Golden)?;
            seconds.golden += start.elapsed().as_secs_f64();
        }
        Ok(session)
    }

    /// One array per input, batch 1.
    fn pattern(&self) -> Vec<(&str, ArrayD<f32>)> {
        let input = |port: &'_ crate::Port| {
            let dims = port.dims.as_deref().unwrap_or(&[Some(1)]).iter();
            let behind = dims.map(|dim| dim.unwrap_or(DYNAMIC_SIDE));
            let shape: Vec<_> = std::iter::once(1).chain(behind).collect();
            golden::pattern(&shape, port.range)
        };
        self.spec
            .inputs
            .iter()
            .map(|port| (port.name.as_str(), input(port)))
            .collect()
    }

    /// The batch that all inputs share.
    fn check_inputs(&self, inputs: &[(&str, ArrayViewD<'_, f32>)]) -> Result<usize, Error> {
        let refused = |name: &str, found: String, wanted: String| {
            Err(Error::Input {
                id: self.spec.id.clone(),
                name: name.to_owned(),
                found,
                wanted,
            })
        };
        let batch = inputs
            .first()
            .and_then(|(_, array)| array.shape().first())
            .copied()
            .unwrap_or(0);
        for port in &self.spec.inputs {
            let mut given = inputs.iter().filter(|(name, _)| *name == port.name);
            match (given.next(), given.next()) {
                (Some((_, array)), None)
                    if port.takes(array.shape()) && array.shape().first() == Some(&batch) => {}
                (Some((_, array)), None) => {
                    return refused(&port.name, format!("{:?}", array.shape()), port.describe());
                }
                (None, _) => return refused(&port.name, "nothing".to_owned(), port.describe()),
                (Some(_), Some(_)) => {
                    return refused(&port.name, "two arrays".to_owned(), port.describe());
                }
            }
        }
        match inputs
            .iter()
            .find(|(name, _)| !self.spec.inputs.iter().any(|port| port.name == *name))
        {
            Some((name, array)) => refused(
                name,
                format!("{:?}", array.shape()),
                "no such input".to_owned(),
            ),
            None => Ok(batch),
        }
    }

    fn no_device(&self, tried: Vec<String>) -> Error {
        Error::Devices {
            id: self.spec.id.clone(),
            tried,
        }
    }

    /// A panic while the lock was held left a session that still runs, or none.
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn views<'a>(arrays: &'a [(&'a str, ArrayD<f32>)]) -> Vec<(&'a str, ArrayViewD<'a, f32>)> {
    arrays
        .iter()
        .map(|(name, array)| (*name, array.view()))
        .collect()
}

fn named<'a>(spec: &'a Spec, outputs: &'a [ArrayD<f32>]) -> Vec<(&'a str, ArrayViewD<'a, f32>)> {
    spec.outputs
        .iter()
        .map(|port| port.name.as_str())
        .zip(outputs.iter().map(|array| array.view()))
        .collect()
}

#[cfg(test)]
mod tests {
    use diat_onnx::List;
    use diat_onnx::emit::Builder;
    use diat_places::Places;

    use super::*;
    use crate::device::Candidate::{Cpu, Cuda};
    use crate::{Port, runtime};

    /// image → out = image · 10³⁰, on tract.
    fn open(devices: Vec<Candidate>, golden: Option<Golden>) -> Result<Network, Error> {
        let mut net = Builder::new("large");
        let image = net.input("image", &[1, 4, 4]);
        let factor = net.constant("factor", &[1], &[1e30]);
        let out = net.mul("out", image, factor);
        net.output(out);
        let bytes = net.finish().unwrap().into();
        let folder = tempfile::tempdir().unwrap();
        let runtime = runtime(&Places::with_data_dir(folder.path().to_owned()));
        let environment = runtime.environment(1, &|_, _| {}).unwrap();
        let spec = Spec {
            id: "large".to_owned(),
            list: List::Effect,
            inputs: vec![Port::picture("image", 1, 4, 4)],
            outputs: vec![Port::picture("out", 1, 4, 4)],
            golden,
            denied: Vec::new(),
        };
        Network::new(
            spec,
            runtime,
            environment,
            bytes,
            (devices, None),
            0.0,
            &|_, _| {},
        )
    }

    fn run(network: &Network, value: f32) -> Result<Vec<ArrayD<f32>>, Error> {
        let image = ArrayD::from_elem(vec![1, 1, 4, 4], value);
        network.run(&[("image", image.view())])
    }

    #[test]
    fn a_device_that_does_not_open_is_dropped_for_the_next_with_a_note() {
        let network = open(vec![Cuda(3), Cpu], None).unwrap();
        assert!(run(&network, 1.0).is_ok());
        let ran = network.ran();
        assert_eq!((ran.device.as_str(), ran.notes.len()), ("CPU", 1));
        assert!(ran.notes[0].starts_with("CUDA:3 does not do: "), "{ran:?}");
    }

    #[test]
    fn a_device_that_fails_while_it_runs_is_dropped_and_the_last_one_is_kept() {
        let network = open(vec![Cpu, Cpu], None).unwrap();
        let error = run(&network, 1e30).unwrap_err().to_string();
        assert_eq!(
            error.matches("CPU: output \"out\" holds inf").count(),
            2,
            "{error}"
        );
        let notes = network.ran().notes;
        assert!(
            notes.len() == 1 && notes[0].starts_with("CPU failed while it ran: "),
            "{notes:?}"
        );
        assert!(run(&network, 1.0).is_ok());
        assert!(run(&network, 1e30).is_err());
        assert!(run(&network, 1.0).is_ok());
    }

    #[test]
    fn every_device_is_held_to_the_golden_vector() {
        let golden = open(vec![Cpu], None).unwrap().measure_golden(None).unwrap();
        // The pattern times 10³⁰ is the same everywhere, to the last bit.
        assert!(open(vec![Cpu], Some(golden.clone())).is_ok());
        let wrong = Golden {
            outputs: vec![("out".to_owned(), vec![0.0; 16])],
            ..golden
        };
        let error = open(vec![Cuda(0), Cpu, Cpu], Some(wrong))
            .unwrap_err()
            .to_string();
        assert_eq!(
            error.matches("misses the golden vector").count(),
            2,
            "{error}"
        );
        assert!(error.contains("CUDA:0: "), "{error}");
    }
}
