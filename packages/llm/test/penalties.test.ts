// Bias and penalties against their formulas, written out in float64.
import { createSampler, key } from "@gumbel/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createTokenSampler } from "../src/index.ts";
import { arbitraryPenalties, arbitraryRows, arbitraryTokens, type Penalties } from "./random-logits.ts";

const V = 8;
const reference = createSampler();

/** The definition: token by token, over the whole vocabulary. */
function restated(
  logits: Float32Array,
  history: number[],
  promptLength: number,
  options: Penalties,
): Float32Array {
  const { penaltyWindow } = options;
  const r = options.repetitionPenalty ?? 1;
  const f = options.frequencyPenalty ?? 0;
  const p = options.presencePenalty ?? 0;
  const recent = penaltyWindow == null ? history : history.slice(-penaltyWindow);
  const output = penaltyWindow == null ? history.slice(promptLength) : recent;
  return logits.map((logit, token) => {
    const biased = logit + (options.logitBias?.get(token) ?? 0);
    const repeated = recent.includes(token) ? (biased > 0 ? biased / r : biased * r) : biased;
    const count = output.filter((other) => other === token).length;
    return Math.fround(repeated - (count > 0 ? f * count + p : 0));
  });
}

/** The logits that a token sampler gives to the sampler behind it. */
function adjusted(
  logits: Float32Array,
  history: number[],
  promptLength: number,
  options: Penalties,
): Float32Array {
  let seen = new Float32Array();
  const spy: typeof reference = Object.create(reference, {
    categorical: {
      value: (...args: Parameters<typeof reference.categorical>) => {
        seen = Float32Array.from(args[0].data);
        return reference.categorical(...args);
      },
    },
  });
  createTokenSampler({ ...options, key: key(1), sampler: spy }).next(logits, { history, promptLength });
  return seen;
}

it("changes logits by bias, then repetition, then frequency and presence, as their formulas say", () => {
  const setting = fc.tuple(
    arbitraryRows(1, V),
    arbitraryTokens(V),
    fc.nat({ max: 12 }),
    arbitraryPenalties(V),
  );
  fc.assert(
    fc.property(setting, ([logits, history, prompt, options]) => {
      const promptLength = Math.min(prompt, history.length);
      const expected = restated(logits, history, promptLength, options);
      expect(adjusted(logits, history, promptLength, options)).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

it("counts a repeated token once for repetition, and the prompt for repetition alone", () => {
  const logits = Float32Array.of(2, -2, 1, 1);
  const options = { repetitionPenalty: 2, frequencyPenalty: 0.5, presencePenalty: 0.25 };
  expect(adjusted(logits, [0, 0, 1, 2, 2, 2], 3, options)).toEqual(Float32Array.of(1, -4, 0.5 - 1.75, 1));
});

it("looks at the last tokens of the history within a window, prompt included", () => {
  const logits = Float32Array.of(2, 2, 2, 2);
  const options = { repetitionPenalty: 2, frequencyPenalty: 0.5, penaltyWindow: 2 };
  expect(adjusted(logits, [0, 1, 2, 2], 4, options)).toEqual(Float32Array.of(2, 2, 1 - 1, 2));
});

it("takes biases by a Map or by an object alike, and never picks a forbidden token", () => {
  const logits = Float32Array.of(0, 5, 0);
  const sampler = reference;
  const pick = (logitBias: Record<number, number> | Map<number, number>, position: number) =>
    createTokenSampler({ key: key(1), logitBias, sampler }).next(logits, { position }).token;
  for (let position = 0; position < 100; position++) {
    const token = pick({ 1: Number.NEGATIVE_INFINITY }, position);
    expect(token).not.toBe(1);
    expect(pick(new Map([[1, Number.NEGATIVE_INFINITY]]), position)).toBe(token);
  }
  expect(pick({ 2: 100 }, 0)).toBe(2);
});

it("refuses tokens that the vocabulary does not have", () => {
  const logits = new Float32Array(4);
  const withBias = createTokenSampler({ logitBias: { 4: 1 }, sampler: reference });
  expect(() => withBias.next(logits, { position: 0 })).toThrow(
    "logitBias must hold token ids below 4, got 4",
  );
  const penalized = createTokenSampler({ repetitionPenalty: 1.1, sampler: reference });
  expect(() => penalized.next(logits, { history: [9] })).toThrow(
    "history must hold token ids below 4, got 9",
  );
  expect(() => penalized.next(logits, { history: [-1] })).toThrow(
    "history must hold token ids, integers >= 0, got -1",
  );
  for (const id of [null, "3", undefined]) {
    const next = () => penalized.next(logits, { history: [id] as never });
    expect(next).toThrow(TypeError);
    expect(next).toThrow("history must hold token ids, integers >= 0, got");
  }
});

it("leaves finite logits finite, however large a bias or a penalty is", () => {
  const FLT_MAX = 2 ** 128 - 2 ** 104;
  const changed = (logit: number, options: Penalties) =>
    adjusted(Float32Array.of(logit, 0), [0], 0, options)[0];
  expect(changed(1, { logitBias: new Map([[0, 1e300]]) })).toBe(FLT_MAX);
  expect(changed(1, { logitBias: new Map([[0, -1e300]]) })).toBe(-FLT_MAX);
  expect(changed(1, { repetitionPenalty: 1e-300 })).toBe(FLT_MAX);
  expect(changed(-FLT_MAX, { repetitionPenalty: 1.5 })).toBe(-FLT_MAX);
  expect(changed(0, { frequencyPenalty: 1e300, presencePenalty: -1e308 })).toBe(FLT_MAX);
  expect(changed(0, { logitBias: new Map([[0, Number.NEGATIVE_INFINITY]]) })).toBe(Number.NEGATIVE_INFINITY);
  expect(changed(Number.NEGATIVE_INFINITY, { logitBias: new Map([[0, 1e300]]) })).toBe(
    Number.NEGATIVE_INFINITY,
  );
});
