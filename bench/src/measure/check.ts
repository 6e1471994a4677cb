// Whether results can be samples at all: laws that each contestant is held to before it is timed. Small shapes only.
import type { Entry, Inputs } from "../contestant.ts";
import { equalLogits, inputsOf } from "../inputs.ts";
import type { Fault, Operation } from "../results.ts";
import { differenceFromReference } from "./near-reference.ts";

/** What was found. */
export interface Verdict {
  /** Laws that were checked. */
  readonly laws: number;
  /** Those that do not hold. */
  readonly faults: readonly Fault[];
}

/** Checks a contestant's way to do an operation. */
export async function check(operation: Operation, entry: Entry, conforms: boolean): Promise<Verdict> {
  let laws = 0;
  const faults: Fault[] = [];
  const law = async (words: string, find: () => Promise<string | undefined>) => {
    laws++;
    const found = await find().catch((error) => `${error}`);
    if (found !== undefined) faults.push({ law: words, found });
  };
  const small = inputsOf([64, 10]);
  if (!(await hasResult(entry, small))) return { laws, faults };
  await law("results are well formed", async () => malformed(operation, small, await runOnce(entry, small)));
  if (conforms)
    await law("results are the reference's", async () =>
      differenceFromReference(operation, small, await runOnce(entry, small)),
    );
  if (operation === "softmax")
    await law("results are the softmax", async () => notSoftmax(small, await runOnce(entry, small)));
  if (operation === "gumbel")
    await law("noise is Gumbel's", async () => notGumbel(await runOnce(entry, inputsOf([64, 64]))));
  if (operation === "categorical" || operation === "gumbelSoftmax") {
    await law("frequencies are the softmax", () => unlikely(operation, entry));
    await law("draws of a single row differ", () => alwaysSame(operation, entry));
    await law("masked categories are never drawn", () => unmasked(operation, entry));
  }
  if (operation !== "softmax" && operation !== "read" && operation !== "gumbelSoftmaxVjp")
    await law("rows of a batch differ", () => repeated(entry));
  return { laws, faults };
}

/** What is wrong with the form of results, in words. */
export function malformed(
  operation: Operation,
  { shape: [rows, classes] }: Inputs,
  got: ArrayLike<number> | undefined,
): string | undefined {
  if (got === undefined || operation === "read") return undefined;
  const size = operation === "categorical" ? rows : rows * classes;
  if (got.length !== size) return `${got.length} values for ${size}`;
  if (operation === "categorical") {
    for (let i = 0; i < size; i++)
      if (!(Number.isInteger(got[i]) && got[i] >= 0 && got[i] < classes)) return `row ${i} drew ${got[i]}`;
    return undefined;
  }
  for (let i = 0; i < size; i++) if (!Number.isFinite(got[i])) return `element ${i} is ${got[i]}`;
  const sum = operation === "softmax" || operation === "gumbelSoftmax" ? 1 : 0;
  if (sum === 0 && operation !== "gumbelSoftmaxVjp") return undefined;
  for (let row = 0; row < rows; row++) {
    let total = 0;
    for (let j = 0; j < classes; j++) total += got[row * classes + j];
    if (!(Math.abs(total - sum) < SUM_BOUND)) return `row ${row} sums to ${total}`;
  }
  const isSmall = size <= 1e4;
  if (operation === "gumbelSoftmaxVjp" && isSmall && Array.from(got).every((value) => value === 0))
    return "the gradient is 0 throughout";
  return undefined;
}

/** Rounding of a float32 sum over 150,000 values, and of hardware's exp. */
const SUM_BOUND = 1e-3;

/** Floors keep what they make in registers: there is nothing to look at. */
async function hasResult(entry: Entry, inputs: Inputs): Promise<boolean> {
  try {
    const ready = await entry.prepare(inputs);
    await ready.dispose();
    return ready.result !== undefined;
  } catch {
    // Each law will say so.
    return true;
  }
}

/** Runs an operation once, at key 0. */
async function runOnce(entry: Entry, inputs: Inputs): Promise<ArrayLike<number>> {
  const [result] = await runs(entry, inputs, 1);
  return result;
}

/** Results of so many runs. */
async function runs(entry: Entry, inputs: Inputs, times: number): Promise<ArrayLike<number>[]> {
  const ready = await entry.prepare(inputs);
  try {
    const results: ArrayLike<number>[] = [];
    for (let i = 0; i < times; i++) {
      await ready.queue(1);
      await ready.done();
      // Copied: the next run may write into the same memory.
      results.push(Array.from((await ready.result?.()) ?? []));
    }
    return results;
  } finally {
    await ready.dispose();
  }
}

/** The category of each row: its index, or where its soft sample is largest. */
function categories(operation: Operation, [, classes]: Inputs["shape"], got: ArrayLike<number>): number[] {
  const values = Array.from(got);
  if (operation === "categorical") return values;
  return Array.from({ length: values.length / classes }, (_, row) => {
    const y = values.slice(row * classes, (row + 1) * classes);
    return y.indexOf(Math.max(...y));
  });
}

const LOGITS = [2, -1, 0, 1, -2, 0.5, 1.5, -0.5];

function sameRows(rows: number, logits: readonly number[]): Inputs {
  const shape = [rows, logits.length] as const;
  const data = Float32Array.from({ length: rows * logits.length }, (_, i) => logits[i % logits.length]);
  return { shape, logits: data, cotangent: new Float32Array(data.length) };
}

/** Chance that a right contestant fails a statistical check. */
const FALSE_FAILURE_RATE = 1e-9;

/** χ² test with the bound of Laurent and Massart (2000, lemma 1). */
async function unlikely(operation: Operation, entry: Entry): Promise<string | undefined> {
  const inputs = sameRows(256, LOGITS);
  const counts = LOGITS.map(() => 0);
  for (const result of await runs(entry, inputs, 16))
    for (const category of categories(operation, inputs.shape, result)) counts[category]++;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mass = LOGITS.reduce((sum, logit) => sum + Math.exp(logit), 0);
  const statistic = counts.reduce((sum, count, i) => {
    const expected = (total * Math.exp(LOGITS[i])) / mass;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  const [x, freedom] = [-Math.log(FALSE_FAILURE_RATE), LOGITS.length - 1];
  const bound = freedom + 2 * Math.sqrt(freedom * x) + 2 * x;
  if (statistic <= bound) return undefined;
  return `χ² = ${statistic.toFixed(0)} over ${total} draws, where ${bound.toFixed(0)} is the bound`;
}

async function alwaysSame(operation: Operation, entry: Entry): Promise<string | undefined> {
  // All the same by chance: (1/8)^31.
  const inputs = sameRows(1, [0, 0, 0, 0, 0, 0, 0, 0]);
  const drawn = new Set(
    (await runs(entry, inputs, 32)).map((result) => categories(operation, inputs.shape, result)[0]),
  );
  return drawn.size > 1 ? undefined : `all of 32 draws are category ${[...drawn][0]}`;
}

async function unmasked(operation: Operation, entry: Entry): Promise<string | undefined> {
  const mask = Number.NEGATIVE_INFINITY;
  const inputs = sameRows(64, [mask, 0, mask, 1, mask, mask, 2, mask]);
  for (const result of await runs(entry, inputs, 4)) {
    for (const category of categories(operation, inputs.shape, result))
      if (![1, 3, 6].includes(category)) return `drew ${category}, which is not one of 1, 3, 6`;
    const isSoft = operation === "gumbelSoftmax";
    for (let i = 0; isSoft && i < result.length; i++)
      if (inputs.logits[i] === mask && result[i] !== 0) return `a masked category has ${result[i]}`;
  }
  return undefined;
}

async function repeated(entry: Entry): Promise<string | undefined> {
  const [rows, classes] = [64, 64];
  const result = await runOnce(entry, equalLogits([rows, classes]));
  const width = result.length / rows;
  const seen = new Set(
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: width }, (_, j) => result[row * width + j]).join(),
    ),
  );
  // Of 64 draws from 64 categories 41 ± 3 differ.
  return seen.size >= (width === 1 ? 20 : rows) ? undefined : `${seen.size} different ones of ${rows} rows`;
}

/** Kolmogorov–Smirnov test with the Dvoretzky–Kiefer–Wolfowitz bound in Massart's form. */
function notGumbel(values: ArrayLike<number>): string | undefined {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const probability = Math.exp(-Math.exp(-sorted[i]));
    distance = Math.max(distance, (i + 1) / n - probability, probability - i / n);
  }
  const bound = Math.sqrt(Math.log(2 / FALSE_FAILURE_RATE) / (2 * n));
  if (distance <= bound) return undefined;
  return `${distance.toFixed(3)} from the distribution function, where ${bound.toFixed(3)} is the bound`;
}

function notSoftmax({ shape: [rows, classes], logits }: Inputs, got: ArrayLike<number>): string | undefined {
  for (let row = 0; row < rows; row++) {
    const z = logits.subarray(row * classes, (row + 1) * classes);
    const mass = z.reduce((sum, value) => sum + Math.exp(value), 0);
    for (let j = 0; j < classes; j++) {
      const expected = Math.exp(z[j]) / mass;
      if (!(Math.abs(got[row * classes + j] - expected) <= SUM_BOUND))
        return `row ${row} has ${got[row * classes + j]} at ${j}, not ${expected}`;
    }
  }
  return undefined;
}
