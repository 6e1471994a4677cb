// Checks a caller's buffer against what a call needs of it, before anything is encoded.
import { sizeOf } from "@gumbel/core/adapter";
import { bytesPerElement } from "../plan/bindings.ts";
import { type BufferSlice, isGpuBuffer } from "../tensor.ts";
import type { PlacedBuffer } from "./encode-program.ts";
import { BUFFER_USAGE } from "./gpu-constants.ts";

/**
 * Finds the tensor in its buffer.
 *
 * @param argument the name that errors use
 * @throws TypeError for what is no buffer, lacks a usage or is mapped; RangeError for a bad offset or too few bytes
 */
export function placeBuffer(
  argument: string,
  given: GPUBuffer | BufferSlice,
  shape: readonly number[],
  isResult: boolean,
): PlacedBuffer {
  const slice: BufferSlice = isGpuBuffer(given) ? { buffer: given } : given;
  const { buffer, offset = 0, type = "f32" } = slice ?? {};
  if (!isGpuBuffer(buffer)) {
    throw new TypeError(
      `${argument} must be a GPUBuffer, or an object with one as its buffer, got ${typeof given}`,
    );
  }
  const format = type === "f16" ? "half" : "word";
  if (isResult ? type === "f16" : type !== "f32" && type !== "f16") {
    const allowed = isResult ? "32-bit" : '"f32" or "f16"';
    throw new TypeError(`${argument} must have type ${allowed}, got ${JSON.stringify(type)}`);
  }
  const size = bytesPerElement(format);
  if (!Number.isSafeInteger(offset) || offset < 0 || offset % size !== 0) {
    throw new RangeError(
      `${argument}.offset must be a non-negative multiple of ${size} bytes, got ${offset}`,
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
export function assertDistinct(
  inputs: Readonly<Record<string, PlacedBuffer>>,
  outputs: Readonly<Record<string, PlacedBuffer>>,
): void {
  const taken = Object.entries(inputs);
  for (const [name, { buffer }] of Object.entries(outputs)) {
    const other = taken.find(([, place]) => place.buffer === buffer);
    if (other !== undefined) {
      throw new TypeError(
        `${name} must be another GPUBuffer than ${other[0]}, got the same, which WebGPU cannot read and write at once`,
      );
    }
    taken.push([name, outputs[name]]);
  }
}
