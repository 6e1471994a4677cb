// The quick conformance suite in Deno: one vitest test for each case, which run in one process.

import { CASES } from "@gumbel/core/conformance";
import { describeInFull, isFullRun } from "@gumbel-tools/test";
import { beforeAll, describe, expect, it } from "vitest";
import { runDeno } from "./run-deno.ts";

interface Outcome {
  readonly id: string;
  readonly status: string;
  readonly reason?: string;
  readonly problem: string;
}

const SCRIPT = new URL("conformance.js", import.meta.url);

/**
 * Declares the tests, which run with `--full` alone.
 *
 * @param module its default export is the target; read by Deno
 */
export function describeConformanceInDeno(name: string, module: URL): void {
  const title = `${name} in Deno conforms to the sampling spec`;
  if (isFullRun) describe(`${title}, quick`, () => declareCases(module));
  else describeInFull(title, () => it("in every case", () => {}));
}

function declareCases(module: URL): void {
  let outcomes: ReadonlyMap<string, Outcome>;
  beforeAll(async () => {
    const lines = (await runDeno(SCRIPT, module.href)).trim().split("\n");
    outcomes = new Map(lines.map((line): [string, Outcome] => [JSON.parse(line).id, JSON.parse(line)]));
  }, 1_800_000);
  for (const { id, title } of CASES) {
    it(`${id}: ${title}`, (context) => {
      const { status, reason, problem } = outcomes.get(id)!;
      if (status === "skipped") context.skip(reason);
      expect(problem).toBe("");
    });
  }
}
