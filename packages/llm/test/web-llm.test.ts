// The logit processor as web-llm calls it, and as its sampler reads the result.
import { createSampler, DegenerateRowError, key } from "@gumbel/core";
import type { LogitProcessor, MLCEngineConfig } from "@mlc-ai/web-llm";
import { expect, expectTypeOf, it } from "vitest";
import { createTokenSampler } from "../src/index.ts";
import { createLogitProcessor } from "../src/web-llm.ts";

const V = 12;
const sampler = createSampler();
const options = { key: key(42), temperature: 1.1, minP: 0.05, presencePenalty: 0.4, sampler } as const;

function logitsAfter(history: readonly number[]): Float32Array {
  const last = history[history.length - 1] ?? 0;
  return Float32Array.from({ length: V }, (_, v) => 2 * Math.sin(v * 5 + last * 3));
}

/** web-llm's decoding: processor, softmax at its lowest temperature in float32, the token of the largest probability. */
function decode(processor: LogitProcessor, steps: number): number[] {
  const history: number[] = [];
  while (history.length < steps) {
    const logits = processor.processLogits(logitsAfter(history));
    const scaled = logits.map((logit) => logit / Math.fround(1e-6));
    const weights = scaled.map((value) => Math.exp(value - Math.max(...scaled)));
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(1);
    const token = weights.indexOf(1);
    processor.processSampledToken(token);
    history.push(token);
  }
  return history;
}

it("is a processor of an engine's registry", () => {
  const registry = new Map([["a model", createLogitProcessor(options)]]);
  expectTypeOf(registry).toExtend<NonNullable<MLCEngineConfig["logitProcessorRegistry"]>>();
  expect(registry.size).toBe(1);
});

it("leaves web-llm the token that a token sampler picks of what was generated so far", () => {
  const tokens = createTokenSampler(options);
  const history: number[] = [];
  while (history.length < 15) history.push(tokens.next(logitsAfter(history), { history }).token);
  const processor = createLogitProcessor(options);
  expect(decode(processor, 15)).toEqual(history);
  expect(processor.steps.map(({ token }) => token)).toEqual(history);
  expect(processor.logProbs).toBe(processor.steps[14]);
});

it("begins again after resetState, with the same reply under the same key and another under another", () => {
  const processor = createLogitProcessor(options);
  const first = decode(processor, 15);
  processor.resetState();
  expect(processor.steps).toEqual([]);
  expect(decode(processor, 15)).toEqual(first);
  processor.resetState();
  processor.key = key(43);
  expect(decode(processor, 15)).not.toEqual(first);
  expect(() => {
    processor.key = 43 as never;
  }).toThrow("key must be a pair of uint32 words [hi, lo], got 43: did you mean key(43)?");
});

it("takes a grammar's −3.4e38 for forbidden, in deviations as well", () => {
  const masked = Float32Array.of(-3.4e38, 1, 0, -3.4e38, -5);
  const open = Float32Array.of(Number.NEGATIVE_INFINITY, 1, 0, Number.NEGATIVE_INFINITY, -5);
  for (let seed = 0; seed < 50; seed++) {
    const given = { key: key(seed), topNSigma: 1, sampler };
    const [token] = [createLogitProcessor(given).processLogits(masked.slice())].map((row) => row.indexOf(0));
    expect(token).toBe(createTokenSampler(given).next(open, { position: 0 }).token);
    expect([1, 2]).toContain(token);
  }
});

it("refuses, in words, logits that it cannot pick from, and a sampler that answers by promises", () => {
  const processor = createLogitProcessor(options);
  expect(() => processor.processLogits(Float32Array.of(Number.NaN))).toThrow(DegenerateRowError);
  expect(() => processor.processLogits(Float32Array.of(-3.4e38))).toThrow("it holds nothing but −∞");
  const later = {
    ...sampler,
    capabilities: sampler.capabilities,
    categorical: async () => ({ data: [0], shape: [1] }),
  };
  const waiting = createLogitProcessor({ sampler: later as never });
  expect(() => waiting.processLogits(new Float32Array(3))).toThrow(
    "sampler must answer at once: web-llm does not wait",
  );
});
