// Random filters, and temperatures and keys by row, within what a backend declares.
import fc, { type Arbitrary } from "fast-check";
import { FILTERS, type FilterName, type NumericFilter } from "../filters.ts";
import type { Key } from "../random/key.ts";
import type { Capabilities } from "../sampler.ts";

/** Values of each numeric filter: usual ones, and both ends. */
const VALUES: Readonly<Record<NumericFilter, readonly number[]>> = {
  topNSigma: [0.3, 1, 2, 0],
  topK: [1, 2, 3, 5, 50, 300, 10_000, 0],
  topP: [0.1, 0.5, 0.9, 0.99, 1e-6, 0, 1],
  minP: [0.05, 0.3, 1e-3, 1, 0],
  typicalP: [0.2, 0.5, 0.95, 0, 1],
  epsilonCutoff: [1e-3, 0.1, 1, 0],
  etaCutoff: [1e-3, 0.3, 0],
};

/** What rows a call has. */
export interface Rows {
  /** Number of rows of the logits. */
  readonly count: number;
  /** Length of a row. */
  readonly categories: number;
}

/** Options that filter, none in half of the cases, and values for each row now and then. */
export function anyFilters(
  rows: Rows,
  { filters = [], perRow = false }: Capabilities,
): Arbitrary<Record<string, unknown>> {
  const declared = FILTERS.filter((name) => filters.includes(name));
  const anyOf = (name: FilterName) => fc.tuple(fc.constant(name), anyValue(name, rows, perRow));
  const one =
    declared.length === 0
      ? fc.constant([])
      : fc.constantFrom(...declared).chain((name) => anyOf(name).map((pair) => [pair]));
  const some = fc.subarray(declared).chain((names) => fc.tuple(...names.map(anyOf)));
  const order = fc.constantFrom([], [["order", "temperature-first"]], [["order", "temperature-last"]]);
  const chosen = fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: one },
    { weight: 2, arbitrary: fc.tuple(some, order).map(([pairs, last]) => [...pairs, ...last]) },
  );
  return chosen.map((pairs) => Object.fromEntries(pairs));
}

/** A number, or one for each row. */
export function oneOrPerRow(value: Arbitrary<number>, count: number, perRow: boolean): Arbitrary<unknown> {
  if (!perRow) return value;
  const each = fc.array(value, { minLength: count, maxLength: count });
  return fc.oneof(
    { weight: 2, arbitrary: value },
    { weight: 1, arbitrary: each },
    { weight: 1, arbitrary: each.map((values) => Float32Array.from(values, Math.fround)) },
  );
}

/** One key, or where a backend has it one for each row: arrays, or typed arrays. */
export function oneOrKeys(any: Arbitrary<Key>, count: number, perRow: boolean): Arbitrary<Key | Key[]> {
  if (!perRow) return any;
  const each = fc.array(any, { minLength: count, maxLength: count });
  const typed = each.map((keys) => keys.map((words) => Uint32Array.from(words) as ArrayLike<number> as Key));
  return fc.oneof({ weight: 3, arbitrary: any }, { weight: 1, arbitrary: fc.oneof(each, typed) });
}

function anyValue(name: FilterName, rows: Rows, perRow: boolean): Arbitrary<unknown> {
  if (name === "mask") return anyMask(rows, perRow);
  return oneOrPerRow(fc.constantFrom(...VALUES[name]), rows.count, perRow);
}

/** Bits that allow a half, nearly all, or next to nothing. */
function anyMask({ count, categories }: Rows, perRow: boolean): Arbitrary<Int32Array | Uint32Array> {
  const words = Math.ceil(categories / 32);
  const word = fc.oneof(
    fc.integer({ min: 0, max: 0xffffffff }),
    fc.constantFrom(0, 0xffffffff, 0x80000000, 1),
  );
  const arrays = [1, ...(perRow ? [count] : [])].map((rows) =>
    fc.array(word, { minLength: words * rows, maxLength: words * rows }),
  );
  return fc
    .tuple(fc.oneof(...arrays), fc.boolean())
    .map(([values, signed]) =>
      signed ? Int32Array.from(values, (value) => value | 0) : Uint32Array.from(values),
    );
}
