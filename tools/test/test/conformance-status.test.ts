import { expect, test } from "vitest";
import { conformanceStatus } from "../conformance-status.mjs";

const RUN = { date: "2026-01-02T03:04:05.000Z", commit: "abc", machine: "linux x64, Node v20" };
const assertion = (group: string, id: string, status: string, extent = "") => ({
  ancestorTitles: [`${group} conforms to the sampling spec${extent}`],
  title: `${id}: what it says: and more`,
  status,
});
const step = (name: string, assertionResults: unknown[]) => ({
  name,
  ok: true,
  report: {
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [{ name: "/a.test.ts", status: "passed", assertionResults }],
  },
});

test("says of every case what it was on every backend, of one that was not run that it was not, and which runs were quick", () => {
  const status = conformanceStatus(
    [
      { name: "lint", ok: true },
      step("tests of packages/a", [
        assertion("a", "bits/jax", "passed"),
        assertion("a", "noise/ks", "failed"),
        { ancestorTitles: ["another group"], title: "bits/jax: no", status: "passed" },
        { ancestorTitles: [], title: "alone", status: "passed" },
      ]),
      step("packages/a/vitest.browser.config.ts", [assertion("a", "bits/jax", "pending")]),
      step("tests of packages/c", [assertion("c", "bits/jax", "passed", ", quick, in part")]),
      step("tests of packages/b", [assertion("b in Node", "axis/any", "passed", ", quick")]),
    ],
    RUN,
  );
  expect(status).toEqual({
    ...RUN,
    cases: ["axis/any", "bits/jax", "noise/ks"],
    quick: ["b in Node", "c, Node"],
    backends: { "a, Chromium": "-s-", "a, Node": "-pf", "b in Node": "p--", "c, Node": "-p-" },
  });
});
