// The vector-Jacobian products of a softmax and of its logarithm, for one row.

/** `J(y)ᵀc/temperature = y∘(c − Σ c∘y)/temperature`; exactly 0 where y is 0, whatever c is there. */
export function pullBack(y: Float64Array, c: Float64Array, temperature: number): Float64Array {
  let mean = 0;
  for (let j = 0; j < y.length; j++) if (y[j] !== 0) mean += y[j] * c[j];
  const product = new Float64Array(y.length);
  for (let j = 0; j < y.length; j++) if (y[j] !== 0) product[j] = (y[j] * (c[j] - mean)) / temperature;
  return product;
}

/** The same of the logarithms of y, `(c − y·Σ c)/temperature`; exactly 0 where they are −∞, whatever c is there. */
export function pullBackLogs(logs: Float64Array, c: Float64Array, temperature: number): Float64Array {
  const isMasked = (j: number) => logs[j] === Number.NEGATIVE_INFINITY;
  const sum = c.reduce((total, value, j) => (isMasked(j) ? total : total + value), 0);
  return logs.map((log, j) => (isMasked(j) ? 0 : (c[j] - Math.exp(log) * sum) / temperature));
}
