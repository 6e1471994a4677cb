// What the suite is proven with: an honest backend, which passes it whole, and enough faults, which do not.
import { isFullRun, quickOnGpuUnlessFull, shortened, smokeUnlessFull } from "@gumbel-tools/test";
import { expect, it } from "vitest";
import { OPERATION_NAMES } from "../src/adapter.ts";
import { type ConformanceCase, runConformance } from "../src/conformance/index.ts";
import type { Capabilities } from "../src/index.ts";
import { faults } from "./sabotage/faults.ts";
import { createFloatBackend } from "./sabotage/float-backend.ts";

it(shortened("an honest float32 backend passes, with no case skipped", "in a quick run"), {
  timeout: 1_200_000,
}, async () => {
  const report = await runConformance({ create: () => createFloatBackend() }, quickOnGpuUnlessFull);
  expect(report.results.filter(({ status }) => status !== "passed")).toEqual([]);
  expect(report.conforms).toBe(true);
});

it.each<[string, Partial<Capabilities>]>([
  ["sharding", { sharding: false }],
  ["precision jax", { precisions: ["full"] }],
  ["precision full", { precisions: ["jax"] }],
  ["logarithms", { logarithms: false }],
  ["filters", { filters: [] }],
  ["values by row", { perRow: false }],
  ["estimators", { estimators: [] }],
  ["all but categorical", { operations: ["categorical"] }],
])(
  shortened("an honest backend that declares to lack %s passes what is left", "in its shorter cases"),
  { timeout: 600_000 },
  async (_, lack) => {
    const filter = ({ id, kind }: ConformanceCase) =>
      isFullRun || kind === "exact" || id.endsWith("/reference") || id.startsWith("reference/");
    const target = { create: () => createFloatBackend({}, lack) };
    const report = await runConformance(target, {
      ...smokeUnlessFull,
      ...(isFullRun ? {} : { numRuns: 3 }),
      filter,
    });
    expect(report.results.filter(({ status }) => status !== "passed" && status !== "skipped")).toEqual([]);
    // Not everything is skipped: each operation that is there is held against the reference.
    const passed = report.results.filter(({ status }) => status === "passed").map(({ id }) => id);
    const { operations = OPERATION_NAMES } = lack;
    for (const operation of operations) {
      expect(passed).toContain(
        operation === "gumbel"
          ? "noise/reference"
          : operation === "bits"
            ? "bits/reference"
            : `reference/${operation}`,
      );
    }
  },
);

it("says what a target's backend is missing", async () => {
  const honest = createFloatBackend();
  for (const [backend, message] of [
    [{}, "create() must give a backend with fromArray()"],
    [{ ...honest, toArray: undefined }, "create() must give a backend with toArray()"],
    [{ ...honest, sampler: undefined }, "a sampler, whose capabilities name its operations and precisions"],
    [{ ...honest, sampler: { backend: "mine" } }, "a sampler, whose capabilities"],
  ] as const) {
    await expect(runConformance({ create: () => backend as typeof honest })).rejects.toThrow(message);
  }
});

it("the suite is held against at least 275 faults, each with a name of its own", () => {
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
  expect(faults.length).toBeGreaterThanOrEqual(275);
});
