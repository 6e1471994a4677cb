// Faults in the noise that gumbel-rao redraws, in ReinMax's second softmax and in what the gapped estimator multiplies.
import type { Key } from "../../../src/index.ts";
import { alter, given, productOf } from "../alter.ts";
import type { Fault, Handle } from "../float-backend.ts";
import type { Parts } from "../float-parts.ts";
import type { Sabotage } from "../sabotage.ts";

const RAO = ["EST-4", "EST-6"];

/** Another block for elements of redrawn noise. */
function redrawn(
  block: (honest: Parts["block"], ...args: Parameters<Parts["block"]>) => [number, number],
): Fault {
  let draws = new Set<Key>();
  return {
    parts: (honest) => ({
      keysOf(estimator, key) {
        const keys = honest.keysOf(estimator, key);
        draws = new Set(keys);
        return keys;
      },
      block: (noise, index) =>
        draws.has(noise.key) ? block(honest.block, noise, index) : honest.block(noise, index),
    }),
  };
}

function sharedBySamples(): Fault {
  let size = 1;
  return {
    ...redrawn((block, noise, index) => block(noise, index % size)),
    ...alter(["gumbelSoftmaxVjp"], ({ honest, logits }) => {
      size = productOf(logits.shape);
      return honest();
    }),
  };
}

export const redrawFaults: readonly Sabotage[] = [
  { name: "gumbel-rao redraws the same noise for every sample", fault: sharedBySamples(), breaks: RAO },
  {
    name: "gumbel-rao redraws its noise without the offset",
    fault: redrawn((block, noise, index) => block({ ...noise, offset: 0 }, index)),
    breaks: [...RAO, "BITS-4"],
  },
  {
    name: "ReinMax takes away the product at softmax(logits/temperature)",
    fault: {
      parts(honest) {
        let [tau, isSecond] = [1, false];
        return {
          softmax(z, temperature) {
            if (!isSecond) tau = temperature;
            const y = honest.softmax(z, isSecond ? tau : temperature);
            isSecond = false;
            return y;
          },
          midpoint(y, hot, z) {
            isSecond = true;
            return honest.midpoint(y, hot, z);
          },
        };
      },
    },
    breaks: ["EST-3", "EST-6"],
  },
  {
    name: "a gap of 0 is taken for the default",
    fault: given(["gumbelSoftmaxVjp"], (options) =>
      (options as { readonly gap?: unknown }).gap === 0 ? ({ ...options, gap: 1 } as object) : options,
    ),
    breaks: ["EST-5", "EST-6"],
  },
  {
    name: "the gapped product multiplies cotangents of masked categories with 0",
    fault: alter(["gumbelSoftmaxVjp"], async ({ honest, inputs, options, logits }, { make, release }) => {
      const cotangent = inputs[1] as Handle;
      const { estimator } = (options ?? {}) as { readonly estimator?: unknown };
      const isOdd = (value: number, i: number) =>
        logits.data[i % logits.data.length] === Number.NEGATIVE_INFINITY && !Number.isFinite(value);
      const at = estimator === "gapped" ? Array.from(cotangent.data).findIndex(isOdd) : -1;
      if (at === -1) return honest();
      // Its row is NaN as if the cotangent stood beside the mask.
      const moved = make(cotangent.data, cotangent.shape);
      moved.data.fill(Number.NaN);
      const results = await honest(options, [logits, moved]);
      release(moved);
      return results;
    }),
    breaks: ["EST-6", "VJP-1", "EST-5"],
  },
];
