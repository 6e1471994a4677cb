// What callers pass and get: buffers with what is needed to read them, and arrays on the CPU.
import type { HostData } from "@gumbel/core";
import {
  assertNdArray,
  assertShape,
  type Dtype,
  describe,
  float32Of,
  isTypedArray,
  type OwnFloat32Array,
  type OwnInt32Array,
  type OwnUint32Array,
} from "@gumbel/core/adapter";
import type { WebGpuBuffer } from "./webgpu-types.ts";

/** Type of a tensor's elements. `f16` is float16 packed in pairs, and is only read. */
export type ElementType = "f32" | "f16" | "i32" | "u32";

/** A part of a buffer that holds a tensor. */
export interface BufferSlice {
  /** Needs usage `STORAGE`; must belong to the sampler's device. */
  readonly buffer: WebGpuBuffer;
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

/** A dense row-major array on the CPU. A `Uint16Array` of floats holds the bits of float16; others are rounded to float32. */
export interface HostTensor<D extends HostData = HostData> {
  readonly data: D;
  /** Dimensions, from the slowest to the fastest. */
  readonly shape: readonly number[];
}

/** What methods return for arrays on the CPU. */
export interface HostResults {
  readonly float: HostTensor<OwnFloat32Array>;
  readonly index: HostTensor<OwnInt32Array>;
  readonly word: HostTensor<OwnUint32Array>;
}

/** The array that a tensor is read into. */
export type HostResult = OwnFloat32Array | OwnInt32Array | OwnUint32Array;

/** What a method takes: a `Float32Array` without a shape is one row. */
export type AnyTensor = GpuTensor | HostTensor | Float32Array;

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
export function isGpuBuffer(value: unknown): value is WebGpuBuffer {
  return typeof value === "object" && value !== null && "mapAsync" in value && "usage" in value;
}

/** The array on the CPU that a tensor is, or undefined where it is in a buffer. */
export function hostTensorOf(tensor: AnyTensor): HostTensor | undefined {
  if (isTypedArray(tensor, "Float32Array")) return { data: tensor, shape: [tensor.length] };
  return "data" in tensor ? tensor : undefined;
}

/**
 * Shape of a tensor that came in.
 * @throws TypeError for what is no tensor, RangeError where data and shape do not fit
 */
export function shapeOf(tensor: AnyTensor, argument: string): readonly number[] {
  if (isTypedArray(tensor, "Float32Array")) return [tensor.length];
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
  assertNdArray(tensor, argument, true);
  return tensor.shape;
}

/** Values as they are uploaded, and their type. */
export function uploadable(data: HostData, dtype: Dtype): { values: ArrayBufferView; type: ElementType } {
  if (dtype === "int32") return { values: Int32Array.from(data), type: "i32" };
  // Kernels read float16 as it is.
  return isTypedArray(data, "Uint16Array")
    ? { values: data, type: "f16" }
    : { values: float32Of(data), type: "f32" };
}
