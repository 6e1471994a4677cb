// relaxedBernoulli: relaxed or straight-through coin tosses, element by element.
import { assertBoolean, assertShape, assertTemperature } from "../arguments.ts";
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import type { NoiseOptions, SampleOptions, TemperatureOptions } from "../options.ts";
import { type ResolvedNoise, resolveHard, resolveNoise } from "../resolve.ts";

/** Options of `relaxedBernoulli`. */
export interface RelaxedBernoulliOptions extends TemperatureOptions, SampleOptions, NoiseOptions {
  /** Return exactly 1 or 0, with the soft result's gradient. Default false. */
  hard?: boolean | null | undefined;
  /** Return the logit of the soft result, which never saturates: what `relaxedBernoulliLogProb` takes. Not with `hard`. Default false. */
  logit?: boolean | null | undefined;
}

/** The method `relaxedBernoulli` of a sampler. */
export interface RelaxedBernoulliMethod<T, M extends Mode, R extends Results> {
  /**
   * A sample of the relaxed Bernoulli (binary concrete) distribution of each element, `σ((logits + L)/temperature)` with
   * standard logistic noise L from the element's own bits; with `hard`, 1 where `logits + L > 0` and 0 elsewhere; with
   * `logit`, the logit of the soft sample. Maddison et al. 2017.
   *
   * @param logits log-odds, of any shape, a scalar too: −∞ is never, +∞ always
   * @returns samples of shape `[...sampleShape, ...logits.shape]`; NaN where a logit is
   * @throws RangeError or TypeError for a bad temperature, hard, logit, sampleShape, key, precision, offset or rowStride
   * @example sampler.relaxedBernoulli(logits, { key: key(42), temperature: 0.5, hard: true })
   */
  relaxedBernoulli(logits: T, options?: RelaxedBernoulliOptions): Answer<R["float"], M>;
}

/** What operations on single logits know once their arguments are checked. */
export interface ResolvedElements {
  /** Shape of the logits. */
  readonly shape: readonly number[];
  /** Leading dimensions of independent samples. */
  readonly sampleShape: readonly number[];
  /** Shape of the samples, `[...sampleShape, ...shape]`. */
  readonly outputShape: readonly number[];
  /** τ, in [2⁻⁴⁰, 2⁴⁰]. */
  readonly temperature: number;
}

/** A checked call of `relaxedBernoulli`. */
export interface ResolvedRelaxedBernoulli extends ResolvedElements {
  /** Whether the result is exactly 1 or 0. */
  readonly hard: boolean;
  /** Whether the result is the logit. */
  readonly logit: boolean;
  /** Noise of the samples' shape. */
  readonly noise: ResolvedNoise;
}

interface RelaxedBernoulliTypes extends OperationTypes {
  name: "relaxedBernoulli";
  parameters: object;
  inputs: "logits";
  outputs: "y";
  options: RelaxedBernoulliOptions;
  call: ResolvedRelaxedBernoulli;
}

/** Checks the options of operations on single logits. */
export function resolveElements(
  shape: readonly number[],
  options: TemperatureOptions & SampleOptions,
): ResolvedElements {
  const sampleShape = options.sampleShape ?? [];
  const temperature = options.temperature ?? 1;
  assertShape(shape, "logits.shape");
  assertShape(sampleShape, "sampleShape");
  assertTemperature(temperature);
  return {
    shape: [...shape],
    sampleShape: [...sampleShape],
    outputShape: [...sampleShape, ...shape],
    temperature,
  };
}

export const relaxedBernoulliOperation: Operation<RelaxedBernoulliTypes> = {
  name: "relaxedBernoulli",
  inputs: { logits: { dtype: "float32", shape: ({ shape }) => shape } },
  parameters: [],
  options: {
    temperature: true,
    hard: true,
    logit: true,
    sampleShape: true,
    key: true,
    precision: true,
    offset: true,
    rowStride: true,
  },
  outputs: { y: { dtype: "float32", shape: ({ outputShape }) => outputShape } },
  resolve({ shape }, options) {
    const elements = resolveElements(shape, options);
    const hard = resolveHard(options);
    const logit = options.logit ?? false;
    assertBoolean(logit, "logit");
    if (logit && hard) throw new RangeError("logit must be false with hard, got true: it would be infinite");
    return Object.assign(elements, { hard, logit, noise: resolveNoise(elements.outputShape, options) });
  },
};
