// Detection of a watermark by length, in marked texts and in unmarked ones.
import { foldIn, type Key } from "@gumbel/core";
import { createTokenSampler, detectWatermark } from "@gumbel/llm";
import type { Decoder } from "@gumbel-tools/tiny-decoder";
import { generate } from "../generate.ts";
import type { Setting } from "../setting.ts";

/** A kind of text. */
interface Kind {
  readonly name: string;
  readonly setting: Setting;
  readonly isMarked: boolean;
}

const KINDS: readonly Kind[] = [
  { name: "marked, temperature 0.8, top-p 0.9", setting: { temperature: 0.8, topP: 0.9 }, isMarked: true },
  { name: "marked, temperature 0.4", setting: { temperature: 0.4 }, isMarked: true },
  { name: "not marked", setting: { temperature: 0.8, topP: 0.9 }, isMarked: false },
];

/** What texts go on from. Unlike, because marked texts of one beginning and one secret are one text. */
const PROMPTS = [
  "The captain looked at the",
  "In the morning we saw",
  "Whales have always been",
  "There was no more to be",
  "The old harpooneer had",
  "Of all the boats that",
] as const;

/** Tokens between two tests of a text. */
const STRIDE = 4;

/** The curves of a kind. */
export interface DetectionCurves {
  readonly name: string;
  /** log₁₀ of the p-value after every STRIDE tokens, a list of [tokens, log₁₀ p] a text. */
  readonly curves: readonly (readonly (readonly [tokens: number, log10p: number])[])[];
  /** The first text. */
  readonly text: { readonly prompt: string; readonly ids: readonly number[] };
}

/** Writes texts of each kind, and tests them all with the secret. */
export async function measureWatermark(
  decoder: Decoder,
  encode: (text: string) => number[],
  tokens: number,
  key: Key,
): Promise<DetectionCurves[]> {
  const secret = foldIn(key, 1);
  const results: DetectionCurves[] = [];
  for (const { name, setting, isMarked } of KINDS) {
    const sampler = createTokenSampler({
      key: foldIn(key, 0),
      ...setting,
      watermark: isMarked ? { key: secret } : null,
    });
    const rows = await generate(decoder, PROMPTS.map(encode), tokens, (logits, _, texts) =>
      sampler.nextBatch(logits, { history: texts }).map(({ token }) => token),
    );
    const curves = rows.map((ids) =>
      Array.from({ length: Math.floor(tokens / STRIDE) }, (_, i) => {
        const length = STRIDE * (i + 1);
        const { logPValue } = detectWatermark(ids.slice(0, length), { key: secret });
        return [length, logPValue / Math.LN10] as const;
      }),
    );
    results.push({ name, curves, text: { prompt: PROMPTS[0], ids: rows[0] } });
  }
  return results;
}
