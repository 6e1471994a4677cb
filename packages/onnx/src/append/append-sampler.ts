// Grafts a sampler onto an existing model: new inputs, nodes and outputs, and nothing else of it changed, but for an opset
// that is too old.
import { type GraphProto, type ModelProto, TensorProto_DataType } from "onnx-buf";
import { createGraphBuilder, type Dimension } from "../graph/graph-builder.ts";
import { readModel, writeModel } from "../graph/model-bytes.ts";
import { ModelError } from "../graph/model-error.ts";
import { describeType, type KnownType, namesIn, producerOf, typeOfValue } from "./model-values.ts";
import { type AppendSamplerOptions, type ResolvedAppend, resolveAppend } from "./options.ts";
import { LOWEST_OPSET, raiseOpset } from "./raise-opset.ts";
import { sample } from "./sample.ts";

/** Last IR version that every ONNX Runtime from 1.14 on reads, and the first that opset 18 goes with. */
const IR_VERSION = 8n;

/** Element types that logits may have; others than float32 are converted. */
const FLOATS: ReadonlySet<KnownType["type"]> = new Set([
  TensorProto_DataType.FLOAT,
  TensorProto_DataType.FLOAT16,
  TensorProto_DataType.DOUBLE,
  TensorProto_DataType.BFLOAT16,
]);

/**
 * Adds a categorical sampler to a model. New inputs: `key` (uint32 `[hi, lo]`; or `bits`, `noise`, as `noise` says) and the
 * temperatures that are inputs. New outputs: `indices`, the logits' shape without the axis, and `soft` where asked for.
 * For one key the indices are those of `categorical(logits/temperature, { key })` on every backend.
 *
 * Nodes, weights, external data and fields that nobody knows stay as they are. A model below opset 18 is raised to it where
 * every operator keeps its meaning.
 *
 * @param model the bytes of an ONNX model, which are left alone
 * @returns the bytes of the new one
 * @throws ModelError saying what of the model stands in the way; RangeError or TypeError naming a wrong option
 */
export function appendSampler(model: Uint8Array, options: AppendSamplerOptions): Uint8Array<ArrayBuffer> {
  const resolved = resolveAppend(options);
  const read = readModel(model);
  const { graph } = read;
  const known = logitsIn(graph, resolved);
  const taken = namesIn(graph);
  const root = `${resolved.prefix}gumbel`;
  const clash = [...taken].find((name) => name.startsWith(`${root}/`));
  if (clash !== undefined) {
    throw new ModelError(
      `the model has a sampler already, with the node ${JSON.stringify(clash)}: choose another prefix for a second one`,
    );
  }
  raise(read, graph, taken);
  const builder = createGraphBuilder({ root, taken, prefix: resolved.prefix });
  sample(builder, resolved, known);
  graph.node.push(...builder.nodes);
  graph.initializer.push(...builder.initializers);
  graph.input.push(...builder.inputs);
  graph.output.push(...builder.outputs);
  return writeModel(read);
}

/** Finds the logits, and checks that they can be any. */
function logitsIn(graph: GraphProto, { logits, axis, topK }: ResolvedAppend): KnownType {
  const quoted = JSON.stringify(logits);
  const producer = producerOf(graph, logits);
  if (graph.initializer.some(({ name }) => name === logits)) {
    throw new ModelError(`logits must not be constant, and ${quoted} is an initializer`);
  }
  if (producer === undefined && !graph.input.some(({ name }) => name === logits)) {
    const outputs = graph.output.map(({ name }) => JSON.stringify(name)).join(", ");
    throw new ModelError(`the model has no value named ${quoted}; its outputs: ${outputs || "none"}`);
  }
  if (producer?.opType === "Softmax") {
    throw new ModelError(
      `${quoted} is the result of a Softmax: probabilities, no logits. Its input, ${JSON.stringify(producer.input[0])}, is what to sample from`,
    );
  }
  const known = typeOfValue(graph, logits);
  if (known === undefined) {
    throw new ModelError(
      `the model does not say of which type ${quoted} is: run ONNX's shape inference on it`,
    );
  }
  if (!FLOATS.has(known.type)) {
    throw new ModelError(`logits must be of a float type, and ${quoted} is ${describeType(known)}`);
  }
  if (known.dims !== undefined) assertShape(quoted, known.dims, axis, topK);
  return known;
}

function assertShape(
  quoted: string,
  dims: readonly Dimension[],
  axis: number,
  topK: number | undefined,
): void {
  const shape = `[${dims.join(", ")}]`;
  if (dims.length === 0) throw new ModelError(`logits must have a dimension, and ${quoted} is a scalar`);
  if (axis < -dims.length || axis >= dims.length) {
    throw new RangeError(
      `axis must be an integer in [${-dims.length}, ${dims.length - 1}] for ${quoted} of shape ${shape}, got ${axis}`,
    );
  }
  const classes = dims.at(axis);
  if (classes === 0) {
    throw new ModelError(`logits must hold a category, and ${quoted} is of shape ${shape}`);
  }
  if (topK !== undefined && typeof classes === "number" && topK > classes) {
    throw new RangeError(`topK must be at most the number of categories, ${classes}, got ${topK}`);
  }
}

/** Sees to an opset that has what a sampler is made of. */
function raise(model: ModelProto, graph: GraphProto, taken: Set<string>): void {
  const own = model.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
  if (own === undefined) {
    throw new ModelError(
      "the model uses no operator of ONNX's own set: there is nothing to add a sampler to",
    );
  }
  const opset = Number(own.version);
  if (opset < LOWEST_OPSET) {
    if (model.functions.length > 0) {
      throw new ModelError(
        `the model is of opset ${opset}, and has functions of its own: these are not raised to opset 18`,
      );
    }
    raiseOpset(graph, opset, taken);
    own.version = BigInt(LOWEST_OPSET);
  }
  if (model.irVersion < IR_VERSION) model.irVersion = IR_VERSION;
}
