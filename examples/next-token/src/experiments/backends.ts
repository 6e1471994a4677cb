// One seed on every backend: each continues the prompt by itself, and the tokens are compared with the reference's.
import { foldIn, type Key } from "@gumbel/core";
import type { Decoder } from "@gumbel-tools/tiny-decoder";
import { generate } from "../generate.ts";
import type { RowSampler } from "../open-samplers.ts";
import type { Setting } from "../setting.ts";
import { lackOfAppended, writeInModel } from "../write-in-model.ts";

const SETTINGS: readonly Setting[] = [
  { temperature: 0.7 },
  { temperature: 1.2, topK: 40 },
  { temperature: 1, topP: 0.9, minP: 0.02 },
  { temperature: 1, typicalP: 0.9 },
];

/** The text of one backend. */
export interface BackendText {
  readonly name: string;
  /** Its tokens; undefined where it lacks a filter. */
  readonly ids?: readonly number[];
  /** The filters that it lacks. */
  readonly lacking: readonly string[];
  /** How many tokens differ from the reference's. */
  readonly different?: number;
}

/** One setting on every backend, the reference first. */
export interface BackendTexts {
  readonly setting: Setting;
  readonly backends: readonly BackendText[];
}

/** Something that continues a prompt. */
interface Writer {
  readonly name: string;
  lackOf(setting: Setting): string[];
  write(setting: Setting): Promise<number[]>;
}

/**
 * Draws the texts.
 *
 * @param folder of the model that the decoder runs, which also gets a sampler of its own
 */
export async function compareBackends(
  decoder: Decoder,
  folder: string,
  prompt: readonly number[],
  tokens: number,
  key: Key,
  samplers: readonly RowSampler[],
): Promise<BackendTexts[]> {
  const writers: Writer[] = [
    ...samplers.map((sampler) => writerOf(sampler, decoder, prompt, tokens, key)),
    {
      name: "@gumbel/onnx, appended to the model",
      lackOf: lackOfAppended,
      write: (setting) => writeInModel(folder, setting, prompt, tokens, key),
    },
  ];
  const results: BackendTexts[] = [];
  for (const setting of SETTINGS) {
    const backends: BackendText[] = [];
    for (const { name, lackOf, write } of writers) {
      const lacking = lackOf(setting);
      if (lacking.length > 0) {
        backends.push({ name, lacking });
        continue;
      }
      const ids = await write(setting);
      const reference = backends[0]?.ids ?? ids;
      const different = ids.filter((id, i) => id !== reference[i]).length;
      backends.push({ name, lacking, ids, different });
    }
    results.push({ setting, backends });
  }
  return results;
}

function writerOf(
  { name, capabilities, draw }: RowSampler,
  decoder: Decoder,
  prompt: readonly number[],
  tokens: number,
  key: Key,
): Writer {
  const known: readonly string[] = ["temperature", ...capabilities.filters];
  return {
    name,
    lackOf: (setting) => Object.keys(setting).filter((option) => !known.includes(option)),
    async write(setting) {
      const [ids] = await generate(decoder, [prompt], tokens, async ({ data }, step) => [
        await draw(data, { ...setting, key: foldIn(key, step) }),
      ]);
      return ids;
    },
  };
}
