// A callback of model.fit that follows a layer: its temperature, and how far its samples are from one-hot ones.
import type { GumbelSoftmaxLayer } from "./gumbel-softmax-layer.ts";

/** Callbacks of `model.fit`, to be given as one of its `callbacks`. */
export interface GumbelSoftmaxLogger {
  /** Starts to watch the layer. */
  onTrainBegin(): Promise<void>;
  /** Adds to the logs of the epoch, and so to the history of `model.fit`. */
  onEpochEnd(epoch: number, logs?: Record<string, unknown>): Promise<void>;
  /** Stops watching. */
  onTrainEnd(): Promise<void>;
}

/** Options of {@link gumbelSoftmaxLogger}. */
export interface LoggerOptions {
  /** Gets a line at the end of each epoch, such as `console.log`. Left out, the history alone has the numbers. */
  log?: ((line: string) => void) | null | undefined;
}

/**
 * Logs at the end of each epoch the temperature of the next training call, as `<layer>_temperature`, and the mean distance of the last
 * batch's soft samples to the nearest one-hot, `1 − max y` of each row, as `<layer>_distance`: 0 is one-hot. A hard layer draws its
 * soft sample once more for it.
 *
 * @param layer of {@link gumbelSoftmaxLayer}
 * @example await model.fit(x, y, { callbacks: gumbelSoftmaxLogger(codes, { log: console.log }) })
 */
export function gumbelSoftmaxLogger(
  layer: GumbelSoftmaxLayer & { readonly name: string },
  { log }: LoggerOptions = {},
): GumbelSoftmaxLogger {
  return {
    async onTrainBegin() {
      layer.isWatched = true;
    },
    async onEpochEnd(epoch, logs = {}) {
      const { name, temperature } = layer;
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
