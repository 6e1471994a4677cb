// A backend over float32 arrays in plain JavaScript. What it has not written yet it takes from the reference.
import * as core from "@gumbel/core/adapter";

const ARRAY_OF = { float32: Float32Array, int32: Int32Array, uint32: Uint32Array };

/** A tensor of this backend, `{ data, shape }`, whose element `i` is `valueAt(i)`. */
function fill(dtype, shape, valueAt) {
  return { data: ARRAY_OF[dtype].from({ length: core.sizeOf(shape) }, (_, i) => valueAt(i)), shape };
}

const gumbelOf = ([x0, x1], precision) => core.gumbelOf(core.wordOf(x0, x1), x1, precision);
const gumbelAt = (noise, i) => gumbelOf(core.blockOf(noise.key, noise, i), noise.precision);
const argmax = (z) => z.indexOf(z.reduce((a, b) => Math.max(a, b)));

/** Rows that are not degenerate, with perturbed logits z; category j is at `start + j * stride` of a result. */
function* rowsOf({ layout, noise }, logits, temperature) {
  const { samples, categories, inner: stride } = layout;
  const rows = core.rowCountOf(layout);
  for (let row = 0; row < samples * rows; row++) {
    const start = core.rowStartOf(layout, row);
    const from = core.rowStartOf(layout, row % rows); // the logits have no sample dimensions
    const l = Float32Array.from({ length: categories }, (_, j) => logits.data[from + j * stride]);
    if (core.degeneracyOf(l) !== undefined) continue;
    const max = l.reduce((a, b) => Math.max(a, b)); // subtracted first: large logits leave the noise its digits
    // Temperature 0 is the mode: no noise.
    const g = (j) => (noise && temperature > 0 ? gumbelAt(noise, start + j * stride) : 0);
    yield { row, start, stride, z: l.map((value, j) => (value - max) / (temperature || 1) + g(j)) };
  }
}

function softmax(call, { logits }) {
  const y = fill("float32", call.outputShape, () => NaN);
  for (const { start, stride, z } of rowsOf(call, logits, 1)) {
    const hot = argmax(z);
    const weights = z.map((value) => Math.exp((value - z[hot]) / call.temperature));
    const sum = weights.reduce((a, b) => a + b);
    const at = (j) => (call.hard ? Number(j === hot) : weights[j] / sum);
    for (let j = 0; j < z.length; j++) y.data[start + j * stride] = at(j);
  }
  return { y };
}

function categorical(call, { logits }) {
  const indices = fill("int32", call.outputShape, () => -1);
  for (const { row, z } of rowsOf(call, logits, call.temperature)) indices.data[row] = argmax(z);
  return { indices };
}

const gumbel = (noise) => ({ noise: fill("float32", noise.shape, (i) => gumbelAt(noise, i)) });
export const backend = {
  name: "float32",
  mode: "sync",
  shapeOf(value, argument) {
    core.assertNdArray(value, argument);
    return value.shape;
  },
  zeros: ({ dtype, shape }) => fill(dtype, shape, () => 0),
  kernels: { ...core.referenceKernels, gumbel, softmax, gumbelSoftmax: softmax, categorical },
};
