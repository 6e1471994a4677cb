// Lifetime: inputs and earlier results stay as they are, nothing leaks, a disposed backend says so.
import { key } from "../../key.ts";
import type { NdArray } from "../../nd-array.ts";
import { OPERATIONS, type Operation } from "../../sampler.ts";
import { type Call, drawsNoise, runCall } from "../call.ts";
import { callOn } from "../call-on.ts";
import type { ConformanceCase } from "../case.ts";
import { ConformanceFailure } from "../failure.ts";
import { fixedLogits } from "../fixed-logits.ts";
import { createHands, tensorsOf } from "../hands.ts";
import { callOver } from "../subject.ts";
import { refusedCalls, variedCalls } from "../varied-calls.ts";

/** Results held at once: more than a ring of buffers has. */
const HELD = 20;

/** Runs of each call in a leak case: a leak of one tensor a call cannot hide. */
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
      id: `lifetime/inputs-stay-${operation}`,
      kind: "robustness",
      title: `${operation} leaves its inputs and its options as they were`,
      clauses: ["LIFE-1"],
      needs: { operations: [operation] },
      async run({ backend }) {
        // Made anew, not kept: a backend whose tensors are our arrays could change both.
        const calls = () => variedCalls(operation, 101, backend.sampler.capabilities);
        for (const [i, call] of calls().entries()) {
          const hands = createHands(backend);
          const inputs = await hands.give(call);
          await hands.run(inputs);
          await hands.expectUntouched(inputs, calls()[i]);
          await hands.releaseAll();
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
        const hands = createHands(backend);
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
          for (const tensor of await hands.run(await hands.give(call))) {
            held.push({ call, tensor, before: await backend.toArray(tensor) });
          }
        }
        for (const { call, tensor, before } of held) {
          await hands.expectSame(
            tensor,
            before,
            call,
            "a later call took an earlier result away or changed it",
          );
        }
        await hands.releaseAll();
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
          const { values, indices } = await subject.run(call);
          const hands = createHands(backend);
          const given = await hands.give(call);
          const twins = await hands.run(given);
          const tensors = await hands.run(given);
          // Not all but the results: where these are the twin or an input, they must go too.
          await hands.release([...twins, ...tensorsOf(given)]);
          for (const [i, tensor] of tensors.entries()) {
            const note = "a result is shared with its inputs or with the result of the same call";
            await hands.expectSame(tensor, i === 0 ? values : indices!, call, note);
          }
          await hands.releaseAll();
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
          const given = await callOver(call, async (array) => backend.fromArray(array));
          try {
            backend.sampler.dispose!();
            backend.sampler.dispose!();
          } catch (error) {
            throw fail(`dispose must not throw, twice either, got ${error}`);
          }
          const refusal: unknown = await runCall(backend.sampler, given).then(
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
