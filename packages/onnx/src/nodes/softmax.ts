// softmax of perturbed logits at a temperature, and its vector-Jacobian product.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { argmax } from "./argmax.ts";
import { rowSum } from "./row-sum.ts";
import { orNaN } from "./rows.ts";
import type { Temperature } from "./temperature.ts";

/**
 * `softmax(z/temperature)` along the axis.
 *
 * @param usable of each row, 1 or 0: a row that is not becomes NaN. Never by itself alone: GPUs may lose a NaN on the way.
 */
export function softmaxOf(
  builder: GraphBuilder,
  z: Value,
  axis: number,
  { scale, divisor }: Temperature,
  usable: Value,
): Value {
  const { node, constant } = builder;
  return builder.scope("softmax", () => {
    const scaled = scale === undefined ? z : node("Mul", [z, scale], "scaled");
    const maximum = node("ReduceMax", [scaled, constant("int64", [axis])], "maximum", { keepdims: 1 });
    const below = node("Sub", [scaled, maximum], "below_maximum");
    const exponent = divisor === undefined ? below : node("Div", [below, divisor], "exponent");
    const weights = node("Exp", [exponent], "weights");
    return node("Div", [weights, orNaN(builder, rowSum(builder, weights, axis), usable)], "y");
  });
}

/** The exact one-hot of the maximum, the lowest index on a tie; rows of NaN give a one-hot too. */
export function oneHotOfMaximum(builder: GraphBuilder, z: Value, axis: number): Value {
  const { node, constant } = builder;
  return builder.scope("one_hot", () => {
    const best = argmax(builder, z, axis);
    const empty = node("Expand", [constant("float32", 0), node("Shape", [z], "shape")], "zeros");
    const ones = node("Expand", [constant("float32", 1), node("Shape", [best], "best_shape")], "ones");
    return node("ScatterElements", [empty, best, ones], "one_hot", { axis });
  });
}

/** `y∘(c − Σ c∘y)/temperature` along the axis. */
export function softmaxGradient(
  builder: GraphBuilder,
  y: Value,
  cotangent: Value,
  axis: number,
  { scale, divisor }: Temperature,
): Value {
  const { node } = builder;
  return builder.scope("softmax_gradient", () => {
    const mean = rowSum(builder, node("Mul", [y, cotangent], "weighted"), axis);
    const product = node("Mul", [y, node("Sub", [cotangent, mean], "centred")], "product");
    const scaled = scale === undefined ? product : node("Mul", [product, scale], "scaled");
    return divisor === undefined ? scaled : node("Div", [scaled, divisor], "gradient");
  });
}
