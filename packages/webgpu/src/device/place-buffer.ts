// Checks a caller's buffer against what a call needs of it, before anything is encoded.
import { type Dtype, describe, sizeOf } from "@gumbel/core/adapter";
import { bytesPerElement, type MemoryLayout } from "../plan/bindings.ts";
import { type BufferSlice, type ElementType, type GpuTensor, isGpuBuffer, TYPE_OF } from "../tensor.ts";
import { BUFFER_USAGE } from "./gpu-constants.ts";

/** A tensor of a call in its buffer. */
export interface PlacedBuffer extends MemoryLayout {
  readonly buffer: GPUBuffer;
}

/** What a call expects of a tensor. */
export interface Expected {
  /** The name that errors use. */
  readonly argument: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Whether the call writes it, and does not read it. */
  readonly isOutput: boolean;
}

/** The slice that a value stands for, an empty one where it is none. */
export function sliceOf(value: unknown): Partial<GpuTensor> {
  return isGpuBuffer(value) ? { buffer: value } : ((value ?? {}) as Partial<GpuTensor>);
}

/** @throws TypeError for what is neither a buffer nor an object with one */
export function assertSource(argument: string, value: unknown): asserts value is GPUBuffer | BufferSlice {
  if (isGpuBuffer(sliceOf(value).buffer)) return;
  throw new TypeError(
    `${argument} must be a GPUBuffer, or an object with one as its buffer, got ${describe(value)}`,
  );
}

/**
 * Finds the tensor in its buffer.
 *
 * @throws TypeError for what is no buffer, lacks a usage or is mapped; RangeError for a bad offset or too few bytes
 */
export function placeBuffer({ argument, dtype, shape, isOutput }: Expected, source: unknown): PlacedBuffer {
  assertSource(argument, source);
  const { buffer, offset = 0, type = TYPE_OF[dtype] } = sliceOf(source) as BufferSlice;
  const allowed: readonly ElementType[] =
    dtype === "float32" && !isOutput ? ["f32", "f16"] : [TYPE_OF[dtype]];
  if (!allowed.includes(type)) {
    const names = allowed.map((name) => JSON.stringify(name)).join(" or ");
    throw new TypeError(`${argument} must have type ${names}, got ${describe(type)}`);
  }
  const format = type === "f16" ? "float16" : "word";
  const size = bytesPerElement(format);
  if (!Number.isSafeInteger(offset) || offset < 0 || offset % size !== 0) {
    throw new RangeError(
      `${argument}.offset must be a non-negative multiple of ${size} bytes, got ${describe(offset)}`,
    );
  }
  assertUsage(argument, buffer, "STORAGE");
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

/** Refuses a buffer that lacks a usage or is mapped. */
export function assertUsage(argument: string, buffer: GPUBuffer, usage: "STORAGE" | "COPY_SRC"): void {
  if ((buffer.usage & BUFFER_USAGE[usage]) === 0) {
    const purpose = usage === "COPY_SRC" ? " to be read back" : "";
    throw new TypeError(
      `${argument} must have usage ${usage}${purpose}, got a buffer of usage 0x${buffer.usage.toString(16)}`,
    );
  }
  if (buffer.mapState !== "unmapped") {
    throw new TypeError(`${argument} must not be mapped, got a buffer that is ${buffer.mapState}`);
  }
}

/** Refuses a buffer that is read and written at once: WebGPU allows that for no part of it. */
export function assertDistinct(inputs: Placed, outputs: Placed): void {
  const taken = Object.entries(inputs);
  for (const [name, output] of Object.entries(outputs)) {
    const other = taken.find(([, { buffer }]) => buffer === output.buffer);
    if (other !== undefined) {
      throw new TypeError(
        `${name} must be another GPUBuffer than ${other[0]}, got the same, which WebGPU cannot read and write at once`,
      );
    }
    taken.push([name, output]);
  }
}

/** Tensors of a call, by the names that errors use. */
export type Placed = Readonly<Record<string, PlacedBuffer>>;
