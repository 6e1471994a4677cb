// What callers hand in for a tensor: told apart, and refused by the argument's name. Touches no GPU.
import { assertShape, describe, sizeOf } from "@gumbel/core/adapter";
import { type GpuTensor, type HostArray, isGpuBuffer } from "./tensor.ts";

/** What an operation may be given. */
export type Given = GpuTensor | GPUBuffer | HostArray;

/** @throws TypeError for what is neither a buffer, nor an object with one, nor an array of values */
export function assertGiven(argument: string, given: unknown): asserts given is Given {
  if (ArrayBuffer.isView(given)) hostTypeOf(argument, given);
  else if (!isGpuBuffer(given) && !isGpuBuffer((given as Partial<GpuTensor> | null | undefined)?.buffer)) {
    throw new TypeError(
      `${argument} must be a GPUBuffer, an object with one as its buffer, a Float32Array, or a Uint16Array of the bits of ` +
        `halves, got ${describe(given)}`,
    );
  }
}

/**
 * Type of the elements of values on the CPU.
 * @throws TypeError for an array of another kind
 */
export function hostTypeOf(argument: string, values: unknown): "f32" | "f16" {
  if (values instanceof Float32Array) return "f32";
  if (values instanceof Uint16Array) return "f16";
  const kind = ArrayBuffer.isView(values) ? `an instance of ${values.constructor.name}` : describe(values);
  throw new TypeError(
    `${argument} must be a Float32Array, or a Uint16Array of the bits of halves, got ${kind}`,
  );
}

/** @throws RangeError where there are more or fewer values than the shape has places */
export function assertLength(argument: string, values: HostArray, shape: readonly number[]): void {
  if (values.length === sizeOf(shape)) return;
  throw new RangeError(
    `${argument} must hold ${sizeOf(shape)} values for shape [${shape.join(", ")}], got ${values.length}`,
  );
}

/** The shape that a tensor says it has; undefined of a buffer or an array. */
export function shapeOf(given: unknown): readonly number[] | undefined {
  if (isGpuBuffer(given) || ArrayBuffer.isView(given)) return undefined;
  return (given as Partial<GpuTensor> | undefined)?.shape;
}

/**
 * The shape of logits: their own, or the one beside them.
 * @throws TypeError where there is none, RangeError where there are two
 */
export function shapeOfLogits(logits: unknown, beside: readonly number[] | undefined): readonly number[] {
  const own = shapeOf(logits);
  if (own === undefined && beside === undefined) {
    throw new TypeError(
      "shape must be the shape of logits where these are a GPUBuffer or an array, got undefined",
    );
  }
  if (own === undefined || beside === undefined) return (own ?? beside)!;
  assertShape(beside, "shape");
  if (!isSameShape(own, beside)) {
    throw new RangeError(
      `shape must be that of logits, [${own.join(", ")}], or left out, got [${beside.join(", ")}]`,
    );
  }
  return own;
}

/** Whether two shapes are the same. */
export function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}
