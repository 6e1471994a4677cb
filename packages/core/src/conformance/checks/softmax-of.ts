// The float64 softmax of one row of perturbed logits, with the maximum that the bounds need. Not the reference's own: that is held
// against this.

/** Softmax of z at a temperature, and the largest z. */
export function softmaxOf(z: Float64Array, temperature: number): { maximum: number; y: Float64Array } {
  let maximum = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < z.length; j++) maximum = Math.max(maximum, z[j]);
  const y = new Float64Array(z.length);
  let sum = 0;
  for (let j = 0; j < z.length; j++) {
    y[j] = Math.exp((z[j] - maximum) / temperature);
    sum += y[j];
  }
  for (let j = 0; j < z.length; j++) y[j] /= sum;
  return { maximum, y };
}
