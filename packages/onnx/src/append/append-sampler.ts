// Appends a sampler to an existing model: new inputs, nodes and outputs. Nothing else of the model changes, unless its opset
// is too old.
import { type GraphProto, type ModelProto, TensorProto_DataType } from "onnx-buf";
import { createGraphBuilder, type Dimension } from "../graph/graph-builder.ts";
import { bytesOf, extendModel, readModel, writeModel } from "../graph/model-bytes.ts";
import { ModelError } from "../graph/model-error.ts";
import { IR_VERSION } from "../models/sampling-model.ts";
import {
  describeType,
  type KnownType,
  namesIn,
  probabilitiesNode,
  producerOf,
  typeOfValue,
} from "./model-values.ts";
import { type AppendSamplerOptions, type ResolvedAppend, resolveAppend } from "./options.ts";
import { LOWEST_OPSET, raiseOpset } from "./raise-opset.ts";
import { sample } from "./sample.ts";

/** Element types that logits may have; others than float32 are converted. */
const FLOATS: ReadonlySet<KnownType["type"]> = new Set([
  TensorProto_DataType.FLOAT,
  TensorProto_DataType.FLOAT16,
  TensorProto_DataType.DOUBLE,
  TensorProto_DataType.BFLOAT16,
]);

/**
 * Adds a categorical sampler to a model. New inputs: `key` (uint32 `[hi, lo]`; or `bits`, `noise`, as the option `noise` states) and the
 * temperatures that are inputs. New outputs: `indices`, the logits' shape without the axis, and `soft` with that option.
 * For one key the indices are those of `categorical(logits/temperature, { key })` on every backend.
 *
 * The rest of the model stays as it is, to the byte. A model below opset 18 is written anew: it is raised to 18 where every
 * operator keeps its meaning.
 *
 * @param model the bytes of an ONNX model, which are not changed
 * @returns the bytes of the new one
 * @throws ModelError saying why the model cannot be given a sampler; RangeError or TypeError naming a wrong option
 * @example appendSampler(model, { logits: "logits", temperature: 0.8, topK: 40 })
 */
export function appendSampler(
  model: Uint8Array | ArrayBuffer,
  options: AppendSamplerOptions,
): Uint8Array<ArrayBuffer> {
  const resolved = resolveAppend(options);
  const bytes = bytesOf(model);
  const read = readModel(bytes);
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
  const isRaised = raise(read, graph, taken);
  const builder = createGraphBuilder({ root, taken, prefix: resolved.prefix });
  sample(builder, resolved, known);
  const added = {
    node: [...builder.nodes],
    initializer: [...builder.initializers],
    input: [...builder.inputs],
    output: [...builder.outputs],
  };
  const irVersion = read.irVersion < IR_VERSION ? IR_VERSION : undefined;
  if (!isRaised) {
    const opsetImport = ownOpset(read) === undefined ? [{ domain: "", version: BigInt(LOWEST_OPSET) }] : [];
    return extendModel(bytes, added, { ...(irVersion && { irVersion }), opsetImport });
  }
  graph.node.push(...added.node);
  graph.initializer.push(...added.initializer);
  graph.input.push(...added.input);
  graph.output.push(...added.output);
  if (irVersion !== undefined) read.irVersion = irVersion;
  return writeModel(read);
}

/** Finds the logits, and checks that they may be logits. */
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
  const maker = probabilitiesNode(graph, logits);
  if (maker !== undefined) {
    const use =
      maker.input.length === 0
        ? ""
        : `. Its input, ${JSON.stringify(maker.input[0])}, is what to sample from`;
    throw new ModelError(`${quoted} is the result of a ${maker.opType}: probabilities, no logits${use}`);
  }
  const known = typeOfValue(graph, logits);
  if (known === undefined) {
    throw new ModelError(
      `the model does not state of which type ${quoted} is: run ONNX's shape inference on it`,
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
  const categories = dims.at(axis);
  if (categories === 0) {
    throw new ModelError(`logits must hold a category, and ${quoted} is of shape ${shape}`);
  }
  if (topK !== undefined && typeof categories === "number" && topK > categories) {
    throw new RangeError(`topK must be at most the number of categories, ${categories}, got ${topK}`);
  }
}

/** Version of ONNX's own operators, undefined where the model uses none. */
export function ownOpset({ opsetImport }: Pick<ModelProto, "opsetImport">): number | undefined {
  const own = opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
  return own === undefined ? undefined : Number(own.version);
}

/** Ensures opset ≥ 18. Returns whether that changed the model. */
function raise(model: ModelProto, graph: GraphProto, taken: Set<string>): boolean {
  const opset = ownOpset(model);
  if (opset === undefined || opset >= LOWEST_OPSET) return false;
  if (model.functions.length > 0) {
    throw new ModelError(
      `the model is of opset ${opset}, and has functions of its own: these are not raised to opset 18`,
    );
  }
  raiseOpset(graph, opset, taken);
  for (const own of model.opsetImport) {
    if (own.domain === "" || own.domain === "ai.onnx") own.version = BigInt(LOWEST_OPSET);
  }
  return true;
}
