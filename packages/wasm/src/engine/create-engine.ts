// The engine for adapters of other libraries: kernels on checked calls over typed arrays, run at once on this thread.
import type {
  Named,
  OperationName,
  OwnFloat32Array,
  ResolvedDecoding,
  ResolvedLogProb,
  ResolvedSoftmax,
  TypesOf,
} from "@gumbel/core/adapter";
import type { NdArray } from "@gumbel/core/shared";
import { vjpOfSample } from "../kernels/backward.ts";
import { kernels } from "../kernels/index.ts";
import { softmaxOfKept } from "../kernels/softmax-of-kept.ts";
import { bestSimd, engineBytes, type Simd } from "./engine-bytes.ts";
import { createInstance } from "./instance.ts";
import type { Work } from "./kernel.ts";

/** Options of {@link createEngine}. */
export interface EngineOptions {
  /** Which instructions to use; default the best that this machine has. */
  readonly simd?: Simd | undefined;
}

/** Kernels over row-major arrays of a call's shapes, which are only read. Results are fresh arrays. */
export interface Engine {
  /** The instructions that it uses. */
  readonly simd: Simd;
  /**
   * Runs the kernel of an operation.
   *
   * @param call as `@gumbel/core/adapter` resolves it; neither an input nor every result is empty
   * @param inputs float32; indices int32 in any array
   */
  run<O extends OperationName>(
    operation: O,
    call: TypesOf<O>["call"],
    inputs: Named<Float32Array | Int32Array, TypesOf<O>["inputs"]>,
  ): Named<NdArray<Float32Array | Int32Array | Uint32Array>, TypesOf<O>["outputs"]>;
  /**
   * The gradient of a soft sample that was kept, summed over the samples: of the logits' shape.
   *
   * @param y NaN throughout a degenerate row
   */
  vjpOfSample(y: Float32Array, cotangent: Float32Array, call: ResolvedSoftmax): OwnFloat32Array;
  /**
   * The distribution that the filters of a call leave: the softmax over what is kept, 0 for what is left out, of the logits' shape;
   * NaN throughout a degenerate row.
   *
   * @param decoding of the call
   */
  softmaxOfKept(logits: Float32Array, call: ResolvedLogProb, decoding: ResolvedDecoding): OwnFloat32Array;
}

/**
 * Creates an engine, at once. `hasSimd()` tells beforehand whether WebAssembly has what it needs. Browsers compile 8 MB at once on a
 * page's main thread; Chrome before 114 refuses more than 4 kB there, and this engine.
 *
 * @throws RangeError for other instructions than `"plain"` and `"relaxed"`, Error where WebAssembly does not have them
 */
export function createEngine({ simd = bestSimd() }: EngineOptions = {}): Engine {
  const module = new WebAssembly.Module(engineBytes(simd));
  const { memory, complete } = createInstance(new WebAssembly.Instance(module));
  const table = kernels as Named<(call: never, inputs: never) => Work>;
  return {
    simd,
    run: (operation, call, inputs) =>
      complete(table[operation](call as never, inputs as never)(memory)) as never,
    vjpOfSample: (y, cotangent, call) => complete(vjpOfSample(memory, y, cotangent, call)),
    softmaxOfKept: (logits, call, decoding) => complete(softmaxOfKept(memory, logits, call, decoding)),
  };
}
