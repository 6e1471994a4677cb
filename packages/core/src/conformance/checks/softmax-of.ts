// The float64 softmax of one row of perturbed logits, with the maximum that the bounds need.

/** Softmax of z at a temperature, and the largest z. */
export function softmaxOf(z: Float64Array, temperature: number): { maximum: number; y: Float64Array } {
  const maximum = z.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const y = z.map((value) => Math.exp((value - maximum) / temperature));
  const sum = y.reduce((total, value) => total + value, 0);
  return { maximum, y: y.map((value) => value / sum) };
}
