// Speculative decoding by shared noise: drafter and target draw at the same keys, and agree as often as they can.
import { describe } from "@gumbel/core/adapter";
import type { Answer, Mode } from "@gumbel/core/shared";
import { after } from "./after.ts";
import type { Logits, NextToken, Step, TokenSampler, Tokens } from "./options.ts";
import { stepOf, tokensOf } from "./resolve-steps.ts";

/** What is kept of a draft. */
export interface VerifiedDraft {
  /** The next tokens of the reply: those of the draft that stand, then one of the target's own. */
  readonly tokens: readonly NextToken[];
  /** How many tokens of the draft stand, in [0, k]. */
  readonly accepted: number;
}

/**
 * Verifies a draft: keeps its tokens while they are those that the sampler picks of the target's logits, and adds the first
 * that is not, or the one after the draft. The tokens are exactly those of decoding one by one with the same sampler,
 * whatever the draft: it costs time, never the reply. A drafter that picks with the same sampler and steps has most tokens accepted:
 * a step where the two distributions are p and q with probability `Σ_i 1/Σ_j max(p_j/p_i, q_j/q_i)` (Daliri, Musco and
 * Suresh 2024, arXiv 2408.07978).
 *
 * @param sampler the target's token sampler
 * @param logits of the target, of shape `[k+1, V]`: after the history, and after each token of the draft
 * @param draft k tokens, k ≥ 0
 * @param step where the first token of the draft stands; masks are for all rows, or for each
 * @throws RangeError where the logits are not k + 1 rows, and what the sampler throws
 * @example verifyDraft(sampler, logits, draft, { history: tokens }).tokens
 */
export function verifyDraft<M extends Mode>(
  sampler: TokenSampler<M>,
  logits: Logits,
  draft: Tokens,
  step: Step,
): Answer<VerifiedDraft, M> {
  const drafted = tokensOf(draft, "draft");
  const rows = drafted.length + 1;
  if (typeof sampler?.nextBatch !== "function") {
    throw new TypeError(`sampler must be what createTokenSampler gives, got ${describe(sampler)}`);
  }
  const shape = (logits as Partial<Extract<Logits, { shape: unknown }>> | null | undefined)?.shape;
  if (!Array.isArray(shape) || shape.length < 2 || shape.at(-2) !== rows) {
    const got = shape === undefined ? `${describe(logits)} without a shape` : describe(shape);
    throw new RangeError(
      `logits must have shape [${rows}, V] for a draft of ${drafted.length} tokens, got ${got}`,
    );
  }
  const { history, position, row, promptLength, key, mask } = stepOf("verifyDraft", step);
  const before = history == null ? undefined : tokensOf(history, "history");
  const first = position ?? before?.length;
  const answer = sampler.nextBatch(logits, {
    mask,
    key,
    promptLength,
    row: Array(rows).fill(row ?? 0),
    history: before && Array.from({ length: rows }, (_, i) => [...before, ...drafted.slice(0, i)]),
    position: first === undefined ? undefined : Array.from({ length: rows }, (_, i) => first + i),
  });
  return after(answer as NextToken[] | Promise<NextToken[]>, (picked) => {
    let accepted = 0;
    while (accepted < drafted.length && picked[accepted].token === drafted[accepted]) accepted++;
    return { tokens: picked.slice(0, accepted + 1), accepted };
  }) as never;
}
