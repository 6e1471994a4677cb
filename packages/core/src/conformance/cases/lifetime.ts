// Lifetime: inputs and earlier results stay as they are, nothing leaks, a disposed backend says so.

import type { NdArray } from "../../nd-array.ts";
import { OPERATION_NAMES, type OperationName } from "../../operation-table.ts";
import { key } from "../../random/key.ts";
import { type Call, drawsNoise, hasOption, runCall, tensorsOf } from "../call.ts";
import { smallCall } from "../call-on.ts";
import type { ConformanceCase } from "../case.ts";
import { ConformanceFailure } from "../failure.ts";
import { createRetainingRunner } from "../retaining-runner.ts";
import { callOver } from "../subject.ts";
import { refusedCalls, variedCalls } from "../varied-calls.ts";

/** Results held at once: more than a ring of buffers has. */
const HELD = 20;

/** Runs of each call in a leak case: a leak of one tensor a call cannot hide. */
const CALLS = { quick: 10, full: 100 };

function callsOf(operation: OperationName, seed: number): Call[] {
  const plain = smallCall(operation, [4, 6], seed, { key: key(seed) });
  const hard = { ...plain, options: { ...plain.options, hard: true } } as Call;
  return hasOption(operation, "hard") ? [plain, hard] : [plain];
}

export const lifetimeCases: readonly ConformanceCase[] = OPERATION_NAMES.flatMap(
  (operation): ConformanceCase[] => [
    {
      id: `lifetime/inputs-stay-${operation}`,
      kind: "robustness",
      title: `${operation} leaves its inputs and its options as they were`,
      clauses: ["LIFE-1"],
      needs: { operations: [operation] },
      async run({ backend }) {
        // Made anew, not kept: a backend whose tensors are our arrays could change both.
        const calls = () => variedCalls(operation, 101, backend.sampler.capabilities);
        for (const [i, call] of calls().entries()) {
          const runner = createRetainingRunner(backend);
          const inputs = await runner.upload(call);
          await runner.run(inputs);
          await runner.expectUntouched(inputs, calls()[i]);
          await runner.releaseAll();
        }
      },
    },
    {
      id: `lifetime/results-stay-${operation}`,
      kind: "robustness",
      title: `results of ${operation} are not changed by the next ones, of any operation`,
      clauses: ["LIFE-1"],
      needs: { operations: [operation] },
      async run({ backend }) {
        const runner = createRetainingRunner(backend);
        const { operations, precisions } = backend.sampler.capabilities;
        const others = operations.filter(
          (other) => other !== operation && (precisions.includes("full") || !drawsNoise(other)),
        );
        const calls = [
          ...Array.from({ length: HELD }, (_, i) => callsOf(operation, 200 + i)).flat(),
          ...others.flatMap((other) => callsOf(other, 200)),
        ];
        const held: { call: Call; tensor: unknown; before: NdArray }[] = [];
        for (const call of calls) {
          for (const tensor of await runner.run(await runner.upload(call))) {
            held.push({ call, tensor, before: await backend.toArray(tensor) });
          }
        }
        for (const { call, tensor, before } of held) {
          await runner.expectSame(
            tensor,
            before,
            call,
            "a later call took an earlier result away or changed it",
          );
        }
        await runner.releaseAll();
      },
    },
    {
      id: `lifetime/results-own-${operation}`,
      kind: "robustness",
      title: `a result of ${operation} outlives its inputs and the result of the same call`,
      clauses: ["LIFE-1"],
      needs: { operations: [operation] },
      async run({ backend, subject }) {
        for (const call of variedCalls(operation, 102, backend.sampler.capabilities)) {
          const expected = await subject.run(call);
          const runner = createRetainingRunner(backend);
          const uploaded = await runner.upload(call);
          const twins = await runner.run(uploaded);
          const tensors = await runner.run(uploaded);
          // Not all but the results: where these are the twin or an input, they must go too.
          await runner.release([...twins, ...tensorsOf(uploaded)]);
          for (const [i, tensor] of tensors.entries()) {
            const note = "a result is shared with its inputs or with the result of the same call";
            await runner.expectSame(tensor, expected[i], call, note);
          }
          await runner.releaseAll();
        }
      },
    },
    {
      id: `lifetime/no-leak-${operation}`,
      kind: "robustness",
      title: `${operation} leaves nothing alive when its inputs and results are released, nor when it throws`,
      clauses: ["LIFE-2"],
      needs: { operations: [operation], counting: true },
      async run({ subject, backend, quick }) {
        const calls = [
          ...variedCalls(operation, 103, backend.sampler.capabilities),
          ...refusedCalls(operation, 103),
        ];
        for (const call of calls) {
          const run = () => subject.run(call).catch(() => {});
          // The first call may fill caches.
          await run();
          const before = await backend.liveTensors!();
          for (let i = 0; i < (quick ? CALLS.quick : CALLS.full); i++) await run();
          const after = await backend.liveTensors!();
          if (after === before) continue;
          const note = "tensors are left alive";
          throw new ConformanceFailure("LIFE-2", { note, call, got: after, expected: before });
        }
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
        const fail = (note: string) => new ConformanceFailure("LIFE-3", { note, call });
        try {
          const inputs = await callOver(call, async (array) => backend.fromArray(array));
          try {
            backend.sampler.dispose();
            backend.sampler.dispose();
          } catch (error) {
            throw fail(`dispose must not throw, twice either, got ${error}`);
          }
          const refusal: unknown = await runCall(backend.sampler, inputs).then(
            () => undefined,
            (error: unknown) => error,
          );
          if (refusal === undefined) throw fail("a disposed sampler still gives results");
          if (!(refusal instanceof Error)) throw fail(`what is thrown must be an Error, got ${refusal}`);
        } finally {
          await backend.dispose?.();
        }
      },
    },
  ],
);
