// The logits processor among transformers.js's own classes, over a stream of made-up logits. With a model: examples/next-token.
import { createSampler, DegenerateRowError, key } from "@gumbel/core";
import {
  type GenerationConfig,
  LogitsProcessorList,
  RepetitionPenaltyLogitsProcessor,
  Tensor,
} from "@huggingface/transformers";
import { expect, it } from "vitest";
import { createTokenSampler } from "../../src/index.ts";
import { createLogitsProcessor, type LogitsProcessor } from "../../src/transformers.ts";

const V = 16;
const END = 3;
const sampler = createSampler();
const options = { key: key(42), temperature: 1.2, topP: 0.9, sampler } as const;

/** Logits that depend on the last token of a row. */
function logitsAfter(row: readonly bigint[]): Float32Array {
  const last = Number(row[row.length - 1]);
  return Float32Array.from({ length: V }, (_, v) => 3 * Math.sin(v * 5 + last * 3));
}

/** `generate`'s loop over greedy search: processors, argmax over each row's view of the data, until all rows' last token is the end. */
function generate(
  processor: LogitsProcessor,
  prompts: number[][],
  steps: number,
  { type = "float32", end }: { type?: "float32" | "float16"; end?: number } = {},
) {
  const ids = prompts.map((row) => row.map(BigInt));
  const processors = new LogitsProcessorList();
  processors.extend([...processor.generateOptions.logits_processor] as never);
  for (let step = 0; step < steps; step++) {
    const data = Float32Array.from(ids.flatMap((row) => [...logitsAfter(row)]));
    let logits = new Tensor("float32", data, [ids.length, V]);
    if (type === "float16") logits = new Tensor("float16", Uint16Array.from(data, halfOf), [ids.length, V]);
    const scores: Tensor = processors(ids, logits);
    for (const [r, row] of ids.entries()) {
      const { data: values } = scores[r as never] as Tensor;
      const numbers = Array.from(values as Float32Array);
      row.push(BigInt(numbers.indexOf(Math.max(...numbers))));
    }
    if (ids.every((row) => Number(row[row.length - 1]) === end)) break;
  }
  return ids.map((row, r) => row.slice(prompts[r].length).map(Number));
}

/** The bits of the float16 towards 0 of a number of ordinary size. */
function halfOf(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0];
  const magnitude = ((bits & 0x7fff_ffff) >>> 13) - 0x1c000;
  return ((bits >>> 16) & 0x8000) | Math.max(0, magnitude);
}

/** The same by a token sampler alone. */
function picked(prompt: readonly number[], steps: number, row: number, more: object = {}): number[] {
  const tokens = createTokenSampler({ ...options, ...more });
  const history = [...prompt];
  while (history.length < prompt.length + steps) {
    const step = { history, promptLength: prompt.length, row };
    history.push(tokens.next(logitsAfter(history.map(BigInt)), step).token);
  }
  return history.slice(prompt.length);
}

it("lets greedy search find the token that a token sampler picks, row by row", () => {
  const prompts = [
    [1, 2],
    [4, 5],
  ];
  const found = generate(createLogitsProcessor(options), prompts, 12);
  expect(found).toEqual(prompts.map((prompt, r) => picked(prompt, 12, r)));
});

it("keeps apart the prompts of generates that run at the same time", () => {
  const penalties = { frequencyPenalty: 1.5 };
  const processor = createLogitsProcessor({ ...options, ...penalties });
  const prompts = [
    [1, 2, 7],
    [4, 5],
  ];
  const runs = prompts.map((prompt) => [prompt.map(BigInt)]);
  for (let step = 0; step < 12; step++) {
    for (const ids of runs) {
      const logits = new Tensor("float32", logitsAfter(ids[0]), [1, V]);
      ids[0].push(BigInt((processor(ids, logits).data as Float32Array).indexOf(0)));
    }
  }
  for (const [i, [row]] of runs.entries()) {
    expect(row.slice(prompts[i].length).map(Number)).toEqual(picked(prompts[i], 12, 0, penalties));
  }
  expect(processor.steps).toHaveLength(12);
});

it("penalises what the row has generated, and not its prompt", () => {
  const penalties = { frequencyPenalty: 1.5, repetitionPenalty: 1.3 };
  const processor = createLogitsProcessor({ ...options, ...penalties });
  expect(generate(processor, [[1, 2, 7]], 12)).toEqual([picked([1, 2, 7], 12, 0, penalties)]);
  // A second generate by the same processor begins with a prompt again.
  expect(generate(processor, [[1, 2, 7, 9, 9]], 8)).toEqual([picked([1, 2, 7, 9, 9], 8, 0, penalties)]);
  expect(processor.steps).toHaveLength(8);
});

it("writes one-hot logits, 0 among −∞, in place, and gives the tensor back", () => {
  const data = new Float32Array(2 * V);
  const logits = new Tensor("float32", data, [2, V]);
  const processor = createLogitsProcessor(options);
  expect(processor([[1n], [1n]], logits)).toBe(logits);
  for (const [r, next] of processor.logProbs.entries()) {
    const row = Array.from(logits.data as Float32Array).slice(r * V, (r + 1) * V);
    expect(row).toEqual(
      Array.from({ length: V }, (_, v) => (v === next?.token ? 0 : Number.NEGATIVE_INFINITY)),
    );
  }
});

it("reads float16 as transformers.js 3 passes it, and leaves bits whose order is right as integers and as floats", () => {
  const halves = generate(createLogitsProcessor({ ...options, temperature: 0 }), [[1, 2]], 6, {
    type: "float16",
  });
  expect(halves).toEqual(generate(createLogitsProcessor({ ...options, temperature: 0 }), [[1, 2]], 6));
  const data = Uint16Array.of(0xbc00, 0x3c00, 0xfc00);
  createLogitsProcessor({ ...options, temperature: 0 })([[1n]], new Tensor("float16", data, [1, 3]));
  expect(data).toEqual(Uint16Array.of(0, 0x3c00, 0));
});

it("goes on ending rows that have ended, so that a batch ends when its last row does", () => {
  const prompts = [[1, 2], [4, 5], [END]];
  const endless = generate(createLogitsProcessor(options), prompts, 60, { end: END });
  const processor = createLogitsProcessor({ ...options, eosTokenId: [END] });
  const found = generate(processor, prompts, 60, { end: END });
  for (const [r, row] of found.entries()) {
    const end = row.indexOf(END);
    expect(end).toBeGreaterThanOrEqual(0);
    expect(row.slice(0, end + 1)).toEqual(endless[r].slice(0, end + 1));
    expect(row.slice(end).every((id) => id === END)).toBe(true);
    expect(processor.steps.map((step) => step[r]?.token)).toEqual(
      row.map((id, step) => (step <= end ? id : undefined)),
    );
  }
  expect(endless[0].length).toBeGreaterThan(found[0].length);
});

it("does not count padding, so that a prompt has its reply beside longer ones", () => {
  const processor = createLogitsProcessor({ ...options, padTokenId: 0, presencePenalty: 0.5 });
  const [padded] = generate(
    processor,
    [
      [0, 0, 0, 7, 8],
      [1, 2, 3, 4, 5],
    ],
    10,
  );
  expect(padded).toEqual(picked([7, 8], 10, 0, { presencePenalty: 0.5 }));
});

it("gives the log-probabilities of each row's last step, and of all steps", () => {
  const processor = createLogitsProcessor({ ...options, logProbs: 2 });
  const [reply] = generate(processor, [[1, 2]], 5);
  expect(processor.steps.map(([next]) => next?.token)).toEqual(reply);
  expect(processor.logProbs).toBe(processor.steps[4]);
  expect(processor.logProbs[0]?.topLogProbs).toHaveLength(2);
});

it("switches off what would act a second time, by parameters that outweigh a model's own configuration", () => {
  const { logits_processor, ...parameters } = createLogitsProcessor(options).generateOptions;
  const own: Partial<GenerationConfig> = {
    do_sample: true,
    temperature: 0.6,
    repetition_penalty: 1.1,
    num_beams: 4,
  };
  expect({ ...own, ...parameters }).toEqual({
    do_sample: false,
    temperature: 1,
    repetition_penalty: 1,
    num_beams: 1,
  });
  expect([...logits_processor]).toHaveLength(1);
});

it("sees what processors before it leave: forbidden tokens are not picked", () => {
  const processor = createLogitsProcessor(options);
  const list = new LogitsProcessorList();
  list.push(new RepetitionPenaltyLogitsProcessor(2) as never);
  list.push(processor as never);
  const data = Float32Array.of(...new Array(V - 1).fill(Number.NEGATIVE_INFINITY), 1);
  list([[1n]], new Tensor("float32", data, [1, V]));
  expect(processor.logProbs[0]?.token).toBe(V - 1);
});

it("refuses, in words, logits that it cannot pick from", () => {
  const processor = createLogitsProcessor(options);
  const step = (type: "float32" | "int64", data: ArrayLike<unknown>, dims: number[]) => () =>
    processor([[1n]], new Tensor(type, data as never, dims));
  expect(step("float32", new Float32Array(2), [2, 1])).toThrow("logits must have shape [1, V], got [2, 1]");
  expect(step("float32", new Float32Array(2), [1, 1, 2])).toThrow("logits must have shape [1, V]");
  expect(step("int64", new BigInt64Array(2), [1, 2])).toThrow("logits must be float32 or float16, got int64");
  expect(step("float32", Float32Array.of(Number.NaN, 1), [1, 2])).toThrow(DegenerateRowError);
  const masked = createLogitsProcessor({ ...options, mask: new Int32Array(1) });
  const all = () => masked([[1n]], new Tensor("float32", new Float32Array(V), [1, V]));
  expect(all).toThrow("logits row 0 is degenerate: it holds nothing that the mask and the bias allow");
});

it("refuses options that are not its own, and a sampler that answers by promises", () => {
  expect(() => createLogitsProcessor({ top_p: 0.9 } as never)).toThrow(
    "createLogitsProcessor has no option top_p: did you mean topP?",
  );
  expect(() => createLogitsProcessor({ eos_token_id: 2 } as never)).toThrow("did you mean eosTokenId?");
  expect(() => createLogitsProcessor({ eosTokenId: -1, sampler })).toThrow(
    "eosTokenId must be an integer in [0, ",
  );
  const later = {
    ...sampler,
    capabilities: sampler.capabilities,
    categorical: async () => ({ data: [0], shape: [1] }),
  };
  const processor = createLogitsProcessor({ sampler: later as never });
  const call = () => processor([[1n]], new Tensor("float32", new Float32Array(V), [1, V]));
  expect(call).toThrow("sampler must answer at once: transformers.js does not wait");
});
