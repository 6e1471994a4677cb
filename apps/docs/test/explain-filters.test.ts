// What the filters page says of a row: stages, what cuts each token, and probabilities of a draw.
import { createSampler } from "@gumbel/core";
import { expect, it } from "vitest";
import { DISTRIBUTIONS, distributionOf } from "../src/filters/distributions.ts";
import { explainFilters } from "../src/filters/explain-filters.ts";
import { SLIDERS, settingsOff } from "../src/filters/filter-settings.ts";

const sampler = createSampler();
const small = DISTRIBUTIONS.filter(({ logits }) => logits.length <= 200);
/** Every filter, each strict enough to cut something of a peaked row. */
const strict = {
  topNSigma: 3,
  topK: 40,
  topP: 0.95,
  minP: 0.02,
  typicalP: 0.95,
  epsilonCutoff: 0.02,
  etaCutoff: 0.05,
};

it("a slider's range starts or ends where the filter is off, and strict settings are within it", () => {
  for (const { name, off, maximum } of SLIDERS) {
    expect([0, maximum]).toContain(off);
    expect(strict[name]).toBeLessThanOrEqual(maximum);
  }
});

it.each(small)(
  "$name: each filter leaves at most what the one before left, and a draw is of what the last leaves",
  ({ logits }) => {
    const settings = { ...settingsOff(), temperature: 0.9, ...strict };
    const { stages, cutBy, seen, drawn } = explainFilters(sampler, logits, settings);
    expect(stages.map(({ name }) => name)).toEqual(SLIDERS.map(({ name }) => name));
    let [kept, mass] = [logits.length, 1];
    for (const stage of stages) {
      expect(kept - stage.kept).toBe(cutBy.filter((name) => name === stage.name).length);
      expect(stage.mass).toBeLessThanOrEqual(mass + 1e-12);
      [kept, mass] = [stage.kept, stage.mass];
    }
    expect(kept).toBeGreaterThan(0);
    expect(Math.abs(drawn.reduce((sum, p) => sum + p) - 1)).toBeLessThan(1e-9);
    for (const [i, p] of drawn.entries()) {
      expect(p > 0).toBe(cutBy[i] === undefined);
      if (p > 0) expect(p / (seen[i]! / mass)).toBeCloseTo(1, 9);
    }
  },
);

it("top-p and top-k cut what they are defined to cut: the tokens behind the mass, and behind the k-th", () => {
  const { logits } = distributionOf("0, 1, 2, 3, -inf");
  const topK = explainFilters(sampler, logits, { ...settingsOff(), topK: 2 });
  expect(topK.cutBy).toEqual(["topK", "topK", undefined, undefined, undefined]);
  const topP = explainFilters(sampler, logits, { ...settingsOff(), topK: 3, topP: 0.5 });
  expect(topP.cutBy).toEqual(["topK", "topP", "topP", undefined, undefined]);
  expect(Array.from(topP.drawn)).toEqual([0, 0, 0, 1, 0]);
});

it("with the temperature last, filters see the probabilities at 1 and the draw is at the temperature", () => {
  const logits = [0, 1, 2];
  const at1 = explainFilters(sampler, logits, settingsOff());
  const last = explainFilters(sampler, logits, {
    ...settingsOff(),
    temperature: 2,
    order: "temperature-last",
  });
  expect(last.seen).toEqual(at1.seen);
  expect(last.drawn[2]! / last.drawn[0]!).toBeCloseTo(Math.exp(1), 9);
});

it("the next-token row is a distribution over named tokens", () => {
  const { names, logits } = DISTRIBUTIONS[0]!;
  expect(names).toHaveLength(logits.length);
  expect(new Set(names).size).toBe(names.length);
  expect(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)).toBeCloseTo(1, 3);
});
