// What a caller writes into its arrays after a call has returned changes nothing.
import type { Call } from "../call.ts";
import type { CaseContext } from "../case.ts";
import { checkResult, dueOf } from "./check.ts";
import { runWithOptions } from "./run-with-options.ts";

/** Runs a call over the backend's tensors, and writes into the arrays of its options as soon as it has returned. */
export async function checkChangedLater({ backend }: CaseContext, call: Call): Promise<void> {
  const options = copyOf(call.options) as object;
  const got = await runWithOptions(backend, call, options, () => overwrite(options));
  checkResult(call, got, await dueOf(call));
}

/** A copy down to the numbers. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (ArrayBuffer.isView(value)) return (value as Uint32Array).slice();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copyOf(each)]));
}

/** Writes another number over each one of the arrays in it. */
function overwrite(value: unknown): void {
  if (ArrayBuffer.isView(value)) (value as Uint32Array).fill(1);
  else if (Array.isArray(value) && typeof value[0] === "number") value.fill(1);
  else if (typeof value === "object" && value !== null) Object.values(value).forEach(overwrite);
}
