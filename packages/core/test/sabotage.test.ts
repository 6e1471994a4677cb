// What the suite is proven with: an honest backend, which passes it whole, and enough faults, which do not.
import { expect, it } from "vitest";
import { runConformance } from "../src/conformance/index.ts";
import { faults } from "./sabotage/faults.ts";
import { createFloatBackend } from "./sabotage/float-backend.ts";

it("an honest float32 backend passes, with no case skipped", { timeout: 120_000 }, async () => {
  const report = await runConformance({ create: () => createFloatBackend() });
  expect(report.results.filter(({ status }) => status !== "passed")).toEqual([]);
  expect(report.conforms).toBe(true);
});

it("the suite is held against at least 190 faults, each with a name of its own", () => {
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
  expect(faults.length).toBeGreaterThanOrEqual(190);
});
