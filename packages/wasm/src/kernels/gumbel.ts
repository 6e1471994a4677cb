// gumbel: Gumbel noise of a shape.
import { type ResolvedNoise, sizeOf } from "@gumbel/core/adapter";
import type { Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { noiseTasks } from "./noise-tasks.ts";

export default function kernel(noise: ResolvedNoise): Work {
  return function* (memory) {
    const g = new Float32Array(sizeOf(noise.shape));
    yield noiseTasks(memory, "gumbel", noise, g);
    return { noise: arrayOf(g, noise.shape) };
  };
}
