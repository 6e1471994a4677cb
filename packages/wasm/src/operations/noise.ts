// Words, noise and perturbed logits of whole tensors, a buffer at a time.
import { type ResolvedNoise, sizeOf } from "@gumbel/core/adapter";
import type { Operation, Places, Task } from "../engine/task.ts";
import { noiseCalls } from "./counters.ts";

/** The words of a noise shape: `jax.random.bits`. */
export function* bitsOf(places: Places, noise: ResolvedNoise): Operation<Uint32Array<ArrayBuffer>> {
  const words = new Float32Array(sizeOf(noise.shape));
  yield noiseTasks(places, "bits", noise, words);
  return new Uint32Array(words.buffer);
}

/** Gumbel noise of a noise shape. */
export function* gumbelOf(places: Places, noise: ResolvedNoise): Operation<Float32Array<ArrayBuffer>> {
  const g = new Float32Array(sizeOf(noise.shape));
  yield noiseTasks(places, "gumbel", noise, g);
  return g;
}

/**
 * `logits + g` of whole samples, in the order of the noise.
 *
 * @param start the first of the samples' elements in the noise shape
 * @param count how many elements
 */
export function* perturbed(
  places: Places,
  logits: Float32Array,
  noise: ResolvedNoise,
  start: number,
  count: number,
): Operation<Float32Array<ArrayBuffer>> {
  const z = new Float32Array(count);
  yield noiseTasks(places, "perturb", noise, z, start, logits);
  return z;
}

function* noiseTasks(
  { limit, first }: Places,
  name: "bits" | "gumbel" | "perturb",
  noise: ResolvedNoise,
  target: Float32Array,
  start = 0,
  logits?: Float32Array,
): Generator<Task> {
  for (let done = 0; done < target.length; done += limit) {
    const length = Math.min(limit, target.length - done);
    yield {
      ...(logits && { first: { length, load: (buffer) => loadRepeated(buffer, logits, done) } }),
      calls: noiseCalls(name, noise, start + done, length, first),
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
