// Hooks the suite to vitest: one test a case, in the order of the suite.
import { afterAll, beforeAll, describe, it } from "vitest";
import {
  CASES,
  type ConformanceRunner,
  type ConformanceTarget,
  createRunner,
  formatFailure,
  type RunOptions,
} from "./conformance/index.ts";

/** How {@link describeConformance} runs the suite. */
export interface DescribeConformanceOptions
  extends Pick<RunOptions, "quick" | "numRuns" | "filter" | "seed"> {
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
  { timeout = 120_000, filter, ...options }: DescribeConformanceOptions = {},
): void {
  const extent = `${options.quick ? ", quick" : ""}${filter ? ", in part" : ""}`;
  describe(`${name} conforms to the sampling spec${extent}`, () => {
    let runner: ConformanceRunner;
    beforeAll(async () => {
      runner = await createRunner(target, { ...options, timeout });
    }, timeout);
    afterAll(() => runner?.close());
    for (const test of CASES.filter(filter ?? (() => true))) {
      // A second more than the runner's own limit, whose message says more than vitest's.
      it(`${test.id}: ${test.title}`, { timeout: timeout + 1000 }, async (context) => {
        const result = await runner.run(test);
        if (result.status === "skipped") context.skip(result.reason);
        const problem = formatFailure(result);
        if (problem !== "") throw new Error(problem);
      });
    }
  });
}
