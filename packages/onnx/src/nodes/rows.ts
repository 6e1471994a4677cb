// Rows of logits: shifted by their maximum, checked for values that make them degenerate, and marked in results. Follows
// LOGITS-3.
import { FLT_MAX } from "@gumbel/core/adapter";
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { cast } from "./cast.ts";
import type { Kernels } from "./kernels.ts";

/** Integer types of indices. */
export type IndexType = "int64" | "int32";

/** Logits of which the maximum of their row is subtracted. */
export interface ShiftedRows extends RowCheck {
  /** `logits − max`: at most 0, −∞ under a mask. Throughout a masked row −∞ or NaN. */
  readonly shifted: Value;
  /** The maximum, the axis kept with length 1. */
  readonly maximum: Value;
}

/** Which rows are not degenerate. */
export interface RowCheck {
  /**
   * Bool, the axis kept with length 1.
   *
   * @param anyUnmasked float32, above ½ where a row has a value that is not masked. Kernels for WebGPU find it on their way;
   *   those for the CPU leave it out
   */
  isUsable(anyUnmasked?: Value): Value;
}

/**
 * Subtracts the maximum of each row, so that noise added to large logits keeps its digits.
 *
 * @param axis of the categories; a row must have one
 */
export function shiftedRows(
  builder: GraphBuilder,
  logits: Value,
  axis: number,
  kernels: Kernels,
): ShiftedRows {
  const { node, constant } = builder;
  return builder.scope("shifted_rows", () => {
    const maximum = rowMaximum(builder, logits, axis, kernels);
    const shifted = node("Sub", [logits, maximum], "shifted");
    if (kernels === "gpu") return { shifted, maximum, ...boundedRows(builder, logits, axis) };
    // NaN − max, +∞ − +∞ and −∞ − −∞ are NaN, which a sum keeps whatever a maximum makes of it.
    const sum = node("ReduceSum", [shifted, constant("int64", [axis])], "sum", { keepdims: 1 });
    return {
      shifted,
      maximum,
      isUsable: () => node("LessOrEqual", [sum, constant("float32", 0)], "is_usable"),
    };
  });
}

/**
 * The maximum of each row, the axis kept with length 1. On WebGPU it is at least −FLT_MAX, so that subtracting it from −∞
 * gives −∞: GPUs may lose a NaN.
 */
export function rowMaximum(builder: GraphBuilder, values: Value, axis: number, kernels: Kernels): Value {
  const { node, constant } = builder;
  const maximum = node("ReduceMax", [values, constant("int64", [axis])], "maximum", { keepdims: 1 });
  return kernels === "cpu"
    ? maximum
    : node("Max", [maximum, constant("float32", -FLT_MAX)], "finite_maximum");
}

/** Finds rows with NaN or +∞ by comparisons, because kernels differ in the maximum of NaN. */
export function boundedRows(builder: GraphBuilder, logits: Value, axis: number): Required<RowCheck> {
  const { node, constant } = builder;
  return builder.scope("bounded_rows", () => {
    const isBounded = node("LessOrEqual", [logits, constant("float32", FLT_MAX)], "is_bounded");
    const flags = cast(builder, isBounded, "float32", "bounded");
    const bounded = node("ReduceMin", [flags, constant("int64", [axis])], "all_bounded", { keepdims: 1 });
    return {
      isUsable(anyUnmasked) {
        const usable = anyUnmasked === undefined ? bounded : node("Mul", [bounded, anyUnmasked], "usable");
        return node("Greater", [usable, constant("float32", 0.5)], "is_usable");
      },
    };
  });
}

/** 1 where a value is not masked, else 0; float32. */
export function unmasked(builder: GraphBuilder, values: Value): Value {
  const { node, constant } = builder;
  const isUnmasked = node("GreaterOrEqual", [values, constant("float32", -FLT_MAX)], "is_unmasked");
  return cast(builder, isUnmasked, "float32", "unmasked");
}

/** Whether both of two conditions hold; broadcasts. */
export function both(builder: GraphBuilder, a: Value, b: Value, kernels: Kernels): Value {
  const { node, constant } = builder;
  if (kernels === "cpu") return node("And", [a, b], "both");
  // Arithmetic: WebGPU has no And.
  const flags = [cast(builder, a, "float32", "a"), cast(builder, b, "float32", "b")];
  return node("Greater", [node("Mul", flags, "product"), constant("float32", 0.5)], "both");
}

/** Values, with NaN throughout the rows that are not usable. */
export function orNaN({ node, constant }: GraphBuilder, values: Value, isUsable: Value): Value {
  return node("Where", [isUsable, values, constant("float32", Number.NaN)], "or_nan");
}

/** Indices in the type that is asked for, with −1 where `isValid` (bool) is false. */
export function orMinusOne(
  builder: GraphBuilder,
  indices: Value,
  isValid: Value,
  type: IndexType,
  kernels: Kernels,
): Value {
  const { node, constant } = builder;
  if (kernels === "cpu") {
    const index = node("Where", [isValid, indices, constant("int64", -1)], "or_minus_1");
    return type === "int64" ? index : cast(builder, index, type, `indices_${type}`);
  }
  // Arithmetic: WebGPU has no Where for integers.
  const fromOne = node("Add", [cast(builder, indices, "int32", "int32"), constant("int32", 1)], "from_1");
  const kept = node("Mul", [fromOne, cast(builder, isValid, "int32", "valid")], "from_1_or_0");
  const index = node("Sub", [kept, constant("int32", 1)], "or_minus_1");
  return type === "int32" ? index : cast(builder, index, type, `indices_${type}`);
}
