// Creates token samplers: adjusts logits, gives each row its key, draws once for all rows, and adds log-probabilities.

import { assertShape, describe, sizeOf } from "@gumbel/core/adapter";
import type { Answer, Mode } from "@gumbel/core/shared";
import { adjustRow, isAdjusting } from "./adjust-row.ts";
import { after, all, isPromise } from "./after.ts";
import { float32Of } from "./float32-of.ts";
import { withLogProbs } from "./log-probs.ts";
import type { BatchStep, Logits, NextToken, Step, TokenSampler, TokenSamplerOptions } from "./options.ts";
import { resolveOptions, type Settings } from "./resolve-options.ts";
import { resolveStep, stepOf, stepsOfBatch } from "./resolve-steps.ts";

/**
 * Creates a sampler of next tokens. It keeps nothing between calls: a token is a function of its logits, the options and the
 * step alone, so that a reply can be taken up anywhere, in any batch.
 *
 * @throws RangeError or TypeError for a bad option, UnsupportedError where the sampler lacks a filter that is used
 * @example createTokenSampler({ key: key(42), temperature: 0.7, topP: 0.9 })
 */
export function createTokenSampler(options?: TokenSamplerOptions<"sync">): TokenSampler<"sync">;
export function createTokenSampler(options: TokenSamplerOptions<"async">): TokenSampler<"async">;
export function createTokenSampler<M extends Mode>(options: TokenSamplerOptions<M> = {}): TokenSampler<M> {
  const settings = resolveOptions(options, "createTokenSampler");
  return {
    key: settings.key,
    next(logits, given) {
      const rows = rowsOf(logits);
      const step = stepOf("next", given);
      if (rows.count !== 1)
        throw new RangeError(`next takes one row of logits, got ${rows.count}: see nextBatch`);
      return after(pick(rows, [step], step.mask, settings), ([first]) => first) as Answer<NextToken, M>;
    },
    nextBatch(logits, given) {
      const rows = rowsOf(logits);
      const step = stepOf("nextBatch", given);
      return pick(rows, stepsOfBatch(step, rows.count), step.mask, settings) as Answer<NextToken[], M>;
    },
  };
}

/** Logits by rows. */
interface Rows {
  readonly data: Float32Array;
  readonly count: number;
  /** Length of a row: the vocabulary. */
  readonly length: number;
}

function rowsOf(logits: Logits): Rows {
  if (!isShaped(logits)) {
    const data = float32Of(logits);
    return { data, count: 1, length: data.length };
  }
  const { data: given, shape } = logits;
  if (!Array.isArray(shape) || shape.length === 0)
    throw new TypeError(`logits.shape must be a list of dimensions, got ${describe(shape)}`);
  assertShape(shape, "logits.shape");
  const data = float32Of(given);
  if (sizeOf(shape) !== data.length) {
    throw new RangeError(`logits.data must hold ${sizeOf(shape)} values for its shape, got ${data.length}`);
  }
  return { data, count: sizeOf(shape.slice(0, -1)), length: shape[shape.length - 1] };
}

function isShaped(logits: Logits): logits is Exclude<Logits, ArrayLike<number>> {
  return typeof logits === "object" && logits !== null && "data" in logits;
}

function pick(
  { data, count, length }: Rows,
  given: readonly Step[],
  mask: BatchStep["mask"],
  settings: Settings,
): NextToken[] | Promise<NextToken[]> {
  const steps = given.map((step) => resolveStep(step, settings));
  const rowOf = (array: Float32Array, r: number) => array.subarray(r * length, (r + 1) * length);
  const adjusted = isAdjusting(settings) ? data.slice() : data;
  if (adjusted !== data) for (let r = 0; r < count; r++) adjustRow(rowOf(adjusted, r), steps[r], settings);
  const filters = mask == null ? settings.filters : { ...settings.filters, mask };
  const key = steps.map((step) => step.key);
  const answer = settings.sampler.categorical(
    { data: adjusted, shape: [count, length] },
    { ...filters, key },
  );
  // Whoever gives a promise has read the logits; log-probabilities read them again, when the caller may have changed them.
  const isLater = isPromise(answer) && settings.topLogProbs >= 0;
  const raw = isLater ? data.slice() : data;
  const kept = isLater && adjusted === data ? raw : adjusted;
  return after(answer, ({ data: tokens }) =>
    all(
      steps.map((_, r) =>
        withLogProbs(
          {
            raw: rowOf(raw, r),
            adjusted: rowOf(kept, r),
            filters: maskOfRow(filters, r, length),
            token: tokens[r],
          },
          settings,
        ),
      ),
    ),
  );
}

/** The filters of one row of a batch: its own words of a mask that has words for each row. */
function maskOfRow(filters: Readonly<Record<string, unknown>>, row: number, length: number): typeof filters {
  const words = Math.ceil(length / 32);
  const mask = filters.mask as Int32Array | Uint32Array | undefined;
  if (mask === undefined || mask.length === words) return filters;
  return { ...filters, mask: mask.subarray(row * words, (row + 1) * words) };
}
