// softmax at a temperature, and its vector-Jacobian product.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import type { Kernels } from "./kernels.ts";
import { rowSum } from "./row-sum.ts";
import { orNaN, type RowCheck, rowMaximum, type ShiftedRows } from "./rows.ts";

/** Softmax before it is normalized: `exp((z − max z)/temperature)` and its sum. */
export interface PartialSoftmax {
  /** Exponentials, 0 under a mask. */
  readonly weights: Value;
  /** Sum of each row, NaN where the row is degenerate; the axis kept with length 1. */
  readonly sum: Value;
}

/** What a softmax is taken of. */
export interface SoftmaxInput {
  /** Values, −∞ under a mask. */
  readonly z: Value;
  /** Which rows are degenerate. */
  readonly rows: RowCheck;
  /** Whether the largest value of each row is 0 already. */
  readonly isShifted: boolean;
}

/** Softmax input of shifted rows without noise. */
export function withoutNoise(rows: ShiftedRows): SoftmaxInput {
  return { z: rows.shifted, rows, isShifted: true };
}

/**
 * Exponentials and their sums along the axis.
 *
 * @param temperature float32 scalar; left out, it is 1
 */
export function partialSoftmax(
  builder: GraphBuilder,
  { z, rows, isShifted }: SoftmaxInput,
  axis: number,
  temperature: Value | undefined,
  kernels: Kernels,
): PartialSoftmax {
  const { node } = builder;
  return builder.scope("softmax", () => {
    const below = isShifted ? z : node("Sub", [z, rowMaximum(builder, z, axis, kernels)], "below_maximum");
    const exponent = temperature === undefined ? below : node("Div", [below, temperature], "exponent");
    const weights = node("Exp", [exponent], "weights");
    const sum = rowSum(builder, weights, axis, kernels);
    // The maximum contributes 1 to the sum, which is 0 where everything is masked.
    const isUsable = kernels === "cpu" ? rows.isUsable() : rows.isUsable(sum);
    return { weights, sum: orNaN(builder, sum, isUsable) };
  });
}

/** `weights/sum`. */
export function normalize(builder: GraphBuilder, { weights, sum }: PartialSoftmax): Value {
  return builder.node("Div", [weights, sum], "probabilities");
}

/**
 * `y∘(c − Σ c∘y)/temperature` along the axis, as `w∘(c − (Σ c∘w)/s)·(1/(s·temperature))` of the weights w and their sum s:
 * that spares two passes. Exactly 0 where w is, whatever the cotangent there.
 */
export function softmaxVjp(
  builder: GraphBuilder,
  { weights, sum }: PartialSoftmax,
  cotangent: Value,
  axis: number,
  temperature: Value | undefined,
  kernels: Kernels,
): Value {
  const { node, constant } = builder;
  const zero = constant("float32", 0);
  return builder.scope("softmax_vjp", () => {
    const divisor =
      temperature === undefined ? sum : node("Mul", [sum, temperature], "sum_times_temperature");
    const scale = node("Reciprocal", [divisor], "scale");
    const dotOf = (c: Value) => rowSum(builder, node("Mul", [weights, c], "weighted"), axis, kernels);
    const product = (centered: Value) =>
      node("Mul", [node("Mul", [weights, centered], "product"), scale], "vjp");
    const whereRelevant = () => {
      const isZero = node("Equal", [weights, zero], "is_zero");
      const relevant = node("Where", [isZero, zero, cotangent], "relevant_cotangent");
      const mean = node("Div", [dotOf(relevant), sum], "mean");
      return product(node("Where", [isZero, zero, node("Sub", [relevant, mean], "difference")], "centered"));
    };
    if (kernels === "gpu") return whereRelevant();
    // On the CPU a Where costs three passes: it is spared where every cotangent is finite, as all dot products are then.
    const dot = dotOf(cotangent);
    // 0·∞ and 0·NaN are NaN, which a sum keeps.
    const spoilt = node("ReduceSum", [node("Mul", [dot, zero], "zeros")], "zero_or_nan", { keepdims: 0 });
    const areFinite = node("Equal", [spoilt, zero], "is_all_finite");
    const plain = () => product(node("Sub", [cotangent, node("Div", [dot, sum], "mean")], "centered"));
    const output = { name: "vjp", type: "float32" } as const;
    return builder.choose(
      areFinite,
      "by_cotangent",
      [output],
      () => [plain()],
      () => [whereRelevant()],
    )[0];
  });
}
