import { type OperationName, operations } from "@gumbel/core/adapter";
import { describe, expect, test } from "vitest";
import { kernels } from "../src/kernels/index.ts";
import { bindTensor, type MemoryLayout } from "../src/plan/bindings.ts";
import type { GpuFacts } from "../src/plan/gpu-facts.ts";
import { gridOf } from "../src/plan/grid.ts";
import { type Plan, programOf } from "../src/plan/planner.ts";
import type { Program } from "../src/plan/program.ts";
import { planRows } from "../src/plan/row-plan.ts";
import { laneCount } from "../src/shader/thread-group.ts";
import { SOFTWARE_TUNING } from "../src/swiftshader.ts";
import { DEFAULT_FACTS } from "./kernel-variants.ts";

const plain = DEFAULT_FACTS;
const software: GpuFacts = { ...plain, subgroupSize: 4, hasSubgroups: true, tuning: SOFTWARE_TUNING };
const hardware: GpuFacts = { ...plain, subgroupSize: 32, hasSubgroups: true };

/** The program of a call over tensors of so many elements. */
function programFor(
  name: OperationName,
  given: { readonly shape: readonly number[]; readonly k?: number },
  options: object,
  facts: GpuFacts,
  elements: Readonly<Record<string, number>>,
): Program {
  const call = operations[name].resolve(given as never, options as never);
  const plan = (kernels[name] as (call: object) => Plan)(call);
  const layouts: Record<string, MemoryLayout> = {};
  for (const tensor in elements) layouts[tensor] = { offset: 0, elements: elements[tensor], format: "word" };
  return programOf(plan, facts, layouts);
}

const workgroups = ({ grid: [x, y] }: Program["steps"][number]) => x * y;

describe("rows are shared out", () => {
  const shapes = [
    { rows: 1, categories: 151_936, inner: 1 },
    { rows: 1, categories: 1_000_000, inner: 1 },
    { rows: 1_000_000, categories: 4, inner: 1 },
    { rows: 64, categories: 10, inner: 1 },
    { rows: 64, categories: 50_257, inner: 1 },
    { rows: 4096, categories: 64, inner: 1 },
    { rows: 300, categories: 2000, inner: 100 },
    { rows: 2, categories: 100_000, inner: 2 },
    { rows: 1, categories: 1, inner: 1 },
    { rows: 7, categories: 1031, inner: 1 },
  ];
  test.each([plain, software, hardware])("so that the chunks cover every row and none is empty", (facts) => {
    for (const work of shapes) {
      const { chunks, chunkLength } = planRows(work, facts);
      expect(chunks * chunkLength).toBeGreaterThanOrEqual(work.categories);
      expect((chunks - 1) * chunkLength).toBeLessThan(work.categories);
    }
  });

  test("by subgroups on a CPU, by workgroups for long rows on a GPU, by single threads for short rows and inner dimensions", () => {
    const kindOf = (rows: number, categories: number, inner: number, facts: GpuFacts) =>
      planRows({ rows, categories, inner }, facts).group;
    expect(kindOf(1, 151_936, 1, software)).toEqual({ kind: "subgroup", workgroupSize: 4 });
    expect(kindOf(4096, 64, 1, hardware)).toEqual({ kind: "subgroup", workgroupSize: 32 });
    expect(kindOf(64, 50_257, 1, hardware)).toEqual({ kind: "workgroup", workgroupSize: 256 });
    expect(kindOf(4096, 64, 1, plain)).toEqual({ kind: "workgroup", workgroupSize: 64 });
    expect(kindOf(1_000_000, 4, 1, hardware).kind).toBe("single-thread");
    expect(kindOf(300, 2000, 100, hardware).kind).toBe("single-thread");
  });

  test("so that one long row still fills a GPU", () => {
    const { group, chunks } = planRows({ rows: 1, categories: 1_000_000, inner: 1 }, hardware);
    expect(chunks * laneCount(group)).toBeGreaterThanOrEqual(100_000);
  });
});

describe("launches and bytes", () => {
  const vocabulary = 151_936;
  test("categorical of many rows is one dispatch without scratch", () => {
    for (const facts of [plain, software, hardware]) {
      const elements = { logits: 4096 * 64, indices: 4096 };
      const { steps, scratch } = programFor("categorical", { shape: [4096, 64] }, {}, facts, elements);
      expect(steps).toHaveLength(1);
      expect(scratch).toEqual({});
    }
  });

  test("categorical of one long row is two dispatches and 12 bytes a chunk", () => {
    for (const facts of [plain, software, hardware]) {
      const elements = { logits: vocabulary, indices: 1 };
      const { steps, scratch } = programFor("categorical", { shape: [1, vocabulary] }, {}, facts, elements);
      expect(steps).toHaveLength(2);
      expect(scratch.partials).toBe(12 * workgroups(steps[0]));
      expect(scratch.partials).toBeLessThanOrEqual(12 * 512);
    }
  });

  test("gumbelSoftmax takes no more scratch than 16 bytes a chunk: weights wait in the output", () => {
    for (const [rows, categories, launches] of [
      [1, vocabulary, 2],
      [4096, 64, 1],
      [64, 10, 1],
    ]) {
      const elements = { logits: rows * categories, y: rows * categories };
      const shape = [rows, categories];
      const { steps, scratch } = programFor("gumbelSoftmax", { shape }, {}, software, elements);
      expect(steps).toHaveLength(launches);
      const bytes = Object.values(scratch).reduce((sum, each) => sum + each, 0);
      expect(bytes).toBe(launches === 1 ? 0 : 16 * workgroups(steps[0]));
    }
  });

  test("a gradient stores nothing between the passes, and needs 64 MiB at most for any number of samples", () => {
    const shape = [64, 4096];
    const key = [0, 1] as const;
    const one = { logits: 2 ** 18, cotangent: 2 ** 18, gradient: 2 ** 18 };
    const single = programFor("gumbelSoftmaxVjp", { shape }, { key }, hardware, one);
    expect(single.steps.length).toBeLessThanOrEqual(2);
    const facts = { ...hardware, maxBindingBytes: 2 ** 30 };
    const hundred = { ...one, cotangent: 100 * 2 ** 18 };
    const options = { key, sampleShape: [100] };
    const { scratch, steps } = programFor("gumbelSoftmaxVjp", { shape }, options, facts, hundred);
    expect(scratch.weights).toBe(2 ** 26);
    expect(steps).toHaveLength(4);
  });

  test("gumbelTopK of k = 1 is categorical's plan, short rows take two dispatches, long ones four and idle ones", () => {
    const long = { logits: vocabulary, values: 256, indices: 256 };
    const stepsOf = (shape: number[], k: number, elements: Record<string, number>) =>
      programFor("gumbelTopK", { shape, k }, {}, software, elements).steps;
    expect(stepsOf([1, vocabulary], 1, long)).toHaveLength(2);
    // Where a list overflows: 149 runs of 1024, then 256·149/1024 = 38, 10, 3, 1.
    const gathered = stepsOf([1, vocabulary], 256, long);
    expect(gathered.map(({ indirect }) => indirect !== undefined)).toEqual([
      ...Array(4).fill(false),
      ...Array(5).fill(true),
    ]);
    // A workgroup cannot sort so many after the others.
    expect(stepsOf([1, vocabulary], 257, { logits: vocabulary, values: 257, indices: 257 })).toHaveLength(5);
    expect(stepsOf([64, 10], 10, { logits: 640, values: 640, indices: 640 })).toHaveLength(2);
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
    const bind = (layout: MemoryLayout) => {
      const { windows, base } = bindTensor({ name: "logits", access: "read" }, "logits", layout, plain);
      return [...windows.map(({ offset, size }) => [offset, size]), base];
    };
    expect(bind({ offset: 0, elements: 3, format: "word" })).toEqual([[0, 12], 0]);
    expect(bind({ offset: 1028, elements: 1, format: "word" })).toEqual([[1024, 8], 1]);
    expect(bind({ offset: 258, elements: 2, format: "float16" })).toEqual([[256, 8], 1]);
  });

  test("a tensor beyond one binding is bound in pieces, one beyond all bindings is refused by name", () => {
    const shape = [1, 50_000_000];
    const elements = { logits: 50_000_000, indices: 1 };
    const { steps } = programFor("categorical", { shape }, {}, plain, elements);
    expect(steps[0].kernel.tensors.find(({ name }) => name === "logits")?.pieces).toBe(2);
    expect(steps[0].windows.filter(({ tensor }) => tensor === "logits")).toHaveLength(2);
    const tiny = { ...plain, maxBindingBytes: 2 ** 20 };
    expect(() => programFor("categorical", { shape }, {}, tiny, elements)).toThrow(
      /^logits is too large .* maxStorageBuffersPerShaderStage/,
    );
  });

  test("more rows than kernels count are refused", () => {
    const options = { sampleShape: [2 ** 17, 2 ** 16] };
    const elements = { logits: 4, indices: 2 ** 33 };
    expect(() => programFor("categorical", { shape: [4] }, options, plain, elements)).toThrow(RangeError);
  });
});
