//! What a caller knows of a network and wants to see confirmed.

use diat_onnx::{Dim, Graph, List, TensorInfo};

use crate::{Accelerator, Error, Golden};

/// A network as its manifest describes it. Networks of the same bytes and the same description are shared.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// What messages call it.
    pub id: String,
    /// The list of operators it is held to.
    pub list: List,
    /// Its inputs; the graph must have these and no others.
    pub inputs: Vec<Port>,
    /// The outputs that a run returns, in this order; the graph may have others.
    pub outputs: Vec<Port>,
    /// What it must answer to the test pattern on a device before that device is used.
    pub golden: Option<Golden>,
    /// Devices that must not run it.
    pub denied: Vec<Accelerator>,
}

/// An input or output. Its first dimension is always the batch and not told here.
#[derive(Debug, Clone, PartialEq)]
pub struct Port {
    /// Name of the tensor.
    pub name: String,
    /// The dimensions behind the batch, nothing for one that is dynamic; `None` where any shape will do.
    pub dims: Option<Vec<Option<usize>>>,
    /// Inputs: the values it is made for, which the test pattern fills.
    pub range: [f32; 2],
}

impl Port {
    /// N × channels × height × width.
    #[must_use]
    pub fn picture(name: &str, channels: usize, height: usize, width: usize) -> Self {
        Self::new(name, Some(vec![Some(channels), Some(height), Some(width)]))
    }

    /// N × channels × any height × any width.
    #[must_use]
    pub fn dynamic_picture(name: &str, channels: usize) -> Self {
        Self::new(name, Some(vec![Some(channels), None, None]))
    }

    /// N × length.
    #[must_use]
    pub fn vector(name: &str, length: usize) -> Self {
        Self::new(name, Some(vec![Some(length)]))
    }

    /// Any shape that begins with the batch.
    #[must_use]
    pub fn any(name: &str) -> Self {
        Self::new(name, None)
    }

    /// The same with another range than the usual −1 to 1.
    #[must_use]
    pub fn range(mut self, range: [f32; 2]) -> Self {
        self.range = range;
        self
    }

    fn new(name: &str, dims: Option<Vec<Option<usize>>>) -> Self {
        Self {
            name: name.to_owned(),
            dims,
            range: [-1.0, 1.0],
        }
    }

    /// Whether an array of this shape fits.
    pub(crate) fn takes(&self, shape: &[usize]) -> bool {
        let fits = |(want, have): (&Option<usize>, &usize)| want.is_none_or(|want| want == *have);
        match (&self.dims, shape.split_first()) {
            (_, None | Some((0, _))) => false,
            (None, Some(_)) => true,
            (Some(dims), Some((_, rest))) => {
                dims.len() == rest.len() && dims.iter().zip(rest).all(fits)
            }
        }
    }

    pub(crate) fn describe(&self) -> String {
        let dims = self.dims.as_ref().map(|dims| {
            let dim = |dim: &Option<usize>| dim.map_or("any".to_owned(), |dim| dim.to_string());
            dims.iter().map(dim).collect::<Vec<_>>().join("×")
        });
        format!("N×{}", dims.as_deref().unwrap_or("…"))
    }
}

impl Spec {
    /// Checks that the graph has what is described here.
    pub(crate) fn check(&self, graph: &Graph) -> Result<(), Error> {
        for port in &self.inputs {
            self.check_port(port, &graph.inputs, "input")?;
        }
        for port in &self.outputs {
            self.check_port(port, &graph.outputs, "output")?;
        }
        let described =
            |input: &&TensorInfo| self.inputs.iter().any(|port| port.name == input.name);
        match graph.inputs.iter().find(|input| !described(input)) {
            Some(input) => Err(Error::Port {
                id: self.id.clone(),
                kind: "input",
                name: input.name.clone(),
                found: describe(&input.dims),
                wanted: "no such input".to_owned(),
            }),
            None => Ok(()),
        }
    }

    fn check_port(
        &self,
        port: &Port,
        declared: &[TensorInfo],
        kind: &'static str,
    ) -> Result<(), Error> {
        let info = declared.iter().find(|info| info.name == port.name);
        if info.is_some_and(|info| agrees(port, &info.dims)) {
            return Ok(());
        }
        Err(Error::Port {
            id: self.id.clone(),
            kind,
            name: port.name.clone(),
            found: info.map_or("nothing of this name".to_owned(), |info| {
                describe(&info.dims)
            }),
            wanted: port.describe(),
        })
    }
}

/// A declared number must be the described one; a declared name takes any number, but where a dynamic one is
/// described the graph must not fix it.
fn agrees(port: &Port, declared: &[Dim]) -> bool {
    let Some(dims) = &port.dims else { return true };
    let same = |(want, have): (&Option<usize>, &Dim)| match (want, have) {
        (Some(want), Dim::Fixed(have)) => i64::try_from(*want) == Ok(*have),
        (None, Dim::Fixed(_)) => false,
        (_, Dim::Named(_)) => true,
    };
    declared.len() == dims.len() + 1 && dims.iter().zip(declared.iter().skip(1)).all(same)
}

fn describe(dims: &[Dim]) -> String {
    let dim = |dim: &Dim| match dim {
        Dim::Fixed(number) => number.to_string(),
        Dim::Named(name) => name.clone(),
    };
    dims.iter().map(dim).collect::<Vec<_>>().join("×")
}
