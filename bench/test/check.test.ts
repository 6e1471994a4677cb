import { foldIn, gumbel, key } from "@gumbel/core";
import { describe, expect, it } from "vitest";
import type { Entry, Inputs } from "../src/contestant.ts";
import { check } from "../src/measure/check.ts";
import type { Operation } from "../src/results.ts";
import { entryOf } from "./entry-of.ts";

type Sample = (inputs: Inputs, noise: Float64Array) => ArrayLike<number>;

/** A contestant that samples with correct noise, which a fault may spoil. */
const sampler = (sample: Sample): Entry =>
  entryOf((inputs, run) => sample(inputs, gumbel(inputs.shape, { key: foldIn(key(3), run) }).data));

/** One that draws with changed noise. */
const drawing = (change: (noise: Float64Array, inputs: Inputs) => Float64Array): Entry =>
  sampler((inputs, noise) => argmax(inputs, change(noise, inputs)));

const argmax: Sample = ({ shape: [rows, categories], logits }, noise) =>
  Array.from({ length: rows }, (_, row) => {
    const start = row * categories;
    const z = Array.from({ length: categories }, (_, j) => noise[start + j] + logits[start + j]);
    return z.indexOf(Math.max(...z));
  });

async function broken(operation: Operation, entry: Entry, conforms = false): Promise<string[]> {
  return (await check(operation, entry, conforms)).faults.map(({ law }) => law);
}

const stuck = entryOf((inputs) => argmax(inputs, gumbel(inputs.shape, { key: key(1) }).data));
const blind: Sample = (inputs, noise) =>
  argmax({ ...inputs, logits: inputs.logits.map((logit) => Math.max(logit, -1)) }, noise);
const beyond: Sample = (inputs, noise) => Array.from(argmax(inputs, noise), (index) => index + 1);
const infinite: Sample = (_, noise) => noise.map((g, i) => (i === 5 ? Number.POSITIVE_INFINITY : g));
const FORM = "results are well formed";
const KEPT = "what the filters keep is drawn, and nothing else";
const NONE = new Float64Array(256 * 200);

describe("check", () => {
  it("finds nothing wrong with an honest sampler", async () => {
    expect(await broken("categorical", sampler(argmax))).toEqual([]);
    expect(
      await broken(
        "gumbel",
        sampler((_, noise) => noise),
      ),
    ).toEqual([]);
  });

  it.each<[what: string, Operation, law: string, Entry]>([
    [
      "rows that share their noise",
      "categorical",
      "rows of a batch differ",
      drawing((noise, { shape }) => noise.map((_, i) => noise[i % shape[1]])),
    ],
    ["noise that never changes", "categorical", "draws of a single row differ", stuck],
    [
      "another distribution",
      "categorical",
      "frequencies are the softmax",
      drawing((noise) => noise.map((g) => g / 2)),
    ],
    ["masked categories", "categorical", "masked categories are never drawn", sampler(blind)],
    ["indices out of range", "categorical", FORM, sampler(beyond)],
    ["a filter that does nothing", "topK", KEPT, sampler(argmax)],
    ["a filter that keeps one category alone", "topP", KEPT, sampler((inputs) => argmax(inputs, NONE))],
    [
      "noise of another distribution",
      "gumbel",
      "noise is Gumbel's",
      sampler((_, noise) => noise.map((g) => -g)),
    ],
    ["values that are not finite", "gumbel", FORM, sampler(infinite)],
    ["another function than softmax", "softmax", "results are the softmax", sampler((_, noise) => noise)],
    ["a gradient that is 0", "gumbelSoftmaxVjp", FORM, sampler((_, noise) => noise.fill(0))],
    ["a gradient that does not sum to 0", "gumbelSoftmaxVjp", FORM, sampler((_, noise) => noise.fill(1))],
  ])("finds %s", async (_, operation, law, entry) => {
    expect(await broken(operation, entry)).toContain(law);
  });

  it("finds a sampler that only claims to conform", async () => {
    expect(await broken("categorical", sampler(argmax), true)).toEqual(["results are the reference's"]);
  });

  it("reports a contestant that throws as wrong, with its error", async () => {
    const throws = entryOf(() => {
      throw new Error("no kernel");
    });
    const { laws, faults } = await check("categorical", throws, false);
    expect(faults).toHaveLength(laws);
    expect(faults.every(({ found }) => found === "Error: no kernel")).toBe(true);
  });
});
