// Nothing that a run leaves to --full goes unsaid.
import { expect, test } from "vitest";
import { leftOut } from "../left-out.mjs";

const stepOf = (...assertionResults: object[]) => ({
  name: "tests of packages/a",
  ok: true,
  report: {
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [{ name: "/a.test.ts", status: "passed", assertionResults }],
  },
});
const caseOf = (group: string) => ({ ancestorTitles: ["", group], title: "bits/jax: …", status: "passed" });

test("names the backends on which the suite ran quick or in part, each once", () => {
  const quick = caseOf("b conforms to the sampling spec, quick");
  const steps = [
    stepOf(quick, quick, caseOf("a conforms to the sampling spec")),
    stepOf(caseOf("c conforms to the sampling spec, quick, in part")),
    { name: "types, packages", ok: true },
  ];
  expect(leftOut(steps)).toEqual([
    "Only `pnpm test --full` runs:",
    "  the conformance suite in full, quick here, on: b, Node",
    "  the conformance suite, quick in part here, on: c, Node",
    "  the published types by: TypeScript 5.6 and 5.9",
  ]);
});

test("repeats the titles of tests and groups that say --full, and counts their tests", () => {
  const group = "slow ones: only with --full";
  const steps = [
    stepOf(
      { ancestorTitles: ["", group], title: "one", status: "skipped" },
      { ancestorTitles: ["", group], title: "two", status: "skipped" },
      { ancestorTitles: [""], title: "it holds: for few, whole with --full", status: "passed" },
      { ancestorTitles: [""], title: "another", status: "passed" },
    ),
  ];
  expect(leftOut(steps)).toEqual([
    "Only `pnpm test --full` runs:",
    "  2 tests: slow ones: only with --full",
    "  a test: it holds: for few, whole with --full",
  ]);
});

test("says nothing where --full would add nothing", () => {
  expect(leftOut([{ name: "lint", ok: true }, stepOf(caseOf("a conforms to the sampling spec"))])).toEqual(
    [],
  );
});
