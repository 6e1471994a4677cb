// What a graph says of its values: their names, and the type and shape of one of them.
import { type GraphProto, type NodeProto, TensorProto_DataType, type ValueInfoProto } from "onnx-buf";
import type { Dimension } from "../graph/graph-builder.ts";

/** What is known of a value. */
export interface KnownType {
  /** ONNX's code of the element type, or what the value is instead of a tensor. */
  readonly type: TensorProto_DataType | "not a tensor";
  readonly dims?: readonly Dimension[];
}

/** Every name of a value or node in a graph and its subgraphs, which see the names around them. */
export function namesIn(graph: GraphProto): Set<string> {
  const names = new Set<string>();
  const visit = (part: GraphProto) => {
    for (const { name } of [...part.input, ...part.output, ...part.initializer, ...part.valueInfo]) {
      names.add(name);
    }
    for (const { values } of part.sparseInitializer) if (values !== undefined) names.add(values.name);
    for (const node of part.node) {
      for (const name of [node.name, ...node.input, ...node.output]) names.add(name);
      for (const { g, graphs } of node.attribute) for (const sub of g ? [g] : graphs) visit(sub);
    }
  };
  visit(graph);
  names.delete("");
  return names;
}

/** The node that gives a value, in the graph itself. */
export function producerOf(graph: GraphProto, name: string): NodeProto | undefined {
  return graph.node.find(({ output }) => output.includes(name));
}

/** Operators whose result has the type of each of their inputs. */
const ALL_INPUTS = new Set("Add Sub Mul Div MatMul Gemm Conv ConvTranspose Sum Max Min PRelu".split(" "));

/** Operators whose result has the type of their first input. */
const FIRST_INPUT = new Set(
  (
    "Softmax LogSoftmax Hardmax Identity Relu Sigmoid Tanh Clip Reshape Transpose Squeeze Unsqueeze Flatten Slice Gather " +
    "Neg LayerNormalization BatchNormalization Dropout ReduceMean ReduceSum Exp Log Sqrt"
  ).split(" "),
);

/** Operators whose result has the type and the shape of their first input. */
const SAME_SHAPE = new Set("Softmax LogSoftmax Hardmax Identity".split(" "));

/** Type and shape of a value, where the graph says so of it or of a value that must have the same type. */
export function typeOfValue(graph: GraphProto, name: string): KnownType | undefined {
  const stated = new Map<string, KnownType>();
  for (const info of [...graph.valueInfo, ...graph.input, ...graph.output]) {
    const known = stateOf(info);
    if (known !== undefined) stated.set(info.name, known);
  }
  for (const { name: own, dataType, dims } of graph.initializer) {
    stated.set(own, { type: dataType, dims: dims.map(Number) });
  }
  const own = stated.get(name) ?? sameShaped(graph, name, stated);
  if (own !== undefined) return own;
  const seen = new Set([name]);
  for (const value of seen) {
    const known = stated.get(value);
    if (known !== undefined) return { type: known.type };
    for (const node of graph.node) {
      const typed = typedAlike(node);
      if (typed.includes(value)) for (const other of typed) seen.add(other);
    }
  }
  return undefined;
}

function sameShaped(
  graph: GraphProto,
  name: string,
  stated: ReadonlyMap<string, KnownType>,
): KnownType | undefined {
  const node = graph.node.find(({ opType, input }) => SAME_SHAPE.has(opType) && input[0] === name);
  return node === undefined ? undefined : stated.get(node.output[0]);
}

function typedAlike({ domain, opType, input, output }: NodeProto): readonly string[] {
  if (domain !== "" && domain !== "ai.onnx") return [];
  if (ALL_INPUTS.has(opType)) return [...input, output[0]].filter((name) => name !== "");
  return FIRST_INPUT.has(opType) ? [input[0], output[0]] : [];
}

function stateOf({ type }: ValueInfoProto): KnownType | undefined {
  if (type?.value.case === undefined) return undefined;
  if (type.value.case !== "tensorType") return { type: "not a tensor" };
  const { elemType, shape } = type.value.value;
  if (elemType === TensorProto_DataType.UNDEFINED) return undefined;
  if (shape === undefined) return { type: elemType };
  const dims = shape.dim.map(
    ({ value }): Dimension => (value.case === "dimValue" ? Number(value.value) : (value.value ?? "?")),
  );
  return { type: elemType, dims };
}

/** A type as people write it: `float32 [batch, 6625]`. */
export function describeType({ type, dims }: KnownType): string {
  const name =
    type === "not a tensor" ? type : (TYPE_NAMES[type] ?? TensorProto_DataType[type].toLowerCase());
  return dims === undefined ? name : `${name} [${dims.join(", ")}]`;
}

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [TensorProto_DataType.FLOAT]: "float32",
  [TensorProto_DataType.DOUBLE]: "float64",
};
