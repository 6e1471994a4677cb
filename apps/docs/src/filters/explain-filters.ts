// Which categories each filter cuts, and how much of the distribution is left: asked of `logProb`, which is −∞ for what is cut.
import type { LogProbOptions, NdArray } from "@gumbel/core";
import { activeSliders, type FilterSettings, optionsOf, type SliderFilter } from "./filter-settings.ts";

/** A sampler over plain arrays that answers at once. */
export interface LogProbSampler {
  logProb(logits: NdArray, indices: NdArray, options: LogProbOptions): NdArray;
}

/** What one filter leaves. */
export interface FilterStage {
  readonly name: SliderFilter;
  /** Categories that are left. */
  readonly kept: number;
  /** Their share of the probabilities that filters see, before any filter. */
  readonly mass: number;
}

/** What the filters do with one row. */
export interface Explanation {
  /** What each filter that is on leaves, in the order in which they act. */
  readonly stages: readonly FilterStage[];
  /** The filter that cuts each category; undefined for one that is left, or masked. */
  readonly cutBy: readonly (SliderFilter | undefined)[];
  /** Probabilities that filters see: at the temperature, or at 1 where that comes last. */
  readonly seen: Float64Array;
  /** Probabilities of a draw. */
  readonly drawn: Float64Array;
}

/**
 * Explains the filters of one row, [n], of at least one finite logit and no NaN or +∞.
 *
 * At temperature 0 a draw is the mode, and no filter acts.
 */
export function explainFilters(
  sampler: LogProbSampler,
  logits: readonly number[],
  settings: FilterSettings,
): Explanation {
  const n = logits.length;
  const rows: NdArray = {
    data: Float32Array.from({ length: n * n }, (_, i) => logits[i % n]!),
    shape: [n, n],
  };
  const each: NdArray = { data: Int32Array.from({ length: n }, (_, i) => i), shape: [n] };
  /** Probability of every category; 0 for one that is cut, or whose probability is too small for a number. */
  const probabilities = (options: LogProbOptions) => {
    const { data } = sampler.logProb(rows, each, options);
    return {
      kept: Array.from(data, (value) => value !== Number.NEGATIVE_INFINITY),
      p: Float64Array.from(data, Math.exp),
    };
  };
  const { temperature, order } = settings;
  if (temperature === 0) {
    const mode = logits.indexOf(Math.max(...logits));
    const drawn = Float64Array.from({ length: n }, (_, i) => (i === mode ? 1 : 0));
    return { stages: [], cutBy: Array(n).fill(undefined), seen: probabilities({}).p, drawn };
  }
  const seen = probabilities({ temperature: order === "temperature-last" ? 1 : temperature }).p;
  const cutBy: (SliderFilter | undefined)[] = Array(n).fill(undefined);
  const soFar: LogProbOptions = { temperature, order };
  const stages = activeSliders(settings).map(({ name }) => {
    soFar[name] = settings[name];
    const { kept } = probabilities(soFar);
    let mass = 0;
    for (let i = 0; i < n; i++) {
      if (kept[i]) mass += seen[i]!;
      else if (logits[i] !== Number.NEGATIVE_INFINITY) cutBy[i] ??= name;
    }
    return { name, kept: kept.filter(Boolean).length, mass };
  });
  return { stages, cutBy, seen, drawn: probabilities(optionsOf(settings) as LogProbOptions).p };
}
