// The logits processor of @gumbel/llm in transformers.js, on a real model.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { createSampler, key } from "@gumbel/core";
import { createTokenSampler } from "@gumbel/llm";
import { createLogitsProcessor, type LogitsProcessorOptions } from "@gumbel/llm/transformers";
import { buildDecoder, createDecoder, type Decoder } from "@gumbel-tools/tiny-decoder";
import {
  AutoModelForCausalLM,
  AutoTokenizer,
  env,
  type PreTrainedModel,
  type PreTrainedTokenizer,
  pipeline,
  type Tensor,
} from "@huggingface/transformers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generate } from "../src/generate.ts";

const out = mkdtempSync(join(tmpdir(), "next-token-"));
const STEPS = 40;
/** End of text, and padding. */
const END = 0;
const PROMPTS = ["The whale", "It was on a cold night that the captain", "Queequeg and"] as const;
const NUCLEUS = { key: key(42), temperature: 0.9, topP: 0.9, minP: 0.02 } as const;

let folder: string;
let decoder: Decoder;
let tokenizer: PreTrainedTokenizer;
let model: PreTrainedModel;

beforeAll(async () => {
  const { decoders } = buildDecoder(out, { vocabularySize: 2048, orders: [4], chapters: 30 });
  folder = decoders[0].folder;
  decoder = await createDecoder(folder);
  env.allowRemoteModels = false;
  env.localModelPath = dirname(folder);
  tokenizer = await AutoTokenizer.from_pretrained(basename(folder));
  model = await AutoModelForCausalLM.from_pretrained(basename(folder), { dtype: "fp32" });
});
afterAll(async () => {
  await model?.dispose();
  await decoder?.release();
  rmSync(out, { recursive: true });
});

/** What `generate` adds to each prompt. */
async function completions(inputs: object, parameters: object): Promise<number[][]> {
  const output = (await model.generate({ ...inputs, max_new_tokens: STEPS, ...parameters })) as Tensor;
  const [, length] = (inputs as { input_ids: Tensor }).input_ids.dims;
  return (output.tolist() as bigint[][]).map((row) => row.slice(length).map(Number));
}

const inputsOf = (prompts: readonly string[]) => tokenizer([...prompts], { padding: true });
const sampled = (prompts: readonly string[], options: LogitsProcessorOptions) =>
  completions(inputsOf(prompts), createLogitsProcessor(options).generateOptions);
/** A row without what follows its end. */
const upToEnd = (ids: readonly number[]) => (ids.includes(END) ? ids.slice(0, ids.indexOf(END) + 1) : ids);

describe("the logits processor", () => {
  it("at temperature 0 decodes greedily, as transformers.js does", async () => {
    const greedy = await completions(inputsOf(PROMPTS), { do_sample: false });
    expect(await sampled(PROMPTS, { key: key(1), temperature: 0 })).toEqual(greedy);
  });

  it("picks the tokens that the float64 reference picks of ONNX Runtime's own logits", async () => {
    const prompt = tokenizer.encode(PROMPTS[0]);
    const sampler = createTokenSampler({ ...NUCLEUS, sampler: createSampler() });
    const [expected] = await generate(decoder, [prompt], STEPS, ({ data }, _, [history]) => [
      sampler.next(data, { history }).token,
    ]);
    expect(await sampled([PROMPTS[0]], NUCLEUS)).toEqual([upToEnd(expected)]);
  });

  it("gives a prompt the same reply alone and in a batch, whatever the padding", async () => {
    const options = { ...NUCLEUS, eosTokenId: END, padTokenId: END };
    const [alone] = await sampled([PROMPTS[0]], options);
    const [first, ...others] = await sampled(PROMPTS, options);
    expect(upToEnd(first)).toEqual(upToEnd(alone));
    expect(others).not.toContainEqual(first);
  });

  it("goes on from the middle of a reply as if it had never stopped", async () => {
    const inputs = inputsOf([PROMPTS[1]]);
    const [whole] = await completions(inputs, createLogitsProcessor(NUCLEUS).generateOptions);
    const half = whole.length >> 1;
    const text = [...tokenizer.encode(PROMPTS[1]), ...whole.slice(0, half)];
    const [, length] = (inputs.input_ids as Tensor).dims;
    const { Tensor: TensorOf } = await import("@huggingface/transformers");
    const input_ids = new TensorOf("int64", BigInt64Array.from(text, BigInt), [1, text.length]);
    const attention_mask = new TensorOf("int64", new BigInt64Array(text.length).fill(1n), [1, text.length]);
    const [rest] = await completions(
      { input_ids, attention_mask },
      { ...createLogitsProcessor(NUCLEUS).generateOptions, max_new_tokens: whole.length - half },
    );
    expect(length + half).toBe(text.length);
    expect(rest).toEqual(whole.slice(half));
  });

  it("gives the same text again under the same key, and another under another", async () => {
    const first = await sampled([PROMPTS[2]], NUCLEUS);
    expect(await sampled([PROMPTS[2]], NUCLEUS)).toEqual(first);
    expect(await sampled([PROMPTS[2]], { ...NUCLEUS, key: key(43) })).not.toEqual(first);
  });

  it("works through a pipeline, and tells the log-probability of each token", async () => {
    const write = await pipeline("text-generation", basename(folder), { dtype: "fp32" });
    const processor = createLogitsProcessor({ ...NUCLEUS, logProbs: true });
    const [{ generated_text }] = (await write(PROMPTS[0], {
      ...processor.generateOptions,
      max_new_tokens: STEPS,
    })) as [{ generated_text: string }];
    const [expected] = await sampled([PROMPTS[0]], NUCLEUS);
    expect(tokenizer.encode(generated_text).slice(0, 2)).toEqual(tokenizer.encode(PROMPTS[0]).slice(0, 2));
    expect(processor.steps.map(([next]) => next!.token)).toEqual(expected);
    // The model's logits are log-probabilities.
    const text = [...tokenizer.encode(PROMPTS[0]), ...expected];
    const { logits } = await decoder.read([text]);
    const first = tokenizer.encode(PROMPTS[0]).length - 1;
    processor.steps.forEach(([next], step) => {
      expect(next!.logProb).toBeCloseTo(logits[(first + step) * 2048 + next!.token], 4);
    });
    await write.dispose();
  });
});
