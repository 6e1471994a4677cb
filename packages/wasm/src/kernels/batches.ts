// Cuts the rows of a call into batches, one a task: whole rows, contiguous in the engine's first buffer, or one chunk of a row that
// is longer than a task takes.
import type { ResolvedNoise, RowLayout } from "@gumbel/core/adapter";
import type { Input, MemoryLayout, Steps, Task } from "../engine/kernel.ts";
import { hasConsecutiveRows } from "./counters.ts";
import { gather, scatter } from "./gather.ts";
import { loadRepeated, perturbed } from "./noise-tasks.ts";

/** Elements that are perturbed at once outside the engine's row functions, unless one sample is more. */
const PERTURBED = 2 ** 20;

/** Rows, or one chunk of a row. */
export interface Batch extends Input {
  /** Index of the (first) row, in row-major order of `(sample, outer, inner)`. */
  readonly row: number;
  /** How many rows; 1 where it is a chunk. */
  readonly rows: number;
  /** The chunk's first category; 0 where rows are whole. */
  readonly begin: number;
  /** Noise that is still to be added, and the first element's index in its shape. Undefined where there is none. */
  readonly noise: { readonly of: ResolvedNoise; readonly start: number } | undefined;
  /** Writes the batch's results into an array of the output's shape. */
  store(output: Float32Array, values: Float32Array): void;
}

/**
 * Makes all rows into tasks: whole rows, or chunks where the rows are longer than a task takes. Rows whose counters are not
 * consecutive come as `(logits − max)/temperature + g`, with no noise left to be added.
 */
export function* eachBatch(
  memory: MemoryLayout,
  logits: Float32Array,
  layout: RowLayout,
  noise: ResolvedNoise | undefined,
  temperature: number,
  taskOf: (batch: Batch) => Task,
): Steps<void> {
  const { samples, outer, inner } = layout;
  const rows = samples * outer * inner;
  if (noise === undefined ? inner === 1 : hasConsecutiveRows(noise, layout)) {
    yield batchesOf(
      memory,
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
  const most = noise === undefined ? 1 : Math.max(1, Math.floor(PERTURBED / logits.length));
  for (let sample = 0; sample < samples; sample += most) {
    const count = Math.min(most, samples - sample);
    const begin = sample * logits.length;
    const z = noise
      ? yield* perturbed(memory, logits, layout, noise, temperature, begin, count * logits.length)
      : logits;
    yield batchesOf(
      memory,
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

/** The elements of a batch in another array of the output's shape. */
export function inputOf({ row, begin, length }: Batch, values: Float32Array, layout: RowLayout): Input {
  const start = row * layout.categories + begin;
  return {
    length,
    load(target) {
      if (layout.inner === 1) target.set(values.subarray(start, start + length));
      else gather(target, values, start, layout);
    },
  };
}

type Access = Pick<Batch, "noise" | "load" | "store">;

/** @param accessOf reads and writes the elements from one on, counted row by row */
function* batchesOf(
  { limit, chunk }: MemoryLayout,
  { categories }: RowLayout,
  firstRow: number,
  rows: number,
  accessOf: (element: number) => Access,
  taskOf: (batch: Batch) => Task,
): Generator<Task> {
  if (categories > limit) {
    for (let row = firstRow; row < firstRow + rows; row++) {
      for (let begin = 0; begin < categories; begin += chunk) {
        const length = Math.min(chunk, categories - begin);
        yield taskOf({ row, rows: 1, begin, length, ...accessOf(row * categories + begin) });
      }
    }
    return;
  }
  const most = Math.floor(limit / categories);
  for (let done = 0; done < rows; done += most) {
    const count = Math.min(most, rows - done);
    const row = firstRow + done;
    yield taskOf({ row, rows: count, begin: 0, length: count * categories, ...accessOf(row * categories) });
  }
}
