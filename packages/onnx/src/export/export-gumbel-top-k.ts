// Exports the graph of sampling without replacement.
import { assertInteger, type OwnUint8Array, readOptions } from "@gumbel/core/adapter";
import { gumbelTopKModel } from "../models/gumbel-top-k-model.ts";
import { EXPORT_OPTIONS, type ExportGumbelTopKOptions, resolveExport, resolveIndexType } from "./options.ts";

/**
 * The graph of `k` categories without replacement by Gumbel-top-k (Kool et al. 2019): inputs `logits` (float32, of the
 * rank of `shape`), `k` unless it is constant, and those of the noise; outputs `values`, the perturbed logits
 * `logits/temperature + g` in descending order, and `indices`. Places that no category is left for hold −∞ and −1,
 * degenerate rows NaN and −1.
 *
 * @returns the bytes of an ONNX model
 * @throws RangeError or TypeError naming the option that is wrong
 * @example exportGumbelTopK({ k: 5 })
 */
export function exportGumbelTopK(given: ExportGumbelTopKOptions = {}): OwnUint8Array {
  const options = readOptions("exportGumbelTopK", given, [...EXPORT_OPTIONS, "k", "indexType"]);
  const k = options.k ?? "input";
  if (k !== "input") assertInteger(k, "k", 0, 2 ** 31 - 1);
  const indexType = resolveIndexType(options.indexType);
  return gumbelTopKModel({ operation: "gumbelTopK", ...resolveExport(options), k, indexType });
}
