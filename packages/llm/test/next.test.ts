// next and nextBatch: one definition, no state.
import { categorical, createSampler, foldIn, key } from "@gumbel/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createTokenSampler } from "../src/index.ts";
import {
  arbitraryFilters,
  arbitraryKey,
  arbitraryPenalties,
  arbitraryRows,
  arbitraryTokens,
} from "./random-logits.ts";

const V = 12;
const sampler = createSampler();

it("picks what categorical draws under foldIn(foldIn(key, row), position)", () => {
  fc.assert(
    fc.property(arbitraryRows(1, V), arbitraryKey(), fc.nat(), fc.nat(), (logits, base, row, position) => {
      const { token } = createTokenSampler({ key: base, sampler }).next(logits, { row, position });
      const drawn = categorical({ data: logits, shape: [V] }, { key: foldIn(foldIn(base, row), position) });
      expect(token).toBe(drawn.data[0]);
    }),
  );
});

it("picks of a batch what it picks of each row alone, with any options, in any batch", () => {
  const setting = fc.record({
    rows: fc.constant(3).chain((count) => arbitraryRows(count, V)),
    histories: fc.tuple(arbitraryTokens(V), arbitraryTokens(V), arbitraryTokens(V)),
    filters: arbitraryFilters(),
    penalties: arbitraryPenalties(V),
    base: arbitraryKey(),
    others: arbitraryKey(),
    logProbs: fc.constantFrom(false, true, 3),
    logProbsMode: fc.constantFrom("raw" as const, "processed" as const),
    isMarked: fc.boolean(),
    order: fc.shuffledSubarray([0, 1, 2], { minLength: 1 }),
  });
  fc.assert(
    fc.property(
      setting,
      ({ rows, histories, filters, penalties, base, others, isMarked, order, ...rest }) => {
        const watermark = isMarked && `${others}` !== `${base}` ? { key: others, context: 2 } : undefined;
        const tokens = createTokenSampler({
          key: base,
          ...filters,
          ...penalties,
          ...rest,
          watermark,
          sampler,
        });
        const rowOf = (r: number) => rows.slice(r * V, (r + 1) * V);
        const promptLength = histories.map((history) => history.length >> 1);
        const alone = order.map((r) =>
          tokens.next(rowOf(r), { history: histories[r], row: r, promptLength: promptLength[r] }),
        );
        const data = Float32Array.from(order.flatMap((r) => [...rowOf(r)]));
        const together = tokens.nextBatch(
          { data, shape: [order.length, V] },
          {
            history: order.map((r) => histories[r]),
            row: order,
            promptLength: order.map((r) => promptLength[r]),
          },
        );
        expect(together).toEqual(alone);
      },
    ),
    { numRuns: 300 },
  );
});

it("goes on from any place with another sampler of the same options", () => {
  const options = { key: key(5), temperature: 1.5, topP: 0.9, frequencyPenalty: 0.3, sampler };
  const logitsAt = (step: number) => Float32Array.from({ length: V }, (_, v) => Math.sin(v * 7 + step * 3));
  const reply = (from: readonly number[]) => {
    const tokens = createTokenSampler(options);
    const history = [...from];
    while (history.length < 20) history.push(tokens.next(logitsAt(history.length), { history }).token);
    return history;
  };
  const whole = reply([1, 2]);
  for (let length = 2; length < 20; length++) expect(reply(whole.slice(0, length))).toEqual(whole);
});

it("lets a step's key, row and position take the place of their defaults", () => {
  const logits = new Float32Array(64);
  const tokens = createTokenSampler({ key: key(1), sampler });
  const other = createTokenSampler({ key: key(2), sampler });
  expect(other.next(logits, { history: [3], key: key(1) })).toEqual(
    tokens.next(logits, { position: 1, row: 0 }),
  );
  const batch = { data: new Float32Array(128), shape: [2, 64] };
  expect(tokens.nextBatch(batch, { position: [4, 4], row: [7, 7], key: [key(1), key(2)] })).toEqual([
    tokens.next(logits, { position: 4, row: 7 }),
    other.next(logits, { position: 4, row: 7 }),
  ]);
  const drawn = new Set([0, 1, 2, 3, 4].map((position) => tokens.next(logits, { position }).token));
  expect(drawn.size).toBeGreaterThan(1);
});

it("never changes the logits", () => {
  fc.assert(
    fc.property(
      arbitraryRows(1, V),
      arbitraryTokens(V),
      arbitraryFilters(),
      arbitraryPenalties(V),
      (logits, history, filters, penalties) => {
        const before = logits.slice();
        const options = { ...filters, ...penalties, logProbs: 3, key: key(1), sampler };
        createTokenSampler(options).next(logits, { history });
        expect(logits).toEqual(before);
      },
    ),
  );
});

it("reads float64, lists and float16 as the float32 that they stand for", () => {
  // 1.5, −2, 0, subnormal 2⁻²⁴, −∞, 65504 and −0.
  const halves = Uint16Array.of(0x3e00, 0xc000, 0, 1, 0xfc00, 0x7bff, 0x8000);
  const values = [1.5, -2, 0, 2 ** -24, Number.NEGATIVE_INFINITY, 65504, -0];
  const pick = (logits: Parameters<typeof tokens.next>[0]) => tokens.next(logits, { position: 0 });
  const tokens = createTokenSampler({ key: key(1), logProbs: 7, sampler });
  const expected = pick(Float32Array.from(values));
  expect(pick(values)).toEqual(expected);
  expect(pick(Float64Array.from(values))).toEqual(expected);
  expect(pick(halves)).toEqual(expected);
  expect(pick({ data: halves, shape: [1, 1, 7] })).toEqual(expected);
  const nan = tokens.next(Uint16Array.of(0x7e00, 0), { position: 0 });
  expect(nan).toEqual({ token: -1, logProb: Number.NaN, topLogProbs: [] });
});

it("picks −1 for a row without a distribution, and other rows as before", () => {
  const data = Float32Array.of(0, 1, Number.NaN, 0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY);
  const tokens = createTokenSampler({ key: key(1), temperature: 0, logProbs: true, sampler });
  const picked = tokens.nextBatch({ data, shape: [3, 2] }, { position: [0, 0, 0] });
  expect(picked.map(({ token }) => token)).toEqual([1, -1, -1]);
  expect(picked[0].logProb).toBeCloseTo(-Math.log(1 + Math.exp(-1)), 6);
  expect(picked[1].logProb).toBeNaN();
});

it("lets the mask of a step take the place of the sampler's", () => {
  const logits = Float32Array.of(9, 1, 0, 5);
  const tokens = createTokenSampler({ key: key(1), temperature: 0, mask: Uint32Array.of(0b1110), sampler });
  expect(tokens.next(logits, { position: 0 }).token).toBe(3);
  expect(tokens.next(logits, { position: 0, mask: Uint32Array.of(0b0110) }).token).toBe(1);
  const batch = { data: Float32Array.of(...logits, ...logits), shape: [2, 4] };
  const masked = tokens.nextBatch(batch, { position: [0, 0], mask: Uint32Array.of(0b0101, 0b0100) });
  expect(masked.map(({ token }) => token)).toEqual([0, 2]);
});

it("draws a key from the default stream where it is given none, and tells it", () => {
  const first = createTokenSampler({ sampler });
  const second = createTokenSampler({ sampler });
  expect(first.key).not.toEqual(second.key);
  const logits = new Float32Array(1000);
  const again = createTokenSampler({ key: first.key, sampler });
  expect(again.next(logits, { position: 3 })).toEqual(first.next(logits, { position: 3 }));
});
