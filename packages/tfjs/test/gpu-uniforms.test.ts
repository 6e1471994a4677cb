// Arithmetic in front of the GPU kernels: chunks of a reduction, counters and temperatures as uniforms.
import { key } from "@gumbel/core";
import { resolveCategorical, resolveNoise } from "@gumbel/core/adapter";
import { describe, expect, it } from "vitest";
import { chunksOf } from "../src/gpu/chunks.ts";
import { noiseUniforms, stepUniforms, temperatureUniforms } from "../src/gpu/uniforms.ts";

describe("chunksOf", () => {
  it.each([
    { rows: 1, length: 1, chunks: 1 },
    { rows: 1, length: 32, chunks: 1 },
    { rows: 1, length: 33, chunks: 2 },
    { rows: 1, length: 151_936, chunks: 4748 },
    { rows: 4096, length: 64, chunks: 2 },
    { rows: 1_000_000, length: 512, chunks: 1 },
    { rows: 1_000_000, length: 513, chunks: 2 },
  ])("cuts $rows rows of $length into $chunks", ({ rows, length, chunks }) => {
    expect(chunksOf(rows, length)).toBe(chunks);
  });

  it("comes to one chunk after a few stages, whatever the length", () => {
    for (const length of [2, 1000, 2 ** 20, 2 ** 28]) {
      let [left, stages] = [length, 0];
      while (left > 1) {
        left = chunksOf(1, left);
        stages++;
      }
      expect(stages).toBeLessThan(7);
    }
  });
});

describe("temperatureUniforms", () => {
  it.each([Number.MIN_VALUE, 1e-300, 1e-38, 1e-3, 1, 7, 1e12, 1e38, 1e300, Number.MAX_VALUE])(
    "is made of ordinary float32 numbers at %f",
    (temperature) => {
      const { scaleA, scaleB, rateA, rateB } = temperatureUniforms(temperature);
      for (const factor of [scaleA!, scaleB!, rateA!, rateB!]) {
        expect(factor).toBeGreaterThan(2 ** -126);
        expect(factor).toBeLessThan(2 ** 127);
      }
    },
  );

  it.each([2 ** -240, 1e-38, 0.3, 1, 1e20, 1e38, 2 ** 240])(
    "multiplies up to 2/%f and 1/%f",
    (temperature) => {
      const { scaleA, scaleB, rateA, rateB } = temperatureUniforms(temperature);
      expect((scaleA! * scaleB! * temperature) / 2).toBeCloseTo(1, 12);
      expect(rateA! * rateB! * temperature).toBeCloseTo(1, 12);
    },
  );
});

describe("noiseUniforms", () => {
  it("splits counters into words", () => {
    const noise = resolveNoise([2, 3], {
      key: key(5),
      offset: 2 ** 33 + 2 ** 31 + 7,
      rowStride: 2 ** 32 + 9,
    });
    expect(noiseUniforms(noise)).toEqual({
      ...{ keyHi: 0, keyLo: 5 },
      ...{ offsetHi: 2, offsetLo: 2 ** 31 + 7, strideHi: 1, strideLo: 9 },
      columns: 3,
    });
  });

  it("takes rows whose counters follow one another as one row", () => {
    expect(noiseUniforms(resolveNoise([4, 3], { key: key(5) })).columns).toBe(12);
    expect(noiseUniforms(resolveNoise([4, 3], { key: key(5), rowStride: 4 })).columns).toBe(3);
  });
});

describe("stepUniforms", () => {
  const stepOf = (shape: number[], axis: number, rowStride?: number) => {
    const { noise, rows } = resolveCategorical(shape, { key: key(1), axis, rowStride });
    return stepUniforms(noise, rows);
  };

  it.each([
    { shape: [2, 5], axis: 1, rowStride: 100, step: { stepHi: 0, stepLo: 1 } },
    { shape: [5, 2], axis: 0, rowStride: undefined, step: { stepHi: 0, stepLo: 2 } },
    { shape: [5, 2], axis: 0, rowStride: 100, step: { stepHi: 0, stepLo: 100 } },
    { shape: [5, 3, 2], axis: 0, rowStride: 100, step: { stepHi: 0, stepLo: 300 } },
    { shape: [5, 1], axis: 0, rowStride: 2 ** 33 + 7, step: { stepHi: 2, stepLo: 7 } },
    { shape: [5, 1], axis: 0, rowStride: 2 ** 32 - 1, step: { stepHi: 0, stepLo: -1 } },
  ])("is $step along $axis of $shape at row stride $rowStride", ({ shape, axis, rowStride, step }) => {
    expect(stepOf(shape, axis, rowStride)).toEqual(step);
  });
});
