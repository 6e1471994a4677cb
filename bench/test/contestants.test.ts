import { describe, expect, it } from "vitest";
import { nodeStarts } from "../src/node/starts.ts";
import { createService } from "../src/service.ts";

// What starts in a moment; the rest is checked by the bench itself before it times anything.
const QUICK = ["gumbel-wasm", "gumbel-core", "jax-js-wasm", "javascript", "tfjs-cpu", "onnx-node"];
const service = createService({ starts: nodeStarts.filter(({ id }) => QUICK.includes(id)) });
const roster = await service.roster(["wasm", "tfjs", "onnx"]);
const cases = roster.flatMap(({ id, operations }) => operations.map(({ operation }) => ({ id, operation })));

describe("contestants", () => {
  it("all start", () => {
    expect(roster.filter(({ absent }) => absent !== undefined)).toEqual([]);
    expect(cases.length).toBeGreaterThan(30);
  });

  it.each(cases.filter(({ id }) => id.startsWith("gumbel-")))("$id is right in $operation", async (each) => {
    const { laws, faults } = await service.check(each.id, each.operation);
    expect(faults).toEqual([]);
    expect(laws).toBeGreaterThan(0);
  });

  it("include tf.multinomial on cpu, which gives every row of a batch the same number", async () => {
    const { faults } = await service.check("tfjs-cpu-multinomial", "categorical");
    expect(faults.map(({ law }) => law)).toContain("rows of a batch differ");
  });

  it("are measured together at one shape, with ratios to the preferred one", async () => {
    const options = { rounds: 3, turn: 0.1, budget: 1, longest: 1e4 };
    const { baseline, figures } = await service.measure("categorical", [2, 8], ["gumbel-wasm"], options);
    expect(baseline).toBe("gumbel-wasm");
    expect(figures.length).toBe(cases.filter(({ operation }) => operation === "categorical").length);
    expect(figures.filter(({ failed }) => failed !== undefined)).toEqual([]);
  });

  it("of one stream draw the same samples", async () => {
    const ids = ["gumbel-core", "gumbel-wasm", "gumbel-onnx-node"];
    const [first, ...others] = await Promise.all(ids.map((id) => service.samples(id)));
    for (const samples of others) expect(samples).toEqual(first);
  });
});
