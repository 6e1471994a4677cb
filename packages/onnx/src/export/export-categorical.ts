// The graph of categorical samples.
import { argmax } from "../nodes/argmax.ts";
import { orMinusOne, usableRows } from "../nodes/rows.ts";
import {
  type ExportCategoricalOptions,
  resolveAxis,
  resolveExportNoise,
  resolveIndexType,
  resolveOpset,
  resolveSampleAxis,
  resolveSampleShape,
} from "./options.ts";
import { exportModel, indicesAs, negatedNoise, samplesOf } from "./sampling-graph.ts";

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
    const z = node("Sub", [logits, negatedNoise(builder, noise, shape)], "perturbed_logits");
    const best = argmax(builder, z, sampleAxis);
    const indices = orMinusOne(builder, best, usableRows(builder, logits, axis));
    const squeezed = node("Squeeze", [indices, constant("int64", [sampleAxis])], "indices_int32");
    builder.output(indicesAs(builder, squeezed, indexType), "indices", { type: indexType });
  });
}
