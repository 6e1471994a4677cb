// One prompt, one seed, many settings, in transformers.js: the noise is the same in every text, so that only the setting makes a
// difference.
import type { Key } from "@gumbel/core";
import { createLogitsProcessor } from "@gumbel/llm/transformers";
import type { PreTrainedModel, PreTrainedTokenizer, Tensor } from "@huggingface/transformers";
import type { Setting } from "../setting.ts";

/** A setting with what @gumbel/llm has beside core's filters. */
export interface TextSetting extends Setting {
  readonly repetitionPenalty?: number;
  readonly frequencyPenalty?: number;
  /** A letter that no token may have: a mask. */
  readonly without?: string;
}

/** What the report shows. */
const SETTINGS: readonly TextSetting[] = [
  { temperature: 0 },
  { temperature: 0, repetitionPenalty: 1.2 },
  { temperature: 0, frequencyPenalty: 1 },
  { temperature: 0.5 },
  { temperature: 1 },
  { temperature: 1.5 },
  { temperature: 1, topK: 10 },
  { temperature: 1, topP: 0.8 },
  { temperature: 1, minP: 0.1 },
  { temperature: 1, typicalP: 0.8 },
  { temperature: 1, epsilonCutoff: 0.01 },
  { temperature: 1, etaCutoff: 0.03 },
  { temperature: 1.5, topNSigma: 1.5 },
  { temperature: 1.5, topP: 0.9, minP: 0.1 },
  { temperature: 1, topP: 0.8, without: "e" },
];

/** A text and how it was drawn. */
export interface SettingText {
  readonly setting: TextSetting;
  /** Drawn token ids; fewer than asked for where the model ended the text. */
  readonly ids: readonly number[];
}

/** Draws a text for each setting. */
export async function drawTexts(
  model: PreTrainedModel,
  tokenizer: PreTrainedTokenizer,
  prompt: string,
  tokens: number,
  key: Key,
): Promise<SettingText[]> {
  const inputs = tokenizer(prompt);
  const [, length] = (inputs.input_ids as Tensor).dims;
  const texts: SettingText[] = [];
  for (const setting of SETTINGS) {
    const { without, ...options } = setting;
    const mask = without === undefined ? null : maskWithout(tokenizer, model, without);
    const { generateOptions } = createLogitsProcessor({ key, ...options, mask });
    const output = (await model.generate({
      ...inputs,
      ...generateOptions,
      max_new_tokens: tokens,
    })) as Tensor;
    texts.push({ setting, ids: Array.from(output.data as BigInt64Array, Number).slice(length) });
  }
  return texts;
}

/** Bits of the tokens whose text does not have a letter, small or large. */
function maskWithout(tokenizer: PreTrainedTokenizer, model: PreTrainedModel, letter: string): Uint32Array {
  const { vocab_size: size } = model.config as unknown as { vocab_size: number };
  const mask = new Uint32Array(Math.ceil(size / 32));
  for (let token = 0; token < size; token++) {
    const isAllowed = !tokenizer.decode([token]).toLowerCase().includes(letter);
    if (isAllowed) mask[token >>> 5] |= 1 << (token & 31);
  }
  return mask;
}
