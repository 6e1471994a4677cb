// The backend under test as a runner of calls over NdArray: moves values in and out, and gives every tensor back.
import type { NdArray } from "../nd-array.ts";
import type { ConformanceBackend } from "./backend.ts";
import { type Call, type CallOver, type Result, runCall } from "./call.ts";

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
      const hold = async (tensor: T | Promise<T>): Promise<T> => {
        const settled = await tensor;
        held.push(settled);
        return settled;
      };
      try {
        const given = await callOver(call, async (array) => hold(backend.fromArray(array)));
        const result = await runCall(backend.sampler, given);
        const { values, indices } = result;
        held.push(values);
        if (indices === undefined) return { values: await backend.toArray(values) };
        held.push(indices);
        return { values: await backend.toArray(values), indices: await backend.toArray(indices) };
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
  const options: Record<string, unknown> = { ...call.options };
  if (Array.isArray(options.sampleShape)) options.sampleShape = [...options.sampleShape];
  const converted: Record<string, unknown> = { ...call, options };
  if ("shape" in call && Array.isArray(call.shape)) converted.shape = [...call.shape];
  if ("logits" in call) converted.logits = await convert(call.logits);
  if ("cotangent" in call) converted.cotangent = await convert(call.cotangent);
  return converted as CallOver<T>;
}
