import { describe, expect, test } from "vitest";
import { lanesOf } from "../src/kernels/team.ts";
import {
  callCategorical,
  callGumbelSoftmax,
  callGumbelSoftmaxVjp,
  callTopK,
} from "../src/operations/call.ts";
import { boundPlace } from "../src/plan/bindings.ts";
import type { GpuFacts } from "../src/plan/gpu-facts.ts";
import { gridOf } from "../src/plan/grid.ts";
import { planRows } from "../src/plan/plan-rows.ts";
import type { TensorPlaces } from "../src/plan/planner.ts";

/** WebGPU's default limits. */
const plain: GpuFacts = {
  subgroupSize: undefined,
  hasSubgroups: false,
  maxWorkgroupSize: 256,
  maxWorkgroupsPerDimension: 65_535,
  maxBindingBytes: 2 ** 27,
  maxBufferBytes: 2 ** 28,
  maxStorageBindings: 8,
  offsetAlignment: 256,
};
const software: GpuFacts = { ...plain, subgroupSize: 4, hasSubgroups: true };
const hardware: GpuFacts = { ...plain, subgroupSize: 32, hasSubgroups: true };

const words = (elements: number) => ({ offset: 0, elements, format: "word" }) as const;
function places(elements: Record<string, number>): TensorPlaces {
  return Object.fromEntries(Object.entries(elements).map(([name, count]) => [name, words(count)]));
}

describe("rows are shared out", () => {
  const shapes = [
    { rows: 1, classes: 151_936, inner: 1 },
    { rows: 1, classes: 1_000_000, inner: 1 },
    { rows: 1_000_000, classes: 4, inner: 1 },
    { rows: 64, classes: 10, inner: 1 },
    { rows: 64, classes: 50_257, inner: 1 },
    { rows: 4096, classes: 64, inner: 1 },
    { rows: 300, classes: 2000, inner: 100 },
    { rows: 2, classes: 100_000, inner: 2 },
    { rows: 1, classes: 1, inner: 1 },
    { rows: 7, classes: 1031, inner: 1 },
  ];
  test.each([plain, software, hardware])("so that the chunks cover every row and none is empty", (facts) => {
    for (const work of shapes) {
      const { chunks, chunkLength } = planRows(work, facts);
      expect(chunks * chunkLength).toBeGreaterThanOrEqual(work.classes);
      expect((chunks - 1) * chunkLength).toBeLessThan(work.classes);
    }
  });

  test("by subgroups on a CPU, by workgroups for long rows on a GPU, alone for short rows and inner dimensions", () => {
    const kindOf = (rows: number, classes: number, inner: number, facts: GpuFacts) =>
      planRows({ rows, classes, inner }, facts).team;
    expect(kindOf(1, 151_936, 1, software)).toEqual({ kind: "subgroup", workgroupSize: 4 });
    expect(kindOf(4096, 64, 1, hardware)).toEqual({ kind: "subgroup", workgroupSize: 32 });
    expect(kindOf(64, 50_257, 1, hardware)).toEqual({ kind: "workgroup", workgroupSize: 256 });
    expect(kindOf(4096, 64, 1, plain)).toEqual({ kind: "workgroup", workgroupSize: 64 });
    expect(kindOf(1_000_000, 4, 1, hardware).kind).toBe("invocation");
    expect(kindOf(300, 2000, 100, hardware).kind).toBe("invocation");
  });

  test("so that one long row still fills a GPU", () => {
    const { team, chunks } = planRows({ rows: 1, classes: 1_000_000, inner: 1 }, hardware);
    expect(chunks * lanesOf(team)).toBeGreaterThanOrEqual(100_000);
  });
});

describe("launches and bytes", () => {
  const vocabulary = 151_936;
  test("categorical of many rows is one dispatch without scratch", () => {
    const places_ = places({ logits: 4096 * 64, output: 4096 });
    for (const facts of [plain, software, hardware]) {
      const { steps, scratch } = callCategorical([4096, 64]).plan(facts, places_);
      expect(steps).toHaveLength(1);
      expect(scratch).toEqual({});
    }
  });

  test("categorical of one long row is two dispatches and 8 bytes a chunk", () => {
    const places_ = places({ logits: vocabulary, output: 1 });
    for (const facts of [plain, software, hardware]) {
      const { steps, scratch } = callCategorical([1, vocabulary]).plan(facts, places_);
      expect(steps).toHaveLength(2);
      expect(scratch.pairs).toBe(8 * steps[0].groups);
      expect(scratch.pairs).toBeLessThanOrEqual(8 * 512);
    }
  });

  test("gumbelSoftmax takes no more scratch than 12 bytes a chunk: weights wait in the output", () => {
    for (const [rows, classes, launches] of [
      [1, vocabulary, 2],
      [4096, 64, 1],
      [64, 10, 1],
    ]) {
      const places_ = places({ logits: rows * classes, output: rows * classes });
      const { steps, scratch } = callGumbelSoftmax([rows, classes]).plan(software, places_);
      expect(steps).toHaveLength(launches);
      const bytes = Object.values(scratch).reduce((sum, each) => sum + each, 0);
      expect(bytes).toBe(launches === 1 ? 0 : 12 * steps[0].groups);
    }
  });

  test("a gradient stores nothing between the passes, and needs 64 MiB at most for any number of samples", () => {
    const shape = [64, 4096];
    const key = [0, 1] as const;
    const one = callGumbelSoftmaxVjp(shape, undefined, { key }, false);
    const single = one.plan(hardware, places({ logits: 2 ** 18, cotangent: 2 ** 18, output: 2 ** 18 }));
    expect(single.steps.length).toBeLessThanOrEqual(2);
    const many = callGumbelSoftmaxVjp(shape, undefined, { key, sampleShape: [100] }, false);
    const { scratch, steps } = many.plan(
      { ...hardware, maxBindingBytes: 2 ** 30 },
      places({ logits: 2 ** 18, cotangent: 100 * 2 ** 18, output: 2 ** 18 }),
    );
    expect(scratch.weights).toBe(2 ** 26);
    expect(steps).toHaveLength(4);
  });

  test("topK of k = 1 is categorical's plan, short rows take two dispatches, long ones halve their runs", () => {
    const long = { logits: vocabulary, output: 256, indices: 256 };
    expect(callTopK([1, vocabulary], 1).plan(software, places(long)).steps).toHaveLength(2);
    // 149 runs of 1024, then 256·149/1024 = 38, 10, 3, 1.
    expect(callTopK([1, vocabulary], 256).plan(software, places(long)).steps).toHaveLength(5);
    const short = { logits: 640, output: 640, indices: 640 };
    expect(callTopK([64, 10], 10).plan(software, places(short)).steps).toHaveLength(2);
  });

  test("nothing is launched for a result without elements", () => {
    expect(callCategorical([0, 4]).plan(plain, places({ logits: 0, output: 0 })).steps).toEqual([]);
    expect(callTopK([3, 4], 0).plan(plain, places({ logits: 12, output: 0, indices: 0 })).steps).toEqual([]);
  });
});

describe("limits", () => {
  test("a grid holds every workgroup within each dimension, and wastes less than a row", () => {
    for (const groups of [1, 65_535, 65_536, 70_001, 1e6, 1e9]) {
      const [x, y] = gridOf(groups, 65_535);
      expect(Math.max(x, y)).toBeLessThanOrEqual(65_535);
      expect(x * y).toBeGreaterThanOrEqual(groups);
      expect(x * y - groups).toBeLessThan(y);
    }
    expect(() => gridOf(65_535 ** 2 + 1, 65_535)).toThrow(/logits/);
  });

  test("a binding starts where it may, and the rest of the offset becomes the base", () => {
    expect(boundPlace({ offset: 0, elements: 3, format: "word" }, plain)).toMatchObject({
      start: 0,
      base: 0,
      bytes: 12,
    });
    expect(boundPlace({ offset: 1028, elements: 1, format: "word" }, plain)).toMatchObject({
      start: 1024,
      base: 1,
      bytes: 8,
    });
    expect(boundPlace({ offset: 258, elements: 2, format: "half" }, plain)).toMatchObject({
      start: 256,
      base: 1,
      bytes: 8,
    });
  });

  test("a tensor beyond one binding is bound in pieces, one beyond all bindings is refused by name", () => {
    const [rows, classes] = [1, 50_000_000];
    const call = callCategorical([rows, classes]);
    const { steps } = call.plan(plain, places({ logits: classes, output: 1 }));
    expect(steps[0].kernel.tensors.find(({ name }) => name === "logits")?.pieces).toBe(2);
    const tiny = { ...plain, maxBindingBytes: 2 ** 20 };
    expect(() => call.plan(tiny, places({ logits: classes, output: 1 }))).toThrow(
      /^logits is too large .* maxStorageBuffersPerShaderStage/,
    );
  });

  test("more rows than kernels count are refused", () => {
    const call = callCategorical([4], { sampleShape: [2 ** 17, 2 ** 16] });
    expect(() => call.plan(plain, places({ logits: 4, output: 2 ** 33 }))).toThrow(RangeError);
  });
});
