// The relaxed Bernoulli (binary concrete) distribution.
import { assertBoolean, sizeOf } from "@gumbel/core/adapter";
import type { TensorFlow, TfTensor } from "../tensorflow.ts";
import {
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
  type TfNamespace,
  tensorOf,
} from "./parameters.ts";
import { assertTemperatureOf, flatOf, type Temperature } from "./temperature.ts";

/** Options of a draw of relaxed coin tosses. */
export interface TossOptions extends DrawOptions {
  /** Return exactly 1 or 0, with the gradient of the soft sample. Default false. */
  readonly hard?: boolean | null | undefined;
  /** Return the logit, which never saturates. Not with `hard`. Default false. */
  readonly logit?: boolean | null | undefined;
}

/**
 * The relaxed Bernoulli distribution of each logit: `RelaxedBernoulli` of torch.distributions and TFP, and
 * `LogitRelaxedBernoulli` with `logit`. Samples and densities are differentiable in the logits or probs, in the temperature where
 * it is a tensor, and densities in the value. Otherwise as `Categorical`.
 *
 * @example new RelaxedBernoulli(tf, { probs, temperature: 0.5 }).rsample({ key: key(42) })
 */
export class RelaxedBernoulli<T> {
  readonly #parameters: Parameters;
  readonly #temperature: Temperature<TfTensor>;

  /** @throws RangeError or TypeError for a bad temperature, and where there is not one of logits and probs */
  constructor(tf: TensorFlow<T>, parameters: LogitsOrProbs<T> & { readonly temperature: Temperature<T> }) {
    this.#parameters = parametersOf("RelaxedBernoulli", tf, parameters, oddsOf, true);
    const { shape, temperature } = this.#parameters;
    assertTemperatureOf(this.#parameters.tf, temperature, shape, "one for each logit");
    this.#temperature = temperature as Temperature<TfTensor>;
  }

  /** Log-odds: the float32 tensor that was given, or a fresh one of probs or of another type. */
  get logits(): T {
    const { tf, logits } = this.#parameters;
    return tf.tidy(logits) as T;
  }

  /** Probabilities of 1, of the logits' shape. */
  get probs(): T {
    const { tf, logits } = this.#parameters;
    return tf.tidy(() => tf.sigmoid(logits())) as T;
  }

  /** 1 where it is the more probable, 0 elsewhere: what the mode tends to as the temperature falls. */
  mode(): T {
    const { tf, logits } = this.#parameters;
    return tf.tidy(() =>
      constantOf(tf, logits(), (l) => tf.reshape(sideOf(tf, tf.reshape(l, [l.size])), l.shape)),
    ) as T;
  }

  /** Relaxed coin tosses of shape `[...sampleShape, ...logits.shape]`, without a gradient. */
  sample(options: TossOptions = {}): T {
    const { tf, logits } = this.#parameters;
    return tf.tidy(() => constantOf(tf, logits(), () => this.rsample(options) as TfTensor)) as T;
  }

  /** The same, differentiable. */
  rsample(options: TossOptions = {}): T {
    const { tf, sampler, logits } = this.#parameters;
    const tau = this.#temperature;
    const given = optionsOf("rsample", options, [...DRAW_OPTIONS, "hard", "logit"]);
    return tf.tidy(() => {
      if (typeof tau === "number")
        return sampler.relaxedBernoulli(logits(), { ...given, temperature: tau } as never) as TfTensor;
      const { hard, logit, ...drawn } = given;
      assertTossed(hard, logit);
      const l = logits();
      const drawnLogits: TfTensor = sampler.relaxedBernoulli(l, { ...drawn, logit: true } as never);
      const { shape } = drawnLogits;
      const x = this.#scaled(tf.reshape(drawnLogits, elementsOf(shape, l.shape)));
      if (logit) return tf.reshape(x, shape);
      if (!hard) return tf.reshape(tf.sigmoid(x), shape);
      const straightThrough = tf.customGrad((...parameters) => {
        const [at, save] = parameters as unknown as [TfTensor, (tensors: TfTensor[]) => void];
        save([tf.sigmoid(at)]);
        return {
          value: sideOf(tf, at),
          gradFunc: (c: TfTensor, [y]: TfTensor[]) => tf.mul(c, tf.mul(y, tf.sub(1, y))),
        };
      });
      return tf.reshape(straightThrough(x), shape);
    }) as T;
  }

  /**
   * Log-densities of samples, of their shape; NaN for one outside (0, 1), and so for one that saturated: that has a density as a logit.
   *
   * @param value samples of shape `[...samples, ...logits.shape]`; with `logit` their logits, and the density is that of the logits
   */
  logProb(value: T, options: { readonly logit?: boolean | null | undefined } = {}): T {
    const { tf, sampler, logits } = this.#parameters;
    const tau = this.#temperature;
    const logit = optionsOf("logProb", options, ["logit"]).logit ?? false;
    return tf.tidy(() => {
      const l = logits();
      const given = floatOf(tf, tensorOf(tf, value));
      sampleShapeOf(given, l.shape);
      const [samples, elements] = elementsOf(given.shape, l.shape);
      const y = tf.reshape(given, [samples, elements]);
      const x = logit ? y : oddsOf(tf, y);
      const isNumber = typeof tau === "number";
      const at = { sampleShape: [samples], temperature: isNumber ? tau : 1 };
      const each = isNumber ? tau : flatOf(tf, tau);
      let density: TfTensor = sampler.relaxedBernoulliLogProb(
        tf.reshape(l, [elements]),
        isNumber ? x : tf.mul(x, each),
        at,
      );
      if (!isNumber) density = tf.add(density, tf.log(each));
      if (logit) return tf.reshape(density, given.shape);
      const ofValue = tf.sub(density, tf.add(tf.log(y), tf.log1p(tf.neg(y))));
      const isInside = constantOf(tf, y, (x) => tf.logicalAnd(tf.greater(x, 0), tf.less(x, 1)));
      return tf.reshape(tf.where(isInside, ofValue, tf.fill(y.shape, Number.NaN)), given.shape);
    }) as T;
  }

  /** Logits, `[samples, elements]`, over the temperature; infinite ones, of a toss that is certain, have no gradient. */
  #scaled(logits: TfTensor): TfTensor {
    const { tf } = this.#parameters;
    const tau = this.#temperature as TfTensor;
    const isCertain = constantOf(tf, logits, (x) => tf.equal(tf.abs(x), Number.POSITIVE_INFINITY));
    const ends = constantOf(tf, logits, (x) => tf.clone(x));
    const finite = tf.where(isCertain, tf.zerosLike(logits), logits);
    return tf.where(isCertain, ends, tf.div(finite, flatOf(tf, tau)));
  }
}

/** Shape of samples as `[samples, elements]`. */
function elementsOf(sampled: readonly number[], shape: readonly number[]): [number, number] {
  return [sizeOf(sampled.slice(0, sampled.length - shape.length)), sizeOf(shape)];
}

/** 1 of positive logits, 0 of others, NaN of NaN. */
function sideOf(tf: TfNamespace, logits: TfTensor): TfTensor {
  return tf.where(tf.isNaN(logits), logits, tf.cast(tf.greater(logits, 0), "float32"));
}

/** Checks what the sampler would, were it asked for a result at the temperature. */
function assertTossed(hard: unknown, logit: unknown): void {
  if (hard != null) assertBoolean(hard, "hard");
  if (logit != null) assertBoolean(logit, "logit");
  if (hard && logit) throw new RangeError("logit must be false with hard, got true: it would be infinite");
}

/** Log-odds of probabilities. */
function oddsOf(tf: TfNamespace, probs: TfTensor): TfTensor {
  return tf.sub(logOf(tf, probs), logOf(tf, tf.sub(1, probs)));
}
