// Appends a sampler to an existing model: new inputs, nodes and outputs. Nothing else of the model changes, unless its opset
// is too old.
import type { OwnUint8Array } from "@gumbel/core/adapter";
import { createGraphBuilder } from "../graph/graph-builder.ts";
import { bytesOf, extendModel, readModel, writeModel } from "../graph/model-bytes.ts";
import { ModelError } from "../graph/model-error.ts";
import { IR_VERSION } from "../models/sampling-model.ts";
import { ensureOpset, ownOpset } from "./ensure-opset.ts";
import { graphValuesOf, logitsIn } from "./logits-in.ts";
import { namesIn } from "./model-values.ts";
import { type AppendSamplerOptions, resolveAppend } from "./options.ts";
import { LOWEST_OPSET } from "./raise-opset.ts";
import { sample } from "./sample.ts";

/**
 * Adds a categorical sampler to a model. New inputs: `key` (uint32 `[hi, lo]`; or `bits`, `noise`, as the option `noise` states), and
 * the mask, temperature and filters that are inputs. New outputs: `indices`, the logits' shape without the axis and, at one position,
 * without the sequence; `log_prob` and `soft` with these options. For one key the indices are those of
 * `categorical(logits, { key, temperature, topK, topP, minP })` on every backend.
 *
 * The rest of the model stays as it is, to the byte. A model below opset 18 is written anew: it is raised to 18 where every
 * operator keeps its meaning.
 *
 * @param model the bytes of an ONNX model, which are not changed
 * @returns the bytes of the new one
 * @throws ModelError saying why the model cannot be given a sampler; RangeError or TypeError naming a wrong option
 * @example appendSampler(model, { logits: "logits", position: "last", temperature: "input", topP: 0.9 })
 */
export function appendSampler(model: Uint8Array | ArrayBuffer, options: AppendSamplerOptions): OwnUint8Array {
  const resolved = resolveAppend(options);
  const bytes = bytesOf(model);
  const read = readModel(bytes);
  const { graph } = read;
  const logits = logitsIn(graphValuesOf(graph), resolved);
  const taken = namesIn(graph);
  const root = `${resolved.prefix}gumbel`;
  const clash = [...taken].find((name) => name.startsWith(`${root}/`));
  if (clash !== undefined) {
    throw new ModelError(
      `the model has a sampler already, with the node ${JSON.stringify(clash)}: choose another prefix for a second one`,
    );
  }
  const isRaised = ensureOpset(read, graph, taken) !== undefined;
  const builder = createGraphBuilder({ root, taken, prefix: resolved.prefix });
  sample(builder, resolved, logits);
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
