// Samplers that answer by promises: the same tokens, and logits that may change meanwhile.
import { createSampler, key } from "@gumbel/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { type ArraySampler, createTokenSampler, type NextToken, verifyDraft } from "../src/index.ts";

const reference = createSampler();
/** Reads its inputs before it waits, as the contract of samplers has it. */
const later: ArraySampler<"async"> = {
  backend: "later",
  capabilities: reference.capabilities,
  categorical: async (...args) => reference.categorical(...args),
  logProb: async (...args) => reference.logProb(...args),
};
const options = { key: key(1), topP: 0.9, repetitionPenalty: 1.2, logProbs: 3 } as const;

describe.each(["raw", "processed"] as const)("%s log-probabilities", (logProbsMode) => {
  it.each([options, { key: key(2), logProbs: 3 }])(
    "come with the tokens that a sampler gives at once",
    async (given) => {
      const logits = Float32Array.from({ length: 30 }, (_, i) => Math.sin(i));
      const step = { history: [3, 4] };
      const asynchronous = createTokenSampler({ ...given, logProbsMode, sampler: later });
      const promise = asynchronous.next(logits, step);
      const expected = createTokenSampler({ ...given, logProbsMode, sampler: reference }).next(logits, step);
      logits.fill(0);
      expect(await promise).toEqual(expected);
      expectTypeOf(promise).toEqualTypeOf<Promise<NextToken>>();
      expectTypeOf(expected).toEqualTypeOf<NextToken>();
    },
  );
});

it("may be promises of another library", async () => {
  const thenable = <R>(value: R) => ({
    // biome-ignore lint/suspicious/noThenProperty: such a promise is what is given
    then: (next: (value: R) => unknown) => void Promise.resolve(value).then(next),
  });
  const foreign = {
    ...later,
    categorical: (...args) => thenable(reference.categorical(...args)) as never,
    logProb: (...args) => thenable(reference.logProb(...args)) as never,
  } satisfies ArraySampler<"async">;
  const logits = Float32Array.from({ length: 30 }, (_, i) => Math.sin(i));
  const step = { history: [3, 4] };
  expect(await createTokenSampler({ ...options, sampler: foreign }).next(logits, step)).toEqual(
    createTokenSampler({ ...options, sampler: reference }).next(logits, step),
  );
});

it("verifies drafts as well", async () => {
  const logits = { data: new Float32Array(20), shape: [2, 10] };
  const now = createTokenSampler({ ...options, sampler: reference });
  const then = createTokenSampler({ ...options, sampler: later });
  expect(await verifyDraft(then, logits, [3], { history: [1] })).toEqual(
    verifyDraft(now, logits, [3], { history: [1] }),
  );
});

it("throws at once what is refused", () => {
  const tokens = createTokenSampler({ sampler: later });
  expect(() => tokens.next(new Float32Array(3), {})).toThrow("history or position must be given");
});
