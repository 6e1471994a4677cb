// One call of an operation as plain data: it can be run on any sampler over NdArray, printed, and replayed.
import type { NdArray } from "../nd-array.ts";
import type {
  CategoricalOptions,
  GumbelSoftmaxOptions,
  GumbelSoftmaxVjpOptions,
  NoiseOptions,
  SoftmaxOptions,
  TopKOptions,
} from "../options.ts";
import type { Awaitable, Operation, Sampler } from "../sampler.ts";

/** An operation with its arguments. */
export type Call =
  | { readonly operation: "bits"; readonly shape: readonly number[]; readonly options: NoiseOptions }
  | { readonly operation: "gumbel"; readonly shape: readonly number[]; readonly options: NoiseOptions }
  | { readonly operation: "softmax"; readonly logits: NdArray; readonly options: SoftmaxOptions }
  | {
      readonly operation: "softmaxVjp";
      readonly logits: NdArray;
      readonly cotangent: NdArray;
      readonly options: SoftmaxOptions;
    }
  | { readonly operation: "gumbelSoftmax"; readonly logits: NdArray; readonly options: GumbelSoftmaxOptions }
  | {
      readonly operation: "gumbelSoftmaxVjp";
      readonly logits: NdArray;
      readonly cotangent: NdArray;
      readonly options: GumbelSoftmaxVjpOptions;
    }
  | { readonly operation: "categorical"; readonly logits: NdArray; readonly options: CategoricalOptions }
  | {
      readonly operation: "topK";
      readonly logits: NdArray;
      readonly k: number;
      readonly options: TopKOptions;
    };

/** The call of one operation. */
export type CallOf<O extends Operation> = Extract<Call, { operation: O }>;

/** Whether an operation draws Gumbel noise, and so at a precision. */
export function drawsNoise(operation: Operation): boolean {
  return operation !== "bits" && operation !== "softmax" && operation !== "softmaxVjp";
}

/** What a call gives: one array, or values and indices for `topK`. */
export interface Result<T = NdArray> {
  /** The result; of `topK` the perturbed logits. */
  readonly values: T;
  /** Of `topK`, the categories. */
  readonly indices?: T;
}

/** A call with its arrays in the type of one backend. */
export type CallOver<T> = Call extends infer C
  ? C extends Call
    ? { [P in keyof C]: P extends "logits" | "cotangent" ? T : C[P] }
    : never
  : never;

/** Runs a call on a sampler. */
export async function runCall<T>(sampler: Sampler<T>, call: CallOver<T>): Promise<Result<T>> {
  if (call.operation === "topK") return await sampler.topK(call.logits, call.k, call.options);
  return { values: await runSingle(sampler, call) };
}

function runSingle<T>(sampler: Sampler<T>, call: Exclude<CallOver<T>, { operation: "topK" }>): Awaitable<T> {
  switch (call.operation) {
    case "bits":
    case "gumbel":
      return sampler[call.operation](call.shape, call.options);
    case "softmax":
      return sampler.softmax(call.logits, call.options);
    case "gumbelSoftmax":
      return sampler.gumbelSoftmax(call.logits, call.options);
    case "categorical":
      return sampler.categorical(call.logits, call.options);
    case "softmaxVjp":
      return sampler.softmaxVjp(call.logits, call.cotangent, call.options);
    case "gumbelSoftmaxVjp":
      return sampler.gumbelSoftmaxVjp(call.logits, call.cotangent, call.options);
  }
}

/** Longest array that a printed call shows whole. */
const SHOWN_VALUES = 24;

/** A call as a person would type it; long arrays are cut. */
export function printCall(call: Call): string {
  const parts: string[] = [];
  if ("shape" in call) parts.push(JSON.stringify(call.shape));
  if ("logits" in call) parts.push(printArray(call.logits));
  if ("cotangent" in call) parts.push(printArray(call.cotangent));
  if ("k" in call) parts.push(String(call.k));
  const options = Object.entries(call.options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${printValue(value)}`);
  parts.push(options.length === 0 ? "{}" : `{ ${options.join(", ")} }`);
  return `${call.operation}(${parts.join(", ")})`;
}

function printArray({ data, shape }: NdArray): string {
  const shown = Array.from(data as ArrayLike<number>)
    .slice(0, SHOWN_VALUES)
    .map(String)
    .join(", ");
  return `{ shape: ${JSON.stringify(shape)}, data: [${shown}${data.length > SHOWN_VALUES ? ", …" : ""}] }`;
}

function printValue(value: unknown): string {
  return ArrayBuffer.isView(value) || Array.isArray(value)
    ? `[${Array.from(value as ArrayLike<unknown>).join(", ")}]`
    : typeof value === "string"
      ? JSON.stringify(value)
      : String(value);
}
