// What computes over typed arrays: by default plain JavaScript, or an engine of the caller's, such as that of @gumbel/wasm.
import type { ResolvedCategorical, ResolvedNoise, ResolvedSoftmax, ResolvedTopK } from "@gumbel/core/adapter";
import { categoricalOf } from "./categorical.ts";
import { blocksOf, gumbelOfWord } from "./noise.ts";
import { softmaxOf, softmaxVjpOf, softmaxVjpOfSample } from "./softmax.ts";
import { topKOf } from "./top-k.ts";

/**
 * Operations on checked calls over row-major float32 arrays, which must only be read; results are fresh arrays. What
 * `createEngine()` of `@gumbel/wasm` gives is one.
 */
export interface SamplingEngine {
  /** Words of the noise's blocks. */
  bits(noise: ResolvedNoise): Int32Array | Uint32Array;
  /** Gumbel noise. */
  gumbel(noise: ResolvedNoise): Float32Array;
  /** `softmax((logits + g)/temperature)`, or its exact one-hot; without noise the plain softmax. */
  softmax(logits: Float32Array, call: ResolvedSoftmax, noise?: ResolvedNoise): Float32Array;
  /** `y∘(c − Σ c∘y)/temperature` of the soft sample `y`, summed over the samples: of the logits' shape. */
  softmaxVjp(
    logits: Float32Array,
    cotangent: Float32Array,
    call: ResolvedSoftmax,
    noise?: ResolvedNoise,
  ): Float32Array;
  /** The same from a soft sample that was kept; `y` is NaN throughout a degenerate row. */
  softmaxVjpOfSample(y: Float32Array, cotangent: Float32Array, call: ResolvedSoftmax): Float32Array;
  /** `argmax(logits + g)`; −1 in a degenerate row. */
  categorical(logits: Float32Array, call: ResolvedCategorical): Int32Array;
  /** The `k` largest perturbed logits and their categories. */
  topK(logits: Float32Array, call: ResolvedTopK): { values: Float32Array; indices: Int32Array };
}

/** Plain JavaScript. */
export const plainEngine: SamplingEngine = {
  bits: (noise) => blocksOf(noise).words,
  gumbel(noise) {
    const { words, lows } = blocksOf(noise);
    const g = new Float32Array(words.length);
    for (let i = 0; i < g.length; i++) g[i] = gumbelOfWord(words[i], lows[i], noise.precision);
    return g;
  },
  softmax: softmaxOf,
  softmaxVjp: softmaxVjpOf,
  softmaxVjpOfSample,
  categorical: categoricalOf,
  topK: topKOf,
};
