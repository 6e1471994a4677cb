// The graph of categorical samples.
import { bestIndex } from "../nodes/best.ts";
import { kernelsFor } from "../nodes/kernels.ts";
import { boundedRows } from "../nodes/rows.ts";
import {
  type ExportCategoricalOptions,
  resolveAxis,
  resolveExportNoise,
  resolveIndexType,
  resolveOpset,
  resolveSampleAxis,
  resolveSampleShape,
} from "./options.ts";
import { exportModel, indicesAs, perturbed, samplesOf } from "./sampling-graph.ts";

/**
 * The graph of exact categorical samples by the Gumbel-max theorem: inputs `logits` (float32, any rank from 1) and those
 * of the noise, output `indices` of shape `[...sampleShape, ...batch]`: `argmax(logits + g)`, the lowest index on an exact
 * tie, −1 in a degenerate row.
 *
 * @returns the bytes of an ONNX model
 * @throws RangeError or TypeError naming the option that is wrong
 */
export function exportCategorical(options: ExportCategoricalOptions = {}): Uint8Array<ArrayBuffer> {
  const axis = resolveAxis(options.axis);
  const sampleShape = resolveSampleShape(options.sampleShape);
  const sampleAxis = resolveSampleAxis(axis, sampleShape);
  const indexType = resolveIndexType(options.indexType);
  const noise = resolveExportNoise(options);
  const facts = {
    operation: "categorical",
    doc: "Categorical samples: argmax(logits + Gumbel noise).",
    opset: resolveOpset(options.opset),
    details: { ...noise, axis, sampleShape, indexType },
  };
  return exportModel(facts, (builder) => {
    const { node, constant } = builder;
    const logits = builder.input("logits", { type: "float32" });
    const { shape } = samplesOf(builder, sampleShape, logits);
    const z = perturbed(builder, logits, noise, shape);
    const bounded = boundedRows(builder, logits, axis);
    const best = bestIndex(builder, z, sampleAxis, bounded, kernelsFor(noise.integers));
    const squeezed = node("Squeeze", [best, constant("int64", [sampleAxis])], "indices_int32");
    builder.output(indicesAs(builder, squeezed, indexType), "indices", { type: indexType });
  });
}
