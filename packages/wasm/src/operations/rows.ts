// Rows of a call, brought to the first buffer one behind the other, as many at a time as it has room for. Rows that are longer
// than the buffer are not brought: operations go through those in parts.
import type { ResolvedNoise, RowLayout } from "@gumbel/core/adapter";
import type { Engine } from "../engine/engine.ts";
import { perturbed } from "./noise.ts";

/** Rows in the first buffer. */
export interface Batch {
  /** Index of the first among the rows in row-major order of `(sample, outer, inner)`. */
  readonly row: number;
  readonly count: number;
  /**
   * Index in the noise shape of the first element whose noise is still to be added, row by row; undefined where there is none.
   */
  readonly noiseStart: number | undefined;
  /** Puts what the buffer holds now into an array of the output's layout. */
  write(output: Float32Array): void;
}

/** Brings all rows to the first buffer, batch by batch. `classes` must not exceed its room. */
export function eachBatch(
  engine: Engine,
  logits: Float32Array,
  layout: RowLayout,
  noise: ResolvedNoise | undefined,
  visit: (batch: Batch) => void,
): void {
  const { samples, outer, classes, inner } = layout;
  const { room, first } = engine;
  if (classes === 0) return;
  const most = Math.floor(room / classes);
  const perSample = outer * inner;
  for (let sample = 0; sample < samples; sample++) {
    const sampleStart = sample * logits.length;
    // Rows whose elements lie apart are gathered from perturbed logits: their counters lie apart too.
    const isGathered = inner > 1;
    const source = isGathered && noise !== undefined ? perturbed(engine, logits, noise, sampleStart) : logits;
    for (let done = 0; done < perSample; done += most) {
      const count = Math.min(most, perSample - done);
      if (isGathered) gather(first, source, done, count, layout);
      else first.set(source.subarray(done * classes, (done + count) * classes));
      visit({
        row: sample * perSample + done,
        count,
        noiseStart: noise === undefined || isGathered ? undefined : sampleStart + done * classes,
        write(output) {
          if (isGathered) scatter(output, first, sample * perSample + done, count, layout);
          else output.set(first.subarray(0, count * classes), sampleStart + done * classes);
        },
      });
    }
  }
}

/** Index of a row's first element in an array of the output's layout. */
export function startOf(row: number, { classes, inner }: RowLayout): number {
  return Math.floor(row / inner) * classes * inner + (row % inner);
}

/** Copies rows whose elements lie `inner` apart to the front of a buffer. */
export function gather(
  target: Float32Array,
  source: Float32Array,
  row: number,
  count: number,
  layout: RowLayout,
): void {
  const { classes, inner } = layout;
  for (let r = 0, to = 0; r < count; r++) {
    for (let j = 0, at = startOf(row + r, layout); j < classes; j++, at += inner) target[to++] = source[at];
  }
}

/** Copies them back. */
export function scatter(
  target: Float32Array,
  source: Float32Array,
  row: number,
  count: number,
  layout: RowLayout,
): void {
  const { classes, inner } = layout;
  for (let r = 0, from = 0; r < count; r++) {
    for (let j = 0, at = startOf(row + r, layout); j < classes; j++, at += inner) target[at] = source[from++];
  }
}
