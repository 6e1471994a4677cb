import { foldIn, gumbel, key } from "@gumbel/core";
import { describe, expect, it } from "vitest";
import type { Entry, Inputs } from "../src/contestant.ts";
import { repeat } from "../src/contestants/repeat.ts";
import { check } from "../src/measure/check.ts";
import type { Operation } from "../src/results.ts";

/** A contestant that makes its samples of noise, which a fault may spoil. */
function entry(sample: (inputs: Inputs, noise: Float64Array) => ArrayLike<number>, seed = 3): Entry {
  return {
    how: "in the test",
    prepare: async (inputs) =>
      repeat({
        run: (run) => sample(inputs, gumbel(inputs.shape, { key: foldIn(key(seed), run) }).data),
        read: (values) => values,
      }),
  };
}

function argmaxOf({ shape: [rows, classes], logits }: Inputs, noise: Float64Array): number[] {
  return Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let j = 1; j < classes; j++) {
      const z = (at: number) => logits[row * classes + at] + noise[row * classes + at];
      if (z(j) > z(best)) best = j;
    }
    return best;
  });
}

async function broken(operation: Operation, contestant: Entry, conforms = false): Promise<string[]> {
  const { faults } = await check(operation, contestant, conforms);
  return faults.map(({ law }) => law);
}

describe("check", () => {
  it("finds nothing wrong with an honest sampler", async () => {
    expect(await broken("categorical", entry(argmaxOf))).toEqual([]);
    expect(
      await broken(
        "gumbel",
        entry((_, noise) => noise),
      ),
    ).toEqual([]);
  });

  it("finds a sampler that only claims to conform", async () => {
    expect(await broken("categorical", entry(argmaxOf), true)).toEqual(["results are the reference's"]);
  });

  it("finds rows that share their noise", async () => {
    const shared = entry((inputs, noise) =>
      argmaxOf(
        inputs,
        noise.map((_, i) => noise[i % inputs.shape[1]]),
      ),
    );
    expect(await broken("categorical", shared)).toContain("rows of a batch differ");
  });

  it("finds noise that never changes", async () => {
    const stuck: Entry = {
      how: "in the test",
      prepare: async (inputs) => {
        const { data } = gumbel(inputs.shape, { key: key(1) });
        return repeat({ run: () => argmaxOf(inputs, data), read: (values) => values });
      },
    };
    expect(await broken("categorical", stuck)).toContain("draws of a single row differ");
  });

  it("finds a sampler of another distribution", async () => {
    const cold = entry((inputs, noise) =>
      argmaxOf(
        inputs,
        noise.map((g) => g / 2),
      ),
    );
    expect(await broken("categorical", cold)).toContain("frequencies are the softmax");
  });

  it("finds masked categories and indices that do not exist", async () => {
    const blind = entry((inputs, noise) =>
      argmaxOf({ ...inputs, logits: inputs.logits.map((logit) => Math.max(logit, -1)) }, noise),
    );
    expect(await broken("categorical", blind)).toContain("masked categories are never drawn");
    const beyond = entry((inputs, noise) => argmaxOf(inputs, noise).map((index) => index + 1));
    expect(await broken("categorical", beyond)).toContain("results are well formed");
  });

  it("finds noise of another distribution, and values that are not finite", async () => {
    expect(
      await broken(
        "gumbel",
        entry((_, noise) => noise.map((g) => -g)),
      ),
    ).toContain("noise is Gumbel's");
    const infinite = entry((_, noise) => noise.map((g, i) => (i === 5 ? Number.POSITIVE_INFINITY : g)));
    expect(await broken("gumbel", infinite)).toContain("results are well formed");
  });

  it("finds a gradient that is nothing, or does not sum to nothing", async () => {
    expect(
      await broken(
        "gumbelSoftmaxVjp",
        entry((_, noise) => noise.map(() => 0)),
      ),
    ).toEqual(["results are well formed"]);
    expect(
      await broken(
        "gumbelSoftmaxVjp",
        entry((_, noise) => noise.map(() => 1)),
      ),
    ).toEqual(["results are well formed"]);
  });

  it("reports a contestant that throws as wrong, with what it threw", async () => {
    const throws = entry(() => {
      throw new Error("no kernel");
    });
    const { laws, faults } = await check("categorical", throws, false);
    expect(faults).toHaveLength(laws);
    expect(faults.every(({ found }) => found === "Error: no kernel")).toBe(true);
  });
});
