// Lifetime: inputs and earlier results stay as they are, nothing leaks, a disposed backend says so.
import { key } from "../../key.ts";
import type { NdArray } from "../../nd-array.ts";
import { OPERATIONS, type Operation } from "../../sampler.ts";
import type { ConformanceBackend } from "../backend.ts";
import { type Call, type Result, runCall } from "../call.ts";
import type { ConformanceCase } from "../case.ts";
import { ConformanceFailure } from "../failure.ts";
import { fixedLogits } from "../fixed-logits.ts";
import { sameData } from "../same-data.ts";
import { callOver } from "../subject.ts";
import { callOn } from "./logits.ts";

/** Calls per operation in a leak case: a leak of one tensor a call cannot hide. */
const CALLS = { quick: 10, full: 100 };

function callsOf(operation: Operation, seed: number): Call[] {
  if (operation === "bits" || operation === "gumbel") {
    return [{ operation, shape: [4, 6], options: { key: key(seed) } }];
  }
  const logits = fixedLogits([4, 6], seed);
  const plain = callOn(operation, logits, { key: key(seed) });
  const isSoft = operation !== "categorical" && operation !== "topK";
  return isSoft ? [plain, callOn(operation, logits, { key: key(seed), hard: true })] : [plain];
}

export const lifetimeCases: readonly ConformanceCase[] = OPERATIONS.flatMap(
  (operation): ConformanceCase[] => [
    {
      id: `lifetime/results-stay-${operation}`,
      kind: "robustness",
      title: `${operation} changes neither its inputs nor its options, and a later one no earlier result`,
      clauses: ["LIFE-1"],
      needs: { operations: [operation] },
      async run({ backend }) {
        for (const call of callsOf(operation, 101)) {
          const held: unknown[] = [];
          // Made anew, not kept: a backend whose tensors are our arrays could change both.
          const untouched = callsOf(operation, 101).find((same) => isHard(same) === isHard(call))!;
          const given = await callOver(call, async (array) => {
            const tensor = await backend.fromArray(array);
            held.push(tensor);
            return tensor;
          });
          const result = await runCall(backend.sampler, given);
          held.push(result.values, ...(result.indices === undefined ? [] : [result.indices]));
          const before = await read(backend, result);
          const inputs = await Promise.all(tensorsOf(given).map((tensor) => backend.toArray(tensor)));
          for (const later of callsOf(operation, 102)) {
            const other = await callOver(later, async (array) => backend.fromArray(array));
            const unused = await runCall(backend.sampler, other);
            held.push(
              ...tensorsOf(other),
              unused.values,
              ...(unused.indices === undefined ? [] : [unused.indices]),
            );
          }
          const index = sameData(before, await read(backend, result));
          if (index !== undefined) {
            throw new ConformanceFailure("LIFE-1", {
              note: "a later call changed an earlier result",
              call,
              index,
            });
          }
          if (JSON.stringify(call.options) !== JSON.stringify(untouched.options)) {
            throw new ConformanceFailure("LIFE-1", { note: "the call changed its options or its key", call });
          }
          const originals = tensorsOf(untouched) as NdArray[];
          originals.forEach((original, i) => {
            const changed = sameData({ values: original }, { values: inputs[i] });
            if (changed === undefined) return;
            throw new ConformanceFailure("LIFE-1", {
              note: "the call changed its input",
              call,
              index: changed,
            });
          });
          for (const tensor of held) await backend.release(tensor);
        }
      },
    },
    {
      id: `lifetime/no-leak-${operation}`,
      kind: "robustness",
      title: `${operation} leaves nothing alive when its inputs and results are released`,
      clauses: ["LIFE-2"],
      needs: { operations: [operation], counting: true },
      async run({ subject, backend, quick }) {
        const calls = callsOf(operation, 103);
        // The first round may fill caches.
        for (const call of calls) await subject.run(call);
        const before = await backend.liveTensors!();
        for (let i = 0; i < (quick ? CALLS.quick : CALLS.full); i++) {
          for (const call of calls) await subject.run(call);
        }
        await subject
          .run({ ...calls[0], options: { ...calls[0].options, key: null } } as unknown as Call)
          .catch(() => {});
        const after = await backend.liveTensors!();
        if (after === before) return;
        const note = "tensors are left alive";
        throw new ConformanceFailure("LIFE-2", { note, call: calls[0], got: after, expected: before });
      },
    },
    {
      id: `lifetime/dispose-${operation}`,
      kind: "robustness",
      title: `${operation} of a disposed sampler throws`,
      clauses: ["LIFE-3"],
      needs: { operations: [operation], dispose: true },
      async run({ create }) {
        const backend = await create();
        const [call] = callsOf(operation, 104);
        try {
          const given = await callOver(call, async (array) => backend.fromArray(array));
          backend.sampler.dispose!();
          backend.sampler.dispose!();
          await runCall(backend.sampler, given);
        } catch (error) {
          if (error instanceof Error) return;
          throw new ConformanceFailure("LIFE-3", {
            note: `what is thrown must be an Error, got ${error}`,
            call,
          });
        } finally {
          await backend.dispose?.();
        }
        throw new ConformanceFailure("LIFE-3", { note: "a disposed sampler still gives results", call });
      },
    },
  ],
);

function isHard({ options }: Call): boolean {
  return "hard" in options && options.hard === true;
}

async function read(backend: ConformanceBackend<unknown>, result: Result<unknown>): Promise<Result> {
  const values = await backend.toArray(result.values);
  return result.indices === undefined
    ? { values }
    : { values, indices: await backend.toArray(result.indices) };
}

function tensorsOf(call: object): unknown[] {
  return ["logits", "cotangent"]
    .filter((name) => name in call)
    .map((name) => (call as Record<string, unknown>)[name]);
}
