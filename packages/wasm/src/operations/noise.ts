// Words, noise and perturbed logits of whole tensors, a buffer at a time.
import { type ResolvedNoise, sizeOf } from "@gumbel/core/adapter";
import { type Engine, runsOf } from "../engine/engine.ts";

/** The words of a noise shape: `jax.random.bits`. */
export function bitsOf(engine: Engine, noise: ResolvedNoise): Uint32Array<ArrayBuffer> {
  const { exports, room, firstPlace } = engine;
  const words = new Uint32Array(sizeOf(noise.shape));
  const source = new Uint32Array(engine.first.buffer, firstPlace, room);
  for (let start = 0; start < words.length; start += room) {
    const count = Math.min(room, words.length - start);
    for (const { done, length, counter } of runsOf(noise, start, count)) {
      exports.bits(firstPlace + 4 * done, length, ...counter);
    }
    words.set(source.subarray(0, count), start);
  }
  return words;
}

/** Gumbel noise of a noise shape. */
export function gumbelOf(engine: Engine, noise: ResolvedNoise): Float32Array<ArrayBuffer> {
  const { exports, room, first, firstPlace } = engine;
  const g = new Float32Array(sizeOf(noise.shape));
  const isJax = noise.precision === "jax";
  for (let start = 0; start < g.length; start += room) {
    const count = Math.min(room, g.length - start);
    for (const { done, length, counter } of runsOf(noise, start, count)) {
      exports.gumbel(firstPlace + 4 * done, length, ...counter, isJax);
    }
    g.set(first.subarray(0, count), start);
  }
  return g;
}

/** Adds the noise of the elements from `start` on to the first `count` values of the first buffer. */
export function perturbFirst(engine: Engine, noise: ResolvedNoise, start: number, count: number): void {
  const { exports, firstPlace } = engine;
  const isJax = noise.precision === "jax";
  for (const { done, length, counter } of runsOf(noise, start, count)) {
    exports.perturb(firstPlace + 4 * done, length, ...counter, isJax);
  }
}

/** `logits + g` with the noise of the elements from `start` on: the perturbed logits of one sample, in the logits' order. */
export function perturbed(
  engine: Engine,
  logits: Float32Array,
  noise: ResolvedNoise,
  start: number,
): Float32Array<ArrayBuffer> {
  const { room, first } = engine;
  const z = new Float32Array(logits.length);
  for (let done = 0; done < z.length; done += room) {
    const count = Math.min(room, z.length - done);
    first.set(logits.subarray(done, done + count));
    perturbFirst(engine, noise, start + done, count);
    z.set(first.subarray(0, count), done);
  }
  return z;
}
