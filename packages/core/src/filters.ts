// Filters of rows, and parameters and keys that differ from row to row: checks and defaults. What a filter keeps is
// reference/filter-row.ts.
import { assertOneOf, assertTemperature } from "./arguments.ts";
import { must } from "./describe.ts";
import { isTypedArray } from "./is-typed-array.ts";
import { rowCountOf } from "./layout.ts";
import type { Offer } from "./operation.ts";
import type { FilterOptions, PerRow, RowNoiseOptions, RowTemperatureOptions } from "./options.ts";
import { assertKey, type Key } from "./random/key.ts";
import type { ResolvedRows } from "./resolve.ts";

/** Name of a filter whose value is a number. */
export type NumericFilter = Exclude<keyof FilterOptions, "mask" | "order">;

/** Name of a filter. */
export type FilterName = NumericFilter | "mask";

/** Values by row: one for all of them, or one for each. */
export type RowValues = Float64Array;

/** What a call says of its rows beside the logits: filters, and whatever differs from row to row. */
export interface ResolvedDecoding extends Readonly<Record<NumericFilter, RowValues>> {
  /** τ, in [2⁻⁴⁰, 2⁴⁰], or 0: the mode. It counts in place of the call's own. */
  readonly temperature: RowValues;
  /** Allowed categories: `wordsPerRow` words for all rows, or for each. */
  readonly mask: Uint32Array | undefined;
  /** Words of the mask for one row. */
  readonly wordsPerRow: number;
  /** Whether filters see the probabilities at temperature 1. */
  readonly isTemperatureLast: boolean;
  /** A key for each row, which then draws as if it were alone. */
  readonly keys: readonly Key[] | undefined;
}

/** The value of a row. */
export function valueOfRow(values: RowValues, row: number): number {
  return values.length === 1 ? values[0] : values[row];
}

/** Whether a category of a row is allowed by a mask. */
export function isAllowed({ mask, wordsPerRow }: ResolvedDecoding, row: number, category: number): boolean {
  if (mask === undefined) return true;
  const first = mask.length === wordsPerRow ? 0 : row * wordsPerRow;
  return ((mask[first + (category >>> 5)] >>> (category & 31)) & 1) === 1;
}

/** Whether any row has a filter other than a mask. */
export function isFiltered(decoding: ResolvedDecoding): boolean {
  return Object.entries(RANGES).some(([name, { off }]) =>
    decoding[name as NumericFilter].some((value) => value !== off),
  );
}

interface Range {
  /** The value that leaves everything as it is. */
  readonly off: number;
  /** What is allowed, as errors say it. */
  readonly allowed: string;
  /** The largest value. */
  readonly maximum: number;
}

/** The filters, in the order in which they act, after the mask. */
const RANGES: Readonly<Record<NumericFilter, Range>> = {
  topNSigma: { off: 0, allowed: "a finite number >= 0", maximum: 1.7976931348623157e308 },
  topK: { off: 0, allowed: "an integer >= 0", maximum: 9_007_199_254_740_991 },
  topP: { off: 1, allowed: "a number in [0, 1]", maximum: 1 },
  minP: { off: 0, allowed: "a number in [0, 1]", maximum: 1 },
  typicalP: { off: 1, allowed: "a number in [0, 1]", maximum: 1 },
  epsilonCutoff: { off: 0, allowed: "a number in [0, 1]", maximum: 1 },
  etaCutoff: { off: 0, allowed: "a number in [0, 1]", maximum: 1 },
};

/** Values by row of filters that are off, which nobody writes into. */
const OFF: Readonly<Record<NumericFilter, RowValues>> = /* @__PURE__ */ offValues();

function offValues(): Record<NumericFilter, RowValues> {
  const values = Object.entries(RANGES).map(([name, { off }]) => [name, Float64Array.of(off)]);
  return Object.fromEntries(values) as Record<NumericFilter, RowValues>;
}

/** Names of all filters, in the order in which they act. */
export const FILTERS: readonly FilterName[] = /* @__PURE__ */ filterNames();

function filterNames(): FilterName[] {
  return ["mask", ...(Object.keys(RANGES) as NumericFilter[])];
}

type DecodingOptions = FilterOptions & RowTemperatureOptions & Pick<RowNoiseOptions, "key">;

/** Whether a value is given for each row. */
export function isPerRow(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** Whether a key is a list of keys. */
export function isKeyList(given: RowNoiseOptions["key"]): given is readonly Key[] {
  return Array.isArray(given) && (given.length === 0 || isPerRow(given[0]));
}

/** The first filter, or value for each row, that a backend lacks. */
export function lackOf(
  { filters = [], perRow = false }: Offer,
  options: DecodingOptions,
): string | undefined {
  const lacking = FILTERS.find((name) => options[name] != null && !filters.includes(name));
  if (lacking !== undefined || perRow) return lacking;
  if (isKeyList(options.key)) return "a key for each row";
  const numbers = ["temperature", ...Object.keys(RANGES)] as const;
  const byRow = numbers.find((name) => isPerRow((options as Record<string, unknown>)[name]));
  return byRow === undefined ? undefined : `${byRow} for each row`;
}

/**
 * Checks the filters, and temperatures and keys by row.
 *
 * @param allowsZero whether 0, the mode, is a temperature too
 * @returns undefined for a call that has none of them
 */
export function resolveDecoding(
  rows: ResolvedRows,
  options: DecodingOptions,
  allowsZero: boolean,
): ResolvedDecoding | undefined {
  if (!hasDecoding(options)) {
    assertTemperature(options.temperature ?? 1, allowsZero);
    return undefined;
  }
  const order = options.order ?? "temperature-first";
  assertOneOf(order, "order", ["temperature-first", "temperature-last"]);
  const count = rowCountOf(rows.layout);
  const temperature = rowValues("temperature", options.temperature ?? 1, count, (value) =>
    assertTemperature(value, allowsZero),
  );
  const wordsPerRow = Math.ceil(rows.layout.categories / 32);
  let isNeeded = isPerRow(options.temperature);
  const valuesOf = (name: NumericFilter): RowValues => {
    const given = options[name];
    if (given == null) return OFF[name];
    const { off, allowed, maximum } = RANGES[name];
    return rowValues(name, given, count, (value) => {
      const message = () => must(name, `be ${allowed}, or one for each row`, value);
      if (typeof value !== "number") throw new TypeError(message());
      const isWhole = name !== "topK" || Number.isInteger(value);
      if (!(value >= 0 && value <= maximum && isWhole)) throw new RangeError(message());
      isNeeded ||= value !== off;
    });
  };
  // Name by name: an object that grows, or is spread, takes three times as much memory. In the order in which they act.
  const values = {
    topNSigma: valuesOf("topNSigma"),
    topK: valuesOf("topK"),
    topP: valuesOf("topP"),
    minP: valuesOf("minP"),
    typicalP: valuesOf("typicalP"),
    epsilonCutoff: valuesOf("epsilonCutoff"),
    etaCutoff: valuesOf("etaCutoff"),
    temperature,
    wordsPerRow,
    mask: resolveMask(options.mask, wordsPerRow, count),
    isTemperatureLast: order === "temperature-last",
    keys: isKeyList(options.key) ? resolveKeys(options.key, count) : undefined,
  };
  return isNeeded || values.mask !== undefined || values.keys !== undefined ? values : undefined;
}

/** Whether there is anything to check but a temperature: a call over few elements would feel what the checks allocate. */
function hasDecoding(options: DecodingOptions): boolean {
  for (const name in RANGES) if (options[name as NumericFilter] != null) return true;
  return (
    options.mask != null || options.order != null || isPerRow(options.temperature) || isKeyList(options.key)
  );
}

/** A copy of the values, checked one by one. */
function rowValues(name: string, given: PerRow, count: number, check: (value: unknown) => void): RowValues {
  const values: ArrayLike<unknown> = isPerRow(given) ? given : [given];
  if (isPerRow(given) && given.length !== count) {
    throw new RangeError(must(name, `be a number, or one for each of ${count} rows`, given));
  }
  for (let i = 0; i < values.length; i++) check(values[i]);
  return new Float64Array(values as ArrayLike<number>);
}

function resolveMask(given: unknown, wordsPerRow: number, count: number): Uint32Array | undefined {
  if (given == null) return undefined;
  const lengths = `${wordsPerRow} words, or ${wordsPerRow} for each of ${count} rows`;
  if (!(isTypedArray(given, "Int32Array") || isTypedArray(given, "Uint32Array"))) {
    throw new TypeError(must("mask", `be an Int32Array or Uint32Array of ${lengths}`, given));
  }
  if (given.length !== wordsPerRow && given.length !== wordsPerRow * count) {
    throw new RangeError(`mask must have ${lengths}, got ${given.length}`);
  }
  return Uint32Array.from(given);
}

function resolveKeys(given: readonly Key[], count: number): Key[] {
  if (given.length !== count) {
    throw new RangeError(must("key", `be a key, or one for each of ${count} rows`, given));
  }
  return given.map((each) => {
    assertKey(each);
    return [each[0], each[1]];
  });
}
