// Tasks of rows that have filters, or temperatures and keys of their own. A row is in one task and never cut, so that its result
// depends on nothing beside it.
import { type ResolvedDecoding, type RowLayout, rowCountOf, valueOfRow } from "@gumbel/core/adapter";
import type { EngineCall, MemoryLayout, Task } from "../engine/kernel.ts";
import { gather } from "./gather.ts";
import { loadRepeated } from "./noise-tasks.ts";

/** Rows of a task at most: their calls are a list. */
const MOST_ROWS = 1024;

/** Elements behind an array that the engine may overwrite, and their bytes. */
const MARGIN = 16;
const MARGIN_BYTES = 64;

/** Bytes to which the engine's memory grows: MOST_PAGES of scripts/build-engine.mjs. */
const MOST_BYTES = 2 ** 26;

/** Addresses of a row's logits and of its result, and of the room for the lists of its filters. */
export interface RowAddresses {
  readonly logits: number;
  readonly result: number;
  readonly lists: number;
}

/**
 * Makes rows into tasks.
 *
 * @param floats how many of them a row's result has
 * @param callOf computes a row, by its index in row-major order of `(sample, outer, inner)`
 * @param take gets the results of the rows from one on
 * @throws RangeError for rows of more than four million categories
 */
export function* decodedTasks(
  memory: MemoryLayout,
  logits: Float32Array,
  layout: RowLayout,
  decoding: ResolvedDecoding,
  floats: number,
  callOf: (row: number, at: RowAddresses, isFiltered: boolean) => EngineCall,
  take: (row: number, results: Float32Array<ArrayBuffer>) => void,
): Generator<Task> {
  const { samples, categories, inner } = layout;
  const rowsOfSample = rowCountOf(layout);
  const rows = samples * rowsOfSample;
  const { mask, wordsPerRow } = decoding;
  const lengthOfRow = categories + (mask === undefined ? 0 : wordsPerRow);
  // A row that does not fit is alone.
  const most = Math.max(1, Math.min(MOST_ROWS, Math.floor(memory.limit / lengthOfRow)));
  const filtersOf = filtersBy(decoding);
  for (let row = 0; row < rows; ) {
    const first = row;
    const firstOfSample = first % rowsOfSample;
    // Rows that lie apart are gathered, of one sample at a time.
    const left = inner === 1 ? rows - first : rowsOfSample - firstOfSample;
    const count = Math.min(most, left);
    const logitsLength = count * categories;
    const masks = masksOf(decoding, firstOfSample, count, rowsOfSample);
    const length = logitsLength + masks.length;
    const fits = length <= memory.room;
    const results = fits ? memory.second : memory.first;
    const end = fits ? results + 4 * floats * count : memory.first + 4 * length;
    const lists = Math.ceil((end + MARGIN_BYTES) / 16) * 16;
    const bytes = lists + 12 * (categories + MARGIN) + MARGIN_BYTES;
    if (bytes > MOST_BYTES) {
      throw new RangeError(
        `rows with filters or values of their own must fit in ${MOST_BYTES} bytes, 16 a category, got ${categories} categories`,
      );
    }
    const calls: EngineCall[] = [];
    let current: EngineCall | undefined;
    for (; row < first + count; row++) {
      const filters = filtersOf(row % rowsOfSample);
      if (filters.call !== current) calls.push(filters.call);
      current = filters.call;
      const done = row - first;
      const at = {
        logits: memory.first + 4 * done * categories,
        result: results + 4 * floats * done,
        lists,
      };
      if (masks.length > 0) {
        const word = masks.length === wordsPerRow ? 0 : done * wordsPerRow;
        calls.push(["maskRow", at.logits, categories, memory.first + 4 * (logitsLength + word)]);
      }
      calls.push(callOf(row, at, filters.areOn));
    }
    yield {
      first: {
        length,
        load(target) {
          const rowsOf = target.subarray(0, logitsLength);
          if (inner === 1) loadRepeated(rowsOf, logits, first * categories);
          else gather(rowsOf, logits, firstOfSample * categories, layout);
          target.set(masks, logitsLength);
        },
      },
      calls,
      bytes,
      from: fits ? "second" : "first",
      length: floats * count,
      take: (values) => take(first, values),
    };
  }
}

/**
 * The words of some rows' masks, as floats of these bits: of all rows in one, or of each; none where there is no mask. Behind the last
 * row of the logits comes the first again.
 */
function masksOf(
  { mask, wordsPerRow }: ResolvedDecoding,
  first: number,
  count: number,
  rows: number,
): Float32Array {
  if (mask === undefined) return new Float32Array(0);
  const words = new Float32Array(mask.buffer, mask.byteOffset, mask.length);
  if (words.length === wordsPerRow) return words;
  const masks = new Float32Array(count * wordsPerRow);
  loadRepeated(masks, words.subarray(0, rows * wordsPerRow), first * wordsPerRow);
  return masks;
}

/** The call that sets a row's filters, and whether one of them is on. */
interface Filters {
  readonly call: EngineCall;
  readonly areOn: boolean;
}

/** Filters by row: the same object for all rows where they are. */
function filtersBy(decoding: ResolvedDecoding): (row: number) => Filters {
  const { topNSigma, topK, topP, minP, typicalP, epsilonCutoff, etaCutoff } = decoding;
  const filtersOf = (row: number): Filters => {
    const tau = decoding.isTemperatureLast ? 1 : valueOfRow(decoding.temperature, row);
    const sigmas = valueOfRow(topNSigma, row);
    const k = Math.min(valueOfRow(topK, row), 2 ** 32 - 1);
    const [p, typical] = [valueOfRow(topP, row), valueOfRow(typicalP, row)];
    // −∞ where they are off.
    const logs = [minP, epsilonCutoff, etaCutoff].map((values) => Math.log(valueOfRow(values, row)));
    return {
      call: ["setFilters", tau, sigmas, k, p, logs[0], typical, logs[1], logs[2]],
      areOn: sigmas > 0 || k > 0 || p < 1 || typical < 1 || logs.some((value) => value > -Infinity),
    };
  };
  const values = [decoding.temperature, topNSigma, topK, topP, minP, typicalP, epsilonCutoff, etaCutoff];
  if (values.some(({ length }) => length > 1)) return filtersOf;
  const shared = filtersOf(0);
  return () => shared;
}
