// The backend under test as a runner of calls over NdArray: moves values in and out, and releases every tensor.
import { isPerRow } from "../filters.ts";
import type { NdArray } from "../nd-array.ts";
import type { ConformanceBackend } from "./backend.ts";
import { type Call, type CallOver, inputNamesOf, operationOf, type Result, runCall } from "./call.ts";
import { ConformanceFailure } from "./failure.ts";
import { firstDifference } from "./same-data.ts";

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
        const given = arraysOf(uploaded.options);
        const results = await runCall(backend.sampler, uploaded);
        held.push(...results);
        const arrays: NdArray[] = [];
        for (const tensor of results) arrays.push(await backend.toArray(tensor));
        assertUnchanged(given, call);
        return arrays;
      } finally {
        for (const tensor of held) await backend.release(tensor);
      }
    },
  };
}

/** An array among options, and the numbers that it holds before the call. */
interface GivenArray {
  readonly name: string;
  readonly array: Numbers;
  readonly before: readonly number[];
}

/** Values by row, a shape, a mask, a key, or keys by row. */
type Numbers = ArrayLike<number | ArrayLike<number>>;

function arraysOf(options: object): GivenArray[] {
  if (typeof options !== "object" || options === null) return [];
  return Object.entries(options)
    .filter(([, value]) => isPerRow(value))
    .map(([name, value]) => ({ name, array: value as never, before: numbersOf(value as never) }));
}

function numbersOf(array: Numbers): number[] {
  return Array.from(array).flatMap((value) => (isPerRow(value) ? Array.from(value) : [value as number]));
}

/** Whatever a case looks for: a backend must not write into the options of any call. */
function assertUnchanged(given: readonly GivenArray[], call: Call): void {
  for (const { name, array, before } of given) {
    const after = numbersOf(array);
    const at = firstDifference(after, before);
    if (at === undefined) continue;
    const note = `the call changed number ${at} of its option ${name} from ${before[at]} to ${after[at]}`;
    const failure = new ConformanceFailure("LIFE-1", { note, call });
    failure.isOfPremise = true;
    throw failure;
  }
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
