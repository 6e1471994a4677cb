import { type Entry, type Inputs, repeat } from "../src/contestant.ts";

/** A contestant's implementation that is made up: a function of the inputs and the run. */
export function entryOf(run: (inputs: Inputs, index: number) => ArrayLike<number>): Entry {
  return {
    how: "in the test",
    prepare: async (inputs) => repeat({ run: (index) => run(inputs, index), read: (values) => values }),
  };
}
