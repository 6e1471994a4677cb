// The backend under test as a runner of calls over NdArray: moves values in and out, and releases every tensor.
import type { NdArray } from "../nd-array.ts";
import type { ConformanceBackend } from "./backend.ts";
import { type Call, type CallOver, inputNamesOf, operationOf, type Result, runCall } from "./call.ts";

/** Runs calls on the backend under test. */
export interface Subject {
  /** Makes one call and reads what it gives; every tensor of it is released. */
  run(call: Call): Promise<Result>;
}

/** Wraps a backend; tensors are released after each call, also when it fails. */
export function createSubject<T>(backend: ConformanceBackend<T>): Subject {
  return {
    async run(call) {
      const held: T[] = [];
      try {
        const uploaded = await callOver<T>(call, async (array) => {
          const tensor = await backend.fromArray(array);
          held.push(tensor);
          return tensor;
        });
        const results = await runCall(backend.sampler, uploaded);
        held.push(...results);
        const arrays: NdArray[] = [];
        for (const tensor of results) arrays.push(await backend.toArray(tensor));
        return arrays;
      } finally {
        for (const tensor of held) await backend.release(tensor);
      }
    },
  };
}

/**
 * Moves the arrays of a call into a backend's own tensors. Shapes and options are copied, so that a backend that writes
 * into them does not change the suite's own; a key stays the same array.
 */
export async function callOver<T>(call: Call, convert: (array: NdArray) => Promise<T>): Promise<CallOver<T>> {
  const converted: Record<string, unknown> = { ...call, options: copyOf(call.options) };
  if ("shape" in call && Array.isArray(call.shape)) converted.shape = [...call.shape];
  const { inputs } = operationOf(call);
  for (const name of inputNamesOf(call)) {
    const array = converted[name] as NdArray;
    // Backends whose tensors have a type tell indices from floats by it.
    const isIndices = inputs[name].dtype === "int32" && !(array.data instanceof Int32Array);
    converted[name] = await convert(isIndices ? { ...array, data: Int32Array.from(array.data) } : array);
  }
  return converted as unknown as CallOver<T>;
}

/** What is no object of options stays what it is: a case may ask for an error. */
function copyOf(options: object): unknown {
  if (typeof options !== "object" || Array.isArray(options) || ArrayBuffer.isView(options)) return options;
  const copy: Record<string, unknown> = { ...options };
  if (Array.isArray(copy.sampleShape)) copy.sampleShape = [...copy.sampleShape];
  return copy;
}
