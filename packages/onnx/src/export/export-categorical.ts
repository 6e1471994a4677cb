// Exports the graph of categorical samples.
import { type OwnUint8Array, readOptions } from "@gumbel/core/adapter";
import { categoricalModel } from "../models/categorical-model.ts";
import {
  EXPORT_OPTIONS,
  type ExportCategoricalOptions,
  resolveExport,
  resolveIndexType,
  resolveSampleShape,
} from "./options.ts";

/**
 * The graph of exact categorical samples by the Gumbel-max theorem: inputs `logits` (float32, of the rank of `shape`) and those
 * of the noise, output `indices` of shape `[...sampleShape, ...batch]`: `argmax(logits/temperature + g)`, the lowest index
 * on an exact tie, −1 in a degenerate row. At temperature 0 it is the mode, and the graph has no noise.
 *
 * @returns the bytes of an ONNX model
 * @throws RangeError or TypeError naming the option that is wrong
 * @example exportCategorical({ temperature: "input" })
 */
export function exportCategorical(given: ExportCategoricalOptions = {}): OwnUint8Array {
  const options = readOptions("exportCategorical", given, [...EXPORT_OPTIONS, "sampleShape", "indexType"]);
  const { noise, ...resolved } = resolveExport(options, true);
  const sampleShape = resolveSampleShape(options.sampleShape, resolved.axis);
  const indexType = resolveIndexType(options.indexType);
  return categoricalModel({
    operation: "categorical",
    ...resolved,
    sampleShape,
    noise: resolved.temperature === 0 ? undefined : noise,
    indexType,
  });
}
