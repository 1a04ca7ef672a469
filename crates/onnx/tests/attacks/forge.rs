//! Protobuf by hand: files that no exporter would write. Shares no line with the crate's own writer.

/// A message under construction; fields stand in the order in which they are added.
#[derive(Clone, Default)]
pub(crate) struct Forge(pub(crate) Vec<u8>);

impl Forge {
    fn varint(&mut self, mut value: u64) {
        loop {
            let bits = (value % 128) as u8;
            value /= 128;
            self.0.push(if value == 0 { bits } else { bits + 128 });
            if value == 0 {
                return;
            }
        }
    }

    pub(crate) fn int(mut self, field: u64, value: i64) -> Self {
        self.varint(field * 8);
        self.varint(value as u64);
        self
    }

    pub(crate) fn float(mut self, field: u64, value: f32) -> Self {
        self.varint(field * 8 + 5);
        self.0.extend(value.to_le_bytes());
        self
    }

    pub(crate) fn bytes(mut self, field: u64, value: &[u8]) -> Self {
        self.varint(field * 8 + 2);
        self.varint(value.len() as u64);
        self.0.extend(value);
        self
    }

    pub(crate) fn text(self, field: u64, value: &str) -> Self {
        self.bytes(field, value.as_bytes())
    }

    pub(crate) fn with(self, field: u64, value: Forge) -> Self {
        self.bytes(field, &value.0)
    }

    pub(crate) fn each(self, field: u64, values: Vec<Forge>) -> Self {
        values
            .into_iter()
            .fold(self, |message, value| message.with(field, value))
    }
}

/// A model that the gate lets through until one of its parts is changed.
pub(crate) struct Model {
    pub(crate) ir_version: i64,
    pub(crate) opsets: Vec<(&'static str, i64)>,
    pub(crate) nodes: Vec<Forge>,
    pub(crate) initialisers: Vec<Forge>,
    pub(crate) inputs: Vec<Forge>,
    pub(crate) outputs: Vec<Forge>,
    /// Added at the end of `GraphProto` and `ModelProto`.
    pub(crate) graph_tail: Forge,
    pub(crate) tail: Forge,
}

impl Default for Model {
    /// image N×3×8×8 → Conv (4 outputs, 3×3) → Relu → out N×4×8×8.
    fn default() -> Self {
        let conv = node("Conv", &["image", "w"], "y").with(5, integers("pads", &[1, 1, 1, 1]));
        Self {
            ir_version: 8,
            opsets: vec![("", 17)],
            nodes: vec![conv, node("Relu", &["y"], "out")],
            initialisers: vec![floats("w", &[4, 3, 3, 3], &[0.5; 108])],
            inputs: vec![picture("image", 3, 8)],
            outputs: vec![picture("out", 4, 8)],
            graph_tail: Forge::default(),
            tail: Forge::default(),
        }
    }
}

impl Model {
    pub(crate) fn graph(&self) -> Forge {
        let mut graph = Forge::default()
            .each(1, self.nodes.clone())
            .text(2, "forged")
            .each(5, self.initialisers.clone())
            .each(11, self.inputs.clone())
            .each(12, self.outputs.clone());
        graph.0.extend(&self.graph_tail.0);
        graph
    }

    pub(crate) fn file(&self) -> Vec<u8> {
        let mut model = Forge::default()
            .int(1, self.ir_version)
            .with(7, self.graph());
        for (domain, version) in &self.opsets {
            model = model.with(8, Forge::default().text(1, domain).int(2, *version));
        }
        model.0.extend(&self.tail.0);
        model.0
    }
}

/// The default model with one change.
pub(crate) fn changed(change: impl FnOnce(&mut Model)) -> Vec<u8> {
    let mut model = Model::default();
    change(&mut model);
    model.file()
}

/// A node without attributes, named `node of OUTPUT`.
pub(crate) fn node(operator: &str, inputs: &[&str], output: &str) -> Forge {
    inputs
        .iter()
        .fold(Forge::default(), |node, input| node.text(1, input))
        .text(2, output)
        .text(3, &format!("node of {output}"))
        .text(4, operator)
}

pub(crate) fn integer(name: &str, value: i64) -> Forge {
    Forge::default().text(1, name).int(3, value).int(20, 2)
}

pub(crate) fn integers(name: &str, values: &[i64]) -> Forge {
    values
        .iter()
        .fold(Forge::default().text(1, name), |a, value| a.int(8, *value))
        .int(20, 7)
}

pub(crate) fn text(name: &str, value: &str) -> Forge {
    Forge::default().text(1, name).text(4, value).int(20, 3)
}

/// A tensor whose elements stand in `raw_data`.
pub(crate) fn tensor(name: &str, data_type: i64, dims: &[i64], raw: &[u8]) -> Forge {
    dims.iter()
        .fold(Forge::default(), |tensor, dim| tensor.int(1, *dim))
        .int(2, data_type)
        .text(8, name)
        .bytes(9, raw)
}

pub(crate) fn floats(name: &str, dims: &[i64], values: &[f32]) -> Forge {
    let raw: Vec<u8> = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    tensor(name, 1, dims, &raw)
}

pub(crate) fn longs(name: &str, values: &[i64]) -> Forge {
    let raw: Vec<u8> = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    tensor(name, 7, &[values.len() as i64], &raw)
}

/// A tensor that claims to keep its data at `location`.
pub(crate) fn external(name: &str, location: &str) -> Forge {
    let entry = Forge::default().text(1, "location").text(2, location);
    Forge::default()
        .int(1, 4)
        .int(2, 1)
        .text(8, name)
        .with(13, entry)
        .int(14, 1)
}

/// An input or output of dims; nothing stands for the batch `N`.
pub(crate) fn value(name: &str, data_type: i64, dims: &[Option<i64>]) -> Forge {
    let dim = |dim: &Option<i64>| match dim {
        Some(number) => Forge::default().int(1, *number),
        None => Forge::default().text(2, "N"),
    };
    let shape = Forge::default().each(1, dims.iter().map(dim).collect());
    let kind = Forge::default().with(1, Forge::default().int(1, data_type).with(2, shape));
    Forge::default().text(1, name).with(2, kind)
}

pub(crate) fn picture(name: &str, channels: i64, side: i64) -> Forge {
    value(name, 1, &[None, Some(channels), Some(side), Some(side)])
}
