// Runs a call with an object of options as a program has it, where other runs are given a plain copy.
import type { NdArray } from "../../nd-array.ts";
import type { ConformanceBackend } from "../backend.ts";
import { type Call, type Result, runCall } from "../call.ts";
import { callOver } from "../subject.ts";

/**
 * The results of a call over the backend's tensors, all of which are released.
 *
 * @param options that the method is given, this very object
 * @param started runs as soon as the method has returned
 */
export async function runWithOptions<T>(
  backend: ConformanceBackend<T>,
  call: Call,
  options: object,
  started?: () => void,
): Promise<Result> {
  const held: T[] = [];
  try {
    const inputs = await callOver<T>(call, async (array) => {
      const tensor = await backend.fromArray(array);
      held.push(tensor);
      return tensor;
    });
    const running = runCall(backend.sampler, { ...inputs, options } as unknown as typeof inputs);
    started?.();
    const tensors = await running;
    held.push(...tensors);
    const results: NdArray[] = [];
    for (const tensor of tensors) results.push(await backend.toArray(tensor));
    return results;
  } finally {
    for (const tensor of held) await backend.release(tensor);
  }
}
