// The sampler over TensorFlow.js tensors: checks arguments, then asks the current backend's kernels. Gradients are in
// differentiable.ts; nothing here computes a sample.
import type {
  Awaitable,
  CategoricalOptions,
  GumbelSoftmaxOptions,
  GumbelSoftmaxVjpOptions,
  Sampler,
  SoftmaxOptions,
  TopKOptions,
  TopKResult,
} from "@gumbel/core";
import {
  ALL_CAPABILITIES,
  assertNoDegenerateRow,
  describe,
  type ResolvedLogits,
  resolveCategorical,
  resolveGumbelSoftmax,
  resolveGumbelSoftmaxVjp,
  resolveNoise,
  resolveSoftmax,
  resolveSoftmaxVjp,
  resolveTopK,
  sizeOf,
} from "@gumbel/core/adapter";
import type { TensorContainer } from "@tensorflow/tfjs-core";
import { createDifferentiable } from "./differentiable.ts";
import { createKernelLookup } from "./kernel-lookup.ts";
import { assertNamespace, type TensorFlow, type TfCore, type TfTensor } from "./tensorflow.ts";
import type { SamplingEngine } from "./typed-array/engine.ts";

/** Asks for every row to be looked at before anything is sampled. */
interface Validate {
  readonly validate: true;
}

/**
 * The `Sampler` of `@gumbel/core` over TensorFlow.js tensors, that answers at once. Logits and cotangents may be of any numeric dtype
 * and are taken as float32. Like every TensorFlow.js operation, a method makes tensors that the caller (or `tf.tidy`)
 * disposes, and leaves its inputs alone. Errors of arguments are those of the sampling spec; a disposed or foreign
 * tensor, or complex or string ones, are refused by name.
 *
 * With `validate: true` the logits are read back first. WebGPU reads asynchronously only, so that there the answer is a
 * promise, of no use inside `tf.tidy` or a gradient; await it everywhere, and the same code runs on each backend.
 */
export interface TensorSampler<T> extends Sampler<T> {
  bits(...parameters: Parameters<Sampler<T>["bits"]>): T;
  gumbel(...parameters: Parameters<Sampler<T>["gumbel"]>): T;
  /** Differentiable in the logits; with `hard`, straight-through. A key that is left out is drawn now, once. */
  gumbelSoftmax(logits: T, options: GumbelSoftmaxOptions & Validate): Awaitable<T>;
  gumbelSoftmax(logits: T, options?: GumbelSoftmaxOptions): T;
  gumbelSoftmaxVjp(logits: T, cotangent: T, options: GumbelSoftmaxVjpOptions & Validate): Awaitable<T>;
  gumbelSoftmaxVjp(logits: T, cotangent: T, options: GumbelSoftmaxVjpOptions): T;
  /** Differentiable in the logits; with `hard`, straight-through. */
  softmax(logits: T, options: SoftmaxOptions & Validate): Awaitable<T>;
  softmax(logits: T, options?: SoftmaxOptions): T;
  softmaxVjp(logits: T, cotangent: T, options: SoftmaxOptions & Validate): Awaitable<T>;
  softmaxVjp(logits: T, cotangent: T, options?: SoftmaxOptions): T;
  categorical(logits: T, options: CategoricalOptions & Validate): Awaitable<T>;
  categorical(logits: T, options?: CategoricalOptions): T;
  /** The values are differentiable in the logits; the indices are not. */
  topK(logits: T, k: number, options: TopKOptions & Validate): Awaitable<TopKResult<T>>;
  topK(logits: T, k: number, options?: TopKOptions): TopKResult<T>;
  dispose(): void;
}

/** Options of {@link createSampler}. */
export interface SamplerOptions {
  /**
   * What computes on the `cpu` and `wasm` backends: `await createEngine()` of `@gumbel/wasm`, which is several times as fast as
   * the default, plain JavaScript. Both conform to the sampling spec; soft values differ in their last digits.
   */
  readonly engine?: SamplingEngine | undefined;
}

/**
 * Creates a sampler for a TensorFlow.js namespace. It computes on whichever of the `cpu`, `wasm`, `webgl` and `webgpu`
 * backends is current when a method is called; on another one a method throws `UnsupportedError`.
 *
 * @param tf `@tensorflow/tfjs`, or `@tensorflow/tfjs-core` with a backend
 * @throws TypeError where `tf` is neither
 */
export function createSampler<T>(tf: TensorFlow<T>, { engine }: SamplerOptions = {}): TensorSampler<T> {
  assertNamespace(tf);
  // One cast: inside, the namespace has the types of the version that this package is built against.
  return createTensorSampler(tf as unknown as TfCore, engine) as unknown as TensorSampler<T>;
}

function createTensorSampler(tf: TfCore, engine: SamplingEngine | undefined): TensorSampler<TfTensor> {
  let isDisposed = false;
  const kernelsOf = createKernelLookup(tf, engine);
  const { softmax, softmaxVjp, topK } = createDifferentiable(tf, kernelsOf);
  const zeros = (shape: readonly number[], dtype: "float32" | "int32") => tf.zeros([...shape], dtype);

  /** One call: nothing but its results stays alive. */
  function scoped<Result extends TfTensor | TopKResult<TfTensor>>(compute: () => Result): Result {
    if (isDisposed) throw new Error("the sampler is disposed");
    return tf.tidy(() => compute() as Result & TensorContainer) as Result;
  }

  function assertTensor(value: TfTensor, argument: string): void {
    if (!(value instanceof tf.Tensor)) {
      throw new TypeError(`${argument} must be a tf.Tensor, got ${describe(value)}`);
    }
    if (value.isDisposed) throw new Error(`${argument} must be alive, got a disposed tensor`);
    if (value.dtype === "complex64" || value.dtype === "string") {
      throw new TypeError(`${argument} must be of dtype float32, int32 or bool, got ${value.dtype}`);
    }
  }

  function asFloats(value: TfTensor): TfTensor {
    return value.dtype === "float32" ? value : tf.cast(value, "float32");
  }

  /** One call on logits, and perhaps a cotangent, as float32. The one place that reads a tensor back: to validate. */
  function onFloats<Result extends TfTensor | TopKResult<TfTensor>>(
    inputs: readonly TfTensor[],
    call: ResolvedLogits,
    compute: (...floats: TfTensor[]) => Result,
  ): Result {
    if (call.validate && tf.getBackend() === "webgpu") return onceValid(inputs, call, compute) as never;
    return scoped(() => {
      const floats = inputs.map(asFloats);
      if (call.validate) assertNoDegenerateRow(floats[0].dataSync(), call.rows);
      return compute(...floats);
    });
  }

  /** The same, with logits that are read without blocking: on WebGPU a synchronous read may give zeros. */
  async function onceValid<Result extends TfTensor | TopKResult<TfTensor>>(
    inputs: readonly TfTensor[],
    call: ResolvedLogits,
    compute: (...floats: TfTensor[]) => Result,
  ): Promise<Result> {
    // The caller may dispose its tensors, or its tidy may, before the values are here.
    const held = inputs.map((input) => tf.keep(tf.clone(input)));
    try {
      assertNoDegenerateRow(await held[0].data(), call.rows);
      return scoped(() => compute(...held.map(asFloats)));
    } finally {
      tf.dispose(held);
    }
  }

  return {
    get backend() {
      return `tfjs-${tf.getBackend()}`;
    },
    capabilities: ALL_CAPABILITIES,
    bits: (shape, options) =>
      scoped(() => {
        const noise = resolveNoise(shape, options);
        return sizeOf(shape) === 0 ? zeros(shape, "int32") : kernelsOf().bits(noise);
      }),
    gumbel: (shape, options) =>
      scoped(() => {
        const noise = resolveNoise(shape, options);
        return sizeOf(shape) === 0 ? zeros(shape, "float32") : kernelsOf().gumbel(noise);
      }),
    gumbelSoftmax(logits, options) {
      assertTensor(logits, "logits");
      const call = resolveGumbelSoftmax(logits.shape, options);
      return onFloats([logits], call, (floats) => softmax(floats, call, call.noise));
    },
    gumbelSoftmaxVjp(logits, cotangent, options) {
      assertTensor(logits, "logits");
      assertTensor(cotangent, "cotangent");
      const call = resolveGumbelSoftmaxVjp(logits.shape, cotangent.shape, options);
      return onFloats([logits, cotangent], call, (floats, c) => softmaxVjp(floats, c, call, call.noise));
    },
    softmax(logits, options) {
      assertTensor(logits, "logits");
      const call = resolveSoftmax(logits.shape, options);
      return onFloats([logits], call, (floats) => softmax(floats, call));
    },
    softmaxVjp(logits, cotangent, options) {
      assertTensor(logits, "logits");
      assertTensor(cotangent, "cotangent");
      const call = resolveSoftmaxVjp(logits.shape, cotangent.shape, options);
      return onFloats([logits, cotangent], call, (floats, c) => softmaxVjp(floats, c, call));
    },
    categorical(logits, options) {
      assertTensor(logits, "logits");
      const call = resolveCategorical(logits.shape, options);
      return onFloats([logits], call, (floats) =>
        sizeOf(call.outputShape) === 0
          ? zeros(call.outputShape, "int32")
          : kernelsOf().categorical(floats, call),
      );
    },
    topK(logits, k, options) {
      assertTensor(logits, "logits");
      const call = resolveTopK(logits.shape, k, options);
      return onFloats([logits], call, (floats) => topK(floats, call));
    },
    dispose() {
      isDisposed = true;
    },
  };
}
