// The engine for adapters of other libraries: operations on checked calls over typed arrays, done at once on this thread.
import type { ResolvedCategorical, ResolvedNoise, ResolvedSoftmax, ResolvedTopK } from "@gumbel/core/adapter";
import { bestOf } from "../operations/categorical.ts";
import { softmaxVjpOf, softmaxVjpOfSample } from "../operations/gradient.ts";
import { bitsOf, gumbelOf } from "../operations/noise.ts";
import { softmaxOf } from "../operations/softmax.ts";
import { topKOf } from "../operations/top-k.ts";
import { createInstance } from "./instance.ts";
import { bestSimd, compileEngine, type Simd } from "./instantiate.ts";
import type { Operation, Places } from "./task.ts";

/** Options of {@link createEngine}. */
export interface EngineOptions {
  /** Which instructions to use; default the best that this machine has. */
  readonly simd?: Simd | undefined;
}

/**
 * Operations on calls that `@gumbel/core/adapter` has resolved, over row-major float32 arrays of the calls' shapes, which are only
 * read. Results are fresh arrays.
 */
export interface Engine {
  /** The instructions that it uses. */
  readonly simd: Simd;
  /** Words of the noise's blocks. */
  bits(noise: ResolvedNoise): Uint32Array<ArrayBuffer>;
  /** Gumbel noise. */
  gumbel(noise: ResolvedNoise): Float32Array<ArrayBuffer>;
  /** `softmax((logits + g)/temperature)`, or its exact one-hot; without noise the plain softmax. */
  softmax(logits: Float32Array, call: ResolvedSoftmax, noise?: ResolvedNoise): Float32Array<ArrayBuffer>;
  /** `y∘(c − Σ c∘y)/temperature` of the soft sample `y`, summed over the samples: of the logits' shape. */
  softmaxVjp(
    logits: Float32Array,
    cotangent: Float32Array,
    call: ResolvedSoftmax,
    noise?: ResolvedNoise,
  ): Float32Array<ArrayBuffer>;
  /** The same from a soft sample that was kept; `y` is NaN throughout a degenerate row. */
  softmaxVjpOfSample(
    y: Float32Array,
    cotangent: Float32Array,
    call: ResolvedSoftmax,
  ): Float32Array<ArrayBuffer>;
  /** `argmax(logits + g)`; −1 in a degenerate row. */
  categorical(logits: Float32Array, call: ResolvedCategorical): Int32Array<ArrayBuffer>;
  /** The `k` largest perturbed logits and their categories. */
  topK(
    logits: Float32Array,
    call: ResolvedTopK,
  ): { values: Float32Array<ArrayBuffer>; indices: Int32Array<ArrayBuffer> };
}

/**
 * Creates an engine.
 *
 * @throws RangeError for other instructions than `"plain"` and `"relaxed"`, Error where WebAssembly does not have them
 */
export async function createEngine({ simd = bestSimd() }: EngineOptions = {}): Promise<Engine> {
  const { places, complete } = await createInstance(await compileEngine(simd));
  const at =
    <Parameters extends unknown[], Result>(
      operation: (places: Places, ...parameters: Parameters) => Operation<Result>,
    ) =>
    (...parameters: Parameters): Result =>
      complete(operation(places, ...parameters));
  return {
    simd,
    bits: at(bitsOf),
    gumbel: at(gumbelOf),
    softmax: (logits, call, noise) => complete(softmaxOf(places, logits, call, noise)),
    softmaxVjp: (logits, cotangent, call, noise) =>
      complete(softmaxVjpOf(places, logits, cotangent, call, noise)),
    softmaxVjpOfSample: at(softmaxVjpOfSample),
    categorical: (logits, call) => complete(bestOf(places, logits, call, call.noise)),
    topK: at(topKOf),
  };
}
