// Training learns, repeats itself, leaks nothing; codes agree across backends.
import { key } from "@gumbel/core";
import { createSampler } from "@gumbel/tfjs";
import { useSwiftshader } from "@gumbel-tools/chromium";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { compareBackends, formatClaim } from "../src/claim.ts";
import { CODES } from "../src/codes.ts";
import { compareCodes } from "../src/compare-codes.ts";
import { configOf } from "../src/config-of.ts";
import { type Digits, type Images, loadDigits, PIXELS } from "../src/data.ts";
import { parseOptions } from "../src/options.ts";
import { claimTable } from "../src/report/claim-table.ts";
import { comparisonSection } from "../src/report/comparison.ts";
import { startBackend } from "../src/start-backend.ts";
import { type Epoch, type TrainingConfig, train } from "../src/train.ts";
import { trainAndMeasure } from "../src/train-and-measure.ts";

const SMALL: TrainingConfig = {
  variables: 6,
  categories: 4,
  hidden: [32],
  batch: 50,
  seed: 1,
  epochs: 3,
  codes: "soft",
  temperature: { from: 1, to: 0.5, until: 1 },
  learningRate: { from: 5e-3, to: 1e-3, until: 1 },
};
const first = ({ pixels }: Images, count: number) => ({ count, pixels: pixels.slice(0, count * PIXELS) });
let digits: Digits;

// A GPU of software, for Dawn.
useSwiftshader();

beforeAll(async () => {
  await startBackend("wasm");
  const { train: images, heldOut } = loadDigits(key(0), 1000);
  digits = { train: first(images, 600), heldOut: first(heldOut, 100) };
});

function curveOf(config: TrainingConfig): Omit<Epoch, "seconds">[] {
  const curve: Omit<Epoch, "seconds">[] = [];
  const model = train(config, digits, createSampler(tf), ({ seconds: _, ...epoch }) => curve.push(epoch));
  model.dispose();
  return curve;
}

describe("train", () => {
  it.each(CODES)("learns with codes %s", (codes) => {
    const curve = curveOf({ ...SMALL, codes });
    expect(curve).toHaveLength(3);
    // The bound of a fair coin for each pixel.
    expect(curve[0].heldOut.negativeElbo).toBeLessThan(PIXELS * Math.LN2);
    expect(curve[2].heldOut.negativeElbo).toBeLessThan(0.95 * curve[0].heldOut.negativeElbo);
    expect(curve[2].training.negativeElbo).toBeLessThan(0.95 * curve[0].training.negativeElbo);
    expect(curve.map(({ temperature }) => temperature)).toEqual([
      expect.closeTo(0.5 ** (1 / 3)),
      expect.closeTo(0.5 ** (2 / 3)),
      0.5,
    ]);
  });

  it("gives the same curve for the same seed, to the last bit, and another for another", () => {
    const curve = curveOf(SMALL);
    expect(curveOf(SMALL)).toEqual(curve);
    expect(curveOf({ ...SMALL, seed: 2 })).not.toEqual(curve);
  });

  it("leaves nothing behind but the model's weights, which dispose gives back", () => {
    const before = tf.memory().numTensors;
    const model = train({ ...SMALL, epochs: 1 }, digits, createSampler(tf), () => {});
    expect(tf.memory().numTensors).toBe(before + model.weights.length);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("compareCodes", () => {
  it("trains each kind of codes with each seed, does not repeat the run that there is, and reports them", () => {
    const options = parseOptions(["compare", "--seeds", "2", "--estimator", "reinmax"]);
    const trained: string[] = [];
    const trainOne = ({ codes, seed }: TrainingConfig) => {
      trained.push(`${codes} ${seed}`);
      return trainAndMeasure({ ...SMALL, epochs: 1, codes, seed }, digits, createSampler(tf), () => {});
    };
    const { model, run } = trainOne(configOf(options));
    model.dispose();
    const lines: string[] = [];
    const comparison = compareCodes(options, run, trainOne, (line) => void lines.push(line));
    expect(trained.sort()).toEqual(CODES.flatMap((codes) => [`${codes} 1`, `${codes} 2`]).sort());
    expect(comparison.map(({ codes }) => codes)).toEqual(CODES);
    expect(comparison[2].runs[0]).toBe(run);
    expect(lines.filter((line) => line.includes("of 10:"))).toHaveLength(10);
    const html = comparisonSection(comparison);
    for (const { codes, runs } of comparison) {
      const bounds = runs.map(({ final }) => final.negativeElbo);
      const mean = (bounds[0] + bounds[1]) / 2;
      const spread = `${Math.min(...bounds).toFixed(1)} to ${Math.max(...bounds).toFixed(1)}`;
      expect(html).toContain(
        `<th>${codes}</th><td>1 to 0.5</td><td>${mean.toFixed(1)}</td><td>${spread}</td>`,
      );
    }
  });
});

describe("compareBackends", () => {
  it("finds the same codes on every backend", async () => {
    const data = Float32Array.from({ length: 50 * 6 * 4 }, (_, i) => 3 * Math.sin(i));
    const claim = await compareBackends({ data, shape: [50, 6, 4] }, key(9), createSampler(tf));
    expect(claim.backends.map(({ backend }) => backend)).toEqual([
      "reference",
      "cpu",
      "wasm",
      "webgpu",
      "gumbel-webgpu",
    ]);
    expect(claim.backends.map(({ unexplained }) => unexplained)).toEqual([0, 0, 0, 0, 0]);
    const [{ shown }, ...others] = claim.backends;
    expect(shown).toHaveLength(3);
    for (const other of others) expect(other.shown).toEqual(shown);
    expect(formatClaim(claim)).toMatch(/TensorFlow.js wasm .* {2}0 differ from the reference/);
    expect(tf.getBackend()).toBe("wasm");
  });

  it("counts codes that differ, and marks them", async () => {
    const broken = { ...createSampler(tf), categorical: () => tf.zeros([50, 6], "int32") };
    const data = new Float32Array(50 * 6 * 4);
    const claim = await compareBackends({ data, shape: [50, 6, 4] }, key(9), broken);
    const { unexplained } = claim.backends[1];
    expect(unexplained).toBeGreaterThan(200);
    expect(formatClaim(claim)).toContain(`${unexplained} differ from the reference`);
    const table = claimTable(claim, ["first", "second", "third"]);
    expect(table).toContain(`<b class="other">${unexplained}</b> of 300`);
    expect(table).toContain("<mark>0</mark>");
  });
});
