// Hooks the suite to vitest: one test a case, in the order of the suite.
import { afterAll, beforeAll, describe, it } from "vitest";
import {
  CASES,
  type CaseResult,
  type ConformanceRunner,
  type ConformanceTarget,
  createRunner,
  type RunOptions,
} from "./conformance/index.ts";

/** How {@link describeConformance} runs the suite. */
export interface DescribeConformanceOptions extends Pick<RunOptions, "quick" | "filter" | "seed"> {
  /** Milliseconds that one case may take; default 120,000. */
  readonly timeout?: number;
}

/**
 * Declares one vitest test for each case of the suite. A case that needs what the backend declares to lack is
 * skipped with that reason; a known failure must fail.
 */
export function describeConformance<T>(
  name: string,
  target: ConformanceTarget<T>,
  { timeout = 120_000, filter = () => true, ...options }: DescribeConformanceOptions = {},
): void {
  describe(`${name} conforms to the sampling spec`, () => {
    let runner: ConformanceRunner;
    beforeAll(async () => {
      runner = await createRunner(target, options);
    }, timeout);
    afterAll(() => runner?.close());
    for (const test of CASES.filter(filter)) {
      it(`${test.id}: ${test.title}`, { timeout }, async (context) => {
        const result = await runner.run(test);
        if (result.status === "skipped") context.skip(result.reason);
        const problem = problemOf(result);
        if (problem !== undefined) throw new Error(problem);
      });
    }
  });
}

function problemOf({ status, failure, reason }: CaseResult): string | undefined {
  if (status === "unexpected-pass") return `${reason}; it passes now: take it off the list`;
  return status === "failed" ? `${failure!.message}\n  replay    ${failure!.replay}` : undefined;
}
