// The kernels as a backend of core's face: sees arrays, brings them to float32, and runs kernels here or on workers.
import type { HostData, NdArray } from "@gumbel/core";
import {
  assertNdArray,
  ESTIMATORS,
  FILTERS,
  float32Of,
  isFiltered,
  isTypedArray,
  type Job,
  type Mode,
  type Named,
  type OwnFloat32Array,
  type OwnInt32Array,
  type OwnUint32Array,
  type ResolvedDecoding,
  type ResolvedNoise,
  type Shape,
  type StagedBackend,
  sizeOf,
} from "@gumbel/core/adapter";
import type { Work } from "./engine/kernel.ts";
import { kernels } from "./kernels/index.ts";

/**
 * Logits, cotangents or indices: values with a shape, or a `Float32Array` that is one row. A `Uint16Array` of floats holds
 * the bits of float16; other floats are rounded to float32.
 */
export type Values = { readonly data: HostData; readonly shape: Shape } | Float32Array;

/** Types of results. */
export interface WasmResults {
  /** Float results. */
  readonly float: NdArray<OwnFloat32Array>;
  /** Category indices. */
  readonly index: NdArray<OwnInt32Array>;
  /** Random words. */
  readonly word: NdArray<OwnUint32Array>;
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
    logarithms: true,
    filters: FILTERS,
    perRow: true,
    estimators: ESTIMATORS,
    shapeOf(value, argument) {
      if (isTypedArray(value, "Float32Array")) return [value.length];
      assertNdArray(value, argument, true);
      return value.shape;
    },
    valuesOf: (value) => (isTypedArray(value, "Float32Array") ? value : value.data),
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
 * @param copy copies those that are not copied by rounding, where calls may not see later changes
 */
export function inputsOf(
  { operation, inputs }: Job<Values>,
  copy?: (values: Float32Array) => Float32Array,
): Named<Float32Array> {
  const arrays: Record<string, Float32Array> = {};
  for (const name in inputs) {
    const value = inputs[name];
    const data = isTypedArray(value, "Float32Array") ? value : value.data;
    if (operation.inputs[name].dtype === "float32") {
      const floats = float32Of(data);
      arrays[name] = copy !== undefined && floats === data ? copy(floats) : floats;
    } else {
      // Kernels read indices as any array of numbers.
      arrays[name] = (copy === undefined ? data : Float64Array.from(data)) as Float32Array;
    }
  }
  return arrays;
}

/** Elements that a job is about: of the noise, or of the logits where there is none. */
export function workSizeOf({ call }: Job<Values>): number {
  const { noise, shape } = call as { readonly noise?: ResolvedNoise; readonly shape: readonly number[] };
  return sizeOf(noise?.shape ?? shape);
}

/** Whether a job has filters: most leave out so much that copies of the inputs take longer than the work. */
export function hasFilters({ call }: Job<Values>): boolean {
  const { decoding } = call as { readonly decoding?: ResolvedDecoding };
  return decoding !== undefined && isFiltered(decoding);
}
