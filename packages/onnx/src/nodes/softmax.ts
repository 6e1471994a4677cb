// softmax of perturbed logits at a temperature, and its vector-Jacobian product.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import type { Kernels } from "./kernels.ts";
import { rowSum } from "./row-sum.ts";
import { orNaN, unmasked } from "./rows.ts";
import type { Temperature } from "./temperature.ts";

/**
 * `softmax(z/temperature)` along the axis.
 *
 * @param bounded of each row, 1 or 0: whether it has neither NaN nor +∞. Degenerate rows become NaN, and never by NaN alone:
 *   GPUs may lose it on the way
 */
export function softmaxOf(
  builder: GraphBuilder,
  z: Value,
  axis: number,
  { scale, divisor }: Temperature,
  bounded: Value,
  kernels: Kernels,
): Value {
  const { node, constant } = builder;
  return builder.scope("softmax", () => {
    const scaled = scale === undefined ? z : node("Mul", [z, scale], "scaled");
    const maximum = node("ReduceMax", [scaled, constant("int64", [axis])], "maximum", { keepdims: 1 });
    const below = node("Sub", [scaled, maximum], "below_maximum");
    const exponent = divisor === undefined ? below : node("Div", [below, divisor], "exponent");
    const weights = node("Exp", [exponent], "weights");
    const sum = rowSum(builder, weights, axis, kernels);
    // A sum that counts its maximum is 1 at least: it is 0 where a GPU took −3.4·10³⁸ for the maximum of −∞ alone.
    const anyUnmasked = node("Mul", [unmasked(builder, maximum), sum], "any_unmasked");
    const usable = node("Mul", [bounded, anyUnmasked], "usable");
    return node("Div", [weights, orNaN(builder, sum, usable)], "y");
  });
}

/** `y∘(c − Σ c∘y)/temperature` along the axis. */
export function softmaxGradient(
  builder: GraphBuilder,
  y: Value,
  cotangent: Value,
  axis: number,
  { scale, divisor }: Temperature,
  kernels: Kernels,
): Value {
  const { node } = builder;
  return builder.scope("softmax_gradient", () => {
    const mean = rowSum(builder, node("Mul", [y, cotangent], "weighted"), axis, kernels);
    const product = node("Mul", [y, node("Sub", [cotangent, mean], "centred")], "product");
    const scaled = scale === undefined ? product : node("Mul", [product, scale], "scaled");
    return divisor === undefined ? scaled : node("Div", [scaled, divisor], "gradient");
  });
}
