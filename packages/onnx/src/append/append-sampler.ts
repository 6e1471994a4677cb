// Appends a sampler to an existing model: new inputs, nodes and outputs. Nothing else of the model changes, unless its opset
// is too old.
import type { OwnUint8Array } from "@gumbel/core/adapter";
import type { FunctionProto } from "onnx-buf";
import { createGraphBuilder } from "../graph/graph-builder.ts";
import { bytesOf, extendModel, readModel, writeModel } from "../graph/model-bytes.ts";
import { ModelError } from "../graph/model-error.ts";
import { IR_VERSION } from "../models/sampling-model.ts";
import { addFunctionCall } from "./add-function-call.ts";
import { ensureOpset, ownOpset } from "./ensure-opset.ts";
import { graphValuesOf, logitsIn } from "./logits-in.ts";
import { namesIn } from "./model-values.ts";
import { type AppendSamplerOptions, resolveAppend } from "./options.ts";
import { LOWEST_OPSET } from "./raise-opset.ts";
import { sample } from "./sample.ts";

/**
 * Adds a categorical sampler to a model. New inputs: `key` (uint32 `[hi, lo]`; or `bits`, `noise`, as the option `noise` states), and
 * the mask, temperature and filters that are inputs. New outputs: `indices`, the logits' shape without the axis and, at one position,
 * without the sequence, after `sampleShape`; `log_prob` and `soft` with these options. For one key the indices are those of
 * `categorical(logits, { key, sampleShape, temperature, topK, topP, minP })` on every backend.
 *
 * The sampler comes as nodes of the graph, or with `asFunction` as one node, the call of a function that the model then holds.
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
  const opset = BigInt(ownOpset(read) ?? LOWEST_OPSET);
  const functions: FunctionProto[] = [];
  if (resolved.asFunction) functions.push(addFunctionCall(builder, read, opset, resolved, logits));
  else sample(builder, resolved, logits);
  const known = new Set(read.opsetImport.map(({ domain }) => (domain === "ai.onnx" ? "" : domain)));
  const needed = [
    { domain: "", version: opset },
    ...functions.map(({ domain }) => ({ domain, version: 1n })),
  ];
  return extendModel(
    isRaised ? writeModel(read) : bytes,
    {
      node: [...builder.nodes],
      initializer: [...builder.initializers],
      input: [...builder.inputs],
      output: [...builder.outputs],
    },
    {
      ...(read.irVersion < IR_VERSION && { irVersion: IR_VERSION }),
      opsetImport: needed.filter(({ domain }) => !known.has(domain)),
      functions,
    },
  );
}
