// The shape of a node's result, as far as it follows from the shapes of its inputs: the rank at least, "?" for a size that does
// not follow. For the operators that stand between logits and the values whose shape a model states.
import type { NodeProto } from "onnx-buf";
import type { Dimension } from "../graph/graph-builder.ts";
import { isOwn, words } from "./model-values.ts";

/** What is known of a graph's values. */
export interface Lookup {
  dims(name: string): readonly Dimension[] | undefined;
  /** The numbers of a constant vector of int64. */
  integers(name: string): readonly number[] | undefined;
}

type Dims = readonly Dimension[];

/** Operators whose result has the shape of their first input. */
const SAME_SHAPE = words(
  "Softmax LogSoftmax Hardmax Identity Cast CastLike Relu LeakyRelu Elu Sigmoid Tanh Clip Neg Abs Erf Gelu Softplus Mish HardSwish " +
    "LayerNormalization RMSNormalization SimplifiedLayerNormalization BatchNormalization InstanceNormalization GroupNormalization " +
    "Dropout Exp Log Sqrt Reciprocal DequantizeLinear QuantizeLinear CumSum Trilu LpNormalization",
);
const SAME_SHAPE_OF_RUNTIME = words(
  "FastGelu QuickGelu BiasGelu Gelu SkipLayerNormalization SkipSimplifiedLayerNormalization SimplifiedLayerNormalization",
);
const BROADCAST = words("Add Sub Mul Div Pow Max Min Sum Mean Mod");
const SAME_RANK = words("Conv ConvTranspose MaxPool AveragePool GlobalAveragePool GlobalMaxPool Resize Pad");

/** Dimensions of a node's first output. */
export function dimsAfter(node: NodeProto, known: Lookup): Dims | undefined {
  const { input } = node;
  const first = known.dims(input[0] ?? "");
  if (hasShapeOfInput(node)) return first;
  if (isOwn(node, BROADCAST)) return broadcast(input.map(known.dims));
  if (isOwn(node, words("Where"))) return broadcast(input.map(known.dims));
  if (isOwn(node, words("Reshape"))) return reshaped(first, input[1], known);
  if (isOwn(node, words("Flatten"))) return ["?", "?"];
  if (isOwn(node, words("Gemm"))) return gemm(node, known);
  if (isOwn(node, words("MatMul"))) return product(first, known.dims(input[1] ?? ""));
  if (first === undefined) return undefined;
  if (node.domain === "com.microsoft" && node.opType === "MatMulNBits") {
    return [...first.slice(0, -1), integerOf(node, "N") ?? "?"];
  }
  if (isOwn(node, words("Transpose"))) {
    const perm = integersOf(node, "perm") ?? first.map((_, d) => first.length - 1 - d);
    return perm.map((d) => first[d] ?? "?");
  }
  if (isOwn(node, words("Concat"))) {
    const axis = integerOf(node, "axis") ?? 0;
    return first.map((dimension, d) => (d === axis || d === axis + first.length ? "?" : dimension));
  }
  if (isOwn(node, words("Gather"))) {
    const indices = known.dims(input[1] ?? "");
    const axis = integerOf(node, "axis") ?? 0;
    const own = axis < 0 ? axis + first.length : axis;
    return indices && [...first.slice(0, own), ...indices, ...first.slice(own + 1)];
  }
  if (isOwn(node, words("Slice"))) {
    const axes = integersOf(node, "axes") ?? known.integers(input[3] ?? "");
    return first.map((dimension, d) => (axes === undefined || has(axes, d, first.length) ? "?" : dimension));
  }
  if (isOwn(node, words("Squeeze Unsqueeze"))) {
    const axes = integersOf(node, "axes") ?? known.integers(input[1] ?? "");
    if (axes === undefined) return undefined;
    if (node.opType === "Squeeze") return first.filter((_, d) => !has(axes, d, first.length));
    const rest = [...first];
    const rank = first.length + axes.length;
    return Array.from({ length: rank }, (_, d) => (has(axes, d, rank) ? 1 : (rest.shift() ?? "?")));
  }
  return isOwn(node, SAME_RANK) ? [first[0] ?? "?", ...first.slice(1).map(() => "?")] : undefined;
}

/** Dimensions of a node's first input, as they follow from those of its first output. */
export function dimsBefore(node: NodeProto, known: Lookup): Dims | undefined {
  return hasShapeOfInput(node) ? known.dims(node.output[0] ?? "") : undefined;
}

function hasShapeOfInput(node: NodeProto): boolean {
  if (node.domain === "com.microsoft") return SAME_SHAPE_OF_RUNTIME.has(node.opType);
  return isOwn(node, SAME_SHAPE);
}

function has(axes: readonly number[], d: number, rank: number): boolean {
  return axes.some((axis) => axis === d || axis + rank === d);
}

function broadcast(all: readonly (Dims | undefined)[]): Dims | undefined {
  let result: Dims = [];
  for (const dims of all) {
    if (dims === undefined) return undefined;
    const rank = Math.max(dims.length, result.length);
    const at = (list: Dims, d: number) => list[d - rank + list.length] ?? 1;
    const both = result;
    result = Array.from({ length: rank }, (_, d) => {
      const [a, b] = [at(both, d), at(dims, d)];
      if (a === b || b === 1) return a;
      if (a === 1) return b;
      return typeof a === "number" ? a : typeof b === "number" ? b : "?";
    });
  }
  return result;
}

function reshaped(first: Dims | undefined, name: string | undefined, known: Lookup): Dims | undefined {
  const sizes = known.integers(name ?? "");
  if (sizes !== undefined) {
    return sizes.map((size, d) => (size > 0 ? size : size === 0 ? (first?.[d] ?? "?") : "?"));
  }
  const rank = known.dims(name ?? "")?.[0];
  return typeof rank === "number" && rank <= 64 ? Array<Dimension>(rank).fill("?") : undefined;
}

function gemm(node: NodeProto, known: Lookup): Dims {
  const [a, b] = [known.dims(node.input[0] ?? ""), known.dims(node.input[1] ?? "")];
  const rows = a?.[integerOf(node, "transA") === 1 ? 1 : 0];
  const columns = b?.[integerOf(node, "transB") === 1 ? 0 : 1];
  return [rows ?? "?", columns ?? "?"];
}

function product(a: Dims | undefined, b: Dims | undefined): Dims | undefined {
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) return undefined;
  const batch = broadcast([a.slice(0, -2), b.slice(0, -2)]) ?? [];
  return [...batch, ...(a.length > 1 ? [a[a.length - 2]] : []), ...(b.length > 1 ? [b[b.length - 1]] : [])];
}

function integerOf(node: NodeProto, name: string): number | undefined {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found?.i === undefined ? undefined : Number(found.i);
}

function integersOf(node: NodeProto, name: string): readonly number[] | undefined {
  return node.attribute.find((attribute) => attribute.name === name)?.ints.map(Number);
}
