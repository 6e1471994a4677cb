// A layer for tf.layers models: samples while it trains, with a temperature that falls and a key for each call. All of
// its state is in its config, so that a model saved halfway trains on as if it had not stopped.
import { type EstimatorOptions, foldIn, type Key, type Precision, split } from "@gumbel/core";
import {
  assertInteger,
  describe,
  operations,
  type ResolvedGumbelSoftmax,
  readOptions,
  unknownOption,
} from "@gumbel/core/adapter";
import type { Tensor } from "@tensorflow/tfjs";
import { createSampler } from "../create-sampler.ts";
import type { TensorFlow } from "../tensorflow.ts";
import {
  type LayerTemperature,
  resolveSchedule,
  type TemperatureOfStep,
  type TemperatureSchedule,
  temperatureAt,
} from "./temperature-schedule.ts";

/** The namespace that a layer needs: `@tensorflow/tfjs`, or `{ ...core, layers }` of the single packages. */
export interface TensorFlowWithLayers<L = unknown> extends TensorFlow {
  /** What a layer is made of. */
  readonly layers: { readonly Layer: abstract new (...parameters: never) => L };
  /** Where a class of layers is made known, for models that are loaded. */
  readonly serialization: {
    /** Makes a class known by its name. */
    registerClass(...parameters: never): unknown;
  };
}

/** What the layer returns when the model does not train. */
export type InferenceMode =
  /** The one-hot of the most probable category; always the same. */
  | "mode"
  /** A hard sample, another one at each call. */
  | "sample"
  /** The probabilities, `softmax(logits)`. */
  | "probabilities";

/**
 * Options of {@link gumbelSoftmaxLayer}. All of them, and the counters, are in the layer's config, but for a temperature that is
 * a function: a model with one cannot be saved.
 */
export interface GumbelSoftmaxLayerOptions extends EstimatorOptions {
  /** A temperature for ever, one that falls, or a function of the step; default from 1 to 0.5 at 1e-4 a step. */
  temperature?: LayerTemperature | null | undefined;
  /** One-hot samples while training, with the gradient that the estimator has. Default false. */
  hard?: boolean | null | undefined;
  /** Dimension of the input that holds the categories. Default −1. */
  axis?: number | null | undefined;
  /** Default `"full"`. */
  precision?: Precision | null | undefined;
  /** Root of the keys of all calls; left out, the next key of the default stream. */
  key?: Key | null | undefined;
  /** Default `"mode"`. */
  inference?: InferenceMode | null | undefined;
  /** Training calls so far; they set the temperature and the key of the next. Default 0. */
  step?: number | null | undefined;
  /** Inference calls that drew a sample so far. Default 0. */
  inferenceStep?: number | null | undefined;
  /** Name of the layer in its model. */
  name?: string | null | undefined;
}

/** What the layer adds to a `tf.layers` layer. */
export interface GumbelSoftmaxLayer {
  /** Training calls so far. Set it to start the temperature over. */
  step: number;
  /** The temperature of the next training call. Set it to a number, a schedule or a function of the step. */
  get temperature(): number;
  set temperature(value: LayerTemperature);
  /** The temperature of the last training call; NaN before one. */
  readonly lastTemperature: number;
  /** Whether training calls note how far their soft samples are from one-hot ones. Default false. */
  isWatched: boolean;
  /**
   * Mean distance of the last watched call's soft samples to the nearest one-hot, `1 − max y` of each row: 0 is one-hot. NaN
   * before such a call.
   */
  distance(): Promise<number>;
}

const INFERENCE_MODES: readonly unknown[] = ["mode", "sample", "probabilities"] satisfies InferenceMode[];

const OPTIONS: Readonly<Record<keyof GumbelSoftmaxLayerOptions, true>> = {
  temperature: true,
  hard: true,
  axis: true,
  precision: true,
  key: true,
  inference: true,
  step: true,
  inferenceStep: true,
  name: true,
  estimator: true,
  backwardTemperature: true,
  draws: true,
  gap: true,
};

/** Options of every layer of TensorFlow.js. */
const LAYER_OPTIONS = "inputShape batchInputShape batchSize dtype inputDType trainable weights".split(" ");

/**
 * A layer that turns logits into Gumbel-softmax samples of the same shape while the model trains, with
 * {@link GumbelSoftmaxLayerOptions.inference} otherwise.
 *
 * @param tf `@tensorflow/tfjs`, or `{ ...core, layers }` of the single packages
 * @throws TypeError or RangeError naming an option that is wrong
 * @example gumbelSoftmaxLayer(tf, { key: key(1), hard: true, temperature: { initial: 1, minimum: 0.5, rate: 1e-3 } })
 */
export function gumbelSoftmaxLayer<L>(
  tf: TensorFlowWithLayers<L>,
  options?: GumbelSoftmaxLayerOptions | null,
): L & GumbelSoftmaxLayer {
  return new (classOf(tf))(knownOf(options ?? {})) as unknown as L & GumbelSoftmaxLayer;
}

/** Makes the layer's class known, for a program that loads a model without creating a layer first. */
export function registerGumbelSoftmaxLayer(tf: TensorFlowWithLayers): void {
  classOf(tf);
}

type Tf = typeof import("@tensorflow/tfjs");
type LayerClass = new (options: GumbelSoftmaxLayerOptions) => InstanceType<Tf["layers"]["Layer"]>;

/** One class for each Layer class that there is: `instanceof` and the registry must see the same one. */
const classes = new WeakMap<object, LayerClass>();

function classOf(namespace: TensorFlowWithLayers): LayerClass {
  const tf = namespace as unknown as Tf;
  if (typeof tf?.layers?.Layer !== "function") {
    throw new TypeError(
      `tf must be a namespace with layers, as @tensorflow/tfjs, got ${describe(namespace)}`,
    );
  }
  const known = classes.get(tf.layers.Layer);
  if (known !== undefined) return known;
  const made = createClass(tf);
  tf.serialization.registerClass(made);
  classes.set(tf.layers.Layer, made);
  return made;
}

function createClass(tf: Tf) {
  const sampler = createSampler<Tensor>(tf);

  return class GumbelSoftmax extends tf.layers.Layer implements GumbelSoftmaxLayer {
    /** Under this name models refer to the class. */
    static readonly className = "GumbelSoftmax";
    step: number;
    inferenceStep: number;
    #lastTemperature = Number.NaN;
    #schedule: TemperatureSchedule | TemperatureOfStep;
    #isWatched = false;
    /** Scalar of the last watched call, which no tidy disposes. */
    #distance: Tensor | undefined;
    readonly #key: Key;
    readonly #inference: InferenceMode;
    readonly #options: { hard: boolean; axis: number; precision: Precision };
    readonly #estimator: EstimatorOptions;

    constructor(options: GumbelSoftmaxLayerOptions) {
      super(ownOptionsOfLayer(options));
      const hard = options.hard ?? false;
      const axis = options.axis ?? -1;
      const precision = options.precision ?? "full";
      const inference = options.inference ?? "mode";
      this.#schedule = resolveSchedule(options.temperature ?? undefined);
      if (!INFERENCE_MODES.includes(inference)) {
        throw new RangeError(
          `inference must be "mode", "sample" or "probabilities", got ${describe(inference)}`,
        );
      }
      this.#inference = inference;
      // What a sampler would refuse only at the first call; of the axis, all that shows before the input's rank is known.
      assertInteger(axis, "axis", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
      this.step = countOf(options.step, "step");
      this.inferenceStep = countOf(options.inferenceStep, "inferenceStep");
      const { resolve } = operations.gumbelSoftmax;
      const { estimator, backwardTemperature, draws, gap } = options;
      this.#estimator = { estimator, backwardTemperature, draws, gap };
      const { noise } = resolve(
        { shape: [1] },
        { key: options.key, hard, precision, ...this.#estimator },
      ) as ResolvedGumbelSoftmax;
      this.#key = noise.key;
      this.#options = { hard, axis, precision };
    }

    get temperature(): number {
      return temperatureAt(this.#schedule, this.step);
    }

    set temperature(value: LayerTemperature) {
      this.#schedule = resolveSchedule(value);
    }

    get lastTemperature(): number {
      return this.#lastTemperature;
    }

    get isWatched(): boolean {
      return this.#isWatched;
    }

    set isWatched(value: boolean) {
      this.#isWatched = value;
      if (!value) this.#note(undefined);
    }

    async distance(): Promise<number> {
      return this.#distance === undefined ? Number.NaN : (await this.#distance.data())[0];
    }

    #note(distance: Tensor | undefined): void {
      this.#distance?.dispose();
      this.#distance = distance && tf.keep(distance);
    }

    override call(inputs: Tensor | Tensor[], { training = false }: { training?: boolean } = {}): Tensor {
      const logits = Array.isArray(inputs) ? inputs[0] : inputs;
      const [trainingRoot, inferenceRoot] = split(this.#key);
      const { hard, ...options } = this.#options;
      if (training) {
        const { temperature } = this;
        this.#lastTemperature = temperature;
        const key = foldIn(trainingRoot, this.step++);
        const sample = { ...options, key, temperature };
        const y = sampler.gumbelSoftmax(logits, { ...sample, hard, ...this.#estimator });
        if (this.#isWatched) {
          const soft = hard ? sampler.gumbelSoftmax(logits, sample) : y;
          this.#note(tf.sub(1, tf.mean(tf.max(soft, options.axis))));
        }
        return y;
      }
      if (this.#inference === "sample") {
        const key = foldIn(inferenceRoot, this.inferenceStep++);
        return sampler.gumbelSoftmax(logits, { ...options, key, hard: true });
      }
      return sampler.softmax(logits, { axis: options.axis, hard: this.#inference === "mode" });
    }

    override computeOutputShape<Shape>(inputShape: Shape): Shape {
      return inputShape;
    }

    override dispose(): ReturnType<InstanceType<Tf["layers"]["Layer"]>["dispose"]> {
      this.#note(undefined);
      return super.dispose();
    }

    /** @throws Error where the temperature is a function */
    override getConfig(): ReturnType<InstanceType<Tf["layers"]["Layer"]>["getConfig"]> {
      if (typeof this.#schedule === "function") {
        throw new Error(
          "temperature is a function of the step, which no config can hold: set layer.temperature to a number or a schedule " +
            "before the model is saved, and back afterwards",
        );
      }
      const given = Object.entries(this.#estimator).filter(([, value]) => value != null);
      return {
        ...super.getConfig(),
        ...this.#options,
        ...Object.fromEntries(given),
        temperature: { ...this.#schedule },
        key: [...this.#key],
        inference: this.#inference,
        step: this.step,
        inferenceStep: this.inferenceStep,
      };
    }
  };
}

/** @throws TypeError for an option that neither this layer nor every layer has */
function knownOf(options: GumbelSoftmaxLayerOptions): GumbelSoftmaxLayerOptions {
  const own = Object.keys(OPTIONS);
  const refuse = (of: string, name: string) => unknownOption(of, name, own);
  return readOptions("gumbelSoftmaxLayer", options, [...own, ...LAYER_OPTIONS], refuse);
}

/** What is TensorFlow.js's own: options of every layer, and what it adds to the config of a saved model. */
function ownOptionsOfLayer(options: object): object {
  const isOwn = (name: string) => name === "name" || !(name in OPTIONS);
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => value != null && isOwn(name)));
}

function countOf(value: unknown, argument: string): number {
  const count = value ?? 0;
  assertInteger(count, argument, 0, Number.MAX_SAFE_INTEGER);
  return count as number;
}
