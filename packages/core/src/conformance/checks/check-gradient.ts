// Gradients against the analytic product of the reference.
import { sizeOf } from "../../layout.ts";
import type { NdData } from "../../nd-array.ts";
import { type CallOf, drawsNoise } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";
import { SMALLEST_NORMAL } from "./bounds.ts";
import { checkedRows } from "./rows.ts";
import { softRange } from "./soft-range.ts";

type GradientCall = CallOf<"gumbelSoftmaxVjp"> | CallOf<"softmaxVjp">;

/** Checks the result of `gumbelSoftmaxVjp` or `softmaxVjp`. */
export function checkGradient(call: GradientCall, got: NdData, expected: NdData): void {
  const allowed = gradientBounds(call);
  const masked = call.logits.data;
  const { hard, log } = call.options;
  const plain = call.operation === "softmaxVjp" ? "VJP-2" : "VJP-1";
  const [clause, accuracy] = log === true ? ["VJP-6", "VJP-6"] : [hard === true ? "VJP-3" : plain, "VJP-4"];
  for (let index = 0; index < expected.length; index++) {
    const details = { call, index, shape: call.logits.shape, got: got[index], expected: expected[index] };
    if (Number.isNaN(expected[index]) || Number.isNaN(got[index])) {
      if (Number.isNaN(expected[index]) && Number.isNaN(got[index])) continue;
      const note = "the gradient is NaN in a degenerate row and only there";
      throw new ConformanceFailure("LOGITS-3", { ...details, note });
    }
    if (masked[index] === Number.NEGATIVE_INFINITY && got[index] !== 0) {
      throw new ConformanceFailure("LOGITS-2", { ...details, note: "a masked category has a gradient" });
    }
    if (Number.isFinite(expected[index]) && !Number.isFinite(got[index])) {
      throw new ConformanceFailure("LOGITS-6", { ...details, note: "the gradient is infinite" });
    }
    const error = Math.abs(got[index] - expected[index]);
    if (error <= allowed[index]) continue;
    // Far out it is another product; near by, an inaccurate one.
    const isOther = error > 64 * allowed[index];
    throw new ConformanceFailure(isOther ? clause : accuracy, {
      ...details,
      allowed: allowed[index],
      note: isOther ? "the gradient is another one" : "the gradient is not accurate enough",
    });
  }
}

/**
 * VJP-4 or VJP-6 for each logit, summed over the samples. What may be flushed to zero on the way to `yᵢ·(cᵢ − Σ cⱼ·yⱼ)/τ`: cᵢ, n
 * products, their difference and its product with yᵢ, all before the division, and the result after it.
 */
function gradientBounds(call: GradientCall): Float64Array {
  const bounds = new Float64Array(sizeOf(call.logits.shape));
  const temperature = call.options.temperature ?? 1;
  for (const { start, stride, logitsStart, z, isDegenerate } of checkedRows(call)) {
    if (isDegenerate) continue;
    const { y, below, above } = softRange(z, temperature, drawsNoise(call.operation));
    const b = new Float64Array(z.length);
    const c = new Float64Array(z.length);
    for (let j = 0; j < z.length; j++) {
      b[j] = Math.max(below[j], above[j]);
      c[j] = call.cotangent.data[start + j * stride];
    }
    const boundsOf = call.options.log === true ? logProductBounds : productBounds;
    const ofRow = boundsOf(y, b, c, temperature, z);
    for (let j = 0; j < z.length; j++) bounds[logitsStart + j * stride] += ofRow[j];
  }
  return bounds;
}

/**
 * VJP-4 for one row.
 *
 * @param b how far each y may lie from the reference's
 * @param c cotangent
 */
export function productBounds(
  y: Float64Array,
  b: Float64Array,
  c: Float64Array,
  temperature: number,
): Float64Array {
  let sum = 0;
  let largest = 0;
  for (let j = 0; j < y.length; j++) {
    sum += b[j];
    if (y[j] !== 0) largest = Math.max(largest, Math.abs(c[j]));
  }
  const bounds = new Float64Array(y.length);
  for (let j = 0; j < y.length; j++) {
    bounds[j] =
      ((2 * largest) / temperature) * (b[j] + y[j] * sum) +
      SMALLEST_NORMAL * (1 + (1 + (y.length + 2) * y[j]) / temperature);
  }
  return bounds;
}

/** VJP-6 for one row: of logarithms. Masked categories, −∞ in z, take no part. */
function logProductBounds(
  y: Float64Array,
  b: Float64Array,
  c: Float64Array,
  temperature: number,
  z: Float64Array,
): Float64Array {
  const size = c.map((value, j) => (z[j] === Number.NEGATIVE_INFINITY ? 0 : Math.abs(value)));
  const all = size.reduce((total, value) => total + value, 0);
  return y.map(
    (value, j) =>
      (all * (b[j] + 2 ** -20 * value) + 2 ** -20 * size[j]) / temperature +
      SMALLEST_NORMAL * (1 + (1 + (y.length + 2) * value) / temperature),
  );
}
