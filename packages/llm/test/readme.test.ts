// What a README of this package cannot bring: a language model from the web, and a GPU that holds one. A model that is built here stands
// in for the first, and the interface of web-llm for the second.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { describeReadme } from "@gumbel-tools/test/readme";
import { buildDecoder } from "@gumbel-tools/tiny-decoder";
import { afterAll, vi } from "vitest";
import type { TokenLogitProcessor } from "../src/web-llm.ts";

const out = mkdtempSync(join(tmpdir(), "llm-readme-"));
afterAll(() => rmSync(out, { recursive: true }));

vi.mock("@huggingface/transformers", async (importOriginal) => {
  const { env, pipeline } = await importOriginal<typeof import("@huggingface/transformers")>();
  const options = { vocabularySize: 512, orders: [3], chapters: 3, heldOut: 0 };
  const { folder } = buildDecoder(out, options).decoders[0];
  env.allowRemoteModels = false;
  env.localModelPath = dirname(folder);
  return {
    pipeline: (task: "text-generation") => pipeline(task, basename(folder), { dtype: "fp32" }),
  };
});

vi.mock("@mlc-ai/web-llm", () => ({
  /** An engine that calls processors as web-llm's does. */
  async CreateMLCEngine(
    model: string,
    { logitProcessorRegistry }: { logitProcessorRegistry: ReadonlyMap<string, TokenLogitProcessor> },
  ) {
    const processor = logitProcessorRegistry.get(model)!;
    const create = async () => ({ choices: [{ message: { content: chat(processor) } }] });
    return { chat: { completions: { create } } };
  },
}));

describeReadme(new URL("..", import.meta.url));

function chat(processor: TokenLogitProcessor): string {
  const tokens = Array.from({ length: 5 }, (_, step) => {
    const logits = Float32Array.from({ length: 50 }, (_, v) => Math.sin(v * (step + 1)));
    const token = processor.processLogits(logits).indexOf(0);
    processor.processSampledToken(token);
    return token;
  });
  return tokens.join(" ");
}
