// Bias and penalties of one row, in vLLM's order: bias, repetition, then frequency and presence. Costs O(history).
import { FLT_MAX } from "@gumbel/core/adapter";
import type { Settings } from "./resolve-options.ts";
import type { ResolvedStep } from "./resolve-steps.ts";

/** Whether any logit may change. */
export function isAdjusting({ bias, ...settings }: Settings): boolean {
  return bias.size > 0 || isPenalizing(settings);
}

/** Whether penalties look at the history. */
export function isPenalizing(settings: Omit<Settings, "bias">): boolean {
  const { repetitionPenalty, frequencyPenalty, presencePenalty } = settings;
  return repetitionPenalty !== 1 || frequencyPenalty !== 0 || presencePenalty !== 0;
}

/**
 * Changes logits of one row in place. A logit is computed in float64, and rounded once; a finite one stays finite: where it leaves
 * float32, the end by which it leaves.
 *
 * @throws RangeError for a token of the history or of the bias that the row does not have
 */
export function adjustRow(
  row: Float32Array,
  { tokens, promptLength }: ResolvedStep,
  settings: Settings,
): void {
  const { bias, repetitionPenalty, frequencyPenalty, presencePenalty, penaltyWindow } = settings;
  const isRepeating = repetitionPenalty !== 1;
  const isCounting = frequencyPenalty !== 0 || presencePenalty !== 0;
  const first = penaltyWindow === undefined ? 0 : Math.max(0, tokens.length - penaltyWindow);
  const repeated = new Set(isRepeating ? tokens.slice(first) : []);
  const counts = new Map<number, number>();
  if (isCounting) {
    for (const token of tokens.slice(penaltyWindow === undefined ? promptLength : first)) {
      counts.set(token, (counts.get(token) ?? 0) + 1);
    }
  }
  for (const token of new Set([...bias.keys(), ...repeated, ...counts.keys()])) {
    if (token >= row.length) {
      const where = bias.has(token) ? "logitBias" : "history";
      throw new RangeError(`${where} must hold token ids below ${row.length}, got ${token}`);
    }
    const added = bias.get(token) ?? 0;
    const within = Number.isFinite(row[token]) && Number.isFinite(added) ? bounded : unbounded;
    let logit = within(row[token] + added);
    if (repeated.has(token))
      logit = within(logit > 0 ? logit / repetitionPenalty : logit * repetitionPenalty);
    const count = counts.get(token) ?? 0;
    if (count > 0) logit = within(logit - (frequencyPenalty * count + presencePenalty));
    row[token] = logit;
  }
}

/** Infinite logits stay as they are. */
function unbounded(logit: number): number {
  return logit;
}

/** The nearest number of float32's range. */
function bounded(logit: number): number {
  return Math.min(FLT_MAX, Math.max(-FLT_MAX, logit));
}
