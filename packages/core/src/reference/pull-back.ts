// The vector-Jacobian products of a softmax and of its logarithm, for one row.

/** `J(y)ᵀc/temperature = y∘(c − Σ c∘y)/temperature`; exactly 0 where y is 0, whatever c is there. */
export function pullBack(y: Float64Array, c: Float64Array, temperature: number): Float64Array {
  const mean = y.reduce((sum, value, j) => (value === 0 ? sum : sum + value * c[j]), 0);
  return y.map((value, j) => (value === 0 ? 0 : (value * (c[j] - mean)) / temperature));
}

/** The same of the logarithms of y, `(c − y·Σ c)/temperature`; exactly 0 where they are −∞, whatever c is there. */
export function pullBackLogs(logs: Float64Array, c: Float64Array, temperature: number): Float64Array {
  const isMasked = (j: number) => logs[j] === Number.NEGATIVE_INFINITY;
  const sum = c.reduce((total, value, j) => (isMasked(j) ? total : total + value), 0);
  return logs.map((log, j) => (isMasked(j) ? 0 : (c[j] - Math.exp(log) * sum) / temperature));
}
