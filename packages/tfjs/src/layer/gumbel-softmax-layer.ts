// A layer for tf.layers models: samples while it trains, with a temperature that falls and a key for each call. All of
// its state is in its config, so that a model saved halfway trains on as if it had not stopped.
import { foldIn, type Key, nextKey, type Precision, split } from "@gumbel/core";
import { describe, resolveGumbelSoftmax } from "@gumbel/core/adapter";
import type { Tensor } from "@tensorflow/tfjs";
import { createSampler } from "../create-sampler.ts";
import type { TensorFlow } from "../tensorflow.ts";
import { resolveSchedule, type TemperatureSchedule, temperatureAt } from "./temperature-schedule.ts";

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

/** Options of {@link gumbelSoftmaxLayer}. All of them, and the counters, are in the layer's config. */
export interface GumbelSoftmaxLayerOptions {
  /** A temperature for ever, or one that falls; default from 1 to 0.5 at 1e-4 a step. */
  temperature?: number | Partial<TemperatureSchedule> | undefined;
  /** Straight-through: one-hot samples while training, with the soft sample's gradient. Default false. */
  hard?: boolean | undefined;
  /** Dimension of the input that holds the categories. Default −1. */
  axis?: number | undefined;
  /** Default `"full"`. */
  precision?: Precision | undefined;
  /** Root of the keys of all calls; left out, the next key of the default stream. */
  key?: Key | undefined;
  /** Default `"mode"`. */
  inference?: InferenceMode | undefined;
  /** Training calls so far; they set the temperature and the key of the next. Default 0. */
  step?: number | undefined;
  /** Inference calls that drew a sample so far. Default 0. */
  inferenceStep?: number | undefined;
  /** Name of the layer in its model. */
  name?: string | undefined;
}

/** What the layer adds to a `tf.layers` layer. */
export interface GumbelSoftmaxLayer {
  /** Training calls so far. Set it to start the temperature over. */
  step: number;
  /** The temperature of the next training call. */
  readonly temperature: number;
}

const INFERENCE_MODES: readonly unknown[] = ["mode", "sample", "probabilities"] satisfies InferenceMode[];

/**
 * A layer that turns logits into Gumbel-softmax samples of the same shape while the model trains, with
 * {@link GumbelSoftmaxLayerOptions.inference} otherwise.
 *
 * @throws TypeError or RangeError naming an option that is wrong
 */
export function gumbelSoftmaxLayer<L>(
  tf: TensorFlowWithLayers<L>,
  options: GumbelSoftmaxLayerOptions = {},
): L & GumbelSoftmaxLayer {
  return new (classOf(tf))(options) as unknown as L & GumbelSoftmaxLayer;
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
    readonly #schedule: TemperatureSchedule;
    readonly #key: Key;
    readonly #inference: InferenceMode;
    readonly #options: { hard: boolean; axis: number; precision: Precision };

    constructor(options: GumbelSoftmaxLayerOptions) {
      const { temperature, hard = false, axis = -1, precision = "full", key = nextKey() } = options;
      const { inference = "mode", step = 0, inferenceStep = 0, ...rest } = options;
      super(rest as object);
      this.#schedule = resolveSchedule(temperature);
      split(key);
      this.#key = [key[0], key[1]];
      if (!INFERENCE_MODES.includes(inference)) {
        throw new RangeError(
          `inference must be "mode", "sample" or "probabilities", got ${describe(inference)}`,
        );
      }
      this.#inference = inference;
      // What a sampler would say only at the first call; of the axis, all that shows before the input's rank is known.
      if (!Number.isInteger(axis)) throw new RangeError(`axis must be an integer, got ${describe(axis)}`);
      resolveGumbelSoftmax([1], { key, hard, precision });
      this.#options = { hard, axis, precision };
      assertCount(step, "step");
      assertCount(inferenceStep, "inferenceStep");
      this.step = step;
      this.inferenceStep = inferenceStep;
    }

    get temperature(): number {
      return temperatureAt(this.#schedule, this.step);
    }

    override call(inputs: Tensor | Tensor[], { training = false }: { training?: boolean } = {}): Tensor {
      const logits = Array.isArray(inputs) ? inputs[0] : inputs;
      const [trainingRoot, inferenceRoot] = split(this.#key);
      const { hard, ...options } = this.#options;
      if (training) {
        const { temperature } = this;
        const key = foldIn(trainingRoot, this.step++);
        return sampler.gumbelSoftmax(logits, { ...options, key, temperature, hard });
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

    override getConfig(): ReturnType<InstanceType<Tf["layers"]["Layer"]>["getConfig"]> {
      return {
        ...super.getConfig(),
        ...this.#options,
        temperature: { ...this.#schedule },
        key: [...this.#key],
        inference: this.#inference,
        step: this.step,
        inferenceStep: this.inferenceStep,
      };
    }
  };
}

function assertCount(value: unknown, argument: string): void {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return;
  throw new RangeError(`${argument} must be a safe integer of at least 0, got ${describe(value)}`);
}
