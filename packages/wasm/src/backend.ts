// The kernels as a backend of core's face: sees arrays, brings them to float32, and runs kernels here or on workers.
import type { NdArray } from "@gumbel/core";
import {
  assertNdArray,
  ESTIMATORS,
  FILTERS,
  type Job,
  type Mode,
  type Named,
  type ResolvedNoise,
  type StagedBackend,
  sizeOf,
} from "@gumbel/core/adapter";
import type { Work } from "./engine/kernel.ts";
import { kernels } from "./kernels/index.ts";

/** Logits, cotangents or indices: values with a shape, or a `Float32Array` that is one row. Floats are rounded to float32. */
export type Values = NdArray | Float32Array;

/** Types of results. */
export interface WasmResults {
  /** Float results. */
  readonly float: NdArray<Float32Array<ArrayBuffer>>;
  /** Category indices. */
  readonly index: NdArray<Int32Array<ArrayBuffer>>;
  /** Random words. */
  readonly word: NdArray<Uint32Array<ArrayBuffer>>;
}

/** The backend: what its kernels return is done here, or on workers. */
export type WasmBackend<M extends Mode> = StagedBackend<Values, M, Float32Array, Work>;

/** Creates the backend over a way to do work. */
export function createBackend<M extends Mode>(
  name: string,
  mode: M,
  run: NonNullable<WasmBackend<M>["run"]>,
  dispose: () => void,
): WasmBackend<M> {
  return {
    name,
    mode,
    filters: FILTERS,
    perRow: true,
    estimators: ESTIMATORS,
    shapeOf(value, argument) {
      if (value instanceof Float32Array) return [value.length];
      assertNdArray(value, argument);
      return value.shape;
    },
    zeros: ({ dtype, shape }) => ({ data: new ARRAY_OF[dtype](sizeOf(shape)), shape: [...shape] }),
    kernels,
    run,
    dispose,
  };
}

const ARRAY_OF = { float32: Float32Array, int32: Int32Array, uint32: Uint32Array } as const;

/**
 * The inputs of a job as kernels read them: floats as float32, indices as they came, for the kernel's check.
 *
 * @param copies whether all are copied, and not only those that must be rounded
 */
export function inputsOf({ operation, inputs }: Job<Values>, copies: boolean): Named<Float32Array> {
  const arrays: Record<string, Float32Array> = {};
  for (const name in inputs) {
    const value = inputs[name];
    const data = value instanceof Float32Array ? value : value.data;
    const isReady = data instanceof Float32Array || operation.inputs[name].dtype !== "float32";
    // Kernels read indices as any array of numbers.
    arrays[name] = !isReady ? new Float32Array(data) : ((copies ? data.slice() : data) as Float32Array);
  }
  return arrays;
}

/** Elements that a job is about: of the noise, or of the logits where there is none. */
export function workSizeOf({ call }: Job<Values>): number {
  const { noise, shape } = call as { readonly noise?: ResolvedNoise; readonly shape: readonly number[] };
  return sizeOf(noise?.shape ?? shape);
}
