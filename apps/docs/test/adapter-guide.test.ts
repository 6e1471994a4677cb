// The backend of the guide "Write your own adapter" conforms, and is as short as the guide says.
import { readFileSync } from "node:fs";
import { type ConformanceTarget, runConformance } from "@gumbel/core/conformance";
import { isFullRun, shortened } from "@gumbel-tools/test";
import { expect, it } from "vitest";
import target from "../src/adapter-guide/float32-backend.conformance.mjs";

it("the backend has under 60 lines", () => {
  const source = readFileSync(new URL("../src/adapter-guide/float32-backend.mjs", import.meta.url), "utf8");
  expect(source.trimEnd().split("\n").length).toBeLessThan(60);
});

// Not by describeConformance: the test command would record the guide's backend among ours.
const TITLE =
  "the suite passes on it, in a quick run that skips the cases about leaks, filters, values by row, logarithms and estimators alone";
/** Cases that take long, of sizes that this backend does not treat apart. */
const LONG = /^(sizes|regimes)\//;

it(shortened(TITLE, "and here those of large tensors"), { timeout: 300_000 }, async () => {
  const report = await runConformance(target as ConformanceTarget<unknown>, {
    quick: true,
    ...(isFullRun ? {} : { numRuns: 8, filter: ({ id }) => !LONG.test(id) }),
  });
  const unpassed = report.results.filter(({ status }) => status !== "passed");
  expect(
    unpassed.filter(
      ({ status, reason }) =>
        status !== "skipped" ||
        !/count|declares no (filter|values by row|logarithms|estimator)/.test(reason ?? ""),
    ),
  ).toEqual([]);
});
