// Arithmetic in front of the GPU kernels: chunks of a reduction and counters as uniforms.
import { key } from "@gumbel/core";
import { operations, type ResolvedCategorical, resolveNoise } from "@gumbel/core/adapter";
import { describe, expect, it } from "vitest";
import { chunksOf } from "../src/gpu/chunks.ts";
import { noiseUniforms, stepUniforms } from "../src/gpu/uniforms.ts";

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
    const options = { key: key(1), axis, rowStride };
    const call = operations.categorical.resolve({ shape }, options) as ResolvedCategorical;
    return stepUniforms(call.noise, call.layout);
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
