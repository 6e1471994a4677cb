// What callers hand in and get back: buffers with what is needed to read them.

/** Type of a tensor's elements. `f16` are halves packed in pairs, and are only read. */
export type ElementType = "f32" | "f16" | "i32" | "u32";

/** A part of a buffer that holds a tensor. */
export interface BufferSlice {
  /** Needs usage `STORAGE`; must belong to the sampler's device. */
  readonly buffer: GPUBuffer;
  /** Bytes before the first element: a multiple of 4, of 2 for halves. Default 0. */
  readonly offset?: number | undefined;
  /** Default `"f32"`. */
  readonly type?: ElementType | undefined;
}

/** A dense row-major tensor in a buffer. */
export interface GpuTensor extends BufferSlice {
  /** Dimensions, from the slowest to the fastest. */
  readonly shape: readonly number[];
}

/** Values on the CPU; `Uint16Array` holds the bits of halves. */
export type HostArray = Float32Array | Uint16Array;

/** The array that a tensor is read into. */
export type HostResult = Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** Whether a value is a `GPUBuffer`, also one of another realm or implementation. */
export function isGpuBuffer(value: unknown): value is GPUBuffer {
  return typeof value === "object" && value !== null && "mapAsync" in value && "usage" in value;
}
