// What was called before leaves no trace: neither in results nor in inputs, nor alive, on whatever path a call takes.
import fc from "fast-check";
import { key } from "../../key.ts";
import type { NdArray } from "../../nd-array.ts";
import { type Capabilities, OPERATIONS, type Operation } from "../../sampler.ts";
import { anyCall } from "../arbitrary.ts";
import { type Call, drawsNoise } from "../call.ts";
import { callOn, type OnLogits } from "../call-on.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { checkResult, expectedOf, runOrFail } from "../checks/check.ts";
import { ConformanceFailure } from "../failure.ts";
import { fixedLogits, winningByOne } from "../fixed-logits.ts";
import { createHands, tensorsOf } from "../hands.ts";
import { forAll } from "../property.ts";
import { HIGHEST_WORDS } from "../rare-keys.ts";
import { callOver } from "../subject.ts";

const ON_LOGITS = OPERATIONS.filter(
  (operation): operation is OnLogits => operation !== "bits" && operation !== "gumbel",
);

/** Fewer than elsewhere: each input takes six calls, and on a GPU a new shape a new kernel. */
const RUNS = { quick: 40, full: 80 };

/** Side of the square tensor whose axes, rows and samples a cache could confuse. */
const SIDE = 8;

export const historyCases: readonly ConformanceCase[] = [
  ...OPERATIONS.map(
    (operation): ConformanceCase => ({
      id: `history/any-call-${operation}`,
      kind: "property",
      title: `any call of ${operation} leaves its inputs as they were, nothing alive, and a result that the next call does not change`,
      clauses: ["LIFE-1", "LIFE-2"],
      needs: { operations: [operation], precisions: [] },
      run: (context) => {
        const { capabilities } = context.backend.sampler;
        const others = fc.constantFrom(...smallCalls(capabilities));
        return forAll(
          context,
          fc.tuple(anyCall(operation, capabilities), others),
          ([call, other]) => expectNoTrace(context, call, other),
          RUNS,
        );
      },
    }),
  ),
  ...OPERATIONS.map(
    (operation): ConformanceCase => ({
      id: `history/same-inputs-${operation}`,
      kind: "exact",
      title: `${operation} of the same tensors or shape with other options, one after the other, gives each call its own result`,
      clauses: ["KEY-4"],
      needs: { operations: [operation] },
      async run(context) {
        const calls = callsThatDifferInOneOption(operation, context.backend.sampler.capabilities);
        // Back again too: of any two calls, each is the earlier one once.
        await runOnSameTensors(context, [...calls, ...calls.toReversed()]);
      },
    }),
  ),
  ...ON_LOGITS.map(
    (operation): ConformanceCase => ({
      id: `history/validate-${operation}`,
      kind: "exact",
      title: `${operation} validates the call that asks for it, and no other of the same tensor`,
      clauses: ["LOGITS-4"],
      needs: { operations: [operation] },
      async run({ backend }) {
        const hands = createHands(backend);
        const { data, shape } = fixedLogits([5, 4], 131);
        data[9] = Number.NaN;
        const call = callOn(operation, { data, shape });
        const given = await hands.give(call);
        for (const validate of [false, true, false, true]) {
          const asked = { ...given, options: { ...given.options, validate } } as typeof given;
          const error = await hands.run(asked).then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          if (validate === (error instanceof Error && error.name === "DegenerateRowError")) continue;
          const note = `with validate: ${validate}, after calls with and without, came ${error ?? "no error"}`;
          throw new ConformanceFailure("LOGITS-4", { note, call });
        }
        await hands.releaseAll();
      },
    }),
  ),
];

/** A call of each operation that a backend has, on the same few elements. */
function smallCalls({ operations, precisions }: Capabilities): Call[] {
  const options = { key: key(134), ...(precisions.includes("full") ? {} : { precision: precisions[0] }) };
  return operations.map((operation): Call => {
    if (operation === "bits") return { operation, shape: [3, 4], options: { key: key(134) } };
    if (operation === "gumbel") return { operation, shape: [3, 4], options };
    return callOn(operation, fixedLogits([3, 4], 135), options);
  });
}

/** Calls on one tensor or shape, and for gradients one cotangent, that differ from the first in an option, a key or k. */
function callsThatDifferInOneOption(operation: Operation, capabilities: Capabilities): Call[] {
  const [{ seed, index }] = HIGHEST_WORDS;
  const base = baseCall(operation, seed, index);
  const differing = (options: object) => ({ ...base, options: { ...base.options, ...options } }) as Call;
  const options: object[] = [];
  if ("logits" in base) options.push({ axis: 0 }, { validate: true });
  if (isSoft(operation)) options.push({ temperature: 0.5 }, { temperature: 2 }, { hard: true });
  if (drawsNoise(operation)) options.push(...capabilities.precisions.map((precision) => ({ precision })));
  if (drawsNoise(operation) || operation === "bits") {
    options.push({ key: [seed, 0] }, { key: [1, seed] });
    if (capabilities.sharding) {
      options.push({ offset: 1 }, { offset: 2 ** 32 }, { rowStride: SIDE + 1 }, { rowStride: 2 * SIDE });
    }
  }
  if (operation === "categorical" || operation === "gumbelSoftmax") {
    options.push(...[[2, 3], [3, 2], [6]].map((sampleShape) => ({ sampleShape })));
  }
  const calls = [base, ...options.map(differing)];
  if (base.operation === "topK") calls.push(...[1, 3].map((k) => ({ ...base, k })));
  if ("cotangent" in base) calls.push({ ...base, cotangent: fixedLogits([SIDE, SIDE], 133, 1) });
  return calls;
}

/** A call whose first row goes to another category at another precision. */
function baseCall(operation: Operation, seed: number, index: number): Call {
  const shape = [SIDE, SIDE];
  if (operation === "bits" || operation === "gumbel")
    return { operation, shape, options: { key: key(seed) } };
  const logits = fixedLogits(shape, 132, 1);
  logits.data.set(winningByOne(seed, index).data);
  return callOn(operation, logits, { key: key(seed) });
}

function isSoft(operation: Operation): boolean {
  return operation.toLowerCase().includes("softmax");
}

/** Runs calls one after the other; where two are given the same array, they get the same tensor. */
async function runOnSameTensors({ backend }: CaseContext, calls: readonly Call[]): Promise<void> {
  const tensors = new Map<NdArray, unknown>();
  const convert = async (array: NdArray) => {
    if (!tensors.has(array)) tensors.set(array, await backend.fromArray(array));
    return tensors.get(array);
  };
  const hands = createHands(backend);
  try {
    for (const call of calls) {
      const [values, indices] = await hands.run(await callOver(call, convert));
      const got = { values: await backend.toArray(values) };
      const both = indices === undefined ? got : { ...got, indices: await backend.toArray(indices) };
      checkResult(call, both, await expectedOf(call));
    }
  } finally {
    await hands.releaseAll();
    for (const tensor of tensors.values()) await backend.release(tensor);
  }
}

async function expectNoTrace({ subject, backend }: CaseContext, call: Call, other: Call): Promise<void> {
  // The first calls of their kind may fill caches.
  const later = [twinOf(call), other];
  for (const each of [call, ...later]) await runOrFail(subject, each);
  const alive = await backend.liveTensors?.();
  const hands = createHands(backend);
  // A backend whose tensors are our arrays could change both.
  const untouched = copyOf(call);
  const given = await hands.give(call);
  const results = await hands.run(given);
  await hands.expectUntouched(given, untouched);
  await hands.release(tensorsOf(given));
  const before = [];
  for (const tensor of results) before.push(copyOfArray(await backend.toArray(tensor)));
  for (const each of later) await runOrFail(subject, each);
  for (const [i, tensor] of results.entries()) {
    const note = `a later call, of ${call.operation} or ${other.operation}, took an earlier result away or changed it`;
    await hands.expectSame(tensor, before[i], call, note);
  }
  await hands.releaseAll();
  const left = await backend.liveTensors?.();
  if (alive === left) return;
  const note = "tensors are left alive";
  throw new ConformanceFailure("LIFE-2", { note, call, got: left!, expected: alive! });
}

/** A call whose results have the same shapes and other values. */
function twinOf(call: Call): Call {
  const twin: Record<string, unknown> = { ...call };
  if ("key" in call.options && call.options.key !== undefined) {
    const [hi, lo] = call.options.key;
    twin.options = { ...call.options, key: [hi, (lo ^ 1) >>> 0] };
  }
  if ("logits" in call) {
    const { data, shape } = call.logits;
    twin.logits = { data: Array.from(data as ArrayLike<number>).reverse(), shape };
  }
  return twin as Call;
}

function copyOf(call: Call): Call {
  const copied: Record<string, unknown> = { ...call, options: structuredClone(call.options) };
  if ("logits" in call) copied.logits = copyOfArray(call.logits);
  if ("cotangent" in call) copied.cotangent = copyOfArray(call.cotangent);
  return copied as Call;
}

function copyOfArray({ data, shape }: NdArray): NdArray {
  return { data: Float64Array.from(data), shape: [...shape] };
}
