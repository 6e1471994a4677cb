// Argmax of a row, as an index and as a one-hot.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { cast } from "./cast.ts";
import type { Kernels } from "./kernels.ts";
import { type IndexType, orMinusOne, orNaN, type RowCheck, unmasked } from "./rows.ts";

/** Reversed index of category 0: the lowest index of the maximum is then the largest reversed one, and 0 is none. */
const FIRST = 2 ** 31 - 1;

/**
 * Index of the largest value of each row, the lowest on a tie, −1 in a degenerate row; the axis kept with length 1.
 *
 * @param rows which rows are degenerate
 */
export function argmaxIndex(
  builder: GraphBuilder,
  values: Value,
  axis: number,
  rows: RowCheck,
  type: IndexType,
  kernels: Kernels,
): Value {
  const { node, constant } = builder;
  return builder.scope("argmax", () => {
    if (kernels === "cpu") {
      return orMinusOne(builder, byTopK(builder, values, axis), rows.isUsable(), type, kernels);
    }
    const { lowest, anyUnmasked } = byReductions(builder, values, axis);
    const index = node("Sub", [constant("int32", FIRST), lowest], "index");
    return orMinusOne(builder, index, rows.isUsable(anyUnmasked), type, kernels);
  });
}

/** The exact one-hot of {@link argmaxIndex}, NaN throughout a degenerate row; float32. */
export function argmaxOneHot(
  builder: GraphBuilder,
  values: Value,
  axis: number,
  rows: RowCheck,
  kernels: Kernels,
): Value {
  const { node, constant } = builder;
  return builder.scope("one_hot", () => {
    if (kernels === "gpu") {
      const { reversed, lowest, anyUnmasked } = byReductions(builder, values, axis);
      const oneHot = cast(builder, node("Equal", [reversed, lowest], "is_argmax"), "float32", "one_hot");
      return orNaN(builder, oneHot, rows.isUsable(anyUnmasked));
    }
    const index = byTopK(builder, values, axis);
    const zeros = node("Expand", [constant("float32", 0), node("Shape", [values], "shape")], "zeros");
    const ones = node("Expand", [constant("float32", 1), node("Shape", [index], "index_shape")], "ones");
    const oneHot = node("ScatterElements", [zeros, index, ones], "one_hot", { axis });
    return orNaN(builder, oneHot, rows.isUsable());
  });
}

/** More than every index. */
const NO_INDEX = 2 ** 31 - 1;

/** The category of the argmax, the lowest on an exact tie, of survivors in any order; the last dimension kept with length 1. */
export function argmaxOfSurvivors(builder: GraphBuilder, z: Value, indices: Value): Value {
  const { node, constant } = builder;
  return builder.scope("argmax_of_survivors", () => {
    const last = constant("int64", [-1]);
    const maximum = node("ReduceMax", [z, last], "maximum", { keepdims: 1 });
    const isMaximum = node("Equal", [z, maximum], "is_maximum");
    const candidates = node("Where", [isMaximum, indices, constant("int64", NO_INDEX)], "candidates");
    return node("ReduceMin", [candidates, last], "argmax", { keepdims: 1 });
  });
}

/** Index of the maximum, int64. */
function byTopK(builder: GraphBuilder, values: Value, axis: number): Value {
  const inputs = [values, builder.constant("int64", [1])];
  const attributes = { axis, largest: 1, sorted: 1 };
  return builder.manyOf("TopK", inputs, "top_1", ["maximum", "index"], attributes)[1];
}

/** Reversed indices along the axis, that of the lowest maximum, and 1 where the row has a maximum that is not masked. */
function byReductions(
  builder: GraphBuilder,
  values: Value,
  axis: number,
): { reversed: Value; lowest: Value; anyUnmasked: Value } {
  const { node, constant } = builder;
  const axes = constant("int64", [axis]);
  const maximum = node("ReduceMax", [values, axes], "maximum", { keepdims: 1 });
  const isMaximum = node("Equal", [values, maximum], "is_maximum");
  const reversed = reversedIndices(builder, values, axis);
  const marked = node("Mul", [cast(builder, isMaximum, "int32", "is_maximum_int32"), reversed], "marked");
  const lowest = node("ReduceMax", [marked, axes], "lowest", { keepdims: 1 });
  // A GPU's maximum of −∞ alone may be −3.4·10³⁸, which no value equals.
  const isFound = node(
    "Greater",
    [cast(builder, lowest, "float32", "lowest_float"), constant("float32", 0.5)],
    "is_found",
  );
  const found = cast(builder, isFound, "float32", "found");
  const anyUnmasked = node("Mul", [unmasked(builder, maximum), found], "any_unmasked");
  return { reversed, lowest, anyUnmasked };
}

/** `FIRST − i` at each index `i` of the axis, int32, with all other dimensions 1. */
function reversedIndices(builder: GraphBuilder, values: Value, axis: number): Value {
  const { node, constant } = builder;
  const shape = node("Shape", [values], "shape");
  const length = node("Gather", [shape, constant("int64", [axis])], "length");
  const count = node("Squeeze", [cast(builder, length, "int32", "length_int32")], "count");
  const end = node("Sub", [constant("int32", FIRST), count], "end");
  const reversed = node("Range", [constant("int32", FIRST), end, constant("int32", -1)], "reversed_indices");
  if (axis === -1) return reversed;
  const ones = node("Expand", [constant("int64", [1]), node("Shape", [shape], "rank")], "ones");
  const dims = node("ScatterElements", [ones, constant("int64", [axis]), length], "indices_shape", {
    axis: 0,
  });
  return node("Reshape", [reversed, dims], "reversed_along_axis");
}
