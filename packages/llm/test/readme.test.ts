// The README's JavaScript runs, and prints what its comments say. Where it loads a model, one stands in that is built here.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { inspect } from "node:util";
import { buildDecoder } from "@gumbel-tools/tiny-decoder";
import { env, pipeline } from "@huggingface/transformers";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as llm from "../src/index.ts";
import * as transformers from "../src/transformers.ts";
import * as webLlm from "../src/web-llm.ts";

const out = mkdtempSync(join(tmpdir(), "llm-readme-"));
let folder: string;
beforeAll(() => {
  folder = buildDecoder(out, { vocabularySize: 512, orders: [3], chapters: 3, heldOut: 0 }).decoders[0]
    .folder;
  env.allowRemoteModels = false;
  env.localModelPath = dirname(folder);
});
afterAll(() => rmSync(out, { recursive: true }));

type Registry = ReadonlyMap<string, webLlm.TokenLogitProcessor>;

const modules: Readonly<Record<string, unknown>> = {
  "@gumbel/llm": llm,
  "@gumbel/llm/transformers": transformers,
  "@gumbel/llm/web-llm": webLlm,
  "@huggingface/transformers": {
    pipeline: (task: "text-generation") => pipeline(task, basename(folder), { dtype: "fp32" }),
  },
  "onnxruntime-web": {
    ...ort,
    InferenceSession: {
      async create() {
        const session = await ort.InferenceSession.create(join(folder, "onnx", "model.onnx"));
        const cache = new ort.Tensor("float32", new Float32Array(0), [1, 1, 0, 1]);
        return { run: (feeds: object) => session.run({ ...feeds, "past_key_values.0.key": cache }) };
      },
    },
  },
  // An engine needs a GPU: this one has web-llm's interface and calls processors as it does.
  "@mlc-ai/web-llm": {
    async CreateMLCEngine(model: string, { logitProcessorRegistry }: { logitProcessorRegistry: Registry }) {
      const processor = logitProcessorRegistry.get(model)!;
      return {
        chat: {
          completions: { create: async () => ({ choices: [{ message: { content: chat(processor) } }] }) },
        },
      };
    },
  },
};

function chat(processor: webLlm.TokenLogitProcessor): string {
  const tokens = Array.from({ length: 5 }, (_, step) => {
    const logits = Float32Array.from({ length: 50 }, (_, v) => Math.sin(v * (step + 1)));
    const token = processor.processLogits(logits).indexOf(0);
    processor.processSampledToken(token);
    return token;
  });
  return tokens.join(" ");
}

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const examples = Array.from(readme.matchAll(/```js\n([\s\S]*?)```/g), ([, code]) => code);

it("has examples", () => expect(examples.length).toBeGreaterThanOrEqual(6));

it.each(examples)("prints what it says:\n%s", async (code) => {
  const body = code
    .replaceAll(/import \* as (\w+) from ("[^"]*");/g, "const $1 = modules[$2];")
    .replaceAll(/import (\{[^}]*\}) from ("[^"]*");/g, "const $1 = modules[$2];");
  const printed: string[] = [];
  const log = (...values: unknown[]) => printed.push(inspectAll(values));
  const parameters = { modules, console: { log } };
  const run = new Function(...Object.keys(parameters), `return (async () => {${body}})()`);
  await run(...Object.values(parameters));
  const claimed = Array.from(code.matchAll(/console\.log.*; \/\/ (.*)/g), ([, comment]) => comment);
  expect(printed.length).toBeGreaterThan(0);
  // What a model says is not claimed.
  if (claimed.length > 0) expect(printed).toEqual(claimed);
  else expect(printed.every((line) => line.length > 2)).toBe(true);
});

function inspectAll(values: unknown[]): string {
  return values.map((value) => inspect(value, { breakLength: Number.POSITIVE_INFINITY })).join(" ");
}
