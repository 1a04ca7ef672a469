//! Why the gate did not let a file through: one variant per lie.

/// Where a file lies, and how. It names the node, tensor or byte; the file's name is the caller's to add.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{place}: {lie}")]
pub struct Refusal {
    /// The node, tensor, input, output or message.
    pub place: String,
    /// What was found there, and what is allowed.
    pub lie: Lie,
}

/// What the gate refuses.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[allow(
    missing_docs,
    reason = "each variant's message says what it and its fields mean"
)]
pub enum Lie {
    // The file as bytes.
    #[error("{found} bytes; at most {allowed} are read")]
    TooLarge { found: usize, allowed: usize },
    #[error("is cut off or holds a length that leads out of the file; download or export it again")]
    Truncated,
    #[error("holds a number in more bytes than it needs; one number has one spelling")]
    Varint,
    #[error("holds a field number that protobuf does not have")]
    FieldNumber,
    #[error("field {field} has another wire type than onnx.proto gives it")]
    WireType { field: u32 },
    #[error(
        "field {field} is unknown; only fields of onnx.proto that mean something here are read"
    )]
    UnknownField { field: u32 },
    #[error("field {field} stands twice; once is allowed, so that nobody can merge the two")]
    RepeatedField { field: u32 },
    #[error("field {field} of {kind} stands too often; at most {allowed} are read")]
    TooMany {
        kind: &'static str,
        field: u32,
        allowed: usize,
    },
    #[error("messages are nested deeper than {allowed}")]
    TooDeep { allowed: u8 },
    #[error("holds a text that is no UTF-8 or has control characters")]
    NotText,

    // Data that is not in the file.
    #[error("keeps its data outside the file; store all data inside")]
    ExternalData,
    #[error("points into the memory of the process (ORT_MEM_ADDR); store all data inside the file")]
    MemoryAddress,
    #[error("data_location is {found}; only 0 (inside the file) is allowed")]
    DataLocation { found: i64 },

    // The model around the graph.
    #[error("there is no graph")]
    NoGraph,
    #[error("IR version {found}; 4 to 10 are read")]
    IrVersion { found: i64 },
    #[error("operators of version {found}; allowed: {allowed}")]
    Opset { found: i64, allowed: &'static str },
    #[error("imports the operators of {domain:?}; only \"\" and \"ai.onnx\" are allowed, once")]
    ForeignImport { domain: String },
    #[error("defines the function {name:?}; write its nodes into the graph")]
    LocalFunction { name: String },
    #[error("carries training information; export the network for inference")]
    TrainingInfo,
    #[error("carries metadata ({key:?}), which a runtime may take for settings; remove it")]
    Metadata { key: String },
    #[error("carries a device configuration; remove it")]
    DeviceConfiguration,
    #[error("carries a quantisation annotation; only plain f32 and f16 weights are allowed")]
    Quantisation,

    // Tensors.
    #[error("is sparse; store it dense")]
    SparseTensor,
    #[error("holds texts; only numbers are allowed")]
    StringTensor,
    #[error("has elements of data type {found}; allowed: 1 (f32), 10 (f16), 7 (i64)")]
    ElementType { found: i64 },
    #[error("dimension {found} is negative")]
    NegativeDimension { found: i64 },
    #[error("dimensions {dims:?} need {needed} bytes, {found} are there")]
    TensorSize {
        dims: Vec<i64>,
        needed: String,
        found: usize,
    },
    #[error(
        "gives its elements in more than one field, or in one that does not fit their type; use raw_data"
    )]
    TensorStorage,
    #[error("is a segment of a tensor; store it whole")]
    Segment,
    #[error("element {index} is not finite ({found}); train or export it again")]
    NotFinite { index: usize, found: f32 },

    // Names.
    #[error("has no name")]
    NoName,
    #[error("{name:?} is defined twice")]
    DuplicateName { name: String },
    #[error("uses {name:?}, which nothing defines")]
    UndefinedName { name: String },
    #[error(
        "uses {name:?} before it is made; nodes stand in the order they run in, without cycles"
    )]
    Order { name: String },

    // Inputs and outputs of the graph.
    #[error("there is none; at least one is needed")]
    NoEnds,
    #[error("is no dense tensor of f32")]
    EndType,
    #[error("is declared without a shape of 2 to 4 dimensions; declare it")]
    EndShape,
    #[error("dimension {index} is declared as {found}; allowed: {allowed}")]
    EndDimension {
        index: usize,
        found: String,
        allowed: &'static str,
    },
    #[error("is not made by a node; an output that is an input or a weight is not allowed")]
    OutputNotMade,
    #[error("is declared as {declared}, but the graph makes {made}")]
    DeclaredShape { declared: String, made: String },
    #[error("does not keep the batch: with a batch of {batch} it is {made}")]
    BatchLost { batch: u64, made: String },

    // Nodes.
    #[error("is of the domain {found:?}; only \"\" and \"ai.onnx\" are allowed")]
    ForeignDomain { found: String },
    #[error("is no operator of the list for {list}: {allowed}")]
    Operator { list: &'static str, allowed: String },
    #[error("is control flow, which no list has; unroll it")]
    ControlFlow,
    #[error("attribute {attribute:?} holds a graph; sub-graphs are not allowed")]
    Subgraph { attribute: String },
    #[error("calls an overload of a function; there are no functions")]
    Overload,
    #[error("attribute {attribute:?} stands twice")]
    RepeatedAttribute { attribute: String },
    #[error("attribute {attribute:?} is not allowed here; allowed: {allowed}")]
    UnknownAttribute { attribute: String, allowed: String },
    #[error("attribute {attribute:?} refers to a function's attribute; there are no functions")]
    AttributeReference { attribute: String },
    #[error(
        "attribute {attribute:?} holds {found}, or not what its declared type says; allowed: {allowed}"
    )]
    AttributeType {
        attribute: String,
        found: String,
        allowed: String,
    },
    #[error("attribute {attribute:?} is {found}; allowed: {allowed}")]
    AttributeValue {
        attribute: String,
        found: String,
        allowed: String,
    },
    #[error("attribute {attribute:?} is missing; allowed: {allowed}")]
    MissingAttribute {
        attribute: &'static str,
        allowed: String,
    },
    #[error("has {found} inputs; allowed: {least} to {most}")]
    Inputs {
        found: usize,
        least: usize,
        most: usize,
    },
    #[error("input {index} is left out; it is needed")]
    MissingInput { index: usize },
    #[error("has {found} outputs; exactly one is allowed")]
    Outputs { found: usize },

    // Shapes.
    #[error("{found}; needed: {needed}")]
    Shape { found: String, needed: &'static str },
    #[error("input {index} is computed or too long; it must be a constant of at most 64 elements")]
    NotConstant { index: usize },
    #[error("scales are {found:?}; allowed: 1, 1 and two whole numbers from 1 to 16")]
    Scales { found: Vec<f32> },
    #[error(
        "pads are {found:?}; allowed: eight numbers from 0 to 256, those of batch and channels 0"
    )]
    Pads { found: Vec<i64> },
    #[error("reshapes {from} to {to:?}; the number of elements must stay, with at most one -1")]
    Reshape { from: String, to: Vec<i64> },
    #[error("{found} elements would be alive at once; allowed: {allowed}")]
    Memory { found: u64, allowed: u64 },
    #[error("the graph needs {found} multiply-adds up to here; allowed: {allowed}")]
    Work { found: u64, allowed: u64 },
}
