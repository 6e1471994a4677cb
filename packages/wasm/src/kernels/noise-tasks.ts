// Words, noise and perturbed logits of whole tensors, one buffer of the engine at a time.
import { type ResolvedNoise, type RowLayout, sizeOf } from "@gumbel/core/adapter";
import type { EngineCall, MemoryLayout, Steps, Task } from "../engine/kernel.ts";
import { noiseCalls } from "./counters.ts";
import { shiftRows } from "./shift-rows.ts";

/**
 * `(logits − max)/temperature + g` of whole samples, in the order of the noise.
 *
 * @param start the first of the samples' elements in the noise shape
 * @param count how many elements
 */
export function* perturbed(
  memory: MemoryLayout,
  logits: Float32Array,
  layout: RowLayout,
  noise: ResolvedNoise,
  temperature: number,
  start: number,
  count: number,
): Steps<Float32Array<ArrayBuffer>> {
  const z = new Float32Array(count);
  yield perturbTasks(memory, logits, layout, noise, temperature, start, z);
  return z;
}

function* perturbTasks(
  { room, limit, first }: MemoryLayout,
  logits: Float32Array,
  layout: RowLayout,
  noise: ResolvedNoise,
  temperature: number,
  start: number,
  z: Float32Array,
): Generator<Task> {
  const { categories, inner } = layout;
  // Neighbouring rows, whose elements lie between one another's, come together. The engine shifts them if there is room.
  const block = categories * inner;
  const fits = block <= room;
  const shifted = fits ? logits : shiftRows(logits, layout, temperature);
  const most = fits ? block * Math.max(1, Math.floor(limit / block)) : limit;
  for (let done = 0; done < z.length; done += most) {
    const length = Math.min(most, z.length - done);
    const shift: EngineCall = ["shiftRows", first, length / block, categories, inner, temperature];
    yield {
      first: { length, load: (buffer) => loadRepeated(buffer, shifted, done) },
      calls: [...(fits ? [shift] : []), ...noiseCalls("perturb", noise, start + done, length, first)],
      from: "first",
      length,
      take: (results) => z.set(results, done),
    };
  }
}

/** Gumbel noise of a shape. */
export function* drawNoise(memory: MemoryLayout, noise: ResolvedNoise): Steps<Float32Array<ArrayBuffer>> {
  const g = new Float32Array(sizeOf(noise.shape));
  yield noiseTasks(memory, "gumbel", noise, g);
  return g;
}

/** The tasks that fill an array with the words or the noise of a noise shape. */
export function* noiseTasks(
  { limit, first }: MemoryLayout,
  name: "bits" | "gumbel",
  noise: ResolvedNoise,
  target: Float32Array,
): Generator<Task> {
  for (let done = 0; done < target.length; done += limit) {
    const length = Math.min(limit, target.length - done);
    yield {
      calls: noiseCalls(name, noise, done, length, first),
      from: "first",
      length,
      take: (results) => target.set(results, done),
    };
  }
}

/** Fills a buffer from an element on of an array that is repeated without end: the logits of one sample after another. */
export function loadRepeated(target: Float32Array, period: Float32Array, element: number): void {
  const from = element % period.length;
  let filled = Math.min(target.length, period.length - from);
  target.set(from === 0 && filled === period.length ? period : period.subarray(from, from + filled));
  if (filled === target.length) return;
  const head = Math.min(target.length - filled, from);
  target.set(period.subarray(0, head), filled);
  // From here on a copy of the whole period stands in front: what is there is doubled.
  for (filled += head; filled < target.length; filled *= 2) {
    target.copyWithin(filled, 0, Math.min(filled, target.length - filled));
  }
}
