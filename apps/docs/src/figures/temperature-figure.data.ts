// One sample of one key at several temperatures, computed by the reference when the site is built.
import { gumbelSoftmax, key } from "@gumbel/core";

const LOGITS = [1, 0.5, 0, -0.5];
const TEMPERATURES = [0.1, 0.5, 1, 2, 10];
const KEY = 7;

/** One column of bars. */
export interface TemperatureColumn {
  readonly temperature: number;
  /** Soft sample, summing to 1. */
  readonly values: readonly number[];
}

declare const data: readonly TemperatureColumn[];

export { data };

const loader: { load(): TemperatureColumn[] } = {
  load: () =>
    TEMPERATURES.map((temperature) => ({
      temperature,
      values: Array.from(
        gumbelSoftmax({ data: LOGITS, shape: [LOGITS.length] }, { key: key(KEY), temperature }).data,
      ),
    })),
};
export default loader;
