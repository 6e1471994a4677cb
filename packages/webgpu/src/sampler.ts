// The sampler as callers see it: types alone.
import type {
  CategoricalOptions,
  GumbelSoftmaxOptions,
  GumbelSoftmaxVjpOptions,
  NoiseOptions,
  Sampler,
  SoftmaxOptions,
  TopKOptions,
  TopKResult,
} from "@gumbel/core";
import type { Encoded } from "./engine.ts";
import type { BufferSlice, GpuTensor, HostArray, HostResult } from "./tensor.ts";

/** What a bare `GPUBuffer` or an array does not say of itself. */
export interface ShapeOption {
  /** Shape of the logits. */
  readonly shape: readonly number[];
}

/** The soft result that the forward pass gave, for a gradient that makes no noise again. */
export interface SavedSampleOption<T> {
  /** The *soft* result at the same options, also where the forward pass was hard. */
  readonly sample?: T | undefined;
}

/** An operation on one tensor. What comes back is of the kind that went in; arrays are read back. */
export interface Unary<Options, Result extends HostResult> {
  (logits: GpuTensor, options?: Options): Promise<GpuTensor>;
  (logits: GPUBuffer, options: Options & ShapeOption): Promise<GPUBuffer>;
  (logits: HostArray, options: Options & ShapeOption): Promise<Result>;
}

/** A vector-Jacobian product. */
export interface Gradient<Options> {
  (
    logits: GpuTensor,
    cotangent: GpuTensor,
    options: Options & SavedSampleOption<GpuTensor>,
  ): Promise<GpuTensor>;
  (
    logits: GPUBuffer,
    cotangent: GPUBuffer,
    options: Options & ShapeOption & SavedSampleOption<GPUBuffer>,
  ): Promise<GPUBuffer>;
  (
    logits: HostArray,
    cotangent: Float32Array,
    options: Options & ShapeOption & SavedSampleOption<Float32Array>,
  ): Promise<Float32Array<ArrayBuffer>>;
}

/** `topK`, for each kind of tensor. */
export interface TopK {
  (logits: GpuTensor, k: number, options?: TopKOptions): Promise<TopKResult<GpuTensor>>;
  (logits: GPUBuffer, k: number, options: TopKOptions & ShapeOption): Promise<TopKResult<GPUBuffer>>;
  (
    logits: HostArray,
    k: number,
    options: TopKOptions & ShapeOption,
  ): Promise<{ values: Float32Array<ArrayBuffer>; indices: Int32Array<ArrayBuffer> }>;
}

/** Logits of an encoded call: a tensor, or a buffer with its `shape` beside it. */
export interface LogitsSource {
  /** Float32, or packed halves by a slice of type `f16`. */
  readonly logits: GpuTensor | BufferSlice | GPUBuffer;
  /** Shape of the logits; may be left out where `logits` has one. */
  readonly shape?: readonly number[] | undefined;
}

/** Where an encoded call writes: as many elements as the operation's result has, 4 bytes each. */
export interface OutputTarget {
  /** Needs usage `STORAGE`. */
  readonly output: BufferSlice | GPUBuffer;
}

/** An encoded gradient. */
export interface GradientSource extends LogitsSource, OutputTarget {
  /** Float32, of the shape of the samples. */
  readonly cotangent: BufferSlice | GPUBuffer;
  /** As for {@link SavedSampleOption}. */
  readonly sample?: BufferSlice | GPUBuffer | undefined;
}

/** Where commands go: an encoder outside of any pass, or a compute pass. */
export type EncodeTarget = GPUCommandEncoder | GPUComputePassEncoder;

/** Arguments of each operation in its encoded form. */
export interface EncodeArguments {
  /** Writes words of the shape, uint32. */
  bits: Omit<NoiseOptions, "precision"> & { readonly shape: readonly number[] } & OutputTarget;
  /** Writes noise of the shape, float32. */
  gumbel: NoiseOptions & { readonly shape: readonly number[] } & OutputTarget;
  /** Writes samples, float32, of the shape `[...sampleShape, ...logits.shape]`. */
  gumbelSoftmax: GumbelSoftmaxOptions & LogitsSource & OutputTarget;
  /** Writes the gradient, float32, of the logits' shape. */
  gumbelSoftmaxVjp: GumbelSoftmaxVjpOptions & GradientSource;
  /** Writes probabilities, float32, of the logits' shape. */
  softmax: SoftmaxOptions & LogitsSource & OutputTarget;
  /** Writes the gradient, float32, of the logits' shape. */
  softmaxVjp: SoftmaxOptions & GradientSource;
  /** Writes indices, int32: `sampleShape`, then the logits' shape without the axis. */
  categorical: CategoricalOptions & LogitsSource & OutputTarget;
  /** `values` is float32, `indices` int32, both with `k` places along the axis. */
  topK: TopKOptions &
    LogitsSource & {
      readonly k: number;
      readonly values: BufferSlice | GPUBuffer;
      readonly indices: BufferSlice | GPUBuffer;
    };
}

/**
 * Sampling on one GPU device. Every operation has three forms: over tensors and buffers, which stay on the GPU; over
 * arrays, which are uploaded and read back; and encoded into the caller's own commands.
 *
 * Promises of the first form resolve when WebGPU has accepted the work, not when it is done: the queue orders what
 * follows. Results belong to the caller, who destroys their buffers.
 */
export interface WebGpuSampler extends Sampler<GpuTensor> {
  /** The device that it samples on. */
  readonly device: GPUDevice;

  bits(shape: readonly number[], options?: Omit<NoiseOptions, "precision">): Promise<GpuTensor>;
  gumbel(shape: readonly number[], options?: NoiseOptions): Promise<GpuTensor>;
  gumbelSoftmax: Unary<GumbelSoftmaxOptions, Float32Array<ArrayBuffer>>;
  gumbelSoftmaxVjp: Gradient<GumbelSoftmaxVjpOptions>;
  softmax: Unary<SoftmaxOptions, Float32Array<ArrayBuffer>>;
  softmaxVjp: Gradient<SoftmaxOptions>;
  categorical: Unary<CategoricalOptions, Int32Array<ArrayBuffer>>;
  topK: TopK;

  /** Encodes `bits`. */
  encodeBits(target: EncodeTarget, call: EncodeArguments["bits"]): Encoded;
  /** Encodes `gumbel`. */
  encodeGumbel(target: EncodeTarget, call: EncodeArguments["gumbel"]): Encoded;
  /** Encodes `gumbelSoftmax`. */
  encodeGumbelSoftmax(target: EncodeTarget, call: EncodeArguments["gumbelSoftmax"]): Encoded;
  /** Encodes `gumbelSoftmaxVjp`. */
  encodeGumbelSoftmaxVjp(target: EncodeTarget, call: EncodeArguments["gumbelSoftmaxVjp"]): Encoded;
  /** Encodes `softmax`. */
  encodeSoftmax(target: EncodeTarget, call: EncodeArguments["softmax"]): Encoded;
  /** Encodes `softmaxVjp`. */
  encodeSoftmaxVjp(target: EncodeTarget, call: EncodeArguments["softmaxVjp"]): Encoded;
  /** Encodes `categorical`. */
  encodeCategorical(target: EncodeTarget, call: EncodeArguments["categorical"]): Encoded;
  /** Encodes `topK`. */
  encodeTopK(target: EncodeTarget, call: EncodeArguments["topK"]): Encoded;

  /**
   * Compiles ahead what an encoded call with these arguments will need. Without it the first call of each sort compiles
   * on the spot, which may take some tens of milliseconds. Rejects, naming the argument, where WebGPU would refuse a buffer.
   */
  prepare<O extends keyof EncodeArguments>(operation: O, call: EncodeArguments[O]): Promise<void>;

  /** Uploads values to a new buffer, which the caller owns. */
  upload(values: HostArray, shape: readonly number[]): GpuTensor;

  /** Reads a tensor back; its buffer needs usage `COPY_SRC`, which results have. */
  read(tensor: GpuTensor): Promise<HostResult>;

  /**
   * Releases pipelines and temporary buffers, and the device where `createSampler` made it. Results and the caller's own
   * device stay. Later calls throw.
   */
  dispose(): void;
}
