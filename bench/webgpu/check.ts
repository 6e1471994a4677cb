// Whether a contestant's results can be samples at all. A wrong contestant is shown as wrong, however fast.
import type { Ready, Task } from "./contestant.ts";

/** What is wrong with the results of a contestant, in words, or undefined. */
export async function check(
  task: Task,
  [rows, classes]: readonly [number, number],
  _logits: Float32Array,
  ready: Ready,
): Promise<string | undefined> {
  const result = await ready.result?.();
  if (result === undefined) return undefined;
  if (task === "categorical") {
    const indices = Array.from(result);
    if (indices.length !== rows) return `${indices.length} indices for ${rows} rows`;
    if (indices.some((index) => !Number.isInteger(index) || index < 0 || index >= classes))
      return "index out of range";
    if (rows > 16 && new Set(indices).size === 1) return "every row the same";
    return undefined;
  }
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let j = 0; j < classes; j++) sum += result[row * classes + j];
    if (!(Math.abs(sum - 1) < 1e-3)) return `row ${row} sums to ${sum}`;
  }
  return undefined;
}
