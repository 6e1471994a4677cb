// The sampler as callers see it: types alone.
import type {
  CategoricalOptions,
  GumbelSoftmaxOptions,
  GumbelSoftmaxVjpOptions,
  NdArray,
  NoiseOptions,
  Sampler,
  SoftmaxOptions,
  TopKOptions,
  TopKResult,
} from "@gumbel/core";

/** Logits or cotangents: values with a shape, or a `Float32Array` that is one row. Values are rounded to float32. */
export type Values = NdArray | Float32Array;

/** Float results. */
export type Floats = NdArray<Float32Array<ArrayBuffer>>;

/** Categories. */
export type Indices = NdArray<Int32Array<ArrayBuffer>>;

/** Best categories and their perturbed logits. */
export interface TopKValues extends TopKResult<NdArray> {
  readonly values: Floats;
  readonly indices: Indices;
}

/** Sampling on the CPU, in this thread: every result is there at once. */
export interface WasmSampler extends Sampler<NdArray> {
  bits(
    shape: readonly number[],
    options?: Omit<NoiseOptions, "precision">,
  ): NdArray<Uint32Array<ArrayBuffer>>;
  gumbel(shape: readonly number[], options?: NoiseOptions): Floats;
  gumbelSoftmax(logits: Values, options?: GumbelSoftmaxOptions): Floats;
  gumbelSoftmaxVjp(logits: Values, cotangent: Values, options: GumbelSoftmaxVjpOptions): Floats;
  softmax(logits: Values, options?: SoftmaxOptions): Floats;
  softmaxVjp(logits: Values, cotangent: Values, options?: SoftmaxOptions): Floats;
  categorical(logits: Values, options?: CategoricalOptions): Indices;
  topK(logits: Values, k: number, options?: TopKOptions): TopKValues;
  dispose(): void;
}

type Late<Method> = Method extends (...parameters: infer Parameters) => infer Result
  ? (...parameters: Parameters) => Promise<Result>
  : never;

/** The same with workers: results are promises, and the same to the last bit for any number of workers. */
export interface ParallelSampler extends Sampler<NdArray> {
  bits: Late<WasmSampler["bits"]>;
  gumbel: Late<WasmSampler["gumbel"]>;
  gumbelSoftmax: Late<WasmSampler["gumbelSoftmax"]>;
  gumbelSoftmaxVjp: Late<WasmSampler["gumbelSoftmaxVjp"]>;
  softmax: Late<WasmSampler["softmax"]>;
  softmaxVjp: Late<WasmSampler["softmaxVjp"]>;
  categorical: Late<WasmSampler["categorical"]>;
  topK: Late<WasmSampler["topK"]>;
  /** Ends the workers. Calls that are under way reject. */
  dispose(): void;
}
