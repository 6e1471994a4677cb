// Finds the watermark of a text: tokens that were drawn under keys of their contexts have larger uniforms than chance gives.
import { blockOf, wordOf } from "@gumbel/core/adapter";
import { contextKey } from "./context-key.ts";
import { logGammaTail } from "./log-gamma-tail.ts";
import type { Tokens, WatermarkOptions } from "./options.ts";
import { resolveWatermark } from "./resolve-options.ts";
import { tokensOf } from "./resolve-steps.ts";

/** What a detector finds. */
export interface WatermarkEvidence {
  /** Probability that a text written without the key scores as high. 0 where it is below 5e-324. */
  readonly pValue: number;
  /** Its natural logarithm. */
  readonly logPValue: number;
  /** `Σ −ln(1 − r)`, r being the uniform that each token's draw had. Without a watermark about `scored`. */
  readonly score: number;
  /** How many tokens were counted: those with a whole context that occurs for the first time. */
  readonly scored: number;
}

/**
 * Tells whether a text was drawn with a watermark (Aaronson 2022; Fernandez et al. 2023, arXiv 2308.00113). For text that knows
 * nothing of the key the score is a sum of independent standard exponentials, of which `pValue` is the upper tail, exactly. A marked token
 * adds at least `1 + (π²/6 − 1)·H` in the mean, H being the entropy in nats of what it was drawn from.
 *
 * @param tokens of the text, without its prompt where that is known
 * @param options the watermark's key, and the context that it was made with
 * @throws TypeError or RangeError for what is no key, context or token
 * @example detectWatermark(tokens, { key: secret }).pValue < 1e-6
 */
export function detectWatermark(tokens: Tokens, options: WatermarkOptions): WatermarkEvidence {
  const watermark = resolveWatermark(options, "detectWatermark");
  const ids = tokensOf(tokens, "tokens");
  const { context } = watermark;
  const seen = new Set<string>();
  let score = 0;
  for (let place = context; place < ids.length; place++) {
    const name = ids.slice(place - context, place).join();
    if (seen.has(name)) continue;
    seen.add(name);
    const layout = { offset: 0, rowStride: 1, columns: 1 };
    const [x0, x1] = blockOf(contextKey(ids, place, watermark), layout, ids[place]);
    score += exponentialOf(wordOf(x0, x1), x1);
  }
  const logPValue = logGammaTail(seen.size, score);
  return { pValue: Math.exp(logPValue), logPValue, score, scored: seen.size };
}

/**
 * `−ln(1 − u)` of the uniform `u = (N + ½)/2⁶³` behind a token's Gumbel noise, N being the upper 63 bits of `word·2³² + x1`. Near
 * u = 1, where a watermark shows, 1 − u comes from the complemented bits, exactly.
 */
function exponentialOf(word: number, x1: number): number {
  const isUpperHalf = word >= 2 ** 31;
  const high = isUpperHalf ? ~word >>> 0 : word;
  const low = (isUpperHalf ? ~x1 : x1) >>> 1;
  const t = high * 2 ** -32 + (low + 0.5) * 2 ** -63;
  return isUpperHalf ? -Math.log(t) : -Math.log1p(-t);
}
