// Checks a caller's buffer against what a call needs of it, before anything is encoded.
import { describe, sizeOf } from "@gumbel/core/adapter";
import { isSameShape } from "../given.ts";
import { bytesPerElement } from "../plan/bindings.ts";
import { type BufferSlice, type ElementType, type GpuTensor, isGpuBuffer } from "../tensor.ts";
import type { PlacedBuffer } from "./encode-program.ts";
import { BUFFER_USAGE } from "./gpu-constants.ts";

/** What a call expects of a tensor. */
export interface Expected {
  /** The name that errors use. */
  readonly argument: string;
  readonly shape: readonly number[];
  /** The type that the call writes; undefined where it reads floats or halves. */
  readonly type?: ElementType;
}

/**
 * Finds the tensor in its buffer.
 *
 * @throws TypeError for what is no buffer, lacks a usage or is mapped; RangeError for a bad offset or too few bytes
 */
export function placeBuffer(
  { argument, shape, type: written }: Expected,
  given: GPUBuffer | BufferSlice | undefined,
): PlacedBuffer {
  const slice: Partial<GpuTensor> = isGpuBuffer(given) ? { buffer: given } : (given ?? {});
  const { buffer, offset = 0, type = written ?? "f32" } = slice;
  if (!isGpuBuffer(buffer)) {
    throw new TypeError(
      `${argument} must be a GPUBuffer, or an object with one as its buffer, got ${describe(given)}`,
    );
  }
  const allowed: readonly ElementType[] = written === undefined ? ["f32", "f16"] : [written];
  if (!allowed.includes(type)) {
    const names = allowed.map((name) => JSON.stringify(name)).join(" or ");
    throw new TypeError(`${argument} must have type ${names}, got ${describe(type)}`);
  }
  // A result may be written to a tensor of another shape: it has as many elements, or too few bytes.
  if (written === undefined && slice.shape !== undefined && !isSameShape(slice.shape, shape)) {
    throw new RangeError(
      `${argument} must have shape [${shape.join(", ")}], got [${slice.shape.join(", ")}]`,
    );
  }
  const format = type === "f16" ? "half" : "word";
  const size = bytesPerElement(format);
  if (!Number.isSafeInteger(offset) || offset < 0 || offset % size !== 0) {
    throw new RangeError(
      `${argument}.offset must be a non-negative multiple of ${size} bytes, got ${describe(offset)}`,
    );
  }
  if ((buffer.usage & BUFFER_USAGE.STORAGE) === 0) {
    throw new TypeError(
      `${argument} must have usage STORAGE, got a buffer of usage 0x${buffer.usage.toString(16)}`,
    );
  }
  if (buffer.mapState !== "unmapped") {
    throw new TypeError(`${argument} must not be mapped, got a buffer that is ${buffer.mapState}`);
  }
  const elements = sizeOf(shape);
  // The binding ends on a whole word.
  const bytes = 4 * Math.ceil((offset + elements * size) / 4);
  if (buffer.size < bytes) {
    throw new RangeError(
      `${argument} must hold ${bytes} bytes for shape [${shape.join(", ")}] at offset ${offset}, got a buffer of ${buffer.size}`,
    );
  }
  return { buffer, offset, elements, format };
}

/** Refuses a buffer that is read and written at once: WebGPU allows that for no part of it. */
export function assertDistinct(inputs: readonly NamedBuffer[], outputs: readonly NamedBuffer[]): void {
  const taken = [...inputs];
  for (const output of outputs) {
    const other = taken.find(({ buffer }) => buffer === output.buffer);
    if (other !== undefined) {
      throw new TypeError(
        `${output.argument} must be another GPUBuffer than ${other.argument}, got the same, which WebGPU cannot read and ` +
          "write at once",
      );
    }
    taken.push(output);
  }
}

/** A buffer, and the name that errors use for it. */
export interface NamedBuffer {
  readonly argument: string;
  readonly buffer: GPUBuffer;
}
