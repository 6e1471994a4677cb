// Estimators of the gradient of hard samples: their options, checks and defaults. What each computes is reference/estimate.ts.
import { assertInteger, assertOneOf, assertTemperature } from "./arguments.ts";
import { must } from "./describe.ts";
import type { Offer } from "./operation.ts";
import { type Key, split } from "./random/key.ts";
import type { ResolvedRows } from "./resolve.ts";

/** Name of an estimator. */
export type Estimator = "straight-through" | "reinmax" | "gumbel-rao" | "gapped";

/** Names of all estimators. */
export const ESTIMATORS: readonly Estimator[] = ["straight-through", "reinmax", "gumbel-rao", "gapped"];

/**
 * How the gradient of a hard sample is estimated; the sample is the same whatever they say. They need `hard: true`, and each
 * option but the first its own estimator.
 */
export interface EstimatorOptions {
  /**
   * - `"straight-through"`: the gradient of the soft sample (Bengio et al. 2013, Jang et al. 2017). The default.
   * - `"reinmax"`: of second order; at temperature 1 without bias where the loss is quadratic in the sample (Liu et al. 2023).
   * - `"gumbel-rao"`: the mean of straight-through over noise that is redrawn given the sample: the same mean with less
   *   variance (Paulus et al. 2021).
   * - `"gapped"`: the gradient of a softmax whose sampled category leads by a gap, without noise (Fan et al. 2022).
   */
  estimator?: Estimator | null | undefined;
  /** τ of the soft sample whose gradient `"straight-through"` takes, in [2⁻⁴⁰, 2⁴⁰]. Default `temperature`. */
  backwardTemperature?: number | null | undefined;
  /** How often `"gumbel-rao"` redraws the noise: an integer in [1, 65536]. Default 10. Its cost grows with it. */
  draws?: number | null | undefined;
  /**
   * By how much the sampled category leads in `"gapped"`, at least: a number in [0, 2⁴⁰]; or `"expected"`, the mean lead of its
   * perturbed logit over the second largest, `−ln(1 − p)/p` with its probability p, for each row its own. Default 1.
   */
  gap?: number | "expected" | null | undefined;
}

/** A checked estimator. */
export type ResolvedEstimator =
  | { readonly name: "straight-through"; readonly temperature: number }
  | { readonly name: "reinmax" }
  | { readonly name: "gumbel-rao"; readonly keys: readonly Key[] }
  | { readonly name: "gapped"; readonly gap: number | "expected" };

/** The estimator of each option that not all of them have. */
const OWNER: Readonly<Record<"backwardTemperature" | "draws" | "gap", Estimator>> = {
  backwardTemperature: "straight-through",
  draws: "gumbel-rao",
  gap: "gapped",
};

const OWNED = ["backwardTemperature", "draws", "gap"] as const;

/** Most draws of `"gumbel-rao"`. */
const MOST_DRAWS = 65536;

/** Largest gap. */
const LARGEST_GAP = 2 ** 40;

/** The first estimator, or option of one, that a backend lacks. */
export function lackOfEstimator(
  { estimators = [] }: Offer,
  { estimator, backwardTemperature }: EstimatorOptions,
): string | undefined {
  const isLacking = (name: Estimator) => ESTIMATORS.includes(name) && !estimators.includes(name);
  if (estimator != null && estimator !== "straight-through" && isLacking(estimator))
    return `estimator "${estimator}"`;
  return backwardTemperature != null && isLacking("straight-through") ? "backwardTemperature" : undefined;
}

/**
 * Checks the estimator.
 *
 * @returns makes the estimator from the key of the sample; undefined for the gradient of the soft sample at the call's own
 * temperature
 */
export function resolveEstimator(
  { temperature }: ResolvedRows,
  options: EstimatorOptions,
  hard: boolean,
): ((key: Key) => ResolvedEstimator) | undefined {
  const { backwardTemperature, draws, gap } = options;
  const isGiven = options.estimator != null || backwardTemperature != null || draws != null || gap != null;
  if (!isGiven) return undefined;
  const name = options.estimator ?? "straight-through";
  assertOneOf(name, "estimator", ESTIMATORS);
  if (backwardTemperature != null) assertTemperature(backwardTemperature, false, "backwardTemperature");
  if (draws != null) assertInteger(draws, "draws", 1, MOST_DRAWS);
  if (gap != null) assertGap(gap);
  assertCombination(name, options, hard);
  if (name === "reinmax") return () => ({ name });
  if (name === "gapped") return () => ({ name, gap: gap ?? 1 });
  if (name === "gumbel-rao") return (key) => ({ name, keys: split(key, draws ?? 10) });
  const tau = backwardTemperature ?? temperature;
  return tau === temperature ? undefined : () => ({ name, temperature: tau });
}

function assertGap(gap: unknown): void {
  if (gap === "expected" || (typeof gap === "number" && gap >= 0 && gap <= LARGEST_GAP)) return;
  const message = must("gap", 'be a number in [0, 2^40] or "expected"', gap);
  throw typeof gap === "number" ? new RangeError(message) : new TypeError(message);
}

/** Refuses an estimator of a soft sample, and an option of another estimator. */
function assertCombination(name: Estimator, options: EstimatorOptions, hard: boolean): void {
  for (const option of OWNED) {
    if (options[option] == null || OWNER[option] === name) continue;
    throw new RangeError(
      `${option} must come with estimator "${OWNER[option]}", got estimator "${name}" and ${option} ${options[option]}`,
    );
  }
  if (hard) return;
  const given = ["estimator", ...OWNED].find((option) => options[option as keyof EstimatorOptions] != null)!;
  throw new RangeError(
    `${given} must come with hard: true, got hard false and ${given} ${options[given as keyof EstimatorOptions]}`,
  );
}
