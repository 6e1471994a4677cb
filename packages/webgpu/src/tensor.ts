// What callers pass and get: buffers with what is needed to read them, and arrays on the CPU.
import { assertNdArray, assertShape, type Dtype, describe } from "@gumbel/core/adapter";

/** Type of a tensor's elements. `f16` is float16 packed in pairs, and is only read. */
export type ElementType = "f32" | "f16" | "i32" | "u32";

/** A part of a buffer that holds a tensor. */
export interface BufferSlice {
  /** Needs usage `STORAGE`; must belong to the sampler's device. */
  readonly buffer: GPUBuffer;
  /** Bytes before the first element: a multiple of 4, of 2 for float16. Default 0. */
  readonly offset?: number | undefined;
  /** Default `"f32"`, for indices `"i32"`. */
  readonly type?: ElementType | undefined;
}

/** A dense row-major tensor in a buffer. */
export interface GpuTensor extends BufferSlice {
  /** Dimensions, from the slowest to the fastest. */
  readonly shape: readonly number[];
}

/** Values on the CPU. `Uint16Array` holds the bits of float16; anything but `Float32Array` is otherwise rounded to float32. */
export type HostData =
  | Float32Array
  | Uint16Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | readonly number[];

/** A dense row-major array on the CPU. */
export interface HostTensor<D extends HostData = HostData> {
  readonly data: D;
  /** Dimensions, from the slowest to the fastest. */
  readonly shape: readonly number[];
}

/** What methods return for arrays on the CPU. */
export interface HostResults {
  readonly float: HostTensor<Float32Array<ArrayBuffer>>;
  readonly index: HostTensor<Int32Array<ArrayBuffer>>;
  readonly word: HostTensor<Uint32Array<ArrayBuffer>>;
}

/** The array that a tensor is read into. */
export type HostResult = Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** What a method takes. */
export type AnyTensor = GpuTensor | HostTensor;

/** Element types by the spec's names. */
export const TYPE_OF: Readonly<Record<Dtype, "f32" | "i32" | "u32">> = {
  float32: "f32",
  int32: "i32",
  uint32: "u32",
};

/** Arrays by element type. */
export const HOST_ARRAYS: {
  readonly f32: typeof Float32Array;
  readonly i32: typeof Int32Array;
  readonly u32: typeof Uint32Array;
} = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };

/** Whether a value is a `GPUBuffer`, also one of another realm or implementation. */
export function isGpuBuffer(value: unknown): value is GPUBuffer {
  return typeof value === "object" && value !== null && "mapAsync" in value && "usage" in value;
}

/** Whether a tensor is an array on the CPU. */
export function isHostTensor(tensor: AnyTensor): tensor is HostTensor {
  return "data" in tensor;
}

/**
 * Shape of a tensor that came in.
 * @throws TypeError for what is no tensor, RangeError where data and shape do not fit
 */
export function shapeOf(tensor: AnyTensor, argument: string): readonly number[] {
  const { buffer, shape } = (tensor ?? {}) as Partial<GpuTensor>;
  if (isGpuBuffer(buffer)) {
    assertShape(shape, `${argument}.shape`);
    return shape;
  }
  if (typeof tensor !== "object" || tensor === null || !("data" in tensor)) {
    const got = isGpuBuffer(tensor) ? "a GPUBuffer, which has no shape" : describe(tensor);
    throw new TypeError(
      `${argument} must be a tensor { buffer, shape } or an array { data, shape }, got ${got}`,
    );
  }
  assertNdArray(tensor, argument);
  return tensor.shape;
}

/** Values as they are uploaded, and their type. */
export function uploadable(data: HostData, dtype: Dtype): { values: ArrayBufferView; type: ElementType } {
  if (dtype === "int32")
    return { values: data instanceof Int32Array ? data : Int32Array.from(data), type: "i32" };
  if (data instanceof Uint16Array) return { values: data, type: "f16" };
  return { values: data instanceof Float32Array ? data : Float32Array.from(data), type: "f32" };
}
