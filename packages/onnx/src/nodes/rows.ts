// What a row of logits allows: whether anything can be drawn from it, and how results say so. Follows LOGITS-3.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { cast } from "./cast.ts";

/** float32's largest number. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/**
 * 1 where a row has neither NaN nor +∞, else 0; float32, the axis kept with length 1.
 * By comparisons, never by a maximum alone: what a maximum makes of NaN differs between kernels.
 */
export function boundedRows(builder: GraphBuilder, logits: Value, axis: number): Value {
  const { node, constant } = builder;
  return builder.scope("bounded_rows", () => {
    const isBounded = node("LessOrEqual", [logits, constant("float32", LARGEST)], "is_bounded");
    const bounded = cast(builder, isBounded, "float32", "bounded");
    return node("ReduceMin", [bounded, constant("int64", [axis])], "all_bounded", { keepdims: 1 });
  });
}

/** 1 where a value is not masked, else 0; float32. Of the maximum of a bounded row: whether anything is left to draw. */
export function unmasked(builder: GraphBuilder, values: Value): Value {
  const { node, constant } = builder;
  const isUnmasked = node("GreaterOrEqual", [values, constant("float32", -LARGEST)], "is_unmasked");
  return cast(builder, isUnmasked, "float32", "unmasked");
}

/** 1 where a row has a value that is not masked, else 0; float32, the axis kept with length 1. */
export function anyUnmasked(builder: GraphBuilder, values: Value, axis: number): Value {
  const { node, constant } = builder;
  return builder.scope("any_unmasked", () => {
    const flags = unmasked(builder, values);
    return node("ReduceMax", [flags, constant("int64", [axis])], "any", { keepdims: 1 });
  });
}

/** 1 where a row can be sampled from, 0 where it is degenerate; float32, the axis kept with length 1. */
export function usableRows(builder: GraphBuilder, logits: Value, axis: number): Value {
  const flags = [boundedRows(builder, logits, axis), anyUnmasked(builder, logits, axis)];
  return builder.node("Mul", flags, "usable_rows");
}

/** Values, with NaN throughout the rows that are not usable: those whose flag is not above ½. */
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
