// Exports the graphs of Gumbel-softmax samples and of their gradient.
import { assertBoolean, type OwnUint8Array, readOptions } from "@gumbel/core/adapter";
import { softModel } from "../models/soft-model.ts";
import { softVjpModel } from "../models/soft-vjp-model.ts";
import {
  EXPORT_OPTIONS,
  type ExportGumbelSoftmaxOptions,
  type ExportGumbelSoftmaxVjpOptions,
  type ExportSampleOptions,
  resolveExport,
  resolveSampleShape,
} from "./options.ts";

/**
 * The graph of a Gumbel-softmax sample (Jang et al. 2017, Maddison et al. 2017): inputs `logits` (float32, of the rank
 * of `shape`) and those of the noise, output `y` of shape `[...sampleShape, ...logits.shape]`. Rows, masks and accuracy are those
 * of the sampling spec.
 *
 * @returns the bytes of an ONNX model
 * @throws RangeError or TypeError naming the option that is wrong
 * @example exportGumbelSoftmax({ hard: true })
 */
export function exportGumbelSoftmax(given: ExportGumbelSoftmaxOptions = {}): OwnUint8Array {
  const options = readOptions("exportGumbelSoftmax", given, [...EXPORT_OPTIONS, "sampleShape", "hard"]);
  const hard = options.hard ?? false;
  assertBoolean(hard, "hard");
  return softModel({ operation: "gumbelSoftmax", ...resolve(options), hard });
}

/**
 * The graph of the vector-Jacobian product of {@link exportGumbelSoftmax}, soft or hard (straight-through), at the same
 * options: inputs `logits`, those of the noise and `cotangent` (of the samples' shape), output `gradient` of the logits'
 * shape, summed over the sample shape: `y∘(c − Σ c∘y)/temperature`.
 *
 * @returns the bytes of an ONNX model
 * @throws RangeError or TypeError naming the option that is wrong
 * @example exportGumbelSoftmaxVjp({ temperature: 0.5 })
 */
export function exportGumbelSoftmaxVjp(given: ExportGumbelSoftmaxVjpOptions = {}): OwnUint8Array {
  const options = readOptions("exportGumbelSoftmaxVjp", given, [...EXPORT_OPTIONS, "sampleShape"]);
  return softVjpModel({ operation: "gumbelSoftmaxVjp", ...resolve(options) });
}

function resolve(options: ExportSampleOptions) {
  const resolved = resolveExport(options);
  const sampleShape = resolveSampleShape(options.sampleShape, resolved.axis);
  return { ...resolved, sampleShape };
}
