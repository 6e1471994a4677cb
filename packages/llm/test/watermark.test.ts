// The watermark: found where it is, not found where it is not, and no change of what a token's distribution is.

import { createSampler, foldIn, type Key, key } from "@gumbel/core";
import { blockOf } from "@gumbel/core/adapter";
import { describe, expect, it } from "vitest";
import { createTokenSampler, detectWatermark } from "../src/index.ts";
import { uniforms } from "./random-logits.ts";

const sampler = createSampler();
const secret = key(2024);

/** Logits of a step: of entropy about 1 nat over a vocabulary that is shuffled anew at each step, as language does. */
function logitsAt(step: number, vocabulary = 200): Float32Array {
  const order = uniforms(foldIn(key(77), step), vocabulary);
  const ranks = Array.from(order.keys()).sort((a, b) => order[a] - order[b]);
  const logits = new Float32Array(vocabulary);
  for (const [rank, token] of ranks.entries()) logits[token] = -2.52 * Math.log(rank + 1);
  return logits;
}

function entropyOf(logits: Float32Array): number {
  const weights = Array.from(logits, Math.exp);
  const sum = weights.reduce((a, b) => a + b);
  return weights.reduce((total, w) => total - (w / sum) * Math.log(w / sum), 0);
}

function write(length: number, base: Key, watermark?: { key: Key; context?: number }): number[] {
  const tokens = createTokenSampler({ key: base, watermark, sampler });
  const history: number[] = [];
  const text = Number(base[1]) * 1000;
  while (history.length < length)
    history.push(tokens.next(logitsAt(text + history.length), { history }).token);
  return history;
}

/** Largest distance of a sample's distribution from the uniform one, by √n. */
function kolmogorov(sample: readonly number[]): number {
  const n = sample.length;
  const distances = [...sample].sort((a, b) => a - b).map((p, i) => Math.max(p - i / n, (i + 1) / n - p));
  return Math.sqrt(n) * Math.max(...distances);
}

// A true uniform exceeds 1.95 in one of 1,000 sets of keys.
describe("2,000 unmarked texts have p-values that are uniform", () => {
  const texts = (vocabulary: number) =>
    Array.from({ length: 2000 }, (_, i) =>
      Array.from(uniforms(foldIn(key(5), i), 60), (u) => Math.floor(u * u * vocabulary)),
    );

  it("over keys, where contexts repeat within a text", () => {
    const found = texts(6).map((text, i) => detectWatermark(text, { key: foldIn(secret, i), context: 2 }));
    expect(Math.max(...found.map(({ scored }) => scored))).toBeLessThan(36);
    expect(kolmogorov(found.map(({ pValue }) => pValue))).toBeLessThan(1.95);
  });

  it("under one key, where they do not", () => {
    const found = texts(100_000).map((text) => detectWatermark(text, { key: secret }));
    expect(kolmogorov(found.map(({ pValue }) => pValue))).toBeLessThan(1.95);
  });
});

it("finds 200 marked tokens of 1 nat at a median below 1e-10, and none in what was written without", () => {
  expect(entropyOf(logitsAt(0))).toBeCloseTo(1, 1);
  const marked = Array.from({ length: 15 }, (_, i) => write(200, key(i), { key: secret }));
  const pValues = marked.map((text) => detectWatermark(text, { key: secret }).pValue).sort((a, b) => a - b);
  expect(pValues[7]).toBeLessThan(1e-10);
  expect(pValues[14]).toBeLessThan(1e-4);
  for (const text of marked) expect(detectWatermark(text, { key: key(2025) }).pValue).toBeGreaterThan(1e-4);
  const unmarked = Array.from({ length: 15 }, (_, i) => write(200, key(i)));
  for (const text of unmarked) expect(detectWatermark(text, { key: secret }).pValue).toBeGreaterThan(1e-4);
});

it("leaves the distribution of a token over keys as it is", () => {
  const logits = Float32Array.of(1, 0, -1, 0.5, -2);
  const weights = Array.from(logits, Math.exp);
  const sum = weights.reduce((a, b) => a + b);
  const draws = 20_000;
  const counts = new Array(5).fill(0);
  for (let i = 0; i < draws; i++) {
    const tokens = createTokenSampler({ key: [0, 0], watermark: { key: foldIn(secret, i) }, sampler });
    counts[tokens.next(logits, { history: [3, 1, 4, 1, 5] }).token]++;
  }
  const chiSquare = counts.reduce((total, count, v) => {
    const expected = (draws * weights[v]) / sum;
    return total + (count - expected) ** 2 / expected;
  }, 0);
  // 4 degrees of freedom: 18.47 is exceeded in one of 1,000 sets of keys.
  expect(chiSquare).toBeLessThan(18.47);
});

it("folds the context's tokens into the key, the oldest first, and draws the token's counter of it", () => {
  const watermark = { key: secret, context: 3 };
  const folded = [7, 8, 9].reduce(foldIn, secret);
  const logits = new Float32Array(40);
  const { token } = createTokenSampler({ watermark, sampler }).next(logits, { history: [1, 2, 7, 8, 9] });
  expect(token).toBe(sampler.categorical({ data: logits, shape: [40] }, { key: folded }).data[0]);
  const [x0, x1] = blockOf(folded, { offset: 0, rowStride: 40, columns: 40 }, token);
  const u = (BigInt((x0 ^ x1) >>> 0) << 31n) | BigInt(x1 >>> 1);
  const { score, scored } = detectWatermark([7, 8, 9, token], watermark);
  expect(scored).toBe(1);
  expect(score).toBeCloseTo(-Math.log1p(-(Number(u) + 0.5) / 2 ** 63), 9);
  // Another order is another context.
  const tokens = createTokenSampler({ watermark, sampler });
  const picks = [
    [9, 8, 7],
    [8, 7, 9],
    [7, 9, 8],
    [9, 7, 8],
  ].map((history) => tokens.next(logits, { history }).token);
  expect(new Set(picks).size).toBeGreaterThan(1);
});

describe("repeated contexts", () => {
  it("are counted once", () => {
    const text = write(60, key(3), { key: secret, context: 2 });
    const once = detectWatermark(text, { key: secret, context: 2 });
    const twice = detectWatermark([...text, ...text], { key: secret, context: 2 });
    // Only the contexts at the seam are new.
    expect(twice.scored - once.scored).toBeLessThanOrEqual(2);
    expect(twice.score).toBeGreaterThanOrEqual(once.score);
  });

  it("are drawn under the reply's key, so that no noise is used twice in a text", () => {
    const logits = new Float32Array(500);
    const watermark = { key: secret, context: 2 };
    const tokens = createTokenSampler({ key: key(1), watermark, sampler });
    const plain = createTokenSampler({ key: key(1), sampler });
    const history = [5, 6, 9, 5, 6];
    expect(tokens.next(logits, { history })).toEqual(plain.next(logits, { history }));
    expect(tokens.next(logits, { history: [5, 6, 9, 6, 5] })).not.toEqual(
      plain.next(logits, { history: [5, 6, 9, 6, 5] }),
    );
  });
});

it("does not depend on the reply's key, row or position where a context is new", () => {
  const logits = new Float32Array(500);
  const history = [1, 2, 3, 4];
  const watermark = { key: secret };
  const first = createTokenSampler({ key: key(1), watermark, sampler }).next(logits, { history, row: 3 });
  const second = createTokenSampler({ key: key(2), watermark, sampler }).next(logits, {
    history,
    position: 99,
  });
  expect(first).toEqual(second);
});

it("finds nothing in greedy text", () => {
  const tokens = createTokenSampler({ temperature: 0, watermark: { key: secret }, sampler });
  const history: number[] = [];
  while (history.length < 200) history.push(tokens.next(logitsAt(history.length), { history }).token);
  expect(detectWatermark(history, { key: secret }).pValue).toBeGreaterThan(1e-4);
});

it("scores no text that is shorter than the context", () => {
  expect(detectWatermark([1, 2, 3], { key: secret })).toEqual({
    pValue: 1,
    logPValue: 0,
    score: 0,
    scored: 0,
  });
  expect(() => detectWatermark([1, -2], { key: secret })).toThrow(
    "tokens must hold token ids, integers >= 0, got -2",
  );
  expect(() => detectWatermark([1], { key: secret, window: 3 } as never)).toThrow("has no option window");
  for (const text of ["12345", 7, undefined]) {
    expect(() => detectWatermark(text as never, { key: secret })).toThrow(
      "tokens must be a list of token ids",
    );
  }
});
