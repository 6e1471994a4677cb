// The category with the largest value, as an index and as a one-hot.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { cast } from "./cast.ts";
import type { Kernels } from "./kernels.ts";
import { orMinusOne, orNaN, unmasked } from "./rows.ts";

/** Places count down from it, so that the lowest one is a maximum, and what is no place is 0. */
const FIRST = 2 ** 31 - 1;

/**
 * Index of the largest value of each row, the lowest on a tie, −1 in a row that is degenerate; int32, the axis kept with
 * length 1.
 *
 * @param bounded of each row, 1 or 0: whether it has neither NaN nor +∞
 */
export function bestIndex(
  builder: GraphBuilder,
  values: Value,
  axis: number,
  bounded: Value,
  kernels: Kernels,
): Value {
  const { node, constant } = builder;
  return builder.scope("best", () => {
    if (kernels === "cpu") {
      const { index, usable } = topOne(builder, values, axis, bounded);
      return orMinusOne(builder, index, usable);
    }
    const { lowest, usable } = placesOfMaximum(builder, values, axis, bounded);
    return orMinusOne(builder, node("Sub", [constant("int32", FIRST), lowest], "index"), usable);
  });
}

/** The exact one-hot of {@link bestIndex}, NaN throughout a degenerate row; float32. */
export function bestOneHot(
  builder: GraphBuilder,
  values: Value,
  axis: number,
  bounded: Value,
  kernels: Kernels,
): Value {
  const { node, constant } = builder;
  return builder.scope("one_hot", () => {
    if (kernels === "gpu") {
      const { places, lowest, usable } = placesOfMaximum(builder, values, axis, bounded);
      const oneHot = cast(builder, node("Equal", [places, lowest], "is_best"), "float32", "one_hot");
      return orNaN(builder, oneHot, usable);
    }
    const { index, usable } = topOne(builder, values, axis, bounded);
    const empty = node("Expand", [constant("float32", 0), node("Shape", [values], "shape")], "zeros");
    const ones = node("Expand", [constant("float32", 1), node("Shape", [index], "index_shape")], "ones");
    const oneHot = node("ScatterElements", [empty, index, ones], "one_hot", { axis });
    return orNaN(builder, oneHot, usable);
  });
}

/** Index of the maximum, int64, and whether it means anything. */
function topOne(
  builder: GraphBuilder,
  values: Value,
  axis: number,
  bounded: Value,
): { index: Value; usable: Value } {
  const inputs = [values, builder.constant("int64", [1])];
  const attributes = { axis, largest: 1, sorted: 1 };
  const [maximum, index] = builder.manyOf("TopK", inputs, "argmax", ["maximum", "index"], attributes);
  return { index, usable: builder.node("Mul", [bounded, unmasked(builder, maximum)], "usable") };
}

/** Places along the axis, counted down from `FIRST`, that of the lowest maximum, and whether it means anything. */
function placesOfMaximum(
  builder: GraphBuilder,
  values: Value,
  axis: number,
  bounded: Value,
): { places: Value; lowest: Value; usable: Value } {
  const { node, constant } = builder;
  const axes = constant("int64", [axis]);
  const maximum = node("ReduceMax", [values, axes], "maximum", { keepdims: 1 });
  const isMaximum = node("Equal", [values, maximum], "is_maximum");
  const places = placesFromEnd(builder, values, axis);
  const marked = node("Mul", [cast(builder, isMaximum, "int32", "is_maximum_int32"), places], "marked");
  const lowest = node("ReduceMax", [marked, axes], "lowest", { keepdims: 1 });
  // A GPU's maximum of −∞ alone may be −3.4·10³⁸, which no value equals.
  const isFound = node(
    "Greater",
    [cast(builder, lowest, "float32", "lowest_float"), constant("float32", 0.5)],
    "is_found",
  );
  const found = cast(builder, isFound, "float32", "found");
  const anyUnmasked = node("Mul", [unmasked(builder, maximum), found], "any_unmasked");
  return { places, lowest, usable: node("Mul", [bounded, anyUnmasked], "usable") };
}

/** `FIRST − i` at each index `i` of the axis, int32, with all other dimensions 1. */
function placesFromEnd(builder: GraphBuilder, values: Value, axis: number): Value {
  const { node, constant } = builder;
  const shape = node("Shape", [values], "shape");
  const length = node("Gather", [shape, constant("int64", [axis])], "length");
  const count = node("Squeeze", [cast(builder, length, "int32", "length_int32")], "count");
  const end = node("Sub", [constant("int32", FIRST), count], "end");
  const places = node("Range", [constant("int32", FIRST), end, constant("int32", -1)], "places_from_end");
  if (axis === -1) return places;
  const ones = node("Expand", [constant("int64", [1]), node("Shape", [shape], "rank")], "ones");
  const dims = node("ScatterElements", [ones, constant("int64", [axis]), length], "places_shape", {
    axis: 0,
  });
  return node("Reshape", [places, dims], "places_along_axis");
}
