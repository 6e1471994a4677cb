// `pnpm --filter docs run estimators`: measures bias and variance of the gradient estimators on a loss of one category of eight, by Monte
// Carlo with fixed keys, and writes the table of pages/guides/estimators.md. Needs built packages. Takes a minute or less.
import { readFile, writeFile } from "node:fs/promises";
import { foldIn, key } from "@gumbel/core";
import { createSampler } from "@gumbel/wasm";

const PAGE = new URL("../pages/guides/estimators.md", import.meta.url);
/** What stands around the table there. */
const MARKS = ["<!-- written by scripts/estimators.mjs -->", "<!-- end -->"];

/** θ = linspace(−1, 1), and the loss Σ|D − c|^p with cⱼ = sin 1.7j. */
const K = 8;
const LOGITS = Float32Array.from({ length: K }, (_, j) => -1 + (2 * j) / (K - 1));
const TARGET = Float64Array.from({ length: K }, (_, j) => Math.sin(1.7 * j));
const POWERS = [2, 3];

/** Rows of one call, and calls of each estimator. */
const ROWS = 4096;
const CALLS = 64;

const sampler = await createSampler();
const logits = { data: Float32Array.from({ length: ROWS * K }, (_, i) => LOGITS[i % K]), shape: [ROWS, K] };
const p = Array.from(sampler.softmax(LOGITS).data);

/** Loss of a one-hot D, and its gradient in D, at each category. */
const lossOf = (hot, power) =>
  TARGET.reduce((sum, target, j) => sum + Math.abs((j === hot ? 1 : 0) - target) ** power, 0);
const gradientOf = (hot, power) =>
  Array.from(TARGET, (target, j) => {
    const difference = (j === hot ? 1 : 0) - target;
    return power * Math.sign(difference) * Math.abs(difference) ** (power - 1);
  });

const vjp = (options) => (cotangent, drawn) =>
  sampler.gumbelSoftmaxVjp(logits, cotangent, { key: drawn, hard: true, ...options }).data;

/** Name, and gradients of a batch of samples at a key; `calls` where each is dear. */
const ESTIMATORS = [
  { name: "`straight-through`, τ = 0.1", products: vjp({ temperature: 0.1 }) },
  { name: "`straight-through`, τ = 1", products: vjp({ temperature: 1 }) },
  {
    name: "`gumbel-rao`, 100 draws, τ = 0.1",
    products: vjp({ estimator: "gumbel-rao", draws: 100, temperature: 0.1 }),
    calls: CALLS / 8,
  },
  { name: "`reinmax`, τ = 1", products: vjp({ estimator: "reinmax" }) },
  {
    name: "softmax at the sample, no noise",
    products: (cotangent) => sampler.softmaxVjp(logits, cotangent).data,
  },
  { name: "`gapped`, gap 1, τ = 1", products: vjp({ estimator: "gapped" }) },
  { name: "`gapped`, expected gap, τ = 1", products: vjp({ estimator: "gapped", gap: "expected" }) },
  { name: "REINFORCE", products: reinforce },
];

/** `f(D)·(D − p)`, which needs no gradient of the loss. */
function reinforce(_, __, hots, power) {
  return Float64Array.from({ length: ROWS * K }, (_, i) => {
    const hot = hots[Math.floor(i / K)];
    return lossOf(hot, power) * ((hot === i % K ? 1 : 0) - p[i % K]);
  });
}

/** Bias, the trace of the covariance, and the standard error of each. */
function measure({ products, calls = CALLS }, power) {
  const exact = (() => {
    const losses = LOGITS.map((_, hot) => lossOf(hot, power));
    const mean = losses.reduce((sum, loss, j) => sum + p[j] * loss, 0);
    return Array.from(losses, (loss, j) => p[j] * (loss - mean));
  })();
  const gradients = Array.from(LOGITS, (_, hot) => gradientOf(hot, power));
  const count = ROWS * calls;
  const sum = new Float64Array(K);
  let [squares, fourths] = [0, 0];
  for (let call = 0; call < calls; call++) {
    const drawn = foldIn(key(17), call);
    const hots = sampler.categorical(logits, { key: drawn }).data;
    const cotangent = {
      data: Float32Array.from({ length: ROWS * K }, (_, i) => gradients[hots[Math.floor(i / K)]][i % K]),
      shape: [ROWS, K],
    };
    const product = products(cotangent, drawn, hots, power);
    for (let row = 0; row < ROWS; row++) {
      let square = 0;
      for (let j = 0; j < K; j++) {
        const value = product[row * K + j];
        sum[j] += value;
        square += (value - exact[j]) ** 2;
      }
      squares += square;
      fourths += square ** 2;
    }
  }
  const bias = Math.hypot(...sum.map((value, j) => value / count - exact[j]));
  const trace = squares / count - bias ** 2;
  const traceError = Math.sqrt((fourths / count - (squares / count) ** 2) / count);
  return { bias, biasError: Math.sqrt(trace / count), trace, traceError };
}

/** A value and its standard error, to the error's first digit. */
function withError(value, error) {
  const digits = Math.max(0, Math.ceil(-Math.log10(error)));
  return `${value.toFixed(digits)} ± ${error.toFixed(digits)}`;
}

const rows = ESTIMATORS.map((estimator) => {
  const cells = POWERS.flatMap((power) => {
    const { bias, biasError, trace, traceError } = measure(estimator, power);
    return [withError(bias, biasError), withError(trace, traceError)];
  });
  return `| ${[estimator.name, ...cells].join(" | ")} |`;
});
const titles = ["estimator", ...POWERS.flatMap((power) => [`bias, p = ${power}`, `variance, p = ${power}`])];
const table = [`| ${titles.join(" | ")} |`, `|${" --- |".repeat(titles.length)}`, ...rows].join("\n");
console.log(table);

const page = await readFile(PAGE, "utf8");
const [begin, end] = MARKS.map((mark) => page.indexOf(mark));
if (begin < 0 || end < begin) throw new Error(`the guide must hold ${MARKS.join(" … ")}`);
await writeFile(PAGE, `${page.slice(0, begin + MARKS[0].length)}\n\n${table}\n\n${page.slice(end)}`);
