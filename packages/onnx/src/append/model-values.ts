// Values of a graph: their names, types and producers, and what they are probabilities of.
import {
  type GraphProto,
  type NodeProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  type ValueInfoProto,
} from "onnx-buf";
import type { Dimension } from "../graph/graph-builder.ts";

/** The type of a value, as far as the model states it. */
export interface KnownType {
  /** ONNX's code of the element type, or that the value is no tensor. */
  readonly type: TensorProto_DataType | "not a tensor";
  readonly dims?: readonly Dimension[];
}

/** A graph and its subgraphs, outermost first. */
function graphsIn(graph: GraphProto): GraphProto[] {
  const found = [graph];
  for (const part of found) {
    for (const { attribute } of part.node) {
      for (const { g, graphs } of attribute) found.push(...(g ? [g] : graphs));
    }
  }
  return found;
}

/** Every name of a value or node in a graph and its subgraphs, which see the names around them. */
export function namesIn(graph: GraphProto): Set<string> {
  const names = new Set<string>();
  for (const part of graphsIn(graph)) {
    for (const { name } of [...part.input, ...part.output, ...part.initializer, ...part.valueInfo]) {
      names.add(name);
    }
    for (const { values } of part.sparseInitializer) if (values !== undefined) names.add(values.name);
    for (const node of part.node) {
      for (const name of [node.name, ...node.input, ...node.output]) names.add(name);
    }
  }
  names.delete("");
  return names;
}

/** Names that a node or an output of the graph or of a subgraph reads. */
export function namesReadIn(graph: GraphProto): Set<string> {
  const names = new Set<string>();
  for (const { node, output } of graphsIn(graph)) {
    for (const { name } of output) names.add(name);
    for (const { input } of node) for (const name of input) names.add(name);
  }
  return names;
}

/** Files that hold external data, relative to the model. */
export function externalFilesOf(graph: GraphProto): string[] {
  const tensors = graphsIn(graph).flatMap(({ initializer, node }) => [
    ...initializer,
    ...node.flatMap(({ attribute }) =>
      attribute.flatMap(({ t, tensors }) => (t ? [t, ...tensors] : tensors)),
    ),
  ]);
  const files = tensors
    .filter(({ dataLocation }) => dataLocation === TensorProto_DataLocation.EXTERNAL)
    .map(({ externalData }) => externalData.find(({ key }) => key === "location")?.value ?? "");
  return [...new Set(files)];
}

/** The node that gives a value, in the graph itself. */
export function producerOf(graph: GraphProto, name: string): NodeProto | undefined {
  return graph.node.find(({ output }) => output.includes(name));
}

/** Whether a node's operator is one of ONNX's own, and of the given names. */
export function isOwn({ domain, opType }: NodeProto, names: ReadonlySet<string>): boolean {
  return (domain === "" || domain === "ai.onnx") && names.has(opType);
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Operators whose result has the type of each of their inputs. */
const ALL_INPUTS = words("Add Sub Mul Div MatMul Gemm Conv ConvTranspose Sum Max Min PRelu");

/** Operators whose result has the type of their first input. */
const FIRST_INPUT = words(
  "Softmax LogSoftmax Hardmax Identity Relu Sigmoid Tanh Clip Reshape Transpose Squeeze Unsqueeze Flatten Slice Gather " +
    "Neg LayerNormalization BatchNormalization Dropout ReduceMean ReduceSum Exp Log Sqrt GlobalAveragePool AveragePool " +
    "MaxPool Resize",
);

/** Operators whose result has the type and the shape of their first input. */
const SAME_SHAPE = words("Softmax LogSoftmax Hardmax Identity");

/** Operators whose result holds values of their first input, moved or cut out. */
const VALUE_KEEPING = words(
  "Cast CastLike Identity Reshape Flatten Squeeze Unsqueeze Transpose Clip Dropout Slice Gather Expand",
);

/** Operators that make probabilities of logits. */
const PROBABILITIES = words("Softmax Sigmoid Hardmax");

/**
 * The node that makes a value probabilities, through nodes that keep values: a Softmax, Sigmoid or Hardmax, or the LogSoftmax
 * of an Exp. undefined where there is none.
 */
export function probabilitiesNode(graph: GraphProto, name: string): NodeProto | undefined {
  const seen = new Set<NodeProto>();
  let node = keptFrom(graph, name, seen);
  if (node?.opType === "Exp" && isOwn(node, words("Exp"))) {
    node = keptFrom(graph, node.input[0], seen);
    return node !== undefined && isOwn(node, words("LogSoftmax")) ? node : undefined;
  }
  return node !== undefined && isOwn(node, PROBABILITIES) ? node : undefined;
}

/** The first node before a value that does more than keep values. */
export function keptFrom(
  graph: GraphProto,
  name: string,
  seen: Set<NodeProto> = new Set(),
): NodeProto | undefined {
  let node = producerOf(graph, name);
  while (node !== undefined && isOwn(node, VALUE_KEEPING) && !seen.has(node) && node.input.length > 0) {
    seen.add(node);
    node = producerOf(graph, node.input[0]);
  }
  return node;
}

/** Type and shape of a value, where the graph states that of it or of a value that must have the same type. */
export function typeOfValue(graph: GraphProto, name: string): KnownType | undefined {
  const stated = new Map<string, KnownType>();
  for (const info of [...graph.valueInfo, ...graph.input, ...graph.output]) {
    const known = stateOf(info);
    if (known !== undefined) stated.set(info.name, known);
  }
  for (const { name: own, dataType, dims } of graph.initializer) {
    stated.set(own, { type: dataType, dims: dims.map(dimensionOf) });
  }
  const own = stated.get(name) ?? sameShaped(graph, name, stated);
  if (own !== undefined) return own;
  const neighbors = new Map<string, string[]>();
  for (const node of graph.node) {
    const typed = typedAlike(node);
    for (const value of typed) {
      const list = neighbors.get(value);
      if (list === undefined) neighbors.set(value, [...typed]);
      else list.push(...typed);
    }
  }
  const seen = new Set([name]);
  for (const value of seen) {
    const known = stated.get(value);
    if (known !== undefined) return { type: known.type };
    for (const other of neighbors.get(value) ?? []) seen.add(other);
  }
  return undefined;
}

function sameShaped(
  graph: GraphProto,
  name: string,
  stated: ReadonlyMap<string, KnownType>,
): KnownType | undefined {
  const node = graph.node.find(({ opType, input }) => SAME_SHAPE.has(opType) && input[0] === name);
  return node?.output[0] === undefined ? undefined : stated.get(node.output[0]);
}

/** Values of a node that must have one type. */
function typedAlike(node: NodeProto): readonly string[] {
  const { input, output } = node;
  const first = output.slice(0, 1);
  if (isOwn(node, ALL_INPUTS)) return [...input, ...first].filter((name) => name !== "");
  return isOwn(node, FIRST_INPUT) ? [...input.slice(0, 1), ...first] : [];
}

function stateOf({ type }: ValueInfoProto): KnownType | undefined {
  if (type?.value.case === undefined) return undefined;
  if (type.value.case !== "tensorType") return { type: "not a tensor" };
  const { elemType, shape } = type.value.value;
  if (elemType === TensorProto_DataType.UNDEFINED) return undefined;
  if (shape === undefined) return { type: elemType };
  const dims = shape.dim.map(({ value }): Dimension => {
    if (value.case === "dimValue") return dimensionOf(value.value);
    return value.value === undefined || value.value === "" ? "?" : value.value;
  });
  return { type: elemType, dims };
}

/** A dimension; negative and unsafe ones, which some programs write for an unknown one, are unknown. */
function dimensionOf(value: bigint): Dimension {
  return value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : "?";
}

/** A type as people write it: `float32 [batch, 6625]`. */
export function describeType({ type, dims }: KnownType): string {
  const name = type === "not a tensor" ? type : typeName(type);
  return dims === undefined ? name : `${name} [${dims.join(", ")}]`;
}

function typeName(type: TensorProto_DataType): string {
  if (type === TensorProto_DataType.FLOAT) return "float32";
  if (type === TensorProto_DataType.DOUBLE) return "float64";
  const name: string | undefined = TensorProto_DataType[type];
  return name === undefined ? `of the unknown element type ${type}` : name.toLowerCase();
}
