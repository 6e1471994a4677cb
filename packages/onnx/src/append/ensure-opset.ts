// Ensures that a model has the opset that a sampler's nodes need.
import type { GraphProto, ModelProto } from "onnx-buf";
import { ModelError } from "../graph/model-error.ts";
import { LOWEST_OPSET, raiseOpset } from "./raise-opset.ts";

/** Version of ONNX's own operators, undefined where the model uses none. */
export function ownOpset({ opsetImport }: Pick<ModelProto, "opsetImport">): number | undefined {
  const own = opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
  return own === undefined ? undefined : Number(own.version);
}

/**
 * Raises an older model to opset 18, in place.
 *
 * @param taken names in use, to which new ones are added
 * @returns how many nodes changed their form; undefined where the model stays as it is
 * @throws ModelError naming what cannot be raised
 */
export function ensureOpset(
  model: Pick<ModelProto, "opsetImport" | "functions">,
  graph: GraphProto,
  taken: Set<string>,
): number | undefined {
  const opset = ownOpset(model);
  if (opset === undefined || opset >= LOWEST_OPSET) return undefined;
  if (model.functions.length > 0) {
    throw new ModelError(
      `the model is of opset ${opset}, and has functions of its own: these are not raised to opset 18`,
    );
  }
  const changed = raiseOpset(graph, opset, taken);
  for (const own of model.opsetImport) {
    if (own.domain === "" || own.domain === "ai.onnx") own.version = BigInt(LOWEST_OPSET);
  }
  return changed;
}
