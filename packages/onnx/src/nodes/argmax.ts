// The place of the largest value.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";

/**
 * Index of the largest value along the axis, which is kept with length 1; the lowest on a tie; int64. By TopK, which ties the
 * same way and costs the same: onnxruntime-web's older WebGPU provider gives garbage for ArgMax.
 */
export function argmax(builder: GraphBuilder, values: Value, axis: number): Value {
  const one = builder.constant("int64", [1]);
  const attributes = { axis, largest: 1, sorted: 1 };
  return builder.manyOf("TopK", [values, one], "argmax", ["maximum", "index"], attributes)[1];
}
