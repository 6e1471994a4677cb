// Words of the report that table and charts share.
import type { ContestantEntry, Operation, Results } from "../results.ts";

/** What each operation is, for people. */
export const TITLES: Readonly<Record<Operation, string>> = {
  categorical: "Categorical sample",
  gumbelSoftmax: "Gumbel-softmax sample",
  gumbelSoftmaxVjp: "Gradient through a Gumbel-softmax sample",
  gumbel: "Gumbel noise",
  bits: "Floor: random bits or uniforms alone",
  softmax: "Floor: softmax alone",
  read: "Floor: reading the logits alone",
};

/** `[64, 4096]`. */
export function shapeName(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** What is wrong with a contestant's way to do an operation; empty when nothing is. */
export function faultsOf(contestant: ContestantEntry | undefined, operation: Operation): string[] {
  const entry = contestant?.operations.find((each) => each.operation === operation);
  return (entry?.faults ?? []).map(({ law, found }) => `not so: ${law} (${found})`);
}

/** A contestant by its id. */
export function contestantOf(results: Results, id: string): ContestantEntry | undefined {
  return results.contestants.find((each) => each.id === id);
}

/** Its name, or the id where it is not listed. */
export function nameOf(results: Results, id: string): string {
  return contestantOf(results, id)?.name ?? id;
}

/** A figure with three digits. */
export function figure(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) < 1e-3) return value.toExponential(1);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 20));
}
