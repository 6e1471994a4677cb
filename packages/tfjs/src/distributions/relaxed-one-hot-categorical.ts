// The Gumbel-softmax (concrete) distribution over the last axis.
import { sizeOf } from "@gumbel/core/adapter";
import type { TensorFlow, TfTensor } from "../tensorflow.ts";
import {
  batchOf,
  constantOf,
  DRAW_OPTIONS,
  type DrawOptions,
  floatOf,
  type LogitsOrProbs,
  logOf,
  optionsOf,
  type Parameters,
  parametersOf,
  sampleShapeOf,
  tensorOf,
} from "./parameters.ts";
import { assertTemperatureOf, flatOf, type Temperature } from "./temperature.ts";

/** How far the sum of a relaxed one-hot may lie from 1: what float32 loses over 10,000 categories, and no unnormalised row. */
const SUM_TOLERANCE = 1e-3;

/** Options of a draw of relaxed one-hots. */
export interface RelaxedDrawOptions extends DrawOptions {
  /** Return exact one-hots, with the gradient of the soft sample. Default false. */
  readonly hard?: boolean | null | undefined;
  /** Return the logarithm, which is finite where the sample underflows to 0. Not with `hard`. Default false. */
  readonly log?: boolean | null | undefined;
}

/**
 * The Gumbel-softmax distribution: `RelaxedOneHotCategorical` of torch.distributions and TFP, and their ExpRelaxed one with `log`.
 * Samples and densities are differentiable in the logits or probs, in the temperature where it is a tensor, and densities in the
 * value. Its entropy and mean have no closed form. Otherwise as `Categorical`.
 *
 * @example
 * const q = new RelaxedOneHotCategorical(tf, { logits, temperature: 0.5 });
 * const logSample = q.rsample({ key: key(42), log: true });
 * const logDensity = q.logProb(logSample, { log: true });
 */
export class RelaxedOneHotCategorical<T> {
  readonly #parameters: Parameters;
  readonly #temperature: Temperature<TfTensor>;

  /** @throws RangeError or TypeError for a bad temperature, and where there is not one of logits and probs */
  constructor(tf: TensorFlow<T>, parameters: LogitsOrProbs<T> & { readonly temperature: Temperature<T> }) {
    this.#parameters = parametersOf("RelaxedOneHotCategorical", tf, parameters, logOf, true);
    const { shape, temperature } = this.#parameters;
    assertTemperatureOf(this.#parameters.tf, temperature, shape.slice(0, -1), "one for each row");
    this.#temperature = temperature as Temperature<TfTensor>;
  }

  /** Unnormalised log-probabilities: the float32 tensor that was given, or a fresh one of probs or of another type. */
  get logits(): T {
    const { tf, logits } = this.#parameters;
    return tf.tidy(logits) as T;
  }

  /** Probabilities of the categories, of the logits' shape. */
  get probs(): T {
    const { tf, sampler, logits } = this.#parameters;
    return tf.tidy(() => sampler.softmax(logits())) as T;
  }

  /** The one-hot of the most probable category: what the mode tends to as the temperature falls. */
  mode(): T {
    const { tf, sampler, logits } = this.#parameters;
    return tf.tidy(() => sampler.softmax(logits(), { hard: true })) as T;
  }

  /** Relaxed one-hots of shape `[...sampleShape, ...logits.shape]`, without a gradient. */
  sample(options: RelaxedDrawOptions = {}): T {
    const { tf, logits } = this.#parameters;
    return tf.tidy(() => constantOf(tf, logits(), () => this.rsample(options) as TfTensor)) as T;
  }

  /** The same, differentiable. */
  rsample(options: RelaxedDrawOptions = {}): T {
    const { tf, sampler, logits } = this.#parameters;
    const tau = this.#temperature;
    const given = optionsOf("rsample", options, [...DRAW_OPTIONS, "hard", "log"]);
    return tf.tidy(() => {
      if (typeof tau === "number")
        return sampler.gumbelSoftmax(logits(), { ...given, temperature: tau } as never) as TfTensor;
      // Of the log-sample at temperature 1, (log y)/τ is that at τ but for a constant.
      const { hard, log, ...drawn } = given;
      const l = logits();
      const logs: TfTensor = sampler.gumbelSoftmax(l, { ...drawn, log: true } as never);
      const rows = tf.reshape(logs, rowsOf(logs.shape, l.shape));
      const scaled = this.#scaled(rows, (x, column) => tf.div(x, column));
      return tf.reshape(sampler.softmax(scaled, { hard, log }) as TfTensor, logs.shape);
    }) as T;
  }

  /**
   * Log-densities of samples, of shape `[...samples, ...batch]`; NaN for one that is not on the simplex, which holds a negative value or
   * whose sum is more than 10⁻³ from 1, and for one that underflowed to 0: that has a density as a logarithm.
   *
   * @param value samples of shape `[...samples, ...logits.shape]`; with `log` their logarithms, and the density is that in
   * log-simplex space, which a constant added to a row does not change
   */
  logProb(value: T, options: { readonly log?: boolean | null | undefined } = {}): T {
    const { tf, sampler, logits } = this.#parameters;
    const tau = this.#temperature;
    const log = optionsOf("logProb", options, ["log"]).log ?? false;
    return tf.tidy(() => {
      const l = logits();
      const given = floatOf(tf, tensorOf(tf, value));
      const outputShape = [...sampleShapeOf(given, l.shape), ...batchOf(l)];
      const [samples, batch, categories] = rowsOf(given.shape, l.shape);
      const y = tf.reshape(given, [samples, batch, categories]);
      const logSample = log ? y : logOf(tf, y);
      const rows = tf.reshape(l, [batch, categories]);
      const isNumber = typeof tau === "number";
      const scaled = isNumber ? logSample : this.#scaled(logSample, (x, column) => tf.mul(x, column));
      const at = { sampleShape: [samples], temperature: isNumber ? tau : 1 };
      let density = sampler.relaxedLogProb(rows, scaled, at) as TfTensor;
      if (!isNumber) {
        // The density knows τ·log y alone, and (n − 1)·ln τ beside.
        const count = (x: TfTensor) =>
          tf.sum(tf.cast(tf.notEqual(x, Number.NEGATIVE_INFINITY), "float32"), -1);
        const others = tf.sub(constantOf(tf, rows, count), 1);
        density = tf.add(density, tf.mul(others, tf.log(flatOf(tf, tau))));
      }
      if (log) return tf.reshape(density, outputShape);
      const isMasked = constantOf(tf, rows, (x) =>
        tf.equal(tf.add(tf.zeros(logSample.shape), x), Number.NEGATIVE_INFINITY),
      );
      const sums = tf.sum(tf.where(isMasked, tf.zerosLike(logSample), logSample), -1);
      const isOnSimplex = constantOf(tf, y, (x) =>
        tf.logicalAnd(
          tf.greaterEqual(tf.min(x, -1), 0),
          tf.lessEqual(tf.abs(tf.sub(tf.sum(x, -1), 1)), SUM_TOLERANCE),
        ),
      );
      const none = tf.fill([samples, batch], Number.NaN);
      return tf.reshape(tf.where(isOnSimplex, tf.sub(density, sums), none), outputShape);
    }) as T;
  }

  /** A log-sample, `[samples, batch, categories]`, with its finite values changed by the temperature as a column; infinite ones have no gradient. */
  #scaled(logs: TfTensor, change: (x: TfTensor, column: TfTensor) => TfTensor): TfTensor {
    const { tf } = this.#parameters;
    const tau = this.#temperature as TfTensor;
    const column = flatOf(tf, tau, [1]);
    const isEmpty = constantOf(tf, logs, (x) => tf.equal(x, Number.NEGATIVE_INFINITY));
    const changed = change(tf.where(isEmpty, tf.zerosLike(logs), logs), column);
    return tf.where(isEmpty, tf.fill(logs.shape, Number.NEGATIVE_INFINITY), changed);
  }
}

/** Shape of samples as `[samples, batch, categories]`. */
function rowsOf(sampled: readonly number[], shape: readonly number[]): [number, number, number] {
  const [categories] = shape.slice(-1);
  const batch = sizeOf(shape.slice(0, -1));
  return [sizeOf(sampled.slice(0, sampled.length - shape.length)), batch, categories];
}
