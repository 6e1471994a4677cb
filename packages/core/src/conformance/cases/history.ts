// What was called before leaves no trace: neither in results nor in inputs, nor alive, on whatever path a call takes.
import fc from "fast-check";
import { isKeyList } from "../../filters.ts";
import type { NdArray } from "../../nd-array.ts";
import { OPERATION_NAMES, type OperationName } from "../../operation-table.ts";
import { type Key, key } from "../../random/key.ts";
import type { Capabilities } from "../../sampler.ts";
import { anyCall } from "../arbitrary.ts";
import { type Call, hasOption, inputNamesOf, tensorsOf } from "../call.ts";
import { callOn, isOnLogits, smallCall } from "../call-on.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { checkPremise, checkResult, dueOf, runOrFail } from "../checks/check.ts";
import { ConformanceFailure } from "../failure.ts";
import { fixedLogits, winningByOne } from "../fixed-logits.ts";
import { forAll } from "../property.ts";
import { HIGHEST_WORDS } from "../rare-keys.ts";
import { createRetainingRunner } from "../retaining-runner.ts";
import { callOver } from "../subject.ts";

/** Fewer than elsewhere: each input takes six calls, and on a GPU a new shape a new kernel. */
const RUNS = { quick: 40, full: 80 };

/** How often a call is made again until nothing more stays alive. */
const PASSES = 3;

/** Side of the square tensor whose axes, rows and samples a cache could confuse. */
const SIDE = 8;

export const historyCases: readonly ConformanceCase[] = [
  ...OPERATION_NAMES.map(
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
  ...OPERATION_NAMES.map(
    (operation): ConformanceCase => ({
      id: `history/same-inputs-${operation}`,
      kind: "exact",
      title: `${operation} of the same tensors or shape with other options, one after the other, gives each call its own result`,
      clauses: ["KEY-4"],
      needs: { operations: [operation] },
      async run(context) {
        const calls = callsThatDifferInOneOption(operation, context.backend.sampler.capabilities);
        // Back again too: of any two calls, each is the earlier one once.
        await runOnSameTensors(context, [...calls, ...[...calls].reverse()]);
      },
    }),
  ),
];

/** A call of each operation that a backend has, on the same few elements. */
function smallCalls({ operations, precisions }: Capabilities): Call[] {
  const options = { key: key(134), ...(precisions.includes("full") ? {} : { precision: precisions[0] }) };
  return operations.map((operation) => smallCall(operation, [3, 4], 135, options));
}

/** Calls on one tensor or shape, and for gradients one cotangent, that differ from the first in an option, a key or k. */
function callsThatDifferInOneOption(operation: OperationName, capabilities: Capabilities): Call[] {
  const [{ seed, index }] = HIGHEST_WORDS;
  const base = baseCall(operation, seed, index);
  const differing = (options: object) => ({ ...base, options: { ...base.options, ...options } }) as Call;
  const options: object[] = [];
  const has = (option: string) => hasOption(operation, option);
  if (has("axis")) options.push({ axis: 0 });
  if (has("temperature")) options.push({ temperature: 0.5 }, { temperature: 2 });
  if (has("hard")) options.push({ hard: true });
  if (has("log") && capabilities.logarithms) options.push({ log: true });
  if (has("precision")) options.push(...capabilities.precisions.map((precision) => ({ precision })));
  if (has("key")) {
    options.push({ key: [seed, 0] }, { key: [1, seed] });
    if (capabilities.sharding) {
      options.push({ offset: 1 }, { offset: 2 ** 32 }, { rowStride: SIDE + 1 }, { rowStride: 2 * SIDE });
    }
  }
  if (has("estimator")) options.push(...estimatorsOf(capabilities));
  if (has("sampleShape") && tensorsOf(base).length === 1) {
    options.push(...[[2, 3], [3, 2], [6]].map((sampleShape) => ({ sampleShape })));
  }
  const calls = [base, ...options.map(differing)];
  if ("k" in base) calls.push(...[1, 3].map((k) => ({ ...base, k })));
  if ("cotangent" in base) calls.push({ ...base, cotangent: fixedLogits([SIDE, SIDE], 133, 1) });
  return calls;
}

/** Every estimator that a backend has. */
function estimatorsOf({ estimators = [] }: Capabilities): object[] {
  return estimators.map((estimator) => ({
    hard: true,
    estimator,
    ...(estimator === "straight-through" ? { backwardTemperature: 0.5 } : {}),
  }));
}

/** A call whose first row goes to another category at another precision. */
function baseCall(operation: OperationName, seed: number, index: number): Call {
  const shape = [SIDE, SIDE];
  if (!isOnLogits(operation)) return smallCall(operation, shape, 132, { key: key(seed) });
  const logits = fixedLogits(shape, 132, 1);
  logits.data.set(winningByOne(seed, index).data);
  return callOn(operation, logits, { key: key(seed) });
}

/** Runs calls one after the other; where two are given the same array, they get the same tensor. */
async function runOnSameTensors({ backend, subject }: CaseContext, calls: readonly Call[]): Promise<void> {
  const tensors = new Map<NdArray, unknown>();
  const convert = async (array: NdArray) => {
    if (!tensors.has(array)) tensors.set(array, await backend.fromArray(array));
    return tensors.get(array);
  };
  const runner = createRetainingRunner(backend);
  await checkPremise(subject, calls[0]);
  try {
    for (const call of calls) {
      const got: NdArray[] = [];
      for (const tensor of await runner.run(await callOver(call, convert)))
        got.push(await backend.toArray(tensor));
      checkResult(call, got, await dueOf(call));
    }
  } finally {
    await runner.releaseAll();
    for (const tensor of tensors.values()) await backend.release(tensor);
  }
}

async function expectNoTrace(context: CaseContext, call: Call, other: Call): Promise<void> {
  // The first passes may fill caches and pools, also one more of a kind; what leaks does so every time.
  await runAndLookBack(context, call, other);
  let [before, left] = [undefined as number | undefined, await context.backend.liveTensors?.()];
  for (let pass = 0; pass < PASSES; pass++) {
    before = left;
    await runAndLookBack(context, call, other);
    left = await context.backend.liveTensors?.();
    if (before === left) return;
  }
  const note = "tensors are left alive";
  throw new ConformanceFailure("LIFE-2", { note, call, got: left!, expected: before! });
}

/** Runs a call and others after it, and checks that its inputs are untouched and its results stay. */
async function runAndLookBack({ subject, backend }: CaseContext, call: Call, other: Call): Promise<void> {
  const runner = createRetainingRunner(backend);
  // A backend whose tensors are our arrays could change both.
  const untouched = copyOf(call);
  const uploaded = await runner.upload(call);
  const results = await runner.run(uploaded);
  await runner.expectUntouched(uploaded, untouched);
  await runner.release(tensorsOf(uploaded));
  const before = [];
  for (const tensor of results) before.push(copyOfArray(await backend.toArray(tensor)));
  for (const later of [twinOf(call), other]) await runOrFail(subject, later);
  for (const [i, tensor] of results.entries()) {
    const note = `a later call, of ${call.operation} or ${other.operation}, took an earlier result away or changed it`;
    await runner.expectSame(tensor, before[i], call, note);
  }
  await runner.releaseAll();
}

/** A call whose results have the same shapes and other values. */
function twinOf(call: Call): Call {
  const twin: Record<string, unknown> = { ...call };
  if ("key" in call.options && call.options.key != null) {
    const { key } = call.options;
    const twinKey = ([hi, lo]: Key): Key => [hi, (lo ^ 1) >>> 0];
    twin.options = { ...call.options, key: isKeyList(key) ? key.map(twinKey) : twinKey(key as Key) };
  }
  if ("logits" in call) {
    const { data, shape } = call.logits;
    twin.logits = { data: Array.from(data as ArrayLike<number>).reverse(), shape };
  }
  return twin as unknown as Call;
}

function copyOf(call: Call): Call {
  const copied: Record<string, unknown> = { ...call, options: structuredClone(call.options) };
  for (const name of inputNamesOf(call)) copied[name] = copyOfArray(copied[name] as NdArray);
  return copied as unknown as Call;
}

function copyOfArray({ data, shape }: NdArray): NdArray {
  return { data: Float64Array.from(data), shape: [...shape] };
}
