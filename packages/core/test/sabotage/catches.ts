// Holds the suite against a list of faults: each must break a clause that the fault names.
import { describeInFull, isFullRun, shortened } from "@gumbel-tools/test";
import { describe, expect, it } from "vitest";
import { CASES, type CaseKind, type ConformanceCase, createRunner } from "../../src/conformance/index.ts";
import { createFloatBackend, type Handle } from "./float-backend.ts";
import type { Sabotage } from "./sabotage.ts";

/** Registers a test for each fault. */
export function catches(faults: readonly Sabotage[]): void {
  const run = (quick: boolean) => (sabotage: Sabotage) => expectCaught(sabotage, quick);
  const slow = faults.filter(({ slow }) => slow);
  const quick = faults.filter(({ thorough, slow }) => !thorough && !slow);
  const full = faults.filter(({ thorough }) => thorough);
  describe(shortened("the first case that fails names a broken clause", "of the cases that check it"), () => {
    it.each(quick)("catches in a quick run: $name", { timeout: 120_000 }, run(true));
  });
  describeInFull("a quick run catches faults of large tensors", () => {
    it.each(slow)("catches in a quick run: $name", { timeout: 300_000 }, run(true));
  });
  describeInFull("the suite in full catches what a quick run cannot", () => {
    it.for(full)("catches in a full run: $name", { timeout: 300_000 }, run(false));
  });
}

async function expectCaught(sabotage: Sabotage, quick: boolean): Promise<void> {
  const failure = await firstFailure(sabotage, quick);
  expect(failure, "the suite passed").toBeDefined();
  expect(sabotage.breaks, `${failure!.test.id} failed with\n${failure!.message}`).toContain(failure!.clause);
  expect(failure!.message.split(":")[0]).toBe(failure!.clause);
  expect(failure!.replay).toContain(`--case ${failure!.test.id}`);
}

/**
 * The first case that fails. In a full run of all, in the suite's order; else of those that may find one of the broken
 * clauses, the likeliest first, until one names it.
 */
async function firstFailure({ fault, breaks }: Sabotage, quick: boolean) {
  const runner = await createRunner<Handle>({ create: () => createFloatBackend(fault) }, { quick });
  const relevant = CASES.filter(({ clauses }) => clauses.some((clause) => breaks.includes(clause)));
  const cases = isFullRun ? CASES : likeliestFirst(relevant, breaks);
  let last: Awaited<ReturnType<typeof runner.run>>["failure"] & { test: ConformanceCase };
  for (const test of cases) {
    const { status, failure } = await runner.run(test);
    if (status !== "failed") continue;
    last = { ...failure!, test };
    if (isFullRun || (breaks.includes(last.clause) && last.message.startsWith(last.clause))) return last;
  }
  return last!;
}

/** Kinds of cases, the quickest first: a property that fails looks for a smaller input, for seconds. */
const QUICKEST: readonly CaseKind[] = ["exact", "statistical", "robustness", "property"];

/** Cases that check the first broken clause before those of the next, and the quickest before others of the same. */
function likeliestFirst(cases: readonly ConformanceCase[], breaks: readonly string[]): ConformanceCase[] {
  const rank = ({ clauses, kind }: ConformanceCase) =>
    breaks.findIndex((clause) => clauses.includes(clause)) * QUICKEST.length + QUICKEST.indexOf(kind);
  return [...cases].sort((a, b) => rank(a) - rank(b));
}
