// The last line of the test command says no good news that is not true.
import { expect, test } from "vitest";
import { tally } from "../tally.mjs";

const file = "/repo/packages/core/test/a.test.ts";
const report = {
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ name: file }],
};
const green = [
  { name: "lint", ok: true },
  { name: "tests", ok: true },
];

test("counts tests, not steps", () => {
  expect(tally(green, report, [file])).toMatchObject({ failed: 0, line: "5 passed, 0 failed" });
});

test("a failed step counts as one failed", () => {
  const steps = [{ name: "lint", ok: false }, green[1]!];
  expect(tally(steps, report, [file]).line).toBe("5 passed, 1 failed");
});

test("failed tests count one by one, and their step not again", () => {
  const steps = [green[0]!, { name: "tests", ok: false }];
  expect(tally(steps, { ...report, numFailedTests: 3 }, [file]).line).toBe("5 passed, 3 failed");
});

test("a run that failed without a failed test counts as one failed", () => {
  const steps = [green[0]!, { name: "tests", ok: false }];
  expect(tally(steps, report, [file]).line).toBe("5 passed, 1 failed");
});

test("no report is no pass: the step and each test file count as failed", () => {
  const steps = [green[0]!, { name: "tests", ok: false }];
  expect(tally(steps, undefined, [file]).line).toBe("0 passed, 2 failed");
});

test("a test file that no project ran counts as failed and is named", () => {
  const lost = "/repo/packages/core/test/lost.test.ts";
  expect(tally(green, report, [file, lost])).toMatchObject({ failed: 1, notRun: [lost] });
});

test("skipped and planned tests are said", () => {
  const line = tally(green, { ...report, numPendingTests: 2, numTodoTests: 1 }, [file]).line;
  expect(line).toBe("5 passed, 0 failed, 3 skipped");
});
