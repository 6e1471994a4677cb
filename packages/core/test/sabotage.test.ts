// The suite proves itself: an honest backend passes it whole, and each sabotaged one breaks a clause that it names.
import { describe, expect, it } from "vitest";
import { CASES, createRunner, runConformance } from "../src/conformance/index.ts";
import { faults } from "./sabotage/faults.ts";
import { createFloatBackend, type Handle } from "./sabotage/float-backend.ts";
import type { Sabotage } from "./sabotage/sabotage.ts";

/** The first failure of a quick run. */
async function firstFailure({ fault }: Sabotage) {
  const runner = await createRunner<Handle>({ create: () => createFloatBackend(fault) }, { quick: true });
  for (const test of CASES) {
    const { status, failure } = await runner.run(test);
    if (status === "failed") return { ...failure!, test };
  }
  return undefined;
}

describe("the conformance suite", () => {
  it("passes an honest float32 backend, with no case skipped", { timeout: 60_000 }, async () => {
    const report = await runConformance({ create: () => createFloatBackend() });
    expect(report.results.filter(({ status }) => status !== "passed")).toEqual([]);
    expect(report.conforms).toBe(true);
  });

  it.each(faults)("catches in a quick run: $name", { timeout: 60_000 }, async (sabotage) => {
    const failure = await firstFailure(sabotage);
    expect(failure, "the suite passed").toBeDefined();
    expect(sabotage.breaks, `${failure!.test.id} failed with\n${failure!.message}`).toContain(
      failure!.clause,
    );
    expect(failure!.test.clauses, `${failure!.test.id} names another clause`).toContain(failure!.clause);
    expect(failure!.message).toContain(failure!.clause);
    expect(failure!.replay).toContain(`--case ${failure!.test.id}`);
  });

  it("is held against at least 60 faults, each with a name of its own", () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    expect(faults.length).toBeGreaterThanOrEqual(60);
  });
});
