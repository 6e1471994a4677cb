// Types and shapes of a graph's values: what the model states, and what follows from that over the graph's nodes. Each is worked
// out once, in passes over all nodes.
import { type GraphProto, type NodeProto, TensorProto_DataType, type ValueInfoProto } from "onnx-buf";
import { LARGEST_RANK } from "../export/declared-shape.ts";
import type { Dimension } from "../graph/graph-builder.ts";
import { isOwn, words } from "./model-values.ts";
import { dimsAfter, dimsBefore } from "./value-dims.ts";

/** The type of a value, as far as it is known. */
export interface KnownType {
  /** ONNX's code of the element type, or that the value is no tensor; undefined where only the shape is known. */
  readonly type: TensorProto_DataType | "not a tensor" | undefined;
  readonly dims?: readonly Dimension[] | undefined;
}

/** Looks up a value by its name. */
export type ValueTypes = (name: string) => KnownType;

/** Operators whose result has the type of each of their inputs. */
const ALL_INPUTS = words(
  "Add Sub Mul Div Pow MatMul Gemm Conv ConvTranspose Sum Max Min Mean PRelu Concat Einsum Mod",
);

/** Operators whose result has the type of their first input. */
const FIRST_INPUT = words(
  "Softmax LogSoftmax Hardmax Identity Relu LeakyRelu Elu Sigmoid Tanh Clip Reshape Transpose Squeeze Unsqueeze Flatten Slice " +
    "Gather GatherElements GatherND Expand Tile Pad Neg Abs Erf Gelu Softplus Mish HardSwish LayerNormalization RMSNormalization " +
    "BatchNormalization InstanceNormalization GroupNormalization Dropout ReduceMean ReduceSum ReduceMax ReduceMin Exp Log Sqrt " +
    "Reciprocal GlobalAveragePool GlobalMaxPool AveragePool MaxPool Resize CumSum Trilu DepthToSpace SpaceToDepth " +
    "SimplifiedLayerNormalization Split LpNormalization Selu Celu Softsign HardSigmoid ThresholdedRelu Shrink Swish Round Floor Ceil Sign LRN " +
    "MeanVarianceNormalization ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceProd ReduceSumSquare ScatterElements ScatterND Upsample " +
    "ReverseSequence GridSample RoiAlign Compress TopK LSTM GRU RNN MaxUnpool LpPool GlobalLpPool Bernoulli RandomNormalLike Attention " +
    "RotaryEmbedding CenterCropPad",
);

/** Operators of ONNX Runtime's own whose result has the type of their first input. */
const FIRST_INPUT_OF_RUNTIME = words(
  "MatMulNBits MatMulBnb4 FusedMatMul FusedGemm FastGelu QuickGelu BiasGelu Gelu SkipLayerNormalization " +
    "SkipSimplifiedLayerNormalization SimplifiedLayerNormalization Attention MultiHeadAttention GroupQueryAttention RotaryEmbedding " +
    "FusedConv GroupNorm SkipGroupNorm GemmFastGelu",
);

/** Works out the types of all values of a graph. */
export function valueTypesOf(graph: GraphProto): ValueTypes {
  const types = new Map<string, NonNullable<KnownType["type"]>>();
  const dims = new Map<string, readonly Dimension[]>();
  for (const info of [...graph.valueInfo, ...graph.input, ...graph.output]) {
    const known = stateOf(info);
    if (known.type !== undefined) types.set(info.name, known.type);
    if (known.dims !== undefined) dims.set(info.name, known.dims);
  }
  for (const { name, dataType, dims: sizes } of graph.initializer) {
    types.set(name, dataType);
    dims.set(name, sizes.map(dimensionOf));
  }
  for (const node of graph.node) {
    const own = typeMadeBy(node);
    const [output] = node.output;
    if (own !== undefined && output !== undefined && !types.has(output)) types.set(output, own);
  }
  spreadTypes(graph, types);
  spreadDims(graph, dims);
  return (name) => ({ type: types.get(name), dims: dims.get(name) });
}

/** The type that a node states of its result. */
function typeMadeBy(node: NodeProto): TensorProto_DataType | undefined {
  const attribute = (name: string) => node.attribute.find((each) => each.name === name);
  if (isOwn(node, words("Cast"))) return Number(attribute("to")?.i ?? 0) || undefined;
  if (isOwn(node, words("Constant"))) return attribute("value")?.t?.dataType;
  if (isOwn(node, words("ConstantOfShape"))) {
    return attribute("value")?.t?.dataType ?? TensorProto_DataType.FLOAT;
  }
  return isOwn(node, words("Shape Size NonZero")) ? TensorProto_DataType.INT64 : undefined;
}

/** Gives values that must have one type the type of the nearest of them that has one. */
function spreadTypes(graph: GraphProto, types: Map<string, NonNullable<KnownType["type"]>>): void {
  const neighbors = new Map<string, string[]>();
  const join = (a: string, b: string) => {
    const list = neighbors.get(a);
    if (list === undefined) neighbors.set(a, [b]);
    else list.push(b);
  };
  for (const node of graph.node) {
    const [first, ...rest] = typedAlike(node);
    for (const other of rest) {
      join(first, other);
      join(other, first);
    }
  }
  // A map may grow while it is walked: this is a breadth-first search from all stated values.
  for (const [name, type] of types) {
    for (const other of neighbors.get(name) ?? []) if (!types.has(other)) types.set(other, type);
  }
}

/** Values of a node that must have one type. */
function typedAlike(node: NodeProto): readonly string[] {
  const { domain, opType, input, output } = node;
  const isNamed = (name: string | undefined): name is string => name !== undefined && name !== "";
  if (domain === "com.microsoft") {
    // Dequantized values have the type of their scale.
    if (opType === "DequantizeLinear") return [input[1], output[0]].filter(isNamed);
    if (opType === "MatMulIntegerToFloat" || opType === "DynamicQuantizeMatMul")
      return [input[2], output[0]].filter(isNamed);
    return FIRST_INPUT_OF_RUNTIME.has(opType) ? [input[0], output[0]].filter(isNamed) : [];
  }
  if (isOwn(node, ALL_INPUTS)) return [...input, output[0]].filter(isNamed);
  if (isOwn(node, words("Where"))) return [...input.slice(1), output[0]].filter(isNamed);
  // Dequantized values have the type of their scale.
  if (isOwn(node, words("DequantizeLinear CastLike"))) return [input[1], output[0]].filter(isNamed);
  if (isOwn(node, words("Split"))) return [input[0], ...output].filter(isNamed);
  return isOwn(node, FIRST_INPUT) ? [input[0], output[0]].filter(isNamed) : [];
}

function spreadDims(graph: GraphProto, dims: Map<string, readonly Dimension[]>): void {
  const constants = integersIn(graph);
  const lookup = { dims: (name: string) => dims.get(name), integers: (name: string) => constants.get(name) };
  for (const node of graph.node) {
    const [output] = node.output;
    if (output === undefined || output === "" || dims.has(output)) continue;
    const found = dimsAfter(node, lookup);
    if (found !== undefined && found.length <= LARGEST_RANK) dims.set(output, found.map(sizeOrUnknown));
  }
  for (const node of [...graph.node].reverse()) {
    const found = dimsBefore(node, lookup);
    if (found !== undefined && node.input[0] !== "" && !dims.has(node.input[0]))
      dims.set(node.input[0], found);
  }
}

/** Short constant vectors of int64, such as shapes and axes. */
function integersIn(graph: GraphProto): Map<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  const constants = graph.node
    .filter((node) => isOwn(node, words("Constant")))
    .map(({ output, attribute }) => ({
      name: output[0],
      tensor: attribute.find(({ t }) => t !== undefined)?.t,
    }));
  // An initializer that is an input too may be fed another value.
  const inputs = new Set(graph.input.map(({ name }) => name));
  const initializers = graph.initializer
    .filter(({ name }) => !inputs.has(name))
    .map((tensor) => ({ name: tensor.name, tensor }));
  for (const { name, tensor } of [...constants, ...initializers]) {
    if (tensor?.dataType !== TensorProto_DataType.INT64 || name === undefined) continue;
    const { rawData, int64Data } = tensor;
    if (int64Data.length > 0 && int64Data.length <= 64) found.set(name, int64Data.map(Number));
    else if (
      rawData !== undefined &&
      rawData.length > 0 &&
      rawData.length <= 512 &&
      rawData.length % 8 === 0
    ) {
      const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
      found.set(
        name,
        Array.from({ length: rawData.length / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true))),
      );
    }
  }
  return found;
}

function stateOf({ type }: ValueInfoProto): KnownType {
  if (type?.value.case === undefined) return { type: undefined };
  if (type.value.case !== "tensorType") return { type: "not a tensor" };
  const { elemType, shape } = type.value.value;
  const own = elemType === TensorProto_DataType.UNDEFINED ? undefined : elemType;
  const dims = shape?.dim.map(({ value }): Dimension => {
    if (value.case === "dimValue") return dimensionOf(value.value);
    return value.value === undefined || value.value === "" ? "?" : value.value;
  });
  return { type: own, dims };
}

/** A size that a damaged model may hold is none. */
function sizeOrUnknown(dimension: Dimension): Dimension {
  return typeof dimension === "string" || (Number.isSafeInteger(dimension) && dimension >= 0)
    ? dimension
    : "?";
}

/** A dimension; negative and unsafe ones, which some programs write for an unknown one, are unknown. */
function dimensionOf(value: bigint): Dimension {
  return value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : "?";
}

/** A type as people write it: `float32 [batch, 6625]`. */
export function describeType({ type, dims }: KnownType): string {
  const name = type === undefined ? "unknown" : type === "not a tensor" ? type : typeName(type);
  return dims === undefined ? name : `${name} [${dims.join(", ")}]`;
}

function typeName(type: TensorProto_DataType): string {
  if (type === TensorProto_DataType.FLOAT) return "float32";
  if (type === TensorProto_DataType.DOUBLE) return "float64";
  const name: string | undefined = TensorProto_DataType[type];
  return name === undefined ? `of the unknown element type ${type}` : name.toLowerCase();
}
