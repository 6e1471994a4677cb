// Refusals: at creation, in words that name the option, what is allowed and what came.
import { runInNewContext } from "node:vm";
import { createSampler, key, UnsupportedError } from "@gumbel/core";
import { expect, it } from "vitest";
import { createTokenSampler } from "../src/index.ts";

const sampler = createSampler();

it.each([
  [{ top_p: 0.9 }, "createTokenSampler has no option top_p: did you mean topP?"],
  [{ top_k: 40 }, "did you mean topK?"],
  [{ min_p: 0.1 }, "did you mean minP?"],
  [{ typical_p: 0.1 }, "did you mean typicalP?"],
  [{ typ_p: 0.1 }, "did you mean typicalP?"],
  [{ epsilon_cutoff: 0.1 }, "did you mean epsilonCutoff?"],
  [{ top_n_sigma: 1 }, "did you mean topNSigma?"],
  [{ repetition_penalty: 1.1 }, "did you mean repetitionPenalty?"],
  [{ repeat_penalty: 1.1 }, "did you mean repetitionPenalty?"],
  [{ frequency_penalty: 1 }, "did you mean frequencyPenalty?"],
  [{ logit_bias: {} }, "did you mean logitBias?"],
  [{ logprobs: true }, "did you mean logProbs?"],
  [{ top_logprobs: 5 }, "did you mean logProbs: n?"],
  [{ repeat_last_n: 64 }, "did you mean penaltyWindow?"],
  [{ seed: 42 }, "did you mean key?"],
  [{ temp: 1 }, "did you mean temperature?"],
  [{ do_sample: true }, "it always samples; temperature: 0 takes the most likely token"],
  [{ bad_words_ids: [] }, "did you mean logitBias with -Infinity, or mask?"],
  [{ position: 1 }, "it belongs to the step"],
])("suggests what %o meant", (options, message) => {
  const create = () => createTokenSampler({ ...options, sampler } as object);
  expect(create).toThrow(TypeError);
  expect(create).toThrow(message);
});

it.each([
  [{ key: 42 }, TypeError, "key must be a pair of uint32 words [hi, lo], got 42: did you mean key(42)?"],
  [{ key: [1, -1] }, RangeError, "key words must be integers in [0, 2^32), got [1, -1]"],
  [
    { temperature: -1 },
    RangeError,
    "temperature must be a number in [2^-40, 2^40], or 0 for the mode, got -1",
  ],
  [{ temperature: "1" }, TypeError, "temperature must be a number"],
  [{ temperature: [1, 2] }, TypeError, "temperature must be a number, got [1, 2]"],
  [{ topK: 1.5 }, RangeError, "topK must be an integer >= 0"],
  [{ topP: 1.1 }, RangeError, "topP must be a number in [0, 1]"],
  [{ topP: [0.5] }, TypeError, "topP must be a number, got [0.5]"],
  [{ minP: -0.1 }, RangeError, "minP must be a number in [0, 1]"],
  [{ typicalP: Number.NaN }, RangeError, "typicalP must be a number in [0, 1]"],
  [{ order: "last" }, RangeError, 'order must be "temperature-first" or "temperature-last", got "last"'],
  [{ mask: [1] }, TypeError, "mask must be an Int32Array or Uint32Array"],
  [{ repetitionPenalty: 0 }, RangeError, "repetitionPenalty must be a number > 0, got 0"],
  [{ frequencyPenalty: Number.NaN }, RangeError, "frequencyPenalty must be a finite number, got NaN"],
  [{ presencePenalty: "1" }, TypeError, 'presencePenalty must be a finite number, got "1"'],
  [{ penaltyWindow: 0 }, RangeError, "penaltyWindow must be an integer in [1, "],
  [{ logitBias: [1] }, TypeError, "logitBias must be a Map or an object from token ids to numbers, got [1]"],
  [{ logitBias: { hello: 1 } }, RangeError, "logitBias must have token ids, integers >= 0, as keys"],
  [
    { logitBias: { 5: Number.NaN } },
    RangeError,
    "logitBias must hold finite numbers, or -Infinity, got NaN for token 5",
  ],
  [{ logitBias: new Set([5]) }, TypeError, "logitBias must be a Map or an object from token ids to numbers"],
  [{ logitBias: { 5: "1" } }, TypeError, 'logitBias must hold numbers, got "1" for token 5'],
  [{ logProbs: -1 }, RangeError, "logProbs must be a boolean, or an integer >= 0, got -1"],
  [{ logProbs: "raw" }, TypeError, 'logProbs must be a boolean, or an integer >= 0, got "raw"'],
  [{ logProbsMode: "both" }, RangeError, 'logProbsMode must be "raw" or "processed", got "both"'],
  [{ watermark: {} }, TypeError, "watermark.key must be a pair of uint32 words"],
  [{ watermark: { key: key(1), context: 0 } }, RangeError, "watermark.context must be an integer in [1, "],
  [
    { watermark: { key: key(1), context: 1e9 } },
    RangeError,
    "watermark.context must be an integer in [1, 65536]",
  ],
  [{ watermark: { key: key(1), window: 4 } }, TypeError, "watermark has no option window"],
  [{ key: key(7), watermark: { key: key(7) } }, RangeError, "watermark.key must be another key than key"],
  [{ sampler: {} }, TypeError, "sampler must be a sampler, such as createSampler() gives"],
  [null, TypeError, "createTokenSampler takes options such as { key, temperature }"],
])("refuses %o at creation", (options, kind, message) => {
  const create = () => createTokenSampler((options && { sampler, ...options }) as object);
  expect(create).toThrow(kind);
  expect(create).toThrow(message);
});

it.each([
  [{}, TypeError, "history or position must be given"],
  [{ history: 5 }, TypeError, "history must be a list of token ids, got 5"],
  [{ position: -1 }, RangeError, "position must be an integer in [0, "],
  [{ position: 0, row: 0.5 }, RangeError, "row must be an integer in [0, "],
  [{ history: [1], promptLength: 2 }, RangeError, "promptLength must be an integer in [0, 1], got 2"],
  [{ position: 0, key: 1 }, TypeError, "key must be a pair of uint32 words"],
  [{ position: 0, temperature: 1 }, TypeError, "next has no option temperature"],
  [{ position: 0, mask: new Int32Array(2) }, RangeError, "mask must have 1 words"],
  [undefined, TypeError, "next takes options such as { history, promptLength }, got undefined"],
])("refuses step %o", (step, kind, message) => {
  const next = () => createTokenSampler({ sampler }).next(new Float32Array(3), step as object);
  expect(next).toThrow(kind);
  expect(next).toThrow(message);
});

it.each([
  [new Int32Array(3), TypeError, "logits must be a Float32Array"],
  [undefined, TypeError, "logits must be a Float32Array"],
  [
    { data: new Float32Array(4), shape: [2, 2] },
    RangeError,
    "next takes one row of logits, got 2: see nextBatch",
  ],
  [
    { data: new Float32Array(4), shape: [2] },
    RangeError,
    "logits.data must hold 2 values for its shape, got 4",
  ],
  [{ data: new Float32Array(4) }, TypeError, "logits.shape must be a list of dimensions"],
  [{ data: undefined, shape: [1] }, TypeError, "logits must be a Float32Array"],
  [[0, null], TypeError, "logits must hold numbers, got null at 1"],
  [["1", 2], TypeError, 'logits must hold numbers, got "1" at 0'],
  [[1n], TypeError, "logits must hold numbers, got 1n at 0"],
  [[[1, 2]], TypeError, "logits must hold numbers, got [1, 2] at 0"],
])("refuses logits %o", (logits, kind, message) => {
  const next = () => createTokenSampler({ sampler }).next(logits as never, { position: 0 });
  expect(next).toThrow(kind);
  expect(next).toThrow(message);
});

it("refuses batches whose lists are of another length", () => {
  const tokens = createTokenSampler({ sampler });
  const logits = { data: new Float32Array(4), shape: [2, 2] };
  const message = "must be a list with one of each of 2 rows";
  expect(() => tokens.nextBatch(logits, { history: [[1]] })).toThrow(`history ${message}`);
  expect(() => tokens.nextBatch(logits, { position: [1, 2, 3] })).toThrow(`position ${message}`);
  expect(() => tokens.nextBatch(logits, { position: [1, 2], key: [key(1)] })).toThrow(`key ${message}`);
});

it("takes null for an option that is left out", () => {
  const options = { key: key(1), topP: null, logitBias: null, watermark: null, seed: undefined, sampler };
  const logits = new Float32Array(50);
  const plain = createTokenSampler({ key: key(1), sampler });
  expect(createTokenSampler(options).next(logits, { position: 2 })).toEqual(
    plain.next(logits, { position: 2 }),
  );
});

it("refuses a sampler without the filters that are used, before the first token", () => {
  const poor = { ...sampler, backend: "poor", capabilities: { filters: ["topK"], perRow: true } };
  expect(() => createTokenSampler({ topK: 3, sampler: poor })).not.toThrow();
  expect(() => createTokenSampler({ topP: 0.5, sampler: poor })).toThrow(UnsupportedError);
  const alone = { ...poor, capabilities: { filters: [], perRow: false } };
  expect(() => createTokenSampler({ sampler: alone })).toThrow("a key for each row is not supported by poor");
});

it("keeps options as they were at creation", () => {
  const mask = Uint32Array.of(0b001);
  const logitBias = new Map([[0, 1]]);
  const tokens = createTokenSampler({ mask, logitBias, temperature: 0, sampler });
  mask[0] = 0b100;
  logitBias.set(50, 1);
  expect(tokens.next(new Float32Array(3), { position: 0 }).token).toBe(0);
});

it("takes options and steps that are inherited, frozen or of another realm, as if they were plain", () => {
  const logits = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i));
  const mask = Uint32Array.of(0x0ff0ff00, 0xff);
  const plain = createTokenSampler({ key: key(3), topP: 0.9, logitBias: { 9: 2 }, mask, sampler });
  const expected = plain.next(logits, { history: [1, 2] });
  class Options {
    get key() {
      return key(3);
    }
    get topP() {
      return 0.9;
    }
    get logitBias() {
      return runInNewContext("new Map([[9, 2]])");
    }
    get mask() {
      return runInNewContext("Uint32Array.of(0x0ff0ff00, 0xff)");
    }
    sampler = sampler;
  }
  const inherited = { key: key(3), topP: 0.9, logitBias: Object.create({ 9: 2 }), mask, sampler };
  for (const options of [new Options(), Object.create(inherited), Object.freeze(inherited)]) {
    const tokens = createTokenSampler(options);
    for (const step of [Object.create({ history: [1, 2] }), runInNewContext("({ history: [1, 2] })")]) {
      expect(tokens.next(logits, step)).toEqual(expected);
    }
  }
});
