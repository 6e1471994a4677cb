// What the command line leaves open of a training.
import { type Codes, TEMPERATURES } from "./codes.ts";
import type { Options } from "./options.ts";
import type { TrainingConfig } from "./train.ts";

/** Categories of each variable: a code prints as digits. */
const CATEGORIES = 10;
const BATCH = 100;

/** Adam's step: large at first, small enough at the end for the bound to settle. */
const LEARNING_RATE = { from: 4e-3, to: 2e-4, until: 1 };

/** The temperature reaches its floor at this part of the run. */
const COOLED = 0.8;

/** The training with these options, or with other codes and another seed. */
export function configOf(
  options: Options,
  codes: Codes = options.codes,
  seed: number = options.seed,
): TrainingConfig {
  const { epochs, variables, hidden } = options;
  const { from, to } = TEMPERATURES[codes];
  const last = options.temperature ?? to;
  return {
    ...{ epochs, seed, codes, variables, hidden, categories: CATEGORIES, batch: BATCH },
    temperature: { from: Math.max(from, last), to: last, until: COOLED },
    learningRate: LEARNING_RATE,
  };
}
