// Runs a fast-check property inside a case, and keeps what a replay needs.
import fc, { type Arbitrary } from "fast-check";
import type { CaseContext } from "./case.ts";
import { ConformanceFailure } from "./failure.ts";

/** How many inputs a property is tried on. */
const RUNS = { quick: 60, full: 200 };

/** How many smaller inputs are tried after a failure, and for how long in milliseconds: a slow backend must still report. */
const SHRINK_LIMIT = { tries: 500, milliseconds: 20_000 };

/**
 * Checks that a law holds for random inputs. The failure that it throws is the smallest one found, with the seed and
 * the run that replay it.
 */
export async function forAll<T>(
  { quick, numRuns = Number.POSITIVE_INFINITY, seed, path }: CaseContext,
  inputs: Arbitrary<T>,
  law: (input: T) => Promise<void>,
  runs: { readonly quick: number; readonly full: number } = RUNS,
): Promise<void> {
  let failedAt: number | undefined;
  let tries = 0;
  const guarded = async (input: T) => {
    if (failedAt !== undefined) {
      if (++tries > SHRINK_LIMIT.tries || Date.now() - failedAt > SHRINK_LIMIT.milliseconds) return;
    }
    try {
      await law(input);
    } catch (error) {
      failedAt ??= Date.now();
      throw error;
    }
  };
  const details = await fc.check(fc.asyncProperty(inputs, guarded), {
    seed,
    numRuns: Math.min(numRuns, quick ? runs.quick : runs.full),
    ...(path === undefined ? {} : { path }),
  });
  if (!details.failed) return;
  const error = details.errorInstance;
  if (error instanceof ConformanceFailure && details.counterexamplePath !== null) {
    // The run alone: a replay shrinks it again, to the same counterexample, and the line stays readable.
    error.replay = { seed: details.seed, path: details.counterexamplePath.split(":")[0] };
  }
  throw error;
}
