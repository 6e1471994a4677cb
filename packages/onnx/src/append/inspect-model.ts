// Says what a model holds and what appending a sampler to it would do.
import type { GraphProto } from "onnx-buf";
import { readModel } from "../graph/model-bytes.ts";
import { ModelError } from "../graph/model-error.ts";
import { appendSampler } from "./append-sampler.ts";
import { describeType, namesIn, producerOf, typeOfValue } from "./model-values.ts";
import { LOWEST_OPSET, raiseOpset } from "./raise-opset.ts";

/** A value that looks like logits. */
export interface LogitsCandidate {
  /** Its name, for `appendSampler`. */
  readonly name: string;
  /** Type and shape, as far as the model says. */
  readonly type: string;
  /** Why it looks like logits. */
  readonly reason: string;
  /** Why a sampler cannot be appended to it, or undefined where it can. */
  readonly obstacle: string | undefined;
}

/** What {@link inspectModel} finds. */
export interface ModelReport {
  /** What made the model, with its version; empty where the model does not say. */
  readonly producer: string;
  /** Version of the file format. */
  readonly irVersion: number;
  /** Version of ONNX's own operators. */
  readonly opset: number;
  /** How many nodes appending would rewrite to raise the opset; 0 where it need not be. */
  readonly rewrites: number;
  /** Inputs that a run must be fed. */
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  /** Outputs of a run. */
  readonly outputs: readonly { readonly name: string; readonly type: string }[];
  /** Values that a sampler may be appended to. */
  readonly logits: readonly LogitsCandidate[];
}

/**
 * Reads a model and lists the values that look like logits: float outputs, and the inputs of softmaxes that give outputs.
 *
 * @throws ModelError when the bytes are no ONNX model
 */
export function inspectModel(model: Uint8Array): ModelReport {
  const { graph, ...read } = readModel(model);
  const own = read.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
  const opset = Number(own?.version ?? 0);
  const named = ({ name }: { name: string }) => ({ name, type: typeText(graph, name) });
  const initializers = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !initializers.has(name)).map(named);
  const outputs = graph.output.map(named);
  const logits = candidatesIn(graph).map(([name, reason]) => ({
    name,
    type: typeText(graph, name),
    reason,
    obstacle: obstacleOf(() => appendSampler(model, { logits: name, prefix: freePrefix(graph) })),
  }));
  let rewrites = 0;
  // The graph is this function's own copy: it may be changed.
  obstacleOf(() => {
    if (opset < LOWEST_OPSET) rewrites = raiseOpset(graph, opset, namesIn(graph));
  });
  // Fields that the bytes leave out are undefined, whatever their type says.
  const producer = [read.producerName, read.producerVersion].filter(Boolean).join(" ");
  return { producer, irVersion: Number(read.irVersion), opset, rewrites, inputs, outputs, logits };
}

function candidatesIn(graph: GraphProto): (readonly [name: string, reason: string])[] {
  return graph.output.flatMap(({ name }): (readonly [string, string])[] => {
    const producer = producerOf(graph, name);
    if (producer?.opType === "Softmax") {
      return [[producer.input[0], `what softmax makes the output ${JSON.stringify(name)} of`]];
    }
    // Probabilities of classes that do not exclude each other.
    if (producer?.opType === "Sigmoid") return [];
    const known = typeOfValue(graph, name);
    const isFloat = known !== undefined && /float|double/.test(describeType(known));
    const dims = known?.dims;
    const hasClasses = dims === undefined || (dims.length > 0 && dims.at(-1) !== 1);
    return isFloat && hasClasses
      ? [[name, producer?.opType === "LogSoftmax" ? "log-probabilities" : "a float output"]]
      : [];
  });
}

/** A prefix that no name of the graph starts with: whether a name is taken is not what is asked. */
function freePrefix(graph: GraphProto): string {
  const names = [...namesIn(graph)];
  let prefix = "";
  for (let i = 2; names.some((name) => name.startsWith(`${prefix}gumbel/`)); i++) prefix = `sampler_${i}_`;
  return prefix;
}

function typeText(graph: GraphProto, name: string): string {
  const known = typeOfValue(graph, name);
  return known === undefined ? "unknown" : describeType(known);
}

function obstacleOf(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}
