// The whole job: models, experiments with progress, report.
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { foldIn, key } from "@gumbel/core";
import { createSampler } from "@gumbel/wasm";
import { buildDecoder, createDecoder, type Decoder } from "@gumbel-tools/tiny-decoder";
import { AutoModelForCausalLM, AutoTokenizer, env } from "@huggingface/transformers";
import { compareBackends } from "./experiments/backends.ts";
import { compareBatch } from "./experiments/batch.ts";
import { measureDrafters } from "./experiments/drafter.ts";
import { measureKept } from "./experiments/kept.ts";
import { drawTexts } from "./experiments/texts.ts";
import { measureWatermark } from "./experiments/watermark.ts";
import { openSamplers } from "./open-samplers.ts";
import { type Options, UsageError } from "./options.ts";
import { perplexityOf } from "./perplexity.ts";
import { reportHtml } from "./report/html.ts";
import type { Results } from "./report/results.ts";

/** The large model, and the drafters. */
const ORDER = 5;
const DRAFTERS = [2, 3, 4] as const;

/** Numbers of the keys that are derived from the seed. */
const KEY_OF = { texts: 0, kept: 1, backends: 2, watermark: 3, drafters: 4 } as const;

/** Steps in the picture of what filters keep: as many bars as a phone shows. */
const KEPT_STEPS = 32;

/** Tokens of other experiments, in lengths of the texts. */
const LENGTHS = { watermark: 3, drafters: 5 } as const;

/** Tokens of a held-out chapter that the perplexity is measured on. */
const HELD_OUT_TOKENS = 500;

/** Runs the job. Resolves to the numbers that it also wrote. */
export async function run(options: Options, log: (line: string) => void): Promise<Results> {
  const { seed, prompt, tokens, out } = options;
  const started = performance.now();
  createFolder(out);
  log(`Building models of Moby-Dick: ${options.chapters} chapters, ${options.vocabulary} tokens`);
  const built = buildDecoder(join(out, "models"), {
    vocabularySize: options.vocabulary,
    orders: [ORDER, ...DRAFTERS],
    chapters: options.chapters,
  });
  const [{ folder, bytes, contexts }, ...smaller] = built.decoders;
  const model = await createDecoder(folder);
  const drafters: { order: number; decoder: Decoder }[] = [];
  for (const { order, folder } of smaller) drafters.push({ order, decoder: await createDecoder(folder) });
  const tokenizer = await loadTokenizer(folder);
  const encode = (text: string) => tokenizer.encode(text);
  const decode = (ids: readonly number[]) =>
    ids.length === 0 ? "" : tokenizer.decode([...ids]).replaceAll("<|endoftext|>", "\n");
  const ids = encode(prompt);
  const keyOf = (name: keyof typeof KEY_OF) => foldIn(key(seed), KEY_OF[name]);

  const perplexity = await perplexityOf(model, built.heldOut, HELD_OUT_TOKENS);
  log(`Trained on ${built.trained} tokens; perplexity ${perplexity.toFixed(0)} on held-out chapters`);
  log("Texts by temperature and filter, in transformers.js");
  const inTransformers = await AutoModelForCausalLM.from_pretrained(basename(folder), { dtype: "fp32" });
  const texts = await drawTexts(inTransformers, tokenizer, prompt, tokens, keyOf("texts"));
  await inTransformers.dispose();
  const sampler = await createSampler();
  log("What filters keep");
  const kept = await measureKept(model, ids, Math.min(KEPT_STEPS, tokens), keyOf("kept"), sampler);
  log("One seed on every backend");
  const { samplers, lacks } = await openSamplers();
  const backends = await compareBackends(model, folder, ids, tokens, keyOf("backends"), samplers);
  for (const { dispose } of samplers) dispose();
  log("A batch against single requests");
  const batch = await compareBatch(model, encode, tokens, sampler);
  log("Watermarks");
  const watermark = await measureWatermark(model, encode, LENGTHS.watermark * tokens, keyOf("watermark"));
  log("Drafters");
  const accepted = await measureDrafters(model, drafters, ids, LENGTHS.drafters * tokens, keyOf("drafters"));
  for (const decoder of [model, ...drafters.map((drafter) => drafter.decoder)]) await decoder.release();

  const results: Results = {
    prompt,
    seed,
    model: {
      vocabulary: built.vocabularySize,
      order: ORDER,
      contexts,
      bytes,
      trained: built.trained,
      perplexity,
    },
    texts,
    kept,
    backends,
    lacks,
    batch,
    watermark,
    drafters: accepted,
    seconds: (performance.now() - started) / 1000,
  };
  writeFileSync(join(out, "report.html"), reportHtml(results, decode));
  writeFileSync(join(out, "report.json"), `${JSON.stringify(results)}\n`);
  log(`\n${summary(results)}`);
  log(`\nLook at ${join(out, "report.html")}; the numbers are in ${join(out, "report.json")}`);
  return results;
}

/** Runs before anything else, so that a wrong folder is reported at once. */
function createFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    throw new UsageError(
      `--out must be a folder that can be written, got ${JSON.stringify(out)}: ${(error as Error).message}`,
    );
  }
}

/** transformers.js's tokenizer of the folder; nothing is downloaded. */
async function loadTokenizer(folder: string) {
  env.allowRemoteModels = false;
  env.localModelPath = dirname(resolve(folder));
  return AutoTokenizer.from_pretrained(basename(folder));
}

/** The results that have a yes or no, as text. */
function summary({ backends, lacks, batch, watermark }: Results): string {
  const compared = backends.flatMap(({ backends: [, ...others] }) => others);
  const names = [...new Set(compared.map(({ name }) => name))];
  return [
    ...names.map((name) => {
      const own = compared.filter((one) => one.name === name && one.ids !== undefined);
      const different = own.reduce((sum, one) => sum + one.different!, 0);
      const tokens = own.reduce((sum, one) => sum + one.ids!.length, 0);
      const lacking = new Set(compared.filter((one) => one.name === name).flatMap((one) => one.lacking));
      const lack = lacking.size === 0 ? "" : `; it has no ${[...lacking].join(", ")}`;
      return `${name}: ${different} of ${tokens} tokens differ from the reference's${lack}`;
    }),
    ...lacks.map(({ name, reason }) => `${name}: not here, ${reason}`),
    `Batch: ${batch.reduce((sum, { different }) => sum + different, 0)} of ${batch.reduce((sum, { ids }) => sum + ids.length, 0)} tokens differ from single requests`,
    ...watermark.map(({ name, curves }) => {
      const last = curves.map((curve) => curve.at(-1)![1]).sort((a, b) => a - b);
      return `Watermark, ${name}: median p-value 1e${last[last.length >> 1].toFixed(1)}`;
    }),
  ].join("\n");
}
