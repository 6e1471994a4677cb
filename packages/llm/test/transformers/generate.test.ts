// The logits processor in transformers.js' own generate, over a language model that is built here.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { key } from "@gumbel/core";
// Without what runs decoders: a process has room for one ONNX Runtime, which is that of the version of transformers.js.
import { buildDecoder } from "@gumbel-tools/tiny-decoder/build-decoder";
import { env, pipeline } from "@huggingface/transformers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createLogitsProcessor, type LogitsProcessorOptions } from "../../src/transformers.ts";

const out = mkdtempSync(join(tmpdir(), "llm-generate-"));
let generate: (prompts: readonly string[], options: object) => Promise<string[]>;
beforeAll(async () => {
  const { folder } = buildDecoder(out, { vocabularySize: 512, orders: [3], chapters: 3, heldOut: 0 })
    .decoders[0];
  env.allowRemoteModels = false;
  env.localModelPath = dirname(folder);
  const generator = await pipeline("text-generation", basename(folder), { dtype: "fp32" });
  generate = async (prompts, options) => {
    const replies = await generator([...prompts], { max_new_tokens: 12, ...options });
    return (replies as unknown as { generated_text: string }[][]).map(([reply]) => reply.generated_text);
  };
});
afterAll(() => rmSync(out, { recursive: true }));

const through = (prompts: readonly string[], options: LogitsProcessorOptions) =>
  generate(prompts, createLogitsProcessor(options).generateOptions);

it("at temperature 0 the reply is that of greedy search", async () => {
  const own = await generate(["It is a truth"], { do_sample: false });
  expect(await through(["It is a truth"], { temperature: 0 })).toEqual(own);
  expect(own[0].length).toBeGreaterThan("It is a truth".length);
});

it("a key has one reply, another key another one", async () => {
  const replyOf = async (seed: number) =>
    (await through(["It is a truth"], { key: key(seed), topP: 0.95 }))[0];
  const reply = await replyOf(1);
  expect(await replyOf(1)).toBe(reply);
  expect(await replyOf(2)).not.toBe(reply);
});
