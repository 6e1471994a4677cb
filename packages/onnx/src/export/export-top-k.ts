// The graph of sampling without replacement.
import { cast } from "../nodes/cast.ts";
import { orMinusOne, orNaN, usableRows } from "../nodes/rows.ts";
import {
  assertInteger,
  type ExportTopKOptions,
  resolveAxis,
  resolveExportNoise,
  resolveIndexType,
  resolveOpset,
} from "./options.ts";
import { exportModel, indicesAs, perturbed, samplesOf } from "./sampling-graph.ts";

/**
 * The graph of `k` categories without replacement by Gumbel-top-k (Kool et al. 2019): inputs `logits` (float32, any rank
 * from 1), `k` unless it is constant, and those of the noise; outputs `values`, the perturbed logits in descending order,
 * and `indices`. Places that no category is left for hold −∞ and −1, degenerate rows NaN and −1.
 *
 * @returns the bytes of an ONNX model
 * @throws RangeError or TypeError naming the option that is wrong
 */
export function exportTopK(options: ExportTopKOptions = {}): Uint8Array<ArrayBuffer> {
  const { k = "input" } = options;
  if (k !== "input") assertInteger("k", k, 0, 2 ** 31 - 1);
  const axis = resolveAxis(options.axis);
  const indexType = resolveIndexType(options.indexType);
  const noise = resolveExportNoise(options);
  const facts = {
    operation: "topK",
    doc: "Samples without replacement: the k largest of logits + Gumbel noise.",
    opset: resolveOpset(options.opset),
    details: { ...noise, axis, k, indexType },
  };
  return exportModel(facts, (builder) => {
    const { node, constant } = builder;
    const logits = builder.input("logits", { type: "float32" });
    const count = k === "input" ? builder.input("k", { type: "int64", dims: [1] }) : constant("int64", [k]);
    const { shape } = samplesOf(builder, [], logits);
    const z = perturbed(builder, logits, noise, shape);
    const attributes = { axis, largest: 1, sorted: 1 };
    // Half of them: WebGPU's TopK takes −3.4·10³⁸ for less than nothing, and gives it, with any index, for −∞.
    const half = node("Mul", [z, constant("float32", 0.5)], "half");
    const [best, places] = builder.manyOf("TopK", [half, count], "best", ["values", "indices"], attributes);
    const usable = usableRows(builder, logits, axis);
    const isUnmasked = node("Greater", [best, constant("float32", -2e38)], "is_unmasked");
    const whole = node("Add", [best, best], "best_whole");
    const masked = constant("float32", Number.NEGATIVE_INFINITY);
    const values = node("Where", [isUnmasked, whole, masked], "best_or_masked");
    const isPicked = node("Mul", [cast(builder, isUnmasked, "float32", "unmasked"), usable], "is_picked");
    const indices = orMinusOne(builder, places, isPicked);
    builder.output(orNaN(builder, values, usable), "values", { type: "float32" });
    builder.output(indicesAs(builder, indices, indexType), "indices", { type: indexType });
  });
}
