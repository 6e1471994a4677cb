// The binary is what the sources give, and is chosen by what the machine offers.
import { readFileSync } from "node:fs";
import { isFullRun, shortened } from "@gumbel-tools/test";
import { afterEach, expect, it, vi } from "vitest";
import { compileEngine, hashesOf } from "../scripts/build-engine.mjs";
import { PIECES } from "../src/engine/binary.ts";
import { bestSimd, engineBytes } from "../src/engine/engine-bytes.ts";
import { createInstance } from "../src/engine/instance.ts";
import { createEngine, createSampler, hasSimd, type Simd } from "../src/index.ts";

afterEach(() => vi.restoreAllMocks());

function binaryOf(simd: Simd): Buffer<ArrayBuffer> {
  return Buffer.from(PIECES.map((piece) => piece[simd]).join(""), "hex");
}

it(shortened("compiles to the same bytes everywhere", "as it was compiled last"), {
  timeout: 60_000,
}, async () => {
  const binaries = isFullRun
    ? await compileEngine()
    : { plain: binaryOf("plain"), relaxed: binaryOf("relaxed") };
  expect(hashesOf(binaries)).toBe(readFileSync(new URL("../engine.sha256", import.meta.url), "utf8"));
  expect(Buffer.from(binaries.plain)).toEqual(binaryOf("plain"));
  expect(Buffer.from(binaries.relaxed)).toEqual(binaryOf("relaxed"));
});

it("takes relaxed SIMD exactly where the engine's relaxed build is valid", () => {
  expect(WebAssembly.validate(binaryOf("plain"))).toBe(true);
  expect(bestSimd() === "relaxed").toBe(WebAssembly.validate(binaryOf("relaxed")));
});

it("says what is missing where there is no SIMD", async () => {
  expect(hasSimd()).toBe(true);
  vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  expect(hasSimd()).toBe(false);
  expect(() => createEngine()).toThrow(/needs WebAssembly SIMD/);
  await expect(createSampler()).rejects.toThrow(/needs WebAssembly SIMD/);
  await expect(createSampler({ simd: "relaxed" })).rejects.toThrow(/no relaxed SIMD/);
});

it("refuses options that mean nothing", async () => {
  await expect(createSampler({ simd: "wide" as Simd })).rejects.toThrow(
    new RangeError('simd must be "plain" or "relaxed", got "wide"'),
  );
  await expect(createSampler({ workers: -1 })).rejects.toThrow(/workers must be an integer in \[0, /);
  await expect(createSampler({ workers: 1, parallelFrom: 0.5 })).rejects.toThrow(
    /parallelFrom must be an integer/,
  );
});

it.each([
  ["a string", "abc"],
  ["nothing", undefined],
  ["strings", ["1", "2", "3"]],
  ["bigints", BigInt64Array.of(1n, 2n, 3n)],
  ["a DataView", new DataView(new ArrayBuffer(12))],
])("takes %s for no logits and no cotangent", async (_, data) => {
  const sampler = await createSampler();
  const wrong = { data: data as never, shape: [3] };
  const right = { data: [1, 2, 3], shape: [3] };
  expect(() => sampler.categorical(wrong)).toThrow(/^logits.data must be an array of numbers, got/);
  expect(() => sampler.softmaxVjp(right, wrong)).toThrow(/^cotangent.data must be an array of numbers, got/);
});

it("has room for both buffers", async () => {
  const module = new WebAssembly.Module(engineBytes("plain"));
  const { memory, run } = createInstance(new WebAssembly.Instance(module));
  const { first, second, room, chunk } = memory;
  expect(second - first).toBeGreaterThanOrEqual(4 * room + 64);
  expect(room % chunk).toBe(0);
  // Whatever is asked for lies in the memory, whose end is the end of the second buffer and its margin: this writes to all of it.
  const full = { length: room, load: (target: Float32Array) => void target.fill(1) };
  let results = 0;
  run({
    first: full,
    second: full,
    calls: [
      ["bits", first, room, 1, 2, 3, 4],
      ["bits", second, room, 1, 2, 3, 4],
    ],
    from: "second",
    length: room,
    take: ({ length }) => {
      results = length;
    },
  });
  expect(results).toBe(room);
});
