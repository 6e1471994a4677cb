// Trains every kind of codes with several seeds at equal epochs.
import { CODES, type Codes } from "./codes.ts";
import { configOf } from "./config-of.ts";
import type { Options } from "./options.ts";
import type { TrainingConfig } from "./train.ts";
import type { Run, trainAndMeasure } from "./train-and-measure.ts";

/** The runs of one kind of codes, a seed each. */
export interface RunsOfCodes {
  readonly codes: Codes;
  readonly runs: readonly Run[];
}

/**
 * Runs one after the other, and says which it is at.
 *
 * @param own the run that there is already: it is not done again
 */
export function compareCodes(
  options: Options,
  own: Run,
  trainOne: (config: TrainingConfig) => ReturnType<typeof trainAndMeasure>,
  log: (line: string) => void,
): RunsOfCodes[] {
  const seeds = Array.from({ length: options.seeds }, (_, i) => options.seed + i);
  const total = CODES.length * seeds.length;
  let count = 0;
  const runOf = (codes: Codes, seed: number): Run => {
    log(`\nRun ${++count} of ${total}: ${codes}, seed ${seed}`);
    if (codes === options.codes && seed === options.seed) return own;
    const { model, run } = trainOne(configOf(options, codes, seed));
    model.dispose();
    return run;
  };
  return CODES.map((codes) => ({
    codes,
    runs: seeds.map((seed) => {
      const run = runOf(codes, seed);
      log(`${codes}, seed ${seed}: held out ${run.final.negativeElbo.toFixed(2)}`);
      return run;
    }),
  }));
}
