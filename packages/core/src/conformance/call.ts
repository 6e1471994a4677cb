// One call of an operation as plain data: it can be run on any sampler over NdArray, printed, and replayed.
import type { NdArray } from "../nd-array.ts";
import type { Named, Operation } from "../operation.ts";
import { type OperationName, operations, type TypesOf } from "../operation-table.ts";
import type { Sampler } from "../sampler.ts";

type Flat<T> = { readonly [P in keyof T]: T[P] };

/** The call of one operation, with its tensors of type `T`. */
export type CallOf<O extends OperationName, T = NdArray> = O extends OperationName
  ? Flat<
      { operation: O; options: TypesOf<O>["options"] } & TypesOf<O>["parameters"] &
        Named<T, TypesOf<O>["inputs"]>
    >
  : never;

/** An operation with its arguments. */
export type Call = CallOf<OperationName>;

/** A call with its arrays in the type of one backend. */
export type CallOver<T> = CallOf<OperationName, T>;

/** What a call gives: its results, in the order of the operation's outputs. */
export type Result<T = NdArray> = readonly T[];

/** The table's entry of a call. */
export function operationOf(call: { readonly operation: OperationName }): Operation {
  return operations[call.operation];
}

/** Whether an operation draws Gumbel noise, and so at a precision. */
export function drawsNoise(operation: OperationName): boolean {
  return hasOption(operation, "precision");
}

/** Whether a call of an operation may lack a key, and then takes one of the default stream: not a gradient, which is a sample's. */
export function mayLackKey(operation: OperationName): boolean {
  return hasOption(operation, "key") && operation !== "gumbelSoftmaxVjp";
}

/** Whether an operation has an option. */
export function hasOption(operation: OperationName, option: string): boolean {
  return Object.hasOwn(operations[operation].options, option);
}

/** Names of the tensors that a call is given. */
export function inputNamesOf(call: { readonly operation: OperationName }): string[] {
  return Object.keys(operationOf(call).inputs);
}

/** The tensors that a call is given. */
export function tensorsOf<T>(call: CallOver<T>): T[] {
  return inputNamesOf(call).map((name) => (call as unknown as Named<T>)[name]);
}

/** Runs a call on a sampler. */
export async function runCall<T>(sampler: Sampler<T>, call: CallOver<T>): Promise<Result<T>> {
  const { inputs, parameters, outputs } = operationOf(call);
  const values = call as unknown as Named<unknown>;
  const names = [...Object.keys(inputs), ...parameters, "options"];
  const method = sampler[call.operation] as (...args: unknown[]) => unknown;
  const made = await method(...names.map((name) => values[name]));
  const results = Object.keys(outputs);
  return results.length === 1 ? [made as T] : results.map((name) => (made as Named<T>)[name]);
}

/** Longest array that a printed call shows whole. */
const SHOWN_VALUES = 24;

/** A call as a person would type it; long arrays are cut. */
export function printCall(call: Call): string {
  const { inputs, parameters } = operationOf(call);
  const values = call as unknown as Named<unknown>;
  const options = Object.entries(call.options ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${printValue(value)}`);
  const parts = [
    ...Object.keys(inputs).map((name) => printArray(values[name] as NdArray)),
    ...parameters.map((name) => JSON.stringify(values[name])),
    options.length === 0 ? "{}" : `{ ${options.join(", ")} }`,
  ];
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
  if (typeof value === "string") return JSON.stringify(value);
  if (!ArrayBuffer.isView(value) && !Array.isArray(value)) return String(value);
  const items = Array.from(value as ArrayLike<unknown>);
  const shown = items.slice(0, SHOWN_VALUES).map(printValue).join(", ");
  return `[${shown}${items.length > SHOWN_VALUES ? ", …" : ""}]`;
}
