// The last line of the test command says no good news that is not true.
import { expect, test } from "vitest";
import { tally } from "../tally.mjs";

const file = "/repo/packages/core/test/a.test.ts";
const fileResult = { name: file, status: "passed", assertionResults: [{}] };
const report = {
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [fileResult],
};
const lint = { name: "lint", ok: true };
const tests = { name: "tests", ok: true, report };

test("counts tests, not steps", () => {
  expect(tally([lint, tests], [file])).toEqual({ failed: 0, notRun: [], line: "5 passed, 0 failed" });
});

test("sums the runs", () => {
  const other = { ...report, numPassedTests: 2, testResults: [{ ...fileResult, name: "/repo/b.test.ts" }] };
  const steps = [lint, tests, { ...tests, report: other }];
  expect(tally(steps, [file, "/repo/b.test.ts"]).line).toBe("7 passed, 0 failed");
});

test("a failed step counts as one failed", () => {
  expect(tally([{ ...lint, ok: false }, tests], [file])).toMatchObject({
    failed: 1,
    line: "5 passed, 1 failed",
  });
});

test("failed tests count one by one, and their step not again", () => {
  const failing = { ...tests, ok: false, report: { ...report, numFailedTests: 3 } };
  expect(tally([lint, failing], [file]).line).toBe("5 passed, 3 failed");
});

test("a run that failed without a failed test counts as one failed", () => {
  expect(tally([lint, { ...tests, ok: false }], [file]).line).toBe("5 passed, 1 failed");
});

test("each test file that did not load counts as one failed", () => {
  const broken = { name: "/repo/b.test.ts", status: "failed", assertionResults: [] };
  const testResults = [fileResult, broken, { ...broken, name: "/repo/c.test.ts" }];
  const steps = [lint, { ...tests, ok: false, report: { ...report, testResults } }];
  expect(tally(steps, [file, "/repo/b.test.ts", "/repo/c.test.ts"]).line).toBe("5 passed, 2 failed");
});

test("no report is no pass: the step and each of its test files count as failed", () => {
  const broken = { name: "tests", ok: false };
  expect(tally([lint, broken], [file]).line).toBe("0 passed, 2 failed");
});

test("a test file that nothing ran counts as failed and is named", () => {
  const lost = "/repo/packages/core/test/lost.test.ts";
  expect(tally([lint, tests], [file, lost])).toMatchObject({ failed: 1, notRun: [lost] });
});

test("skipped and planned tests are said", () => {
  const some = { ...tests, report: { ...report, numPendingTests: 2, numTodoTests: 1 } };
  expect(tally([lint, some], [file]).line).toBe("5 passed, 0 failed, 3 skipped");
});
