// Values of a model that look like logits, the likeliest first: which they are, and along which axis the categories lie.
import type { NodeProto } from "onnx-buf";
import type { Dimension } from "../graph/graph-builder.ts";
import { type GraphValues, isFloat } from "./logits-in.ts";
import { isOwn, type Producers, words } from "./model-values.ts";
import { keptFrom, probabilitiesMaker } from "./probabilities.ts";

/** A value that looks like logits. */
export interface Candidate {
  readonly name: string;
  readonly reason: string;
  /** Dimension of the categories; negative where it is the last one. */
  readonly axis: number;
  /** Why nothing can be drawn along one axis. */
  readonly obstacle?: string;
}

/** Operators whose result has its channels in dimension 1. */
const CHANNELS_FIRST = words(
  "Conv ConvTranspose Resize Upsample BatchNormalization InstanceNormalization GlobalAveragePool GlobalMaxPool AveragePool " +
    "MaxPool DepthToSpace",
);

/** Operators that pass the layout of their first input on. */
const LAYOUT_KEEPING = words(
  "Relu LeakyRelu Add Sub Mul Div Identity Cast Clip Sigmoid Tanh LogSoftmax Softmax",
);

const RECURRENT = words("LSTM GRU RNN");

/** Names that programs give to caches and states. */
const STATE_NAME =
  /(^|[^a-z])(present|past|cache|key_values|hidden_states?|last_hidden_state|cell|state|embeddings?|pooler_output)([^a-z]|$)/i;

/** Finds the candidates of a graph. */
export function logitsCandidates(values: GraphValues, opset: number): Candidate[] {
  const known = { ...values, opset };
  const found = new Map<string, Candidate & { score: number }>();
  for (const name of values.outputs) {
    const candidate = candidateOf(known, name);
    const before = candidate && found.get(candidate.name);
    if (candidate !== undefined && (before === undefined || before.score < candidate.score)) {
      found.set(candidate.name, candidate);
    }
  }
  return [...found.values()].sort((a, b) => b.score - a.score).map(({ score: _, ...candidate }) => candidate);
}

/** What is known of a graph. */
interface KnownGraph extends GraphValues {
  readonly opset: number;
}

function candidateOf(graph: KnownGraph, output: string): (Candidate & { score: number }) | undefined {
  const { producers } = graph;
  const maker = probabilitiesMaker(producers, output);
  if (maker !== undefined) {
    const { node, what, logits: name, isExclusive } = maker;
    if (!isExclusive || name === undefined) return undefined;
    const reason = `what ${node.opType === "Exp" ? what : node.opType.toLowerCase()} makes the output ${JSON.stringify(output)} of`;
    const place =
      node.opType === "Exp"
        ? (axisOfShape(producers, name, graph.types(name).dims) ?? { axis: -1 })
        : axisOfNode(graph, node);
    return { name, reason, score: 4, ...place };
  }
  const known = graph.types(output);
  if (!isFloat(known.type)) return undefined;
  const direct = producers.get(output);
  if (direct !== undefined && isState(graph, output, direct)) return undefined;
  const node = keptFrom(producers, output);
  if (node !== undefined && isOwn(node, words("LogSoftmax"))) {
    const isDirect = node === direct;
    const place = isDirect ? axisOfNode(graph, node) : axisOfShape(producers, output, known.dims);
    return place && { name: output, reason: "log-probabilities", score: 3, ...place };
  }
  const place = axisOfShape(producers, output, known.dims);
  const score = /logit/i.test(output) ? 2 : 1;
  return place && { name: output, reason: "a float output", score, ...place };
}

/** Whether an output is a cache or a state: by its name, or as one of a recurrent layer or grown from an input. */
function isState({ inputs }: KnownGraph, output: string, node: NodeProto): boolean {
  if (/logit/i.test(output)) return false;
  if (STATE_NAME.test(output)) return true;
  if (isOwn(node, RECURRENT)) return node.output.indexOf(output) > 0;
  return isOwn(node, words("Concat")) && node.input.some((name) => inputs.has(name));
}

/** The axis of a softmax; below opset 13 it ran over all dimensions from its axis on as one. */
function axisOfNode({ types, opset }: KnownGraph, node: NodeProto): { axis: number; obstacle?: string } {
  const stated = node.attribute.find(({ name }) => name === "axis");
  const dims = types(node.output[0] ?? "").dims ?? types(node.input[0] ?? "").dims;
  const given = stated === undefined ? (opset < 13 ? 1 : -1) : Number(stated.i);
  const rank = dims?.length;
  const axis = given < 0 && rank !== undefined ? given + rank : given;
  if (opset >= 13 || axis === -1) return { axis: fromEnd(axis, rank) };
  if (dims === undefined) {
    // Of two dimensions, axis 1 is the last.
    return { axis: -1 };
  }
  const wide = dims.map((_, d) => d).filter((d) => d >= axis && dims[d] !== 1);
  if (wide.length > 1) {
    return {
      axis: fromEnd(axis, rank),
      obstacle: `its softmax runs over the dimensions ${wide.join(", ")} as one`,
    };
  }
  return { axis: fromEnd(wide[0] ?? axis, rank) };
}

/** The last axis as −1, which names it whatever the rank. */
function fromEnd(axis: number, rank: number | undefined): number {
  return axis === (rank ?? 0) - 1 ? -1 : axis;
}

/** The axis that a shape suggests, undefined where there is only one category. */
function axisOfShape(
  producers: Producers,
  name: string,
  dims: readonly Dimension[] | undefined,
): { axis: number } | undefined {
  if (dims === undefined) return { axis: -1 };
  if (dims.length === 0) return undefined;
  const wide = dims.map((_, d) => d).filter((d) => dims[d] !== 1);
  const categories = wide.filter((d) => d > 0 || dims.length === 1);
  // The first dimension is the batch: [1, 1000, 1, 1] has its categories in dimension 1.
  if (categories.length === 0) return undefined;
  if (categories.length === 1) return { axis: fromEnd(categories[0], dims.length) };
  const isImage = dims.length >= 3 && isChannelsFirst(producers, name) && dims[1] !== 1;
  if (isImage) return { axis: 1 };
  return dims[dims.length - 1] === 1 ? { axis: categories[categories.length - 1] } : { axis: -1 };
}

function isChannelsFirst(producers: Producers, name: string): boolean {
  const seen = new Set<NodeProto>();
  let node = producers.get(name);
  while (node !== undefined && isOwn(node, LAYOUT_KEEPING) && !seen.has(node) && node.input.length > 0) {
    seen.add(node);
    node = producers.get(node.input[0]);
  }
  return node !== undefined && isOwn(node, CHANNELS_FIRST);
}
