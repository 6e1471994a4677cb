// Holds the suite against a list of faults: each must break a clause that the fault names.
import { describeInFull, isFullRun, shortened } from "@gumbel-tools/test";
import { describe, expect, it } from "vitest";
import { CASES, createRunner } from "../../src/conformance/index.ts";
import { createFloatBackend, type Handle } from "./float-backend.ts";
import type { Sabotage } from "./sabotage.ts";

/** Registers a test for each fault. */
export function catches(faults: readonly Sabotage[]): void {
  const run = (quick: boolean) => (sabotage: Sabotage) => expectCaught(sabotage, quick);
  const quick = faults.filter(({ thorough }) => !thorough);
  const full = faults.filter(({ thorough }) => thorough);
  describe(shortened("the first case that fails names a broken clause", "of the cases that check it"), () => {
    it.each(quick)("catches in a quick run: $name", { timeout: 120_000 }, run(true));
  });
  describeInFull("the suite in full catches what a quick run cannot", () => {
    it.for(full)("catches in a full run: $name", { timeout: 300_000 }, run(false));
  });
}

async function expectCaught(sabotage: Sabotage, quick: boolean): Promise<void> {
  const failure = await firstFailure(sabotage, quick);
  expect(failure, "the suite passed").toBeDefined();
  expect(sabotage.breaks, `${failure!.test.id} failed with\n${failure!.message}`).toContain(failure!.clause);
  expect(failure!.test.clauses, `${failure!.test.id} names another clause`).toContain(failure!.clause);
  expect(failure!.message).toContain(failure!.clause);
  expect(failure!.replay).toContain(`--case ${failure!.test.id}`);
}

/** The first case that fails: of all in a full run, else of those that may find one of the broken clauses. */
async function firstFailure({ fault, breaks }: Sabotage, quick: boolean) {
  const runner = await createRunner<Handle>({ create: () => createFloatBackend(fault) }, { quick });
  const cases = CASES.filter(({ clauses }) => isFullRun || clauses.some((clause) => breaks.includes(clause)));
  for (const test of cases) {
    const { status, failure } = await runner.run(test);
    if (status === "failed") return { ...failure!, test };
  }
  return undefined;
}
