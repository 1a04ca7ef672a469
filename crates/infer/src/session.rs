//! One network on one device.

use std::borrow::Cow;

use ndarray::{ArrayD, ArrayViewD, Axis, Slice, concatenate};
use ort::environment::Environment;
use ort::ep::{CUDA, cuda::ConvAlgorithmSearch};
use ort::session::builder::GraphOptimizationLevel;
use ort::session::{SessionInputValue, SessionInputs};
use ort::value::TensorRef;

use crate::device::Candidate;
use crate::error::Failure;
use crate::{Port, Runtime};

#[derive(Debug)]
pub(crate) struct Session {
    inner: ort::session::Session,
    pub(crate) device: Candidate,
}

impl Session {
    /// Builds from bytes that the gate let through.
    pub(crate) fn new(
        runtime: &Runtime,
        environment: &Environment,
        bytes: &[u8],
        device: Candidate,
    ) -> Result<Self, Failure> {
        let builder = ort::session::Session::builder(environment).map_err(backend)?;
        // tract takes no other option.
        let mut builder = builder
            .with_optimization_level(GraphOptimizationLevel::All)
            .map_err(backend)?;
        if !runtime.is_tract() {
            builder = builder.with_deterministic_compute(true).map_err(backend)?;
        }
        if let Candidate::Cuda(number) = device {
            runtime.load_cuda().map_err(Failure::Backend)?;
            // No TF32 and no timing of algorithms: the same picture must give the same bytes, today and tomorrow.
            let cuda = CUDA::default()
                .with_device_id(i32::try_from(number).unwrap_or(i32::MAX))
                .with_conv_algorithm_search(ConvAlgorithmSearch::Heuristic)
                .with_tf32(false)
                .build()
                .error_on_failure();
            builder = builder.with_execution_providers([cuda]).map_err(backend)?;
        }
        let inner = builder.commit_from_memory(bytes).map_err(backend)?;
        Ok(Self { inner, device })
    }

    /// Runs a batch. On the processor one item at a time, so that no item's bytes depend on its neighbours.
    pub(crate) fn run(
        &mut self,
        inputs: &[(&str, ArrayViewD<'_, f32>)],
        batch: usize,
        outputs: &[Port],
    ) -> Result<Vec<ArrayD<f32>>, Failure> {
        if self.device != Candidate::Cpu || batch == 1 {
            return self.run_whole(inputs, batch, outputs);
        }
        let mut runs = Vec::with_capacity(batch);
        for item in 0..batch {
            let one = Slice::from(item..item + 1);
            let inputs: Vec<_> = inputs
                .iter()
                .map(|(name, array)| (*name, array.clone().slice_axis_move(Axis(0), one)))
                .collect();
            runs.push(self.run_whole(&inputs, 1, outputs)?);
        }
        let join = |index: usize| {
            let parts: Vec<_> = runs
                .iter()
                .filter_map(|run| run.get(index))
                .map(|array| array.view())
                .collect();
            concatenate(Axis(0), &parts).map_err(|error| Failure::Backend(error.to_string()))
        };
        (0..outputs.len()).map(join).collect()
    }

    fn run_whole(
        &mut self,
        inputs: &[(&str, ArrayViewD<'_, f32>)],
        batch: usize,
        outputs: &[Port],
    ) -> Result<Vec<ArrayD<f32>>, Failure> {
        let packed: Vec<_> = inputs
            .iter()
            .map(|(name, array)| (*name, array.as_standard_layout()))
            .collect();
        let values: Vec<_> = packed
            .iter()
            .map(|(name, array)| {
                let tensor = TensorRef::from_array_view(array).map_err(backend)?;
                Ok((Cow::from(*name), SessionInputValue::from(tensor)))
            })
            .collect::<Result<_, Failure>>()?;
        let made = self
            .inner
            .run(SessionInputs::<0>::from(values))
            .map_err(backend)?;
        let mut arrays = Vec::with_capacity(outputs.len());
        for port in outputs {
            let value = made
                .get(port.name.as_str())
                .ok_or_else(|| Failure::Backend(format!("output {:?} did not come", port.name)))?;
            let array = value.try_extract_array::<f32>().map_err(backend)?;
            check(port, &array, batch)?;
            arrays.push(array.to_owned());
        }
        Ok(arrays)
    }
}

/// An output must have the described shape and hold numbers only.
fn check(port: &Port, array: &ArrayViewD<'_, f32>, batch: usize) -> Result<(), Failure> {
    let name = port.name.clone();
    if array.shape().first() != Some(&batch) || !port.takes(array.shape()) {
        let found = format!("{:?}", array.shape());
        let wanted = format!("{} with N = {batch}", port.describe());
        return Err(Failure::Shape {
            name,
            found,
            wanted,
        });
    }
    match array
        .iter()
        .enumerate()
        .find(|(_, value)| !value.is_finite())
    {
        Some((index, found)) => Err(Failure::NotFinite {
            name,
            index,
            found: *found,
        }),
        None => Ok(()),
    }
}

/// What a runtime says, in one line and without the place in its own sources or the machine's name.
fn backend<R>(error: ort::Error<R>) -> Failure {
    let text = error.to_string();
    let cause = text
        .rsplit("[ONNXRuntimeError] : ")
        .next()
        .and_then(|cause| cause.split(" ; GPU=").next())
        .unwrap_or_default();
    Failure::Backend(cause.split_whitespace().collect::<Vec<_>>().join(" "))
}
