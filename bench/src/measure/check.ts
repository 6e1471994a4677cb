// Laws that the results of each contestant are checked against before it is timed. Small shapes only.
import { type Entry, firstResult, type Inputs, resultsOf } from "../contestant.ts";
import { drawsIndices, isFiltered } from "../filtered.ts";
import { equalLogits, equalRows, inputsOf } from "../inputs.ts";
import { type Fault, FILTERED_OPERATIONS, OPERATIONS, type Operation } from "../results.ts";
import { differenceFromReference } from "./near-reference.ts";

/** Returns what was found where a law does not hold. */
type Check = (entry: Entry, operation: Operation) => Promise<string | undefined>;

const SMALL = inputsOf([64, 10]);
const DRAWING: readonly Operation[] = ["categorical", "gumbelSoftmax"];
const RANDOM: readonly Operation[] = [...DRAWING, ...FILTERED_OPERATIONS, "gumbel", "bits"];

const wellFormed: Check = async (entry, of) => malformed(of, SMALL, await firstResult(entry, SMALL));
const reference: Check = async (entry, of) =>
  differenceFromReference(of, SMALL, await firstResult(entry, SMALL));

/** Chance that a right contestant fails a statistical check. */
const FALSE_FAILURE_RATE = 1e-9;

/** Laws and the operations that they hold for. */
const LAWS: readonly (readonly [law: string, check: Check, operations: readonly Operation[]])[] = [
  ["results are well formed", wellFormed, OPERATIONS],
  ["results are the softmax", reference, ["softmax"]],
  ["noise is Gumbel's", notGumbel, ["gumbel"]],
  ["frequencies are the softmax", unlikely, DRAWING],
  ["draws of a single row differ", alwaysSame, DRAWING],
  ["masked categories are never drawn", unmasked, DRAWING],
  ["what the filters keep is drawn, and nothing else", notKept, FILTERED_OPERATIONS],
  ["rows of a batch differ", repeated, RANDOM],
];

/** Checks a contestant's implementation of an operation; where it conforms, against the reference too. */
export async function check(operation: Operation, entry: Entry, conforms: boolean) {
  // Floors keep their values in registers: there is nothing to check. An error is reported by each law.
  const ready = await entry.prepare(SMALL).catch(() => undefined);
  await ready?.dispose();
  if (ready !== undefined && ready.result === undefined) return { laws: 0, faults: [] };
  const laws = LAWS.filter(([, , operations]) => operations.includes(operation));
  if (conforms) laws.splice(1, 0, ["results are the reference's", reference, OPERATIONS]);
  const faults: Fault[] = [];
  for (const [law, find] of laws) {
    const found = await find(entry, operation).catch(String);
    if (found !== undefined) faults.push({ law, found });
  }
  return { laws: laws.length, faults };
}

/** What is wrong with the form of results, in words. */
export function malformed(
  operation: Operation,
  { shape: [rows, categories] }: Inputs,
  got?: ArrayLike<number>,
) {
  if (got === undefined || operation === "read") return undefined;
  const isIndex = drawsIndices(operation);
  const size = isIndex ? rows : rows * categories;
  if (got.length !== size) return `${got.length} values for ${size}`;
  for (let i = 0; i < size; i++) {
    if (!Number.isFinite(got[i])) return `element ${i} is ${got[i]}`;
    if (isIndex && !(Number.isInteger(got[i]) && got[i] >= 0 && got[i] < categories))
      return `row ${i} drew ${got[i]}`;
  }
  const sum = { softmax: 1, gumbelSoftmax: 1, gumbelSoftmaxVjp: 0 }[operation as string];
  for (let row = 0; row < rows && sum !== undefined; row++) {
    let total = 0;
    for (let j = 0; j < categories; j++) total += got[row * categories + j];
    if (!(Math.abs(total - sum) < SUM_BOUND)) return `row ${row} sums to ${total}`;
  }
  const isZero = sum === 0 && size <= 1e4 && Array.from(got).every((value) => value === 0);
  return isZero ? "the gradient is 0 throughout" : undefined;
}

/** Rounding of a float32 sum over 150,000 values, and of hardware's exp. */
const SUM_BOUND = 1e-3;

/** Category of each row of so many runs: the index, or where the soft sample is largest. */
async function drawsOf(operation: Operation, entry: Entry, inputs: Inputs, runs: number): Promise<number[]> {
  const drawn: number[] = [];
  const width = drawsIndices(operation) ? 1 : inputs.shape[1];
  for await (const result of resultsOf(entry, inputs)) {
    const values = Array.from(result);
    for (let i = 0; i < values.length; i += width) {
      const y = values.slice(i, i + width);
      drawn.push(width === 1 ? y[0] : y.indexOf(Math.max(...y)));
    }
    if (--runs === 0) break;
  }
  return drawn;
}

/** χ² test with the bound of Laurent and Massart (2000, lemma 1). */
async function unlikely(entry: Entry, operation: Operation): Promise<string | undefined> {
  const logits = [2, -1, 0, 1, -2, 0.5, 1.5, -0.5];
  const draws = await drawsOf(operation, entry, equalRows(256, logits), 16);
  const sumExp = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  const statistic = logits.reduce((sum, logit, category) => {
    const expected = (draws.length * Math.exp(logit)) / sumExp;
    const count = draws.filter((each) => each === category).length;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  const [x, freedom] = [-Math.log(FALSE_FAILURE_RATE), logits.length - 1];
  const bound = freedom + 2 * Math.sqrt(freedom * x) + 2 * x;
  if (statistic <= bound) return undefined;
  return `χ² = ${statistic.toFixed(0)} over ${draws.length} draws, where ${bound.toFixed(0)} is the bound`;
}

async function alwaysSame(entry: Entry, operation: Operation): Promise<string | undefined> {
  // All the same by chance: (1/8)^31.
  const drawn = new Set(await drawsOf(operation, entry, equalLogits([1, 8]), 32));
  return drawn.size > 1 ? undefined : `all of 32 draws are category ${[...drawn][0]}`;
}

async function unmasked(entry: Entry, operation: Operation): Promise<string | undefined> {
  const mask = Number.NEGATIVE_INFINITY;
  const inputs = equalRows(64, [mask, 0, mask, 1, mask, mask, 2, mask]);
  const drawn = await drawsOf(operation, entry, inputs, 4);
  const masked = drawn.find((category) => ![1, 3, 6].includes(category));
  if (masked !== undefined) return `drew ${masked}, which is not one of 1, 3, 6`;
  if (operation === "categorical") return undefined;
  const y = await firstResult(entry, inputs);
  const value = y.find((each, i) => inputs.logits[i] === mask && each !== 0);
  return value === undefined ? undefined : `a masked category has ${value}`;
}

/** Categories of 200 with logits 0, −0.1, −0.2, … that are kept: topP keeps j where 1 − e^(−j/10) < 0.9, minP where e^(−j/10) ≥ 0.05. */
const KEPT = { topK: 50, minP: 30, topP: 24, filters: 23 } as const;
/** Stands for another order of the categories: 77 and 200 have no common factor. */
const STEP = 77;

async function notKept(entry: Entry, operation: Operation): Promise<string | undefined> {
  if (!isFiltered(operation)) return undefined;
  const logits = Float32Array.from({ length: 200 }, (_, i) => -0.1 * ((i * STEP) % 200));
  const draws = await drawsOf(operation, entry, equalRows(256, logits), 32);
  const ranks = new Set(draws.map((category) => (category * STEP) % 200));
  const last = Math.max(...ranks);
  if (last >= KEPT[operation]) return `drew the category of rank ${last}, where ${KEPT[operation]} are kept`;
  // The least likely of them has a probability of 0.0007, which 8192 draws miss in 3 of 1000 runs; they miss three in 10⁻⁸.
  if (ranks.size < KEPT[operation] - 2) return `drew ${ranks.size} categories of ${KEPT[operation]}`;
  return undefined;
}

async function repeated(entry: Entry): Promise<string | undefined> {
  const rows = 64;
  const distinct = distinctRows(await firstResult(entry, equalLogits([rows, 64])), rows);
  // Of 64 draws from 64 categories 41 ± 3 differ.
  const enough = distinct.width === 1 ? 20 : rows;
  return distinct.count >= enough ? undefined : `${distinct.count} different ones of ${rows} rows`;
}

/** How many rows no earlier row equals, and how long a row is. */
export function distinctRows(values: readonly number[], rows: number): { count: number; width: number } {
  const width = values.length / rows;
  const row = (_: unknown, i: number) => values.slice(i * width, (i + 1) * width).join();
  return { count: new Set(Array.from({ length: rows }, row)).size, width };
}

/** Kolmogorov–Smirnov test with the Dvoretzky–Kiefer–Wolfowitz bound in Massart's form. */
async function notGumbel(entry: Entry): Promise<string | undefined> {
  const values = (await firstResult(entry, inputsOf([64, 64]))).sort((a, b) => a - b);
  const n = values.length;
  const distance = values.reduce((most, value, i) => {
    const probability = Math.exp(-Math.exp(-value));
    return Math.max(most, (i + 1) / n - probability, probability - i / n);
  }, 0);
  const bound = Math.sqrt(Math.log(2 / FALSE_FAILURE_RATE) / (2 * n));
  if (distance <= bound) return undefined;
  return `${distance.toFixed(3)} from the distribution function, where ${bound.toFixed(3)} is the bound`;
}
