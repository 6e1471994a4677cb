// A call of any operation on given logits, so that one case can hold for all of them.
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import type { Named, Operation, TensorOf } from "../operation.ts";
import { OPERATION_NAMES, type OperationName, operations } from "../operation-table.ts";
import { key } from "../random/key.ts";
import type { ResolvedLogits } from "../resolve.ts";
import { type Call, type CallOf, hasOption } from "./call.ts";
import { fixedLogits } from "./fixed-logits.ts";

/** An operation that reads logits. */
type WithLogits = Exclude<OperationName, "bits" | "gumbel">;

/** An operation on rows of logits. */
export type OnLogits = Exclude<WithLogits, "relaxedBernoulli" | "relaxedBernoulliLogProb">;

/** The operations on rows of logits. */
export const ON_LOGITS: readonly OnLogits[] = OPERATION_NAMES.filter(
  (name): name is OnLogits => "logits" in operations[name].inputs && hasOption(name, "axis"),
);

/** Whether it is one of them. */
export function isOnLogits(operation: OperationName): operation is OnLogits {
  return (ON_LOGITS as readonly OperationName[]).includes(operation);
}

/** A call of any operation on fixed logits of a shape, or of that shape. */
export function smallCall(
  operation: OperationName,
  shape: readonly number[],
  seed: number,
  options: AnyOptions = {},
): Call {
  if ("logits" in operations[operation].inputs)
    return callOn(operation as WithLogits, fixedLogits(shape, seed), options);
  const taken = Object.entries({ key: key(seed), ...options }).filter(([name]) => hasOption(operation, name));
  return { operation, shape, options: Object.fromEntries(taken) } as Call;
}

/** Options that {@link callOn} takes: those of any operation. */
export type AnyOptions = Omit<
  CallOf<"gumbelSoftmax">["options"] & CallOf<"categorical">["options"],
  "key" | "temperature"
> &
  Pick<CallOf<"categorical">["options"], "key" | "temperature">;

/**
 * A call of an operation on logits. Options that the operation does not have are left out, a key that is left out is a
 * fixed one; the other tensors are fixed, and `k` is everything.
 */
export function callOn(operation: WithLogits, logits: NdArray, options: AnyOptions = {}): Call {
  const entry = operations[operation];
  const taken = Object.fromEntries(
    Object.entries({ key: key(61), ...options }).filter(([name]) => hasOption(operation, name)),
  );
  const parameters = Object.fromEntries(
    entry.parameters.map((name) => [name, logits.shape.at(options.axis ?? -1)]),
  );
  const call = resolvedOf({ operation, logits, ...parameters, options: taken } as Call);
  return { operation, logits, ...otherInputs(entry, call, logits), ...parameters, options: taken } as Call;
}

/** The same call with other logits of the same shape. */
export function withLogits(call: Call, logits: NdArray): Call {
  return { ...call, logits } as Call;
}

/** What the arguments of a call on logits come to. Draws no key of the default stream. */
export function resolvedOf(call: Call): ResolvedLogits {
  const { operation, options } = call;
  const { shape } = (call as unknown as { logits: NdArray }).logits;
  const keyed = hasOption(operation, "key") ? { ...options, key: keyOf(options) } : options;
  return operations[operation].resolve({ ...call, shape }, keyed) as ResolvedLogits;
}

function keyOf(options: object): unknown {
  return "key" in options && options.key != null ? options.key : key(0);
}

/** A log-sample that has no mass where logits, repeated for each sample, are masked. */
export function maskedAs(logits: NdArray, { data, shape }: NdArray): NdArray {
  const isMasked = (i: number) => logits.data[i % logits.data.length] === Number.NEGATIVE_INFINITY;
  const masked = Array.from(data, (value, i) => (isMasked(i) ? Number.NEGATIVE_INFINITY : value));
  return { data: Float32Array.from(masked), shape };
}

/** The inputs beside the logits: floats in [−1, 1), masked as the logits in a log-sample, or a category of each row. */
function otherInputs(entry: Operation, call: ResolvedLogits, logits: NdArray): Named<NdArray> {
  const [, ...others] = Object.entries<TensorOf<object>>(entry.inputs);
  return Object.fromEntries(
    others.map(([name, { dtype, shape }]) => [
      name,
      dtype === "float32"
        ? name === "logSample"
          ? maskedAs(logits, fixedLogits(shape(call), 62, 1))
          : fixedLogits(shape(call), 62, 1)
        : fixedIndices(shape(call), call.layout.categories),
    ]),
  );
}

/** A category of each row, every one of them in turn. */
function fixedIndices(shape: readonly number[], categories: number): NdArray {
  return { data: Int32Array.from({ length: sizeOf(shape) }, (_, i) => (7 * i + 3) % categories), shape };
}

/** Whether an operation refuses rows without a category, because its result is one. */
export function needsCategory(operation: OnLogits | OperationName): boolean {
  try {
    resolvedOf({ operation, logits: { data: [], shape: [1, 0] }, k: 0, options: {} } as never);
    return false;
  } catch {
    return true;
  }
}
