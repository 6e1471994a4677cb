// Shorthands for faults on a finished sampler: other options going in, other values coming out.
import { operations } from "../../src/adapter.ts";
import type { OperationName } from "../../src/index.ts";
import type { Fault, FaultContext, Handle } from "./float-backend.ts";

/** Any option of any operation. */
export interface Options {
  key?: readonly [number, number];
  precision?: "full" | "jax";
  offset?: number;
  rowStride?: number;
  axis?: number;
  temperature?: number;
  hard?: boolean;
  sampleShape?: readonly number[];
}

/** A call that a fault looks at: its arguments before the options, and these. */
export interface AlteredCall {
  readonly operation: OperationName;
  /** Shape, or logits with cotangent or k. */
  readonly inputs: unknown[];
  readonly options: Options;
  /** The logits of an operation that takes some. */
  readonly logits: Handle;
  /** The call as the honest backend answers it, with other options or inputs on request. */
  honest(options?: Options, inputs?: unknown[]): Promise<Handle[]>;
}

function isOptions(value: unknown): boolean {
  return value == null || (typeof value === "object" && !Array.isArray(value) && !ArrayBuffer.isView(value));
}

/** Arguments before the options. */
function countInputs(operation: OperationName): number {
  const { inputs, parameters } = operations[operation];
  return Object.keys(inputs).length + parameters.length;
}

/** A fault in some operations, given all of a call; answers with the results, values before indices. */
export function alter(
  operations: readonly OperationName[],
  answer: (call: AlteredCall, context: FaultContext) => Promise<Handle[]>,
): Fault {
  return {
    sampler(honest, context) {
      const altered: Record<string, unknown> = {};
      for (const operation of operations) {
        const method = honest[operation] as (...values: unknown[]) => unknown;
        altered[operation] = async (...values: unknown[]) => {
          const inputs = values.slice(0, countInputs(operation));
          // A fault has no part in what is no object of options.
          if (!isOptions(values[inputs.length])) return method(...values);
          const options = values[countInputs(operation)] as Options;
          const run = async (changed = options, given = inputs): Promise<Handle[]> => {
            const result = (await method(...given, changed)) as Handle & { values: Handle; indices: Handle };
            return operation === "gumbelTopK" ? [result.values, result.indices] : [result];
          };
          const logits = inputs[0] as Handle;
          const [first, second] = await answer({ operation, inputs, options, logits, honest: run }, context);
          return operation === "gumbelTopK" ? { values: first, indices: second } : first;
        };
      }
      return altered;
    },
  };
}

/** A fault that takes some options for others. */
export function given(
  operations: readonly OperationName[],
  change: (options: Options, call: AlteredCall) => Options,
): Fault {
  return alter(operations, (call) => call.honest(change(call.options ?? {}, call)));
}

/** A fault that spoils right results, in place. */
export function spoil(
  operations: readonly OperationName[],
  change: (results: (Float32Array | Int32Array)[], call: AlteredCall) => void,
): Fault {
  return alter(operations, async (call) => {
    const results = await call.honest();
    change(
      results.map(({ data }) => data),
      { ...call, options: call.options ?? {} },
    );
    return results;
  });
}

/** Whether the categories of a call lie along the last axis. */
export function isLastAxis({ logits, options }: AlteredCall): boolean {
  const { axis = -1 } = options;
  return axis === -1 || axis === logits.shape.length - 1;
}

/** Product of a shape. */
export function productOf(shape?: readonly number[] | null): number {
  return (shape ?? []).reduce((product, dimension) => product * dimension, 1);
}
