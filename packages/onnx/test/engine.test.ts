// Noise by @gumbel/wasm where it is installed, and without it by plain JavaScript: the same samples.
import { key } from "@gumbel/core";
import * as ort from "onnxruntime-node";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

const gumbel = vi.fn();
const logits = new ort.Tensor(
  "float32",
  Float32Array.from({ length: 600 }, (_, i) => Math.sin(i)),
  [6, 100],
);

beforeEach(() => {
  // The engine is loaded once by a module: each test has modules of its own.
  vi.resetModules();
  gumbel.mockClear();
});
afterEach(() => vi.doUnmock("@gumbel/wasm"));

async function indicesOf(options: Parameters<typeof import("../src/index.ts").createSampler>[1]) {
  const { createSampler } = await import("../src/index.ts");
  const sampler = createSampler(ort, options);
  const indices = await sampler.categorical(logits, { key: key(3), sampleShape: [4] });
  return Array.from(indices.data as Int32Array);
}

/** The package as it is, under watch. */
function watchEngine(): void {
  vi.doMock("@gumbel/wasm", async (original) => {
    const wasm = await original<typeof import("@gumbel/wasm")>();
    return {
      ...wasm,
      createEngine: () => {
        const engine = wasm.createEngine();
        return { run: gumbel.mockImplementation(engine.run) };
      },
    };
  });
}

it("takes noise from the engine where there is one and no other noise is asked for", async () => {
  watchEngine();
  const indices = await indicesOf({});
  expect(gumbel).toHaveBeenCalledOnce();
  expect(indices).toEqual(await indicesOf({ noise: "bits" }));
  expect(gumbel).toHaveBeenCalledOnce();
});

it("draws the same where the package is not installed", async () => {
  const expected = await indicesOf({ noise: "bits" });
  vi.resetModules();
  vi.doMock("@gumbel/wasm", () => {
    throw new Error("Cannot find package '@gumbel/wasm'");
  });
  expect(await indicesOf({})).toEqual(expected);
});

it("draws the same where the engine cannot start", async () => {
  const expected = await indicesOf({ noise: "bits" });
  vi.resetModules();
  vi.doMock("@gumbel/wasm", () => ({
    createEngine() {
      throw new Error("no SIMD");
    },
  }));
  expect(await indicesOf({})).toEqual(expected);
});
