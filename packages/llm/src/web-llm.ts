// Token sampling in web-llm: a logit processor that leaves its sampler one token to find.

import { assertKey, degeneracyOf } from "@gumbel/core/adapter";
import { DegenerateRowError, type Key } from "@gumbel/core/shared";
import type { LogitProcessor } from "@mlc-ai/web-llm";
import { isPromise } from "./after.ts";
import { createTokenSampler } from "./create-token-sampler.ts";
import type { NextToken, TokenSamplerOptions } from "./options.ts";

export type * from "./options.ts";

/** A logit processor that picks the next token. */
export interface TokenLogitProcessor extends LogitProcessor {
  /** The key of the reply. Another may be set before each request: after `resetState` the same one repeats its noise. */
  key: Key;
  /** What the last step picked. */
  readonly logProbs: NextToken | undefined;
  /** What every step since the last `resetState` picked, in order. */
  readonly steps: readonly NextToken[];
}

/**
 * All other tokens' logit. web-llm divides by temperatures down to 1e-6, which −∞ and the largest floats do not survive on
 * every GPU; −1e9 does, and its softmax is 0.
 */
const OTHER = -1e9;

/** Logits below this are a grammar's −3.4e38, by which web-llm forbids tokens. */
const FORBIDDEN = -3e38;

/**
 * Creates a logit processor for the `logitProcessorRegistry` of an engine, or of a worker's handler. The history is the output
 * alone, since web-llm does not show the prompt: penalties and watermarks look at what was generated since the last `resetState`.
 *
 * @throws RangeError or TypeError for a bad option; DegenerateRowError, when it is called, where no token can be picked
 * @example
 * const registry = new Map([[modelId, createLogitProcessor({ key: key(42), topK: 40, minP: 0.05 })]]);
 * const engine = await CreateMLCEngine(modelId, { logitProcessorRegistry: registry });
 */
export function createLogitProcessor(options: TokenSamplerOptions<"sync"> = {}): TokenLogitProcessor {
  const sampler = createTokenSampler(options);
  let { key } = sampler;
  let history: number[] = [];
  let steps: NextToken[] = [];
  return {
    get key() {
      return key;
    },
    set key(given) {
      assertKey(given, "key");
      key = [given[0], given[1]];
    },
    get logProbs() {
      return steps[steps.length - 1];
    },
    get steps() {
      return steps;
    },
    processLogits(logits) {
      for (let i = 0; i < logits.length; i++) if (logits[i] < FORBIDDEN) logits[i] = Number.NEGATIVE_INFINITY;
      const next: unknown = sampler.next(logits, { history, key });
      if (isPromise(next)) {
        throw new TypeError("sampler must answer at once: web-llm does not wait for logit processors");
      }
      const { token } = next as NextToken;
      if (token < 0) {
        throw new DegenerateRowError(0, degeneracyOf(logits) ?? "nothing that the mask and the bias allow");
      }
      steps.push(next as NextToken);
      logits.fill(OTHER);
      logits[token] = 0;
      return logits;
    },
    processSampledToken(token) {
      history.push(token);
    },
    resetState() {
      history = [];
      steps = [];
    },
  };
}
