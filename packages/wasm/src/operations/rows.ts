// Rows of a call as tasks see them: in the first buffer one behind the other, as many at a time as a task takes. Rows that are
// longer than that come in parts.
import type { ResolvedNoise, RowLayout } from "@gumbel/core/adapter";
import type { Input, Operation, Places, Task } from "../engine/task.ts";
import { loadRepeated, perturbed } from "./noise.ts";

/** Elements that are perturbed at once where rows must then be gathered, unless one sample is more. */
const GATHERED = 2 ** 20;

/** Rows, or one part of a row. */
export interface Batch extends Input {
  /** Index of the (first) row, in row-major order of `(sample, outer, inner)`. */
  readonly row: number;
  /** How many rows; 1 where it is a part. */
  readonly rows: number;
  /** The part's first class; 0 where rows are whole. */
  readonly begin: number;
  /** Noise that is still to be added, and the first element's index in its shape. Undefined where there is none. */
  readonly noise: { readonly of: ResolvedNoise; readonly start: number } | undefined;
  /** Puts values of the batch into an array of the output's layout. */
  store(output: Float32Array, values: Float32Array): void;
}

/** Makes all rows into tasks: whole rows, or parts where the rows are longer than a task takes. */
export function* eachBatch(
  places: Places,
  logits: Float32Array,
  layout: RowLayout,
  noise: ResolvedNoise | undefined,
  taskOf: (batch: Batch) => Task,
): Operation<void> {
  const { samples, outer, classes, inner } = layout;
  const rows = samples * outer * inner;
  if (rows * classes === 0) return;
  if (inner === 1) {
    yield batchesOf(
      places,
      layout,
      0,
      rows,
      (element) => ({
        noise: noise && { of: noise, start: element },
        load: (target) => loadRepeated(target, logits, element),
        store: (output, values) => output.set(values, element),
      }),
      taskOf,
    );
    return;
  }
  // Rows whose elements lie apart are gathered from perturbed logits: their counters lie apart too.
  const most = noise === undefined ? samples : Math.max(1, Math.floor(GATHERED / logits.length));
  for (let sample = 0; sample < samples; sample += most) {
    const count = Math.min(most, samples - sample);
    const begin = sample * logits.length;
    const z =
      noise === undefined ? logits : yield* perturbed(places, logits, noise, begin, count * logits.length);
    yield batchesOf(
      places,
      layout,
      sample * outer * inner,
      count * outer * inner,
      (element) => ({
        noise: undefined,
        load: (target) => gather(target, z, element - begin, layout),
        store: (output, values) => scatter(output, values, element, layout),
      }),
      taskOf,
    );
  }
}

type Access = Pick<Batch, "noise" | "load" | "store">;

/**
 * @param accessOf how to get at the elements from one on, counted row by row
 */
function* batchesOf(
  { limit, part }: Places,
  { classes }: RowLayout,
  firstRow: number,
  rows: number,
  accessOf: (element: number) => Access,
  taskOf: (batch: Batch) => Task,
): Generator<Task> {
  if (classes > limit) {
    for (let row = firstRow; row < firstRow + rows; row++) {
      for (let begin = 0; begin < classes; begin += part) {
        const length = Math.min(part, classes - begin);
        yield taskOf({ row, rows: 1, begin, length, ...accessOf(row * classes + begin) });
      }
    }
    return;
  }
  const most = Math.floor(limit / classes);
  for (let done = 0; done < rows; done += most) {
    const count = Math.min(most, rows - done);
    const row = firstRow + done;
    yield taskOf({ row, rows: count, begin: 0, length: count * classes, ...accessOf(row * classes) });
  }
}

/** Index of a row's first element in an array of the output's layout. */
export function startOf(row: number, { classes, inner }: RowLayout): number {
  return Math.floor(row / inner) * classes * inner + (row % inner);
}

/** Fills a buffer with elements, counted row by row, of rows whose elements lie `inner` apart. */
export function gather(target: Float32Array, source: Float32Array, element: number, layout: RowLayout): void {
  const apart: Strides = { row: 1, category: layout.inner };
  const together: Strides = { row: layout.classes, category: 1 };
  eachRun(target.length, element, layout, (done, place, rows, categories) => {
    copy(target, done, together, source, place, apart, rows, categories);
  });
}

function scatter(target: Float32Array, source: Float32Array, element: number, layout: RowLayout): void {
  const apart: Strides = { row: 1, category: layout.inner };
  const together: Strides = { row: layout.classes, category: 1 };
  eachRun(source.length, element, layout, (done, place, rows, categories) => {
    copy(target, place, apart, source, done, together, rows, categories);
  });
}

/**
 * Cuts elements, counted row by row, into neighbouring rows, or a part of one row: `done` elements come before, the first stands at
 * `place` in an array of the output's layout.
 */
function eachRun(
  length: number,
  element: number,
  layout: RowLayout,
  visit: (done: number, place: number, rows: number, categories: number) => void,
): void {
  const { classes, inner } = layout;
  for (let done = 0; done < length; ) {
    const row = Math.floor((element + done) / classes);
    const begin = element + done - row * classes;
    const whole = Math.floor((length - done) / classes);
    const rows = begin > 0 ? 1 : Math.max(1, Math.min(whole, inner - (row % inner)));
    const categories = Math.min(length - done, classes - begin);
    visit(done, startOf(row, layout) + begin * inner, rows, categories);
    done += rows * categories;
  }
}

interface Strides {
  readonly row: number;
  readonly category: number;
}

/** Categories at a time: as many cache lines stay at hand while the rows are gone through. */
const TILE = 16;

function copy(
  target: Float32Array,
  targetStart: number,
  { row: targetRow, category: targetCategory }: Strides,
  source: Float32Array,
  sourceStart: number,
  { row: sourceRow, category: sourceCategory }: Strides,
  rows: number,
  categories: number,
): void {
  for (let tile = 0; tile < categories; tile += TILE) {
    const end = Math.min(categories, tile + TILE);
    for (let row = 0; row < rows; row++) {
      let to = targetStart + row * targetRow + tile * targetCategory;
      let from = sourceStart + row * sourceRow + tile * sourceCategory;
      for (let j = tile; j < end; j++, to += targetCategory, from += sourceCategory)
        target[to] = source[from];
    }
  }
}
