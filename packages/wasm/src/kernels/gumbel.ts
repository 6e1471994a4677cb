// gumbel: Gumbel noise of a shape.
import type { ResolvedNoise } from "@gumbel/core/adapter";
import type { Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { drawNoise } from "./noise-tasks.ts";

export default function kernel(noise: ResolvedNoise): Work {
  return function* (memory) {
    return { noise: arrayOf(yield* drawNoise(memory, noise), noise.shape) };
  };
}
