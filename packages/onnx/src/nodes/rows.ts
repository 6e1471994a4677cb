// What a row of logits allows: whether anything can be drawn from it, and how results say so. Follows LOGITS-3.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { cast } from "./cast.ts";

/** float32's largest number. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/**
 * 1 where a row can be sampled from, 0 where it is degenerate; float32, the axis kept with length 1.
 * Comparisons, never a maximum alone: what a maximum makes of NaN differs between kernels.
 */
export function usableRows(builder: GraphBuilder, logits: Value, axis: number): Value {
  const { node, constant } = builder;
  return builder.scope("usable_rows", () => {
    const axes = constant("int64", [axis]);
    const isBounded = node("LessOrEqual", [logits, constant("float32", LARGEST)], "is_bounded");
    const allBounded = node(
      "ReduceMin",
      [cast(builder, isBounded, "float32", "bounded"), axes],
      "all_bounded",
      { keepdims: 1 },
    );
    const isUnmasked = node("GreaterOrEqual", [logits, constant("float32", -LARGEST)], "is_unmasked");
    const anyUnmasked = node(
      "ReduceMax",
      [cast(builder, isUnmasked, "float32", "unmasked"), axes],
      "any_unmasked",
      { keepdims: 1 },
    );
    return node("Mul", [allBounded, anyUnmasked], "usable");
  });
}

/** Values, with NaN throughout the rows that are not usable. */
export function orNaN(builder: GraphBuilder, values: Value, usable: Value): Value {
  const { node, constant } = builder;
  const isUsable = node("Greater", [usable, constant("float32", 0.5)], "is_usable");
  return node("Where", [isUsable, values, constant("float32", Number.NaN)], "or_nan");
}

/** Indices as int32, with −1 where `isValid` (float32 1 or 0) is 0. Arithmetic: WebGPU has no Where for integers. */
export function orMinusOne(builder: GraphBuilder, indices: Value, isValid: Value): Value {
  const { node, constant } = builder;
  const counted = node("Add", [cast(builder, indices, "int32", "int32"), constant("int32", 1)], "from_1");
  const kept = node("Mul", [counted, cast(builder, isValid, "int32", "valid")], "from_1_or_0");
  return node("Sub", [kept, constant("int32", 1)], "or_minus_1");
}
