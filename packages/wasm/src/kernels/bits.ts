// bits: Threefry words of a shape.
import { type ResolvedNoise, sizeOf } from "@gumbel/core/adapter";
import type { Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { noiseTasks } from "./noise-tasks.ts";

export default function kernel(noise: ResolvedNoise): Work {
  return function* (memory) {
    const words = new Float32Array(sizeOf(noise.shape));
    yield noiseTasks(memory, "bits", noise, words);
    return { words: arrayOf(new Uint32Array(words.buffer), noise.shape) };
  };
}
