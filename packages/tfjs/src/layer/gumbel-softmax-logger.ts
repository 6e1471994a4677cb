// A callback of model.fit that follows a layer: its temperature, and how far its samples are from one-hot ones.
import { describe, readOptions } from "@gumbel/core/adapter";
import type { GumbelSoftmaxLayer } from "./gumbel-softmax-layer.ts";

/**
 * Callbacks of `model.fit`, to be given as one of its `callbacks`: alone, beside other objects of functions, or after those of
 * `tf.callbacks`, such as `earlyStopping`.
 */
export interface GumbelSoftmaxLogger {
  /** Starts to watch the layer. */
  onTrainBegin(): Promise<void>;
  /** Adds to the logs of the epoch, and so to the history of `model.fit`. */
  onEpochEnd(epoch: number, logs?: Record<string, unknown>): Promise<void>;
  /** Stops watching. */
  onTrainEnd(): Promise<void>;
  /** @ignore Called where the object itself is a callback, beside those of `tf.callbacks`. */
  setParams(): void;
}

/**
 * What TensorFlow.js calls besides of an object that is itself a callback. Not there from the start: where it wraps one, a function
 * of batches would have it download the loss of each.
 */
const NOTHING_ELSE = {
  setModel() {},
  async onEpochBegin() {},
  async onBatchBegin() {},
  async onBatchEnd() {},
};

/** Options of {@link gumbelSoftmaxLogger}. */
export interface LoggerOptions {
  /** Gets a line at the end of each epoch, such as `console.log`. Left out, the history alone has the numbers. */
  log?: ((line: string) => void) | null | undefined;
}

/**
 * Logs at the end of each epoch the temperature of its last training call, as `<layer>_temperature`, and the mean distance of the last
 * batch's soft samples to the nearest one-hot, `1 − max y` of each row, as `<layer>_distance`: 0 is one-hot. A hard layer draws its
 * soft sample once more for it.
 *
 * @param layer of {@link gumbelSoftmaxLayer}
 * @throws TypeError for something else, and for a wrong option
 * @example await model.fit(x, y, { callbacks: gumbelSoftmaxLogger(codes, { log: console.log }) })
 */
export function gumbelSoftmaxLogger(
  layer: GumbelSoftmaxLayer & { readonly name: string },
  options?: LoggerOptions | null,
): GumbelSoftmaxLogger {
  if (typeof layer?.distance !== "function") {
    throw new TypeError(`layer must be one of gumbelSoftmaxLayer, got ${describe(layer)}`);
  }
  const { log } = readOptions("gumbelSoftmaxLogger", options ?? {}, ["log"]) as LoggerOptions;
  if (log !== undefined && typeof log !== "function") {
    throw new TypeError(`log must be a function, got ${describe(log)}`);
  }
  return {
    setParams() {
      Object.assign(this, NOTHING_ELSE);
    },
    async onTrainBegin() {
      layer.isWatched = true;
    },
    async onEpochEnd(epoch, logs = {}) {
      // The temperature of the next call may not exist: a function need not know a step past the end of the training.
      const { name, lastTemperature: temperature } = layer;
      const distance = await layer.distance();
      Object.assign(logs, { [`${name}_temperature`]: temperature, [`${name}_distance`]: distance });
      log?.(
        `epoch ${epoch + 1}: ${name} at temperature ${temperature.toPrecision(3)}, ${distance.toPrecision(3)} from one-hot`,
      );
    },
    async onTrainEnd() {
      layer.isWatched = false;
    },
  };
}
