// Reports what a model holds and what appending a sampler to it would do.
import { bytesOf, extendModel, readModel } from "../graph/model-bytes.ts";
import { ModelError } from "../graph/model-error.ts";
import { ensureOpset, ownOpset } from "./ensure-opset.ts";
import { logitsCandidates } from "./logits-candidates.ts";
import { graphValuesOf, logitsIn } from "./logits-in.ts";
import { namesIn } from "./model-values.ts";
import { resolveAppend } from "./options.ts";
import { LOWEST_OPSET } from "./raise-opset.ts";
import { describeType } from "./value-types.ts";

/** A value that looks like logits. */
export interface LogitsCandidate {
  /** Its name, for `appendSampler`. */
  readonly name: string;
  /** Type and shape, as far as the model states them. */
  readonly type: string;
  /** Dimension of the categories, for `appendSampler`; −1 where it is the last one. */
  readonly axis: number;
  /** Why it looks like logits. */
  readonly reason: string;
  /** Why a sampler cannot be appended to it, or undefined where it can. */
  readonly obstacle: string | undefined;
}

/** What {@link inspectModel} finds. */
export interface ModelReport {
  /** What made the model, with its version; empty where the model does not state it. */
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
 * Reads a model and lists the values that look like logits, the likeliest first: the inputs of softmaxes that make outputs,
 * and float outputs that are no caches or states.
 *
 * @param model the bytes of an ONNX model, which are not changed
 * @throws ModelError when the bytes are no ONNX model
 * @example inspectModel(model).logits[0].name
 */
export function inspectModel(model: Uint8Array | ArrayBuffer): ModelReport {
  const bytes = bytesOf(model);
  const { graph, ...read } = readModel(bytes);
  const opset = ownOpset(read);
  const values = graphValuesOf(graph);
  const named = ({ name }: { name: string }) => ({ name, type: describeType(values.types(name)) });
  const inputs = graph.input.filter(({ name }) => !values.initializers.has(name)).map(named);
  const outputs = graph.output.map(named);
  const candidates = logitsCandidates(values, opset ?? LOWEST_OPSET).map((candidate) => ({
    ...candidate,
    obstacle:
      candidate.obstacle ??
      obstacleOf(() => logitsIn(values, resolveAppend({ logits: candidate.name, axis: candidate.axis }))),
  }));
  let rewrites = 0;
  // The graph is this function's own copy: it may be changed. What cannot be raised, or extended, stands in every candidate's way.
  const obstacle = obstacleOf(() => {
    const changed = ensureOpset(read, graph, namesIn(graph));
    if (changed === undefined) extendModel(bytes, {}, {});
    else rewrites = changed;
  });
  // Fields that the bytes leave out are undefined, although their type is a string.
  const producer = [read.producerName, read.producerVersion].filter(Boolean).join(" ");
  return {
    producer,
    irVersion: Number(read.irVersion),
    opset: opset ?? 0,
    rewrites,
    inputs,
    outputs,
    logits: candidates.map(({ name, axis, reason, obstacle: own }) => ({
      ...named({ name }),
      axis,
      reason,
      obstacle: own ?? obstacle,
    })),
  };
}

/** Why an attempt fails: because of the model, or of an axis that its shape does not have. */
function obstacleOf(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof ModelError || error instanceof RangeError || error instanceof TypeError) {
      return error.message;
    }
    throw error;
  }
}
