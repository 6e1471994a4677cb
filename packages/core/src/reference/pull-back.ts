// The vector-Jacobian product of a softmax, for one row.

/** `J(y)ᵀc/temperature = y∘(c − Σ c∘y)/temperature`; exactly 0 where y is 0, whatever c is there. */
export function pullBack(y: Float64Array, c: Float64Array, temperature: number): Float64Array {
  const mean = y.reduce((sum, value, j) => (value === 0 ? sum : sum + value * c[j]), 0);
  return y.map((value, j) => (value === 0 ? 0 : (value * (c[j] - mean)) / temperature));
}
